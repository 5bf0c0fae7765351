"""What legb runs instead of the standard library's typing: own code with the same behaviour, as far as it goes."""

Generic = __generic__()
Protocol = __protocol__()


class _NamedTupleMeta(type):
    def __new__(metacls, typename, bases, namespace):
        if "_root" in namespace:
            return type.__new__(metacls, typename, bases, namespace)
        if len(bases) != 1:
            return __opaque__("a NamedTuple with more bases")
        fields = __annotations_of__(namespace)
        if not __known__(fields):
            return fields
        from collections import namedtuple

        defaults = []
        for name in fields:
            if name in namespace:
                defaults.append(namespace[name])
            elif defaults:
                raise TypeError(__opaque__("the words about a field without a default"))
        made = namedtuple(typename, list(fields), defaults=defaults, module=namespace["__module__"])
        for name, value in namespace.items():
            if name not in fields and name not in ("__module__", "__qualname__", "__annotations__", "__classcell__"):
                setattr(made, name, value)
        return made


class NamedTuple(metaclass=_NamedTupleMeta):
    _root = True

    def __new__(cls, *args, **kwargs):
        return __opaque__("NamedTuple() as a function")


class _TypedDictMeta(type):
    def __new__(metacls, name, bases, namespace, total=True, **kwds):
        return type.__new__(metacls, name, () if "_root" in namespace else bases, namespace)

    def __init__(cls, *args, **kwds):
        pass

    def __call__(cls, *args, **kwargs):
        if "_root" in cls.__dict__:
            return __opaque__("TypedDict() as a function")
        return dict(*args, **kwargs)

    def __instancecheck__(cls, value):
        raise TypeError("TypedDict does not support instance and class checks")

    __subclasscheck__ = __instancecheck__


class TypedDict(metaclass=_TypedDictMeta):
    _root = True


class NewType:
    def __init__(self, name, tp):
        self.__qualname__ = name
        self.__name__ = name.rpartition(".")[2]
        self.__supertype__ = tp
        self.__module__ = __caller__()

    def __call__(self, value, /):
        return value
