//! `unbound-local` (LEGB101): a local variable is read where no path has given it a value.

use legb_base::Severity;

use crate::context::FileCx;
use crate::flow::{self, Kind};
use crate::meta::{Check, Group, RuleMeta};
use crate::sink::Sink;

pub(super) static META: RuleMeta = RuleMeta {
    code: "LEGB101",
    name: "unbound-local",
    group: Group::Names,
    severity: Severity::Error,
    on_by_default: true,
    summary: "a local variable is read where it can have no value",
    twins: &["F823", "F821"],
    doc: DOC,
    check: Check::Facts(check),
};

const DOC: &str = r"## What it reports
A local variable is read, changed or deleted where no path has given it a value.

## Why
A name that a function binds anywhere is local to the whole function, in the lines above the binding too.
Python decides that when it compiles the function, so a global of the same name is never looked at.

## Example
```python
count = 0

def bump():
    count += 1  # UnboundLocalError
```

## Repair
Declare `global count` (or `nonlocal`) at the top of the function to change the outer variable, pass the value in and return the new one, or give the local another name.

## How sure
Certain: every path to the place leaves the variable without a value.
";

fn check(cx: &FileCx<'_>, sink: &mut Sink<'_>) {
    flow::report(cx, &META, Kind::UnboundLocal, sink);
}
