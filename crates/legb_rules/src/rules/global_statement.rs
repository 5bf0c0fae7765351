//! `global-statement` (LEGB210, off by default): a function rebinds a variable of the module.

use legb_base::Severity;
use legb_scope::{RefKind, SymbolFlags};

use crate::context::FileCx;
use crate::meta::{Check, Group, RuleMeta};
use crate::sink::{Report, Sink};

pub(super) static META: RuleMeta = RuleMeta {
    code: "LEGB210",
    name: "global-statement",
    group: Group::Scope,
    severity: Severity::Info,
    on_by_default: false,
    summary: "a function rebinds a variable of the module",
    twins: &["PLW0603"],
    doc: DOC,
    check: Check::Facts(check),
};

const DOC: &str = r"## What it reports
A function declares a name `global` and binds it.

## Why
Every caller then depends on who called before, and modules that imported the name by `from … import` keep the old value.

## Example
```python
level = 0

def deeper():
    global level
    level += 1
```

## Repair
Return the new value, or keep the state in an object.

## How sure
Certain that it does so; whether that is wanted is a matter of taste, so the rule is off by default.
";

fn check(cx: &FileCx<'_>, sink: &mut Sink<'_>) {
    for &declaration in &cx.facts.declarations {
        let reference = &cx.facts.refs[declaration];
        let symbol = &cx.facts.symbols[reference.symbol];
        if reference.kind == RefKind::Global && symbol.flags.intersects(SymbolFlags::LOCAL | SymbolFlags::IMPORT) {
            let message =
                format!("{} rebinds `{}` of the module", cx.describe(symbol.scope), cx.name(reference.symbol));
            sink.push(Report::info(&META, reference.span, message));
        }
    }
}
