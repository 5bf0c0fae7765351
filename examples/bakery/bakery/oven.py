"""Timers and counters of the oven, made by functions inside functions."""


def counter():
    baked = 0

    def add(pieces):
        nonlocal backed
        backed = backed + pieces
        return backed

    return add
