//! `check --fix`, `--diff`, `--add-ignores`, baselines and reports in files.

use std::fs;

use crate::project::Project;

const UNUSED: &str = "def f():\n    import json\n    return 1\n\nprint(f())\n";
const FIXED: &str = "def f():\n    return 1\n\nprint(f())\n";

fn read(project: &Project, path: &str) -> Vec<u8> {
    fs::read(project.path().join(path)).unwrap()
}

#[test]
fn fix_writes_what_is_safe_and_reports_the_rest() {
    let project = Project::new(&[("a.py", UNUSED), ("b.py", "import os\n")]);
    let run = project.run(&["check", "--fix", "--format", "concise"]);
    assert_eq!(run.code, Some(1));
    assert!(run.stdout.starts_with("b.py:1:8: LEGB110"), "{}", run.stdout);
    assert_eq!(read(&project, "a.py"), FIXED.as_bytes());
    assert_eq!(read(&project, "b.py"), b"import os\n");
    let run = project.run(&["check", "--fix", "--unsafe-fixes"]);
    assert_eq!(run.code, Some(0), "{}", run.stdout);
    assert_eq!(read(&project, "b.py"), b"");
}

#[test]
fn diff_shows_and_writes_nothing() {
    let project = Project::new(&[("a.py", UNUSED)]);
    let run = project.run(&["check", "--diff"]);
    assert_eq!(run.code, Some(1));
    assert!(run.stdout.contains("--- a.py\n+++ a.py\n") && run.stdout.contains("-    import json\n"), "{}", run.stdout);
    assert_eq!(read(&project, "a.py"), UNUSED.as_bytes());
}

#[test]
fn encoding_line_endings_and_byte_order_mark_are_kept() {
    let project = Project::new(&[]);
    let crlf = UNUSED.replace('\n', "\r\n");
    project.write("crlf.py", [b"\xef\xbb\xbf", crlf.as_bytes()].concat());
    let latin = [b"# coding: latin-1\n# caf\xe9\n", UNUSED.as_bytes()].concat();
    project.write("latin.py", &latin);
    assert_eq!(project.run(&["check", "--fix"]).code, Some(0));
    assert_eq!(read(&project, "crlf.py"), [b"\xef\xbb\xbf", FIXED.replace('\n', "\r\n").as_bytes()].concat());
    assert_eq!(read(&project, "latin.py"), [b"# coding: latin-1\n# caf\xe9\n", FIXED.as_bytes()].concat());
}

#[cfg(unix)]
#[test]
fn read_only_files_are_told_and_the_others_fixed() {
    use std::os::unix::fs::PermissionsExt;
    let project = Project::new(&[("a.py", UNUSED), ("b.py", UNUSED)]);
    let path = project.path().join("a.py");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o444)).unwrap();
    fs::set_permissions(project.path().join("b.py"), fs::Permissions::from_mode(0o755)).unwrap();
    let run = project.run(&["check", "--fix"]);
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("a.py: not written: the file is read-only"), "{}", run.stderr);
    assert_eq!(read(&project, "b.py"), FIXED.as_bytes());
    let mode = fs::metadata(project.path().join("b.py")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o755);
}

#[test]
fn standard_input_comes_out_fixed() {
    let run = Project::new(&[]).run_with_input(&["check", "--fix", "-"], UNUSED);
    assert_eq!((run.code, run.stdout.as_str()), (Some(0), FIXED));
}

#[test]
fn a_baseline_knows_findings_by_their_text() {
    let project = Project::new(&[("a.py", "import os\n")]);
    assert_eq!(project.run(&["check", "--write-baseline"]).code, Some(0));
    assert_eq!(project.run(&["check", "--baseline", "legb-baseline.json"]).code, Some(0));
    project.write("a.py", "print(1)\nimport os\n");
    assert_eq!(project.run(&["check", "--baseline", "legb-baseline.json"]).code, Some(0));
    project.write("a.py", "import os\nimport re\n");
    let run = project.run(&["check", "--baseline", "legb-baseline.json", "--format", "concise"]);
    assert_eq!(run.code, Some(1));
    assert!(run.stdout.starts_with("a.py:2:8") && run.stdout.contains("Found 1 warning"), "{}", run.stdout);
}

#[test]
fn a_baseline_of_another_version_is_refused() {
    let project = Project::new(&[("a.py", "import os\n"), ("old.json", "{\"version\": 7}")]);
    let run = project.run(&["check", "--baseline", "old.json"]);
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("version 7") && run.stderr.contains("--write-baseline"), "{}", run.stderr);
}

#[test]
fn add_ignores_silences_everything() {
    let project = Project::new(&[("a.py", "import os, re\nx = [\n    missing,\n]\n")]);
    assert_eq!(project.run(&["check", "--add-ignores"]).code, Some(0));
    assert_eq!(project.run(&["check"]).code, Some(0));
    assert!(read(&project, "a.py").starts_with(b"import os, re  # legb: ignore[unused-import]\n"));
}

#[test]
fn options_that_contradict_each_other_are_refused() {
    let project = Project::new(&[("a.py", "")]);
    for args in [&["--unsafe-fixes"][..], &["--fix", "--diff"], &["--fix", "--add-ignores"]] {
        let run = project.run(&[&["check"][..], args].concat());
        assert_eq!(run.code, Some(2), "{args:?}");
        assert!(!run.stderr.is_empty());
    }
}

#[test]
fn the_report_goes_to_a_file() {
    let project = Project::new(&[("a.py", "import os\n")]);
    let run = project.run(&["check", "--format", "sarif", "--output-file", "out.sarif"]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(1), ""));
    let log: serde_json::Value = serde_json::from_slice(&read(&project, "out.sarif")).unwrap();
    assert_eq!(log["runs"][0]["results"][0]["ruleId"], "LEGB110");
}

#[test]
fn legb_alone_shows_the_project_and_what_to_do_next() {
    let project = Project::new(&[("a.py", "import os\n")]);
    let run = project.run(&[]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert!(run.stdout.starts_with("modules   1\n"), "{}", run.stdout);
    assert!(run.stdout.ends_with("Next: legb explain a.py:1:8\n"), "{}", run.stdout);
}
