//! `deleted-name` (LEGB106): a name is read after `del` took it away.

use legb_base::Severity;

use crate::context::FileCx;
use crate::flow::{self, Kind};
use crate::meta::{Check, Group, RuleMeta};
use crate::sink::Sink;

pub(crate) static META: RuleMeta = RuleMeta {
    code: "LEGB106",
    name: "deleted-name",
    group: Group::Names,
    severity: Severity::Error,
    on_by_default: true,
    summary: "a name is read after `del` took it away",
    twins: &["F821"],
    doc: DOC,
    check: Check::Facts(check),
};

const DOC: &str = r"## What it reports
A name is read, or deleted again, after `del` on every path.

## Why
`del x` unbinds the name.
In a function the name stays local, so Python raises `UnboundLocalError` and does not look for a global.

## Example
```python
def close(handle):
    del handle
    return handle  # UnboundLocalError
```

## Repair
Read the name before it is deleted, or assign `None` where it is needed afterwards.

## How sure
Certain: every path to the place passes the deletion.
";

fn check(cx: &FileCx<'_>, sink: &mut Sink<'_>) {
    flow::report(cx, &META, Kind::DeletedName, sink);
}
