//! `global-at-module-level` (LEGB213): `global x` where every name is global already.

use legb_base::Severity;
use legb_scope::RefKind;
use legb_scope::facts::MODULE;

use crate::context::FileCx;
use crate::meta::{Check, Group, RuleMeta};
use crate::sink::{Report, Sink};

pub(super) static META: RuleMeta = RuleMeta {
    code: "LEGB213",
    name: "global-at-module-level",
    group: Group::Scope,
    severity: Severity::Info,
    on_by_default: true,
    summary: "`global` at module level does nothing",
    twins: &["PLW0604"],
    doc: DOC,
    check: Check::Facts(check),
};

const DOC: &str = r"## What it reports
A `global` statement at module level.

## Why
Names of the module are global already; Python accepts the statement and does nothing with it.

## Example
```python
global debug
debug = False
```

## Repair
Leave it out.

## How sure
Certain.
";

fn check(cx: &FileCx<'_>, sink: &mut Sink<'_>) {
    for &declaration in &cx.facts.declarations {
        let reference = &cx.facts.refs[declaration];
        if reference.kind == RefKind::Global && cx.facts.symbols[reference.symbol].scope == MODULE {
            let message = format!("`global {}` does nothing at module level", cx.name(reference.symbol));
            sink.push(Report::info(&META, reference.span, message));
        }
    }
}
