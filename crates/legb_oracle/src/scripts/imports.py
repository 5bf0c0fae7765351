"""Which modules do names mean to the import system? One request is JSON in place of a source:

  {"front": [folders to put before sys.path], "names": [absolute names], "run_parents": whether parents may be imported,
   "loaded": [modules that are said to be loaded when a program starts]}

and its row is

  {"path", "ok": true, "sys_path": [...], "answers": [[name, kind, origin, is a package, search locations or null], ...]}

The finders of sys.meta_path are asked in order, as `_find_and_load` does, for all but those of `loaded` that really are loaded
before the first request. Unless parents may be imported nothing is executed: a parent is known by its spec alone. `kind` is `missing` where no
finder has a name, and `sys.modules` where only running code put it there.
"""
import sys

STARTUP = set(sys.modules)
LOADED = set()


def options(argv):
    if argv:
        raise SystemExit("unknown argument: " + " ".join(argv))
    return {}


def kind_of(spec):
    import zipimport
    bootstrap, external = sys.modules["_frozen_importlib"], sys.modules["_frozen_importlib_external"]
    loader = spec.loader
    if loader is bootstrap.BuiltinImporter:
        return "builtin"
    if loader is bootstrap.FrozenImporter:
        return "frozen"
    for name, kind in (("SourceFileLoader", "source"), ("SourcelessFileLoader", "sourceless"),
                       ("ExtensionFileLoader", "extension")):
        if isinstance(loader, getattr(external, name)):
            return kind
    if isinstance(loader, zipimport.zipimporter):
        return "zip"
    if loader is None or type(loader).__name__ in ("NamespaceLoader", "_NamespaceLoader"):
        return "namespace"
    return type(loader).__name__


def locations_of(spec):
    found = spec.submodule_search_locations
    # A namespace path would calculate itself anew, for which its parent must have been loaded.
    return None if found is None else [str(path) for path in getattr(found, "_path", found)]


def describe(name, spec):
    locations = locations_of(spec)
    return [name, kind_of(spec), spec.origin, locations is not None, locations]


def describe_module(name):
    module = sys.modules[name]
    spec = getattr(module, "__spec__", None)
    if spec is None:
        path = getattr(module, "__path__", None)
        return [name, "sys.modules", getattr(module, "__file__", None), path is not None,
                None if path is None else [str(part) for part in path]]
    if kind_of(spec) == "builtin":
        # Those that the interpreter itself makes have no origin in 3.8.
        spec = spec.loader.find_spec(name)
    answer = describe(name, spec)
    if spec.submodule_search_locations is not None:
        answer[4] = [str(part) for part in spec.submodule_search_locations]
    return answer


def find_spec(name, path):
    for finder in sys.meta_path:
        find = getattr(finder, "find_spec", None)
        spec = find(name, path, None) if find else None
        if spec is not None:
            return spec
    return None


def path_of_parent(parent, run_parents, stand_ins):
    """The `__path__` that submodules are searched on; nothing if there is none, or no parent."""
    if parent in LOADED:
        return getattr(sys.modules[parent], "__path__", None)
    if run_parents:
        import contextlib
        import importlib
        import io
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                importlib.import_module(parent)
        except BaseException:
            pass
        if parent in sys.modules:
            return getattr(sys.modules[parent], "__path__", None)
    answer = ask(parent, run_parents, stand_ins)
    path = answer[4]
    if path is not None and parent not in sys.modules:
        # The paths of nested namespace packages look their parent up.
        module = type(sys)(parent)
        module.__path__ = path
        sys.modules[parent] = module
        stand_ins.append(parent)
    return path


def ask(name, run_parents, stand_ins):
    if name in LOADED:
        return describe_module(name)
    parent = name.rpartition(".")[0]
    path = None
    if parent:
        path = path_of_parent(parent, run_parents, stand_ins)
        if name in sys.modules and name not in stand_ins and run_parents:
            return describe_module(name)
        if path is None:
            return [name, "missing", None, False, None]
    spec = find_spec(name, path)
    if spec is None:
        return [name, "missing", None, False, None]
    if type(spec.loader).__name__ == "DistutilsLoader":
        # The loader hands over a copy that lies in setuptools.
        import setuptools
        finder = sys.modules["_frozen_importlib_external"].PathFinder
        spec = finder.find_spec("setuptools._distutils", setuptools.__path__)
    return describe(name, spec)


def answer(path, data, opts):
    import json
    import os
    request = json.loads(data.decode("utf-8"))
    LOADED.update(STARTUP & set(request["loaded"]))
    path_before = sys.path[:]
    search = request["front"] + path_before
    answers = []
    devnull = os.open(os.devnull, os.O_WRONLY)
    out = os.dup(1)
    os.dup2(devnull, 1)    # what parents print must not get between the rows
    try:
        for name in request["names"]:
            stand_ins = []
            sys.path[:] = search    # modules that are imported may have edited it
            answers.append(ask(name, request["run_parents"], stand_ins))
            for stand_in in stand_ins:
                sys.modules.pop(stand_in, None)
    finally:
        os.dup2(out, 1)
        sys.path[:] = path_before
    return {"path": path, "ok": True, "sys_path": search, "answers": answers}
