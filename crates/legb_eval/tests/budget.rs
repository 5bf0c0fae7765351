//! Programs that never end, grow without bounds or branch without end get an answer all the same, and say why it is unknown.
//!
//! What an answer may cost is counted in steps, calls, branches, objects and sizes, so these tests hold on any machine.

use std::fmt::Write;
use std::thread;

use legb_base::PyVersion;
use legb_eval::source::{Files, Packages};
use legb_eval::{Budget, Entry, Simulation, Verdict, simulate};
use legb_resolve::fs::MemoryFs;

/// Enough for the programs here to show what they are, and little enough to end soon.
const SMALL: Budget = Budget { steps: 300_000, depth: 300, forks: 200, objects: 300_000, size: 100_000 };

fn run_with(text: &str, budget: Budget) -> Simulation {
    let text = text.to_owned();
    let work = move || {
        let fs = MemoryFs::new([("/project/main.py", &*text), ("/project/helper.py", "value = 1\n")]);
        let source = Files { fs: &fs, packages: Packages::None };
        simulate(&Entry::Script("/project/main.py".to_owned()), PyVersion::NEWEST, &source, budget)
    };
    let thread = thread::Builder::new().stack_size(1 << 30).spawn(work).expect("a thread starts");
    thread.join().expect("the evaluator does not panic")
}

fn run(text: &str) -> Simulation {
    run_with(text, Budget::default())
}

/// Programs, and what the reason of their unknown verdict says.
const ENDLESS: &[(&str, &str)] = &[
    ("while True:\n    pass\n", "budget: too many steps"),
    ("i = 0\nwhile i >= 0:\n    i += 1\n", "budget: too many steps"),
    ("def f(n):\n    return f(n - 1) + f(n - 1) if n else 1\nf(60)\n", "budget: too many steps"),
    ("for i in range(10 ** 12):\n    pass\n", "budget: too many steps"),
    ("from itertools import count\nfor i in count():\n    pass\n", "budget: too many steps"),
    ("def g():\n    while True:\n        yield 1\nsum(g())\n", "budget"),
    ("print(10 ** 6 in iter(int, 1))\n", "budget"),
    ("class A:\n    def __getattr__(self, name):\n        return getattr(self, name + 'x')\nA().b\n", ""),
    ("x = [1]\nfor y in x:\n    x.append(y)\n", "budget"),
    ("x = list(range(10 ** 12))\n", "budget"),
    ("x = sum(range(10 ** 12))\n", "budget"),
    ("x = max(range(10 ** 12))\n", "budget"),
    ("x = sorted(range(10 ** 12))\n", "budget"),
    ("x = {i: i for i in range(10 ** 12)}\n", "budget"),
    ("x = dict.fromkeys(range(10 ** 12))\n", "budget"),
    ("x = [0] * 10 ** 12\n", "budget"),
    ("x = (0,) * 10 ** 12\n", "budget"),
    ("x = 'a' * 10 ** 12\n", "budget"),
    ("x = 'a'\nwhile True:\n    x += x\n", "budget"),
    ("x = 'a'\nwhile True:\n    x = f'{x}{x}'\n", "budget"),
    ("x = 'a'\nwhile True:\n    x = x.replace('a', 'aaaa')\n", "budget"),
    ("x = [1]\nwhile True:\n    x.extend(x)\n", "budget"),
    ("x = (1,)\nwhile True:\n    x = x + x\n", "budget"),
    ("x = {}\nwhile True:\n    x[len(x)] = 1\n", "budget"),
    ("x = 2 ** 10 ** 9\n", "budget"),
    ("x = 10 ** 10 ** 8\n", "budget"),
    ("x = 1 << 10 ** 12\n", "budget"),
    ("x = 3\nwhile True:\n    x = x * x\n", "budget"),
    ("C = object\nfor i in range(3000):\n    C = type('C', (C,), {})\n", "budget"),
    ("x = []\nfor i in range(10 ** 9):\n    x = [x]\n", "budget"),
    ("import os\nwhile True:\n    if os.environ.get('A'):\n        pass\n", "budget"),
];

#[test]
fn what_never_ends_or_grows_without_bounds_is_given_up() {
    for &(program, reason) in ENDLESS {
        let story = run_with(program, SMALL);
        assert!(!story.certain, "{program}");
        if !reason.is_empty() {
            assert_eq!(story.verdict, Verdict::Unknown, "{program}");
            let given = story.reason.unwrap_or_default();
            assert!(given.contains(reason), "{program}: {given}");
        }
    }
}

#[test]
fn recursion_is_never_certain() {
    let programs = [
        "def f():\n    f()\nf()\n",
        "def f():\n    g()\ndef g():\n    f()\nf()\n",
        "class A:\n    def __init__(self):\n        A()\nA()\n",
        "class A:\n    __repr__ = lambda self: repr(self)\nprint(A())\n",
        "x = []\nfor i in range(5000):\n    x = [x]\nprint(x)\n",
    ];
    for program in programs {
        assert!(!run(program).certain, "{program}");
    }
}

#[test]
fn a_thousand_branches_are_followed() {
    let branches: Vec<String> = (0..1000).map(|i| format!("if os.environ.get('A{i}'):\n    x = {i}\n")).collect();
    let story = run(&format!("import os\nx = 0\n{}", branches.concat()));
    assert_eq!(story.verdict, Verdict::Works);
}

#[test]
fn branches_inside_branches_do_not_multiply() {
    let mut text = String::from("import os\nx = 0\n");
    for depth in 0..60 {
        let _ = writeln!(text, "{}if os.environ.get('A{depth}'):", " ".repeat(depth));
        let _ = writeln!(text, "{}x += 1", " ".repeat(depth + 1));
    }
    let story = run_with(&text, SMALL);
    assert_eq!(story.verdict, Verdict::Works, "{:?}", story.reason);
    let calls = "import os\ndef f(n):\n    if n and os.environ.get(str(n)):\n        f(n - 1)\n    else:\n        f(n - 1) if n else 0\nf(40)\n";
    assert!(!run_with(calls, SMALL).certain || run_with(calls, SMALL).verdict == Verdict::Works);
}

#[test]
fn modules_that_change_sys_modules_are_followed_or_unknown() {
    let programs = [
        "import sys\nsys.modules['helper'] = 5\nimport helper\nprint(helper)\n",
        "import sys\nsys.modules[__name__] = None\nimport helper\n",
        "import sys\nsys.modules.clear()\nimport helper\n",
        "import sys\nfor name in list(sys.modules):\n    del sys.modules[name]\nimport helper\n",
        "import os, sys\nsys.modules[os.environ.get('A')] = 1\nimport helper\n",
        "import sys\nsys.modules = {}\nimport helper\n",
    ];
    for program in programs {
        let story = run(program);
        assert!(matches!(story.verdict, Verdict::Works | Verdict::Unknown), "{program}: {:?}", story.exception);
    }
}

#[test]
fn code_that_is_made_at_run_time_is_never_certain() {
    for program in ["exec('raise ValueError')\n", "eval('1 / 0')\n", "exec(open('x').read())\n"] {
        assert!(!run(program).certain, "{program}");
    }
}

#[test]
fn a_condition_that_alone_decides_is_what_the_verdict_depends_on() {
    let story = run("import os\nif os.environ.get('A'):\n    raise ValueError('set')\n");
    assert_eq!((story.verdict, story.certain), (Verdict::Depends, true));
    assert!(story.reason.is_some_and(|reason| reason.contains("ValueError: set")));
}
