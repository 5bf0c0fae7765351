//! `missing-global` (LEGB218): a function assigns a local variable that looks like the global it means to change.

use legb_base::{Applicability, Certainty, Edit, Severity, Span};
use legb_scope::facts::MODULE;
use legb_scope::{RefFlags, RefId, RefKind, ScopeFlags, ScopeKind, SymbolFlags, SymbolId};
use legb_syntax::ast::{Stmt, StmtFunctionDef};

use super::unused_variable;
use crate::context::FileCx;
use crate::fix;
use crate::meta::{Check, Group, RuleMeta};
use crate::sink::{Report, Sink};
use crate::statement::bodies;

pub(super) static META: RuleMeta = RuleMeta {
    code: "LEGB218",
    name: "missing-global",
    group: Group::Scope,
    severity: Severity::Warning,
    on_by_default: true,
    summary: "a function assigns a local variable that looks like the global it means to change",
    twins: &[],
    doc: DOC,
    check: Check::Facts(check),
};

const DOC: &str = r"## What it reports
A function assigns a variable that it never reads, the module has a variable of that name, and something reads that one later.

## Why
An assignment makes a name local to the function unless `global` says otherwise: the module's variable keeps its value, and the function's is lost when it returns.

## Example
```python
connected = False

def connect():
    connected = True  # a local variable

def send():
    if not connected:  # still False
        connect()
```

## Repair
Declare `global name` in the function; or remove the assignment, if a local variable was not meant either.

## How sure
Possible: the assignment certainly has no effect, but which name was meant is a guess. Names of one letter are left alone.
";

fn check(cx: &FileCx<'_>, sink: &mut Sink<'_>) {
    for (id, symbol) in cx.facts.symbols.iter_enumerated() {
        if symbol.flags.contains(SymbolFlags::LOCAL)
            && symbol.scope != MODULE
            && !symbol.flags.intersects(unused_variable::OTHER)
            && cx.facts.scopes[symbol.scope].kind == ScopeKind::Function
            && !cx.uses().reads(id)
            && let Some(binding) = is_meant(cx, id)
        {
            report(cx, id, binding, sink);
        }
    }
}

/// The assignment of a local variable that is dead and most likely meant for the module's variable.
#[cold]
pub(super) fn is_meant(cx: &FileCx<'_>, id: SymbolId) -> Option<RefId> {
    let symbol = &cx.facts.symbols[id];
    let module = cx.module_symbol(id)?;
    let name = cx.name(id);
    let plain = |kind: RefKind| matches!(kind, RefKind::Assign | RefKind::AnnAssign);
    let home_is_variable = {
        let mut bindings = cx.bindings_of(module).peekable();
        bindings.peek().is_some() && bindings.all(|id| plain(cx.facts.refs[id].kind))
    };
    if name.len() == 1 || name.starts_with('_') && name.trim_matches('_').is_empty() || !home_is_variable {
        return None;
    }
    let mut refs = cx.facts.refs_of(id);
    let only_assigned =
        refs.all(|(_, row)| row.kind == RefKind::Assign && !row.flags.intersects(RefFlags::UNPACKED | RefFlags::DEAD));
    let dynamic = cx.facts.scopes[symbol.scope].flags.contains(ScopeFlags::DYNAMIC);
    let binding = cx.bindings_of(id).last()?;
    // Somebody else must read the module's variable, or the assignment is lost on nobody.
    let span = cx.facts.scopes[symbol.scope].span;
    let read_elsewhere = cx
        .refs_of_variable(module)
        .map(|id| &cx.facts.refs[id])
        .any(|row| row.kind == RefKind::Load && !span.contains(row.span));
    (only_assigned && !dynamic && read_elsewhere).then_some(binding)
}

#[cold]
fn report(cx: &FileCx<'_>, id: SymbolId, binding: RefId, sink: &mut Sink<'_>) {
    let name = cx.name(id);
    let row = &cx.facts.refs[binding];
    let message = format!(
        "this `{name}` is local to {} and never read; the module's `{name}` keeps its value",
        cx.describe(cx.facts.symbols[id].scope)
    );
    let mut report = Report::warning(&META, Certainty::Possible, row.span, message)
        .help(format!("declare `global {name}` to change the module's variable"));
    if let Some(other) = cx.module_symbol(id).and_then(|module| cx.bindings_of(module).next()) {
        report = report.related(cx.facts.refs[other].span, "the module's variable");
    }
    sink.push(match declaration(cx, row.span.start, name) {
        Some(edit) => report.fix("declare it `global`", Applicability::Unsafe, vec![edit]),
        None => report,
    });
}

/// `global name` as the first statement of the function around an offset, behind its docstring.
fn declaration(cx: &FileCx<'_>, offset: u32, name: &str) -> Option<Edit> {
    let def = enclosing_function(cx.parsed.suite(), offset)?;
    let is_docstring = |stmt: &Stmt| matches!(stmt, Stmt::Expr(expr) if expr.value.is_string_literal_expr());
    let first = def.body.iter().find(|stmt| !is_docstring(stmt))?;
    let start = fix::span(first).start;
    let line = cx.lines().line_span(cx.line(start))?;
    let indent = cx.slice(Span::new(line.start, start));
    indent.trim().is_empty().then(|| Edit { span: Span::at(start), content: format!("global {name}\n{indent}") })
}

/// The innermost function around an offset.
fn enclosing_function(mut suite: &[Stmt], offset: u32) -> Option<&StmtFunctionDef> {
    let mut found = None;
    while let Some(stmt) = suite.iter().find(|stmt| fix::span(*stmt).touches(offset)) {
        if let Stmt::FunctionDef(def) = stmt {
            found = Some(def);
        }
        match bodies(stmt).into_iter().find(|body| body.iter().any(|stmt| fix::span(stmt).touches(offset))) {
            Some(body) => suite = body,
            None => break,
        }
    }
    found
}
