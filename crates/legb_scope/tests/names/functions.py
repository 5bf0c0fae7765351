import os, sys as system
from os import path
total = 0


def outer(a, b=total, *args, c: int = 1, **kwargs):
    shared = a
    loose: str = "x"

    def inner(d):
        nonlocal shared
        global total
        shared += d
        total += 1
        later = lambda e=d: e + shared
        return later, len, missing
    try:
        os.path
    except OSError as problem:
        print(problem)
    with open(path) as file, system.stdin as other:
        for i, (j, *k) in file:
            del j
    import os.path as p, json
    while (n := a):
        break
    return inner, c, args, kwargs, k, i, p, json, n, b, other


async def agen():
    async for x in y:
        yield x
        async with x as z:
            await z


total += 1
del system
for total in ():
    pass
