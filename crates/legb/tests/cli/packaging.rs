//! What the hook, the action and the template run is what the binary understands.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::project::{CLEAN, Project, Run, UNBOUND};

fn file(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(name)).unwrap()
}

/// The values of a key of a YAML file with one key on a line, without quotes.
fn values(name: &str, key: &str) -> Vec<String> {
    let text = file(name);
    let lines =
        text.lines().filter_map(|line| line.trim().trim_start_matches("- ").strip_prefix(key)?.strip_prefix(": "));
    lines.map(|value| value.trim_matches('"').to_owned()).collect()
}

fn run(project: &Project, words: &str, more: &[&str]) -> Run {
    let words: Vec<&str> = words.split(' ').collect();
    project.run(&[&words, more].concat())
}

fn broken() -> Project {
    Project::new(&[
        (
            "legb.toml",
            "[[contracts]]\nname = 'x'\ntype = 'forbidden'\nsource_modules = ['a']\nforbidden_modules = ['b']\n",
        ),
        ("a.py", &format!("import b\n{UNBOUND}")),
        ("b.py", CLEAN),
    ])
}

#[test]
fn hooks_find_what_is_wrong() {
    let entries = values(".pre-commit-hooks.yaml", "entry");
    let [check, contracts] = entries.as_slice() else { panic!("{entries:?}") };
    let arguments = |entry: &str| entry.strip_prefix("legb ").unwrap().to_owned();
    let found = run(&broken(), &arguments(check), &["a.py"]);
    assert_eq!((found.code, found.stdout.contains("unbound-local")), (Some(1), true), "{}", found.stderr);
    assert_eq!(run(&broken(), &arguments(check), &["b.py"]).code, Some(0));
    assert_eq!(run(&broken(), &arguments(contracts), &[]).code, Some(1));
}

#[test]
fn the_action_annotates() {
    let defaults = values("action.yml", "default");
    let words = defaults.iter().find(|default| default.starts_with("check")).unwrap();
    let found = run(&broken(), words, &[]);
    assert_eq!(found.code, Some(1));
    assert!(found.stdout.contains("::error "), "{}", found.stdout);
}

#[test]
fn the_template_writes_a_report() {
    let words = values("packaging/ci/gitlab.yml", "LEGB_ARGUMENTS");
    let project = broken();
    assert_eq!(run(&project, &words[0], &[]).code, Some(1));
    let report = values("packaging/ci/gitlab.yml", "codequality");
    let text = fs::read_to_string(project.path().join(&report[0])).unwrap();
    let rows: Vec<Value> = serde_json::from_str(&text).unwrap();
    assert!(rows.iter().any(|row| row["check_name"].to_string().contains("unbound-local")), "{text}");
}

#[test]
fn the_module_for_python_has_no_version_of_its_own() {
    let manifest = file("packaging/python/pyproject.toml");
    assert!(manifest.contains("dynamic = [\"version\"]") && !manifest.contains("\nversion"), "{manifest}");
}
