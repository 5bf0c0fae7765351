//! `legb graph`, `legb cycles` and `legb imports`.

use serde_json::{Value, json};

use crate::project::Project;

/// A package with an import of each kind.
fn shop() -> Project {
    Project::new(&[
        ("shop/__init__.py", ""),
        (
            "shop/cli.py",
            "import shop.orders\n\
             from typing import TYPE_CHECKING\n\
             if TYPE_CHECKING:\n    from shop.db import Row\n\
             try:\n    from . import fast\nexcept ImportError:\n    fast = None\n\
             def main():\n    from .db import connect\n    connect()\n",
        ),
        (
            "shop/orders.py",
            "import sys, importlib\nif sys.platform:\n    import shop.db\nimportlib.import_module('shop.fast')\n",
        ),
        ("shop/db.py", "import yaml.nodes, json\nfrom shop import missing\n"),
        ("shop/fast.py", ""),
        ("other.py", "import shop.fast as f, shop\n"),
    ])
}

fn graph(project: &Project, args: &[&str]) -> Value {
    let run = project.run(&[&["graph", "--format", "json"], args].concat());
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{}{}", run.stdout, run.stderr))
}

/// `from -> to` of each edge.
fn edges(project: &Project, args: &[&str]) -> Vec<String> {
    let found = graph(project, args);
    let text = |value: &Value| value.as_str().unwrap().replace("shop.", ".");
    found["edges"]
        .as_array()
        .unwrap()
        .iter()
        .map(|edge| format!("{} -> {}", text(&edge["from"]), text(&edge["to"])))
        .collect()
}

fn modules(project: &Project, args: &[&str]) -> Vec<String> {
    let found = graph(project, args);
    found["modules"].as_array().unwrap().iter().map(|row| row["module"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn edges_have_their_lines_and_when_they_run() {
    let found = graph(&shop(), &[]);
    let import = |path: &str, line: u32, when: &str| json!({"path": path, "line": line, "when": when});
    assert_eq!(
        found["edges"],
        json!([
            {"from": "other", "to": "shop", "imports": [import("other.py", 1, "module")]},
            {"from": "other", "to": "shop.fast", "imports": [import("other.py", 1, "module")]},
            {"from": "shop.cli", "to": "shop.db", "imports": [
                import("shop/cli.py", 4, "type-checking"), import("shop/cli.py", 10, "function")]},
            {"from": "shop.cli", "to": "shop.fast", "imports": [import("shop/cli.py", 6, "try")]},
            {"from": "shop.cli", "to": "shop.orders", "imports": [import("shop/cli.py", 1, "module")]},
            {"from": "shop.db", "to": "shop", "imports": [import("shop/db.py", 2, "module")]},
            {"from": "shop.orders", "to": "shop.db", "imports": [import("shop/orders.py", 3, "conditional")]},
            {"from": "shop.orders", "to": "shop.fast", "imports": [import("shop/orders.py", 4, "dynamic")]},
        ])
    );
    assert_eq!(found["modules"][1], json!({"module": "shop", "path": "shop/__init__.py", "kind": "package"}));
    assert_eq!(found["modules"][2], json!({"module": "shop.cli", "path": "shop/cli.py", "kind": "module"}));
}

#[test]
fn lazy_imports_are_lazy() {
    let project = Project::new(&[("a.py", "lazy import b\n"), ("b.py", "")]);
    let found = graph(&project, &["--target-version", "3.15"]);
    assert_eq!(found["edges"][0]["imports"], json!([{"path": "a.py", "line": 1, "when": "lazy"}]));
    assert!(edges(&project, &["--eager-only"]).is_empty());
}

#[test]
fn parts_of_the_graph_can_be_chosen() {
    let project = shop();
    let all = edges(&project, &[]);
    assert_eq!(all.len(), 8);
    let none: [&str; 0] = [];
    for (args, expected) in [
        (&["--from", "shop.orders"] as &[&str], &[".db -> shop", ".orders -> .db", ".orders -> .fast"] as &[&str]),
        (&["--from", "shop.orders", "--depth", "1"], &[".orders -> .db", ".orders -> .fast"]),
        (&["--to", "shop.db", "--depth", "1"], &[".cli -> .db", ".orders -> .db"]),
        (&["--from", "shop.cli", "--to", "shop.db"], &[".cli -> .db", ".cli -> .orders", ".orders -> .db"]),
        (&["--from", "shop.db", "--to", "shop.cli"], &none),
        (
            &["--from", "shop.fast", "--reverse"],
            &[".fast -> .cli", ".fast -> .orders", ".fast -> other", ".orders -> .cli"],
        ),
        (&["--eager-only", "--from", "shop/cli.py", "--depth", "1"], &[".cli -> .fast", ".cli -> .orders"]),
        (&["--package", "shop", "--to", "shop.fast"], &[".cli -> .fast", ".cli -> .orders", ".orders -> .fast"]),
        (&["--group", "1"], &["other -> shop"]),
        (&["--path", "shop.cli", "shop"], &[".cli -> .db", ".db -> shop"]),
        (&["--path", "shop", "shop.cli"], &none),
        (&["--path", "shop", "shop.cli", "--reverse"], &["shop -> .db", ".db -> .cli"]),
        (&["other.py"], &["other -> shop", "other -> .fast"]),
        (&["--from", "other", "--packages-above"], &["other -> shop", "other -> .fast"]),
        (&["--from", "shop.db", "--external"], &[".db -> json", ".db -> shop", ".db -> yaml"]),
    ] {
        let mut found = edges(&project, args);
        let mut expected = expected.to_vec();
        found.sort();
        expected.sort_unstable();
        assert_eq!(found, expected, "{args:?}");
    }
    assert_eq!(modules(&project, &["other.py"]), ["other", "shop", "shop.fast"]);
    let outside = graph(&project, &["--from", "shop.db", "--external"]);
    assert_eq!(outside["modules"][0], json!({"module": "json", "path": null, "kind": "stdlib"}));
    assert_eq!(outside["modules"][3], json!({"module": "yaml", "path": null, "kind": "third-party"}));
}

#[test]
fn loading_a_module_loads_the_packages_above_it() {
    let project =
        Project::new(&[("a/__init__.py", ""), ("a/b/__init__.py", ""), ("a/b/c.py", ""), ("x.py", "import a.b.c\n")]);
    assert_eq!(edges(&project, &[]), ["x -> a.b.c"]);
    assert_eq!(edges(&project, &["--packages-above"]), ["x -> a", "x -> a.b", "x -> a.b.c"]);
}

#[test]
fn a_small_graph_is_a_tree() {
    let run = shop().run(&["graph"]);
    assert_eq!(
        run.stdout,
        "\
other
├─ shop  other.py:1
└─ shop.fast  other.py:1
shop.cli
├─ shop.db  shop/cli.py:4, shop/cli.py:10  in a function, for type checkers only
│  └─ shop  shop/db.py:2
├─ shop.fast  shop/cli.py:6  in try
└─ shop.orders  shop/cli.py:1
   ├─ shop.db …  shop/orders.py:3  conditional
   └─ shop.fast  shop/orders.py:4  by a call

… the rest is shown above
"
    );
}

#[test]
fn a_large_graph_is_summed_up() {
    let mut files = vec![("base.py".to_owned(), String::new())];
    files.extend((0..100).map(|number| (format!("m{number:02}.py"), "import base\nimport m00\n".to_owned())));
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let run = Project::new(&files).run(&["graph"]);
    assert_eq!(run.code, Some(0));
    assert!(run.stdout.starts_with("101 modules, 199 pairs of them joined by 199 imports\n"), "{}", run.stdout);
    assert!(run.stdout.contains("100  base\n"), "{}", run.stdout);
    assert!(run.stdout.lines().count() < 40, "{}", run.stdout);
}

#[test]
fn chains_are_shown_with_their_lines() {
    let project = shop();
    let run = project.run(&["graph", "--path", "shop.cli", "shop"]);
    assert!(run.stdout.starts_with("shop.cli → shop.db → shop\n"), "{}", run.stdout);
    assert!(
        run.stdout.contains("shop/cli.py:4, shop/cli.py:10") && run.stdout.contains("shop/db.py:2"),
        "{}",
        run.stdout
    );
    let none = project.run(&["graph", "--path", "shop", "shop.cli"]);
    assert_eq!(none.code, Some(0));
    assert!(
        none.stdout.contains("No chain") && none.stdout.contains("legb graph --path shop.cli shop"),
        "{}",
        none.stdout
    );
}

#[test]
fn unknown_modules_name_the_nearest() {
    for args in
        [&["--from", "shop.ordrs"] as &[&str], &["--path", "shop.cli", "shop.ordrs"], &["--package", "shop.ordrs"]]
    {
        let run = shop().run(&[&["graph"], args].concat());
        assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{args:?}");
        assert!(
            run.stderr.contains("no module `shop.ordrs`") && run.stderr.contains("did you mean `shop.orders`?"),
            "{}",
            run.stderr
        );
    }
}

#[test]
fn other_programs_can_draw_the_graph() {
    let project = shop();
    let dot = project.run(&["graph", "--format", "dot", "--external", "--from", "shop.db"]).stdout;
    assert!(dot.starts_with("digraph imports {\n") && dot.ends_with("}\n"), "{dot}");
    assert!(dot.contains("  \"shop.db\" -> \"json\";\n") && dot.contains("  \"yaml\" [style=dotted];\n"), "{dot}");
    let mermaid = project.run(&["graph", "--format", "mermaid", "--from", "shop.cli", "--depth", "1"]).stdout;
    assert_eq!(
        mermaid,
        "flowchart LR\n  n0[\"shop.cli\"]\n  n1[\"shop.db\"]\n  n2[\"shop.fast\"]\n  n3[\"shop.orders\"]\n  \
         n0 -.-> n1\n  n0 --> n2\n  n0 --> n3\n"
    );
    let csv = project.run(&["graph", "--format", "csv", "--from", "shop.orders", "--depth", "1"]).stdout;
    assert_eq!(
        csv,
        "from,to,path,line,when\nshop.orders,shop.db,shop/orders.py,3,conditional\n\
         shop.orders,shop.fast,shop/orders.py,4,dynamic\n"
    );
}

#[test]
fn scripts_find_what_lies_beside_them() {
    let project =
        Project::new(&[("tools/run.py", "import part\nimport json\n"), ("tools/part.py", ""), ("tools/json.py", "")]);
    assert_eq!(edges(&project, &["."]), ["tools.run -> tools.part"]);
}

#[test]
fn modules_that_python_has_already_are_not_taken_from_the_project() {
    let project = Project::new(&[("sys.py", ""), ("random.py", ""), ("a.py", "import sys, random\n")]);
    assert_eq!(edges(&project, &[]), ["a -> random"]);
}

#[test]
fn cycles_have_groups_smallest_cycles_and_a_cut() {
    let project = Project::new(&[
        ("a.py", "import b\n\ndef f():\n    return b.x\n"),
        ("b.py", "import c\nx = c.y\n"),
        ("c.py", "y = 1\nimport a\nimport b\n"),
        ("d.py", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import e\n"),
        ("e.py", "import d\n"),
    ]);
    let run = project.run(&["cycles", "--format", "json"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let found: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(found.as_array().unwrap().len(), 1, "{found}");
    assert_eq!(found[0]["modules"], json!(["a", "b", "c"]));
    assert_eq!(found[0]["cycles"], json!([["b", "c"], ["a", "b", "c"]]));
    let verdicts: Vec<&Value> = found[0]["entries"].as_array().unwrap().iter().map(|row| &row["verdict"]).collect();
    assert_eq!(verdicts, ["works"; 3]);
    let cut = &found[0]["cut"];
    assert_eq!((&cut["verified"], &cut["edits"], &cut["least"]), (&json!(false), &json!([]), &json!(true)));
    assert_eq!(cut["imports"], json!([{"from": "b", "to": "c", "path": "b.py", "lines": [1], "ease": "at-import"}]));
    assert!(cut["title"].as_str().unwrap().contains("b.py:1"), "{cut}");
    let all: Value = serde_json::from_str(&project.run(&["cycles", "--all", "--format", "json"]).stdout).unwrap();
    assert_eq!(all[1]["modules"], json!(["d", "e"]));
    let text = project.run(&["cycles"]).stdout;
    assert!(text.starts_with("One group of 3 modules that import each other while they are loaded\n"), "{text}");
    assert!(text.contains("b → c → b") && text.contains("b.py:1 imports c"), "{text}");
}

#[test]
fn of_cuts_of_one_size_the_easiest_is_taken() {
    let project = Project::new(&[("a.py", "import b\nx = b\n"), ("b.py", "import a\n\ndef f():\n    return a.x\n")]);
    let run = project.run(&["cycles"]);
    assert!(
        run.stdout.contains("cut 1 import: b.py:1 imports a  only functions use it: move it into the functions"),
        "{}",
        run.stdout
    );
}

#[test]
fn without_cycles_there_is_little_to_say() {
    let project = Project::new(&[("a.py", "import b\n"), ("b.py", "def f():\n    import a\n")]);
    let run = project.run(&["cycles"]);
    assert_eq!(run.code, Some(0));
    assert!(run.stdout.starts_with("No modules import each other while they are loaded."), "{}", run.stdout);
    assert_eq!(project.run(&["cycles", "--format", "json"]).stdout, "[]\n");
    let elsewhere = project.run(&["cycles", "--all", "--format", "json", "a.py"]).stdout;
    let elsewhere: Value = serde_json::from_str(&elsewhere).unwrap();
    assert_eq!(elsewhere[0]["modules"], json!(["a", "b"]));
}

fn imports(project: &Project, args: &[&str]) -> String {
    let run = project.run(&[&["imports", "--format", "csv"], args].concat());
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    run.stdout.lines().skip(1).collect::<Vec<_>>().join(" ")
}

#[test]
fn imports_are_counted_by_file() {
    let project = Project::new(&[
        ("pkg/__init__.py", "from . import a\nfrom .a import x\n"),
        ("pkg/a.py", "import os.path\nimport os\nimport os\nfrom yaml import load\n"),
        (
            "pkg/b.py",
            "from .. import nothing\nfrom . import a as other\nimport os, requests.auth\nfrom os import path\n",
        ),
        ("main.py", "import pkg.a\nfrom pkg import VERSION\n"),
    ]);
    assert_eq!(
        imports(&project, &[]),
        "pkg.a,3,first-party os,2,stdlib os.path,1,stdlib pkg,1,first-party requests.auth,1,third-party yaml,1,third-party"
    );
    assert_eq!(imports(&project, &["--kind", "third-party,stdlib", "--top", "2"]), "os,2,stdlib os.path,1,stdlib");
    assert_eq!(
        imports(&project, &["--depth", "1"]),
        "pkg,3,first-party os,2,stdlib requests,1,third-party yaml,1,third-party"
    );
    assert_eq!(imports(&project, &["pkg/a.py"]), "os,1,stdlib os.path,1,stdlib yaml,1,third-party");
    let rows: Value =
        serde_json::from_str(&project.run(&["imports", "--format", "json", "--top", "1"]).stdout).unwrap();
    assert_eq!(rows, json!([{"module": "pkg.a", "files": 3, "kind": "first-party"}]));
    let text = project.run(&["imports", "--top", "1"]).stdout;
    assert!(
        text.contains("3  pkg.a  first-party") && text.contains("the first 1 of 6 imported modules, 4 files"),
        "{text}"
    );
}

#[test]
fn imports_are_compared_with_what_is_declared() {
    let project = Project::new(&[
        ("pyproject.toml", "[project]\nname = 'x'\ndependencies = ['PyYAML', 'requests>=2']\n"),
        ("a.py", "import yaml.nodes\nimport numpy\nimport json\n"),
    ]);
    assert_eq!(imports(&project, &["--not-declared"]), "numpy,1,third-party");
    let unused = project.run(&["imports", "--unused-dependencies", "--format", "json"]);
    let rows: Value = serde_json::from_str(&unused.stdout).unwrap();
    assert_eq!(rows.as_array().unwrap().len(), 1, "{rows}");
    assert_eq!((&rows[0]["name"], &rows[0]["line"]), (&json!("requests"), &json!(3)));
}

#[test]
fn the_environment_that_is_named_says_what_its_packages_bring() {
    let site = "env/lib/python3.12/site-packages";
    let project = Project::new(&[
        ("pyproject.toml", "[project]\nname = 'x'\ndependencies = ['odd-name']\n"),
        ("app.py", "import quite_another\n"),
        ("env/pyvenv.cfg", "home = /usr/bin\nversion = 3.12.1\n"),
        (&format!("{site}/quite_another/__init__.py"), ""),
        (&format!("{site}/odd_name-1.0.dist-info/METADATA"), "Name: odd-name\n"),
        (&format!("{site}/odd_name-1.0.dist-info/top_level.txt"), "quite_another\n"),
    ]);
    let arguments = |option| ["app.py", option, "--target-version", "3.12"];
    assert_eq!(imports(&project, &arguments("--not-declared")), "quite_another,1,third-party");
    let here = ["app.py", "--not-declared", "--target-version", "3.12", "--python", "env"];
    assert_eq!(imports(&project, &here), "");
    let broken = project.run(&["imports", "--not-declared", "--python", "nowhere"]);
    assert_eq!(broken.code, Some(2));
    assert!(broken.stderr.contains("--python") && broken.stderr.contains("nowhere"), "{}", broken.stderr);
}

#[test]
fn two_files_for_one_name_are_told() {
    let project = Project::new(&[("a.py", ""), ("a/__init__.py", ""), ("b.py", "import a\n")]);
    let run = project.run(&["graph", "--format", "json"]);
    assert_eq!(run.code, Some(0));
    assert!(run.stderr.contains("a.py: is not what `import a` loads: that is a/__init__.py"), "{}", run.stderr);
    assert_eq!(edges(&project, &[]), ["b -> a"]);
}

#[test]
fn what_is_wrong_is_told_and_the_rest_goes_on() {
    let project = Project::new(&[("a.py", "import b\n"), ("b.py", ""), ("c.py", "# coding: nonsense\nimport b\n")]);
    for command in ["graph", "cycles", "imports"] {
        let missing = project.run(&[command, "missing", "a.py"]);
        assert_eq!(missing.code, Some(2), "{command}");
        assert!(missing.stderr.contains("missing: no such file or folder"), "{}", missing.stderr);
        let undecodable = project.run(&[command]);
        assert_eq!(undecodable.code, Some(0), "{command}: {}", undecodable.stderr);
        assert!(undecodable.stderr.contains("c.py: has no text: SyntaxError"), "{}", undecodable.stderr);
        assert!(
            undecodable.stdout.contains(if command == "cycles" { "No modules" } else { "b" }),
            "{}",
            undecodable.stdout
        );
    }
    project.write("pyproject.toml", "[project]\nname = \n");
    let broken = project.run(&["graph"]);
    assert_eq!(broken.code, Some(2));
    assert!(broken.stderr.contains("pyproject.toml: is not valid TOML: line 2, column 8"), "{}", broken.stderr);
    assert_eq!(broken.stderr.matches("is not valid TOML").count(), 1, "{}", broken.stderr);
    assert!(broken.stdout.contains("a\n└─ b  a.py:1"), "{}", broken.stdout);
}

#[cfg(unix)]
#[test]
fn a_package_that_is_a_link_loop_ends_nothing() {
    let project = Project::new(&[("pkg/__init__.py", ""), ("pkg/a.py", "import pkg\n")]);
    std::os::unix::fs::symlink(project.path().join("pkg"), project.path().join("pkg/self")).unwrap();
    std::os::unix::fs::symlink("loop", project.path().join("loop")).unwrap();
    let run = project.run(&["graph"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert!(run.stderr.contains("pkg/self: is a link to a folder above it"), "{}", run.stderr);
    assert!(run.stdout.contains("pkg.a"), "{}", run.stdout);
}

#[test]
fn an_import_is_made_lazy_only_where_the_version_is_told() {
    let project = Project::new(&[("a.py", "from b import y\nx = 1\n"), ("b.py", "from a import x\ny = x + 1\n")]);
    let lazy = "+lazy from b import y";
    let told = project.run(&["cycles", "--diff", "--target-version", "3.15"]);
    assert!(told.stdout.contains(lazy), "{}", told.stdout);
    let untold = project.run(&["cycles", "--diff"]);
    assert!(!untold.stdout.contains(lazy), "{}", untold.stdout);
}
