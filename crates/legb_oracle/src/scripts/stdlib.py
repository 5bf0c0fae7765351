"""What an interpreter brings along: the modules of its standard library, as one JSON row.

  {"path", "ok": true,
   "names": [top-level names of the library as found here],
   "listed": [`sys.stdlib_module_names`, which has those of other platforms too; empty before 3.10],
   "aliases": [[name that no finder has, the module that stands under it once its parent is loaded]],
   "builtin": [...], "frozen": [[name, is a package]], "startup": [modules loaded before the first line of a program],
   "modules": [[name, kind, is a package]] with kind `source` or `extension`, found in the folders of the library}

Folders of tests are not entered. `startup` is empty where no second interpreter can be started.
"""
import _frozen_importlib
import _imp
import os
import subprocess
import sys
import tempfile
import zipfile

# Frozen modules that lie in no file; versions from 3.11 on list them.
FROZEN = ("__hello__", "__phello__", "__phello__.spam", "_frozen_importlib", "_frozen_importlib_external")
# Modules whose Python code puts others into sys.modules below itself. Of those in C all are asked.
ALIASING = ("collections", "importlib", "os", "typing", "xml.parsers.expat")
TESTS = ("test", "tests", "idle_test")
LOADED = "import site, sys; print(*sorted(sys.modules), sep='\\n')"


def options(argv):
    if argv:
        raise SystemExit("unknown argument: " + " ".join(argv))
    return {}


def files_of(folder):
    """The files of a folder or archive, without what lies in folders that no module is in."""
    if os.path.isfile(folder):
        with zipfile.ZipFile(folder) as archive:
            for name in archive.namelist():
                yield name.split("/")
    for here, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if name.isidentifier() and name != "__pycache__"]
        parts = [] if here == folder else os.path.relpath(here, folder).split(os.sep)
        for name in files:
            yield parts + [name]


def module_of(parts):
    """Name, kind and whether it is a package; nothing for a file that is no module."""
    for suffixes, kind in ((_imp.extension_suffixes(), "extension"), ((".py", ".pyc"), "source")):
        for suffix in suffixes:
            if parts[-1].endswith(suffix):
                names = parts[:-1] + [parts[-1][:-len(suffix)]]
                is_package = names[-1] == "__init__"
                if is_package:
                    names.pop()
                if names and all(name.isidentifier() for name in names) and not set(names[:-1]) & set(TESTS):
                    return (".".join(names), kind, is_package)
                return None
    return None


def library():
    """The modules in the folders of the library, each once, packages of source first as the finder has it."""
    found = {}
    for folder in sys.path:
        if os.path.basename(folder) not in ("site-packages", "dist-packages"):
            for parts in files_of(folder):
                module = module_of(parts)
                if module and (module[0] not in found or module[2]):
                    found[module[0]] = module
    packages = {name for name, _, is_package in found.values() if is_package}
    return [found[name] for name in sorted(found) if all(
        parent in packages for parent in parents(name))]


def parents(name):
    while "." in name:
        name = name.rpartition(".")[0]
        yield name


def aliases(in_c):
    found = []
    for parent in sorted(set(ALIASING) | set(in_c)):
        try:
            __import__(parent)
        except ImportError:
            continue
        path = getattr(sys.modules[parent], "__path__", None)
        for name in sorted(name for name in sys.modules if name.rpartition(".")[0] == parent):
            if path is None or sys.modules["_frozen_importlib_external"].PathFinder.find_spec(name, path) is None:
                spec = getattr(sys.modules[name], "__spec__", None)
                found.append([name, parent if spec is None or spec.name == name else spec.name])
    return found


def loaded_at_startup():
    if sys.platform == "emscripten":
        return []
    with tempfile.TemporaryDirectory() as folder:
        script = os.path.join(folder, "script.py")
        with open(script, "w") as file:
            file.write(LOADED)
        answer = subprocess.run([sys.executable, "-I", "-S", "-B", script], stdout=subprocess.PIPE, check=True)
    return [name for name in answer.stdout.decode("ascii").split("\n") if name and name != "__main__"]


def answer(path, data, opts):
    modules = library()
    names = {name for name, _, _ in modules if "." not in name} | set(sys.builtin_module_names)
    frozen = []
    candidates = {name for name, _, _ in modules} | names | set(FROZEN)
    for name in sorted(candidates | set(getattr(_imp, "_frozen_module_names", list)())):
        spec = _frozen_importlib.FrozenImporter.find_spec(name)
        if spec is not None:
            frozen.append([name, spec.submodule_search_locations is not None])
    return {
        "path": path,
        "ok": True,
        "names": sorted(names),
        "listed": sorted(getattr(sys, "stdlib_module_names", ())),
        "aliases": aliases([name for name, kind, _ in modules if kind == "extension"] + list(sys.builtin_module_names)),
        "builtin": sorted(sys.builtin_module_names),
        "frozen": frozen,
        "startup": loaded_at_startup(),
        "modules": modules,
    }
