//! `mutable-default` (LEGB219): a mutable object as the default of a parameter is shared by all calls.

use legb_base::{Applicability, Certainty, Edit, Severity, Span};
use legb_scope::{RefKind, Reference, calls_changing_method};
use legb_syntax::SourceKind;
use legb_syntax::ast::{Expr, ParameterWithDefault, Stmt};

use crate::context::FileCx;
use crate::fix;
use crate::meta::{Check, Group, RuleMeta};
use crate::sink::{Report, Sink};
use crate::statement::innermost;
use crate::tree::{Node, Nodes, Spot};

pub(super) static META: RuleMeta = RuleMeta {
    code: "LEGB219",
    name: "mutable-default",
    group: Group::Scope,
    severity: Severity::Warning,
    on_by_default: true,
    summary: "a mutable object as the default of a parameter is shared by all calls",
    twins: &["B006", "W0102"],
    doc: DOC,
    check: Check::Nodes(Nodes { wanted, look }),
};

const DOC: &str = r"## What it reports
A parameter whose default is a list, dict or set, written out or made by a call such as `list()`.

## Why
Defaults are evaluated once, when `def` runs, and kept with the function.
What one call puts into the object, the next one finds there.

## Example
```python
def collect(item, found=[]):
    found.append(item)
    return found

collect(1)
print(collect(2))  # [1, 2]
```

## Repair
Use `None` as the default and make the object in the body.

## How sure
Certain, as a warning, where the function changes the object; possible, as advice, where it only reads it or hands it on.
";

/// Calls that make a mutable object.
pub(super) const MAKERS: [&str; 9] = [
    "builtins.list",
    "builtins.dict",
    "builtins.set",
    "builtins.bytearray",
    "collections.defaultdict",
    "collections.deque",
    "collections.OrderedDict",
    "collections.Counter",
    "collections.ChainMap",
];

/// Whether some parameter has a default that begins like a mutable object.
fn wanted(cx: &FileCx<'_>) -> bool {
    cx.kind == SourceKind::Python
        && cx.facts.refs.iter().any(|row| row.kind == RefKind::Param && default_looks_mutable(cx, row.span.end))
}

/// What stands behind the name of a parameter, without a tree: `= [`, `: T = {`, `=set(`.
fn default_looks_mutable(cx: &FileCx<'_>, end: u32) -> bool {
    let bytes = cx.text.as_bytes();
    let mut at = end as usize;
    let mut depth = 0_i32;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' if depth == 0 => return false,
            b')' | b']' | b'}' => depth -= 1,
            b',' if depth == 0 => return false,
            b'=' if depth == 0 => break,
            b'#' => return true,
            _ => {}
        }
        at += 1;
    }
    let rest = bytes.get(at + 1..).unwrap_or_default();
    let first = rest.iter().find(|byte| !byte.is_ascii_whitespace());
    first.is_some_and(|&byte| matches!(byte, b'[' | b'{' | b'#' | b'\\') || byte.is_ascii_alphabetic())
}

fn look(spot: &Spot<'_, '_>, sink: &mut Sink<'_>) {
    let (parameters, body) = match spot.node {
        Node::Stmt(Stmt::FunctionDef(def)) => (&*def.parameters, Some(&*def.body)),
        Node::Expr(Expr::Lambda(lambda)) => match lambda.parameters.as_deref() {
            Some(parameters) => (parameters, None),
            None => return,
        },
        _ => return,
    };
    for parameter in parameters.posonlyargs.iter().chain(&parameters.args).chain(&parameters.kwonlyargs) {
        if let Some(default) = parameter.default.as_deref()
            && is_mutable(spot.cx, default)
        {
            report(spot.cx, parameter, default, body, sink);
        }
    }
}

/// Whether an expression makes a mutable object.
pub(super) fn is_mutable(cx: &FileCx<'_>, expr: &Expr) -> bool {
    match expr {
        Expr::List(_) | Expr::Dict(_) | Expr::Set(_) | Expr::ListComp(_) | Expr::SetComp(_) | Expr::DictComp(_) => true,
        Expr::Call(call) => cx.full_name(&call.func).is_some_and(|name| MAKERS.contains(&name.as_str())),
        _ => false,
    }
}

#[cold]
fn report(
    cx: &FileCx<'_>,
    parameter: &ParameterWithDefault,
    default: &Expr,
    body: Option<&[Stmt]>,
    sink: &mut Sink<'_>,
) {
    let name = parameter.parameter.name.as_str();
    let change = cx.facts.refs.iter().find(|row| row.span == fix::span(&parameter.parameter.name)).and_then(|row| {
        let variable = row.symbol;
        cx.refs_of_variable(variable).map(|id| &cx.facts.refs[id]).find(|row| changes(cx, row)).map(|row| row.span)
    });
    let mut report = match change {
        Some(place) => {
            let message = format!(
                "the default of `{name}` is made once: what line {} puts into it, later calls find there",
                cx.line(place.start)
            );
            Report::warning(&META, Certainty::Certain, fix::span(default), message).related(place, "changed here")
        }
        None => Report::possible_info(
            &META,
            fix::span(default),
            format!("the default of `{name}` is one object, shared by all calls"),
        ),
    };
    if let Some(edits) = body.and_then(|body| repair(cx, name, default, body)) {
        report = report.fix("make it in the body", Applicability::Unsafe, edits);
    }
    sink.push(report);
}

/// Whether a mention of a parameter changes the object that it holds.
fn changes(cx: &FileCx<'_>, row: &Reference) -> bool {
    if row.kind == RefKind::AugAssign {
        return true;
    }
    let rest = &cx.text[row.span.end as usize..];
    let line = rest.lines().next().unwrap_or_default();
    if row.kind != RefKind::Load {
        return false;
    }
    if line.starts_with('.') {
        return calls_changing_method(line) || line.starts_with(".__setitem__(");
    }
    line.starts_with('[')
        && matches!(
            innermost(cx.parsed.suite(), row.span.start).map(|found| found.stmt),
            Some(Stmt::Assign(assign)) if assign.targets.iter().any(|target| fix::span(target).start == row.span.start)
        )
}

/// `None` as the default, and the object made at the beginning of the body.
fn repair(cx: &FileCx<'_>, name: &str, default: &Expr, body: &[Stmt]) -> Option<Vec<Edit>> {
    let first = body.iter().find(|stmt| !matches!(stmt, Stmt::Expr(expr) if expr.value.is_string_literal_expr()))?;
    let start = fix::span(first).start;
    let line = cx.lines().line_span(cx.line(start))?;
    let indent = cx.slice(Span::new(line.start, start));
    let made = cx.slice(fix::span(default));
    if !indent.trim().is_empty()
        || made.contains('\n')
        || matches!(first, Stmt::FunctionDef(def) if !def.decorator_list.is_empty())
    {
        return None;
    }
    let content = format!("if {name} is None:\n{indent}    {name} = {made}\n{indent}");
    Some(vec![Edit { span: fix::span(default), content: "None".to_owned() }, Edit { span: Span::at(start), content }])
}
