//! `unused-annotation` (LEGB113): a local variable is annotated and never used.

use legb_base::{Certainty, Severity};
use legb_scope::{RefKind, ScopeFlags, ScopeKind, SymbolFlags, SymbolId};
use legb_syntax::SourceKind;

use crate::context::FileCx;
use crate::meta::{Check, Group, RuleMeta};
use crate::sink::{Report, Sink};

pub(super) static META: RuleMeta = RuleMeta {
    code: "LEGB113",
    name: "unused-annotation",
    group: Group::Names,
    severity: Severity::Warning,
    on_by_default: true,
    summary: "a local variable is annotated and never used",
    twins: &["F842"],
    doc: DOC,
    check: Check::Facts(check),
};

const DOC: &str = r"## What it reports
A local variable of a function that is annotated without a value, and neither assigned nor read.

## Why
Annotations of local variables are never evaluated; such a line does nothing.
Often the assignment that was meant is missing.

## Example
```python
def total(prices):
    result: int
    return sum(prices)
```

## Repair
Assign the variable, or remove the line.

## How sure
Certain.
";

fn check(cx: &FileCx<'_>, sink: &mut Sink<'_>) {
    const OTHER: SymbolFlags = SymbolFlags::USE
        .union(SymbolFlags::PARAM)
        .union(SymbolFlags::IMPORT)
        .union(SymbolFlags::GLOBAL)
        .union(SymbolFlags::NONLOCAL)
        .union(SymbolFlags::WRITTEN_INSIDE);
    if cx.kind == SourceKind::Stub {
        return;
    }
    for (id, symbol) in cx.facts.symbols.iter_enumerated() {
        if symbol.flags.contains(SymbolFlags::ANNOT)
            && symbol.bindings == 0
            && !symbol.flags.intersects(OTHER)
            && cx.facts.scopes[symbol.scope].kind == ScopeKind::Function
            && !cx.facts.scopes[symbol.scope].flags.contains(ScopeFlags::DYNAMIC)
            && !cx.uses().reads(id)
        {
            report(cx, id, sink);
        }
    }
}

#[cold]
fn report(cx: &FileCx<'_>, id: SymbolId, sink: &mut Sink<'_>) {
    let mut refs = cx.facts.refs_of(id).map(|(_, row)| row);
    if let Some(first) = refs.next()
        && first.kind == RefKind::Annotation
        && refs.all(|row| row.kind == RefKind::Annotation)
    {
        let message = format!("`{}` is annotated but never used", cx.name(id));
        sink.push(Report::warning(&META, Certainty::Certain, first.span, message));
    }
}
