//! `lazy-star-import` (LEGB329): `lazy from … import *`.

use legb_base::Severity;
use legb_syntax::CompileError;

use crate::meta::{Check, Group, RuleMeta};

pub(super) static META: RuleMeta = RuleMeta {
    code: "LEGB329",
    name: "lazy-star-import",
    group: Group::Modules,
    severity: Severity::Error,
    on_by_default: true,
    summary: "`import *` is lazy",
    twins: &[],
    doc: DOC,
    check: Check::Takes(takes),
};

const DOC: &str = r"## What it reports
`lazy from module import *`.

## Why
A lazy import binds each name to a stand-in that loads the module when it is first used (PEP 810).
The names of `*` are known only once the module is loaded, so Python refuses.

## Example
```python
lazy from math import *  # SyntaxError: lazy from ... import * is not allowed
```

## Repair
Name what is imported, or import eagerly.

## How sure
Certain: Python refuses to compile the file.
";

fn takes(error: &CompileError) -> bool {
    error.message == "lazy from ... import * is not allowed"
}
