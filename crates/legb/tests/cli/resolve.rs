//! `legb resolve` and `legb explain --import` on small projects: what they find, what they say, and how they exit.

use serde_json::Value;

use crate::project::{Project, Run};

fn shop() -> Project {
    Project::new(&[
        ("pyproject.toml", "[project]\nname = 'shop'\nrequires-python = '>=3.11'\n"),
        ("src/shop/__init__.py", ""),
        ("src/shop/db/__init__.py", ""),
        ("src/shop/db/session.py", ""),
        ("src/shop/views.py", "from .db import session\n"),
        ("tools/report.py", "import tables\nimport random\n"),
        ("tools/tables.py", ""),
        ("tools/random.py", ""),
    ])
}

fn rows(run: &Run) -> Vec<Value> {
    serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{}{}", run.stdout, run.stderr))
}

/// Kind and origin, from the folder of the project, of each name.
fn answers(project: &Project, args: &[&str]) -> Vec<String> {
    let run = project.run(&[&["resolve", "--format", "json"], args].concat());
    let folder = project.path().canonicalize().unwrap().display().to_string() + "/";
    let told = |row: &Value| {
        let origin = row["origin"].as_str().unwrap_or("-").replace(&folder, "");
        format!("{} {origin}", row["kind"].as_str().unwrap())
    };
    rows(&run).iter().map(told).collect()
}

#[test]
fn names_are_found_from_the_import_roots_and_the_recorded_library() {
    let project = shop();
    let names = ["shop", "shop.db.session", "json", "sys", "os", "os.path", "math", "shop.nope"];
    let expected = [
        "source src/shop/__init__.py",
        "source src/shop/db/session.py",
        "source <stdlib>/json/__init__.py",
        "builtin built-in",
        "frozen frozen",
        "frozen frozen",
        "extension -",
        "missing -",
    ];
    assert_eq!(answers(&project, &names), expected);
}

#[test]
fn relative_names_start_from_the_package_of_the_file() {
    let project = shop();
    let from = ["--from", "src/shop/views.py"];
    let names = [".db", ".", ".db.session", "..x"];
    let expected =
        ["source src/shop/db/__init__.py", "source src/shop/__init__.py", "source src/shop/db/session.py", "missing -"];
    assert_eq!(answers(&project, &[&names[..], &from[..]].concat()), expected);
    let run = project.run(&["resolve", "..x", "--from", "src/shop/views.py", "--target-version", "3.8,3.13"]);
    assert!(run.stdout.contains("ValueError: attempted relative import beyond top-level package"), "{}", run.stdout);
    assert!(run.stdout.contains("ImportError: attempted relative import beyond top-level package"), "{}", run.stdout);
    let run = project.run(&["resolve", ".db", "--from", "src/shop/views.py", "--as", "script"]);
    assert!(run.stdout.contains("attempted relative import with no known parent package"), "{}", run.stdout);
    assert_eq!(project.run(&["resolve", ".db"]).code, Some(2));
}

#[test]
fn the_way_of_starting_decides_what_comes_first() {
    let project = shop();
    let from = ["random", "tables", "--from", "tools/report.py"];
    let of_library = "source <stdlib>/random.py";
    assert_eq!(answers(&project, &from), [of_library, "source tools/tables.py"]);
    let script = [&from[..], &["--as", "script"]].concat();
    assert_eq!(answers(&project, &script), ["source tools/random.py", "source tools/tables.py"]);
    let safe = [&script[..], &["--safe-path"]].concat();
    assert_eq!(answers(&project, &safe), [of_library, "missing -"]);
    assert_eq!(answers(&project, &["tools.tables", "shop", "--as", "module"]), ["source tools/tables.py", "missing -"]);
    assert_eq!(answers(&project, &["tables", "--src", "tools"]), ["source tools/tables.py"]);
}

#[test]
fn the_exit_code_says_whether_all_is_found() {
    let project = shop();
    for (names, code) in
        [(&["shop"][..], 0), (&["shop", "nope"], 1), (&["shop", "a..b"], 2), (&[""], 2), (&["a/b.py"], 2)]
    {
        let run = project.run(&[&["resolve"], names].concat());
        assert_eq!(run.code, Some(code), "{names:?} {}", run.stderr);
    }
    assert!(project.run(&["resolve", "shop", "a..b"]).stdout.contains("shop"));
    for wrong in [&["--from", "absent.py"][..], &["--python", "absent"], &["--src", "absent"], &["--as", "script"]] {
        let run = project.run(&[&["resolve", "shop"], wrong].concat());
        assert_eq!(run.code, Some(2), "{wrong:?}");
        assert!(run.stderr.contains(wrong[0]), "{}", run.stderr);
    }
}

#[test]
fn what_cannot_be_known_is_unknown_with_its_reason() {
    let project = shop();
    project.write("edits.py", "import sys\nsys.path.insert(0, 'lib')\nimport vendored\n");
    project.write("made.py", "import sys\nsys.modules[__name__ + '.part'] = sys\n");
    let run = project.run(&["resolve", "vendored", "--from", "edits.py", "--format", "json"]);
    assert_eq!((run.code, rows(&run)[0]["kind"].as_str()), (Some(1), Some("unknown")));
    assert!(rows(&run)[0]["why"].as_str().unwrap().contains("edits.py:2"), "{}", run.stdout);
    assert_eq!(answers(&project, &["made.part", "made.other"]), ["unknown -", "unknown -"]);
}

#[test]
fn a_virtual_environment_is_read_and_its_flaws_are_told() {
    let project = shop();
    project.write(".venv/pyvenv.cfg", "include-system-site-packages = false\nversion = 3.12.1\n");
    let site = ".venv/lib/python3.12/site-packages";
    project.write(&format!("{site}/installed.py"), "");
    project.write(&format!("{site}/path.pth"), "../../../elsewhere\nnonsense \u{1}\n");
    project.write(&format!("{site}/garbage.pth"), b"\xff\xfe\x00");
    project.write(".venv/elsewhere/by_pth.py", "");
    let run = project.run(&["resolve", "installed", "by_pth", "json", "--format", "json"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert!(rows(&run).iter().all(|row| row["python"] == "3.12"));
    assert!(run.stderr.contains("pyvenv.cfg") && run.stderr.contains("home"), "{}", run.stderr);
    assert!(run.stderr.contains("garbage.pth"), "{}", run.stderr);
    project.write(&format!("{site}/unknown.pth"), "import sneaky\n");
    let run = project.run(&["resolve", "nope", "--format", "json"]);
    assert_eq!(rows(&run)[0]["kind"], "unknown");
    assert!(rows(&run)[0]["why"].as_str().unwrap().contains("unknown.pth:1"), "{}", run.stdout);
    assert_eq!(answers(&project, &["nope", "--no-site"]), ["missing -"]);
}

#[test]
fn files_that_no_import_reaches_are_named() {
    let project = Project::new(&[("x.py", ""), ("x/__init__.py", "")]);
    let run = project.run(&["resolve", "x"]);
    assert!(run.stdout.contains("x.py has the same name and is never imported"), "{}", run.stdout);
}

#[test]
fn an_import_is_told_at_length() {
    let project = shop();
    let run = project.run(&["explain", "--import", "shop.db.session"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    for words in [
        "What Python looks at, in this order",
        "1. shop: ",
        "2. shop.db: ",
        "3. shop.db.session: ",
        "import shop.db.session as m ",
        "SourceFileLoader",
    ] {
        assert!(run.stdout.contains(words), "{words}: {}", run.stdout);
    }
    let run = project.run(&["explain", "--import", ".db", "--from", "src/shop/views.py", "--format", "json"]);
    let row: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!((row["name"].as_str(), row["runs"][0]["module"].as_str()), (Some("shop.db"), Some("shop")));
    assert_eq!(row["binds"][2]["name"], "db");
    assert_eq!(project.run(&["explain", "--import", "nope"]).code, Some(1));
    assert_eq!(project.run(&["explain", "--import", "a", "b"]).code, Some(2));
}
