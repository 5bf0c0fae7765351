//! Every format on the same findings: what it writes, and that colours are all that a stream may drop.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::io::Write;

use anstream::{AutoStream, ColorChoice};
use legb_base::{Certainty, Finding, LineColumn, LineExcerpt, LineRange, PyVersion, RelatedFinding, Severity};
use legb_report::{FORMATS, Report, merge};

fn range(line: u32, start: u32, end: u32) -> LineRange {
    LineRange { start: LineColumn { line, column: start }, end: LineColumn { line, column: end } }
}

fn excerpt(line: u32, text: &str) -> Vec<LineExcerpt> {
    vec![LineExcerpt { line, text: text.to_owned() }]
}

fn unbound_local() -> Finding {
    Finding {
        rule: "unbound-local",
        code: "LEGB101",
        severity: Severity::Error,
        certainty: Certainty::Certain,
        message: "`total` is read before it is assigned".to_owned(),
        path: "pkg/é.py".to_owned(),
        range: range(9, 5, 10),
        related: vec![RelatedFinding {
            path: "pkg/é.py".to_owned(),
            range: range(2, 1, 6),
            message: "this one is global".to_owned(),
            excerpt: excerpt(2, "total = 0"),
        }],
        python: Some("UnboundLocalError: no value".to_owned()),
        fix: None,
        help: Some("say `global total`".to_owned()),
        excerpt: excerpt(9, "    total += 1"),
    }
}

fn unused_import() -> Finding {
    Finding {
        rule: "unused-import",
        code: "LEGB110",
        severity: Severity::Warning,
        message: "`os\x1b` is never\nused".to_owned(),
        range: range(1, 8, 10),
        related: Vec::new(),
        python: None,
        help: None,
        excerpt: Vec::new(),
        ..unbound_local()
    }
}

fn written(format: &str, versions: &[PyVersion], findings: Vec<(PyVersion, Vec<Finding>)>) -> String {
    let entries = merge(findings);
    let report = Report { entries: &entries, files: 120, versions: versions.iter().copied().collect(), summary: true };
    let format = FORMATS.iter().find(|known| known.name() == format).expect("a known format");
    let mut stream = AutoStream::new(Vec::new(), ColorChoice::Never);
    format.write(&report, &mut stream).unwrap();
    stream.flush().unwrap();
    String::from_utf8(stream.into_inner()).unwrap()
}

fn one_version(format: &str, findings: Vec<Finding>) -> String {
    written(format, &[PyVersion::NEWEST], vec![(PyVersion::NEWEST, findings)])
}

#[test]
fn full_shows_the_source_and_what_python_says() {
    assert_eq!(
        one_version("full", vec![unbound_local()]),
        "\
error[LEGB101 unbound-local]: `total` is read before it is assigned
 --> pkg/é.py:9:5
  |
2 | total = 0
  | ----- this one is global
...
9 |     total += 1
  |     ^^^^^
  |
  = python: UnboundLocalError: no value
  = help: say `global total`

Found 1 error in 120 files
"
    );
}

#[test]
fn full_does_without_source() {
    let text = one_version("full", vec![unused_import()]);
    assert!(text.contains("warning[LEGB110 unused-import]"), "{text}");
    assert!(text.contains("--> pkg/é.py:1:8"), "{text}");
    assert!(!text.contains('\x1b'), "{text}");
}

#[test]
fn concise_is_one_line_per_finding_sorted_by_place() {
    assert_eq!(
        one_version("concise", vec![unbound_local(), unused_import()]),
        "\
pkg/é.py:1:8: LEGB110 [unused-import] `os\\u{1b}` is never\\nused
pkg/é.py:9:5: LEGB101 [unbound-local] `total` is read before it is assigned
Found 1 error, 1 warning in 120 files
"
    );
}

#[test]
fn no_finding_is_said_in_text_and_is_an_empty_array_in_json() {
    assert_eq!(one_version("concise", Vec::new()), "All clear: 120 files\n");
    assert_eq!(one_version("full", Vec::new()), "All clear: 120 files\n");
    assert_eq!(one_version("json", Vec::new()), "[]\n");
    assert_eq!(one_version("jsonl", Vec::new()), "");
}

#[test]
fn json_has_the_documented_shape() {
    let expected = serde_json::json!({
        "rule": "unbound-local",
        "code": "LEGB101",
        "severity": "error",
        "certainty": "certain",
        "message": "`total` is read before it is assigned",
        "path": "pkg/é.py",
        "range": {"start": {"line": 9, "column": 5}, "end": {"line": 9, "column": 10}},
        "related": [{
            "path": "pkg/é.py",
            "range": {"start": {"line": 2, "column": 1}, "end": {"line": 2, "column": 6}},
            "message": "this one is global",
        }],
        "python": "UnboundLocalError: no value",
        "fix": null,
    });
    let array: serde_json::Value = serde_json::from_str(&one_version("json", vec![unbound_local()])).unwrap();
    assert_eq!(array, serde_json::json!([expected]));
    let lines = one_version("jsonl", vec![unbound_local(), unused_import()]);
    let rows: Vec<serde_json::Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[1], expected);
}

#[test]
fn findings_of_several_versions_are_merged_and_labelled_where_they_differ() {
    let versions: Vec<PyVersion> = PyVersion::ALL[..3].to_vec();
    let findings = || {
        versions
            .iter()
            .map(|version| {
                let mut old = unbound_local();
                old.python = Some(format!("said by {}", if version.minor() < 10 { "old" } else { "new" }));
                (*version, vec![unused_import(), old])
            })
            .collect::<Vec<_>>()
    };
    let text = written("concise", &versions, findings());
    let labels: Vec<&str> =
        text.lines().filter_map(|line| line.split_once(" (Python ").map(|(_, label)| label)).collect();
    assert_eq!(labels, ["3.8–3.9)", "3.10)"]);
    assert!(text.contains("Found 2 errors, 1 warning in 120 files"), "{text}");
    let rows: serde_json::Value = serde_json::from_str(&written("json", &versions, findings())).unwrap();
    let listed: Vec<String> = rows.as_array().unwrap().iter().map(|row| row["versions"].to_string()).collect();
    assert_eq!(listed, [r#"["3.8","3.9","3.10"]"#, r#"["3.8","3.9"]"#, r#"["3.10"]"#]);
}

#[test]
fn grouped_names_each_file_once() {
    let text = one_version("grouped", vec![unbound_local(), unused_import()]);
    assert_eq!(text.matches("pkg/é.py\n").count(), 1);
    assert!(text.contains("  1:8  warning  LEGB110 [unused-import]"), "{text}");
}

#[test]
fn sarif_has_what_its_schema_requires() {
    let log: serde_json::Value = serde_json::from_str(&one_version("sarif", vec![unbound_local()])).unwrap();
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    assert_eq!(run["tool"]["driver"]["name"], "legb");
    let result = &run["results"][0];
    assert_eq!(result["ruleId"], "LEGB101");
    let at = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
    assert_eq!(run["tool"]["driver"]["rules"][at]["id"], "LEGB101");
    assert_eq!(result["level"], "error");
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "pkg/%C3%A9.py");
    assert_eq!(place["region"]["startLine"], 9);
    assert_eq!(place["region"]["endColumn"], 10);
    assert!(result["message"]["text"].as_str().unwrap().contains("UnboundLocalError"));
    assert_eq!(result["relatedLocations"][0]["message"]["text"], "this one is global");
}

#[test]
fn github_escapes_what_ends_a_command() {
    let text = one_version("github", vec![unused_import()]);
    assert_eq!(text.lines().count(), 1);
    assert!(
        text.starts_with("::warning file=pkg/é.py,line=1,col=8,endLine=1,endColumn=10,title=LEGB110 unused-import::")
    );
    assert!(text.contains("never%0Aused"), "{text}");
}

#[test]
fn gitlab_tells_equal_findings_apart_and_keeps_fingerprints_when_lines_move() {
    let prints = |findings: Vec<Finding>| -> Vec<String> {
        let issues: Vec<serde_json::Value> = serde_json::from_str(&one_version("gitlab", findings)).unwrap();
        issues.iter().map(|issue| issue["fingerprint"].as_str().unwrap().to_owned()).collect()
    };
    let moved = Finding { range: range(30, 8, 10), ..unused_import() };
    let both = prints(vec![unused_import(), moved.clone()]);
    assert_ne!(both[0], both[1]);
    assert_eq!(prints(vec![unused_import()]), prints(vec![moved]));
}

#[test]
fn junit_is_well_formed_and_counts() {
    let text = one_version("junit", vec![unbound_local(), unused_import()]);
    assert!(text.starts_with(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"legb\" tests=\"2\" failures=\"2\""
    ));
    assert_eq!(text.matches("<testcase ").count(), text.matches("</testcase>").count());
    assert!(!text.contains('\u{1b}'));
    let empty = one_version("junit", Vec::new());
    assert!(empty.contains("tests=\"1\" failures=\"0\""), "{empty}");
}

#[test]
fn csv_has_a_header_and_quotes_line_breaks() {
    let text = one_version("csv", vec![unused_import()]);
    assert!(text.starts_with("path,line,column,end_line,end_column,severity,certainty,code,rule,message,python\n"));
    assert!(text.contains("is never\nused\","), "{text}");
}

#[test]
fn markdown_sums_up_and_keeps_its_table() {
    let text = one_version("markdown", vec![unbound_local(), unused_import()]);
    assert!(text.contains("1 errors, 1 warnings, 0 advice in 120 files."));
    assert!(text.lines().filter(|line| line.starts_with("| ")).all(|line| line.ends_with(" |")));
}
