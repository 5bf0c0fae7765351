//! Reasons of failures about names: the variable that has no value, the scopes that were asked, the lines that bind it.

use std::fs;

use legb_base::{Edit, LineColumn};
use legb_log::Failure;
use legb_project::SourceFile;
use legb_resolve::stdlib;
use legb_scope::explain::{Answer, Explanation, Source, explain_line};
use legb_scope::facts::Flow;
use serde_json::Value;

use crate::analysed::analysed;

use super::declarations::refused;
use super::edits::{imported, moved_above, respelt};
use super::frames::{Difference, Placed};
use super::repair::{Proposal, located};
use super::{Case, Reason, Reasons, Tie, entry};

/// The reason of a failure about a name.
pub(super) fn reason(reasons: &Reasons<'_>, case: &Case<'_>) -> Tie {
    // Things that cannot be called are many; only a name that hides a builtin has its reason in scopes.
    let is_call = matches!(case.failure, Failure::NotCallable(_));
    let failing = match case.failing() {
        Ok(failing) => failing,
        Err(why) => return if is_call { Tie::NotAsked } else { Tie::Untied(why) },
    };
    if !failing.is_tied {
        let why = failing.difference.as_ref().map(Difference::sentence).unwrap_or_default();
        return if is_call { Tie::NotAsked } else { Tie::Untied(why) };
    }
    match explained(case, failing) {
        Ok(explained) => Tie::Tied(Box::new(told(reasons, case, failing, explained))),
        Err(_) if is_call => Tie::NotAsked,
        Err(why) => Tie::Untied(why),
    }
}

/// The name that failed, explained.
struct Explained {
    explanation: Explanation,
    /// The reason in sentences, the answer first.
    because: Vec<String>,
    /// What would repair it, best first.
    proposals: Vec<Proposal>,
}

/// The explanation of the name that failed.
fn explained(case: &Case<'_>, failing: &Placed<'_>) -> Result<Explained, String> {
    let file = SourceFile::new(failing.path.as_str().into());
    let bytes = fs::read(&failing.path).map_err(|error| format!("{} cannot be read: {error}", failing.path))?;
    let found = analysed(&file, &bytes, case.version, |source, _| {
        let explanation = mention(source, case, failing)?;
        if let Failure::Declaration(name) = case.failure {
            let (because, proposals) = refused(source, failing.line, name, case.trace.first_line())?;
            return Some(Explained { explanation, because, proposals });
        }
        let because = because(case, &explanation);
        let proposals = proposals(source, case, failing, &explanation);
        Some(Explained { explanation, because, proposals })
    });
    let found = found.map_err(|error| format!("{} is no text: {}", failing.path, error.message))?;
    found.ok_or_else(|| {
        let name = match case.failure {
            Failure::Name(name) | Failure::Declaration(name) => name,
            _ => "",
        };
        format!("{}:{} does not mention `{name}`: source differs from the deployed code", failing.path, failing.line)
    })
}

/// The mention of the name in the failing line; of several the one in the code that ran.
fn mention(source: &Source<'_>, case: &Case<'_>, failing: &Placed<'_>) -> Option<Explanation> {
    let mut found = explain_line(source, failing.line).ok()?;
    match case.failure {
        Failure::Name(name) | Failure::Declaration(name) => found.retain(|it| it.name == name),
        // What is called is a name that Python has, and that this file has bound to something else.
        _ => {
            let is_builtin = |it: &Explanation| legb_scope::builtins::is_builtin(&it.name, case.version);
            found.retain(|it| is_builtin(it) && it.scope != Answer::Builtin && it.raised.is_some());
            if found.len() > 1 {
                return None;
            }
        }
    }
    let runs_in = |it: &Explanation| {
        let name = failing.frame.name.as_deref().unwrap_or("<module>");
        let scope = it.steps.first().map_or("", |step| step.scope.as_str());
        scope.rsplit(' ').next() == name.rsplit('.').next() || name == "<module>" && scope == "module"
    };
    let telling = |it: &Explanation| {
        let lacks = matches!(it.flow, Flow::Unbound | Flow::Maybe) || it.scope == Answer::Unresolved;
        (it.raised.is_some(), lacks, runs_in(it))
    };
    // The first of those that tell most.
    found.into_iter().rev().max_by_key(telling)
}

/// What would repair it: what the explanation offers, and for a module of the library its import.
fn proposals(source: &Source<'_>, case: &Case<'_>, failing: &Placed<'_>, explanation: &Explanation) -> Vec<Proposal> {
    // Python's own hint knows the values that were there.
    let hint = case.trace.first_line().split("Did you mean: '").nth(1).and_then(|rest| rest.split('\'').next());
    let hint = hint.filter(|_| explanation.scope == Answer::Unresolved);
    let hinted = hint.and_then(|hint| respelt(failing, case.version, &explanation.name, hint));
    let mut found: Vec<Proposal> = hinted.into_iter().collect();
    let offset = |at: LineColumn| source.lines.offset(at, source.text);
    for change in &explanation.change {
        let edits: Option<Vec<Edit>> = change
            .edits
            .iter()
            .map(|edit| {
                let span = legb_base::Span::new(offset(edit.range.start)?, offset(edit.range.end)?);
                Some(Edit { span, content: edit.content.clone() })
            })
            .collect();
        found.push(Proposal {
            title: change.title.clone(),
            path: source.path.to_owned(),
            text: source.text.to_owned(),
            edits: edits.unwrap_or_default(),
        });
    }
    found.extend(value_before(source, explanation));
    match explanation.scope {
        Answer::Unresolved if stdlib::is_stdlib(&explanation.name, source.dialect.version) => {
            let name = &explanation.name;
            let imports = [format!("import {name}"), format!("from {name} import {name}")];
            found.splice(0..0, imports.into_iter().map(|import| imported(source, &import)));
        }
        Answer::Global | Answer::Enclosing if matches!(case.failure, Failure::Name(_)) => {
            found.splice(0..0, bound_earlier(source, case, failing, explanation));
        }
        _ => {}
    }
    if matches!(case.failure, Failure::NotCallable(_)) {
        found.splice(0..0, renamed(source, explanation));
    }
    found
}

/// Why the name has no value, in sentences.
fn because(case: &Case<'_>, explanation: &Explanation) -> Vec<String> {
    let mut because = vec![explanation.verdict.clone()];
    let lines: Vec<String> = explanation.bindings.iter().map(|binding| binding.line.to_string()).collect();
    let path = explanation.unbound_on.first().filter(|path| path.len() > 1);
    if let Some(path) = path {
        let path: Vec<String> = path.iter().map(u32::to_string).collect();
        because.push(format!("it has no value on the path through lines {}", path.join(" → ")));
    }
    match case.failure {
        Failure::NotCallable(kind) => {
            because.push(format!(
                "bound on line {}, it hides the builtin, and is of type `{kind}` here",
                lines.join(", ")
            ));
        }
        _ if lines.is_empty() => {}
        _ if explanation.flow == Flow::Unbound => because.push(format!("bound on line {}", lines.join(", "))),
        _ if path.is_some() => {}
        _ => because.push(format!("when this ran, {} not run yet, or the name was deleted", had(&lines))),
    }
    because
}

/// A value above the branch or loop that may bind nothing.
fn value_before(source: &Source<'_>, explanation: &Explanation) -> Option<Proposal> {
    let path = explanation.unbound_on.first().filter(|path| path.len() > 1 && explanation.flow == Flow::Maybe)?;
    let line = *path.first()?;
    let span = source.lines.line_span(line)?;
    let text = span.slice(source.text);
    let statement = text.trim_start();
    let begins = ["if ", "for ", "while ", "try:", "with ", "match ", "async "];
    if !begins.iter().any(|word| statement.starts_with(word)) {
        return None;
    }
    let indent = &text[..text.len() - statement.len()];
    let name = &explanation.name;
    Some(Proposal {
        title: format!("begin with `{name} = None` above line {line}, if that is a fitting value"),
        path: source.path.to_owned(),
        text: source.text.to_owned(),
        edits: vec![Edit {
            span: legb_base::Span::new(span.start, span.start),
            content: format!("{indent}{name} = None\n"),
        }],
    })
}

/// The binding moved above the statement that led here too early, where both stand in one block.
fn bound_earlier(
    source: &Source<'_>,
    case: &Case<'_>,
    failing: &Placed<'_>,
    explanation: &Explanation,
) -> Option<Proposal> {
    let binding = explanation.bindings.first()?.line;
    let before = case.placed.iter().rev().filter(|placed| placed.path == failing.path && placed.at < failing.at);
    before.filter(|placed| placed.line < binding).find_map(|placed| moved_above(source, binding, placed.line))
}

/// The variable that hides a builtin under another name, wherever it is not called.
fn renamed(source: &Source<'_>, explanation: &Explanation) -> Option<Proposal> {
    let facts = source.facts;
    let start = source.lines.offset(explanation.range.start, source.text)?;
    let called = facts.refs.iter().find(|row| row.span.start == start)?;
    let variable = facts.variable(called.symbol)?;
    let other = format!("{}_", explanation.name);
    if facts.symbols.iter().any(|symbol| facts.names.text(symbol.name) == other) {
        return None;
    }
    let of_it = facts.refs.iter().filter(|row| row.span.start != start && facts.variable(row.symbol) == Some(variable));
    let mut edits: Vec<Edit> = of_it
        .filter(|row| row.span.slice(source.text) == explanation.name)
        .map(|row| Edit { span: row.span, content: other.clone() })
        .collect();
    edits.sort_by_key(|edit| edit.span.start);
    edits.dedup();
    let title = format!("call the variable `{other}`: then `{}` is the builtin", explanation.name);
    (!edits.is_empty()).then(|| Proposal { title, path: source.path.to_owned(), text: source.text.to_owned(), edits })
}

fn told(reasons: &Reasons<'_>, case: &Case<'_>, failing: &Placed<'_>, explained: Explained) -> Reason {
    let Explained { explanation, because, proposals } = explained;
    // What needs a decision comes before what an edit can do: a parameter is better than a global variable.
    let better = proposals.first().filter(|first| first.edits.is_empty()).map(|first| first.title.clone());
    let repair = entry::tried(reasons, case, failing, proposals).map(|choice| located(&choice, better));
    let mut data = match serde_json::to_value(&explanation) {
        Ok(Value::Object(data)) => data,
        _ => serde_json::Map::new(),
    };
    data.insert("kind".to_owned(), "name".into());
    let column = explanation.range.start.column;
    Reason {
        place: (failing.path.clone(), failing.line),
        because,
        repair,
        command: format!("legb explain {}:{}:{column}", failing.path, failing.line),
        data,
        differences: case.placed.iter().filter_map(|placed| placed.difference.clone()).collect(),
    }
}

/// `line 3, which binds it, had` or `lines 3, 5, which bind it, had`.
fn had(lines: &[String]) -> String {
    match lines {
        [line] => format!("line {line}, which binds it, had"),
        _ => format!("lines {}, which bind it, had", lines.join(", ")),
    }
}
