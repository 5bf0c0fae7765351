from .length import only_long

__all__ = ["only_long"]
