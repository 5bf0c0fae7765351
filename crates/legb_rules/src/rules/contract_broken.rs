//! `contract-broken` (LEGB331): an import breaks a rule of the project's architecture.

use legb_base::Severity;

use crate::meta::{Check, Group, RuleMeta};

pub(super) static META: RuleMeta = RuleMeta {
    code: "LEGB331",
    name: "contract-broken",
    group: Group::Modules,
    severity: Severity::Warning,
    on_by_default: true,
    summary: "an import breaks a contract about who may import whom",
    twins: &[],
    doc: DOC,
    check: Check::Elsewhere,
};

const DOC: &str = r"## What it reports
An import that begins a chain which a contract of the project forbids: layers, independence, forbidden or protected modules, public interfaces, cycles between siblings.
A project without contracts has nothing to break.

## Why
The project says in its configuration which parts may know which; `legb contracts --help` tells how.

## Example
With the layers `web` above `data`:
```python
# data/store.py
from web import views
```

## Repair
Turn the dependency round, or move what both need below both.

## How sure
Certain that the chain of imports exists; each of its lines is shown.
";
