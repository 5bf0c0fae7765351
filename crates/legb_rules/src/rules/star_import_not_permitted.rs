//! `star-import-not-permitted` (LEGB122): `from … import *` in a function or class.

use legb_base::Severity;
use legb_syntax::CompileError;

use crate::meta::{Check, Group, RuleMeta};

pub(super) static META: RuleMeta = RuleMeta {
    code: "LEGB122",
    name: "star-import-not-permitted",
    group: Group::Names,
    severity: Severity::Error,
    on_by_default: true,
    summary: "`import *` stands in a function or class",
    twins: &["F406"],
    doc: DOC,
    check: Check::Takes(takes),
};

const DOC: &str = r"## What it reports
`from module import *` inside a function or a class body.

## Why
The compiler must know which names are local to a function; `*` would bind names that nobody has written down.

## Example
```python
def area(r):
    from math import *  # SyntaxError: import * only allowed at module level
    return pi * r * r
```

## Repair
Name what is imported.

## How sure
Certain: Python refuses to compile the file.
";

fn takes(error: &CompileError) -> bool {
    error.message == "import * only allowed at module level"
}
