//! `late-binding-closure` (LEGB201): a function made in a loop reads the loop variable when it is called, not when it is made.

use legb_base::{Applicability, Edit, Severity, Span};
use legb_scope::facts::MODULE;
use legb_scope::{BranchKind, Place, RefFlags, RefKind, Scope, ScopeId, ScopeKind, SymbolFlags, SymbolId};
use legb_syntax::ast::{Expr, Stmt};

use crate::context::FileCx;
use crate::meta::{Check, Group, RuleMeta};
use crate::sink::{Report, Sink};
use crate::statement::innermost;
use crate::tree::path_to;
use crate::{escape, fix};

pub(super) static META: RuleMeta = RuleMeta {
    code: "LEGB201",
    name: "late-binding-closure",
    group: Group::Scope,
    severity: Severity::Warning,
    on_by_default: true,
    summary: "a function made in a loop reads the loop variable when it is called, not when it is made",
    twins: &["B023", "W0640", "PLW0640"],
    doc: DOC,
    check: Check::Facts(check),
};

const DOC: &str = r"## What it reports
A lambda, function or generator expression that is made in a loop or comprehension, reads a variable that the next round binds again, and outlives the round.

## Why
A function does not copy the variables around it: it reads them when it is called.
All functions made in the loop share one variable, which holds the last value once the loop is over.

## Example
```python
callbacks = []
for number in range(3):
    callbacks.append(lambda: number)
print([callback() for callback in callbacks])  # [2, 2, 2]
```

## Repair
Bind the value at once: with a default argument, `lambda number=number: number`, or with `functools.partial` where the signature must not change.

## How sure
Certain where the function goes into a container that outlives the round; possible where it is handed to a call that may keep it, or assigned to an attribute.
Functions that are called or consumed in the round, as by `sorted(key=…)`, returned, or not used at all but by name, are left alone.
";

fn check(cx: &FileCx<'_>, sink: &mut Sink<'_>) {
    if cx.facts.branches.is_empty() && !cx.facts.scopes.iter().any(|scope| scope.kind.is_comprehension()) {
        return;
    }
    for (id, scope) in cx.facts.scopes.iter_enumerated() {
        if matches!(scope.kind, ScopeKind::Lambda | ScopeKind::Function | ScopeKind::GenExpr) {
            for (symbol, row) in cx.facts.symbols_of(id) {
                let from_outside = row.place == Place::Free || row.place.is_global();
                if from_outside
                    && row.flags.contains(SymbolFlags::USE)
                    && let Some(variable) = cx.facts.variable(symbol)
                    && cx.facts.symbols[variable].bindings > 0
                {
                    examine(cx, id, symbol, variable, sink);
                }
            }
        }
    }
}

/// The loop that makes a closure again and again: a comprehension, or the body of a loop.
struct Round {
    /// The text of it.
    span: Span,
    is_comprehension: bool,
}

fn examine(cx: &FileCx<'_>, closure: ScopeId, symbol: SymbolId, variable: SymbolId, sink: &mut Sink<'_>) {
    let Some(round) = round(cx, closure, variable) else { return };
    report(cx, closure, symbol, variable, &round, sink);
}

/// The innermost loop around a closure that binds the variable in each round.
fn round(cx: &FileCx<'_>, closure: ScopeId, variable: SymbolId) -> Option<Round> {
    let home = cx.facts.symbols[variable].scope;
    let whole = cx.facts.scopes[closure].span;
    if cx.facts.scopes[home].kind.is_comprehension() {
        let is_target = cx.bindings_of(variable).any(|id| cx.facts.refs[id].kind == RefKind::Comprehension);
        return is_target.then(|| Round { span: cx.facts.scopes[home].span, is_comprehension: true });
    }
    // Whatever stands between the closure and the variable's home runs once a round as well, unless it is a function.
    let mut outer = cx.facts.scopes[closure].parent;
    while let Some(scope) = outer.filter(|&scope| scope != home) {
        if !cx.facts.scopes[scope].kind.is_comprehension() {
            return None;
        }
        outer = cx.facts.scopes[scope].parent;
    }
    let home_span = cx.facts.scopes[home].span;
    let mut bodies = cx.facts.branches_at(whole.start).filter(|branch| {
        branch.kind == BranchKind::Loop
            && branch.arm == 0
            && branch.span.contains(whole)
            && (home == MODULE || home_span.start <= branch.span.start)
    });
    let binds = |body: &&legb_scope::Branch| {
        cx.bindings_of(variable).map(|id| &cx.facts.refs[id]).any(|row| match row.kind {
            RefKind::For => row.span.start > body.statement && row.span.end <= body.span.end,
            RefKind::Assign | RefKind::AnnAssign | RefKind::AugAssign | RefKind::With | RefKind::Walrus => {
                body.span.contains(row.span) && !whole.contains(row.span)
            }
            _ => false,
        })
    };
    bodies.find(binds).map(|body| Round { span: body.span, is_comprehension: false })
}

#[cold]
fn report(cx: &FileCx<'_>, closure: ScopeId, symbol: SymbolId, variable: SymbolId, round: &Round, sink: &mut Sink<'_>) {
    let scope = &cx.facts.scopes[closure];
    let Some(certainty) = escape::of(cx, closure, round.span, round.is_comprehension) else { return };
    let name = cx.name(symbol);
    let read = cx.facts.refs_of(symbol).map(|(_, row)| row).find(|row| row.kind == RefKind::Load);
    let Some(read) = read.filter(|row| !row.flags.contains(RefFlags::DEAD | RefFlags::UNEVALUATED)) else { return };
    let what = match scope.kind {
        ScopeKind::Lambda => "the lambda".to_owned(),
        ScopeKind::GenExpr => "the generator".to_owned(),
        _ => cx.describe(closure),
    };
    let message = format!("{what} reads `{name}` when it runs: by then the loop may have bound it to another value");
    let mut report = Report::warning(&META, certainty, read.span, message)
        .help(format!("bind the value at once with a default argument, `{name}={name}`, or `functools.partial`"));
    let in_round = |id: &legb_scope::RefId| {
        let span = cx.facts.refs[*id].span;
        round.is_comprehension || round.span.contains(span) || span.end <= round.span.start
    };
    if let Some(binding) = cx.bindings_of(variable).filter(in_round).last() {
        report = report.related(cx.facts.refs[binding].span, "bound again in each round");
    }
    sink.push(match default_argument(cx, scope, name) {
        Some(edit) => report.fix(format!("bind `{name}` as a default argument"), Applicability::Unsafe, vec![edit]),
        None => report,
    });
}

/// `name=name` behind the last parameter; nothing where the signature is not a plain one.
fn default_argument(cx: &FileCx<'_>, scope: &Scope, name: &str) -> Option<Edit> {
    let parameters = match scope.kind {
        ScopeKind::Lambda => {
            let path = path_to(cx, scope.span);
            let Some(Expr::Lambda(lambda)) = path.last().and_then(|node| node.expr()) else { return None };
            let Some(parameters) = lambda.parameters.as_deref() else {
                let at = scope.span.start + u32::try_from("lambda".len()).ok()?;
                return Some(Edit { span: Span::at(at), content: format!(" {name}={name}") });
            };
            parameters
        }
        ScopeKind::Function => {
            let Some(Stmt::FunctionDef(def)) = innermost(cx.parsed.suite(), scope.span.start).map(|found| found.stmt)
            else {
                return None;
            };
            &*def.parameters
        }
        _ => return None,
    };
    let open = parameters.vararg.is_some() || parameters.kwarg.is_some() || !parameters.kwonlyargs.is_empty();
    let last = parameters.posonlyargs.iter().chain(&parameters.args).last();
    match last {
        _ if open || !parameters.posonlyargs.is_empty() && parameters.args.is_empty() => None,
        Some(last) => Some(Edit { span: Span::at(fix::span(last).end), content: format!(", {name}={name}") }),
        None => {
            let inside = fix::span(parameters).start + u32::from(scope.kind == ScopeKind::Function);
            Some(Edit { span: Span::at(inside), content: format!("{name}={name}") })
        }
    }
}
