"""Which of local, enclosing, global and builtin answers each name?"""

total = 10


def outer():
    total = 20

    def inner():
        print(total)

    inner()
    total = 30
    inner()


outer()
print(total)
print(len("abc"))
