//! `legb cycles` with verdicts: entries, what repairs a cycle, and the rule `circular-import`.

use serde_json::{Value, json};

use crate::project::Project;

/// Two modules that take a name from each other: whoever comes first crashes.
fn crashing() -> Project {
    Project::new(&[
        ("a.py", "from b import B\n\nclass A:\n    pass\n\ndef make():\n    return B()\n"),
        ("b.py", "from a import A\n\nclass B(A):\n    pass\n"),
    ])
}

/// A cycle that works if it is entered through `first`, and not through `second`.
fn one_sided() -> Project {
    Project::new(&[
        ("first.py", "X = 1\nimport second\n"),
        ("second.py", "from first import X\nimport first\nY = X\nZ = first.X\n"),
        ("third.py", "LIMIT = 1\nfrom fourth import grow\ndef run():\n    return grow(LIMIT)\n"),
        ("fourth.py", "import third\nBASE = third.LIMIT\ndef grow(n):\n    return n + BASE\n"),
    ])
}

fn groups(project: &Project, args: &[&str], code: i32) -> Vec<Value> {
    let run = project.run(&[&["cycles", "--format", "json", "--target-version", "3.12"], args].concat());
    assert_eq!(run.code, Some(code), "{}{}", run.stdout, run.stderr);
    serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{}{}", run.stdout, run.stderr))
}

/// Entry and verdict of each entry of a group.
fn verdicts(group: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    group["entries"].as_array().unwrap().iter().map(|row| (text(&row["entry"]), text(&row["verdict"]))).collect()
}

#[test]
fn each_entry_has_its_verdict_and_its_story() {
    let found = groups(&crashing(), &[], 1);
    let pairs = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
        pairs.iter().map(|(entry, verdict)| ((*entry).to_owned(), (*verdict).to_owned())).collect()
    };
    assert_eq!(verdicts(&found[0]), pairs(&[("a", "crashes"), ("b", "crashes")]));
    let entry = &found[0]["entries"][0];
    assert_eq!((&entry["certainty"], &entry["python"]), (&json!("certain"), &json!("3.12")));
    assert_eq!(entry["exception"]["type"], "ImportError");
    let message = entry["exception"]["message"].as_str().unwrap();
    let start = "cannot import name 'A' from partially initialized module 'a' (most likely due to a circular import)";
    assert!(message.starts_with(start), "{message}");
    assert_eq!(entry["raised_at"], json!({"path": "b.py", "line": 1}));
    assert_eq!(entry["order"][2], json!({"event": "found", "module": "a", "by": {"path": "b.py", "line": 1}}));
    assert_eq!(entry["frames"][0], json!({"module": "a", "path": "a.py", "line": 1}));
    let works = groups(&one_sided(), &[], 1);
    assert_eq!(verdicts(&works[0]), pairs(&[("first", "works"), ("second", "works")]));
    assert_eq!(verdicts(&works[1]), pairs(&[("fourth", "crashes"), ("third", "works")]));
}

#[test]
fn what_must_be_imported_first_is_said() {
    let found = groups(&one_sided(), &[], 1);
    let because = found[1]["entries"][0]["because"].as_str().unwrap();
    assert!(because.ends_with("works only if `third` is imported first"), "{because}");
    let text = one_sided().run(&["cycles", "--target-version", "3.12"]);
    assert!(text.stdout.contains("works only if `third` is imported first"), "{}", text.stdout);
    assert!(text.stdout.contains("4 entries: 3 work, 1 crash"), "{}", text.stdout);
}

#[test]
fn the_edit_is_checked_shown_and_made() {
    let project = crashing();
    let found = groups(&project, &[], 1);
    let cut = &found[0]["cut"];
    assert_eq!(cut["verified"], true);
    assert_eq!(cut["title"], "a.py:1: move `from b import B` into `make`");
    assert_eq!(cut["edits"][0]["path"], "a.py");
    assert_eq!(found[0]["entries"][1]["cut"]["title"], cut["title"]);
    let diff = project.run(&["cycles", "--diff", "--target-version", "3.12"]);
    assert_eq!(diff.code, Some(1));
    assert!(
        diff.stdout.contains("-from b import B\n") && diff.stdout.contains("+    from b import B\n"),
        "{}",
        diff.stdout
    );
    let fixed = project.run(&["cycles", "--fix", "--target-version", "3.12"]);
    assert_eq!(fixed.code, Some(0), "{}{}", fixed.stdout, fixed.stderr);
    let text = std::fs::read_to_string(project.path().join("a.py")).unwrap();
    assert_eq!(text, "\nclass A:\n    pass\n\ndef make():\n    from b import B\n    return B()\n");
    assert_eq!(groups(&project, &[], 0), Vec::<Value>::new());
}

#[test]
fn a_name_that_others_take_stays_where_it_is() {
    let project = crashing();
    project.write("user.py", "def late():\n    from a import B\n    return B\n");
    let found = groups(&project, &[], 1);
    // Moved into `make`, the name would be missing in `a`; nothing else helps both entries.
    assert_eq!((&found[0]["cut"]["verified"], &found[0]["cut"]["edits"]), (&json!(false), &json!([])));
    let fixed = project.run(&["cycles", "--fix", "--target-version", "3.12"]);
    assert_eq!(fixed.code, Some(1));
    assert!(fixed.stderr.contains("no edit was found"), "{}", fixed.stderr);
}

#[test]
fn entry_points_of_the_project_are_entries_too() {
    let project = crashing();
    project.write("pyproject.toml", "[project]\nname = 'x'\n[project.scripts]\nrun = 'cli:main'\n");
    project.write("cli.py", "import a\ndef main(): ...\n");
    project.write("tool.py", "import b\nif __name__ == '__main__':\n    print(b)\n");
    project.write("tests/test_a.py", "import a\n");
    project.write("pkg/__init__.py", "");
    project.write("pkg/__main__.py", "import a\n");
    let found = groups(&project, &[], 1);
    let names: Vec<String> = verdicts(&found[0]).into_iter().map(|(entry, _)| entry).collect();
    assert_eq!(names, ["a", "b", "cli:main", "-m pkg", "tool.py", "tests/test_a.py"]);
    assert!(verdicts(&found[0]).iter().all(|(_, verdict)| verdict == "crashes"));
}

#[test]
fn check_reports_the_import_that_fails() {
    let project = crashing();
    let found = project.findings(&["--select", "circular-import", "--target-version", "3.12"]);
    assert_eq!(found.len(), 2, "{found:?}");
    let run = project.run(&["check", "--format", "json", "--select", "circular-import", "--target-version", "3.12"]);
    let rows: Vec<Value> = serde_json::from_str(&run.stdout).unwrap();
    let row = &rows[0];
    assert_eq!((&row["rule"], &row["code"]), (&json!("circular-import"), &json!("LEGB301")));
    assert_eq!((&row["severity"], &row["certainty"]), (&json!("error"), &json!("certain")));
    assert!(row["python"].as_str().unwrap().starts_with("ImportError: cannot import name"));
    // Where every module may come first nothing is said.
    let fine = Project::new(&[("a.py", "import b\n"), ("b.py", "import a\ndef f(): return a\n")]);
    assert_eq!(fine.findings(&["--select", "circular-import"]), Vec::<String>::new());
}

#[test]
fn a_crash_for_another_reason_is_no_cycle_that_crashes() {
    let project = Project::new(&[("a.py", "import b\nraise ValueError('no')\n"), ("b.py", "import a\n")]);
    let found = groups(&project, &[], 0);
    assert_eq!(found[0]["entries"][0]["exception"]["type"], "ValueError");
    assert_eq!(found[0]["entries"][0]["cut"], Value::Null);
}

#[test]
fn answers_are_kept_and_are_the_same_with_and_without_a_cache() {
    let project = crashing();
    let cache = tempfile::tempdir().unwrap();
    let folder = cache.path().to_str().unwrap();
    let kept = || -> Vec<std::path::PathBuf> {
        std::fs::read_dir(cache.path()).unwrap().map(|entry| entry.unwrap().path()).collect()
    };
    for format in ["text", "json"] {
        let cycles = ["cycles", "--format", format, "--target-version", "3.12"];
        let with = || project.run(&[&cycles[..], &["--cache-dir", folder]].concat());
        let without = project.run(&[&cycles[..], &["--cache-dir", folder, "--no-cache"]].concat());
        assert!(kept().is_empty());
        for _ in 0..2 {
            let run = with();
            assert_eq!((run.code, &run.stdout, &run.stderr), (without.code, &without.stdout, &without.stderr));
            assert_eq!(kept().len(), 1);
        }
        // What is damaged is not used, and written anew.
        let good = std::fs::read(&kept()[0]).unwrap();
        for bad in [&good[..good.len() / 2], b"legb answer 1 ", b"", &[&good[..60], b"x", &good[61..]].concat()] {
            std::fs::write(&kept()[0], bad).unwrap();
            assert_eq!(with().stdout, without.stdout);
            assert_eq!(std::fs::read(&kept()[0]).unwrap(), good);
        }
        let info = project.run(&["cache", "info", "--cache-dir", folder]);
        assert!(info.stdout.contains("1 answer, "), "{}", info.stdout);
        assert_eq!(project.run(&["cache", "clean", "--cache-dir", folder]).code, Some(0));
    }
}

#[test]
fn a_kept_answer_is_given_only_while_all_that_it_rests_on_is_as_it_was() {
    let project = crashing();
    let cache = tempfile::tempdir().unwrap();
    let cycles = ["cycles", "--target-version", "3.12", "--cache-dir", cache.path().to_str().unwrap()];
    assert!(project.run(&cycles).stdout.contains("2 crash"));
    // A module beside the files of the project comes first on the path.
    project.write("b/__init__.py", "B = 1\n");
    let run = project.run(&cycles);
    assert!(run.stdout.contains("No modules import each other"), "{}", run.stdout);
    std::fs::remove_dir_all(project.path().join("b")).unwrap();
    assert!(project.run(&cycles).stdout.contains("2 crash"));
    project.write("b.py", "class B:\n    pass\n\nfrom a import A\n");
    assert!(!project.run(&cycles).stdout.contains("2 crash"));
}
