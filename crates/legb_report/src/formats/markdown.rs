//! `markdown`: a summary for pull requests and job pages: how often each rule spoke, and where.

use std::fmt;
use std::io::{self, Write};

use super::Format;
use crate::report::{Counts, Report};
use crate::statistics::statistics;
use crate::style::word;

/// The format.
#[derive(Debug)]
pub(super) struct Markdown;

impl Format for Markdown {
    fn name(&self) -> &'static str {
        "markdown"
    }

    fn help(&self) -> &'static str {
        "a summary in Markdown, for job pages and pull requests"
    }

    fn shows_source(&self) -> bool {
        false
    }

    fn is_data(&self) -> bool {
        true
    }

    fn write(&self, report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
        let Counts { errors, warnings, infos } = Counts::of(report.entries);
        writeln!(out, "## legb\n")?;
        if report.entries.is_empty() {
            return writeln!(out, "No findings in {} files.", report.files);
        }
        writeln!(out, "{errors} errors, {warnings} warnings, {infos} advice in {} files.\n", report.files)?;
        writeln!(out, "| count | rule | code |\n|---:|---|---|")?;
        for statistic in statistics(report.entries) {
            writeln!(out, "| {} | {} | {} |", statistic.count, statistic.rule, statistic.code)?;
        }
        writeln!(out, "\n| severity | place | rule | message |\n|---|---|---|---|")?;
        for entry in report.entries {
            let finding = &entry.finding;
            let start = finding.range.start;
            writeln!(
                out,
                "| {} | {}:{}:{} | {} | {} |",
                word(finding.severity),
                Cell(&finding.path),
                start.line,
                start.column,
                finding.rule,
                Cell(&finding.message)
            )?;
        }
        Ok(())
    }
}

/// A text in a table: on one line, with bars and angle brackets escaped outside of code.
struct Cell<'a>(&'a str);

impl fmt::Display for Cell<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for character in self.0.chars() {
            match character {
                '|' => f.write_str("\\|")?,
                '<' => f.write_str("&lt;")?,
                c if c.is_control() => f.write_str(" ")?,
                c => write!(f, "{c}")?,
            }
        }
        Ok(())
    }
}
