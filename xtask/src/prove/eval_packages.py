"""Lists the modules of the packages of an environment, or imports one and says how that went.

  list SHARE           JSON: [[import name, [some of its modules, itself first]]], packages without compiled modules only
  import TOP MODULE    JSON: {"exception": [type, message] | null, "began": [modules of TOP], "ended": [...]}
"""
import importlib.metadata
import json
import os
import random
import sys


def packages(share):
    chosen = []
    for top, names in sorted(importlib.metadata.packages_distributions().items()):
        folder = os.path.join(sys.path[-1], top)
        if not top.isidentifier() or top.startswith("_") or top in ("pip", "test", "tests", "docs", "examples"):
            continue
        if not os.path.isdir(folder):
            if os.path.isfile(folder + ".py"):
                chosen.append([top, [top]])
            continue
        modules, compiled = [], False
        for here, folders, files in os.walk(folder):
            folders[:] = sorted(name for name in folders if name.isidentifier() and "__init__.py" in os.listdir(
                os.path.join(here, name)) and name not in ("tests", "test", "testing"))
            dotted = os.path.relpath(here, sys.path[-1]).replace(os.sep, ".")
            for name in sorted(files):
                compiled = compiled or name.endswith((".so", ".pyd"))
                if name.endswith(".py") and name[:-3].isidentifier() and name != "__main__.py":
                    modules.append(dotted if name == "__init__.py" else dotted + "." + name[:-3])
        if compiled or "__init__.py" not in os.listdir(folder):
            continue
        modules = [name for name in modules if name != top]
        random.Random(top).shuffle(modules)
        chosen.append([top, [top] + sorted(modules[:share])])
    return chosen


def run(top, module):
    began, ended = [], []

    class Noting:
        def __init__(self, loader):
            self.loader = loader

        def __getattr__(self, name):
            return getattr(self.loader, name)

        def create_module(self, spec):
            return self.loader.create_module(spec)

        def exec_module(self, module):
            # The name is kept: a module may rename itself.
            name = module.__name__
            began.append(name)
            self.loader.exec_module(module)
            ended.append(name)

    class Finder:
        @staticmethod
        def find_spec(name, path=None, target=None):
            if name != top and not name.startswith(top + "."):
                return None
            for finder in sys.meta_path:
                spec = None if finder is Finder else finder.find_spec(name, path, target)
                if spec is not None:
                    if spec.loader is not None and spec.origin and spec.origin.endswith(".py"):
                        spec.loader = Noting(spec.loader)
                    return spec
            return None

    sys.meta_path.insert(0, Finder)
    real, sys.stdout = sys.stdout, sys.stderr
    exception = None
    try:
        __import__(module)
    except BaseException as error:
        exception = [type(error).__name__, str(error)]
    real.write("\n" + json.dumps({"exception": exception, "began": began, "ended": ended}) + "\n")
    real.flush()
    # What a package has started is not waited for.
    os._exit(0)


if sys.argv[1] == "list":
    print(json.dumps(packages(int(sys.argv[2]))))
else:
    run(sys.argv[2], sys.argv[3])
