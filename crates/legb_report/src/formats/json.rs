//! `json`: one array of findings.

use std::io::{self, Write};

use super::Format;
use crate::report::Report;

/// The format.
#[derive(Debug)]
pub(super) struct Json;

impl Format for Json {
    fn name(&self) -> &'static str {
        "json"
    }

    fn help(&self) -> &'static str {
        "one JSON array of findings"
    }

    fn shows_source(&self) -> bool {
        false
    }

    fn is_data(&self) -> bool {
        true
    }

    fn write(&self, report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
        let mut separator = "\n";
        write!(out, "[")?;
        for entry in report.entries {
            write!(out, "{separator}")?;
            serde_json::to_writer(&mut *out, entry)?;
            separator = ",\n";
        }
        writeln!(out, "{}]", if report.entries.is_empty() { "" } else { "\n" })
    }
}
