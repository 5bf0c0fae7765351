data = [1]
[a for a in data]
{a: b for a, b in data if b for c in a}
{a for a in data if (last := a)}
(a for a in data if a in data)
[lambda: a for a in data]
[[b for b in a if data] for a in data]


def f(free, iterable):
    x = 1
    [x for x in iterable]
    [free for y in x]
    [(y, [y for y in iterable], x) for y in iterable if (found := y)]
    {z: lambda: (z, free) for z in iterable}
    (w for w in free if w in x)
    [missing for v in iterable]

    def g():
        [free for u in iterable]
        return [t for t in x for s in t if free]
    return g, found, f


class C:
    bound = data
    [bound for b in bound]
    [[bound, e] for e in bound if data]
    [lambda: (i, bound) for i in bound]

    def method(self):
        return [super().method for _ in bound]


def h():
    global data
    [data for q in data]

    class D:
        [f for f in data if h]
    [m := q for q in data]
    return D, m
