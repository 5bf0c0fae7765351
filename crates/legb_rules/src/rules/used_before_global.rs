//! `used-before-global` (LEGB217): a name is used or assigned before its `global` or `nonlocal` declaration.

use legb_base::Severity;
use legb_syntax::CompileError;

use crate::meta::{Check, Group, RuleMeta};

pub(super) static META: RuleMeta = RuleMeta {
    code: "LEGB217",
    name: "used-before-global",
    group: Group::Scope,
    severity: Severity::Error,
    on_by_default: true,
    summary: "a name is used or assigned before its `global` or `nonlocal` declaration",
    twins: &["PLE0118"],
    doc: DOC,
    check: Check::Takes(takes),
};

const DOC: &str = r"## What it reports
A name is read or assigned in a scope above the line that declares it `global` or `nonlocal`.

## Why
A declaration holds for the whole scope.
Python refuses one that comes late, because the lines above it would not mean what they seem to.

## Example
```python
def bump():
    print(count)
    global count  # SyntaxError
    count = 1
```

## Repair
Move the declaration to the top of the function.

## How sure
Certain: Python refuses to compile the file.
";

fn takes(error: &CompileError) -> bool {
    ["used prior to", "assigned to before"]
        .iter()
        .any(|words| error.message.contains(words) && error.message.ends_with(" declaration"))
}
