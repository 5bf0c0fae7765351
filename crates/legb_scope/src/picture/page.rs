//! The source of a file as one HTML page: every name in the colour and with the underline of its scope, and its explanation
//! under the mouse, or below the name when it has the focus.
//!
//! The page has no script and loads nothing.

use std::fmt::Write as _;

use super::{LETTERS, class, colour, escaped, meaning};
use crate::explain::{Answer, Explanation, Outcome};
use legb_syntax::LineIndex;

/// The page. `explanations` are those of every mention, in the order of the text; `refusal` is what Python says of the file.
pub fn page(path: &str, text: &str, lines: &LineIndex, explanations: &[Explanation], refusal: Option<&str>) -> String {
    let python = explanations.first().map(|it| it.python.as_str()).unwrap_or_default();
    let title = escaped(path);
    let mut out = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n\
         <title>Scopes of {title}</title>\n<style>\n{}</style>\n</head>\n<body>\n<h1>{title}</h1>\n\
         <p>Python {}. Rest on a name, or click it, to see why it means what it means.</p>\n",
        style(),
        escaped(python)
    );
    // Writing to a String cannot fail.
    if let Some(refusal) = refusal {
        let _ = writeln!(out, "<p role=\"alert\" class=\"refused\">Python refuses this file: {}</p>", escaped(refusal));
    }
    out.push_str(
        "<input type=\"checkbox\" id=\"letters\"/><label for=\"letters\"> Letters behind the names</label>\n<ul>\n",
    );
    for answer in LETTERS {
        let (class, letter) = (class(answer), answer.letter());
        let _ = writeln!(
            out,
            "<li><span class=\"n {class}\" data-scope=\"{letter}\">{letter} {}</span> {}</li>",
            meaning(answer),
            underline_word(answer)
        );
    }
    out.push_str("</ul>\n<pre>\n");
    let mut next = explanations.iter().peekable();
    for number in 1..=lines.line_count() {
        let line = lines.line_span(number).unwrap_or_default().slice(text).trim_end_matches(['\n', '\r']);
        let _ = write!(out, "<code id=\"L{number}\">");
        let columns: Vec<(usize, char)> = line.char_indices().collect();
        let byte = |column: u32| {
            let at = usize::try_from(column).unwrap_or(usize::MAX).saturating_sub(1);
            columns.get(at).map_or(line.len(), |(byte, _)| *byte)
        };
        let mut done = 0;
        while let Some(it) = next.next_if(|it| it.range.start.line <= number) {
            let (start, end) = (byte(it.range.start.column), byte(it.range.end.column));
            if it.range.start.line != number || it.range.end.line != number || start < done || end <= start {
                continue;
            }
            let (class, letter) = (class(it.scope), it.scope.letter());
            let _ = write!(
                out,
                "{}<span class=\"n {class}\" tabindex=\"0\" data-scope=\"{letter}\" title=\"{}\">{}</span>",
                escaped(&line[done..start]),
                escaped(&tip(it)),
                escaped(&line[start..end])
            );
            done = end;
        }
        let _ = writeln!(out, "{}</code>", escaped(&line[done..]));
    }
    out.push_str("</pre>\n</body>\n</html>\n");
    out
}

/// The explanation in a few lines.
fn tip(it: &Explanation) -> String {
    let mut tip = format!("{}  {}\n", it.scope.letter(), it.verdict);
    for step in &it.steps {
        let outcome = match step.outcome {
            Outcome::Hit => "found",
            Outcome::Miss => "no",
            Outcome::Skipped => "skipped",
        };
        let letter = step.letter.map_or(' ', Answer::letter);
        let _ = writeln!(tip, "{letter} {}: {outcome}: {}", step.scope, step.why);
    }
    tip.push_str(&it.compiled);
    for path in it.unbound_on.iter().filter(|path| path.len() > 1) {
        let lines: Vec<String> = path.iter().map(u32::to_string).collect();
        let _ = write!(tip, "\nNo value on the path through lines {}", lines.join(" → "));
    }
    tip
}

const fn underline(answer: Answer) -> &'static str {
    match answer {
        Answer::Local => "underline solid",
        Answer::Enclosing => "underline double",
        Answer::Global => "underline dashed",
        Answer::Builtin => "underline dotted",
        Answer::Unresolved => "underline wavy",
    }
}

fn underline_word(answer: Answer) -> String {
    let word = underline(answer).strip_prefix("underline ").unwrap_or_default();
    format!("({word} line)")
}

/// Text in the colour of a letter, dark enough on white, and light enough on black.
const fn ink(answer: Answer) -> (&'static str, &'static str) {
    match answer {
        Answer::Local => ("#1B6E20", "#81C784"),
        Answer::Enclosing => ("#0B5CAD", "#64B5F6"),
        Answer::Global => ("#8F4700", "#FFB74D"),
        Answer::Builtin => ("#7B1FA2", "#CE93D8"),
        Answer::Unresolved => ("#B71C1C", "#EF9A9A"),
    }
}

fn style() -> String {
    let mut css = "\
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; margin: 1.5rem; background: #fff; color: #1b1b1b; }
h1 { font-size: 1.25rem; }
ul { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; }
pre { counter-reset: line; overflow-x: auto; padding-bottom: 12rem; }
code { display: block; counter-increment: line; font: 14px/1.7 ui-monospace, monospace; min-height: 1.7em; }
code::before { content: counter(line); display: inline-block; width: 4ch; margin-right: 2ch; text-align: right; color: #6b6b6b; }
code:target { background: #8882; }
.n { font-weight: 600; text-decoration-thickness: 2px; text-underline-offset: 3px; cursor: help; position: relative; }
.n:focus { outline: 2px solid; outline-offset: 1px; }
.n[title]:focus::after { content: attr(title); position: absolute; left: 0; top: 1.8em; z-index: 1; width: max-content; \
max-width: 44rem; white-space: pre-wrap; font: 13px/1.4 system-ui, sans-serif; color: #1b1b1b; background: #fff; \
border: 1px solid #888; border-radius: 6px; padding: .5rem .75rem; box-shadow: 0 2px 8px #0004; }
#letters:checked ~ pre .n::before { content: attr(data-scope); font-size: .65em; vertical-align: super; margin-right: 1px; }
.refused { border-left: 4px solid #D32F2F; padding-left: .75rem; }
"
    .to_owned();
    for answer in LETTERS {
        let _ = writeln!(
            css,
            ".{} {{ color: {}; text-decoration: {} {}; }}",
            class(answer),
            ink(answer).0,
            underline(answer),
            colour(answer)
        );
    }
    css.push_str(
        "@media (prefers-color-scheme: dark) {\nbody { background: #1b1b1b; color: #eee; }\n\
         code::before { color: #9a9a9a; }\n.n[title]:focus::after { color: #eee; background: #262626; }\n",
    );
    for answer in LETTERS {
        let _ = writeln!(css, ".{} {{ color: {}; }}", class(answer), ink(answer).1);
    }
    css.push_str("}\n");
    css
}
