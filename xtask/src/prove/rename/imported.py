"""Imports modules from a folder and prints what they hold: names with the types of their values."""
import importlib
import json
import os
import sys

root, needed, *modules = sys.argv[1:]
sys.path[:0] = [root] + [needed] * bool(needed)
sys.stdin = open(os.devnull)
try:
    # Models of Django can be imported once there are settings.
    from django.conf import settings

    settings.configure(
        USE_I18N=False,
        INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "django.contrib.sessions"],
    )
    importlib.import_module("django").setup()
except ImportError:
    pass
rows = []
for name in modules:
    row = {"module": name, "is_ours": False, "exception": None, "names": []}
    try:
        module = importlib.import_module(name)
        row["is_ours"] = (getattr(module, "__file__", None) or "").startswith(root)
        row["names"] = sorted([key, type(value).__name__] for key, value in vars(module).items())
    except BaseException as error:
        row["exception"] = [type(error).__name__, str(error)]
    rows.append(row)
sys.__stdout__.write("\nIMPORTED " + json.dumps(rows) + "\n")
