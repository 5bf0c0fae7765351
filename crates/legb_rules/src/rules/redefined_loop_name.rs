//! `redefined-loop-name` (LEGB204): a loop variable is assigned again inside its loop.

use legb_base::Severity;
use legb_scope::{Branch, BranchKind, RefId, RefKind};

use crate::context::FileCx;
use crate::meta::{Check, Group, RuleMeta};
use crate::sink::{Report, Sink};

pub(super) static META: RuleMeta = RuleMeta {
    code: "LEGB204",
    name: "redefined-loop-name",
    group: Group::Scope,
    severity: Severity::Info,
    on_by_default: false,
    summary: "a loop variable is assigned again inside its loop",
    twins: &["PLW2901"],
    doc: DOC,
    check: Check::Facts(check),
};

const DOC: &str = r"## What it reports
A variable of a `for` loop or `with` statement that the body of it binds again.

## Why
The next round assigns the next item whatever the body did; the change lasts until the end of the round only.

## Example
```python
for number in numbers:
    number = number * 2  # changes nothing in `numbers`
```

## Repair
Give the new value a name of its own.

## How sure
Certain that it is bound again.
";

fn check(cx: &FileCx<'_>, sink: &mut Sink<'_>) {
    for (id, reference) in cx.facts.refs.iter_enumerated() {
        if matches!(reference.kind, RefKind::For | RefKind::With)
            && cx.facts.symbols[reference.symbol].bindings > 1
            && !cx.name(reference.symbol).starts_with('_')
        {
            examine(cx, id, sink);
        }
    }
}

#[cold]
fn examine(cx: &FileCx<'_>, id: RefId, sink: &mut Sink<'_>) {
    let target = cx.facts.refs[id];
    let wanted = if target.kind == RefKind::For { BranchKind::Loop } else { BranchKind::With };
    let is_body = |branch: &&Branch| {
        branch.kind == wanted
            && branch.arm == 0
            && branch.statement < target.span.start
            && target.span.end <= branch.span.start
    };
    let behind = cx.facts.branches.partition_point(|branch| branch.span.start < target.span.end);
    let Some(body) = cx.facts.branches[behind..].iter().take(1).find(is_body) else { return };
    for other in cx.bindings_of(target.symbol).filter(|&other| other > id) {
        let other = &cx.facts.refs[other];
        let again = matches!(
            other.kind,
            RefKind::Assign | RefKind::AugAssign | RefKind::AnnAssign | RefKind::For | RefKind::With | RefKind::Walrus
        );
        if again && body.span.contains(other.span) {
            let line = cx.line(target.span.start);
            let message = format!("`{}` of line {line} is bound again inside the block", cx.name(target.symbol));
            sink.push(Report::info(&META, other.span, message).related(target.span, "first bound here"));
        }
    }
}
