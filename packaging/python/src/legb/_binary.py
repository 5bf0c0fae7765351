"""Where is the binary of this distribution?"""

import os
import shutil
import sys
import sysconfig
from typing import Iterator

_NAME = "legb.exe" if os.name == "nt" else "legb"


def _folders() -> Iterator[str]:
    """The folders that an installer may put programs in, the most likely first."""
    yield sysconfig.get_path("scripts")
    user_scheme = "nt_user" if os.name == "nt" else "posix_user"
    yield sysconfig.get_path("scripts", scheme=user_scheme)
    # `pip install --target DIR` puts programs into DIR/bin, beside the packages.
    packages = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    yield os.path.join(packages, "bin")


def find_binary() -> str:
    """The path of the binary; :class:`FileNotFoundError` if it is nowhere."""
    for folder in _folders():
        path = os.path.join(folder, _NAME)
        if os.path.isfile(path):
            return path
    found = shutil.which("legb")
    if found is not None:
        return found
    raise FileNotFoundError("the program legb is not installed beside {}".format(sys.executable))
