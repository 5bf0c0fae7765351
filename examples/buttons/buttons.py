"""Three buttons that are to add 1, 2 and 3."""

buttons = []
for amount in (1, 2, 3):
    buttons.append(lambda price: price + amount)

print([press(10) for press in buttons])
