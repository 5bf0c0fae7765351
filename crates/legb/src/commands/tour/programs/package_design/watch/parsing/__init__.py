from .line import Line

__all__ = ["Line"]
