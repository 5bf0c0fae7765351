//! `lazy-import-not-at-module-scope` (LEGB328): a lazy import in a function, class or `try`.

use legb_base::Severity;
use legb_syntax::CompileError;

use crate::meta::{Check, Group, RuleMeta};

pub(super) static META: RuleMeta = RuleMeta {
    code: "LEGB328",
    name: "lazy-import-not-at-module-scope",
    group: Group::Modules,
    severity: Severity::Error,
    on_by_default: true,
    summary: "a lazy import stands in a function, class or `try`",
    twins: &[],
    doc: DOC,
    check: Check::Takes(takes),
};

const DOC: &str = r"## What it reports
`lazy import` or `lazy from … import` in a function, a class body, or any part of a `try` statement.

## Why
The stand-in that a lazy import binds works as a global variable only (PEP 810).
In a `try` the error that the import may raise would come later, where no handler waits for it.
`if`, `for`, `while`, `with` and `match` at module level are fine.

## Example
```python
def load():
    lazy import json  # SyntaxError: lazy import not allowed inside functions
    return json
```

## Repair
Move the import to module level, or leave `lazy` out: in a function an import runs late anyway.

## How sure
Certain: Python refuses to compile the file.
";

fn takes(error: &CompileError) -> bool {
    error.message.starts_with("lazy ") && error.message.contains(" not allowed inside ")
}
