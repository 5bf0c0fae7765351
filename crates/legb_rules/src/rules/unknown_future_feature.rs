//! `unknown-future-feature` (LEGB123): `from __future__` names a feature that does not exist.

use legb_base::Severity;
use legb_syntax::CompileError;

use crate::meta::{Check, Group, RuleMeta};

pub(super) static META: RuleMeta = RuleMeta {
    code: "LEGB123",
    name: "unknown-future-feature",
    group: Group::Names,
    severity: Severity::Error,
    on_by_default: true,
    summary: "an import from `__future__` names a feature that does not exist",
    twins: &["F407"],
    doc: DOC,
    check: Check::Takes(takes),
};

const DOC: &str = r"## What it reports
A `from __future__ import` of a name that is not in `__future__.all_feature_names`.

## Why
The compiler knows all features and refuses others, `braces` with words of its own.

## Example
```python
from __future__ import print_statement  # SyntaxError: future feature print_statement is not defined
```

## Repair
Spell the feature right, or remove the import.

## How sure
Certain: Python refuses to compile the file.
";

fn takes(error: &CompileError) -> bool {
    error.message == "not a chance"
        || error.message.starts_with("future feature ") && error.message.ends_with(" is not defined")
}
