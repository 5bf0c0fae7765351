//! A summary for people: one screen.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};

use crate::level::Level;
use crate::parsing::{Detection, Traceback};
use crate::time::Timestamp;

use super::series::{Bar, sparkline};
use super::summary::{Group, Summary, total};

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();

/// So many services, errors and failures are shown; the others are counted.
const SHOWN: usize = 10;

/// The width of sparklines, in characters.
const SPARK: usize = 40;

/// The colour of a level.
pub(super) fn style_of(level: Option<Level>) -> Style {
    match level {
        Some(Level::Critical) => AnsiColor::BrightRed.on_default().bold(),
        Some(Level::Error) => AnsiColor::Red.on_default(),
        Some(Level::Warning) => AnsiColor::Yellow.on_default(),
        Some(Level::Info) => AnsiColor::Green.on_default(),
        Some(Level::Debug) | None => DIM,
    }
}

/// What is said below a failure: its reason in the code.
pub type NoteOf<'a> = &'a dyn Fn(&Traceback) -> Vec<String>;

/// The summary as text, with escape sequences for colours.
pub fn summary_text(summary: &Summary, note_of: NoteOf<'_>) -> String {
    let mut out = String::new();
    head(summary, &mut out);
    if summary.records == 0 {
        return out;
    }
    levels(summary, &mut out);
    services(summary, &mut out);
    errors(summary, &mut out);
    groups(summary, note_of, &mut out);
    if summary.others > 0 {
        let _ = writeln!(out, "\n{DIM}{} more are not told apart, there are too many{DIM:#}", summary.others);
    }
    out
}

fn head(summary: &Summary, out: &mut String) {
    let records = plural(summary.records, "record");
    let span = summary.span.map_or_else(String::new, |(first, last)| format!(", {first} to {last}"));
    let _ = writeln!(out, "{BOLD}{records}{BOLD:#}{span}");
    for file in &summary.files {
        let _ = writeln!(out, "{DIM}  {}: {}{DIM:#}", file.name, described(&file.detection));
    }
}

/// What was detected, and why, in a line.
pub fn described(detection: &Detection) -> String {
    let format = detection.format.as_deref().unwrap_or("plain lines");
    let mut parts = detection.transports.clone();
    parts.push(format.to_owned());
    let reason = if detection.reason.is_empty() { "there is nothing to judge by" } else { &detection.reason };
    format!("{} ({reason})", parts.join(" > "))
}

fn levels(summary: &Summary, out: &mut String) {
    let _ = writeln!(out, "\n{BOLD}Levels{BOLD:#}");
    let rows = Level::ALL.into_iter().rev().map(Some).chain([None]);
    for level in rows {
        let count = summary.levels[super::series::bar_index(level)];
        if count == 0 {
            continue;
        }
        let style = style_of(level);
        let name = level.map_or("(none)", Level::as_str);
        let _ = writeln!(out, "  {style}{name:<9}{style:#} {count:>9}  {}", of_level(summary, level));
    }
}

/// The records of one level over time.
fn of_level(summary: &Summary, level: Option<Level>) -> String {
    let Some((first, last)) = summary.span else { return String::new() };
    let index = super::series::bar_index(level);
    let bars: Vec<Bar> = summary
        .series
        .joined(first.seconds, last.seconds, SPARK)
        .into_iter()
        .map(|bar| {
            let mut only = Bar::default();
            only[index] = bar[index];
            only
        })
        .collect();
    sparkline(&bars).trim_end().to_owned()
}

fn services(summary: &Summary, out: &mut String) {
    let services = summary.services();
    if services.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n{BOLD}Services{BOLD:#}");
    let width = services.iter().take(SHOWN).map(|(name, _)| name.chars().count()).max().unwrap_or(0).min(40);
    for (name, counts) in services.iter().take(SHOWN) {
        let errors = counts[Level::Error as usize] + counts[Level::Critical as usize];
        let errors = if errors > 0 { format!("  {}", plural(errors, "error")) } else { String::new() };
        let _ = writeln!(out, "  {name:<width$} {:>9}{errors}", total(counts));
    }
    more(services.len(), out);
}

fn errors(summary: &Summary, out: &mut String) {
    let errors = summary.errors();
    if errors.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n{BOLD}Errors without a traceback{BOLD:#}");
    for error in errors.iter().take(SHOWN) {
        let service = if error.service.is_empty() { String::new() } else { format!("{}: ", error.service) };
        // A single one is shown as it was, several by what they have in common.
        let message = if error.count == 1 { &error.example } else { &error.template };
        let _ = writeln!(out, "  {:>6}×  {service}{message}", error.count);
    }
    more(errors.len(), out);
}

fn groups(summary: &Summary, note_of: NoteOf<'_>, out: &mut String) {
    let groups = summary.groups();
    if groups.is_empty() {
        return;
    }
    let all: u64 = groups.iter().map(|group| group.count).sum();
    let _ = writeln!(out, "\n{BOLD}Tracebacks{BOLD:#}: {}, {} in all", distinct(groups.len()), all);
    for group in groups.iter().take(SHOWN) {
        one(group, summary, out);
        for line in note_of(&group.example) {
            let _ = writeln!(out, "           {line}");
        }
    }
    more(groups.len(), out);
}

fn one(group: &Group, summary: &Summary, out: &mut String) {
    let trace = &group.example;
    let red = AnsiColor::Red.on_default();
    let message = if trace.message.is_empty() { String::new() } else { format!(": {}", trace.first_line()) };
    let _ = writeln!(out, "  {:>6}×  {red}{}{red:#}{message}  {DIM}{}{DIM:#}", group.count, trace.exception, group.fp1);
    if let Some(place) = place(trace) {
        let _ = writeln!(out, "           at {place}");
    }
    let members = trace.group.iter().map(|member| member.exception.as_str()).collect::<Vec<_>>();
    if !members.is_empty() {
        let _ = writeln!(out, "           of {}", members.join(", "));
    }
    if let Some(previous) = trace.previous() {
        let _ = writeln!(out, "           after {}: {}", previous.exception, previous.first_line());
    }
    if let (Some((first, last)), Some(all)) = (group.span, summary.span) {
        let spark = sparkline(&group.series.joined(all.0.seconds, all.1.seconds, SPARK));
        let _ = writeln!(out, "           {}  {DIM}|{DIM:#}{spark}{DIM}|{DIM:#}", times(first, last));
    }
}

fn times(first: Timestamp, last: Timestamp) -> String {
    if first == last { first.whole().to_string() } else { format!("{} to {}", first.whole(), last.whole()) }
}

/// The place that a failure is told by: the last frame of the application, else the last one.
pub(super) fn place(trace: &Traceback) -> Option<String> {
    let frame = trace.frames.iter().rev().find(|frame| crate::is_in_app(&frame.path)).or(trace.frames.last())?;
    let name = frame.name.as_ref().map_or_else(String::new, |name| format!(" in {name}"));
    Some(format!("{}:{}{name}", frame.path, frame.line))
}

fn more(count: usize, out: &mut String) {
    if count > SHOWN {
        let _ = writeln!(out, "  {DIM}… and {} more (--format json has all){DIM:#}", count - SHOWN);
    }
}

fn distinct(count: usize) -> String {
    format!("{count} different")
}

/// `1 record`, `2 records`.
pub(super) fn plural(count: u64, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
