//! `forward-annotation-syntax` (LEGB126): a text in an annotation is no Python expression.

use legb_base::{Certainty, Dialect, Severity};
use legb_syntax::ast::{Expr, Stmt};
use legb_syntax::{SourceKind, parse};

use crate::context::FileCx;
use crate::fix;
use crate::meta::{Check, Group, RuleMeta};
use crate::sink::{Report, Sink};
use crate::tree::{Node, Nodes, Spot};

pub(super) static META: RuleMeta = RuleMeta {
    code: "LEGB126",
    name: "forward-annotation-syntax",
    group: Group::Names,
    severity: Severity::Warning,
    on_by_default: true,
    summary: "a text in an annotation is no Python expression",
    twins: &["F722"],
    doc: DOC,
    check: Check::Nodes(Nodes { wanted, look }),
};

const DOC: &str = r#"## What it reports
A text that stands as an annotation, or in one, and does not parse as an expression.

## Why
Such texts are read as types by type checkers, and evaluated by `typing.get_type_hints`, dataclasses and web frameworks, which raise `SyntaxError`.

## Example
```python
def load(path: "str or None if absent or"):
    ...
```

## Repair
Write a type; put remarks into a comment or into `Annotated[…]`.

## How sure
Certain that the text is no expression. Texts inside of `Literal[…]` and behind the first part of `Annotated[…]` are no types.
"#;

fn wanted(cx: &FileCx<'_>) -> bool {
    !cx.facts.module.string_uses.is_empty()
        || cx.text.contains(": \"")
        || cx.text.contains(": '")
        || cx.text.contains("-> ")
}

fn look(spot: &Spot<'_, '_>, sink: &mut Sink<'_>) {
    match spot.node {
        Node::Stmt(Stmt::FunctionDef(def)) => {
            let parameters = def.parameters.iter().filter_map(legb_syntax::ast::AnyParameterRef::annotation);
            for annotation in parameters.chain(def.returns.as_deref()) {
                examine(spot.cx, annotation, sink);
            }
        }
        Node::Stmt(Stmt::AnnAssign(assign)) => examine(spot.cx, &assign.annotation, sink),
        _ => {}
    }
}

fn examine(cx: &FileCx<'_>, annotation: &Expr, sink: &mut Sink<'_>) {
    match annotation {
        Expr::StringLiteral(text) if !is_expression(text.value.to_str(), cx.dialect) => {
            let message = format!("`{}` is no Python expression", text.value.to_str().escape_debug());
            let report = Report::warning(&META, Certainty::Certain, fix::span(text), message);
            sink.push(report.help("typing.get_type_hints raises SyntaxError for it"));
        }
        Expr::Subscript(subscript) => match last_part(&subscript.value) {
            Some("Literal") => {}
            Some("Annotated") => match &*subscript.slice {
                Expr::Tuple(tuple) => tuple.elts.iter().take(1).for_each(|first| examine(cx, first, sink)),
                other => examine(cx, other, sink),
            },
            _ => examine(cx, &subscript.slice, sink),
        },
        Expr::Tuple(tuple) => tuple.elts.iter().for_each(|element| examine(cx, element, sink)),
        Expr::List(list) => list.elts.iter().for_each(|element| examine(cx, element, sink)),
        Expr::BinOp(operation) => {
            examine(cx, &operation.left, sink);
            examine(cx, &operation.right, sink);
        }
        _ => {}
    }
}

/// Whether a text is one expression, as `typing.ForwardRef` compiles it.
fn is_expression(text: &str, dialect: &Dialect) -> bool {
    let text = text.strip_prefix('*').unwrap_or(text);
    if text.trim().is_empty() || text.starts_with([' ', '\t']) {
        return false;
    }
    let wrapped = format!("({text}\n)");
    let parsed = parse(&wrapped, SourceKind::Python, dialect);
    let one = matches!(parsed.suite(), [Stmt::Expr(only)] if !matches!(&*only.value, Expr::Named(_) | Expr::Generator(_) | Expr::Yield(_)));
    !parsed.has_errors() && one
}

fn last_part(expr: &Expr) -> Option<&str> {
    match expr {
        Expr::Name(name) => Some(name.id.as_str()),
        Expr::Attribute(attribute) => Some(attribute.attr.as_str()),
        _ => None,
    }
}
