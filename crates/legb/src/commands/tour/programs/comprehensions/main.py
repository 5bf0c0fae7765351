n = "kept"
squares = [n * n for n in range(4)]
print(squares, n)

factor = 3
print([factor * k for k in range(3)])

big = [last for k in range(10) if (last := k * 2) > 10]
print(big, last)


def words():
    return [word for word in names]


names = ["ada", "bob"]
print(words())
