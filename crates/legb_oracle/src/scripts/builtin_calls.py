"""With how many arguments the functions of the interpreter cannot be called, and what is said then, as one JSON row.

  {"path", "ok": true, "refused": [[owner, name, number of positional arguments, message]]}

The owner is a class, for its methods, or `builtins`. A class itself stands there under `builtins`. The arguments given are
objects that fit nothing, so every other complaint is about their type.
"""
import builtins
import re

SAMPLES = [1, True, 2.5, "text", b"raw", (1, 2), [1, 2], {1: 2}, {1, 2}, frozenset([1]), range(3), slice(1), bytearray(b"raw"),
           1j, ValueError("text"), {1: 2}.keys(), {1: 2}.values(), {1: 2}.items(), property(), None]
LEFT_OUT = {"input", "breakpoint", "help", "exit", "quit", "copyright", "credits", "license", "open", "__import__",
            "__build_class__", "print", "exec", "eval", "compile"}
MOST = 4
COMPLAINT = re.compile(r"(takes|expected|must have|missing required).*(argument|got)|given\)$|takes \d")


class Other:
    pass


def options(argv):
    if argv:
        raise SystemExit("unknown argument: " + " ".join(argv))
    return {}


def refused(function):
    for count in range(MOST + 1):
        try:
            function()(*[Other() for _ in range(count)])
        except TypeError as error:
            text = str(error)
            if COMPLAINT.search(text) and "must be" not in text and "Other" not in text:
                yield count, text
        except BaseException:
            continue


def answer(path, data, opts):
    rows = []
    for name in sorted(vars(builtins)):
        value = getattr(builtins, name)
        is_exception = isinstance(value, type) and issubclass(value, BaseException)
        if name not in LEFT_OUT and callable(value) and not is_exception and type(value).__module__ != "_sitebuiltins":
            rows.extend(["builtins", name, count, text] for count, text in refused(lambda value=value: value))
    for sample in SAMPLES:
        kind = type(sample)
        for name in sorted(set(dir(kind)) - set(dir(kind.__mro__[1]))):
            def method(sample=sample, name=name, kind=kind):
                # Each call has an object of its own.
                fresh = kind(sample) if kind in (list, dict, set, bytearray) else sample
                return getattr(fresh, name)
            is_of_class = type(vars(kind).get(name)).__name__ in ("classmethod_descriptor", "classmethod", "staticmethod")
            if callable(getattr(sample, name, None)) and not is_of_class and not isinstance(getattr(sample, name), type):
                rows.extend([kind.__name__, name, count, text] for count, text in refused(method))
    return {"path": path, "ok": True, "refused": rows}
