//! An explanation as text for people. It reads the same without its colours.

use std::fmt::{self, Write as _};

use anstyle::{Ansi256Color, AnsiColor, Style};

use super::{Answer, BindingSite, Explanation, Outcome, wording};
use crate::facts::Flow;

const STRONG: Style = Style::new().bold();
const QUIET: Style = Style::new().dimmed();
const PLACE: Style = AnsiColor::Cyan.on_default();
const TROUBLE: Style = AnsiColor::BrightRed.on_default().bold();
const ORANGE: Ansi256Color = Ansi256Color(208);

/// The colour of a letter of the rule.
pub const fn style(answer: Answer) -> Style {
    match answer {
        Answer::Local => AnsiColor::Green.on_default().bold(),
        Answer::Enclosing => AnsiColor::BrightBlue.on_default().bold(),
        Answer::Global => ORANGE.on_default().bold(),
        Answer::Builtin => AnsiColor::Magenta.on_default().bold(),
        Answer::Unresolved => TROUBLE,
    }
}

/// Columns that sentences may take.
const WIDTH: usize = 100;

/// The explanation with ANSI styles, which a stream that wants none can strip. `text` is the text of the file.
pub fn render(explanation: &Explanation, text: &str) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = write_all(&mut out, explanation, text);
    out
}

fn write_all(out: &mut String, it: &Explanation, text: &str) -> fmt::Result {
    heading(out, it, text)?;
    let answer = style(it.scope);
    let mut verdict = String::new();
    fill(&mut verdict, &it.verdict, WIDTH, "   ")?;
    writeln!(out, "{answer}{}{answer:#}  {STRONG}{verdict}{STRONG:#}\n", it.scope.letter())?;
    ladder(out, it)?;
    bindings(out, it)?;
    chain(out, it)?;
    cell(out, it)?;
    outside_writes(out, it)?;
    fill(out, &it.compiled, WIDTH, "  ")?;
    writeln!(out)?;
    if let Some(raised) = it.raised.as_ref().filter(|_| it.scope != Answer::Builtin) {
        let when = match it.flow {
            Flow::Unbound => "It has no value here, so CPython raises",
            Flow::Maybe => "Where it has no value, CPython raises",
            _ => "If it had no value, CPython would raise",
        };
        let nowhere = it.scope == Answer::Unresolved && !it.may_come_from_star;
        let trouble = if nowhere || matches!(it.flow, Flow::Unbound | Flow::Maybe) { TROUBLE } else { QUIET };
        let when = if nowhere { "Found nowhere, it raises" } else { when };
        writeln!(out, "{when}\n  {trouble}{}: {}{trouble:#}", raised.exception, raised.message)?;
    }
    for path in &it.unbound_on {
        if path.len() > 1 {
            let lines: Vec<String> = path.iter().map(u32::to_string).collect();
            writeln!(out, "  on the path through lines {}", lines.join(" → "))?;
        }
    }
    changes(out, it)
}

/// Where it is, and the line with a caret under the name.
fn heading(out: &mut String, it: &Explanation, text: &str) -> fmt::Result {
    let start = it.range.start;
    writeln!(
        out,
        "{PLACE}{}:{}:{}{PLACE:#}  {STRONG}{}{STRONG:#}  (Python {})",
        it.path, start.line, start.column, it.name, it.python
    )?;
    let line = source_line(text, start.line);
    let number = start.line.to_string();
    let before: String = line.chars().take(column(start.column)).map(|c| if c == '\t' { '\t' } else { ' ' }).collect();
    let width = if it.range.end.line == start.line { column(it.range.end.column) - column(start.column) } else { 1 };
    let (caret, margin) = (style(it.scope), " ".repeat(number.len()));
    writeln!(out, "{QUIET}{margin} |{QUIET:#}")?;
    writeln!(out, "{QUIET}{number} |{QUIET:#} {line}")?;
    writeln!(out, "{QUIET}{margin} |{QUIET:#} {before}{caret}{}{caret:#}\n", "^".repeat(width.max(1)))
}

fn column(from_one: u32) -> usize {
    from_one as usize - 1
}

/// A line of the text without its ending; lines end as Python ends them.
fn source_line(text: &str, line: u32) -> &str {
    let lines = legb_syntax::LineIndex::new(text);
    lines.line_span(line).unwrap_or_default().slice(text).trim_end_matches(['\n', '\r'])
}

fn ladder(out: &mut String, it: &Explanation) -> fmt::Result {
    writeln!(out, "Python looks in this order:")?;
    let scope_width = it.steps.iter().map(|step| step.scope.chars().count()).max().unwrap_or(0);
    let line_width = it.steps.iter().filter_map(|step| step.line).map(|line| line.to_string().len()).max().unwrap_or(0);
    for step in &it.steps {
        let letter = step.letter.map_or(' ', Answer::letter);
        let colour = step.letter.map_or(QUIET, style);
        let line = step.line.map_or_else(|| " ".repeat(line_width + 5), |line| format!("line {line:<line_width$}"));
        let (word, shade) = match step.outcome {
            Outcome::Hit => ("found", style(it.scope)),
            Outcome::Miss => ("no", Style::new()),
            Outcome::Skipped => ("skipped", QUIET),
        };
        let indent = " ".repeat(2 + 3 + scope_width + 2 + line_width + 5 + 2 + 9);
        write!(
            out,
            "  {colour}{letter}{colour:#}  {:<scope_width$}  {QUIET}{line}{QUIET:#}  {shade}{word:<7}{shade:#}  ",
            step.scope
        )?;
        let mut why = String::new();
        fill(&mut why, &step.why, WIDTH.saturating_sub(indent.len()).max(40), &indent)?;
        writeln!(out, "{why}")?;
    }
    writeln!(out)
}

/// How many binding lines are listed.
const LISTED: usize = 8;

fn bindings(out: &mut String, it: &Explanation) -> fmt::Result {
    // Lines of other files are told with the reason why they matter.
    let sites: Vec<&BindingSite> = it.bindings.iter().filter(|site| site.path == it.path).collect();
    if sites.is_empty() {
        return Ok(());
    }
    writeln!(out, "Bound on")?;
    let width = sites.iter().map(|site| site.line.to_string().len()).max().unwrap_or(0);
    for site in sites.iter().take(LISTED) {
        writeln!(out, "  line {:<width$}  {}", site.line, site.kind)?;
    }
    if sites.len() > LISTED {
        writeln!(out, "  and {} more", sites.len() - LISTED)?;
    }
    writeln!(out)
}

/// The way from an import to the definition.
fn chain(out: &mut String, it: &Explanation) -> fmt::Result {
    let Some(end) = &it.elsewhere.leads_to else { return Ok(()) };
    writeln!(out, "Where it comes from")?;
    for hop in &it.elsewhere.chain {
        let name = if hop.name == it.name { String::new() } else { format!(", there called `{}`", hop.name) };
        let also = match hop.also.as_slice() {
            [] => String::new(),
            lines => format!("; {}", wording::also_on_lines(lines)),
        };
        writeln!(out, "  {PLACE}{}:{}{PLACE:#}  {}{name}{also}", hop.path, hop.line, hop.kind)?;
    }
    let mut text = String::new();
    fill(&mut text, end, WIDTH - 2, "  ")?;
    writeln!(out, "  {text}\n")
}

/// Who shares the variable.
fn cell(out: &mut String, it: &Explanation) -> fmt::Result {
    let Some(cell) = &it.cell else { return Ok(()) };
    writeln!(out, "Shared through the cell that {} (line {}) makes", cell.owner, cell.line)?;
    let width = cell.shared_by.iter().map(|sharer| sharer.scope.chars().count()).max().unwrap_or(0);
    for sharer in &cell.shared_by {
        let does = [("reads", &sharer.reads), ("writes", &sharer.writes)].into_iter();
        let does = does.filter(|(_, lines)| !lines.is_empty());
        let does: Vec<String> =
            does.map(|(verb, lines)| format!("{verb} it {}", wording::on_lines(lines.clone()))).collect();
        let does = if does.is_empty() { "only makes it".to_owned() } else { does.join("; ") };
        writeln!(out, "  {:<width$}  {QUIET}line {}{QUIET:#}  {does}", sharer.scope, sharer.line)?;
    }
    if let Some(when) = &cell.read_when {
        let mut text = String::new();
        fill(&mut text, when, WIDTH - 2, "  ")?;
        writeln!(out, "  {text}")?;
    }
    writeln!(out)
}

/// Who writes into the module from outside.
fn outside_writes(out: &mut String, it: &Explanation) -> fmt::Result {
    let writes = &it.elsewhere.writes;
    if !writes.is_empty() {
        writeln!(out, "Written from outside of the module's own statements")?;
        for write in writes.iter().take(LISTED) {
            let when = match &write.function {
                Some(function) => format!("when `{function}` is called"),
                None => "when that file runs".to_owned(),
            };
            writeln!(out, "  {PLACE}{}:{}{PLACE:#}  {}, {when}", write.path, write.line, write.kind)?;
        }
        if writes.len() > LISTED {
            writeln!(out, "  and {} more", writes.len() - LISTED)?;
        }
        writeln!(out)?;
    }
    match it.builtin_if_gone {
        Some(true) => writeln!(out, "If the global were gone, the builtin `{}` would answer.\n", it.name),
        Some(false) => writeln!(out, "If the global were gone, no builtin would answer.\n"),
        None => Ok(()),
    }
}

fn changes(out: &mut String, it: &Explanation) -> fmt::Result {
    if it.change.is_empty() {
        return Ok(());
    }
    writeln!(out, "\nWhat would change the answer:")?;
    for (i, change) in it.change.iter().enumerate() {
        write!(out, "  {}. ", i + 1)?;
        fill(out, &change.title, WIDTH - 5, "     ")?;
        writeln!(out)?;
    }
    Ok(())
}

/// Writes a sentence, broken at spaces; further lines begin with `indent`.
fn fill(out: &mut String, sentence: &str, width: usize, indent: &str) -> fmt::Result {
    let mut used = 0;
    for word in sentence.split(' ') {
        let length = word.chars().count();
        if used > 0 && used + 1 + length > width {
            write!(out, "\n{indent}")?;
            used = 0;
        } else if used > 0 {
            out.write_char(' ')?;
            used += 1;
        }
        out.write_str(word)?;
        used += length;
    }
    Ok(())
}
