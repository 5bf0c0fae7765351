colour = "red"


def paint(again):
    if again:
        colour = "blue"
    return colour


print(paint(True))
try:
    print(paint(False))
except UnboundLocalError:
    print("no colour")


def size():
    return len("four")


print(size())
len = lambda text: 99
print(size())
