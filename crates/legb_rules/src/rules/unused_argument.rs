//! `unused-argument` (LEGB114): a parameter is never read.

use legb_base::Severity;
use legb_scope::{RefKind, ScopeFlags, ScopeId, ScopeKind, SymbolFlags, SymbolId};
use legb_syntax::SourceKind;
use legb_syntax::ast::{Expr, Stmt};

use crate::context::FileCx;
use crate::fix;
use crate::meta::{Check, Group, RuleMeta};
use crate::sink::{Report, Sink};
use crate::statement::innermost;

pub(super) static META: RuleMeta = RuleMeta {
    code: "LEGB114",
    name: "unused-argument",
    group: Group::Names,
    severity: Severity::Info,
    on_by_default: false,
    summary: "a parameter is never read",
    twins: &["ARG001", "ARG002", "ARG003", "ARG004", "ARG005"],
    doc: DOC,
    check: Check::Facts(check),
};

const DOC: &str = r"## What it reports
A parameter of a function or lambda that its body never reads.

## Why
A caller must give a value that changes nothing; often another name was meant.

## Example
```python
def area(width, height):
    return width * width
```

## Repair
Use the parameter, remove it, or begin its name with `_`.

## How sure
Certain that the body never reads it.
First parameters of methods, special methods, stubs without a body, functions with decorators such as `override` and those that call `locals()` are left alone; another class may need the signature.
";

fn check(cx: &FileCx<'_>, sink: &mut Sink<'_>) {
    if cx.kind == SourceKind::Stub {
        return;
    }
    for (id, symbol) in cx.facts.symbols.iter_enumerated() {
        let unread = symbol.flags.contains(SymbolFlags::PARAM)
            && !symbol.flags.intersects(SymbolFlags::USE | SymbolFlags::WRITTEN_INSIDE)
            && matches!(cx.facts.scopes[symbol.scope].kind, ScopeKind::Function | ScopeKind::Lambda)
            && !cx.facts.scopes[symbol.scope].flags.contains(ScopeFlags::DYNAMIC)
            && !cx.uses().reads(id);
        if unread && !cx.name(id).starts_with('_') {
            examine(cx, id, sink);
        }
    }
}

#[cold]
fn examine(cx: &FileCx<'_>, id: SymbolId, sink: &mut Sink<'_>) {
    let scope = cx.facts.symbols[id].scope;
    let Some((_, param)) = cx.facts.refs_of(id).find(|(_, row)| row.kind == RefKind::Param) else { return };
    if cx.facts.scopes[scope].kind == ScopeKind::Function {
        let span = cx.facts.scopes[scope].span;
        let Some(Stmt::FunctionDef(def)) = innermost(cx.parsed.suite(), param.span.start).map(|found| found.stmt)
        else {
            return;
        };
        let outer = cx.facts.scopes[scope].parent.map(|parent| cx.facts.scopes[parent].kind);
        let in_class = outer == Some(ScopeKind::Class);
        let first = def.parameters.posonlyargs.iter().chain(&def.parameters.args).next();
        let is_first =
            first.is_some_and(|first| span.contains(param.span) && fix::span(&first.parameter.name) == param.span);
        let is_static = def.decorator_list.iter().any(|decorator| is_named(&decorator.expression, "staticmethod"));
        let special = def.name.starts_with("__") && def.name.ends_with("__");
        if in_class && (is_first && !is_static || special || !bases_are_plain(cx, scope))
            || def.decorator_list.iter().any(|decorator| {
                ["override", "overload", "abstractmethod"].iter().any(|name| is_named(&decorator.expression, name))
            })
            || is_stub(&def.body)
        {
            return;
        }
    }
    let message = format!("parameter `{}` of {} is never read", cx.name(id), cx.describe(scope));
    sink.push(Report::info(&META, param.span, message));
}

/// Whether the class around a method has no bases whose methods it may have to match.
fn bases_are_plain(cx: &FileCx<'_>, method: ScopeId) -> bool {
    let Some(class) = cx.facts.scopes[method].parent else { return true };
    let found = innermost(cx.parsed.suite(), cx.facts.scopes[class].span.start).map(|found| found.stmt);
    !matches!(found, Some(Stmt::ClassDef(class)) if !class.bases().is_empty())
}

fn is_named(expr: &Expr, name: &str) -> bool {
    match expr {
        Expr::Name(node) => node.id.as_str() == name,
        Expr::Attribute(node) => node.attr.as_str() == name,
        _ => false,
    }
}

/// Whether a body only says that there is none: `pass`, `...`, a docstring, `raise NotImplementedError`.
fn is_stub(body: &[Stmt]) -> bool {
    body.iter().all(|stmt| match stmt {
        Stmt::Pass(_) | Stmt::Raise(_) => true,
        Stmt::Expr(stmt) => matches!(&*stmt.value, Expr::EllipsisLiteral(_) | Expr::StringLiteral(_)),
        Stmt::Return(stmt) => matches!(stmt.value.as_deref(), None | Some(Expr::NoneLiteral(_) | Expr::Name(_))),
        _ => false,
    })
}
