"""What a read of a variable without a value raises, by the rule that the compiler chose; one line of a table for each.

The lines of all versions together are `raised.tsv`: version, rule, exception, message. Runs on CPython 3.8 to 3.15.
"""
import sys


def fast():
    x
    x = 1


def cell():
    x
    x = 1
    return lambda: x


def free():
    def inner():
        return x
    inner()
    x = 1


def class_free():
    class C:
        x
    x = 1


def global_():
    return x


def name():
    class C:
        x
        x = 1


CASES = [fast, cell, free, class_free, global_, name]


def class_glob():
    space = {}
    exec("class C:\n    type A = x\n    if 0: x = 1\n", space)
    return space["C"].A.__value__


if sys.version_info >= (3, 12):
    CASES.append(class_glob)


def lines():
    for case in CASES:
        try:
            case()
        except NameError as exc:
            yield "\t".join(["%d.%d" % sys.version_info[:2], case.__name__.rstrip("_"), type(exc).__name__, str(exc)])


print("\n".join(lines()))
