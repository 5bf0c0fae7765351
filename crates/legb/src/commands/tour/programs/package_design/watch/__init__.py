from .filtering import only_long
from .parsing import Line

__all__ = ["Line", "only_long"]
