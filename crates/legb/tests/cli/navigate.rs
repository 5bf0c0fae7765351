//! `legb definition`, `legb references` and `legb rename` on small projects.

use std::fs;

use serde_json::Value;

use crate::project::{Project, Run};

const PRICES: &str = "\
VAT = 0.2

def net(gross, rate=VAT):
    return gross / (1 + rate)

class Basket:
    size = 3
    items = [size for _ in range(2)]
    def total(self):
        return net(1, rate=VAT)

def bump():
    global VAT
    VAT += 0.1
    return [y := VAT for _ in range(3)], y
";
const INIT: &str = "from .prices import net, VAT\nfrom . import prices\n__all__ = [\"net\", \"VAT\"]\n";
const APP: &str = "\
import shop.prices
import shop.prices as sp
from shop import net as price, VAT

print(price(3, rate=1), shop.prices.VAT, sp.net(2, rate=VAT), getattr(sp, \"VAT\"))
";

fn shop() -> Project {
    Project::new(&[
        ("shop/__init__.py", INIT),
        ("shop/prices.py", PRICES),
        ("app.py", APP),
        (
            "pyproject.toml",
            "[project]\nname = \"shop\"\nversion = \"1\"\n[project.scripts]\nrun = \"shop.prices:bump\"\n",
        ),
    ])
}

fn json(run: &Run) -> Value {
    serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{}{}", run.stdout, run.stderr))
}

/// `path:line:column kind` of each place.
fn places(rows: &Value) -> Vec<String> {
    let place = |row: &Value| {
        let start = &row["range"]["start"];
        let mark = if row["certainty"] == "possible" { "?" } else { "" };
        format!(
            "{}:{}:{} {}{mark}",
            row["path"].as_str().unwrap(),
            start["line"],
            start["column"],
            row["kind"].as_str().unwrap()
        )
    };
    rows.as_array().unwrap().iter().map(place).collect()
}

fn references(project: &Project, place: &str) -> Vec<String> {
    places(&json(&project.run(&["references", "--format", "json", place]))["references"])
}

fn definitions(project: &Project, place: &str) -> Vec<String> {
    places(&json(&project.run(&["definition", "--format", "json", place]))["definitions"])
}

/// The lines that a rename would add, or the word for its refusal.
fn renamed(project: &Project, args: &[&str]) -> Vec<String> {
    let run = project.run(&[&["rename", "--diff"], args].concat());
    assert_eq!(run.code, Some(1), "{}{}", run.stdout, run.stderr);
    if let Some(refused) = run.stdout.strip_prefix("not renamed (") {
        return vec![refused.split(')').next().unwrap().to_owned()];
    }
    let added = |line: &&str| line.starts_with('+') && !line.starts_with("+++");
    run.stdout.lines().filter(added).map(|line| line[1..].trim().to_owned()).collect()
}

#[test]
fn definitions_are_found_through_imports() {
    let project = shop();
    for place in ["app.py:5:7", "app.py:3:18", "app.py:5:45", "shop/__init__.py:1:21", "shop/__init__.py:3:13"] {
        assert_eq!(definitions(&project, place), ["shop/prices.py:3:5 def"], "{place}");
    }
    assert_eq!(definitions(&project, "app.py:5:25"), ["shop/__init__.py:1:1 module"]);
    assert_eq!(definitions(&project, "app.py:5:30"), ["shop/prices.py:1:1 module"]);
    assert_eq!(definitions(&project, "app.py:5:16"), ["shop/prices.py:3:16 parameter"]);
}

#[test]
fn a_name_that_nothing_binds_has_no_definition() {
    let project = shop();
    // The comprehension in a class does not see the class.
    let run = project.run(&["definition", "shop/prices.py:8:14"]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(1), "no definition of `size`: nothing binds `size`\n"));
    let run = project.run(&["definition", "--format", "json", "app.py:5:1"]);
    assert_eq!((run.code, &json(&run)["outside"]), (Some(0), &"builtins.print".into()));
}

#[test]
fn a_local_that_is_read_too_early_is_the_local() {
    let project = Project::new(&[("u.py", "x = 1\ndef f():\n    print(x)\n    x = 2\n")]);
    assert_eq!(definitions(&project, "u.py:3:11"), ["u.py:4:5 assignment"]);
}

#[test]
fn references_are_true_to_scopes() {
    let project = shop();
    assert_eq!(
        references(&project, "shop/prices.py:1:1"),
        [
            "app.py:3:32 import",
            "app.py:5:37 read",
            "app.py:5:57 read",
            "app.py:5:76 text",
            "shop/__init__.py:1:26 import",
            "shop/__init__.py:3:20 export",
            "shop/prices.py:1:1 assignment",
            "shop/prices.py:3:21 read",
            "shop/prices.py:10:28 read",
            "shop/prices.py:13:12 declaration",
            "shop/prices.py:14:5 augmented assignment",
            "shop/prices.py:15:18 read",
        ]
    );
    assert_eq!(references(&project, "shop/prices.py:7:5"), ["shop/prices.py:7:5 assignment"]);
    let walrus = ["shop/prices.py:15:13 assignment expression", "shop/prices.py:15:42 read"];
    assert_eq!(references(&project, "shop/prices.py:15:42"), walrus);
}

#[test]
fn what_may_mean_it_is_told_apart() {
    let project = Project::new(&[
        ("a.py", "limit = 1\n"),
        ("b.py", "try:\n    import a as m\nexcept ImportError:\n    import json as m\nprint(m.limit)\n"),
        ("c.py", "patch('a.limit')\n"),
        ("d.py", "try:\n    from a import limit\nexcept ImportError:\n    limit = 2\nprint(limit)\n"),
    ]);
    let expected = [
        "a.py:1:1 assignment",
        "b.py:5:9 read?",
        "c.py:1:10 text?",
        "d.py:2:19 import?",
        "d.py:4:5 assignment?",
        "d.py:5:7 read?",
    ];
    assert_eq!(references(&project, "a.py:1:1"), expected);
    assert_eq!(renamed(&project, &["a.py:1:1", "most"]), ["possible"]);
}

#[test]
fn a_rename_changes_every_place_and_no_other() {
    let project = shop();
    let lines = renamed(&project, &["app.py:5:37", "TAX"]);
    let expected = [
        "from shop import net as price, TAX",
        "print(price(3, rate=1), shop.prices.TAX, sp.net(2, rate=TAX), getattr(sp, \"TAX\"))",
        "from .prices import net, TAX",
        "__all__ = [\"net\", \"TAX\"]",
        "TAX = 0.2",
        "def net(gross, rate=TAX):",
        "return net(1, rate=TAX)",
        "global TAX",
        "TAX += 0.1",
        "return [y := TAX for _ in range(3)], y",
    ];
    assert_eq!(lines, expected);
    assert_eq!(renamed(&project, &["shop/prices.py:7:5", "width"]), ["width = 3"]);
    let entry = ["run = \"shop.prices:raise_it\"", "def raise_it():"];
    assert_eq!(renamed(&project, &["shop/prices.py:12:5", "raise_it"]), entry);
    let alias = renamed(&project, &["app.py:3:25", "cost"]);
    assert_eq!(alias[0], "from shop import net as cost, VAT");
}

#[test]
fn a_rename_writes_the_files() {
    let project = shop();
    let run = project.run(&["rename", "shop/prices.py:3:16", "ratio"]);
    assert_eq!(run.code, Some(0), "{}{}", run.stdout, run.stderr);
    let app = fs::read_to_string(project.path().join("app.py")).unwrap();
    assert_eq!(app, APP.replace("rate=", "ratio="));
    let run = project.run(&["rename", "shop.prices", "shop.pricing"]);
    assert_eq!(run.code, Some(0), "{}{}", run.stdout, run.stderr);
    assert!(!project.path().join("shop/prices.py").exists());
    let init = fs::read_to_string(project.path().join("shop/__init__.py")).unwrap();
    assert_eq!(init, INIT.replace("prices", "pricing"));
    let run = project.run(&["check", "--select", "unresolved-import,unresolved-name-in-module"]);
    assert_eq!(run.code, Some(0), "{}", run.stdout);
}

#[test]
fn refusals_name_their_reason() {
    let source = "\
import os
x = 1
size = 2
def f(a, b):
    y = x
    return len([a, y])
def g():
    return locals()['h'], eval('size')
class C:
    __p = 1
    def m(self, k):
        z = f'{k=}'
        return self.__p, z
def test_it(fix):
    return fix
";
    let project = Project::new(&[("a.py", source), ("b.py", "import a\nprint(a)\nt = 1\n"), ("half.py", "v = (\n")]);
    for (place, new, reason) in [
        ("b.py:3:1", "class", "no-identifier"),
        ("b.py:3:1", "t", "same-name"),
        ("b.py:3:1", "__all__", "special-name"),
        ("b.py:3:1", "print", "capture"),
        ("b.py:3:1", "a", "collision"),
        ("b.py:1:8", "c", "module"),
        ("a.py:6:12", "count", "outside"),
        ("a.py:4:7", "b", "collision"),
        ("a.py:5:5", "len", "capture"),
        ("a.py:5:5", "x", "capture"),
        ("a.py:2:1", "y", "capture"),
        ("a.py:3:1", "width", "dynamic"),
        ("a.py:11:17", "n", "dynamic"),
        ("a.py:10:5", "__q", "mangled"),
        ("a.py:14:13", "other", "found-by-name"),
        ("half.py:1:1", "w", "does-not-compile"),
    ] {
        assert_eq!(renamed(&project, &[place, new]), [reason], "{place} {new}");
    }
    let run = project.run(&["rename", "--format", "json", "b.py:3:1", "print"]);
    assert_eq!(json(&run)["refused"]["reason"], "capture");
}

#[test]
fn a_package_moves_with_all_that_is_in_it() {
    let project = shop();
    let run = project.run(&["rename", "shop", "store"]);
    assert_eq!(run.code, Some(0), "{}{}", run.stdout, run.stderr);
    let app = fs::read_to_string(project.path().join("app.py")).unwrap();
    assert_eq!(app, APP.replace("shop", "store"));
    assert!(project.path().join("store/prices.py").exists() && !project.path().join("shop").exists());
    let toml = fs::read_to_string(project.path().join("pyproject.toml")).unwrap();
    assert!(toml.contains("run = \"store.prices:bump\""), "{toml}");
}

#[test]
fn a_module_moves_to_another_package() {
    let project = Project::new(&[
        ("a/__init__.py", ""),
        ("a/old.py", "from .words import W\nfrom . import words\nX = W\n"),
        ("a/words.py", "W = 1\n"),
        ("b/__init__.py", ""),
        (
            "m.py",
            "import importlib\nfrom a.old import X\nfrom a import old\nprint(X, old.X, importlib.import_module(\"a.old\"))\n",
        ),
        ("n.py", "note = 'a.old.X'\n"),
    ]);
    let run = project.run(&["rename", "a.old", "b.new"]);
    assert_eq!(run.code, Some(0), "{}{}", run.stdout, run.stderr);
    assert!(run.stdout.contains("left alone: n.py:1:9"), "{}", run.stdout);
    let text = |path: &str| fs::read_to_string(project.path().join(path)).unwrap();
    assert_eq!(text("b/new.py"), "from a.words import W\nfrom a import words\nX = W\n");
    let moved = "import importlib\nfrom b.new import X\nfrom b import new as old\n\
                 print(X, old.X, importlib.import_module(\"b.new\"))\n";
    assert_eq!(text("m.py"), moved);
    for (new, word) in [("b.class", "no-identifier"), ("b", "collision"), ("c.d", "unknown"), ("json", "collision")] {
        assert_eq!(renamed(&project, &["a.words", new]), [word], "{new}");
    }
    let run = project.run(&["rename", "a.wrods", "a.x"]);
    assert!(run.stdout.contains("did you mean `a.words`?"), "{}", run.stdout);
}

#[test]
fn bad_input_is_told() {
    let project = shop();
    for (place, message) in [
        ("app.py:4:1", "no name at app.py:4:1; near it: "),
        ("app.py:99:1", "app.py has no line 99"),
        ("app.py:5:999", "line 5 has no column 999"),
        ("app.py:5", "write `FILE:LINE:COLUMN`"),
        ("missing.py:1:1", "missing.py: no such file"),
        ("shop/prices.py:4:12", ""),
    ] {
        let run = project.run(&["references", place]);
        assert_eq!(run.code, Some(if message.is_empty() { 0 } else { 2 }), "{place}: {}", run.stderr);
        assert!(run.stderr.contains(message), "{place}: {}", run.stderr);
    }
    project.write("attr.py", "def f(o):\n    return o.name\n");
    let run = project.run(&["definition", "attr.py:2:14"]);
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("is an attribute of a value"), "{}", run.stderr);
}
