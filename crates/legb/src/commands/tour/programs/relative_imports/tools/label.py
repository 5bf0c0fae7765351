from .words import PREFIX


def tag(name):
    return PREFIX + ":" + name
