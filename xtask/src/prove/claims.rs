//! What rows about claims of the evaluator share: the interpreters, shares, reasons for claiming nothing, programs on paper.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::ffi::OsString;

use anyhow::bail;
use legb_base::PyVersion;
use legb_oracle::interpreter::Kind;

use crate::workspace;

/// Native interpreters with their programs.
pub(super) fn natives() -> anyhow::Result<Vec<(PyVersion, OsString)>> {
    let mut natives = Vec::new();
    for interpreter in workspace::interpreters(&[])? {
        if let Kind::Native { program, .. } = &interpreter.kind {
            natives.push((interpreter.version, program.as_os_str().to_owned()));
        }
    }
    if natives.is_empty() {
        bail!("no native interpreter");
    }
    Ok(natives)
}

pub(super) fn percent(part: usize, whole: usize) -> f64 {
    let number = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    number(part) * 100.0 / number(whole.max(1))
}

/// Prints a program with the numbers of its lines.
pub(super) fn print_program(text: &str) {
    text.lines().zip(1..).for_each(|(line, n)| println!("    {n:3} {line}"));
}

/// Why nothing was claimed, with how often.
#[derive(Default)]
pub(super) struct Reasons(BTreeMap<String, usize>);

impl Reasons {
    pub(super) fn add(&mut self, reason: &str) {
        *self.0.entry(reason.to_owned()).or_default() += 1;
    }

    pub(super) fn merge(&mut self, other: Self) {
        for (reason, count) in other.0 {
            *self.0.entry(reason).or_default() += count;
        }
    }

    /// Prints the first of them, the most frequent first.
    pub(super) fn print(&self, shown: usize) {
        let mut reasons: Vec<(&String, &usize)> = self.0.iter().collect();
        reasons.sort_by_key(|&(reason, count)| (Reverse(count), reason));
        for (reason, count) in reasons.into_iter().take(shown) {
            println!("  {count} times: {reason}");
        }
    }
}
