//! `duplicate-argument` (LEGB127): two parameters of a function have the same name.

use legb_base::Severity;
use legb_syntax::CompileError;

use crate::meta::{Check, Group, RuleMeta};

pub(super) static META: RuleMeta = RuleMeta {
    code: "LEGB127",
    name: "duplicate-argument",
    group: Group::Names,
    severity: Severity::Error,
    on_by_default: true,
    summary: "two parameters of a function have the same name",
    twins: &["F831"],
    doc: DOC,
    check: Check::Takes(takes),
};

const DOC: &str = r"## What it reports
Two parameters of one function or lambda have the same name.

## Why
Each parameter is a local variable, and a call could not say which of the two it means.

## Example
```python
def area(width, width):  # SyntaxError
    return width * width
```

## Repair
Give one of them another name.

## How sure
Certain: Python refuses to compile the file.
";

fn takes(error: &CompileError) -> bool {
    error.message.starts_with("duplicate argument ") || error.message.starts_with("duplicate parameter ")
}
