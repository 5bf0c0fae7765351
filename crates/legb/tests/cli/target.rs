//! Which Python versions `check` answers for.

use serde_json::Value;

use crate::project::{CLEAN, Project, UNBOUND};

#[test]
fn an_unknown_version_is_2_and_the_known_ones_are_listed() {
    for version in ["3.7", "3.16", "two", "3.8,nine", ""] {
        let run = Project::new(&[("a.py", CLEAN)]).run(&["check", "--target-version", version]);
        assert_eq!(run.code, Some(2), "{version}");
        assert!(run.stderr.contains("3.8, 3.9, 3.10, 3.11, 3.12, 3.13, 3.14, 3.15"), "{}", run.stderr);
    }
}

#[test]
fn the_project_says_which_version_unless_it_is_not_asked() {
    let project = Project::new(&[
        ("pyproject.toml", "[project]\nrequires-python = '>=3.9,<4'\n"),
        ("match.py", "match 1:\n    case 1:\n        print()\n"),
    ]);
    assert_eq!(project.run(&["check"]).code, Some(1));
    assert_eq!(project.run(&["check", "--isolated"]).code, Some(0));
    assert_eq!(project.run(&["check", "--target-version", "3.10"]).code, Some(0));
}

#[test]
fn a_broken_pyproject_is_told_and_the_run_goes_on() {
    let project = Project::new(&[("pyproject.toml", "[project\n"), ("a.py", UNBOUND)]);
    let run = project.run(&["check"]);
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("pyproject.toml: is not valid TOML: line 1"), "{}", run.stderr);
    assert!(run.stdout.contains("unbound-local"), "{}", run.stdout);
}

#[test]
fn answers_for_several_versions_are_merged_and_labelled() {
    let project = Project::new(&[("a.py", UNBOUND)]);
    let run = project.run(&["check", "--format", "json", "--target-version", "all"]);
    let rows: Vec<Value> = serde_json::from_str(&run.stdout).unwrap();
    let labels: Vec<Vec<&str>> = rows
        .iter()
        .map(|row| row["versions"].as_array().unwrap().iter().map(|version| version.as_str().unwrap()).collect())
        .collect();
    assert_eq!(labels, [vec!["3.8", "3.9", "3.10"], vec!["3.11", "3.12", "3.13", "3.14", "3.15"]]);
    let text = project.run(&["check", "--target-version", "3.8,3.13", "--format", "concise"]).stdout;
    assert!(text.contains("(Python 3.8)") && text.contains("(Python 3.13)"), "{text}");
    let same = project.run(&["check", "--target-version", "3.12,3.13", "--format", "concise"]).stdout;
    assert!(!same.contains("(Python"), "{same}");
}
