import sys

print("ticket runs")
number = 41
seen_while_loading = "ticket" in sys.modules
