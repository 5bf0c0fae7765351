//! `global-not-assigned` (LEGB212): `global x` or `nonlocal x` in a scope that only reads `x`.

use legb_base::Severity;
use legb_scope::facts::MODULE;
use legb_scope::{RefKind, SymbolFlags, SymbolId};

use crate::context::FileCx;
use crate::meta::{Check, Group, RuleMeta};
use crate::sink::{Report, Sink};

pub(super) static META: RuleMeta = RuleMeta {
    code: "LEGB212",
    name: "global-not-assigned",
    group: Group::Scope,
    severity: Severity::Info,
    on_by_default: true,
    summary: "`global` or `nonlocal` in a scope that never binds the name",
    twins: &["PLW0602"],
    doc: DOC,
    check: Check::Facts(check),
};

const DOC: &str = r"## What it reports
A function declares a name `global` or `nonlocal` and never assigns, imports, defines or deletes it.

## Why
Reading a variable from outside needs no declaration, nor does changing the object that it names.
Often the assignment that was meant is missing or spelt differently.

## Example
```python
seen = []

def note(item):
    global seen
    seen.append(item)
```

## Repair
Leave the declaration out.

## How sure
Certain: the declaration changes nothing, unless it is `global` and an enclosing function has a variable of the same name, which is not reported.
";

fn check(cx: &FileCx<'_>, sink: &mut Sink<'_>) {
    for &declaration in &cx.facts.declarations {
        let reference = &cx.facts.refs[declaration];
        let symbol = &cx.facts.symbols[reference.symbol];
        let is_global = reference.kind == RefKind::Global;
        if symbol.scope == MODULE
            || symbol.flags.intersects(SymbolFlags::LOCAL | SymbolFlags::IMPORT)
            || is_global && hides_an_enclosing_variable(cx, reference.symbol)
        {
            continue;
        }
        let name = cx.name(reference.symbol);
        let word = if is_global { "global" } else { "nonlocal" };
        let message = format!("`{word} {name}` does nothing here: {} never binds `{name}`", cx.describe(symbol.scope));
        sink.push(Report::info(&META, reference.span, message));
    }
}

/// Whether the declaration is what makes the name global: an enclosing scope binds it.
fn hides_an_enclosing_variable(cx: &FileCx<'_>, symbol: SymbolId) -> bool {
    let row = &cx.facts.symbols[symbol];
    let mut outer = cx.facts.scopes[row.scope].parent;
    while let Some(scope) = outer.filter(|&scope| scope != MODULE) {
        let bound = |id: SymbolId| cx.facts.symbols[id].flags.intersects(SymbolFlags::BOUND);
        if cx.facts.symbol_in(scope, row.name).is_some_and(bound) {
            return true;
        }
        outer = cx.facts.scopes[scope].parent;
    }
    false
}
