"""What legb runs instead of the standard library's collections.abc: own code with the same behaviour, as far as it goes."""

from abc import ABCMeta, abstractmethod

_missing = object()


def _abstract(name):
    """A method that subclasses have to write; nothing is said of what it does where one calls it all the same."""

    def method(self, *args, **keywords):
        return __opaque__("an abstract method of collections.abc that is called")

    method.__name__ = name
    return abstractmethod(method)


def _hooked(owner, *methods):
    def __subclasshook__(cls, C):
        if cls is owner():
            return __check_methods__(C, *methods)
        return NotImplemented

    return classmethod(__subclasshook__)


def _named_like(method, wrapper):
    wrapper.__name__ = method.__name__
    wrapper.__qualname__ = method.__qualname__
    return wrapper


def _with_sets(method):
    """An operator that only sets know."""
    return _named_like(
        method, lambda self, other: method(self, other) if isinstance(other, Set) else NotImplemented
    )


def _with_values(method):
    """An operator that takes whatever can be gone through."""
    return _named_like(
        method, lambda self, other: method(self, other) if isinstance(other, Iterable) else NotImplemented
    )


def _with_values_as_set(method):
    """An operator that takes whatever can be gone through, and needs a set of it."""

    def operator(self, other):
        if isinstance(other, Set):
            return method(self, other)
        return method(self, self._from_iterable(other)) if isinstance(other, Iterable) else NotImplemented

    return _named_like(method, operator)


def _is_same(found, value):
    return found is value or found == value


def _looked_up(mapping, key, otherwise):
    try:
        return mapping[key]
    except KeyError:
        return otherwise


def _next_key(values):
    try:
        return next(values)
    except StopIteration:
        raise KeyError from None


def _until(exception, step):
    """Does one step after another until there is nothing left to do."""
    try:
        while True:
            step()
    except exception:
        pass


class Awaitable(metaclass=ABCMeta):
    __slots__ = ()
    __await__ = _abstract("__await__")
    __subclasshook__ = _hooked(lambda: Awaitable, "__await__")
    __class_getitem__ = classmethod(__alias__)


class Coroutine(Awaitable):
    __slots__ = ()
    send = _abstract("send")
    throw = _abstract("throw")

    def close(self):
        pass

    __subclasshook__ = _hooked(lambda: Coroutine, "__await__", "send", "throw", "close")


class AsyncIterable(metaclass=ABCMeta):
    __slots__ = ()
    __aiter__ = _abstract("__aiter__")
    __subclasshook__ = _hooked(lambda: AsyncIterable, "__aiter__")
    __class_getitem__ = classmethod(__alias__)


class AsyncIterator(AsyncIterable):
    __slots__ = ()
    __anext__ = _abstract("__anext__")

    def __aiter__(self):
        return self

    __subclasshook__ = _hooked(lambda: AsyncIterator, "__anext__", "__aiter__")


class AsyncGenerator(AsyncIterator):
    __slots__ = ()
    asend = _abstract("asend")
    athrow = _abstract("athrow")

    async def __anext__(self):
        return await self.asend(None)

    __subclasshook__ = _hooked(lambda: AsyncGenerator, "__aiter__", "__anext__", "asend", "athrow", "aclose")


class Hashable(metaclass=ABCMeta):
    __slots__ = ()
    __hash__ = _abstract("__hash__")
    __subclasshook__ = _hooked(lambda: Hashable, "__hash__")


class Iterable(metaclass=ABCMeta):
    __slots__ = ()
    __iter__ = _abstract("__iter__")
    __subclasshook__ = _hooked(lambda: Iterable, "__iter__")
    __class_getitem__ = classmethod(__alias__)


class Iterator(Iterable):
    __slots__ = ()
    __next__ = _abstract("__next__")

    def __iter__(self):
        return self

    __subclasshook__ = _hooked(lambda: Iterator, "__iter__", "__next__")


class Reversible(Iterable):
    __slots__ = ()
    __reversed__ = _abstract("__reversed__")
    __subclasshook__ = _hooked(lambda: Reversible, "__reversed__", "__iter__")


class Generator(Iterator):
    __slots__ = ()
    send = _abstract("send")
    throw = _abstract("throw")

    def __next__(self):
        return self.send(None)

    def close(self):
        pass

    __subclasshook__ = _hooked(lambda: Generator, "__iter__", "__next__", "send", "throw", "close")


class Sized(metaclass=ABCMeta):
    __slots__ = ()
    __len__ = _abstract("__len__")
    __subclasshook__ = _hooked(lambda: Sized, "__len__")


class Container(metaclass=ABCMeta):
    __slots__ = ()
    __contains__ = _abstract("__contains__")
    __subclasshook__ = _hooked(lambda: Container, "__contains__")
    __class_getitem__ = classmethod(__alias__)


class Collection(Sized, Iterable, Container):
    __slots__ = ()
    __subclasshook__ = _hooked(lambda: Collection, "__len__", "__iter__", "__contains__")


class Buffer(metaclass=ABCMeta):
    __slots__ = ()
    __buffer__ = _abstract("__buffer__")
    __subclasshook__ = _hooked(lambda: Buffer, "__buffer__")


class Callable(metaclass=ABCMeta):
    __slots__ = ()
    __call__ = _abstract("__call__")
    __subclasshook__ = _hooked(lambda: Callable, "__call__")
    __class_getitem__ = classmethod(__alias__)


class Set(Collection):
    __slots__ = ()

    @_with_sets
    def __le__(self, other):
        return len(self) <= len(other) and all(value in other for value in self)

    @_with_sets
    def __lt__(self, other):
        return len(self) < len(other) and self.__le__(other)

    @_with_sets
    def __ge__(self, other):
        return len(self) >= len(other) and all(value in self for value in other)

    @_with_sets
    def __gt__(self, other):
        return len(self) > len(other) and self.__ge__(other)

    @_with_sets
    def __eq__(self, other):
        return len(self) == len(other) and self.__le__(other)

    @classmethod
    def _from_iterable(cls, values):
        return cls(values)

    @_with_values
    def __and__(self, other):
        return self._from_iterable(value for value in other if value in self)

    @_with_values
    def __or__(self, other):
        return self._from_iterable(value for values in (self, other) for value in values)

    @_with_values_as_set
    def __sub__(self, other):
        return self._from_iterable(value for value in self if value not in other)

    @_with_values_as_set
    def __rsub__(self, other):
        return self._from_iterable(value for value in other if value not in self)

    @_with_values_as_set
    def __xor__(self, other):
        return (self - other) | (other - self)

    __rand__, __ror__, __rxor__ = __and__, __or__, __xor__

    def isdisjoint(self, other):
        return not any(value in self for value in other)


class MutableSet(Set):
    __slots__ = ()
    add = _abstract("add")
    discard = _abstract("discard")

    def remove(self, value):
        if value in self:
            self.discard(value)
        else:
            raise KeyError(value)

    def pop(self):
        values = iter(self)
        value = _next_key(values)
        self.discard(value)
        return value

    def clear(self):
        _until(KeyError, self.pop)

    def __ior__(self, other):
        for value in other:
            self.add(value)
        return self

    def __iand__(self, other):
        for value in self - other:
            self.discard(value)
        return self

    def __isub__(self, other):
        if other is self:
            self.clear()
            return self
        for value in other:
            self.discard(value)
        return self


class Mapping(Collection):
    __slots__ = ()
    __reversed__ = None
    __getitem__ = _abstract("__getitem__")

    def get(self, key, default=None):
        return _looked_up(self, key, default)

    def __contains__(self, key):
        return _looked_up(self, key, _missing) is not _missing

    def keys(self):
        return KeysView(self)

    def items(self):
        return ItemsView(self)

    def values(self):
        return ValuesView(self)

    def __eq__(self, other):
        return dict(self.items()) == dict(other.items()) if isinstance(other, Mapping) else NotImplemented


class MappingView(Sized):
    __slots__ = ("_mapping",)

    def __init__(self, mapping):
        self._mapping = mapping

    def __len__(self):
        return len(self._mapping)

    def __repr__(self):
        return self.__class__.__name__ + "(" + repr(self._mapping) + ")"

    __class_getitem__ = classmethod(__alias__)


class KeysView(MappingView, Set):
    __slots__ = ()

    @classmethod
    def _from_iterable(cls, values):
        return set(values)

    def __contains__(self, key):
        return key in self._mapping

    def __iter__(self):
        yield from self._mapping


class ItemsView(MappingView, Set):
    __slots__ = ()

    @classmethod
    def _from_iterable(cls, values):
        return set(values)

    def __contains__(self, item):
        key, value = item
        found = _looked_up(self._mapping, key, _missing)
        return found is not _missing and _is_same(found, value)

    def __iter__(self):
        for key in self._mapping:
            yield key, self._mapping[key]


class ValuesView(MappingView, Collection):
    __slots__ = ()

    def __contains__(self, value):
        return any(_is_same(self._mapping[key], value) for key in self._mapping)

    def __iter__(self):
        for key in self._mapping:
            yield self._mapping[key]


class MutableMapping(Mapping):
    __slots__ = ()
    __setitem__ = _abstract("__setitem__")
    __delitem__ = _abstract("__delitem__")

    def pop(self, key, default=_missing):
        value = self[key] if default is _missing else _looked_up(self, key, _missing)
        if value is _missing:
            return default
        del self[key]
        return value

    def popitem(self):
        key = _next_key(iter(self))
        item = key, self[key]
        del self[key]
        return item

    def clear(self):
        _until(KeyError, self.popitem)

    def update(self, other=(), /, **keywords):
        has_keys = isinstance(other, Mapping) or hasattr(other, "keys")
        if not has_keys:
            for key, value in other:
                self[key] = value
        else:
            for key in other if isinstance(other, Mapping) else other.keys():
                self[key] = other[key]
        for key, value in keywords.items():
            self[key] = value

    def setdefault(self, key, default=None):
        try:
            return self[key]
        except KeyError:
            self[key] = default
        return default


class Sequence(Reversible, Collection):
    __slots__ = ()
    __getitem__ = _abstract("__getitem__")

    def __iter__(self):
        at = -1
        try:
            while True:
                at += 1
                yield self[at]
        except IndexError:
            pass

    def __contains__(self, value):
        return any(_is_same(found, value) for found in self)

    def __reversed__(self):
        for at in range(len(self) - 1, -1, -1):
            yield self[at]

    def index(self, value, start=0, stop=None):
        if start or stop is not None:
            return __opaque__("index() with limits")
        for at, found in enumerate(self):
            if _is_same(found, value):
                return at
        raise ValueError

    def count(self, value):
        return sum(1 for found in self if _is_same(found, value))


class MutableSequence(Sequence):
    __slots__ = ()
    __setitem__ = _abstract("__setitem__")
    __delitem__ = _abstract("__delitem__")
    insert = _abstract("insert")

    def append(self, value):
        self.insert(len(self), value)

    def clear(self):
        _until(IndexError, self.pop)

    def reverse(self):
        last = len(self) - 1
        for at in range((last + 1) // 2):
            self[at], self[last - at] = self[last - at], self[at]

    def extend(self, values):
        for value in list(values) if values is self else values:
            self.append(value)

    def pop(self, index=-1):
        value = self[index]
        del self[index]
        return value

    def remove(self, value):
        del self[self.index(value)]

    def __iadd__(self, values):
        self.extend(values)
        return self


for _kind, _members in (
    (Set, (frozenset,)),
    (MutableSet, (set,)),
    (MutableMapping, (dict,)),
    (Sequence, (tuple, str, bytes, range, memoryview)),
    (MutableSequence, (list, bytearray)),
    (KeysView, (type({}.keys()),)),
    (ItemsView, (type({}.items()),)),
    (ValuesView, (type({}.values()),)),
):
    for _member in _members:
        _kind.register(_member)
