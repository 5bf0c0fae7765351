# program: closures share variables, defaults do not
functions = [lambda: i for i in range(3)]
print([f() for f in functions])
print([f() for f in [lambda i=i: i for i in range(3)]])


def counter():
    n = 0

    def up():
        nonlocal n
        n += 1
        return n

    return up


up = counter()
print(up(), up())
# program: a name is local to the whole function
x = 10


def broken():
    try:
        print(x)
    except UnboundLocalError as e:
        print(type(e).__name__, e)
    x = 20


broken()
# program: class bodies are skipped by functions inside
a = "global"


class C:
    a = "class"
    b = [a for _ in range(1)]

    def m(self):
        return a


print(C.a, C.b, C().m())
# program: handlers lose their name, finally runs on the way out
def f():
    try:
        return "returned"
    finally:
        print("finally")


print(f())
try:
    1 / 0
except ZeroDivisionError as e:
    print(e)
try:
    e
except NameError as error:
    print(error)
# program: generators wait, and return a value
def g():
    got = yield 1
    print("got", got)
    return "end"


it = g()
print(next(it))
try:
    it.send("sent")
except StopIteration as stop:
    print(stop.value)


def outer():
    result = yield from g()
    print(result)


print(list(outer()))
# program: inheritance, super, properties, operators
class A:
    def __init__(self, n):
        self.n = n

    def __add__(self, other):
        return type(self)(self.n + other.n)

    def __repr__(self):
        return f"{type(self).__name__}({self.n})"

    @property
    def double(self):
        return self.n * 2

    @classmethod
    def make(cls):
        return cls(7)


class B(A):
    def __init__(self, n):
        super().__init__(n)
        self.m = n + 1


print(A(1) + A(2), B(3) + B(4), B(5).double, B.make(), [c.__name__ for c in B.__mro__])
# program: an exception that nothing catches ends the program
print("before")
{}["missing"]
print("after")
