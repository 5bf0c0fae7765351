"""Builds a virtual environment with one of everything that can be on sys.path.

  python build_venv.py FOLDER [--quick]

FOLDER gets `venv` and, beside it, the projects that are installed as editable and what .pth files point to. Packages come from
PyPI through pip; the rest is made on the spot. Run it with the interpreter that the environment is for.
"""
import os
import py_compile
import subprocess
import sys
import textwrap
import zipfile

QUICK = ["attrs", "click", "pyyaml", "six", "zope.interface", "zope.event"]
ALL = QUICK + [
    "backports.functools-lru-cache", "certifi", "cffi", "charset-normalizer", "coverage", "flask", "googleapis-common-protos",
    "greenlet", "idna", "jaraco.context", "jaraco.functools", "jinja2", "lxml", "markupsafe", "more-itertools", "msgpack",
    "numpy", "packaging", "pluggy", "protobuf", "pycparser", "pytest", "python-dateutil", "pytz", "requests", "regex",
    "ruamel.yaml", "sphinxcontrib-applehelp", "sphinxcontrib-serializinghtml", "sqlalchemy", "tomli", "typing-extensions",
    "urllib3", "werkzeug", "virtualenv",
]

# Name of a project: its files. They are installed as editable; setuptools chooses a path for the first and a finder for others.
EDITABLES = {
    "by_path": {
        "pyproject.toml": """
            [build-system]
            requires = ["setuptools"]
            build-backend = "setuptools.build_meta"
            [project]
            name = "by_path"
            version = "1"
            """,
        "src/by_path/__init__.py": "from . import inner\n",
        "src/by_path/inner.py": "import by_path.missing\n",
    },
    "by_finder": {
        "pyproject.toml": """
            [build-system]
            requires = ["setuptools"]
            build-backend = "setuptools.build_meta"
            [project]
            name = "by_finder"
            version = "1"
            [tool.setuptools]
            packages = ["by_finder", "by_finder.sub", "found_ns.one"]
            py-modules = ["by_finder_module"]
            [tool.setuptools.package-dir]
            by_finder = "elsewhere"
            """,
        "elsewhere/__init__.py": "from .sub import deep\n",
        "elsewhere/sub/__init__.py": "",
        "elsewhere/sub/deep.py": "import found_ns.one, found_ns.two\n",
        "by_finder_module.py": "import by_finder\n",
        "found_ns/one/__init__.py": "",
        "found_ns/two.py": "",
    },
    "by_redirect": {
        "pyproject.toml": """
            [build-system]
            requires = ["hatchling"]
            build-backend = "hatchling.build"
            [project]
            name = "by_redirect"
            version = "1"
            [tool.hatch.build]
            dev-mode-exact = true
            """,
        "by_redirect/__init__.py": "",
        "by_redirect/inner.py": "",
    },
}

# Files in site-packages; a name that ends with a slash is a folder.
SITE = {
    "ns_two/only_here.py": "import ns_two.there, ns_two.nowhere\n",
    "joined/__init__.py": "__path__ = __import__('pkgutil').extend_path(__path__, __name__)\n",
    "joined/here.py": "import joined.there\n",
    "file_and_folder.py": "import file_and_folder.inside\n",
    "file_and_folder/inside.py": "",
    "package_and_file/__init__.py": "",
    "package_and_file.py": "",
    "empty_folder/": "",
    "CaseCounts.py": "import casecounts\n",
    "stubs-stubs/__init__.pyi": "",
    "only_stub.pyi": "",
    "registers.py": "import sys, types\nsys.modules[__name__ + '.made'] = types.ModuleType('made')\n",
    "uses_all.py": "import registers.made, os.path, collections.abc, xml.parsers.expat.errors, distutils.core\n",
    "named.module.py": "",
    "tail/__init__.py": "",
    "tail/json.py": "from . import json\nimport json\nfrom .json import tool\n",
}

# Files in other folders, by folder.
OUTSIDE = {
    "second": {
        "ns_two/there.py": "",
        "joined/__init__.py": "__path__ = __import__('pkgutil').extend_path(__path__, __name__)\n",
        "joined/there.py": "",
        "empty_folder/__init__.py": "",
    },
    "eggs/Old.egg": {"old_style/__init__.py": "", "old_style/inner.py": ""},
    "dotted": {"from_dot_file.py": ""},
    "nspkg": {},
}

PTH = {
    "second.pth": "# comment\n\n  \n{outside}/second\n{outside}/absent\n",
    "byte_order_mark.pth": "{outside}/zipped.zip\n{outside}/zipped.zip/inside\nrelative\n",
    ".hidden.pth": "{outside}/dotted\n",
    "easy-install.pth": "import sys; sys.__plen = len(sys.path)\n{outside}/eggs/Old.egg\n"
        "import sys; new=sys.path[sys.__plen:]; del sys.path[sys.__plen:]; p=getattr(sys,'__egginsert',0); "
        "sys.path[p:p]=new; sys.__egginsert = p+len(new)\n",
    "old-nspkg.pth": "import sys, types, os;has_mfs = sys.version_info > (3, 5);p = os.path.join("
        "sys._getframe(1).f_locals['sitedir'], *('old_ns',));importlib = has_mfs and __import__('importlib.util');"
        "has_mfs and __import__('importlib.machinery');m = has_mfs and sys.modules.setdefault('old_ns', "
        "importlib.util.module_from_spec(importlib.machinery.PathFinder.find_spec('old_ns', [os.path.dirname(p)])));"
        "m = m or sys.modules.setdefault('old_ns', types.ModuleType('old_ns'));mp = (m or []) and "
        "m.__dict__.setdefault('__path__',[]);(p not in mp) and mp.append(p)\n",
}


def write(folder, files):
    for name, text in files.items():
        path = os.path.join(folder, *name.split("/"))
        os.makedirs(path if name.endswith("/") else os.path.dirname(path), exist_ok=True)
        if not name.endswith("/"):
            with open(path, "w", encoding="utf-8") as file:
                file.write(textwrap.dedent(text))


def extensions(site, suffix):
    """Files that have the name of an extension module; they are found, never loaded."""
    for name in ("only_ext" + suffix, "any_abi.abi3.so", "plain.so", "ext_pkg/__init__" + suffix, "both.so", "both.py",
                 "other_version.cpython-37m-x86_64-linux-gnu.so"):
        write(site, {name: ""})


def sourceless(site):
    for name in ("no_source", "no_source_pkg/__init__", "no_source_pkg/inner"):
        source = os.path.join(site, name + ".py")
        write(site, {name + ".py": "x = 1\n"})
        py_compile.compile(source, cfile=source + "c", doraise=True)
        os.remove(source)
    write(site, {"cached_only/__init__.py": "", "cached_only/gone.py": ""})
    source = os.path.join(site, "cached_only", "gone.py")
    py_compile.compile(source, doraise=True)    # into __pycache__, where nobody looks without the source
    os.remove(source)


def archive(path):
    with zipfile.ZipFile(path, "w") as file:
        for name in ("zip_module.py", "zip_package/__init__.py", "zip_package/inner.py", "zip_ns/", "zip_ns/a.py",
                     "zip_no_entry/b.py", "inside/in_folder.py"):
            file.writestr(name, "")


def links(site, outside):
    os.symlink(os.path.join(outside, "second", "ns_two"), os.path.join(site, "linked_folder"))
    os.symlink(os.path.join(site, "uses_all.py"), os.path.join(site, "linked_file.py"))
    os.symlink("loop", os.path.join(site, "loop"))
    os.symlink("nowhere", os.path.join(site, "broken.py"))
    os.symlink("self_loop", os.path.join(site, "self_loop.py"))
    os.symlink(".", os.path.join(site, "tail", "again"))


def main(outside, quick):
    venv = os.path.join(outside, "venv")
    subprocess.run([sys.executable, "-m", "venv", venv], check=True)
    python = os.path.join(venv, "bin", "python")
    pip = [python, "-m", "pip", "--disable-pip-version-check", "-q"]
    subprocess.run(pip + ["install", "setuptools", "wheel", "hatchling", "editables"], check=True)
    subprocess.run(pip + ["install"] + (QUICK if quick else ALL), check=True)
    for name, files in EDITABLES.items():
        write(os.path.join(outside, name), files)
        subprocess.run(pip + ["install", "--no-build-isolation", "--no-deps", "-e", os.path.join(outside, name)], check=True)
    ask = "import importlib.machinery as m, sysconfig; print(sysconfig.get_path('purelib')); print(m.EXTENSION_SUFFIXES[0])"
    site, suffix = subprocess.run([python, "-c", ask], check=True, stdout=subprocess.PIPE).stdout.decode().split()
    write(site, SITE)
    write(site, {"old_ns/part.py": "", "relative/module_there.py": ""})
    for folder, files in OUTSIDE.items():
        os.makedirs(os.path.join(outside, folder), exist_ok=True)
        write(os.path.join(outside, folder), files)
    extensions(site, suffix)
    sourceless(site)
    archive(os.path.join(outside, "zipped.zip"))
    links(site, outside)
    for name, text in PTH.items():
        with open(os.path.join(site, name), "w", encoding="utf-8") as file:
            file.write(text.replace("{outside}", outside))


if __name__ == "__main__":
    main(os.path.abspath(sys.argv[1]), "--quick" in sys.argv[2:])
