//! `concise`: one line per finding, which editors and `grep` understand.

use std::io::{self, Write};

use super::{Format, summary};
use crate::report::{Entry, Report};
use crate::style::{CODE, DIM, EMPHASIS};

/// The format.
#[derive(Debug)]
pub(super) struct Concise;

impl Format for Concise {
    fn name(&self) -> &'static str {
        "concise"
    }

    fn help(&self) -> &'static str {
        "one line per finding: path:line:column: CODE [rule] message"
    }

    fn shows_source(&self) -> bool {
        false
    }

    fn is_data(&self) -> bool {
        false
    }

    fn write(&self, report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
        for entry in report.entries {
            let finding = &entry.finding;
            let start = finding.range.start;
            write!(
                out,
                "{EMPHASIS}{}{EMPHASIS:#}:{}:{}: {CODE}{}{CODE:#} [{}] {}",
                OneLine(&finding.path),
                start.line,
                start.column,
                finding.code,
                finding.rule,
                OneLine(&finding.message)
            )?;
            end_line(report, entry, out)?;
        }
        summary::write(report, out)
    }
}

/// Ends the line of a finding, with the versions it is about where these are not all.
pub(super) fn end_line(report: &Report<'_>, entry: &Entry, out: &mut dyn Write) -> io::Result<()> {
    if let Some(versions) = report.label(entry) {
        write!(out, " {DIM}(Python {versions}){DIM:#}")?;
    }
    writeln!(out)
}

/// A text without line breaks and other control characters, which a source may smuggle into a message.
pub(super) struct OneLine<'a>(pub(super) &'a str);

impl std::fmt::Display for OneLine<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for part in self.0.split_inclusive(char::is_control) {
            let mut characters = part.chars();
            match characters.next_back() {
                Some(last) if last.is_control() => {
                    write!(f, "{}{}", characters.as_str(), last.escape_default())?;
                }
                _ => f.write_str(part)?,
            }
        }
        Ok(())
    }
}
