"""What does import-linter say of a project? Reads folders, one a line, and prints its answer for each as a JSON text.

The words are those of the blocks `import-linter` in fixtures/contracts.
"""

import json
import os
import subprocess
import sys

from importlinter import configuration

configuration.configure()

from importlinter.application import use_cases
from importlinter.domain.contract import registry


def lines_of(link):
    return " ".join(f"l.{number}" for number in link["line_numbers"])


def link(one):
    return f"{one['importer']} -> {one['imported']} ({lines_of(one)})"


def detailed(chain):
    words = []
    for index, one in enumerate(chain["chain"]):
        group = [one]
        if index == 0:
            group += chain["extra_firsts"]
        if index + 1 == len(chain["chain"]):
            group += chain["extra_lasts"]
        words.append(" & ".join(link(each) for each in group))
    return ", ".join(words)


def child(name, package):
    return ".".join(name.split(".")[: package.count(".") + 2])


def violations(kind, metadata):
    if kind == "layers":
        for found in metadata["invalid_dependencies"]:
            for route in found["routes"]:
                yield f"{found['importer']} => {found['imported']}: {detailed(route)}"
        for module in metadata["undeclared_modules"]:
            yield f"{module} is not listed as a layer"
    elif kind == "independence":
        for found in metadata["invalid_chains"]:
            for route in found["chains"]:
                yield f"{found['downstream_module']} => {found['upstream_module']}: {detailed(route)}"
    elif kind == "forbidden":
        for found in metadata["invalid_chains"]:
            for chain in found["chains"]:
                yield f"{found['downstream_module']} => {found['upstream_module']}: " + ", ".join(map(link, chain))
    elif kind == "protected":
        for found in metadata["illegal_imports"]:
            for one in found.illegal_links:
                yield f"=> {found.top_level_module}: {link(one)}"
    elif kind == "acyclic_siblings":
        for package, breakers in metadata["cycle_breakers_by_package"].items():
            for importer, imported in breakers:
                yield f"{child(importer, package)} => {child(imported, package)}: {importer} -> {imported}"


def answer():
    options = use_cases.read_user_options()
    use_cases._validate_contracts_present(options)
    use_cases._register_contract_types(options)
    graph = use_cases._build_graph(
        root_package_names=options.session_options["root_packages"],
        cache_dir=None,
        include_external_packages=use_cases._get_include_external_packages(options),
        exclude_type_checking_imports=use_cases._get_exclude_type_checking_imports(options),
        verbose=False,
    )
    said = []
    for each in options.contracts_options:
        try:
            contract = registry.get_contract_class(each["type"])(
                name=each["name"], session_options=options.session_options, contract_options=each
            )
            check = contract.check(use_cases.deepcopy(graph), verbose=False)
        except Exception:
            said.append(f"invalid {each['name']}")
            continue
        said.append(f"{'kept' if check.kept else 'broken'} {each['name']}")
        said += sorted("  " + line for line in violations(each["type"], check.metadata))
        if check.ignored_import_count:
            said.append(f"  ignored: {check.ignored_import_count}")
    return "".join(line + "\n" for line in said)


if len(sys.argv) > 1:
    os.chdir(sys.argv[1])
    sys.path.insert(0, os.getcwd())
    print(json.dumps(answer()))
else:
    for folder in sys.stdin.read().splitlines():
        run = [sys.executable, __file__, folder]
        print(subprocess.run(run, check=True, capture_output=True, text=True).stdout.strip(), flush=True)
