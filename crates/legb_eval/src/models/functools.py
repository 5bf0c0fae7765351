"""What legb runs instead of the standard library's functools: own code with the same behaviour, as far as it goes."""


class _lru_cache_wrapper:
    def __init__(self, function, maxsize, typed):
        self.__wrapped__ = function
        self._maxsize = maxsize
        self._typed = typed
        self._results = {}
        self._hits = 0
        self._misses = 0
        for name in ("__module__", "__name__", "__qualname__", "__doc__"):
            if hasattr(function, name):
                setattr(self, name, getattr(function, name))

    def __call__(self, *args, **kwargs):
        key = (args, tuple(kwargs.items()))
        if self._typed:
            key = (key, tuple(map(type, args)), tuple(map(type, kwargs.values())))
        results = self._results
        if self._maxsize != 0 and key in results:
            self._hits += 1
            value = results.pop(key)
            results[key] = value
            return value
        value = self.__wrapped__(*args, **kwargs)
        self._misses += 1
        if self._maxsize != 0:
            results[key] = value
            if self._maxsize is not None and len(results) > self._maxsize:
                del results[next(iter(results))]
        return value

    def __get__(self, instance, owner=None):
        return self if instance is None else __bind__(self, instance)

    def cache_clear(self):
        self._results.clear()
        self._hits = self._misses = 0

    def cache_info(self):
        return __opaque__("the figures of a cache")


def lru_cache(maxsize=128, typed=False):
    if callable(maxsize):
        return _lru_cache_wrapper(maxsize, 128, typed)
    if isinstance(maxsize, int) and maxsize < 0:
        maxsize = 0
    return lambda function: _lru_cache_wrapper(function, maxsize, typed)


def cache(user_function, /):
    return _lru_cache_wrapper(user_function, None, False)


class cached_property:
    def __init__(self, func):
        self.func = func
        self.attrname = None
        self.__doc__ = getattr(func, "__doc__", None)

    def __set_name__(self, owner, name):
        if self.attrname is None:
            self.attrname = name
        elif name != self.attrname:
            raise TypeError(__opaque__("the words about a cached_property with two names"))

    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        if self.attrname is None:
            raise TypeError("Cannot use cached_property instance without calling __set_name__ on it.")
        values = instance.__dict__
        if self.attrname not in values:
            values[self.attrname] = self.func(instance)
        return values[self.attrname]


def _ordered_by_lt():
    def __gt__(self, other):
        less = type(self).__lt__(self, other)
        return less if less is NotImplemented else not less and self != other

    def __le__(self, other):
        less = type(self).__lt__(self, other)
        return less if less is NotImplemented else less or self == other

    def __ge__(self, other):
        less = type(self).__lt__(self, other)
        return less if less is NotImplemented else not less

    return [("__gt__", __gt__), ("__le__", __le__), ("__ge__", __ge__)]


def _ordered_by_le():
    def __ge__(self, other):
        at_most = type(self).__le__(self, other)
        return at_most if at_most is NotImplemented else not at_most or self == other

    def __lt__(self, other):
        at_most = type(self).__le__(self, other)
        return at_most if at_most is NotImplemented else at_most and self != other

    def __gt__(self, other):
        at_most = type(self).__le__(self, other)
        return at_most if at_most is NotImplemented else not at_most

    return [("__ge__", __ge__), ("__lt__", __lt__), ("__gt__", __gt__)]


def _ordered_by_gt():
    def __lt__(self, other):
        greater = type(self).__gt__(self, other)
        return greater if greater is NotImplemented else not greater and self != other

    def __ge__(self, other):
        greater = type(self).__gt__(self, other)
        return greater if greater is NotImplemented else greater or self == other

    def __le__(self, other):
        greater = type(self).__gt__(self, other)
        return greater if greater is NotImplemented else not greater

    return [("__lt__", __lt__), ("__ge__", __ge__), ("__le__", __le__)]


def _ordered_by_ge():
    def __le__(self, other):
        at_least = type(self).__ge__(self, other)
        return at_least if at_least is NotImplemented else not at_least or self == other

    def __gt__(self, other):
        at_least = type(self).__ge__(self, other)
        return at_least if at_least is NotImplemented else at_least and self != other

    def __lt__(self, other):
        at_least = type(self).__ge__(self, other)
        return at_least if at_least is NotImplemented else not at_least

    return [("__le__", __le__), ("__gt__", __gt__), ("__lt__", __lt__)]


_ORDERS = {"__lt__": _ordered_by_lt, "__le__": _ordered_by_le, "__gt__": _ordered_by_gt, "__ge__": _ordered_by_ge}


def total_ordering(cls):
    if any(base.__module__ == "builtins" for base in cls.__mro__[:-1]):
        __open__(cls, "total_ordering() of a class with a builtin base")
        return cls
    defined = [name for name in _ORDERS if any(name in base.__dict__ for base in cls.__mro__[:-1])]
    if not defined:
        raise ValueError("must define at least one ordering operation: < > <= >=")
    for name, method in _ORDERS[defined[0]]():
        if name not in defined:
            setattr(cls, name, method)
    return cls


def cmp_to_key(mycmp):
    def judged(holds):
        return lambda self, other: holds(mycmp(self.obj, other.obj))

    class K:
        __slots__ = ["obj"]
        __hash__ = None

        def __init__(self, obj):
            self.obj = obj

        __lt__ = judged(lambda sign: sign < 0)
        __gt__ = judged(lambda sign: sign > 0)
        __eq__ = judged(lambda sign: sign == 0)
        __le__ = judged(lambda sign: sign <= 0)
        __ge__ = judged(lambda sign: sign >= 0)

    return K
