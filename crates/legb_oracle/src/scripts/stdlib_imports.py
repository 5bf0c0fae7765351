"""Who imports whom in the standard library of an interpreter while it is imported, as one JSON row.

  {"path", "ok": true, "imports": [[module, [modules it imports, dotted]]]}

Read off the sources: imports at module level and in `try`, not in functions, classes, `if` and handlers. Names that are taken
from a package count as modules where the library has them. Folders of tests are not entered.
"""
import ast
import os
import sys
import zipfile

TESTS = ("test", "tests", "idle_test")


def options(argv):
    if argv:
        raise SystemExit("unknown argument: " + " ".join(argv))
    return {}


def sources(folder):
    """Parts of the path and bytes of each source file in a folder or archive."""
    if os.path.isfile(folder):
        with zipfile.ZipFile(folder) as archive:
            for name in archive.namelist():
                if name.endswith(".py"):
                    yield name.split("/"), archive.read(name)
        return
    for here, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if name.isidentifier() and name not in TESTS]
        parts = [] if here == folder else os.path.relpath(here, folder).split(os.sep)
        for name in files:
            if name.endswith(".py"):
                with open(os.path.join(here, name), "rb") as file:
                    yield parts + [name], file.read()


def library():
    """Source and whether it is a package, by name."""
    found = {}
    for folder in sys.path:
        if os.path.basename(folder) in ("site-packages", "dist-packages"):
            continue
        for parts, source in sources(folder):
            names = parts[:-1] + [parts[-1][:-3]]
            is_package = names[-1] == "__init__"
            if is_package:
                names.pop()
            if names and all(name.isidentifier() for name in names) and not set(names) & set(TESTS):
                found.setdefault(".".join(names), (source, is_package))
    return found


def run_first(body):
    """The statements that surely run, those in `try` included."""
    for statement in body:
        if isinstance(statement, ast.Try):
            yield from run_first(statement.body)
            yield from run_first(statement.finalbody)
        else:
            yield statement


def imports(name, source, is_package, known):
    package = name if is_package else name.rpartition(".")[0]
    for statement in run_first(ast.parse(source).body):
        if isinstance(statement, ast.Import):
            for alias in statement.names:
                yield alias.name
        elif isinstance(statement, ast.ImportFrom):
            base = package
            for _ in range(statement.level - 1):
                base = base.rpartition(".")[0]
            module = ".".join(filter(None, (base if statement.level else "", statement.module)))
            yield module
            for alias in statement.names:
                if module + "." + alias.name in known:
                    yield module + "." + alias.name


def answer(path, data, opts):
    known = library()
    rows = []
    for name in sorted(known):
        source, is_package = known[name]
        try:
            found = set(imports(name, source, is_package, known)) - {name, "__future__"}
        except SyntaxError:
            continue
        rows.append([name, sorted(found)])
    return {"path": path, "ok": True, "imports": rows}
