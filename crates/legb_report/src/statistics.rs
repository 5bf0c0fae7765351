//! How often each rule spoke.

use std::collections::BTreeMap;
use std::io::{self, Write};

use legb_base::Severity;
use serde::Serialize;

use crate::report::Entry;
use crate::style::CODE;

/// The count of one rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Statistic {
    /// Name of the rule.
    pub rule: &'static str,
    /// Code of the rule.
    pub code: &'static str,
    /// How many of its findings are errors.
    pub errors: usize,
    /// How many of its findings are warnings.
    pub warnings: usize,
    /// How many of its findings are advice.
    pub infos: usize,
    /// All its findings.
    pub count: usize,
}

/// Counts findings by rule; the most frequent rule comes first, then the smaller code.
pub fn statistics(entries: &[Entry]) -> Vec<Statistic> {
    let mut by_code = BTreeMap::new();
    for entry in entries {
        let finding = &entry.finding;
        let statistic = by_code.entry(finding.code).or_insert(Statistic {
            rule: finding.rule,
            code: finding.code,
            errors: 0,
            warnings: 0,
            infos: 0,
            count: 0,
        });
        statistic.count += 1;
        match finding.severity {
            Severity::Error => statistic.errors += 1,
            Severity::Warning => statistic.warnings += 1,
            Severity::Info => statistic.infos += 1,
        }
    }
    let mut statistics: Vec<Statistic> = by_code.into_values().collect();
    statistics.sort_by_key(|statistic| std::cmp::Reverse(statistic.count));
    statistics
}

/// Writes a table for people.
pub fn write_table(statistics: &[Statistic], out: &mut dyn Write) -> io::Result<()> {
    let width = statistics.iter().map(|statistic| statistic.count.to_string().len()).max().unwrap_or_default();
    for statistic in statistics {
        writeln!(out, "{:>width$}  {CODE}{}{CODE:#}  {}", statistic.count, statistic.code, statistic.rule)?;
    }
    Ok(())
}
