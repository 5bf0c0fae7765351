//! `gitlab`: a Code Quality report, which GitLab shows in merge requests.

use std::io::{self, Write};

use legb_base::Severity;
use serde_json::json;

use super::Format;
use crate::fingerprint::Fingerprints;
use crate::report::Report;

/// The format.
#[derive(Debug)]
pub(super) struct GitLab;

impl Format for GitLab {
    fn name(&self) -> &'static str {
        "gitlab"
    }

    fn help(&self) -> &'static str {
        "a Code Quality report for GitLab"
    }

    fn shows_source(&self) -> bool {
        false
    }

    fn is_data(&self) -> bool {
        true
    }

    fn write(&self, report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
        let mut fingerprints = Fingerprints::default();
        let issues: Vec<_> = report
            .entries
            .iter()
            .map(|entry| {
                let finding = &entry.finding;
                let severity = match finding.severity {
                    Severity::Error => "critical",
                    Severity::Warning => "major",
                    Severity::Info => "info",
                };
                let (start, end) = (finding.range.start, finding.range.end);
                json!({
                    "type": "issue",
                    "description": finding.message,
                    "check_name": finding.rule,
                    "fingerprint": fingerprints.of(finding),
                    "severity": severity,
                    "location": {
                        "path": finding.path,
                        "lines": { "begin": start.line, "end": end.line },
                        "positions": {
                            "begin": { "line": start.line, "column": start.column },
                            "end": { "line": end.line, "column": end.column },
                        },
                    },
                })
            })
            .collect();
        serde_json::to_writer_pretty(&mut *out, &issues)?;
        writeln!(out)
    }
}
