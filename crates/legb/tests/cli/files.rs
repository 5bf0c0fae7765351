//! Which files `check` looks at.

use crate::project::{CLEAN, Project, UNBOUND};

#[test]
fn folders_are_searched_and_ignore_files_respected() {
    let project = Project::new(&[
        ("pkg/a.py", UNBOUND),
        ("pkg/b.pyw", UNBOUND),
        ("pkg/c.txt", UNBOUND),
        ("pkg/generated.py", UNBOUND),
        ("pkg/local.py", UNBOUND),
        ("venv/lib/d.py", UNBOUND),
        (".git/HEAD", ""),
        (".git/info/exclude", "local.py\n"),
        (".gitignore", "generated.py\n"),
    ]);
    assert_eq!(project.findings(&[]), ["pkg/a.py:2 LEGB101", "pkg/b.pyw:2 LEGB101"]);
}

#[test]
fn a_file_named_is_checked_unless_exclusion_is_forced() {
    let project = Project::new(&[("venv/a.py", UNBOUND), ("script", UNBOUND)]);
    assert_eq!(project.findings(&["venv/a.py", "script"]), ["script:2 LEGB101", "venv/a.py:2 LEGB101"]);
    assert_eq!(project.findings(&["--force-exclude", "venv/a.py", "script"]), ["script:2 LEGB101"]);
}

#[test]
fn exclusion_replaces_or_extends_the_default() {
    let project =
        Project::new(&[("a/x.py", UNBOUND), ("b/x.py", UNBOUND), ("c/gen.py", UNBOUND), ("venv/x.py", UNBOUND)]);
    assert_eq!(project.findings(&["--exclude", "a,b"]), ["c/gen.py:2 LEGB101", "venv/x.py:2 LEGB101"]);
    assert_eq!(project.findings(&["--extend-exclude", "a", "--extend-exclude", "c/*.py"]), ["b/x.py:2 LEGB101"]);
    let bad = project.run(&["check", "--exclude", "a[b"]);
    assert_eq!(bad.code, Some(2));
    assert!(bad.stderr.contains("--exclude: `exclude` has the pattern `a[b`, which is none"), "{}", bad.stderr);
}

#[test]
fn a_file_named_twice_is_reported_once() {
    let project = Project::new(&[("pkg/a.py", UNBOUND)]);
    let absolute = project.path().join("pkg/a.py");
    let spellings = ["pkg/a.py", "./pkg/a.py", "pkg/../pkg/a.py", "pkg", ".", absolute.to_str().unwrap()];
    assert_eq!(project.findings(&spellings), ["pkg/a.py:2 LEGB101"]);
}

#[test]
fn no_file_at_all_is_a_warning() {
    let project = Project::new(&[("notes.txt", CLEAN)]);
    let run = project.run(&["check"]);
    assert_eq!(run.code, Some(0));
    assert!(run.stderr.contains("no Python files"), "{}", run.stderr);
}
