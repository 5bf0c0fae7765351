"""What legb says, as Python objects.

Each function runs the binary that lies in this distribution and returns its JSON; nothing is computed here. A run that legb
could not do (exit code 2) raises :class:`LegbError` with what it wrote to standard error.
"""

import json
import os
import subprocess
from typing import Any, Dict, List, Optional, Sequence, Union

from ._binary import find_binary

__all__ = ["LegbError", "check", "explain", "find_binary", "scopes", "simulate"]

#: A path, as a text or an object of :mod:`pathlib`.
Path = Union[str, "os.PathLike[str]"]
#: An object of JSON; the fields are those that the documentation of each command lists.
Json = Dict[str, Any]

_FAILED = 2


class LegbError(Exception):
    """legb could not do what it was asked for."""

    def __init__(self, message: str, args: Sequence[str]) -> None:
        super().__init__(message)
        #: The arguments that it was called with.
        self.arguments = list(args)


def _run(args: Sequence[str], input: Optional[str] = None) -> str:
    command = [find_binary(), "--color", "never", *args]
    done = subprocess.run(
        command,
        input=None if input is None else input.encode("utf-8"),
        stdin=subprocess.DEVNULL if input is None else None,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        check=False,
    )
    if done.returncode not in (0, 1):
        message = done.stderr.decode("utf-8", "replace").strip()
        raise LegbError(message or "legb ended with {}".format(done.returncode), args)
    return done.stdout.decode("utf-8")


def _texts(paths: Sequence[Path]) -> List[str]:
    return [os.fspath(path) for path in paths]


def _options(target_version: Optional[str]) -> List[str]:
    return [] if target_version is None else ["--target-version", target_version]


def check(
    *paths: Path,
    source: Optional[str] = None,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    target_version: Optional[str] = None,
) -> List[Json]:
    """All findings of files and folders, by default of the working directory.

    With ``source``, that text is checked instead of files; one path may say which file it stands for.
    """
    args = ["check", "--format", "json", *_options(target_version)]
    for name, rules in (("--select", select), ("--ignore", ignore)):
        if rules:
            args += [name, ",".join(rules)]
    if source is not None:
        if len(paths) > 1:
            raise ValueError("a source stands for one path")
        args += ["--stdin-filename", os.fspath(paths[0])] if paths else []
        args.append("-")
    else:
        args += ["--", *_texts(paths)] if paths else []
    found: List[Json] = json.loads(_run(args, source))
    return found


def explain(path: Path, place: Union[int, str], column: Optional[int] = None, *, target_version: Optional[str] = None) -> Any:
    """Why names mean what they mean: those of a line, the one at a line and column, or every use of a name."""
    file = os.fspath(path)
    if isinstance(place, str):
        words = [file, place]
    else:
        words = ["{}:{}".format(file, place) if column is None else "{}:{}:{}".format(file, place, column)]
    return json.loads(_run(["explain", "--format", "json", *_options(target_version), "--", *words]))


def scopes(*paths: Path, target_version: Optional[str] = None) -> List[Json]:
    """The symbol tables of files, in the shape of CPython's :mod:`symtable`: one object for each file and version."""
    if not paths:
        raise ValueError("name a file or folder")
    lines = _run(["scopes", "--format", "json", *_options(target_version), "--", *_texts(paths)])
    return [json.loads(line) for line in lines.splitlines()]


def simulate(*entries: str, module: Optional[str] = None, target_version: Optional[str] = None) -> Any:
    """What happens when a script or module is started, import by import; nothing is run."""
    if (module is None) == (not entries):
        raise ValueError("name entries, or a module")
    args = ["simulate", "--format", "json", *_options(target_version)]
    args += ["-m", module] if module is not None else ["--", *entries]
    return json.loads(_run(args))
