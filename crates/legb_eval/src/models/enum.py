"""What legb runs instead of the standard library's enum: own code with the same behaviour, as far as it goes."""


class auto:
    value = None

    def __repr__(self):
        return "auto()"


class nonmember:
    def __init__(self, value):
        self.value = value


class member:
    def __init__(self, value):
        self.value = value


def _is_sunder(name):
    return len(name) > 2 and name[0] == name[-1] == "_" and name[1] != "_" and name[-2] != "_"


def _is_dunder(name):
    return len(name) > 4 and name[:2] == name[-2:] == "__" and name[2] != "_" and name[-3] != "_"


class mappingproxy(dict):
    __module__ = "builtins"

    def __repr__(self):
        return "mappingproxy(" + dict.__repr__(self) + ")"


class EnumDict(dict):
    def __init__(self, cls_name):
        self._cls_name = cls_name
        self._member_names = []
        self._last_values = []
        self._ignore = []
        self._generate = None
        self._unclear = None

    def __setitem__(self, key, value):
        if not isinstance(key, str) or not __known__(key):
            __halt__("an enum body with unknown names")
        if key.startswith("_" + self._cls_name.lstrip("_") + "__") and not key.endswith("__"):
            if not __has__("private_names_in_enums"):
                self._unclear = "a private name in an enum"
        elif _is_sunder(key):
            if key == "_generate_next_value_":
                if self._member_names:
                    raise TypeError("_generate_next_value_ must be defined before members")
                self._generate = value.__func__ if isinstance(value, staticmethod) else value
            elif key == "_ignore_":
                self._ignore = value.replace(",", " ").split() if isinstance(value, str) else list(value)
            elif key not in ("_order_", "_missing_", "_name_", "_value_", "_repr_", "_numeric_repr_"):
                self._unclear = "a reserved name in an enum"
        elif _is_dunder(key):
            pass
        elif key in self._member_names:
            raise TypeError(__opaque__("the words about a name that an enum defines twice"))
        elif key in self._ignore:
            pass
        elif isinstance(value, nonmember):
            value = value.value
        elif isinstance(value, type):
            self._unclear = "a class inside an enum"
        else:
            descriptor = __is_descriptor__(value)
            if not __known__(descriptor):
                self._unclear = "an unknown value in an enum"
            elif not descriptor:
                if key in self:
                    raise TypeError(__opaque__("the words about a name that an enum defines twice"))
                if isinstance(value, member):
                    value = value.value
                value = self._counted(key, value)
                self._member_names.append(key)
                self._last_values.append(value)
        dict.__setitem__(self, key, value)

    def _counted(self, key, value):
        if isinstance(value, auto):
            return self._next(key)
        if isinstance(value, tuple) and any(isinstance(item, auto) for item in value):
            self._unclear = "auto() in a tuple"
        return value

    def _next(self, key):
        count = len(self._member_names)
        return self._generate(key, 1, count, self._last_values[:])


def _next_number(name, start, count, last_values):
    if not last_values:
        return start
    for value in last_values:
        if not __known__(value) or not isinstance(value, int):
            return __opaque__("auto() behind values that are no integers")
    last = last_values[-1]
    if last != max(last_values):
        return __opaque__("auto() behind values that do not ascend")
    return last + 1


def _next_flag(name, start, count, last_values):
    if not last_values:
        return start if start is not None else 1
    for value in last_values:
        if not __known__(value) or not isinstance(value, int):
            return __opaque__("auto() behind values that are no integers")
    highest = max(last_values)
    if last_values[-1] != highest:
        return __opaque__("auto() behind values that do not ascend")
    return 2 ** highest.bit_length()


class EnumType(type):
    @classmethod
    def __prepare__(metacls, cls, bases, **kwds):
        names = EnumDict(cls)
        names._generate = _next_number
        for base in bases:
            if isinstance(base, EnumType):
                if base._member_names_:
                    raise TypeError(__opaque__("the words about an enum that cannot be extended"))
                names._generate = base._generate
        return names

    def __new__(metacls, cls, bases, classdict, **kwds):
        if not isinstance(classdict, EnumDict):
            __halt__("an enum made without a class statement")
        names = classdict._member_names
        values = {name: classdict[name] for name in names}
        namespace = {key: value for key, value in classdict.items() if key not in values and key not in classdict._ignore}
        namespace.pop("_ignore_", None)
        namespace.pop("_order_", None)
        namespace["_generate"] = classdict._generate
        namespace["_member_names_"] = []
        namespace["_member_map_"] = {}
        namespace["_value2member_map_"] = {}
        member_type = _member_type(bases)
        namespace["_member_type_"] = member_type
        own_new = namespace.pop("__new__", None)
        if isinstance(own_new, staticmethod):
            own_new = own_new.__func__
        if own_new is None:
            for base in bases:
                if isinstance(base, EnumType) and "_own_new" in base.__dict__ and base._own_new is not None:
                    own_new = base.__dict__["_own_new"].__func__
        namespace["_own_new"] = None if own_new is None else staticmethod(own_new)
        kwds.pop("boundary", None)
        made = type.__new__(metacls, cls, bases, namespace, **kwds)
        if "name" in values or "value" in values:
            __open__(made, "an enum with a member called name or value")
        if classdict._unclear is not None:
            __open__(made, classdict._unclear)
        if member_type is not object and member_type not in (int, str, float, bytes, tuple):
            __open__(made, "an enum whose values are of a class of their own")
        for name, value in values.items():
            _add_member(made, name, value, member_type, own_new)
        if classdict._unclear is not None:
            __open__(made._member_names_, classdict._unclear)
            __open__(made._member_map_, classdict._unclear)
            __open__(made._value2member_map_, classdict._unclear)
        return made

    def __init__(cls, *args, **kwds):
        pass

    def __call__(cls, value, names=None, *args, **kwds):
        if names is not None or args or kwds or not cls._member_names_ and not cls._member_map_:
            if cls._member_map_:
                return __opaque__("an enum called with several values")
            if kwds or args or names is None or not isinstance(names, (str, list, tuple, dict)):
                return __opaque__("an enum made by a call")
            return _functional(cls, value, names)
        return cls._lookup(value)

    def _lookup(cls, value):
        if type(value) is cls:
            return value
        if not __known__(value):
            return __opaque__("the member of an unknown value")
        try:
            if value in cls._value2member_map_:
                return cls._value2member_map_[value]
        except TypeError:
            for found in cls._member_map_.values():
                if found._value_ == value:
                    return found
        found = cls._missing_(value)
        if isinstance(found, cls):
            return found
        if found is not None:
            raise TypeError(__opaque__("the words about a wrong result of _missing_()"))
        raise ValueError(repr(value) + " is not a valid " + cls.__qualname__)

    def __getitem__(cls, name):
        return cls._member_map_[name]

    def __iter__(cls):
        return iter([cls._member_map_[name] for name in cls._member_names_])

    def __reversed__(cls):
        return iter([cls._member_map_[name] for name in reversed(cls._member_names_)])

    def __len__(cls):
        return len(cls._member_names_)

    def __bool__(cls):
        return True

    def __contains__(cls, value):
        if isinstance(value, cls):
            return True
        if not __has__("enums_contain_values"):
            if isinstance(value, Enum):
                return False
            kinds = (type(value).__qualname__, type(cls).__qualname__)
            raise TypeError("unsupported operand type(s) for 'in': '%s' and '%s'" % kinds)
        try:
            return value in cls._value2member_map_
        except TypeError:
            return any(found._value_ == value for found in cls._member_map_.values())

    @property
    def __members__(cls):
        return mappingproxy(cls._member_map_)

    def __setattr__(cls, name, value):
        if name in cls.__dict__.get("_member_map_", {}):
            if __has__("enum_type"):
                raise AttributeError("cannot reassign member " + repr(name))
            raise AttributeError(__opaque__("the words about a member that is assigned"))
        type.__setattr__(cls, name, value)

    def __delattr__(cls, name):
        if name in cls.__dict__.get("_member_map_", {}):
            raise AttributeError(__opaque__("the words about a member that is deleted"))
        type.__delattr__(cls, name)

    def __repr__(cls):
        return "<" + ("flag" if Flag is not None and issubclass(cls, Flag) and __has__("enum_type") else "enum") + " " + repr(cls.__name__) + ">"


if not __has__("enum_type"):
    EnumType.__name__ = EnumType.__qualname__ = "EnumMeta"
EnumMeta = EnumType


def _member_type(bases):
    for base in reversed(bases):
        first = None
        for cls in base.__mro__:
            if cls is object or isinstance(cls, EnumType):
                continue
            first = first or cls
            if "__new__" in cls.__dict__ or cls.__module__ == "builtins":
                return first
    return object


def _add_member(cls, name, value, member_type, own_new):
    args = value if isinstance(value, tuple) else (value,)
    if member_type is tuple:
        args = (args,)
    if own_new is not None:
        made = own_new(cls, *args)
        if not hasattr(made, "_value_"):
            made._value_ = value if member_type is object else member_type(*args)
    elif member_type is object:
        made = object.__new__(cls)
        made._value_ = value
    else:
        made = member_type.__new__(cls, *args)
        if not hasattr(made, "_value_"):
            made._value_ = member_type(*args)
    made._name_ = name
    made.__objclass__ = cls
    if any("__init__" in base.__dict__ for base in cls.__mro__ if base.__module__ != "builtins"):
        made.__init__(*args)
    made._sort_order_ = len(cls._member_names_)
    first = None
    for known in cls._member_map_.values():
        if known._value_ == made._value_:
            first = known
            break
    if first is None:
        cls._member_names_.append(name)
        first = made
    type.__setattr__(cls, name, first)
    cls._member_map_[name] = first
    try:
        cls._value2member_map_.setdefault(first._value_, first)
    except TypeError:
        pass


def _functional(base, name, names):
    if isinstance(names, str):
        names = names.replace(",", " ").split()
    if isinstance(names, dict):
        items = list(names.items())
    else:
        items = [item if isinstance(item, (list, tuple)) else (item, None) for item in names]
    body = EnumType.__prepare__(name, (base,))
    body["__module__"] = __caller__()
    body["__qualname__"] = name
    for key, value in items:
        body[key] = auto() if value is None else value
    return EnumType.__new__(EnumType, name, (base,), body)


Flag = None
Enum = None


class Enum(metaclass=EnumType):
    @property
    def name(self):
        return self._name_

    @property
    def value(self):
        return self._value_

    @classmethod
    def _missing_(cls, value):
        return None

    def __repr__(self):
        return "<" + type(self).__name__ + "." + str(self._name_) + ": " + repr(self._value_) + ">"

    def __str__(self):
        return type(self).__name__ + "." + str(self._name_)

    def __format__(self, format_spec):
        mixed = type(self)._member_type_
        if mixed is object or __has__("enums_format_as_text"):
            return format(str(self), format_spec)
        if type(self).__str__ in (Enum.__str__, Flag.__str__):
            return format(mixed(self._value_), format_spec)
        return format(str(self), format_spec)

    def __reduce_ex__(self, proto):
        return (self.__class__, (self._value_,))

    def __deepcopy__(self, memo):
        return self

    def __copy__(self):
        return self


class ReprEnum(Enum):
    pass


class IntEnum(int, ReprEnum if __has__("enum_type") else Enum):
    if __has__("enum_type"):

        def __str__(self):
            return int.__repr__(self._value_)

        def __format__(self, format_spec):
            return format(self._value_, format_spec)


def _lower_name(name, start, count, last_values):
    return name.lower()


class StrEnum(str, ReprEnum):
    _generate_next_value_ = staticmethod(_lower_name)

    def __str__(self):
        return self._value_

    def __format__(self, format_spec):
        return format(self._value_, format_spec)


StrEnum._generate = staticmethod(_lower_name)


class Flag(Enum):
    def _combined(self, value):
        cls = type(self)
        if value in cls._value2member_map_:
            return cls._value2member_map_[value]
        known = 0
        for found in cls._member_map_.values():
            known |= found._value_
        if value < 0 or value & ~known:
            return __opaque__("a flag with bits that no member has")
        mixed = cls._member_type_
        made = object.__new__(cls) if mixed is object else mixed.__new__(cls, value)
        made._name_ = None
        made._value_ = value
        if value and __has__("enum_type"):
            parts = [f._name_ for f in cls if f._value_ and not f._value_ & (f._value_ - 1) and f._value_ & value]
            made._name_ = "|".join(parts)
        cls._value2member_map_[value] = made
        return made

    @classmethod
    def _missing_(cls, value):
        if not isinstance(value, int):
            return None
        return cls._combined(next(iter(cls._member_map_.values())), value)

    def __contains__(self, other):
        if not isinstance(other, type(self)):
            raise TypeError(__opaque__("the words about something that is no flag"))
        return other._value_ & self._value_ == other._value_

    def __iter__(self):
        for found in type(self):
            value = found._value_
            if value and not value & (value - 1) and value & self._value_:
                yield found

    def __len__(self):
        return bin(self._value_).count("1")

    def __bool__(self):
        return bool(self._value_)

    def __or__(self, other):
        value = _flag_value(self, other)
        return NotImplemented if value is None else self._combined(self._value_ | value)

    def __and__(self, other):
        value = _flag_value(self, other)
        return NotImplemented if value is None else self._combined(self._value_ & value)

    def __xor__(self, other):
        value = _flag_value(self, other)
        return NotImplemented if value is None else self._combined(self._value_ ^ value)

    __ror__ = __or__
    __rand__ = __and__
    __rxor__ = __xor__

    def __invert__(self):
        known = 0
        for found in type(self)._member_map_.values():
            known |= found._value_
        return self._combined(known & ~self._value_)

    def __repr__(self):
        if self._name_ is None or "|" in self._name_:
            return __opaque__("how a combined flag is shown")
        return "<" + type(self).__name__ + "." + self._name_ + ": " + repr(self._value_) + ">"

    def __str__(self):
        if self._name_ is None or "|" in self._name_:
            return __opaque__("how a combined flag is shown")
        return type(self).__name__ + "." + self._name_


Flag._generate = staticmethod(_next_flag)


def _flag_value(flag, other):
    if isinstance(other, type(flag)):
        return other._value_
    if isinstance(flag, int) and isinstance(other, int):
        return int(other)
    return None


def unique(enumeration):
    for name, found in enumeration._member_map_.items():
        if name != found._name_:
            raise ValueError(__opaque__("the words about aliases of an enum"))
    return enumeration
