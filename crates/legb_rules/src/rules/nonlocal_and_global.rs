//! `nonlocal-and-global` (LEGB216): one name is declared both `nonlocal` and `global`.

use legb_base::Severity;
use legb_syntax::CompileError;

use crate::meta::{Check, Group, RuleMeta};

pub(super) static META: RuleMeta = RuleMeta {
    code: "LEGB216",
    name: "nonlocal-and-global",
    group: Group::Scope,
    severity: Severity::Error,
    on_by_default: true,
    summary: "one name is declared both `nonlocal` and `global`",
    twins: &["PLE0115"],
    doc: DOC,
    check: Check::Takes(takes),
};

const DOC: &str = r"## What it reports
A function declares the same name `nonlocal` and `global`.

## Why
The two declarations send the name to different variables, so it would have two meanings in one scope.

## Example
```python
def outer():
    x = 1
    def inner():
        global x
        nonlocal x  # SyntaxError
```

## Repair
Keep the declaration that is meant.

## How sure
Certain: Python refuses to compile the file.
";

fn takes(error: &CompileError) -> bool {
    error.message.ends_with(" is nonlocal and global")
}
