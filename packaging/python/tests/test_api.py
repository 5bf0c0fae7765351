"""The module for Python, as installed from the wheel: what it returns, what it raises, and that its types hold.

Run by `cargo xtask prove wheel` in clean environments; mypy checks this file in strict mode.
"""

import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from typing import Any, Dict, List

import legb
from legb import LegbError, check, explain, scopes, simulate

UNBOUND = "def f():\n    print(x)\n    x = 1\n"


class Api(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.file = Path(folder.name) / "a.py"
        self.file.write_text(UNBOUND, encoding="utf-8")

    def test_check_returns_findings(self) -> None:
        findings: List[Dict[str, Any]] = check(self.file)
        self.assertEqual([finding["rule"] for finding in findings], ["unbound-local"])
        self.assertEqual(findings[0]["range"]["start"], {"line": 2, "column": 11})
        self.assertEqual(check(self.file, ignore=["unbound-local"], target_version="3.9"), [])

    def test_check_reads_a_text(self) -> None:
        self.assertEqual(check(source="print('ü')\n"), [])
        [finding] = check("b.py", source=UNBOUND, select=["names"])
        self.assertEqual(finding["path"], "b.py")
        with self.assertRaises(ValueError):
            check("a.py", "b.py", source="")

    def test_explain_names_the_scope(self) -> None:
        explained: Any = explain(self.file, 2, 11)
        self.assertIn('"scope": "local"', json.dumps(explained))
        self.assertEqual(explain(str(self.file), "x"), explain(self.file, "x"))

    def test_scopes_are_those_of_symtable(self) -> None:
        rows: List[Dict[str, Any]] = scopes(self.file, target_version="3.8,3.13")
        self.assertEqual([(row["ok"], row["python"]) for row in rows], [(True, "3.8"), (True, "3.13")])
        with self.assertRaises(ValueError):
            scopes()

    def test_simulate_tells_the_verdict(self) -> None:
        self.file.write_text("import missing_module\n", encoding="utf-8")
        story: Any = simulate(str(self.file))
        self.assertIn("ModuleNotFoundError", json.dumps(story))
        with self.assertRaises(ValueError):
            simulate()

    def test_what_cannot_be_done_is_raised(self) -> None:
        with self.assertRaises(LegbError) as caught:
            check("missing.py")
        self.assertIn("missing.py", str(caught.exception))
        self.assertIn("check", caught.exception.arguments)

    def test_the_program_is_that_of_this_environment(self) -> None:
        program = legb.find_binary()
        self.assertEqual(os.path.realpath(os.path.dirname(program)), os.path.realpath(os.path.dirname(sys.executable)))
        direct = subprocess.check_output([program, "--version"])
        self.assertEqual(subprocess.check_output([sys.executable, "-m", "legb", "--version"]), direct)
        bad = subprocess.run([sys.executable, "-m", "legb", "check", "missing.py"], stderr=subprocess.PIPE, check=False)
        self.assertEqual(bad.returncode, 2)


if __name__ == "__main__":
    unittest.main()
