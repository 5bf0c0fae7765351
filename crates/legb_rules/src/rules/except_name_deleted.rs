//! `except-name-deleted` (LEGB107): the name of a handler is read after its block.

use legb_base::Severity;

use crate::context::FileCx;
use crate::flow::{self, Kind};
use crate::meta::{Check, Group, RuleMeta};
use crate::sink::Sink;

pub(crate) static META: RuleMeta = RuleMeta {
    code: "LEGB107",
    name: "except-name-deleted",
    group: Group::Names,
    severity: Severity::Error,
    on_by_default: true,
    summary: "the name of `except … as` is read after its block",
    twins: &["F821"],
    doc: DOC,
    check: Check::Facts(check),
};

const DOC: &str = r"## What it reports
The name bound by `except … as name` is read after the end of the handler.

## Why
Python deletes the name when the handler ends, so that the exception does not keep its frames alive.
A value that the name had before the `try` is gone too.

## Example
```python
def load():
    try:
        open('missing')
    except OSError as error:
        pass
    return error  # UnboundLocalError
```

## Repair
Assign the exception to another name inside the handler.

## How sure
Certain where every path comes through the handler.
";

fn check(cx: &FileCx<'_>, sink: &mut Sink<'_>) {
    flow::report(cx, &META, Kind::ExceptNameDeleted, sink);
}
