"""What legb runs instead of the standard library's dataclasses: own code with the same behaviour, as far as it goes."""


class FrozenInstanceError(AttributeError):
    __module__ = "dataclasses"


class _Missing:
    pass


MISSING = _Missing()


class Field:
    __module__ = "dataclasses"

    def __init__(self, default, default_factory, init, repr, compare, kw_only, metadata):
        self.name = None
        self.type = None
        self.default = default
        self.default_factory = default_factory
        self.init = init
        self.repr = repr
        self.compare = compare
        self.kw_only = kw_only
        self.metadata = metadata

    def __repr__(self):
        return __opaque__("how a field of a dataclass is shown")


def field(*, default=MISSING, default_factory=MISSING, init=True, repr=True, hash=None, compare=True, metadata=None, kw_only=False):
    if default is not MISSING and default_factory is not MISSING:
        raise ValueError("cannot specify both default and default_factory")
    return Field(default, default_factory, init, repr, compare, kw_only, metadata)


def dataclass(cls=None, /, *, init=True, repr=True, eq=True, order=False, unsafe_hash=False, frozen=False, **others):
    if others:
        others.pop("match_args", None)
        if others:
            __opaque__("such options of @dataclass")

    def wrap(cls):
        return _process(cls, init, repr, eq, order, unsafe_hash, frozen, bool(others))

    return wrap if cls is None else wrap(cls)


def _process(cls, init, repr_, eq, order, unsafe_hash, frozen, unusual):
    if unusual:
        return __opaque__("a dataclass with such options")
    fields = {}
    for base in cls.__mro__[-1:0:-1]:
        inherited = base.__dict__.get("__dataclass_fields__")
        if inherited is not None:
            fields.update(inherited)
    for name, type_ in __annotations_of__(cls).items():
        default = cls.__dict__.get(name, MISSING)
        if isinstance(default, Field):
            made = default
            if made.default is MISSING:
                delattr(cls, name)
            else:
                setattr(cls, name, made.default)
        else:
            if isinstance(default, (list, dict, set)):
                raise ValueError(
                    "mutable default " + str(type(default)) + " for field " + name + " is not allowed: use default_factory"
                )
            made = Field(default, MISSING, True, True, True, False, None)
        made.name = name
        made.type = type_
        if not __plain_annotation__(type_):
            return __opaque__("a dataclass with a field whose kind depends on an unknown annotation")
        fields[name] = made
    setattr(cls, "__dataclass_fields__", fields)
    all_fields = list(fields.values())
    seen_default = False
    for f in all_fields:
        if f.init and not f.kw_only:
            if f.default is not MISSING or f.default_factory is not MISSING:
                seen_default = True
            elif seen_default:
                raise TypeError(__opaque__("the words about a field without a default"))
    if init and "__init__" not in cls.__dict__:
        cls.__init__ = _make_init(cls, all_fields, frozen)
    if repr_ and "__repr__" not in cls.__dict__:

        def __repr__(self):
            shown = [f.name + "=" + repr(getattr(self, f.name)) for f in all_fields if f.repr]
            return type(self).__qualname__ + "(" + ", ".join(shown) + ")"

        cls.__repr__ = __repr__
    if eq and "__eq__" not in cls.__dict__:

        def __eq__(self, other):
            if type(other) is not type(self):
                return NotImplemented
            mine = tuple(getattr(self, f.name) for f in all_fields if f.compare)
            return mine == tuple(getattr(other, f.name) for f in all_fields if f.compare)

        cls.__eq__ = __eq__
        if frozen:
            cls.__hash__ = lambda self: __opaque__("the hash of a dataclass")
        else:
            cls.__hash__ = None
    if order:
        _add_order(cls, all_fields)
    if unsafe_hash:
        __opaque_class__(cls, "the hash of a dataclass")
    if frozen:

        def __setattr__(self, name, value):
            if type(self) is cls or name in fields:
                raise FrozenInstanceError("cannot assign to field " + repr(name))
            object.__setattr__(self, name, value)

        def __delattr__(self, name):
            raise FrozenInstanceError("cannot delete field " + repr(name))

        cls.__setattr__ = __setattr__
        cls.__delattr__ = __delattr__
    return cls


def _add_order(cls, all_fields):
    for name in ("__lt__", "__le__", "__gt__", "__ge__"):
        if name in cls.__dict__:
            raise TypeError(__opaque__("the words about a method that a dataclass would replace"))

    def key(value):
        return tuple(getattr(value, f.name) for f in all_fields if f.compare)

    def __lt__(self, other):
        return key(self) < key(other) if other.__class__ is self.__class__ else NotImplemented

    def __le__(self, other):
        return key(self) <= key(other) if other.__class__ is self.__class__ else NotImplemented

    def __gt__(self, other):
        return key(self) > key(other) if other.__class__ is self.__class__ else NotImplemented

    def __ge__(self, other):
        return key(self) >= key(other) if other.__class__ is self.__class__ else NotImplemented

    for method in (__lt__, __le__, __gt__, __ge__):
        setattr(cls, method.__name__, method)


def _make_init(cls, all_fields, frozen):
    positional = [f for f in all_fields if f.init and not f.kw_only]
    keyword_only = [f for f in all_fields if f.init and f.kw_only]

    def __init__(self, /, *args, **kwargs):
        if len(args) > len(positional):
            raise TypeError(__opaque__("the words for too many arguments of a dataclass"))
        values = {}
        for f, value in zip(positional, args):
            if f.name in kwargs:
                raise TypeError(__opaque__("the words for an argument given twice"))
            values[f.name] = value
        missing = []
        for f in positional[len(args):] + keyword_only:
            if f.name in kwargs:
                values[f.name] = kwargs.pop(f.name)
            elif f.default is not MISSING:
                values[f.name] = f.default
            elif f.default_factory is not MISSING:
                values[f.name] = f.default_factory()
            else:
                missing.append(f.name)
        if kwargs or missing:
            raise TypeError(__opaque__("the words for wrong arguments of a dataclass"))
        for f in all_fields:
            if f.name in values:
                value = values[f.name]
            elif f.default_factory is not MISSING:
                value = f.default_factory()
            else:
                continue
            if frozen:
                object.__setattr__(self, f.name, value)
            else:
                setattr(self, f.name, value)
        post = getattr(self, "__post_init__", None)
        if post is not None:
            post()

    return __init__


def fields(class_or_instance):
    return tuple(class_or_instance.__dataclass_fields__.values())


def is_dataclass(obj):
    cls = obj if isinstance(obj, type) else type(obj)
    return hasattr(cls, "__dataclass_fields__")


def asdict(obj, *, dict_factory=dict):
    def convert(value):
        if is_dataclass(value) and not isinstance(value, type):
            return asdict(value)
        if isinstance(value, (list, tuple)):
            return type(value)([convert(item) for item in value])
        if isinstance(value, dict):
            return {convert(key): convert(item) for key, item in value.items()}
        return value

    return dict_factory([(f.name, convert(getattr(obj, f.name))) for f in fields(obj)])


def astuple(obj):
    return tuple(asdict(obj).values())


def replace(obj, /, **changes):
    for f in fields(obj):
        if f.init and f.name not in changes:
            changes[f.name] = getattr(obj, f.name)
    return type(obj)(**changes)
