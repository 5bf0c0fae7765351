//! `self-assignment` (LEGB124): a variable is assigned to itself.

use legb_base::{Certainty, Severity};
use legb_scope::builtins::is_builtin;
use legb_scope::facts::MODULE;
use legb_scope::{RefFlags, RefKind, Reference, ScopeKind};
use legb_syntax::ast::{Expr, Stmt};

use crate::context::FileCx;
use crate::fix;
use crate::meta::{Check, Group, RuleMeta};
use crate::sink::{Report, Sink};
use crate::statement::innermost;

pub(super) static META: RuleMeta = RuleMeta {
    code: "LEGB124",
    name: "self-assignment",
    group: Group::Names,
    severity: Severity::Warning,
    on_by_default: true,
    summary: "a variable is assigned to itself",
    twins: &["PLW0127"],
    doc: DOC,
    check: Check::Facts(check),
};

const DOC: &str = r"## What it reports
A plain assignment of a variable to itself, alone or in a tuple.

## Why
It changes nothing; usually another name was meant, such as an attribute of `self`.

## Example
```python
def set_size(self, size):
    size = size  # self.size was meant
```

## Repair
Write the name that was meant, or remove the line.

## How sure
Certain that it changes nothing.
In a class body `name = name` copies a name from outside, and in a module it makes a builtin an attribute of the module: both are left alone.
";

fn check(cx: &FileCx<'_>, sink: &mut Sink<'_>) {
    // The walk mentions the targets of an assignment first, as CPython's does, then its value.
    let rows = cx.facts.refs.raw.as_slice();
    for (at, row) in rows.iter().enumerate().filter(|(_, row)| row.kind == RefKind::Assign) {
        let reach = if row.flags.contains(RefFlags::UNPACKED) { REACH } else { 1 };
        let behind = rows[at + 1..].iter().take(reach);
        if behind.into_iter().any(|other| other.symbol == row.symbol && other.kind == RefKind::Load) {
            examine(cx, row, sink);
        }
    }
}

/// In a tuple a value stands so many names behind its target, at most.
const REACH: usize = 8;

#[cold]
fn examine(cx: &FileCx<'_>, row: &Reference, sink: &mut Sink<'_>) {
    let scope = cx.facts.symbols[row.symbol].scope;
    let name = cx.name(row.symbol);
    let in_module = scope == MODULE && is_builtin(name, cx.dialect.version);
    if cx.facts.scopes[scope].kind == ScopeKind::Class || in_module {
        return;
    }
    let Some(Stmt::Assign(assign)) = innermost(cx.parsed.suite(), row.span.start).map(|found| found.stmt) else {
        return;
    };
    let is_itself = |target: &Expr, value: &Expr| {
        matches!((target, value), (Expr::Name(target), Expr::Name(value))
            if target.id == value.id && fix::span(target) == row.span)
    };
    let [target] = assign.targets.as_slice() else { return };
    let found = match (target, &*assign.value) {
        (Expr::Tuple(targets), Expr::Tuple(values)) if targets.elts.len() == values.elts.len() => {
            targets.elts.iter().zip(&values.elts).any(|(target, value)| is_itself(target, value))
        }
        (target, value) => is_itself(target, value),
    };
    if found {
        let message = format!("`{name}` is assigned to itself");
        sink.push(Report::warning(&META, Certainty::Certain, row.span, message));
    }
}
