"""Names that a module can read without binding them, as one JSON row.

  {"path", "ok": true, "builtins": [names of the module `builtins`],
   "site": [names that `site` adds to it at start-up], "module": [names that the import system puts into a module]}
"""
import builtins
import importlib.util
import os
import site
import sys
import tempfile


def options(argv):
    if argv:
        raise SystemExit("unknown argument: " + " ".join(argv))
    return {}


def names_of_a_module():
    """What is in the namespace of a package before its first statement."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "__init__.py")
        with open(path, "w") as file:
            file.write("found = sorted(globals())\n")
        spec = importlib.util.spec_from_file_location("probe", path, submodule_search_locations=[folder])
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module.found


def answer(path, data, opts):
    for name in dir(builtins):
        if type(getattr(builtins, name)).__module__ == "_sitebuiltins":
            delattr(builtins, name)    # `site` has already run
    plain = set(dir(builtins))
    for name in ("setquit", "setcopyright", "sethelper"):
        getattr(site, name)()
    return {
        "path": path,
        "ok": True,
        "builtins": sorted(plain),
        "site": sorted(set(dir(builtins)) - plain),
        "module": names_of_a_module(),
    }
