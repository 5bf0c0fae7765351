"""Prints the import graphs that grimp and ruff make of the packages in a folder.

Arguments: the folder, the program ruff. On standard output: {"modules": [name, ...], "grimp": [[from, to], ...],
"ruff": [[from, to], ...]}. Imports of a module by itself are left out.
"""

import json
import os
import subprocess
import sys

import grimp


def module(path):
    parts = path.removesuffix(".py").split("/")
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def main(folder, ruff):
    sys.path.insert(0, folder)
    packages = sorted(name for name in os.listdir(folder) if os.path.isfile(os.path.join(folder, name, "__init__.py")))
    graph = grimp.build_graph(*packages, cache_dir=None)
    pairs = {(a, b) for a in graph.modules for b in graph.find_modules_directly_imported_by(a)}
    command = [ruff, "analyze", "graph", "--isolated", "--quiet", "."]
    found = json.loads(subprocess.run(command, cwd=folder, check=True, capture_output=True).stdout)
    others = {(module(a), module(b)) for a, targets in found.items() for b in targets}
    answer = {"modules": sorted(graph.modules), "grimp": sorted(pairs), "ruff": sorted(others)}
    for name in ("grimp", "ruff"):
        answer[name] = [pair for pair in answer[name] if pair[0] != pair[1]]
    json.dump(answer, sys.stdout)


main(*sys.argv[1:])
