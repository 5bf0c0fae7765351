//! `redefined-argument` (LEGB205): a parameter is bound again by a statement that has a target of its own.

use legb_base::Severity;
use legb_scope::{RefKind, SymbolFlags};

use crate::context::FileCx;
use crate::meta::{Check, Group, RuleMeta};
use crate::sink::{Report, Sink};

pub(super) static META: RuleMeta = RuleMeta {
    code: "LEGB205",
    name: "redefined-argument",
    group: Group::Scope,
    severity: Severity::Info,
    on_by_default: false,
    summary: "a parameter is bound again by a statement that has a target of its own",
    twins: &["PLR1704"],
    doc: DOC,
    check: Check::Facts(check),
};

const DOC: &str = r"## What it reports
A parameter that `for`, `with` or `except` binds again.

## Why
What the caller passed is lost from there on, which plain assignment says more clearly.

## Example
```python
def show(line, lines):
    for line in lines:
        print(line)
```

## Repair
Give the loop variable another name.

## How sure
Certain that the parameter is replaced, if the block runs.
";

fn check(cx: &FileCx<'_>, sink: &mut Sink<'_>) {
    for reference in &cx.facts.refs {
        if matches!(reference.kind, RefKind::For | RefKind::With | RefKind::Except)
            && cx.facts.symbols[reference.symbol].flags.contains(SymbolFlags::PARAM)
            && !cx.name(reference.symbol).starts_with('_')
        {
            let message = format!("`{}` is a parameter, and its value is lost here", cx.name(reference.symbol));
            let mut report = Report::info(&META, reference.span, message);
            let params = cx.facts.refs_of(reference.symbol);
            if let Some((_, param)) = params.into_iter().find(|(_, row)| row.kind == RefKind::Param) {
                report = report.related(param.span, "the parameter");
            }
            sink.push(report);
        }
    }
}
