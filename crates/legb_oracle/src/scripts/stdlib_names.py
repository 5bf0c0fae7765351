"""What the modules of the standard library hold when their own body has ended, as one JSON row.

  {"path", "ok": true, "names": [[module, [names]]]}

Every module that is found is imported; one that cannot be is left out. Names with two underscores around are left out too, but
for `__all__`, `__path__` and `__getattr__`. A submodule that another module loads later is not counted. A module with a function
`__getattr__` is asked for what it promises, and for the names that have moved to `collections.abc`.
"""
import importlib
import importlib.machinery
import io
import os
import sys
import zipfile

TESTS = ("test", "tests", "idle_test")
KEPT = ("__all__", "__path__", "__getattr__")
# These open a browser or run a program.
LEFT_OUT = ("antigravity", "__main__", "idlelib", "turtledemo", "lib2to3", "ensurepip", "pyodide", "pyodide_js", "js")
FOUND = {}


def options(argv):
    if argv:
        raise SystemExit("unknown argument: " + " ".join(argv))
    return {}


def note(module):
    names = vars(module)
    FOUND.setdefault(module.__name__, sorted(
        name for name in names if name in KEPT or not (name.startswith("__") and name.endswith("__"))))


class Noting:
    """A loader that notes what a module holds when its body has ended."""

    def __init__(self, loader):
        self.loader = loader

    def __getattr__(self, name):
        return getattr(self.loader, name)

    def create_module(self, spec):
        return self.loader.create_module(spec) if hasattr(self.loader, "create_module") else None

    def exec_module(self, module):
        if hasattr(self.loader, "exec_module"):
            self.loader.exec_module(module)
        else:
            exec(self.loader.get_code(module.__name__), module.__dict__)
        note(module)


class Finder:
    """Finds as all others do, and puts a noting loader in front."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        for finder in sys.meta_path:
            spec = None if finder is Finder else finder.find_spec(name, path, target)
            if spec is not None:
                if spec.loader is not None:
                    spec.loader = Noting(spec.loader)
                return spec
        return None


def sources(folder):
    """The names of the modules in a folder or archive."""
    suffixes = [".py"] + importlib.machinery.EXTENSION_SUFFIXES
    if os.path.isfile(folder):
        with zipfile.ZipFile(folder) as archive:
            files = [name.split("/") for name in archive.namelist()]
    else:
        files = []
        for here, folders, names in os.walk(folder):
            folders[:] = [name for name in folders if name.isidentifier()]
            parts = [] if here == folder else os.path.relpath(here, folder).split(os.sep)
            files.extend(parts + [name] for name in names)
    for parts in files:
        for suffix in suffixes:
            if parts[-1].endswith(suffix):
                names = parts[:-1] + [parts[-1][:-len(suffix)]]
                if names[-1] == "__init__":
                    names.pop()
                if names and all(name.isidentifier() for name in names):
                    yield names
                break


def promised():
    """Adds the names that a module makes when it is asked for them."""
    for name, names in FOUND.items():
        module = sys.modules.get(name)
        if "__getattr__" in names and module is not None:
            asked = set(getattr(module, "__all__", ())) | set(dir(module)) | set(sys.modules["_collections_abc"].__all__)
            made = [each for each in asked - set(names) if not each.startswith("__") and hasattr(module, each)
                    and name + "." + each not in sys.modules]
            FOUND[name] = sorted(names + made)


def answer(path, data, opts):
    known = {name for name in sys.builtin_module_names}
    for folder in sys.path:
        if os.path.basename(folder) not in ("site-packages", "dist-packages") and os.path.exists(folder):
            known.update(".".join(names) for names in sources(folder) if not set(names) & set(TESTS + LEFT_OUT))
    for module in list(sys.modules.values()):
        if isinstance(module, type(sys)) and module.__spec__ is not None:
            note(module)
    sys.meta_path.insert(0, Finder)
    streams = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = io.StringIO(), io.StringIO()
    try:
        for name in sorted(known):
            try:
                note(importlib.import_module(name))
            except BaseException:
                continue
        promised()
    finally:
        sys.stdout, sys.stderr = streams
        sys.meta_path.remove(Finder)
    return {"path": path, "ok": True, "names": [[name, FOUND[name]] for name in sorted(FOUND) if name in known]}
