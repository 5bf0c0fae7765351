//! The commands other than `check`.

use serde_json::Value;

use crate::project::{CLEAN, Project, UNBOUND};

const NESTED: &str =
    "total = 0\n\ndef outer(start):\n    def inner():\n        return start + total + len(missing)\n    return inner\n";

#[test]
fn scopes_prints_a_tree() {
    let project = Project::new(&[("a.py", NESTED)]);
    let run = project.run(&["scopes", "--target-version", "3.13", "a.py"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert!(run.stdout.starts_with("a.py (Python 3.13)\nmodule"), "{}", run.stdout);
    assert!(run.stdout.contains("start from outer (free)"), "{}", run.stdout);
}

#[test]
fn scopes_prints_one_json_object_per_file_and_version() {
    let project = Project::new(&[("b.py", NESTED), ("a.py", "return 1 +\n")]);
    let run = project.run(&["scopes", "--format", "json", "--target-version", "3.8,3.13", "."]);
    assert_eq!(run.code, Some(1));
    let rows: Vec<Value> = run.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let heads: Vec<String> = rows.iter().map(|row| format!("{}{}{}", row["path"], row["python"], row["ok"])).collect();
    assert_eq!(heads, [r#""a.py""3.8"false"#, r#""a.py""3.13"false"#, r#""b.py""3.8"true"#, r#""b.py""3.13"true"#]);
}

#[test]
fn scopes_goes_on_past_a_missing_file() {
    let project = Project::new(&[("a.py", CLEAN)]);
    let run = project.run(&["scopes", "missing.py", "a.py"]);
    assert_eq!(run.code, Some(2));
    assert!(run.stdout.contains("a.py") && run.stderr.contains("missing.py"), "{}{}", run.stdout, run.stderr);
}

#[test]
fn explain_takes_a_place_a_line_or_a_name() {
    let project = Project::new(&[("a.py", NESTED)]);
    let scopes = |words: &[&str]| -> Vec<String> {
        let run = project.run(&[&["explain", "--format", "json"], words].concat());
        assert_eq!(run.code, Some(0), "{}", run.stderr);
        let rows = run.stdout.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        rows.map(|row| format!("{} {}", row["name"].as_str().unwrap(), row["scope"].as_str().unwrap())).collect()
    };
    assert_eq!(scopes(&["a.py:5:16"]), ["start enclosing"]);
    assert_eq!(scopes(&["a.py:5"]), ["start enclosing", "total global", "len builtin", "missing unresolved"]);
    assert_eq!(scopes(&["a.py", "total"]), ["total global", "total global"]);
    let text = project.run(&["explain", "a.py:5:16"]).stdout;
    assert!(text.contains("start") && text.contains("outer"), "{text}");
}

#[test]
fn explain_labels_answers_that_differ_by_version() {
    let project = Project::new(&[("a.py", UNBOUND)]);
    let explained = |versions: &str| project.run(&["explain", "--target-version", versions, "a.py:2:11"]).stdout;
    let text = explained("3.10,3.11");
    assert!(text.contains("(Python 3.10)") && text.contains("(Python 3.11)"), "{text}");
    let same = explained("3.12,3.13");
    assert_eq!(same.matches("(Python 3.12–3.13)").count(), 1, "{same}");
    assert_eq!(same.matches("a.py:2:11").count(), 1, "{same}");
}

#[test]
fn explain_tells_what_it_cannot_find() {
    let project = Project::new(&[("a.py", NESTED)]);
    for (words, message) in [
        (&["a.py:"] as &[&str], "names no place"),
        (&["a.py:2"], "no name in a.py:2; near it: `total` at 1:1"),
        (&["a.py:99"], "a.py has no line 99; the last is 7"),
        (&["a.py:1:99"], "line 1 has no column 99"),
        (&["a.py", "nowhere"], "`nowhere` is not mentioned in a.py"),
        (&["missing.py:1"], "missing.py: cannot be read: no such file or directory"),
    ] {
        let run = project.run(&[&["explain"], words].concat());
        assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{words:?}");
        assert!(run.stderr.contains(message), "{words:?}: {}", run.stderr);
    }
}

#[test]
fn rule_lists_and_describes() {
    let project = Project::new(&[]);
    let list = project.run(&["rule"]);
    assert_eq!(list.code, Some(0));
    assert!(list.stdout.lines().any(|line| line.starts_with("LEGB101  unbound-local ")), "{}", list.stdout);
    let by_name = project.run(&["rule", "unbound-local"]).stdout;
    assert!(by_name.starts_with("unbound-local (LEGB101)\n"), "{by_name}");
    assert_eq!(project.run(&["rule", "LEGB101"]).stdout, by_name);
    let group = project.run(&["rule", "scope"]).stdout;
    assert!(group.lines().all(|line| line.starts_with("LEGB2")), "{group}");
    let data: Value = serde_json::from_str(&project.run(&["rule", "--format", "json", "LEGB101"]).stdout).unwrap();
    assert_eq!(data[0]["name"], "unbound-local");
    let unknown = project.run(&["rule", "unbound-locals"]);
    assert_eq!(unknown.code, Some(2));
    assert!(unknown.stderr.contains("did you mean `unbound-local`?"), "{}", unknown.stderr);
}

#[test]
fn completions_are_printed() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let run = Project::new(&[]).run(&["completions", shell]);
        assert_eq!(run.code, Some(0));
        assert!(run.stdout.contains("target-version"), "{shell}");
    }
}
