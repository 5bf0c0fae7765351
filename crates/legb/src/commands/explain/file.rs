//! Every name of a file in a line each: who answers it, scope by scope.

use std::fmt::Write as _;

use legb_report::style::{DIM, EMPHASIS};
use legb_scope::explain::{Explanation, letter_style};
use legb_scope::facts::Flow;

use super::answers::Answers;

/// The names of a file for people.
pub(super) fn text(path: &str, answers: &Answers) -> String {
    let mut scopes: Vec<(u32, &str, Vec<&Explanation>)> = Vec::new();
    for explanation in &answers.explanations {
        // The first step is the scope in which the mention stands.
        let Some(step) = explanation.steps.first() else { continue };
        let line = step.line.unwrap_or_default();
        let known = scopes.iter_mut().find(|(at, scope, _)| (*at, *scope) == (line, step.scope.as_str()));
        match known {
            Some((.., names)) => match names.iter_mut().find(|other| other.name == explanation.name) {
                Some(other) if tells_more(explanation, other) => *other = explanation,
                Some(_) => {}
                None => names.push(explanation),
            },
            None => scopes.push((line, &step.scope, vec![explanation])),
        }
    }
    scopes.sort_by_key(|(line, ..)| *line);
    let python = answers.explanations.first().map(|it| it.python.as_str()).unwrap_or_default();
    let mut out = format!("{EMPHASIS}{path}{EMPHASIS:#} (Python {python})\n");
    for (line, scope, names) in scopes {
        // Writing to a String cannot fail.
        let _ = writeln!(out, "\n{EMPHASIS}{scope}{EMPHASIS:#}  {DIM}line {line}{DIM:#}");
        for it in names {
            let colour = letter_style(it.scope);
            let place = format!("{}:{}", it.range.start.line, it.range.start.column);
            let leads = it.elsewhere.leads_to.as_ref().map(|to| format!(" {to}.")).unwrap_or_default();
            let _ = writeln!(
                out,
                "  {colour}{}{colour:#}  {DIM}{place:<8}{DIM:#} {}{leads}",
                it.scope.letter(),
                it.verdict
            );
        }
    }
    out
}

/// Whether a mention says more than another of the same name in the same scope: a read without a value first, then any read.
fn tells_more(new: &Explanation, old: &Explanation) -> bool {
    let telling = |it: &Explanation| (matches!(it.flow, Flow::Unbound | Flow::Maybe), it.raised.is_some());
    telling(new) > telling(old)
}
