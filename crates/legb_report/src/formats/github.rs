//! `github`: commands that GitHub Actions turns into annotations (`::error file=…::message`).

use std::fmt;
use std::io::{self, Write};

use legb_base::Severity;

use super::Format;
use crate::report::Report;

/// The format.
#[derive(Debug)]
pub(super) struct GitHub;

impl Format for GitHub {
    fn name(&self) -> &'static str {
        "github"
    }

    fn help(&self) -> &'static str {
        "annotations for GitHub Actions"
    }

    fn shows_source(&self) -> bool {
        false
    }

    fn is_data(&self) -> bool {
        true
    }

    fn write(&self, report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
        for entry in report.entries {
            let finding = &entry.finding;
            let command = match finding.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Info => "notice",
            };
            let (start, end) = (finding.range.start, finding.range.end);
            write!(out, "::{command} file={},line={},col={},", Property(&finding.path), start.line, start.column)?;
            // GitHub refuses columns of places that go over several lines.
            if start.line == end.line {
                write!(out, "endLine={},endColumn={},", end.line, end.column)?;
            } else {
                write!(out, "endLine={},", end.line)?;
            }
            write!(out, "title={}::", Property(&format!("{} {}", finding.code, finding.rule)))?;
            write!(out, "{}", Data(&finding.message))?;
            if let Some(python) = &finding.python {
                write!(out, "%0APython: {}", Data(python))?;
            }
            writeln!(out)?;
        }
        Ok(())
    }
}

/// A message: percent signs and line breaks are escaped.
struct Data<'a>(&'a str);

impl fmt::Display for Data<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A"))
    }
}

/// A property: colons and commas are escaped as well.
struct Property<'a>(&'a str);

impl fmt::Display for Property<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&Data(self.0).to_string().replace(':', "%3A").replace(',', "%2C"))
    }
}
