"""What legb runs instead of the standard library's collections: own code with the same behaviour, as far as it goes."""


class defaultdict(dict):
    __module__ = "collections"

    def __init__(self, default_factory=None, *args, **kwargs):
        self.default_factory = default_factory
        dict.__init__(self, *args, **kwargs)

    def __missing__(self, key):
        if self.default_factory is None:
            raise KeyError(key)
        value = self.default_factory()
        self[key] = value
        return value

    def __repr__(self):
        return "defaultdict(" + repr(self.default_factory) + ", " + repr(dict(self)) + ")"


class OrderedDict(dict):
    __module__ = "collections"

    def __repr__(self):
        if not self:
            return "OrderedDict()"
        return __opaque__("how an OrderedDict is shown in this version")

    def move_to_end(self, key, last=True):
        value = self.pop(key)
        if last:
            self[key] = value
        else:
            rest = list(self.items())
            self.clear()
            self[key] = value
            self.update(rest)


class Counter(dict):
    __module__ = "collections"

    def __init__(self, iterable=None, /, **kwds):
        dict.__init__(self)
        self.update(iterable, **kwds)

    def __missing__(self, key):
        return 0

    def update(self, iterable=None, /, **kwds):
        if iterable is not None:
            if isinstance(iterable, dict):
                for key, count in iterable.items():
                    self[key] = self.get(key, 0) + count
            else:
                for key in iterable:
                    self[key] = self.get(key, 0) + 1
        for key, count in kwds.items():
            self[key] = self.get(key, 0) + count

    def subtract(self, iterable=None, /, **kwds):
        if iterable is not None:
            if isinstance(iterable, dict):
                for key, count in iterable.items():
                    self[key] = self.get(key, 0) - count
            else:
                for key in iterable:
                    self[key] = self.get(key, 0) - 1

    def most_common(self, n=None):
        ranked = sorted(self.items(), key=lambda item: item[1], reverse=True)
        return ranked if n is None else ranked[:n]

    def elements(self):
        for key, count in self.items():
            for _ in range(count):
                yield key

    def total(self):
        return sum(self.values())

    def copy(self):
        return Counter(self)

    def __delitem__(self, key):
        if key in self:
            dict.pop(self, key)

    def __repr__(self):
        if not self:
            return "Counter()"
        return "Counter({" + ", ".join(repr(k) + ": " + repr(v) for k, v in self.most_common()) + "})"

    def __add__(self, other):
        result = Counter()
        for key, count in self.items():
            if count + other[key] > 0:
                result[key] = count + other[key]
        for key, count in other.items():
            if key not in self and count > 0:
                result[key] = count
        return result


class deque:
    __module__ = "collections"

    def __init__(self, iterable=(), maxlen=None):
        self._items = []
        self.maxlen = maxlen
        for item in iterable:
            self.append(item)

    def append(self, item):
        self._items.append(item)
        if self.maxlen is not None and len(self._items) > self.maxlen:
            self._items.pop(0)

    def appendleft(self, item):
        self._items.insert(0, item)
        if self.maxlen is not None and len(self._items) > self.maxlen:
            self._items.pop()

    def extend(self, iterable):
        for item in iterable:
            self.append(item)

    def extendleft(self, iterable):
        for item in iterable:
            self.appendleft(item)

    def pop(self):
        if not self._items:
            raise IndexError("pop from an empty deque")
        return self._items.pop()

    def popleft(self):
        if not self._items:
            raise IndexError("pop from an empty deque")
        return self._items.pop(0)

    def clear(self):
        self._items.clear()

    def rotate(self, n=1):
        if self._items:
            n = n % len(self._items)
            self._items = self._items[-n:] + self._items[:-n]

    def __len__(self):
        return len(self._items)

    def __iter__(self):
        return iter(self._items)

    def __contains__(self, item):
        return item in self._items

    def __getitem__(self, index):
        if isinstance(index, slice):
            raise TypeError("sequence index must be integer, not 'slice'")
        if not -len(self._items) <= index < len(self._items):
            raise IndexError("deque index out of range")
        return self._items[index]

    def __setitem__(self, index, value):
        if not -len(self._items) <= index < len(self._items):
            raise IndexError("deque index out of range")
        self._items[index] = value

    def __eq__(self, other):
        if isinstance(other, deque):
            return self._items == other._items
        return NotImplemented

    __hash__ = None

    def __repr__(self):
        if self.maxlen is None:
            return "deque(" + repr(self._items) + ")"
        return "deque(" + repr(self._items) + ", maxlen=" + repr(self.maxlen) + ")"


def namedtuple(typename, field_names, *, rename=False, defaults=None, module=None):
    if rename:
        __opaque__("namedtuple(rename=True)")
    if isinstance(field_names, str):
        field_names = field_names.replace(",", " ").split()
    names = tuple(map(str, field_names))
    defaults = () if defaults is None else tuple(defaults)
    first = len(names) - len(defaults)

    def __new__(_cls, *args, **kwargs):
        if len(args) > len(names):
            wanted = len(names) + 1
            raise TypeError(__opaque__("the words for too many arguments of a namedtuple"))
        values = list(args)
        for i in range(len(args), len(names)):
            name = names[i]
            if name in kwargs:
                values.append(kwargs.pop(name))
            elif i >= first:
                values.append(defaults[i - first])
            else:
                raise TypeError(__opaque__("the words for missing arguments of a namedtuple"))
        if kwargs:
            raise TypeError(__opaque__("the words for unexpected arguments of a namedtuple"))
        return tuple.__new__(_cls, values)

    def __repr__(self):
        return type(self).__name__ + "(" + ", ".join(n + "=" + repr(v) for n, v in zip(names, tuple(self))) + ")"

    def _asdict(self):
        return dict(zip(names, tuple(self)))

    def _replace(self, /, **kwds):
        values = [kwds.pop(name, value) for name, value in zip(names, tuple(self))]
        if kwds:
            raise ValueError(__opaque__("the words for unexpected fields"))
        return type(self)(*values)

    namespace = {
        "__new__": __new__,
        "__repr__": __repr__,
        "_asdict": _asdict,
        "_replace": _replace,
        "_fields": names,
        "_field_defaults": dict(zip(names[first:], defaults)),
        "__match_args__": names,
        "_make": classmethod(lambda cls, iterable: cls(*iterable)),
    }
    for i, name in enumerate(names):
        namespace[name] = property(lambda self, i=i: tuple(self)[i])
    return type(typename, (tuple,), namespace)
