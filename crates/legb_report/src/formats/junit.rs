//! `junit`: the XML of `JUnit`, which most build servers read: a test suite for each file, a failed test for each finding.

use std::fmt;
use std::io::{self, Write};

use super::Format;
use crate::report::Report;
use crate::style::word;

/// The format.
#[derive(Debug)]
pub(super) struct JUnit;

impl Format for JUnit {
    fn name(&self) -> &'static str {
        "junit"
    }

    fn help(&self) -> &'static str {
        "JUnit XML, a failed test for each finding"
    }

    fn shows_source(&self) -> bool {
        false
    }

    fn is_data(&self) -> bool {
        true
    }

    fn write(&self, report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
        let failures = report.entries.len();
        let tests = failures.max(1);
        writeln!(out, "<testsuites name=\"legb\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\">")?;
        if report.entries.is_empty() {
            writeln!(
                out,
                "  <testsuite name=\"legb\" tests=\"1\" failures=\"0\" errors=\"0\" skipped=\"0\" time=\"0\">"
            )?;
            writeln!(out, "    <testcase name=\"no findings\" classname=\"legb\" time=\"0\"/>")?;
            writeln!(out, "  </testsuite>")?;
        }
        for group in report.entries.chunk_by(|a, b| a.finding.path == b.finding.path) {
            let path = Xml(&group[0].finding.path);
            let count = group.len();
            writeln!(
                out,
                "  <testsuite name=\"{path}\" tests=\"{count}\" failures=\"{count}\" errors=\"0\" skipped=\"0\" time=\"0\">"
            )?;
            for entry in group {
                let finding = &entry.finding;
                let start = finding.range.start;
                writeln!(
                    out,
                    "    <testcase name=\"{} {}:{}\" classname=\"{path}\" time=\"0\">",
                    finding.rule, start.line, start.column
                )?;
                write!(
                    out,
                    "      <failure message=\"{}\" type=\"{}\">{path}:{}:{}: {} {}",
                    Xml(&finding.message),
                    word(finding.severity),
                    start.line,
                    start.column,
                    finding.code,
                    Xml(&finding.message)
                )?;
                if let Some(python) = &finding.python {
                    write!(out, "\nPython: {}", Xml(python))?;
                }
                writeln!(out, "</failure>")?;
                writeln!(out, "    </testcase>")?;
            }
            writeln!(out, "  </testsuite>")?;
        }
        writeln!(out, "</testsuites>")
    }
}

/// A text for attributes and elements. Characters that XML 1.0 does not allow are replaced.
struct Xml<'a>(&'a str);

impl fmt::Display for Xml<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for character in self.0.chars() {
            match character {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\n' => f.write_str("&#10;")?,
                '\t' => f.write_str("&#9;")?,
                '\r' => f.write_str("&#13;")?,
                '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => f.write_str("\u{fffd}")?,
                other => write!(f, "{other}")?,
            }
        }
        Ok(())
    }
}
