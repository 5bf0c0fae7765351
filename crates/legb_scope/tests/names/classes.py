x = 1


def factory(base, y):
    class Made(base, flag=y):
        x = x
        before = y
        __private = 0

        def method(self, default=x):
            self.__private
            return __class__, super().method, x, __private, Made

        @property
        def own(self):
            return super().own

        def shared(self):
            return lambda: (self, super().shared)

        class Inner:
            z = x, y
            nonlocal base
            base = 1

        global x2
        x2 = before
        del before
    return Made


class Plain:
    x += 1
    import os
    [x for _ in os]
    for x in os:
        pass
