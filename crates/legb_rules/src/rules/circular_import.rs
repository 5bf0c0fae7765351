//! `circular-import` (LEGB301): a program that begins with a module crashes because of an import cycle.

use legb_base::Severity;

use crate::meta::{Check, Group, RuleMeta};

pub(super) static META: RuleMeta = RuleMeta {
    code: "LEGB301",
    name: "circular-import",
    group: Group::Modules,
    severity: Severity::Error,
    on_by_default: true,
    summary: "a module is used while its own import is still running",
    twins: &["R0401"],
    doc: DOC,
    check: Check::Elsewhere,
};

const DOC: &str = r"## What it reports
The import or use that fails when a program begins with a module of an import cycle: the module it asks is half-made, because the import that led here stands above the name.
Cycles in which every module can be imported first are not reported; `legb cycles` shows them.

## Why
Python puts a module into `sys.modules` before it runs its body.
Whoever imports it meanwhile gets it as it is at that moment.
Whether that is enough depends on which module of the cycle is imported first.

## Example
`a.py`:
```python
from b import B

class A: ...
```
`b.py`:
```python
from a import A  # ImportError: a has no A yet

class B(A): ...
```

## Repair
Import where the name is used, import the module instead of a name from it, move the import below what the other module needs, or put what both need into a third module.
`legb cycles` names the cheapest edit after which every entry works, and `legb cycles --fix` makes it.

## How sure
Certain where the run of the imports is known step by step; possible where it rests on code that is not of the project and may call back.
In a project of more than 2,000 modules the rule speaks only if it is selected by its name.
";
