//! `invalid-all` (LEGB111): `__all__` is no sequence of texts.

use legb_base::{Certainty, Severity, Span};
use legb_scope::RefKind;
use legb_scope::facts::MODULE;
use legb_syntax::SourceKind;
use legb_syntax::ast::{Expr, ExprCall, Operator, Stmt};

use crate::context::FileCx;
use crate::meta::{Check, Group, RuleMeta};
use crate::sink::{Report, Sink};
use crate::{fix, statement};

pub(super) static META: RuleMeta = RuleMeta {
    code: "LEGB111",
    name: "invalid-all",
    group: Group::Names,
    severity: Severity::Warning,
    on_by_default: true,
    summary: "`__all__` is no sequence of texts",
    twins: &["PLE0604", "PLE0605"],
    doc: DOC,
    check: Check::Facts(check),
};

const DOC: &str = r"## What it reports
`__all__` is given something that is no list or tuple, or an item that is no text.

## Why
`from module import *` counts through `__all__` and wants a `str` at each place.
Anything else raises `TypeError`; a single text is taken letter by letter.

## Example
```python
__all__ = [load]  # TypeError: Item in module.__all__ must be str, not function

def load():
    return 1
```

## Repair
List the names as texts.

## How sure
Certain for literals and for names of functions and classes; possible for imported names. Other variables might hold texts, so they are left alone, and so is what calls return.
";

fn check(cx: &FileCx<'_>, sink: &mut Sink<'_>) {
    // Set wherever `__all__` is anything but texts in lists and tuples.
    if cx.facts.module.all_is_dynamic && cx.kind == SourceKind::Python {
        for stmt in cx.parsed.suite() {
            look(cx, stmt, sink);
        }
    }
}

/// Looks at a statement of the module and those inside, but for other scopes.
fn look(cx: &FileCx<'_>, stmt: &Stmt, sink: &mut Sink<'_>) {
    match stmt {
        Stmt::FunctionDef(_) | Stmt::ClassDef(_) => {}
        Stmt::Assign(assign) if assign.targets.iter().any(is_dunder_all) => assigned(cx, &assign.value, sink),
        Stmt::AnnAssign(assign) if is_dunder_all(&assign.target) => {
            if let Some(value) = &assign.value {
                assigned(cx, value, sink);
            }
        }
        Stmt::AugAssign(assign) if is_dunder_all(&assign.target) => added(cx, &assign.value, sink),
        Stmt::Expr(expression) => {
            if let Expr::Call(call) = &*expression.value {
                method(cx, call, sink);
            }
        }
        _ => statement::bodies(stmt).into_iter().flatten().for_each(|inner| look(cx, inner, sink)),
    }
}

fn method(cx: &FileCx<'_>, call: &ExprCall, sink: &mut Sink<'_>) {
    if let Expr::Attribute(method) = &*call.func
        && is_dunder_all(&method.value)
        && let [argument] = &*call.arguments.args
    {
        match method.attr.as_str() {
            "append" => item(cx, argument, sink),
            "extend" => added(cx, argument, sink),
            _ => {}
        }
    }
}

/// What `__all__` becomes.
fn assigned(cx: &FileCx<'_>, value: &Expr, sink: &mut Sink<'_>) {
    if let Some(what) = no_sequence(value) {
        report(cx, value, what, sink);
    } else {
        items(cx, value, sink);
    }
}

/// What is added to `__all__`: of a list, the letters of a text.
fn added(cx: &FileCx<'_>, value: &Expr, sink: &mut Sink<'_>) {
    if matches!(value, Expr::StringLiteral(text) if !text.value.is_empty()) {
        report(cx, value, "a text", sink);
    } else {
        items(cx, value, sink);
    }
}

fn report(cx: &FileCx<'_>, value: &Expr, what: &str, sink: &mut Sink<'_>) {
    let span = fix::span(value);
    let message = format!("`__all__` must be a list or tuple of texts, not {what}");
    let report = Report::warning(&META, Certainty::Certain, span, message);
    sink.push(match value {
        Expr::StringLiteral(_) => {
            report.help(format!("write `[{}]`: a text is taken letter by letter", cx.slice(span)))
        }
        _ => report,
    });
}

fn items(cx: &FileCx<'_>, value: &Expr, sink: &mut Sink<'_>) {
    match value {
        Expr::List(list) => list.elts.iter().for_each(|element| item(cx, element, sink)),
        Expr::Tuple(tuple) => tuple.elts.iter().for_each(|element| item(cx, element, sink)),
        Expr::BinOp(operation) if operation.op == Operator::Add => {
            items(cx, &operation.left, sink);
            items(cx, &operation.right, sink);
        }
        _ => {}
    }
}

fn item(cx: &FileCx<'_>, element: &Expr, sink: &mut Sink<'_>) {
    let span = fix::span(element);
    let what = match element {
        Expr::NumberLiteral(_) => "a number",
        Expr::BytesLiteral(_) => "bytes",
        Expr::NoneLiteral(_) => "None",
        Expr::BooleanLiteral(_) => "a boolean",
        Expr::EllipsisLiteral(_) => "an ellipsis",
        Expr::List(_) => "a list",
        Expr::Tuple(_) => "a tuple",
        Expr::Set(_) | Expr::SetComp(_) => "a set",
        Expr::Dict(_) | Expr::DictComp(_) => "a dictionary",
        Expr::Lambda(_) => "a function",
        Expr::Name(name) => return named(cx, name.id.as_str(), span, sink),
        _ => return,
    };
    let message = format!("`__all__` lists {what}, not the text of a name");
    sink.push(Report::warning(&META, Certainty::Certain, span, message));
}

/// A name without quotes: wrong unless the variable happens to hold a text.
fn named(cx: &FileCx<'_>, name: &str, span: Span, sink: &mut Sink<'_>) {
    let Some(symbol) = cx.facts.names.find(name).and_then(|name| cx.facts.symbol_in(MODULE, name)) else { return };
    let kinds = || cx.bindings_of(symbol).map(|binding| cx.facts.refs[binding].kind);
    let certainty = if kinds().all(|kind| matches!(kind, RefKind::Def | RefKind::Class)) {
        Certainty::Certain
    } else if kinds().all(|kind| matches!(kind, RefKind::Def | RefKind::Class | RefKind::Import)) {
        Certainty::Possible
    } else {
        return;
    };
    let message = format!("`__all__` lists the value of `{name}`, not its name");
    sink.push(Report::warning(&META, certainty, span, message).help(format!("write `\"{name}\"`")));
}

/// What a value is that has no items counted from 0, or none that are texts.
fn no_sequence(expr: &Expr) -> Option<&'static str> {
    Some(match expr {
        Expr::StringLiteral(text) if !text.value.is_empty() => "a text",
        Expr::BytesLiteral(_) => "bytes",
        Expr::NumberLiteral(_) => "a number",
        Expr::BooleanLiteral(_) => "a boolean",
        Expr::NoneLiteral(_) => "None",
        Expr::EllipsisLiteral(_) => "an ellipsis",
        Expr::Set(_) | Expr::SetComp(_) => "a set",
        Expr::Dict(_) | Expr::DictComp(_) => "a dictionary",
        Expr::Generator(_) => "a generator",
        Expr::Lambda(_) => "a function",
        _ => return None,
    })
}

fn is_dunder_all(expr: &Expr) -> bool {
    matches!(expr, Expr::Name(name) if name.id.as_str() == "__all__")
}
