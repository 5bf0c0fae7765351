//! `late-future-import` (LEGB319): `from __future__ import …` behind other code.

use legb_base::Severity;
use legb_syntax::CompileError;

use crate::meta::{Check, Group, RuleMeta};

pub(super) static META: RuleMeta = RuleMeta {
    code: "LEGB319",
    name: "late-future-import",
    group: Group::Modules,
    severity: Severity::Error,
    on_by_default: true,
    summary: "an import from `__future__` stands behind other code",
    twins: &["F404"],
    doc: DOC,
    check: Check::Takes(takes),
};

const DOC: &str = r"## What it reports
A `from __future__ import` that does not stand at the beginning of the file.

## Why
Such an import tells the compiler how to read the whole file.
Only the docstring, comments, blank lines and other imports from `__future__` may come before it; otherwise the file does not compile.

## Example
```python
import os
from __future__ import annotations  # SyntaxError
```

## Repair
Move the import to the top.

## How sure
Certain: Python refuses to compile the file.
";

fn takes(error: &CompileError) -> bool {
    error.message == "from __future__ imports must occur at the beginning of the file"
}
