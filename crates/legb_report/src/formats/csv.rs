//! `csv`: comma-separated values with a header line (RFC 4180).

use std::io::{self, Write};

use super::Format;
use crate::report::Report;
use crate::style::word;

/// The format.
#[derive(Debug)]
pub(super) struct Csv;

impl Format for Csv {
    fn name(&self) -> &'static str {
        "csv"
    }

    fn help(&self) -> &'static str {
        "comma-separated values with a header line"
    }

    fn shows_source(&self) -> bool {
        false
    }

    fn is_data(&self) -> bool {
        true
    }

    fn write(&self, report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
        let mut rows = ::csv::Writer::from_writer(out);
        rows.write_record([
            "path",
            "line",
            "column",
            "end_line",
            "end_column",
            "severity",
            "certainty",
            "code",
            "rule",
            "message",
            "python",
        ])?;
        for entry in report.entries {
            let finding = &entry.finding;
            let (start, end) = (finding.range.start, finding.range.end);
            let certainty = match finding.certainty {
                legb_base::Certainty::Certain => "certain",
                legb_base::Certainty::Possible => "possible",
            };
            rows.write_record([
                finding.path.as_str(),
                &start.line.to_string(),
                &start.column.to_string(),
                &end.line.to_string(),
                &end.column.to_string(),
                word(finding.severity),
                certainty,
                finding.code,
                finding.rule,
                &finding.message,
                finding.python.as_deref().unwrap_or_default(),
            ])?;
        }
        rows.flush()
    }
}
