late = []
for n in range(3):
    late.append(lambda: n)
print([f() for f in late])

early = []
for n in range(3):
    early.append(lambda n=n: n)
print([f() for f in early])

n = "changed"
print(late[0](), early[0]())


def maker(n):
    return lambda: n


print([f() for f in [maker(k) for k in range(3)]])
