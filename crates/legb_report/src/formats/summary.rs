//! The last line of the text formats, for people.

use std::io::{self, Write};

use crate::report::{Counts, Report};
use crate::style::{EMPHASIS, GOOD};

/// Writes `Found 3 errors, 2 warnings in 120 files` or `All clear: 120 files`.
pub(super) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    if !report.summary {
        return Ok(());
    }
    let files = counted(report.files, "file");
    let counts = Counts::of(report.entries);
    let parts: Vec<String> = [(counts.errors, "error"), (counts.warnings, "warning"), (counts.infos, "hint")]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| counted(count, word))
        .collect();
    if parts.is_empty() {
        writeln!(out, "{GOOD}All clear{GOOD:#}: {files}")
    } else {
        writeln!(out, "{EMPHASIS}Found {}{EMPHASIS:#} in {files}", parts.join(", "))
    }
}

fn counted(count: usize, word: &str) -> String {
    format!("{count} {word}{}", if count == 1 { "" } else { "s" })
}
