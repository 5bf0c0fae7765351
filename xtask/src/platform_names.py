"""What stubs of the standard library promise, as lines `module<TAB>names`; the argument is a wheel that holds typeshed.

As in every stub, an imported name is promised only as `import x as x`. `import *` is followed; names that begin with an
underscore are left out. Nothing is decided: the names of all branches count, whatever platform or version they stand for.
"""
import ast
import re
import sys
import zipfile

STUBS = re.compile(r"mypy/typeshed/stdlib/(.+)\.pyi$")


def targets(node):
    if isinstance(node, ast.Name):
        yield node.id
    elif isinstance(node, (ast.Tuple, ast.List)):
        for element in node.elts:
            yield from targets(element)


def bound(module, is_package, body, stubs):
    for node in body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield node.name
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                yield from targets(target)
        elif isinstance(node, ast.AnnAssign):
            yield from targets(node.target)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.asname == alias.name)
        elif isinstance(node, ast.ImportFrom):
            parts = module.split(".")
            package = parts[: len(parts) + is_package - node.level] if node.level else []
            source = ".".join(package + ([node.module] if node.module else []))
            for alias in node.names:
                if alias.name == "*":
                    yield from names(source, stubs)
                elif alias.asname == alias.name:
                    yield alias.name
        elif isinstance(node, ast.If):
            yield from bound(module, is_package, node.body + node.orelse, stubs)


def names(module, stubs):
    is_package, tree, found = stubs.get(module, (False, None, None))
    if tree is None:
        return set()
    if found is None:
        found = set()
        stubs[module] = (is_package, tree, found)
        found.update(bound(module, is_package, tree.body, stubs))
    return found


stubs = {}
with zipfile.ZipFile(sys.argv[1]) as wheel:
    for path in wheel.namelist():
        match = STUBS.match(path)
        if match:
            module = match[1].replace("/", ".")
            is_package = module.endswith(".__init__")
            stubs[module.removesuffix(".__init__")] = (is_package, ast.parse(wheel.read(path)), None)
for module in sorted(stubs):
    kept = sorted(name for name in names(module, stubs) if not name.startswith("_"))
    print(module, " ".join(kept), sep="\t")
