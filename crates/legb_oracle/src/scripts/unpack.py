"""The Python files inside a zip archive, as one JSON row: {"path", "ok": true, "files": [[name, source], ...]}.

A source is the bytes of the file, one character each. WebAssembly builds carry their standard library as such an archive.
"""
import io
import zipfile


def options(argv):
    if argv:
        raise SystemExit("unknown argument: " + " ".join(argv))
    return {}


def answer(path, data, opts):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = sorted(name for name in archive.namelist() if name.endswith(".py"))
        files = [[name, archive.read(name).decode("latin-1")] for name in names]
    return {"path": path, "ok": True, "files": files}
