//! `legb logs` on input that is packed, damaged or unusual: what is read of it, what is said, and how it exits.

use std::fs::{self, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;
use std::thread;
use std::time::Duration;

use serde_json::Value;

use crate::project::{Project, Run};

fn logs(project: &Project, args: &[&str]) -> Run {
    project.run(&[&["logs", "--tz", "utc"], args].concat())
}

/// The records that are printed.
fn rows(project: &Project, args: &[&str]) -> Vec<Value> {
    let run = logs(project, &[&["--format", "jsonl"], args].concat());
    assert_eq!(run.code, Some(0), "{args:?}: {}", run.stderr);
    run.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// One field of all records.
fn each(rows: &[Value], field: &str) -> Vec<String> {
    rows.iter().map(|row| row[field].as_str().unwrap_or("null").to_owned()).collect()
}

/// A frame of zstd with one raw block, which stores text as it is (RFC 8878).
fn zstd_frame(text: &str) -> Vec<u8> {
    let len = u32::try_from(text.len()).unwrap();
    let mut frame = vec![0x28, 0xb5, 0x2f, 0xfd];
    // A single segment, its size in four bytes.
    frame.push(0b1010_0000);
    frame.extend_from_slice(&len.to_le_bytes());
    frame.extend_from_slice(&(len << 3 | 1).to_le_bytes()[..3]);
    frame.extend_from_slice(text.as_bytes());
    frame
}

#[test]
fn zstd_is_read_frame_by_frame() {
    let project = Project::new(&[]);
    let mut packed = zstd_frame("2026-02-28 10:15:03 INFO  app: 1\n");
    // A frame of something else is passed over.
    packed.extend_from_slice(&[0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, b'x', b'y', b'z']);
    packed.extend(zstd_frame("2026-02-28 10:15:04 INFO  app: 2\n"));
    project.write("app.log.zst", &packed);
    assert_eq!(each(&rows(&project, &["app.log.zst"]), "message"), ["1", "2"]);
    project.write("cut.log.zst", &packed[..packed.len() - 9]);
    let run = logs(&project, &["--by", "level", "cut.log.zst"]);
    assert_eq!(run.code, Some(2), "{}", run.stderr);
    assert!(run.stdout.contains("1  INFO") && run.stderr.contains("cannot be read beyond line 1"), "{}", run.stderr);
}

#[test]
fn a_time_that_goes_back_is_kept_and_told() {
    let log = "2026-02-28 10:15:03 INFO  app: 1\n2026-02-28 09:15:04 INFO  app: 2\n2026-02-28 11:15:04 INFO  app: 3\n";
    let project = Project::new(&[("app.log", log)]);
    assert_eq!(each(&rows(&project, &["app.log"]), "message"), ["1", "2", "3"]);
    let run = logs(&project, &["-v", "app.log"]);
    assert!(run.stderr.contains("app.log:2: time goes back here"), "{}", run.stderr);
}

#[test]
fn times_without_a_year_step_over_new_year() {
    let project = Project::new(&[]);
    let log = "Dec 31 23:59:58 web app[7]: a\nDec 31 23:59:59 web app[7]: b\nJan  1 00:00:01 web app[7]: c\n";
    let path = project.write("app.log", log);
    let written = std::time::SystemTime::UNIX_EPOCH + Duration::from_hours(491_000);
    OpenOptions::new().append(true).open(path).unwrap().set_modified(written).unwrap();
    let times = each(&rows(&project, &["app.log"]), "ts");
    assert_eq!(times, ["2025-12-31T23:59:58Z", "2025-12-31T23:59:59Z", "2026-01-01T00:00:01Z"]);
}

#[test]
fn formats_may_be_mixed_in_one_file() {
    let log = "2026-02-28 10:15:03 INFO  app: a\n{\"level\": \"error\", \"msg\": \"b\", \"time\": \"2026-02-28T10:15:04Z\"}\n\
        ERROR:shop:c\n127.0.0.1 - - [28/Feb/2026:10:15:05 +0000] \"GET /x HTTP/1.1\" 500 3\n2026-02-28 10:15:06 INFO  app: e\n";
    let project = Project::new(&[("app.log", log)]);
    let rows = rows(&project, &["app.log"]);
    assert_eq!(each(&rows, "message"), ["a", "b", "c", "GET /x HTTP/1.1", "e"]);
    assert_eq!(each(&rows, "level"), ["INFO", "ERROR", "ERROR", "ERROR", "INFO"]);
}

#[test]
fn a_line_of_any_length_is_cut_and_told() {
    let project = Project::new(&[]);
    let mut log = vec![b'x'; 9 << 20];
    log.extend_from_slice(b"\n2026-02-28 10:15:03 INFO  app: next\n");
    project.write("app.log", log);
    let run = logs(&project, &["--by", "level", "app.log"]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(0), "        1  INFO\n        1  (none)\n"));
    assert!(run.stderr.contains("app.log:1: 1 too long line, cut at 4 MiB"), "{}", run.stderr);
}

#[test]
fn an_empty_log_has_no_records() {
    let project = Project::new(&[("app.log", "")]);
    let run = logs(&project, &["app.log"]);
    assert!(run.code == Some(0) && run.stdout.starts_with("0 records"), "{}", run.stdout);
}

#[test]
fn failures_of_pytest_are_tracebacks() {
    let long = "=================================== FAILURES ===================================\n\
        ___________________________________ test_cart ____________________________________\n\n\
        \x20   def test_cart():\n>       total(3)\n\ntests/test_cart.py:5: \n_ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _\n\n\
        \x20   def total(n):\n>       return n + itms\nE       NameError: name 'itms' is not defined\n\nshop/cart.py:2: NameError\n\
        =========================== short test summary info ============================\n\
        FAILED tests/test_cart.py::test_cart - NameError: name 'itms' is not defined\n";
    let project = Project::new(&[("long.log", long)]);
    let run = logs(&project, &["--by", "exc", "long.log"]);
    assert_eq!(run.stdout, "        1  NameError\n", "{}", run.stderr);
}

#[test]
fn a_crash_of_the_interpreter_is_critical() {
    let log = "Fatal Python error: Segmentation fault\n\nCurrent thread 0x00007f0000000000 (most recent call first):\n\
        \x20 File \"/srv/app/native.py\", line 3 in load\n  File \"/srv/app/main.py\", line 9 in <module>\n";
    let project = Project::new(&[("app.log", log)]);
    let rows = rows(&project, &["app.log"]);
    assert_eq!(each(&rows, "level"), ["CRITICAL"]);
    let frames = &rows[0]["traceback"]["frames"];
    assert_eq!((&frames[0]["path"], &frames[1]["name"]), (&"/srv/app/main.py".into(), &"load".into()));
}

#[test]
fn formats_of_ones_own_are_found_out_by_content() {
    let log = "2026-02-28 10:15:03 [error] <mail#17> no route\n2026-02-28 10:15:04 [info] <mail#18> sent\n";
    let settings = "[logs.formats]\nworker = '(?<time>\\S+ \\S+) \\[(?<level>\\w+)\\] <(?<service>\\w+)#(?<job>\\d+)> (?<message>.*)'\n";
    let project = Project::new(&[("worker.log", log), ("legb.toml", settings)]);
    let found = rows(&project, &["worker.log"]);
    assert_eq!(each(&found, "level"), ["ERROR", "INFO"]);
    assert_eq!(each(&found, "service"), ["mail", "mail"]);
    assert_eq!(found[0]["fields"]["job"], 17);
    let summary = logs(&project, &["worker.log"]).stdout;
    assert!(summary.contains("worker.log: worker (2 of 2 lines"), "{summary}");
    project.write("legb.toml", "[logs.formats]\nworker = '(?<level>'\n");
    let run = logs(&project, &["worker.log"]);
    assert!(run.code == Some(2) && run.stderr.contains("legb.toml:2:10: `logs.formats.worker`"), "{}", run.stderr);
    project.write("legb.toml", "[logs.formats]\nplain = '%(asctime)s [%(levelname)s] <%(name)s> %(message)s'\n");
    assert_eq!(each(&rows(&project, &["worker.log"]), "service"), ["mail#17", "mail#18"]);
}

#[test]
fn pages_and_pictures_are_whole() {
    let log = "2026-02-28 10:15:03 ERROR app: <b>bold</b> & more\n2026-02-28 10:17:03 INFO  app: x\n";
    let project = Project::new(&[("app.log", log)]);
    let page = logs(&project, &["--format", "html", "app.log"]).stdout;
    assert!(page.starts_with("<!doctype html>") && page.trim_end().ends_with("</html>"), "{page}");
    assert!(page.contains("&lt;b&gt;bold&lt;/b&gt; &amp; more") && !page.contains("<b>bold"), "{page}");
    let picture = logs(&project, &["--format", "svg", "--over", "1m", "app.log"]).stdout;
    assert!(picture.starts_with("<svg") && picture.trim_end().ends_with("</svg>"), "{picture}");
}

#[cfg(unix)]
#[test]
fn alert_commands_get_the_record_and_no_shell() {
    let project = Project::new(&[("app.log", "2026-02-28 10:15:03 ERROR app: $(touch pwned); `id`\n")]);
    let run =
        logs(&project, &["--by", "level", "--alert", "level>=ERROR", "--exec", "tee 'out $HOME.json'", "app.log"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let got = fs::read_to_string(project.path().join("out $HOME.json")).unwrap();
    let record: Value = serde_json::from_str(got.trim_end()).unwrap();
    assert_eq!((&record["level"], &record["message"]), (&"ERROR".into(), &"$(touch pwned); `id`".into()));
    assert!(!project.path().join("pwned").exists());
}

#[cfg(unix)]
#[test]
fn a_log_that_shrinks_while_it_is_followed_is_told() {
    let project = Project::new(&[("app.log", "2026-02-28 10:15:03 INFO  app: a line that is long\n")]);
    let args = ["logs", "--tz", "utc", "--follow", "--format", "jsonl", "app.log"];
    let mut child = project.command(&args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut errors = BufReader::new(child.stderr.take().unwrap()).lines();
    let mut next = || serde_json::from_str::<Value>(&out.next().unwrap().unwrap()).unwrap()["message"].clone();
    assert_eq!(next(), "a line that is long");
    let mut log = OpenOptions::new().write(true).truncate(true).open(project.path().join("app.log")).unwrap();
    log.write_all(b"2026-02-28 10:15:04 INFO  app: b\n").unwrap();
    assert_eq!(next(), "b");
    let told = errors.next().unwrap().unwrap();
    assert!(told.contains("app.log") && told.contains("truncated"), "{told}");
    thread::sleep(Duration::from_millis(10));
    child.kill().unwrap();
    child.wait().unwrap();
}
