//! `legb logs`: what is counted, what is printed, how it exits, and what is said of logs that are not in order.

use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;
use std::time::Duration;
use std::{fs, thread};

use serde_json::Value;

use crate::project::Project;

const LOG: &str = "\
2026-02-28 10:15:03 ERROR auth_service: Login failed for user=alice
2026-02-28 10:15:05 INFO  auth_service: Login succeeded for user=bob
2026-02-28 10:16:10 ERROR payment_service: request 12 failed
Traceback (most recent call last):
  File \"/srv/app/main.py\", line 5, in load
    return int(txt)
NameError: name 'txt' is not defined. Did you mean: 'text'?
2026-02-28 10:16:12 WARN  auth_service: Rate limit approaching for user=alice
";

fn logs(project: &Project, args: &[&str]) -> (Option<i32>, String, String) {
    let run = project.run(&[&["logs", "--tz", "utc"], args].concat());
    (run.code, run.stdout, run.stderr)
}

#[test]
fn the_summary_names_levels_services_and_failures() {
    let project = Project::new(&[("app.log", LOG)]);
    let (code, stdout, _) = logs(&project, &["app.log"]);
    assert_eq!(code, Some(0));
    for text in
        ["4 records", "tutorial", "auth_service", "NameError: name 'txt' is not defined", "Login failed for user=alice"]
    {
        assert!(stdout.contains(text), "{text} in {stdout}");
    }
}

#[test]
fn json_lines_follow_the_schema() {
    let project = Project::new(&[("app.log", LOG)]);
    let (_, stdout, _) = logs(&project, &["--format", "jsonl", "app.log"]);
    let rows: Vec<Value> = stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(rows.len(), 4);
    let row = &rows[2];
    assert_eq!(row["schema_version"], 1);
    assert_eq!((&row["first_line"], &row["lines"]), (&3.into(), &5.into()));
    assert_eq!((&row["level"], &row["ts"]), (&"ERROR".into(), &"2026-02-28T10:16:10Z".into()));
    assert_eq!(row["traceback"]["type"], "NameError");
    assert_eq!(row["traceback"]["frames"][0]["name"], "load");
    assert!(row["traceback"]["fp1"].as_str().unwrap().starts_with("fp1:"));
    assert_eq!(rows[3]["level"], "WARNING");
}

#[test]
fn filters_act_on_whole_records() {
    let project = Project::new(&[("app.log", LOG)]);
    for (args, count) in [
        (&["--level", "error"][..], 2),
        (&["--grep", "int\\(txt\\)"], 1),
        (&["--not", "user=", "--level", "info"], 1),
        (&["--service", "payment_service"], 1),
        (&["--exc", "NameError"], 1),
        (&["--frame", "app/*.py"], 1),
        (&["--since", "2026-02-28 10:16"], 2),
        (&["--until", "2026-02-28 10:15:04"], 1),
        (&["--where", "message~alice", "--head", "1"], 1),
        (&["--tail", "2"], 2),
    ] {
        let (code, stdout, stderr) = logs(&project, &[args, &["--format", "jsonl", "app.log"]].concat());
        assert_eq!((code, stdout.lines().count()), (Some(0), count), "{args:?}: {stderr}");
    }
}

#[test]
fn counts_and_histograms() {
    let project = Project::new(&[("app.log", LOG)]);
    let (_, stdout, _) = logs(&project, &["--by", "level", "--format", "csv", "app.log"]);
    assert_eq!(stdout, "level,count\nERROR,2\nWARNING,1\nINFO,1\n");
    let (_, stdout, _) = logs(&project, &["--over", "1m", "--format", "csv", "app.log"]);
    assert_eq!(stdout, "start,count\n2026-02-28T10:15:00Z,2\n2026-02-28T10:16:00Z,2\n");
    let (_, stdout, _) = logs(&project, &["--format", "svg", "app.log"]);
    assert!(stdout.starts_with("<svg"), "{stdout}");
}

#[test]
fn a_run_fails_on_levels_and_on_what_is_new() {
    let project = Project::new(&[("app.log", LOG)]);
    assert_eq!(logs(&project, &["--fail-on", "error", "app.log"]).0, Some(1));
    assert_eq!(logs(&project, &["--fail-on", "critical", "app.log"]).0, Some(0));
    project.write("none.json", "[]");
    assert_eq!(logs(&project, &["--fail-on", "new", "--baseline", "none.json", "app.log"]).0, Some(1));
    let known = logs(&project, &["--format", "json", "app.log"]).1;
    project.write("known.json", known);
    assert_eq!(logs(&project, &["--fail-on", "new", "--baseline", "known.json", "app.log"]).0, Some(0));
    let (code, _, stderr) = logs(&project, &["--fail-on", "new", "app.log"]);
    assert!(code == Some(2) && stderr.contains("--baseline"), "{stderr}");
}

#[test]
fn logs_are_merged_by_time() {
    let project = Project::new(&[
        ("a.log", "2026-02-28 10:00:01 INFO a: 1\n2026-02-28 10:00:03 INFO a: 3\n"),
        ("b.log", "2026-02-28 10:00:02 INFO b: 2\n2026-02-28 10:00:04 INFO b: 4\n"),
    ]);
    let (_, stdout, _) = logs(&project, &["--format", "jsonl", "a.log", "b.log"]);
    let messages: Vec<Value> =
        stdout.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["message"].clone()).collect();
    assert_eq!(messages, ["1", "2", "3", "4"]);
}

#[test]
fn a_format_may_be_described() {
    let project = Project::new(&[("own.log", "W|shop|2026|it is late\nE|shop|2026|it is later\n")]);
    let format = r"^(?P<kind>[A-Z])\|(?P<service>\w+)\|(?P<year>\d+)\|(?P<message>.*)$";
    let (_, stdout, _) = logs(&project, &["--format-in", format, "--format", "jsonl", "own.log"]);
    let row: Value = serde_json::from_str(stdout.lines().next().unwrap()).unwrap();
    assert_eq!((&row["service"], &row["message"]), (&"shop".into(), &"it is late".into()));
    assert_eq!(row["fields"], serde_json::json!({"kind": "W", "year": 2026}));
    let (code, _, stderr) = logs(&project, &["--format-in", "nonsense", "own.log"]);
    assert!(code == Some(2) && stderr.contains("no format is called"), "{stderr}");
}

#[test]
fn what_cannot_be_read_is_said_and_the_rest_is_reported() {
    let project = Project::new(&[("app.log", LOG)]);
    let (code, stdout, stderr) = logs(&project, &["--by", "level", "gone.log", "app.log"]);
    assert_eq!(code, Some(2));
    assert!(stderr.contains("gone.log") && stdout.contains("ERROR"), "{stdout} {stderr}");
    project.write("bytes.log", b"2026-02-28 10:15:03 INFO  app: caf\xe9\n\0\0\0 2026\n");
    let (code, stdout, stderr) = logs(&project, &["--format", "jsonl", "bytes.log"]);
    assert!(code == Some(0) && stdout.contains("caf\\udce9"), "{stdout}");
    assert!(stderr.contains("3 NUL bytes"), "{stderr}");
}

#[test]
fn a_packed_log_that_was_cut_short_fails_after_what_could_be_read() {
    let project = Project::new(&[]);
    // `gzip` of many lines of LOG, made by Python's zlib in stored blocks: a header, and blocks that can be cut anywhere.
    let mut packed = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3];
    for _ in 0..3 {
        let len = u16::try_from(LOG.len()).unwrap();
        packed.push(0);
        packed.extend_from_slice(&len.to_le_bytes());
        packed.extend_from_slice(&(!len).to_le_bytes());
        packed.extend_from_slice(LOG.as_bytes());
    }
    packed.truncate(packed.len() - 200);
    project.write("app.log.gz", packed);
    let (code, stdout, stderr) = logs(&project, &["--by", "level", "app.log.gz"]);
    assert_eq!(code, Some(2), "{stderr}");
    assert!(stdout.contains("ERROR") && stderr.contains("cannot be read beyond line"), "{stdout} {stderr}");
}

#[test]
fn alerts_are_limited_for_each_fingerprint() {
    let project = Project::new(&[]);
    let line = "2026-02-28 10:15:03 ERROR app: timeout\n";
    project.write("app.log", line.repeat(5));
    let args =
        ["--by", "level", "--alert", "level>=ERROR", "--rate", "3/10s", "--webhook-file", "alerts.jsonl", "app.log"];
    let (code, _, stderr) = logs(&project, &args);
    assert_eq!(code, Some(0), "{stderr}");
    let alerts = fs::read_to_string(project.path().join("alerts.jsonl")).unwrap();
    assert_eq!(alerts.lines().count(), 3);
    assert!(stderr.contains("2 more alerts"), "{stderr}");
}

#[cfg(unix)]
#[test]
fn a_log_is_followed_over_a_rotation() {
    let project = Project::new(&[("app.log", "2026-02-28 10:15:03 INFO  app: line 1\n")]);
    let args = ["logs", "--tz", "utc", "--follow", "--format", "jsonl", "app.log"];
    let mut child = project.command(&args).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut rows = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut next = || serde_json::from_str::<Value>(&rows.next().unwrap().unwrap()).unwrap()["message"].clone();
    assert_eq!(next(), "line 1");
    let log = project.path().join("app.log");
    let mut old = fs::OpenOptions::new().append(true).open(&log).unwrap();
    fs::rename(&log, project.path().join("app.log.1")).unwrap();
    old.write_all(b"2026-02-28 10:15:04 INFO  app: line 2\n").unwrap();
    thread::sleep(Duration::from_millis(50));
    fs::write(&log, "2026-02-28 10:15:05 INFO  app: line 3\n").unwrap();
    assert_eq!([next(), next()], ["line 2", "line 3"]);
    child.kill().unwrap();
    child.wait().unwrap();
}
