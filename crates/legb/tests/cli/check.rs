//! `check`: exit codes, output, selection.

use serde_json::Value;

use crate::project::{CLEAN, Project, UNBOUND};

#[test]
fn nothing_found_is_0_and_something_found_is_1() {
    let project = Project::new(&[("clean.py", CLEAN), ("unbound.py", UNBOUND)]);
    let clean = project.run(&["check", "clean.py"]);
    assert_eq!((clean.code, clean.stdout.as_str(), clean.stderr.as_str()), (Some(0), "All clear: 1 file\n", ""));
    let found = project.run(&["check"]);
    assert_eq!(found.code, Some(1));
    assert!(found.stdout.contains("unbound.py:2:11"), "{}", found.stdout);
    assert!(found.stdout.ends_with("Found 1 error in 2 files\n"), "{}", found.stdout);
    assert_eq!(project.run(&["check", "--exit-zero"]).code, Some(0));
}

#[test]
fn quiet_prints_findings_only() {
    let project = Project::new(&[("clean.py", CLEAN)]);
    let run = project.run(&["check", "--quiet"]);
    assert_eq!((run.code, run.stdout.as_str(), run.stderr.as_str()), (Some(0), "", ""));
}

#[test]
fn verbose_tells_the_version_and_why() {
    let project = Project::new(&[("clean.py", CLEAN), (".python-version", "3.11\n")]);
    let run = project.run(&["check", "--verbose", "--threads", "2"]);
    assert!(run.stderr.contains("settings, project: no legb.toml"), "{}", run.stderr);
    let ends = run.stderr.ends_with("\nPython 3.11 (from .python-version); files: 1; threads: 2\n");
    assert!(ends, "{}", run.stderr);
}

#[test]
fn the_text_shows_source_and_what_python_says() {
    let project = Project::new(&[("unbound.py", UNBOUND)]);
    let text = project.run(&["check", "--target-version", "3.13"]).stdout;
    assert!(text.starts_with("error[LEGB101 unbound-local]: "), "{text}");
    assert!(text.contains("2 |     print(x)\n"), "{text}");
    assert!(text.contains("python: UnboundLocalError: cannot access local variable 'x' where it is not"), "{text}");
}

#[test]
fn colours_follow_the_option_and_the_environment() {
    let project = Project::new(&[("unbound.py", UNBOUND)]);
    let coloured = |args: &[&str], variable: Option<&str>| {
        let mut command = project.command(&[&["check"], args].concat());
        command.env("TERM", "xterm");
        if let Some(variable) = variable {
            command.env(variable, "1");
        }
        String::from_utf8(command.output().unwrap().stdout).unwrap().contains('\x1b')
    };
    assert!(!coloured(&[], None));
    assert!(coloured(&["--color", "always"], None));
    assert!(coloured(&["--color", "always"], Some("NO_COLOR")));
    assert!(coloured(&[], Some("CLICOLOR_FORCE")));
    assert!(!coloured(&["--color", "never"], Some("CLICOLOR_FORCE")));
    assert!(!coloured(&["--format", "json", "--color", "always"], None));
}

#[test]
fn output_is_sorted_and_the_same_every_time() {
    let files: Vec<(String, String)> = (0..60)
        .map(|number| (format!("{}/m{number}.py", ["a", "a-b", "a.b", "b"][number % 4]), UNBOUND.repeat(2)))
        .collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let project = Project::new(&files);
    let first = project.run(&["check", "--format", "json", "--threads", "1"]).stdout;
    for threads in ["2", "7"] {
        assert_eq!(project.run(&["check", "--format", "json", "--threads", threads]).stdout, first);
    }
    let rows: Vec<Value> = serde_json::from_str(&first).unwrap();
    let keys: Vec<_> = rows
        .iter()
        .map(|row| {
            let place = |end: &str, part: &str| row["range"][end][part].as_u64().unwrap();
            (
                row["path"].as_str().unwrap().to_owned(),
                [place("start", "line"), place("start", "column"), place("end", "line"), place("end", "column")],
                row["code"].as_str().unwrap().to_owned(),
            )
        })
        .collect();
    assert!(keys.len() >= 120);
    assert!(keys.is_sorted());
}

#[test]
fn json_lines_hold_what_the_array_holds() {
    let project = Project::new(&[("unbound.py", UNBOUND), ("other.py", UNBOUND)]);
    let array: Vec<Value> = serde_json::from_str(&project.run(&["check", "--format", "json"]).stdout).unwrap();
    let lines = project.run(&["check", "--format", "jsonl"]).stdout;
    let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(array, lines);
}

#[test]
fn rules_can_be_selected() {
    let project = Project::new(&[("a.py", &format!("import os\n{UNBOUND}"))]);
    assert_eq!(project.findings(&["--select", "unbound-local"]), ["a.py:3 LEGB101"]);
    assert_eq!(project.findings(&["--select", "LEGB101,unused-import", "--ignore", "LEGB101"]).len(), 1);
    assert_eq!(project.findings(&["--ignore", "all"]), [] as [&str; 0]);
}

#[test]
fn an_unknown_rule_is_2_and_names_the_nearest() {
    let run = Project::new(&[]).run(&["check", "--select", "unbound-lokal"]);
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("`unbound-local`"), "{}", run.stderr);
}

#[test]
fn statistics_count_by_rule() {
    let project = Project::new(&[("a.py", UNBOUND), ("b.py", UNBOUND)]);
    let run = project.run(&["check", "--statistics"]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(1), "2  LEGB101  unbound-local\n"));
    let rows: Value =
        serde_json::from_str(&project.run(&["check", "--statistics", "--format", "json"]).stdout).unwrap();
    assert_eq!((&rows[0]["rule"], &rows[0]["count"]), (&Value::from("unbound-local"), &Value::from(2)));
}

#[test]
fn standard_input_is_a_file() {
    let project = Project::new(&[]);
    let run = project.run_with_input(&["check", "--format", "concise", "-"], UNBOUND);
    assert_eq!(run.code, Some(1));
    assert!(run.stdout.starts_with("-:2:11: LEGB101 [unbound-local]"), "{}", run.stdout);
    let named = project.run_with_input(&["check", "--format", "concise", "--stdin-filename", "pkg/a.py", "-"], UNBOUND);
    assert!(named.stdout.starts_with("pkg/a.py:2:11: "), "{}", named.stdout);
    let excluded = ["check", "--format", "json", "--force-exclude", "--stdin-filename", "venv/a.py", "-"];
    let run = project.run_with_input(&excluded, UNBOUND);
    assert_eq!((run.code, run.stdout.as_str()), (Some(0), "[]\n"));
    assert_eq!(project.run_with_input(&["check", "-", "a.py"], "").code, Some(2));
}

#[test]
fn comments_silence_findings() {
    let silenced = |comment: &str| {
        let text = UNBOUND.replace("print(x)", &format!("print(x)  {comment}"));
        Project::new(&[("a.py", &text)]).findings(&["--select", "unbound-local"]).is_empty()
    };
    assert!(silenced("# noqa"));
    assert!(silenced("# noqa: LEGB101"));
    assert!(silenced("# legb: ignore[unbound-local]"));
    assert!(!silenced("# noqa: LEGB999"));
}

#[test]
fn options_about_a_cache_are_accepted() {
    let project = Project::new(&[("a.py", CLEAN)]);
    assert_eq!(project.run(&["check", "--no-cache"]).code, Some(0));
    assert_eq!(project.run(&["check", "--cache-dir", "elsewhere"]).code, Some(0));
    assert!(!project.path().join("elsewhere").exists());
}

#[test]
fn watch_checks_again_when_a_file_changes() {
    use std::io::{BufRead, BufReader};
    use std::process::Stdio;
    let project = Project::new(&[("a.py", CLEAN)]);
    let mut child = project
        .command(&["check", "--watch", "--format", "concise"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert_eq!(lines.next().unwrap().unwrap(), "All clear: 1 file");
    project.write("a.py", UNBOUND);
    let line = lines.next().unwrap().unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(line.starts_with("a.py:2:11: LEGB101"), "{line}");
}
