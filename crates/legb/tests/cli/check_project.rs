//! `check` beyond one file: findings about imports, the same for a file alone as in a full run.

use serde_json::Value;

use crate::project::Project;

const BROKEN: &[(&str, &str)] = &[
    ("pyproject.toml", "[project]\nname = \"demo\"\n"),
    ("pkg/__init__.py", ""),
    ("pkg/tools.py", "def load():\n    return 1\n"),
    ("pkg/app.py", "from .tools import lod\nfrom .gone import x\nprint(lod, x)\n"),
    ("main.py", "import pkg\n\nprint(pkg.tools.load())\n"),
];

fn rules(text: &str) -> Vec<(String, u64, String)> {
    let findings: Vec<Value> = serde_json::from_str(text).unwrap();
    let mut rules: Vec<_> = findings
        .iter()
        .map(|finding| {
            let text = |key: &str| finding[key].as_str().unwrap().to_owned();
            (text("path"), finding["range"]["start"]["line"].as_u64().unwrap(), text("rule"))
        })
        .collect();
    rules.sort();
    rules
}

#[test]
fn a_file_gets_the_same_findings_alone_as_in_a_full_run() {
    let project = Project::new(BROKEN);
    let all = rules(&project.run(&["check", "--format", "json"]).stdout);
    let expected = [("pkg/app.py", 1, "unresolved-name-in-module"), ("pkg/app.py", 2, "unresolved-import")];
    assert_eq!(all, expected.map(|(path, line, rule)| (path.to_owned(), line, rule.to_owned())));
    for file in ["pkg/app.py", "main.py", "pkg/tools.py", "pkg/__init__.py"] {
        let alone = rules(&project.run(&["check", "--format", "json", file]).stdout);
        let of_file: Vec<_> = all.iter().filter(|(path, ..)| path == file).cloned().collect();
        assert_eq!(alone, of_file, "{file}");
    }
}

#[test]
fn nobody_imports_the_submodule() {
    let project = Project::new(&BROKEN[..3]);
    project.write("main.py", "import pkg\n\nprint(pkg.tools.load())\n");
    let run = project.run(&["check", "--format", "json", "main.py"]);
    assert_eq!(rules(&run.stdout), [("main.py".to_owned(), 3, "submodule-not-imported".to_owned())]);
    assert!(run.stdout.contains("AttributeError: module 'pkg' has no attribute 'tools'"), "{}", run.stdout);
}

#[test]
fn standard_input_stands_for_a_file_of_the_project() {
    let project = Project::new(BROKEN);
    let run = project.run_with_input(
        &["check", "--format", "json", "--stdin-filename", "pkg/app.py", "-"],
        "from .tools import load\nfrom .nope import y\nprint(load, y)\n",
    );
    assert_eq!(rules(&run.stdout), [("pkg/app.py".to_owned(), 2, "unresolved-import".to_owned())]);
}

#[test]
fn comments_silence_findings_about_the_project() {
    let project = Project::new(&BROKEN[..3]);
    project.write(
        "pkg/app.py",
        "from .gone import x  # noqa: LEGB303\nfrom .tools import y  # legb: ignore\nprint(x, y)\n",
    );
    assert_eq!(project.run(&["check", "pkg"]).code, Some(0));
}

#[test]
fn findings_of_several_versions_are_joined() {
    let project = Project::new(BROKEN);
    let run = project.run(&["check", "--target-version", "3.8,3.13", "--format", "concise", "pkg"]);
    assert_eq!(run.stdout.matches("unresolved-import").count(), 1, "{}", run.stdout);
}

#[test]
fn a_comment_on_any_import_of_a_cycle_silences_it() {
    let ours = "from b import y  # legb: ignore[circular-import]\nx = 1\nprint(y)\n";
    let files = [("a.py", "from b import y\nx = 1\nprint(y)\n"), ("b.py", "from a import x\ny = 2\nprint(x)\n")];
    let project = Project::new(&files);
    assert_eq!(project.run(&["check", "--select", "circular-import"]).code, Some(1));
    project.write("a.py", ours);
    let run = project.run(&["check", "--select", "circular-import"]);
    assert_eq!(run.code, Some(0), "{}", run.stdout);
}

#[test]
fn a_function_of_another_module_that_never_returns_ends_the_path() {
    let reader = "from errors import stop\n\ndef read(text):\n    try:\n        value = int(text)\n    except ValueError:\n        \
                  stop(text)\n    return value\n\nprint(read('1'))\n";
    let errors = "def stop(reason):\n    print(reason)\n    raise SystemExit(2)\n";
    let project = Project::new(&[("reader.py", reader), ("errors.py", errors)]);
    let run = project.run(&["check", "--format", "concise"]);
    assert_eq!(run.code, Some(0), "{}", run.stdout);
    project.write("errors.py", "def stop(reason):\n    print(reason)\n");
    let run = project.run(&["check", "--format", "concise"]);
    assert!(run.stdout.contains("[possibly-unbound] `value`"), "{}", run.stdout);
}

#[test]
fn parameters_that_hide_a_builtin_are_told_as_the_setting_says() {
    let project = Project::new(&[("a.py", "def f(input):\n    return input\n")]);
    let told =
        |args: &[&str]| project.run(&[&["check", "--format", "concise"], args].concat()).stdout.contains("LEGB202");
    assert!(!told(&[]) && told(&["--select", "builtin-shadowing"]));
    project.write("legb.toml", "builtin-shadowing-arguments = true\n");
    assert!(told(&[]));
    project.write("legb.toml", "builtin-shadowing-arguments = false\n");
    assert!(!told(&["--select", "builtin-shadowing"]));
}
