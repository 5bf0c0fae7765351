//! `nonlocal-without-binding` (LEGB215): `nonlocal` names a variable that no enclosing function binds.

use legb_base::Severity;
use legb_syntax::CompileError;

use crate::meta::{Check, Group, RuleMeta};

pub(super) static META: RuleMeta = RuleMeta {
    code: "LEGB215",
    name: "nonlocal-without-binding",
    group: Group::Scope,
    severity: Severity::Error,
    on_by_default: true,
    summary: "`nonlocal` names a variable that no enclosing function binds",
    twins: &["PLE0117"],
    doc: DOC,
    check: Check::Takes(takes),
};

const DOC: &str = r"## What it reports
A `nonlocal` declaration names a variable that no enclosing function binds, or stands at module level.

## Why
`nonlocal` means the variable of the nearest enclosing *function* that binds it.
Variables of the module and of class bodies do not count.

## Example
```python
total = 0

def add(n):
    nonlocal total  # SyntaxError: total belongs to the module
    total += n
```

## Repair
Use `global` for a variable of the module, or bind the variable in the enclosing function.

## How sure
Certain: Python refuses to compile the file.
";

fn takes(error: &CompileError) -> bool {
    error.message.starts_with("no binding for nonlocal ")
        || error.message == "nonlocal declaration not allowed at module level"
}
