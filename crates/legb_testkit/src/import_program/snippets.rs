//! The parts of programs about imports: what hides the word `import`, and what the imports stand in.

/// First lines.
pub(super) const HEADS: &[&str] = &[
    "\"\"\"import a\n'''\nfrom b import c\"\"\"\n",
    "#!/usr/bin/env python\n# import a\n",
    "from __future__ import annotations\n",
    "\n\n\x0c\n",
    "r'''import a \\'''\n",
    "from importlib import import_module\nimport importlib\n",
    "import importlib.util as u, importlib\n",
    "from importlib import *\n",
];

pub(super) const BLANK_LINES: &[&str] = &["", "  ", "# import c", "\t", "\x0c", "#", "# '''", " # (", "   # \\"];

pub(super) const MODULES: &[&str] =
    &["a", "a.b", "a.b.c", "__future__", "importlib", "match", "lazy.type", "important", "x1._y", "case"];

pub(super) const NAMES: &[&str] =
    &["c", "d1", "_e", "annotations", "import_module", "importer", "match", "lazy", "type", "case", "TYPE_CHECKING"];

/// Tests of `if`, `elif` and `while`.
pub(super) const TESTS: &[&str] = &[
    "TYPE_CHECKING",
    "(TYPE_CHECKING)",
    "typing.TYPE_CHECKING",
    "( t.x.TYPE_CHECKING )",
    "not TYPE_CHECKING",
    "not (TYPE_CHECKING)",
    "True",
    "0",
    "sys.version_info >= (3, 8)",
    "x[1:2]",
    "{1: 2}",
    "(y := x)",
    "y := x",
    "(lambda: 1)()",
    "x",
    "\"a:b\"",
    "f'{x:{y}}'",
    "x == 'import a'",
];

/// The headers of a compound statement; one that begins with `match ` has cases below it.
pub(super) const COMPOUNDS: &[&[&str]] = &[
    &["if {test}:"],
    &["if {test}:", "else:"],
    &["if {test}:", "elif {test}:", "else :"],
    &["if({test}):", "elif {test} :"],
    &["while {test}:", "else:"],
    &["for i in x:"],
    &["for i, j in x[1:2]:", "else:"],
    &["async def f():"],
    &["def f(a: int = 1, *b, c={1: 2}) -> 'import x':"],
    &["def f[T: (int, str)](): "],
    &["@import_module('a')", "def f():"],
    &["def f(a=__import__(b)):"],
    &["def important(a=[1, # :\n 2]):"],
    &["class C:"],
    &["class C[T](x, y=1):"],
    &["class C(import_, metaclass=M) :"],
    &["with x as y, z:"],
    &["with (x as y,\n  z as w,):"],
    &["try:", "except:"],
    &["try:", "except ImportError as e:", "else:"],
    &["try:", "except (A, B):", "except C:", "finally:"],
    &["try :", "finally :"],
    &["try:", "except* E:"],
    &["match x:"],
    &["match (x, y): # import c"],
    &["match [a, {1: 2}]:"],
];

pub(super) const CASES: &[&str] = &[
    "case 1:",
    "case {'a': b, **c}:",
    "case [a, *b] if a:",
    "case C(x=1) | D():",
    "case (1 | 2) as y if (lambda: y)():",
    "case _ :",
];

/// Calls that import, and what only looks like them.
pub(super) const CALLS: &[&str] = &[
    "__import__('a.b')",
    "x = __import__(\"a\", globals(), locals(), ['b'])",
    "__import__('a', level=1)",
    "__import__('a' 'b')",
    "__import__('a').b[1]",
    "builtins.__import__('a')",
    "importlib.import_module('a')",
    "x = importlib.import_module(\n    'a.b', # why\n)",
    "importlib.import_module('.a', __package__)",
    "importlib.import_module('.a', package=__package__)",
    "importlib.import_module('.a', __name__)",
    "importlib . import_module('a')",
    "x.importlib.import_module('a')",
    "x = [x.\n importlib.import_module('a')]",
    "import_module('a')",
    "import_module ('a')",
    "import_module(f'a')",
    "import_module(r'a')",
    "import_module('''a''')",
    "import_module('a\\x62')",
    "import_module('a' if x else 'b')",
    "import_module('a', import_module('b'))",
    "import_module(name)",
    "x = y if z else import_module('a')",
    "return_ = import_module('.', __package__)",
    "match = import_module('a')",
    "assert import_module('a'), 'import b'",
];

/// Other statements; most of them hide the word `import`.
pub(super) const SIMPLE: &[&str] = &[
    "pass",
    "x = 1",
    "x = 'import a'",
    "x = \"\"\"\nimport a\n\"\"\"",
    "x = '''from a import b\\''' import c'''",
    "x = 'it\\'s import'",
    "x = '\\\\'",
    "x = 'a\\\n import b'",
    "x = r'\\\\'",
    "x = r'\\' import'",
    "x = rb'import' b'a' Rb\"\"\"import\"\"\"",
    "x = u'import'",
    "x = ''",
    "x = ''''''",
    "x = \"\"\"a\"b\"\"c\"\"\"",
    "x = '''\\''''",
    "x = f'import {a}'",
    "x = f'{a!r:>{w}} import'",
    "x = f'{{import}} {a}'",
    "x = f'{'import'}'",
    "x = f'{f'{f'{a}'}'}'",
    "x = f\"{x[\"import\"]:{'>'}10}\"",
    "x = f'\\N{EM DASH} {a}'",
    "x = rf'\\N{a}'",
    "x = f'\\{a}'",
    "x = f'{(lambda x: 1)}'",
    "x = f'{a!=b}'",
    "x = f'{a=}'",
    "x = f'{a:=5}'",
    "x = f'{{'",
    "x = f'}}'",
    "x = F\"{a}\" fR'{b}' Rf'\\{b}'",
    "x = t'{import_}'",
    "x = rt'{a}\\\\'",
    "x = f'{ {1: 2}[1] }'",
    "x = f'{a,}'",
    "x = f'{'}'}'",
    "x = f\"{'{'}\"",
    "x = (1,\n  # import a\n  'import')",
    "x = [\nimport_a,\n]",
    "x = {'a': 1,\n\n 'b': (2)}",
    "x = a.important",
    "x = importlib",
    "reimport = 1",
    "x = 1 if y else'import'",
    "x = y or'import'",
    "x = 0xf",
    "x = 1if y else 2",
    "x = a \\\n  + b",
    "x = a\\\n",
    "x: int = 1",
    "x = lambda: 'import'",
    "x = y[1:2]",
    "del x",
    "raise X from y",
    "x = yield_",
    "print('import')",
    "match = 1",
    "match[1:2] = x",
    "match(x)",
    "match.x = y",
    "match: int = 3",
    "match, case = x",
    "case = 1",
    "case[1:2] = x",
    "type = 1",
    "type X = int",
    "lazy = 1",
    "lazy(x)",
    "lazy.x",
    "é = 'import'",
    "x = é",
    "ｘ = 1",
    "\"\"\"import\"\"\"",
    "...",
    "x = -1",
    "global g",
    "assert x, 'import'",
    "x = a if b else c",
    "x = not y",
    "x @ y",
    "from_ = 1",
    "import_ = 2",
];

/// Modules written in an unusual way.
pub(super) const ODD_MODULES: &[&str] = &["é", "a . b", "a. \\\nb", "a.é"];

/// Tests of which not everything is asked of a scanner.
pub(super) const ODD_TESTS: &[&str] = &[
    "lambda: 1",
    "TYPE_CHECKING and x",
    "x or TYPE_CHECKING",
    "x.TYPE_CHECKING()",
    "TYPE_CHECKING == 1",
    "MY_TYPE_CHECKING",
    "(x # TYPE_CHECKING\n)",
    "'TYPE_CHECKING'",
    "ＴYPE_CHECKING",
    "__import__('a')",
];

/// Calls of which a scanner cannot easily tell when they run.
pub(super) const ODD_CALLS: &[&str] = &[
    "importlib.import_module('.a', 'p.q')",
    "x = [x. # a\n import_module('a')]",
    "x = lambda: import_module('a')",
    "x = [import_module('a') for y in z]",
    "x = (__import__('a') for y in z)",
    "x = {'a': __import__('a')}",
    "x: __import__('a').B = 1",
    "x = f\"{__import__('a')}\"",
    "type X = __import__('a').X",
];

/// Replacement fields that a scanner need not follow.
pub(super) const ODD_FIELDS: &[&str] =
    &["x = f'''{\na # import }\n}'''", "x = f'''{a:\n}'''", "x = f'{a:\\x20}'", "x = f'{a:{{b}}}'", "x = f'{a\n}'"];
