//! The ladder of a name: the scopes that Python looks at, innermost at the bottom, each with what the look gave.

use std::fmt::Write as _;

use super::svg::{Border, Frame, LINE, Row, document};
use super::{class, label, meaning, mermaid_classes, wrapped};
use crate::explain::{Answer, Explanation, Outcome, Step};

/// Pixels from side to side.
const WIDTH: usize = 640;
const MARGIN: usize = 16;
/// Pixels between boxes, for the arrow.
const GAP: usize = 34;
/// Characters in a line of a Mermaid box.
const COLUMNS: usize = 60;

/// The ladders as one Mermaid flowchart.
pub fn ladder_mermaid(explanations: &[Explanation]) -> String {
    let mut out = "flowchart BT\n".to_owned();
    for (number, it) in explanations.iter().enumerate() {
        // Writing to a String cannot fail.
        let _ = writeln!(out, "  subgraph n{number} [\"{}\"]", label(&title(it)));
        for (at, step) in it.steps.iter().enumerate() {
            let head = match step.letter {
                Some(letter) => format!("{} {}", letter.letter(), heading(step)),
                None => heading(step),
            };
            let why = wrapped(&step.why, COLUMNS).join("\n");
            let _ = writeln!(out, "    n{number}s{at}[\"{}\"]", label(&format!("{head}\n{why}")));
        }
        if it.scope == Answer::Unresolved {
            let _ = writeln!(out, "    n{number}end([\"{}\"])", label(&end(it)));
        }
        out.push_str("  end\n");
        arrows(number, it, &mut out);
    }
    out.push_str(&mermaid_classes());
    out
}

fn arrows(number: usize, it: &Explanation, out: &mut String) {
    let ends = it.steps.len();
    for (at, step) in it.steps.iter().enumerate() {
        let next = if at + 1 < ends {
            format!("n{number}s{}", at + 1)
        } else if it.scope == Answer::Unresolved {
            format!("n{number}end")
        } else {
            String::new()
        };
        // Beyond the hit nothing is asked.
        let has_answered = it.steps[..=at].iter().any(|step| step.outcome == Outcome::Hit);
        if !next.is_empty() && !has_answered {
            let _ = writeln!(out, "  n{number}s{at} -->|\"{}\"| {next}", word(step.outcome));
        } else if !next.is_empty() {
            let _ = writeln!(out, "  n{number}s{at} -.- {next}");
        }
        if let Some(letter) = step.letter {
            let _ = writeln!(out, "  class n{number}s{at} {}", class(letter));
        }
        match step.outcome {
            Outcome::Hit => {
                let _ = writeln!(out, "  class n{number}s{at} hit");
            }
            Outcome::Skipped => {
                let _ = writeln!(out, "  class n{number}s{at} skipped");
            }
            Outcome::Miss => {}
        }
    }
    if it.scope == Answer::Unresolved {
        let _ = writeln!(out, "  class n{number}end U");
    }
}

/// The ladders below each other as one SVG.
pub fn ladder_svg(explanations: &[Explanation]) -> String {
    let mut body = String::new();
    let mut y = MARGIN;
    for it in explanations {
        y = draw(it, y, &mut body) + GAP;
    }
    let names: Vec<String> = explanations.iter().map(title).collect();
    document(WIDTH, y.saturating_sub(GAP) + MARGIN, &names.join("; "), &body)
}

/// Draws a ladder from `top` downwards, outermost scope first; returns where it ends.
fn draw(it: &Explanation, top: usize, out: &mut String) -> usize {
    let x = MARGIN;
    let width = WIDTH - 2 * MARGIN;
    let mut y = top + LINE;
    let _ = writeln!(out, "<text class=\"strong\" x=\"{x}\" y=\"{}\">{}</text>", y - 5, super::escaped(&title(it)));
    for line in wrapped(&it.verdict, Frame::columns(width)) {
        y += LINE;
        let _ = writeln!(out, "<text x=\"{x}\" y=\"{}\">{}</text>", y - 5, super::escaped(&line));
    }
    y += MARGIN / 2;
    if it.scope == Answer::Unresolved {
        let row = Row { letter: Some(Answer::Unresolved), text: end(it), strong: true };
        let frame = Frame { x, y, width, rows: vec![row], border: Border::Plain, side: Some(Answer::Unresolved) };
        frame.write(out);
        y += frame.height();
        arrow(x + width / 2, y, Outcome::Miss, out);
        y += GAP;
    }
    let answered = it.steps.iter().position(|step| step.outcome == Outcome::Hit);
    for (at, step) in it.steps.iter().enumerate().rev() {
        let frame = frame(step, x, y, width);
        frame.write(out);
        y += frame.height();
        if let Some(below) = at.checked_sub(1) {
            if answered.is_none_or(|answered| at <= answered) {
                arrow(x + width / 2, y, it.steps[below].outcome, out);
            }
            y += GAP;
        }
    }
    y
}

fn frame(step: &Step, x: usize, y: usize, width: usize) -> Frame {
    let mut rows = vec![Row { letter: step.letter, text: heading(step), strong: true }];
    let why = wrapped(&step.why, Frame::columns(width)).into_iter();
    rows.extend(why.map(|text| Row { letter: None, text, strong: false }));
    let border = match step.outcome {
        Outcome::Hit => Border::Thick,
        Outcome::Miss => Border::Plain,
        Outcome::Skipped => Border::Dashed,
    };
    Frame { x, y, width, rows, border, side: step.letter }
}

/// An arrow upwards between two boxes, with what the lower one gave.
fn arrow(x: usize, above: usize, outcome: Outcome, out: &mut String) {
    let (from, to) = (above + GAP, above + 2);
    let _ = writeln!(
        out,
        "<path class=\"arrow\" d=\"M{x} {from}V{}\"/><path class=\"head\" d=\"M{x} {to}l-5 9h10z\"/>\
         <text x=\"{}\" y=\"{}\">{}</text>",
        to + 8,
        x + 10,
        above + GAP / 2 + 5,
        word(outcome)
    );
}

/// `app.py:3:5 total (Python 3.13)`.
fn title(it: &Explanation) -> String {
    let start = it.range.start;
    format!("{} at {}:{}:{} (Python {})", it.name, it.path, start.line, start.column, it.python)
}

/// `local: function f, line 3: found`.
fn heading(step: &Step) -> String {
    let letter = step.letter.map(|letter| format!("{}: ", meaning(letter))).unwrap_or_default();
    let line = step.line.map(|line| format!(", line {line}")).unwrap_or_default();
    format!("{letter}{}{line}: {}", step.scope, word(step.outcome))
}

const fn word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Hit => "found",
        Outcome::Miss => "not found",
        Outcome::Skipped => "skipped",
    }
}

fn end(it: &Explanation) -> String {
    match &it.raised {
        Some(raised) => format!("{}: {}", raised.exception, raised.message),
        None => "nothing answers".to_owned(),
    }
}
