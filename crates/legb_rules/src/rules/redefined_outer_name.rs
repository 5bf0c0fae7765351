//! `redefined-outer-name` (LEGB203): a local variable has the name of a variable of the module.

use legb_base::Severity;
use legb_scope::facts::MODULE;
use legb_scope::{Place, RefFlags, RefKind, ScopeKind, SymbolFlags, SymbolId};

use crate::context::FileCx;
use crate::meta::{Check, Group, RuleMeta};
use crate::sink::{Report, Sink};

pub(super) static META: RuleMeta = RuleMeta {
    code: "LEGB203",
    name: "redefined-outer-name",
    group: Group::Scope,
    severity: Severity::Info,
    on_by_default: false,
    summary: "a local variable has the name of a variable of the module",
    twins: &["PLW0621"],
    doc: DOC,
    check: Check::Facts(check),
};

const DOC: &str = r"## What it reports
A parameter or local variable of a function whose name the module binds too.

## Why
Inside the function the module's variable cannot be reached by that name.
That is legal, and confusing where the module's was meant.

## Example
```python
result = compute()

def show(result):
    print(result)
```

## Repair
Rename one of them.

## How sure
Certain that it hides the other.
";

fn check(cx: &FileCx<'_>, sink: &mut Sink<'_>) {
    let mut in_module = vec![None; cx.facts.names.len()];
    for (id, symbol) in cx.facts.symbols_of(MODULE) {
        if symbol.flags.intersects(SymbolFlags::BOUND) && symbol.bindings > 0 {
            in_module[symbol.name.index()] = Some(id);
        }
    }
    for (id, symbol) in cx.facts.symbols.iter_enumerated() {
        let hides = symbol.scope != MODULE
            && symbol.flags.intersects(SymbolFlags::BOUND)
            && matches!(symbol.place, Place::Local | Place::Cell)
            && matches!(cx.facts.scopes[symbol.scope].kind, ScopeKind::Function | ScopeKind::Lambda);
        if hides
            && let Some(outer) = in_module[symbol.name.index()]
            && !cx.name(id).starts_with('_')
        {
            examine(cx, id, outer, sink);
        }
    }
}

#[cold]
fn examine(cx: &FileCx<'_>, id: SymbolId, outer: SymbolId, sink: &mut Sink<'_>) {
    let (Some(own), Some(other)) = (cx.bindings_of(id).next(), cx.bindings_of(outer).next()) else { return };
    let (own, other) = (&cx.facts.refs[own], &cx.facts.refs[other]);
    if own.kind == RefKind::Import || other.flags.contains(RefFlags::TYPE_CHECKING) {
        return;
    }
    let line = cx.line(other.span.start);
    let message = format!("`{}` hides the module's variable of line {line}", cx.name(id));
    sink.push(Report::info(&META, own.span, message).related(other.span, "the module's variable"));
}
