//! `undefined-loop-variable` (LEGB108): a loop variable is read behind a loop that may not have run.

use legb_base::Severity;

use crate::context::FileCx;
use crate::flow::{self, Kind};
use crate::meta::{Check, Group, RuleMeta};
use crate::sink::Sink;

pub(crate) static META: RuleMeta = RuleMeta {
    code: "LEGB108",
    name: "undefined-loop-variable",
    group: Group::Names,
    severity: Severity::Warning,
    on_by_default: true,
    summary: "a loop variable is read behind a loop that may not have run",
    twins: &["PLW0631"],
    doc: DOC,
    check: Check::Facts(check),
};

const DOC: &str = r"## What it reports
A loop variable that is read behind its loop, where the loop may have run zero times and nothing else binds the variable.

## Why
The target of `for` is bound when the first item arrives.
Over an empty iterable it is never bound: reading it raises `UnboundLocalError` in a function and `NameError` in a module.

## Example
```python
def last(lines):
    for line in lines:
        pass
    return line  # UnboundLocalError if `lines` is empty
```

## Repair
Give the variable a value before the loop, or return from an `else` branch of it.

## How sure
Possible: the path exists in the code, but the iterable may never be empty.
";

fn check(cx: &FileCx<'_>, sink: &mut Sink<'_>) {
    flow::report(cx, &META, Kind::UndefinedLoopVariable, sink);
}
