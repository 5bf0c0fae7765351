//! The stops of the tour: a program, what to look at in it, and what is often told otherwise.
//!
//! The programs lie beside this file; what they print is recorded from CPython in `expected.txt` of each.

/// A file of a program.
pub(super) struct File {
    /// Its path in the folder of the program.
    pub(super) path: &'static str,
    /// Its text.
    pub(super) text: &'static str,
}

/// A stop.
pub(super) struct Stop {
    /// Its name on the command line.
    pub(super) name: &'static str,
    /// `topic`, `pitfall` or `exercise`.
    pub(super) kind: &'static str,
    /// Its head line.
    pub(super) title: &'static str,
    /// What it is about, before the question.
    pub(super) intro: &'static str,
    /// The files; the first is started.
    pub(super) files: &'static [File],
    /// Commands of legb that answer, as they are typed in the folder of the program.
    pub(super) answers: &'static [&'static [&'static str]],
    /// What to keep, and where tutorials are often imprecise.
    pub(super) outro: &'static str,
}

macro_rules! files {
    ($folder:literal: $($path:literal),+ $(,)?) => {
        &[$(File { path: $path, text: include_str!(concat!("programs/", $folder, "/", $path)) }),+]
    };
}

/// All stops, in the order of the tour.
pub(super) const STOPS: &[Stop] = &[
    Stop {
        name: "import-once",
        kind: "topic",
        title: "A module runs once",
        intro: "An import looks into `sys.modules` first. Only a module that is not there is searched, and run.",
        files: files!("import_once": "main.py", "ticket.py"),
        answers: &[&["explain", "--import", "ticket", "--from", "main.py"]],
        outro: "Python puts the module into `sys.modules` before it runs it, not after, and takes it out again if it raises. \
                That is why the module finds itself there, and why circular imports meet half-made modules.",
    },
    Stop {
        name: "relative-imports",
        kind: "topic",
        title: "One dot for each package",
        intro: "A dot stands for the package of the file, a second one for the package around that.",
        files: files!(
            "relative_imports": "main.py", "settings.py", "tools/__init__.py", "tools/label.py", "tools/words.py",
            "tools/climber.py",
        ),
        answers: &[
            &["resolve", ".words", "--from", "tools/label.py"],
            &["resolve", "..settings", "--from", "tools/climber.py"],
        ],
        outro: "`settings.py` lies one folder up, but dots count packages, not folders: the folder of the script is no package, \
                so `..settings` leads out of every package and fails. It would work if the folder above were a package itself.",
    },
    Stop {
        name: "main-guard",
        kind: "topic",
        title: "Started or imported?",
        intro: "`__name__` is the name under which a file runs: `__main__` if it was started, its module name if imported.",
        files: files!("main_guard": "main.py", "report.py"),
        answers: &[&["explain", "report.py:6:4"]],
        outro: "Code outside of the guard runs in both cases. Linters do not ask for a guard by themselves; \
                `legb check --select missing-main-guard` does.",
    },
    Stop {
        name: "ladder",
        kind: "topic",
        title: "L, E, G, B",
        intro: "A name is looked for in the function, then in the functions around it, then in the module, then in `builtins`.",
        files: files!("ladder": "main.py"),
        answers: &[&["explain", "main.py:12:16"], &["explain", "main.py:19:7"]],
        outro: "The compiler chooses between local, enclosing and the rest. Only between module and `builtins` Python decides \
                while the program runs, each time anew. And class bodies have a rule of their own: see the stop `class-bodies`.",
    },
    Stop {
        name: "global-nonlocal",
        kind: "topic",
        title: "Whose variable is assigned?",
        intro: "An assignment makes a name local, unless `global` or `nonlocal` says whose it is.",
        files: files!("global_nonlocal": "main.py"),
        answers: &[&["explain", "main.py:6:5"], &["explain", "main.py:14:9"], &["explain", "main.py:31:9"]],
        outro: "Without `nonlocal`, `tally += 1` does not quietly make a new variable: it reads the new local before it has a \
                value, and raises UnboundLocalError.",
    },
    Stop {
        name: "compile-time",
        kind: "topic",
        title: "Decided before anything runs",
        intro: "Which names are local is decided when the file is compiled, for whole functions and whatever branch is taken.",
        files: files!("compile_time": "main.py"),
        answers: &[&["explain", "main.py:7:12"], &["explain", "main.py:18:12"]],
        outro: "Not when the `def` runs, and not when the function is called: when the whole file is compiled. What is left to \
                the running program is module or builtin: a new global `len` is seen by functions that were defined before it.",
    },
    Stop {
        name: "class-bodies",
        kind: "topic",
        title: "Class bodies are skipped",
        intro: "A class body sees its own names while it runs. The functions in it do not.",
        files: files!("class_bodies": "main.py"),
        answers: &[&["explain", "main.py:7:14"], &["explain", "main.py:10:16"]],
        outro: "The letters L, E, G, B say nothing of classes. A method, and a comprehension but for its first iterable, looks \
                past the class body around it; the variable is reached as an attribute.",
    },
    Stop {
        name: "comprehensions",
        kind: "topic",
        title: "A scope of its own, but for the walrus",
        intro: "The variable of a comprehension is its own. `:=` in it binds in the function around, or in the module.",
        files: files!("comprehensions": "main.py"),
        answers: &[&["explain", "main.py:2:12"], &["explain", "main.py:9:12"]],
        outro: "From Python 3.12 on, comprehensions are compiled into the code around them. Their variables still do not leak.",
    },
    Stop {
        name: "closures",
        kind: "topic",
        title: "Cells outlive calls",
        intro: "A function keeps the variables of the functions around it, not their values: they are shared, through cells.",
        files: files!("closures": "main.py"),
        answers: &[&["explain", "main.py:3:24"]],
        outro: "Each call of `make_scaler` makes a new cell. Printed, `__closure__` shows `(<cell at 0x…: int object at 0x…>,)`: \
                the type of the value is told with the cell.",
    },
    Stop {
        name: "standard-library",
        kind: "topic",
        title: "Modules that come with Python",
        intro: "Some conversions lose something. Which of these values come back as they were?",
        files: files!("standard_library": "main.py"),
        answers: &[&["resolve", "json", "collections", "pathlib"]],
        outro: "JSON has no tuples and no keys but texts. `legb check --select idioms` points at such shapes where it can tell.",
    },
    Stop {
        name: "unbound-local",
        kind: "pitfall",
        title: "Pitfall 1: an assignment anywhere makes a name local everywhere",
        intro: "`sell` is meant to change the stock of the module.",
        files: files!("unbound_local": "main.py"),
        answers: &[&["explain", "main.py:5:5"]],
        outro: "The words of the message are those of 3.11 and later; before, Python said `local variable 'stock' referenced \
                before assignment`. Better than `global`: take the value as a parameter and return the new one.",
    },
    Stop {
        name: "late-binding",
        kind: "pitfall",
        title: "Pitfall 2: closures in a loop share one variable",
        intro: "Three functions made in a loop: what does each remember?",
        files: files!("late_binding": "main.py"),
        answers: &[&["explain", "main.py:3:25"], &["explain", "main.py:8:27"]],
        outro: "At the top of a file the variable is a global, not a cell, and any later assignment changes what all see. \
                A default value is taken when the function is made; a function that makes the function has a variable for each.",
    },
    Stop {
        name: "builtin-shadowing",
        kind: "pitfall",
        title: "Pitfall 3: a name of your own hides a builtin",
        intro: "`sum` is a builtin, until the module has a `sum` of its own.",
        files: files!("builtin_shadowing": "main.py"),
        answers: &[&["explain", "main.py:2:12"], &["explain", "main.py:16:12"]],
        outro: "The builtin is hidden, not broken: after `del sum` it answers again. A parameter called `max` hides the builtin \
                in that function only.",
    },
    Stop {
        name: "shared-state",
        kind: "pitfall",
        title: "Pitfall 4: imported names are copies of references",
        intro: "`from m import x` binds the object that `x` means now. Who sees which change?",
        files: files!("shared_state": "main.py", "basket.py", "kitchen.py"),
        answers: &[&["explain", "main.py:7:7"], &["references", "basket.py:2:1"]],
        outro: "The list is one object, and everybody sees it grow. The number was rebound in `basket`, and who imported the \
                name before keeps the old one.",
    },
    Stop {
        name: "circular-import",
        kind: "pitfall",
        title: "Pitfall 5: two modules that need each other",
        intro: "`orders` imports from `bills`, and `bills` from `orders`. `main.py` imports `orders`.",
        files: files!("circular_import": "main.py", "orders.py", "bills.py"),
        answers: &[&["simulate", "main.py"], &["cycles"]],
        outro: "Which name is missing depends on which of the two is imported first: start with `bills`, and `print_bill` is \
                what cannot be imported.",
    },
    Stop {
        name: "count-imports",
        kind: "exercise",
        title: "Exercise 1: who imports what?",
        intro: "For each module: how many files import it? Look for lines that begin with `import` or `from`, and you miss some.",
        files: files!("count_imports": "main.py", "pantry.py"),
        answers: &[&["imports"]],
        outro: "Imports also stand in functions, in `try` and behind semicolons, and one file may import a module twice. \
                legb reads imports as Python does; texts and comments are none.",
    },
    Stop {
        name: "scope-detective",
        kind: "exercise",
        title: "Exercise 2: scope detective",
        intro: "Five prints, one name. Which variable does each see?",
        files: files!("scope_detective": "main.py"),
        answers: &[&["explain", "main.py:5:17"], &["explain", "main.py:17:21"], &["explain", "main.py:27:9"]],
        outro: "`legb predict FILE --quiz` asks the same of your own files.",
    },
    Stop {
        name: "accumulator",
        kind: "exercise",
        title: "Exercise 3: a running total in a closure",
        intro: "`add` keeps a total between calls, without a class and without a global.",
        files: files!("accumulator": "main.py"),
        answers: &[&["explain", "main.py:6:9"], &["scopes", "main.py"]],
        outro: "`nonlocal` is needed because the name is assigned. A list that is only changed would need none.",
    },
    Stop {
        name: "merge",
        kind: "exercise",
        title: "Exercise 4: merged settings",
        intro: "`update` replaces what lies under a key. A merge goes into it.",
        files: files!("merge": "main.py", "default.json", "local.json"),
        answers: &[&["config", "merge", "default.json", "local.json"]],
        outro: "A flat merge loses `colour`. And `dict(base)` copies one level only: what lies deeper is still shared with the \
                defaults, so that changing the result may change them.",
    },
    Stop {
        name: "package-design",
        kind: "exercise",
        title: "Exercise 5: what a package shows",
        intro: "Two packages in a package. Each `__init__.py` hands on what others may use, and lists it in `__all__`.",
        files: files!(
            "package_design": "main.py", "watch/__init__.py", "watch/parsing/__init__.py", "watch/parsing/line.py",
            "watch/filtering/__init__.py", "watch/filtering/length.py",
        ),
        answers: &[&["api", "watch"], &["definition", "main.py:4:13"]],
        outro: "`legb api --write PACKAGE` writes such an `__init__.py`, unless its imports would close a circle that crashes.",
    },
];
