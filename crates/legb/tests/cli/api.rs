//! `legb api`: what it tells, what it writes, and what CPython makes of that.

use std::fs;
use std::path::Path;
use std::process::Command;

use legb_oracle::interpreter::{Kind, find_all, must_have_all};
use serde_json::{Value, json};

use crate::project::{Project, Run};

/// A package with three parts, none of which exposes anything yet.
fn watcher() -> Project {
    Project::new(&[
        ("watcher/__init__.py", "\"\"\"Watches log files.\"\"\"\n\n__version__ = \"1.0\"\n"),
        ("watcher/parsing/__init__.py", ""),
        (
            "watcher/parsing/lines.py",
            "import re\n\nPATTERN = re.compile('x')\ncache = {}\n\nclass Record: ...\n\ndef parse(text):\n    return Record()\n\ndef _split(text): ...\n",
        ),
        ("watcher/filtering/__init__.py", "# Filters, each in a file of its own.\n"),
        (
            "watcher/filtering/level.py",
            "__all__ = ['by_level']\n\ndef by_level(records, level):\n    return records\n\ndef helper(): ...\n",
        ),
        ("watcher/filtering/time.py", "def by_time(records, start, end):\n    return records\n"),
        ("watcher/output/__init__.py", ""),
        (
            "watcher/output/table.py",
            "from ..parsing.lines import Record\n\ndef table(records):\n    return str(Record)\n",
        ),
        ("watcher/output/data.py", "print('data is loaded')\n\ndef to_json(records):\n    return '[]'\n"),
        ("watcher/test_all.py", "def test_it(): ...\n"),
        ("app.py", "from watcher.parsing.lines import parse, _split\nimport watcher.output.table\n"),
    ])
}

fn read(project: &Project, path: &str) -> String {
    fs::read_to_string(project.path().join(path)).unwrap()
}

fn write(project: &Project, args: &[&str]) -> Run {
    let run = project.run(&[&["api", "--write"], args].concat());
    assert_eq!(run.code, Some(0), "{}{}", run.stdout, run.stderr);
    run
}

fn write_all(project: &Project, args: &[&str]) {
    for package in ["watcher.parsing", "watcher.filtering", "watcher.output", "watcher"] {
        write(project, &[args, &[package]].concat());
    }
}

fn api(project: &Project, package: &str) -> Value {
    let run = project.run(&["api", "--format", "json", package]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    serde_json::from_str(&run.stdout).unwrap()
}

/// Runs a program in the folder with every native interpreter, and returns what each prints.
fn python(folder: &Path, program: &str) -> Vec<String> {
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target");
    let (found, missing) = find_all(&target);
    assert!(!must_have_all() || missing.is_empty(), "{missing:?}");
    let mut printed = Vec::new();
    for interpreter in found {
        let Kind::Native { program: python, .. } = &interpreter.kind else { continue };
        let mut command = Command::new(python);
        let output = command.args(["-B", "-c", program]).current_dir(folder).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{}: {text}", interpreter.version);
        printed.push(text);
    }
    printed
}

#[test]
fn what_is_exposed_is_told_with_its_place() {
    let project = watcher();
    project.write(
        "watcher/__init__.py",
        "from .parsing import *\nfrom .output.table import table as as_table\nimport json\n",
    );
    project.write(
        "watcher/parsing/__init__.py",
        "from .lines import Record, parse\n__all__ = ['Record', 'parse', 'ghost']\n",
    );
    let answer = api(&project, "watcher");
    let rows: Vec<String> = answer["exposes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            format!("{} {} {} {} {}", row["name"], row["kind"], row["path"], row["line"], row["through"])
                .replace('"', "")
        })
        .collect();
    assert_eq!(
        rows,
        [
            "Record class watcher/parsing/lines.py 6 [watcher.parsing]",
            "as_table function watcher/output/table.py 3 []",
            "parse function watcher/parsing/lines.py 8 [watcher.parsing]",
        ]
    );
    assert_eq!(answer["all"], Value::Null);
    assert_eq!(api(&project, "watcher.parsing")["missing"], json!(["ghost"]));
    let reached: Vec<String> = answer["reached_past"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            format!("{}:{} {} {} {}", row["path"], row["line"], row["module"], row["name"], row["exposed"])
                .replace('"', "")
        })
        .collect();
    assert_eq!(
        reached,
        [
            "app.py:1 watcher.parsing.lines _split false",
            "app.py:1 watcher.parsing.lines parse true",
            "app.py:2 watcher.output.table null false",
        ]
    );
    let text = project.run(&["api", "watcher/parsing"]).stdout;
    assert!(text.contains("ghost is listed in `__all__`, but nothing defines it"), "{text}");
    assert!(text.contains("  parse   function  watcher/parsing/lines.py:8\n"), "{text}");
}

#[test]
fn re_exports_are_written_and_work() {
    let project = watcher();
    write_all(&project, &[]);
    assert_eq!(
        read(&project, "watcher/parsing/__init__.py"),
        "# legb: api begin (written by `legb api --write`; what you change up to the end is lost)\n\
         __all__ = [\"PATTERN\", \"Record\", \"parse\"]\n\n\
         from .lines import PATTERN, Record, parse\n\
         # legb: api end\n"
    );
    let filtering = read(&project, "watcher/filtering/__init__.py");
    assert!(filtering.starts_with("# Filters, each in a file of its own.\n\n# legb: api begin"), "{filtering}");
    assert!(filtering.contains("[\"by_level\", \"by_time\"]") && !filtering.contains("helper"), "{filtering}");
    let top = read(&project, "watcher/__init__.py");
    assert!(top.starts_with("\"\"\"Watches log files.\"\"\"\n\n__version__ = \"1.0\"\n\n# legb: api begin"), "{top}");
    let program =
        "import watcher; print(sorted(watcher.__all__)); from watcher import *; print(parse('x'), watcher.__version__)";
    for printed in python(project.path(), program) {
        assert!(
            printed.starts_with(
                "data is loaded\n['PATTERN', 'Record', 'by_level', 'by_time', 'parse', 'table', 'to_json']\n"
            ),
            "{printed}"
        );
    }
    let before = read(&project, "watcher/__init__.py");
    assert_eq!(write(&project, &["watcher"]).stdout, "watcher/__init__.py is up to date\n");
    assert_eq!(read(&project, "watcher/__init__.py"), before);
    assert_eq!(project.run(&["api", "--diff", "watcher"]).code, Some(0));
}

#[test]
fn new_names_come_and_old_ones_go() {
    let project = watcher();
    write(&project, &["watcher.filtering"]);
    project.write("watcher/filtering/time.py", "def by_day(records, day): ...\n");
    let diff = project.run(&["api", "--diff", "watcher.filtering"]);
    assert_eq!(diff.code, Some(1));
    assert!(diff.stdout.contains("-from .time import by_time\n+from .time import by_day\n"), "{}", diff.stdout);
    write(&project, &["watcher.filtering"]);
    assert!(read(&project, "watcher/filtering/__init__.py").contains("[\"by_day\", \"by_level\"]"));
}

#[test]
fn lazy_names_load_their_module_when_they_are_asked_for() {
    let project = watcher();
    project.write(
        "watcher/output/data.py",
        "print('data is loaded')\n\ndef to_json(records):\n    return '[]'\n\ndef data(): ...\n",
    );
    write(&project, &["--lazy", "watcher.output"]);
    write(&project, &["--lazy", "watcher.parsing"]);
    let program = "import watcher.parsing as p, sys; print('watcher.parsing.lines' in sys.modules, 'parse' in dir(p), p.parse('x'));\n\
                   from watcher.parsing import *; print(Record.__name__)\n\
                   try: p.nothing\nexcept AttributeError as e: print(e)\n\
                   import watcher.output as o; print(o.table([]), o.data)";
    for printed in python(project.path(), program) {
        let lines: Vec<&str> = printed.lines().collect();
        assert!(lines[0].starts_with("False True <watcher.parsing.lines.Record"), "{printed}");
        assert_eq!(lines[1..3], ["Record", "module 'watcher.parsing' has no attribute 'nothing'"]);
        // A name like that of its module is imported at once: the module would take its place.
        assert!(lines[3] == "data is loaded" && lines[4].contains("<function data at"), "{printed}");
    }
    let answer = api(&project, "watcher.parsing");
    assert_eq!(answer["exposes"][1]["lazy"], true);
    assert_eq!(answer["exposes"][1]["path"], "watcher/parsing/lines.py");
    assert_eq!(write(&project, &["watcher.parsing"]).stdout, "watcher/parsing/__init__.py is up to date\n");
    write(&project, &["--eager", "watcher.parsing"]);
    assert!(!read(&project, "watcher/parsing/__init__.py").contains("__getattr__"));
}

#[test]
fn what_the_author_wrote_stays() {
    let project = watcher();
    let own = "# -*- coding: latin-1 -*-\r\n'''Filters \u{e9}.'''\r\nfrom .level import by_level  # mine\r\n\r\n\
               __all__ = (  # by hand\r\n    'by_level',\r\n)\r\n\r\ndef extra():\r\n    return 1\r\n";
    let latin: Vec<u8> = own.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    let path = project.write("watcher/filtering/__init__.py", &latin);
    write(&project, &["watcher.filtering"]);
    let after: String = fs::read(&path).unwrap().into_iter().map(char::from).collect();
    let part = "\r\n# legb: api begin (written by `legb api --write`; what you change up to the end is lost)\r\n\
                from .time import by_time\r\n\r\n__all__ += (\"by_time\",)\r\n# legb: api end\r\n";
    let (before, rest) = after.split_once(part).unwrap_or_else(|| panic!("{after}"));
    assert_eq!(format!("{before}{rest}"), own);
    let program = "import watcher.filtering as f; print(f.__all__, f.extra())";
    for printed in python(project.path(), program) {
        assert_eq!(printed.trim_end(), "('by_level', 'by_time') 1");
    }
}

#[test]
fn names_that_clash_are_left_out_and_told() {
    let project = Project::new(&[
        ("p/__init__.py", "def taken(): ...\n"),
        ("p/a.py", "def same(): ...\n\ndef taken(): ...\n\ndef b(): ...\n"),
        ("p/b.py", "def same(): ...\n\n__all__ = ['same', 'ghost']\n"),
        ("p/broken.py", "def f(:\n"),
        ("p/program.py", "import sys\n\ndef main(): ...\n\nsys.exit(main())\n"),
    ]);
    let run = write(&project, &["p"]);
    let text = read(&project, "p/__init__.py");
    assert!(text.contains("from .a import same\n"), "{text}");
    for told in [
        "`taken` of `p.a` is left out: the `__init__` binds that name to something else",
        "`b` of `p.a` is left out: a module of the package has that name",
        "`same` of `p.b` is left out: `p.a` offers that name too",
        "`ghost` of `p.b` is left out: its `__all__` lists it, but nothing there defines it",
        "`p.broken` is left out: it does not compile",
        "`p.program` is left out: importing it has an effect on line 5: exit: sys.exit(main())",
    ] {
        assert!(run.stderr.contains(told), "{told}\n{}", run.stderr);
    }
}

#[test]
fn a_cycle_that_does_no_harm_is_closed() {
    let project = Project::new(&[
        ("p/__init__.py", ""),
        ("p/a.py", "import p\n\ndef a_name():\n    return p.b_name\n"),
        ("p/b.py", "b_name = 1\n"),
    ]);
    let run = project.run(&["api", "--write", "p"]);
    assert_eq!(run.code, Some(0), "{}{}", run.stdout, run.stderr);
    let written = fs::read_to_string(project.path().join("p/__init__.py")).unwrap();
    assert!(written.contains("from .a import a_name"), "{written}");
}

#[test]
fn nothing_is_written_where_it_would_do_harm() {
    let cyclic = [
        ("p/__init__.py", ""),
        ("p/a.py", "from p import b_name\n\ndef a_name(): ...\n"),
        ("p/b.py", "b_name = 1\nB = 2\n"),
    ];
    let computed = [("p/__init__.py", "import q\n__all__ = q.__all__\n"), ("p/a.py", "def f(): ...\n")];
    let own = [("p/__init__.py", "def __getattr__(name): ...\n"), ("p/a.py", "def f(): ...\n")];
    let stray = [("p/__init__.py", "# legb: api begin\n"), ("p/a.py", "def f(): ...\n")];
    let broken = [("p/__init__.py", "x = (\n"), ("p/a.py", "def f(): ...\n")];
    let namespace = [("p/a.py", "def f(): ...\n")];
    for (files, args, why) in [
        (
            &cyclic as &[(&str, &str)],
            &["p"] as &[&str],
            "would close an import cycle, in which `p` is used half made: `p.a` imports `p` (p/a.py:1); importing `p` first \
             would raise ImportError: cannot import name 'b_name' from",
        ),
        (&computed, &["p"], "its `__all__` is computed"),
        (&own, &["--lazy", "p"], "it has a `__getattr__` of its own"),
        (&stray, &["p"], "`# legb: api begin` without `# legb: api end`"),
        (&broken, &["p"], "SyntaxError"),
        (&namespace, &["p"], "no `__init__`"),
        (&namespace, &["p.a"], "is a module, not a package"),
        (&namespace, &["q"], "no package `q` here"),
    ] {
        let project = Project::new(files);
        let run = project.run(&[&["api", "--write"], args].concat());
        assert_eq!(run.code, Some(2), "{why}: {}", run.stdout);
        assert!(run.stderr.contains(why), "{why}: {}", run.stderr);
        let (path, text) = files[0];
        assert_eq!(read(&project, path), text);
    }
    let project = Project::new(&cyclic);
    write(&project, &["--lazy", "p"]);
    assert!(read(&project, "p/__init__.py").contains("\"a_name\": \".a\""));
}
