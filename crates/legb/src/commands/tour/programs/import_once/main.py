import sys

print("ticket" in sys.modules)
import ticket
import ticket as again

ticket.number += 1
print(again.number, again is ticket)
print(ticket.seen_while_loading)
