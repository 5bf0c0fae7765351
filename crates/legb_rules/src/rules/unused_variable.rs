//! `unused-variable` (LEGB112): a local variable is assigned and never read.

use legb_base::{Applicability, Certainty, Edit, Severity, Span};
use legb_scope::{BranchKind, RefFlags, RefId, RefKind, ScopeFlags, ScopeId, ScopeKind, SymbolFlags, SymbolId};
use legb_syntax::ast::{Expr, Stmt};
use legb_syntax::{Ranged, SourceKind};

use super::missing_global;
use crate::context::FileCx;
use crate::meta::{Check, Group, RuleMeta};
use crate::sink::{Report, Sink};
use crate::statement::innermost;
use crate::{fix, flow};

pub(super) static META: RuleMeta = RuleMeta {
    code: "LEGB112",
    name: "unused-variable",
    group: Group::Names,
    severity: Severity::Warning,
    on_by_default: true,
    summary: "a local variable is assigned and never read",
    twins: &["F841"],
    doc: DOC,
    check: Check::Facts(check),
};

const DOC: &str = r"## What it reports
A local variable of a function that is assigned and never read, and the name of an exception handler that its block never reads.

## Why
A value that nobody reads is often one that should have been used, or a misspelt name.

## Example
```python
def total(prices):
    result = sum(prices)
    return prices
```

## Repair
Use the value, or leave the name out.
A name that begins with `_` says that it is not meant to be read.

## How sure
Certain that nothing reads it.
Loop variables, values unpacked from one object, parameters and functions that call `locals()` and its like are left alone.
";

/// What a variable must not be or do, if nothing but its assignments matters.
pub(super) const OTHER: SymbolFlags = SymbolFlags::USE
    .union(SymbolFlags::PARAM)
    .union(SymbolFlags::IMPORT)
    .union(SymbolFlags::GLOBAL)
    .union(SymbolFlags::NONLOCAL)
    .union(SymbolFlags::INLINED)
    .union(SymbolFlags::TYPE_PARAM)
    .union(SymbolFlags::COMP_ITER)
    .union(SymbolFlags::WRITTEN_INSIDE);

fn check(cx: &FileCx<'_>, sink: &mut Sink<'_>) {
    if cx.kind == SourceKind::Stub {
        return;
    }
    for (id, symbol) in cx.facts.symbols.iter_enumerated() {
        if symbol.flags.contains(SymbolFlags::LOCAL)
            && !symbol.flags.intersects(OTHER)
            && matches!(cx.facts.scopes[symbol.scope].kind, ScopeKind::Function | ScopeKind::Lambda)
            && !cx.uses().reads(id)
        {
            examine(cx, id, sink);
        }
    }
    for &handler in &cx.facts.handlers {
        examine_handler(cx, handler, sink);
    }
}

/// Whether a name says itself that it is not meant to be read, or may be read unseen.
fn is_left_alone(cx: &FileCx<'_>, scope: ScopeId, name: &str) -> bool {
    let dynamic = |scope: ScopeId| cx.facts.scopes[scope].flags.contains(ScopeFlags::DYNAMIC);
    let dynamic_inside = |child: ScopeId| cx.facts.scopes[child].kind.is_comprehension() && dynamic(child);
    name.starts_with('_') && name != "__all__" || dynamic(scope) || cx.facts.children_of(scope).any(dynamic_inside)
}

fn examine(cx: &FileCx<'_>, id: SymbolId, sink: &mut Sink<'_>) {
    let (scope, name) = (cx.facts.symbols[id].scope, cx.name(id));
    if is_left_alone(cx, scope, name) {
        return;
    }
    let mut last = None;
    for (reference, row) in cx.facts.refs_of(id) {
        match row.kind {
            RefKind::Assign | RefKind::AnnAssign | RefKind::With | RefKind::Walrus
                if !row.flags.contains(RefFlags::UNPACKED) =>
            {
                last = Some(reference);
            }
            RefKind::Assign if unpacks_a_display(cx, row.span) => last = Some(reference),
            RefKind::Annotation => {}
            _ => return,
        }
    }
    let Some(last) = last.filter(|&last| !cx.facts.refs[last].flags.contains(RefFlags::DEAD)) else {
        return;
    };
    // A walrus in a comprehension binds through a symbol of the comprehension.
    if cx.refs_of_variable(id).any(|other| cx.facts.refs[other].symbol != id)
        || flow::is_missed(cx, id)
        || sink.hears(&missing_global::META) && missing_global::is_meant(cx, id).is_some()
    {
        return;
    }
    report(cx, last, sink);
}

/// `x, y = 1, 2`: each name has a value of its own, so none is there for the sake of the others.
fn unpacks_a_display(cx: &FileCx<'_>, name: Span) -> bool {
    let found = innermost(cx.parsed.suite(), name.start).map(|found| found.stmt);
    matches!(found, Some(Stmt::Assign(assign)) if assign.targets.len() == 1 && matches!(&*assign.value, Expr::Tuple(_) | Expr::List(_)))
}

#[cold]
fn report(cx: &FileCx<'_>, binding: RefId, sink: &mut Sink<'_>) {
    let row = &cx.facts.refs[binding];
    let message = format!("`{}` is assigned but never used", cx.name(row.symbol));
    let report = Report::warning(&META, Certainty::Certain, row.span, message);
    sink.push(match removal(cx, row.kind, row.span) {
        Some(edit) => report.fix("keep the value, drop the name", Applicability::Unsafe, vec![edit]),
        None => report,
    });
}

/// Takes the name out and leaves the value, whose computation may have effects.
fn removal(cx: &FileCx<'_>, kind: RefKind, name: Span) -> Option<Edit> {
    let found = innermost(cx.parsed.suite(), name.start)?;
    if let Stmt::Assign(assign) = found.stmt
        && assign.targets.len() == 1
        && (assign.value.is_literal_expr() || assign.value.is_name_expr())
    {
        return Some(fix::remove_statement(cx, found));
    }
    let removed = match (kind, found.stmt) {
        (RefKind::Assign, Stmt::Assign(assign)) => {
            let at = assign.targets.iter().position(|target| fix::span(target) == name)?;
            let next = assign.targets.get(at + 1).unwrap_or(&assign.value);
            // Parentheses around what follows are no part of it: stop behind the `=`.
            let between = Span::new(name.end, next.start().to_u32());
            let equals = cx.slice(between).find('=')?;
            let behind = cx.slice(Span::new(between.start + u32::try_from(equals).ok()? + 1, between.end));
            let spaces = behind.len() - behind.trim_start_matches([' ', '\t']).len();
            Span::new(name.start, between.start + u32::try_from(equals + 1 + spaces).ok()?)
        }
        (RefKind::With, Stmt::With(with)) => {
            let item = with
                .items
                .iter()
                .find(|item| item.optional_vars.as_deref().is_some_and(|target| fix::span(target) == name))?;
            let end = item.context_expr.end().to_u32();
            let closing = cx.slice(Span::new(end, name.start)).find(" as ")?;
            Span::new(end + u32::try_from(closing).ok()?, name.end)
        }
        _ => return None,
    };
    // A line that would begin with something else than an expression is left to the author.
    let starts_alone =
        !matches!(found.stmt, Stmt::Assign(assign) if matches!(&*assign.value, Expr::Yield(_) | Expr::YieldFrom(_)));
    starts_alone.then(|| Edit { span: removed, content: String::new() })
}

/// `except … as name` whose block never reads the name.
fn examine_handler(cx: &FileCx<'_>, binding: RefId, sink: &mut Sink<'_>) {
    let row = &cx.facts.refs[binding];
    let symbol = &cx.facts.symbols[row.symbol];
    let Some(variable) = cx.facts.variable(row.symbol) else {
        return;
    };
    let first_behind = cx.facts.branches.partition_point(|branch| branch.span.start < row.span.end);
    let Some(body) = cx.facts.branches[first_behind..].iter().find(|branch| branch.kind == BranchKind::Try) else {
        return;
    };
    let name = cx.name(row.symbol);
    let used = cx.facts.refs[binding..]
        .iter()
        .skip(1)
        .take_while(|other| other.span.start < body.span.end || other.span.start < row.span.start)
        .any(|other| {
            let reads = !matches!(other.kind, RefKind::Except | RefKind::Annotation) && !other.kind.binds()
                || other.kind == RefKind::AugAssign;
            reads && body.span.contains(other.span) && cx.facts.variable(other.symbol) == Some(variable)
        });
    if used || is_left_alone(cx, symbol.scope, name) || row.flags.contains(RefFlags::DEAD) {
        return;
    }
    let message = format!("`{name}` is bound by `except` but never used");
    let report = Report::warning(&META, Certainty::Certain, row.span, message);
    let before = &cx.text[..row.span.start as usize];
    let kept = before.trim_end().strip_suffix("as").map(str::trim_end);
    sink.push(match kept.and_then(|kept| u32::try_from(kept.len()).ok()) {
        Some(from) => {
            let edit = Edit { span: Span::new(from, row.span.end), content: String::new() };
            // Where the name is read elsewhere, the end of the handler takes a value away that the fix would leave there.
            let safe = !cx.uses().reads(variable);
            let applicability = if safe { Applicability::Safe } else { Applicability::Unsafe };
            report.fix("drop the name", applicability, vec![edit])
        }
        None => report,
    });
}
