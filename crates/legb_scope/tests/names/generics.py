type Pair[T, *Ts, **P] = tuple[T, T, Other]
Other = int


def generic[T: (int, Other)](a: T, b: "T" = Other) -> T:
    type Local = T | Other
    return Local, a, b, T


class Base[T]:
    attribute = Other
    type Alias = attribute | T
    type Deep[U: attribute] = tuple[U, attribute, T, Base]

    def method[V: attribute](self, a: V, b: T, c: attribute) -> V:
        return T, V, attribute, super().method


def wrapper():
    name = int

    class Nested[__T](list[name]):
        name2 = name
        type A = name | name2

        def method[__U](self, a: __T, b: __U, c: name):
            return name
    return Nested
