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

#[test]
fn the_version_stands_in_one_place() {
    let workspace = file("Cargo.toml");
    let version = env!("CARGO_PKG_VERSION");
    assert_eq!(workspace.matches(&format!("\nversion = \"{version}\"\n")).count(), 1);
    for folder in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("..")).unwrap() {
        let manifest = fs::read_to_string(folder.unwrap().path().join("Cargo.toml")).unwrap();
        assert!(manifest.contains("\nversion.workspace = true\n"), "{manifest}");
    }
    let run = Project::new(&[]).run(&["--version"]);
    assert_eq!(run.stdout, format!("legb {version}\n"));
}

#[test]
fn the_container_is_built_with_the_compiler_of_the_repository_and_runs_what_it_built() {
    let container = file("packaging/Containerfile");
    let toolchain = file("rust-toolchain.toml");
    let channel = toolchain.lines().find_map(|line| line.strip_prefix("channel = \"")?.strip_suffix('"')).unwrap();
    let (minor, _) = channel.rsplit_once('.').unwrap();
    assert!(container.contains(&format!("FROM rust:{minor}-")), "{container}");
    assert!(container.contains("cargo build --locked --release --package legb"), "{container}");
    let command = container.lines().find_map(|line| line.strip_prefix("CMD ")).unwrap();
    let words: Vec<String> = serde_json::from_str(command).unwrap();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    assert_eq!(broken().run(&words).code, Some(1));
}

#[test]
fn man_pages_and_completions_are_written_for_every_command() {
    let project = Project::new(&[]);
    assert_eq!(project.run(&["manual", "share"]).code, Some(0));
    let page = fs::read_to_string(project.path().join("share/man/legb-check.1")).unwrap();
    assert!(page.contains(".TH legb-check 1") && page.contains("\\-\\-select"), "{page}");
    for script in ["_legb", "_legb.ps1", "legb.bash", "legb.elv", "legb.fish"] {
        let text = fs::read_to_string(project.path().join("share/completions").join(script)).unwrap();
        assert!(text.contains("cycles"), "{script}");
    }
    project.write("taken", "");
    let failed = project.run(&["manual", "taken"]);
    assert_eq!(failed.code, Some(2));
    assert!(failed.stderr.contains("cannot create taken/man"), "{}", failed.stderr);
}
