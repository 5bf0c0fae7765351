//! `grouped`: the findings of each file below its path.

use std::io::{self, Write};

use super::concise::{OneLine, end_line};
use super::{Format, summary};
use crate::report::Report;
use crate::style::{CODE, EMPHASIS, severity, word};

/// The format.
#[derive(Debug)]
pub(super) struct Grouped;

impl Format for Grouped {
    fn name(&self) -> &'static str {
        "grouped"
    }

    fn help(&self) -> &'static str {
        "findings below the path of their file"
    }

    fn shows_source(&self) -> bool {
        false
    }

    fn is_data(&self) -> bool {
        false
    }

    fn write(&self, report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
        for group in report.entries.chunk_by(|a, b| a.finding.path == b.finding.path) {
            writeln!(out, "{EMPHASIS}{}{EMPHASIS:#}", OneLine(&group[0].finding.path))?;
            let place = |at: usize| {
                let start = group[at].finding.range.start;
                format!("{}:{}", start.line, start.column)
            };
            let width = (0..group.len()).map(|at| place(at).len()).max().unwrap_or_default();
            for (at, entry) in group.iter().enumerate() {
                let finding = &entry.finding;
                let style = severity(finding.severity);
                write!(
                    out,
                    "  {:width$}  {style}{:7}{style:#}  {CODE}{}{CODE:#} [{}] {}",
                    place(at),
                    word(finding.severity),
                    finding.code,
                    finding.rule,
                    OneLine(&finding.message)
                )?;
                end_line(report, entry, out)?;
            }
            writeln!(out)?;
        }
        summary::write(report, out)
    }
}
