//! The verdicts of a group as text: how many entries work, which crash and with what, and why others are unknown.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;

use anstyle::{AnsiColor, Style};
use legb_eval::Verdict;

use super::Group;
use crate::output::thousands;
use crate::story::{because, shortened};
use crate::verdicts::Ended;

const QUIET: Style = Style::new().dimmed();
const WORKS: Style = AnsiColor::Green.on_default().bold();
const CRASHES: Style = AnsiColor::BrightRed.on_default().bold();
const OPEN: Style = AnsiColor::Yellow.on_default().bold();

/// So many entries that work are named.
const NAMED: usize = 6;
/// So many entries that crash are told in full.
const CRASHED: usize = 10;
/// So many reasons of unknown verdicts are told.
const REASONS: usize = 5;

/// Writes the verdicts of a group.
pub(super) fn write(group: &Group, here: &Path, out: &mut dyn Write) -> io::Result<()> {
    let of = |verdict: Verdict| -> Vec<&Ended> {
        group.judged.entries.iter().filter(|entry| entry.story.verdict == verdict).collect()
    };
    let crashing = of(Verdict::Crashes);
    let (circles, others): (Vec<&Ended>, Vec<&Ended>) = crashing.into_iter().partition(|entry| entry.circle.is_some());
    for entry in circles.iter().chain(&others).take(CRASHED) {
        write_crash(entry, here, out)?;
    }
    let more = (circles.len() + others.len()).saturating_sub(CRASHED);
    if more > 0 {
        writeln!(out, "   {CRASHES}crashes{CRASHES:#}  {} more entries", thousands(more))?;
    }
    write_reasons("depends", &of(Verdict::Depends), here, out)?;
    write_reasons("unknown", &of(Verdict::Unknown), here, out)?;
    let works = of(Verdict::Works);
    if !works.is_empty() {
        let names: Vec<&str> = works.iter().take(NAMED).map(|entry| entry.shown.as_str()).collect();
        let more = match works.len().saturating_sub(NAMED) {
            0 => String::new(),
            more => format!(" and {} more", thousands(more)),
        };
        writeln!(out, "   {WORKS}works{WORKS:#}    {}{more}", names.join(", "))?;
    }
    if group.left_out > 0 {
        writeln!(out, "   {QUIET}{} more entry points were not run{QUIET:#}", thousands(group.left_out))?;
    }
    Ok(())
}

fn write_crash(entry: &Ended, here: &Path, out: &mut dyn Write) -> io::Result<()> {
    let sure = if entry.story.certain { "" } else { " (not certain)" };
    let raised = entry.story.exception.as_ref().map_or_else(String::new, |exception| {
        let message = exception.message.as_deref().map(|message| format!(": {message}")).unwrap_or_default();
        format!("{}{message}", exception.kind)
    });
    writeln!(out, "   {CRASHES}crashes{CRASHES:#}  {}{sure}  {raised}", entry.shown)?;
    let first = entry.works_after.as_ref().map(|first| format!("; works only if `{first}` is imported first"));
    writeln!(out, "            {QUIET}{}{QUIET:#}{}", because(&entry.story, here), first.unwrap_or_default())
}

/// Entries by the reason why more cannot be said, the commonest first.
fn write_reasons(word: &str, entries: &[&Ended], here: &Path, out: &mut dyn Write) -> io::Result<()> {
    let mut reasons: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for entry in entries {
        let reason = entry.story.reason.as_deref().or(entry.story.doubts.first().map(String::as_str));
        reasons.entry(reason.unwrap_or_default()).or_default().push(&entry.shown);
    }
    let mut reasons: Vec<(&str, Vec<&str>)> = reasons.into_iter().collect();
    reasons.sort_by_key(|(_, entries)| std::cmp::Reverse(entries.len()));
    for (reason, entries) in reasons.iter().take(REASONS) {
        let who = match entries.as_slice() {
            [only] => (*only).to_owned(),
            _ => format!("{} entries", thousands(entries.len())),
        };
        writeln!(out, "   {OPEN}{word}{OPEN:#}  {who}: {}", shortened(reason, here))?;
    }
    let rest: usize = reasons.iter().skip(REASONS).map(|(_, entries)| entries.len()).sum();
    if rest > 0 {
        writeln!(out, "   {OPEN}{word}{OPEN:#}  {} more entries, for other reasons", thousands(rest))?;
    }
    Ok(())
}

/// How all entries of all groups end, in a line.
pub(super) fn write_summary(groups: &[Group], out: &mut dyn Write) -> io::Result<()> {
    let entries = || groups.iter().flat_map(|group| &group.judged.entries);
    let count = |verdict: Verdict| entries().filter(|entry| entry.story.verdict == verdict).count();
    let told = [(Verdict::Works, "work"), (Verdict::Crashes, "crash"), (Verdict::Depends, "depend on a condition")];
    let mut parts: Vec<String> = told
        .into_iter()
        .map(|(verdict, word)| (count(verdict), word))
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{} {word}", thousands(count)))
        .collect();
    let unknown = count(Verdict::Unknown);
    if unknown > 0 {
        parts.push(format!("{} are unknown", thousands(unknown)));
    }
    writeln!(out, "\n{} entries: {}", thousands(entries().count()), parts.join(", "))
}
