//! `possibly-unbound` (LEGB104): a variable has no value on some path.

use legb_base::Severity;

use crate::context::FileCx;
use crate::flow::{self, Kind};
use crate::meta::{Check, Group, RuleMeta};
use crate::sink::Sink;

pub(super) static META: RuleMeta = RuleMeta {
    code: "LEGB104",
    name: "possibly-unbound",
    group: Group::Names,
    severity: Severity::Warning,
    on_by_default: true,
    summary: "a variable has no value on some path, which the message names",
    twins: &[],
    doc: DOC,
    check: Check::Facts(check),
};

const DOC: &str = r"## What it reports
A variable is read where some path has not given it a value; the message names the path.

## Why
A branch that is not taken, a loop that runs zero times, or an exception before the assignment leaves the variable unbound.
Reading it then raises `UnboundLocalError` in a function and `NameError` in a module.

## Example
```python
def last(items):
    for item in items:
        pass
    return item  # raises if items is empty
```

## Repair
Give the variable a value before the branch or loop, or handle the other path with `else`.

## How sure
Possible: the path exists in the code, but data may keep it from being taken.
";

fn check(cx: &FileCx<'_>, sink: &mut Sink<'_>) {
    flow::report(cx, &META, Kind::PossiblyUnbound, sink);
}
