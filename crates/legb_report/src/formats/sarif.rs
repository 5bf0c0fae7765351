//! `sarif`: the Static Analysis Results Interchange Format 2.1.0 (OASIS), which code hosts and editors read.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write};

use legb_base::{Certainty, Finding, LineRange, LocatedFix, Severity};
use serde_json::{Value, json};

use super::Format;
use crate::fingerprint::Fingerprints;
use crate::report::Report;

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// The format.
#[derive(Debug)]
pub(super) struct Sarif;

impl Format for Sarif {
    fn name(&self) -> &'static str {
        "sarif"
    }

    fn help(&self) -> &'static str {
        "SARIF 2.1.0, for code hosts and editors"
    }

    fn shows_source(&self) -> bool {
        false
    }

    fn is_data(&self) -> bool {
        true
    }

    fn write(&self, report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
        let known: BTreeMap<&str, &Finding> =
            report.entries.iter().map(|entry| (entry.finding.code, &entry.finding)).collect();
        let places: BTreeMap<&str, usize> = known.keys().enumerate().map(|(at, &code)| (code, at)).collect();
        let rules: Vec<Value> = known.values().map(|finding| rule(finding)).collect();
        let mut fingerprints = Fingerprints::default();
        let results: Vec<Value> = report
            .entries
            .iter()
            .map(|entry| result(&entry.finding, places[entry.finding.code], &fingerprints.of(&entry.finding)))
            .collect();
        let log = json!({
            "$schema": SCHEMA,
            "version": "2.1.0",
            "runs": [{
                "tool": { "driver": { "name": "legb", "version": env!("CARGO_PKG_VERSION"), "rules": rules } },
                "columnKind": "unicodeCodePoints",
                "results": results,
            }],
        });
        serde_json::to_writer_pretty(&mut *out, &log)?;
        writeln!(out)
    }
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

fn rule(finding: &Finding) -> Value {
    json!({
        "id": finding.code,
        "name": finding.rule,
        "shortDescription": { "text": finding.rule.replace('-', " ") },
        "help": { "text": format!("legb rule {}", finding.rule) },
    })
}

fn result(finding: &Finding, rule: usize, fingerprint: &str) -> Value {
    let mut text = finding.message.clone();
    if let Some(python) = &finding.python {
        let _ = write!(text, "\nPython: {python}");
    }
    if let Some(help) = &finding.help {
        let _ = write!(text, "\nhelp: {help}");
    }
    let certainty = match finding.certainty {
        Certainty::Certain => "certain",
        Certainty::Possible => "possible",
    };
    let mut result = json!({
        "ruleId": finding.code,
        "ruleIndex": rule,
        "level": level(finding.severity),
        "message": { "text": text },
        "locations": [{ "physicalLocation": location(&finding.path, &finding.range) }],
        "partialFingerprints": { "legb/v1": fingerprint },
        "properties": { "certainty": certainty },
    });
    if !finding.related.is_empty() {
        let related = finding.related.iter().enumerate().map(|(at, related)| {
            json!({
                "id": at,
                "physicalLocation": location(&related.path, &related.range),
                "message": { "text": related.message },
            })
        });
        result["relatedLocations"] = related.collect();
    }
    if let Some(fix) = &finding.fix {
        result["fixes"] = json!([described(fix)]);
    }
    result
}

fn location(path: &str, range: &LineRange) -> Value {
    json!({ "artifactLocation": { "uri": uri(path) }, "region": region(range) })
}

fn region(range: &LineRange) -> Value {
    json!({
        "startLine": range.start.line,
        "startColumn": range.start.column,
        "endLine": range.end.line,
        "endColumn": range.end.column,
    })
}

/// A fix, its edits gathered by file.
fn described(fix: &LocatedFix) -> Value {
    let mut by_path: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    for edit in &fix.edits {
        by_path.entry(&edit.path).or_default().push(json!({
            "deletedRegion": region(&edit.range),
            "insertedContent": { "text": edit.content },
        }));
    }
    let changes: Vec<Value> = by_path
        .into_iter()
        .map(|(path, replacements)| json!({ "artifactLocation": { "uri": uri(path) }, "replacements": replacements }))
        .collect();
    json!({ "description": { "text": fix.title }, "artifactChanges": changes })
}

/// A path as a relative reference of RFC 3986.
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => uri.push(byte as char),
            _ => {
                let _ = write!(uri, "%{byte:02X}");
            }
        }
    }
    uri
}
