//! `used-before-definition` (LEGB103): code that runs while the module is imported reads a name that a later line binds.

use legb_base::Severity;

use crate::context::FileCx;
use crate::flow::{self, Kind};
use crate::meta::{Check, Group, RuleMeta};
use crate::sink::Sink;

pub(super) static META: RuleMeta = RuleMeta {
    code: "LEGB103",
    name: "used-before-definition",
    group: Group::Names,
    severity: Severity::Error,
    on_by_default: true,
    summary: "a name of the module is used before the line that binds it has run",
    twins: &["F821"],
    doc: DOC,
    check: Check::Facts(check),
};

const DOC: &str = r"## What it reports
Code that runs while the module is imported reads a name that a later line binds, directly or in a function that is called too early.

## Why
A module is executed from top to bottom.
A `def` binds its name when it is executed, so a call above it does not find it.

## Example
```python
def main():
    helper()

main()  # NameError: helper does not exist yet

def helper():
    pass
```

## Repair
Move the definition up, or the call down: behind `if __name__ == '__main__':` at the end of the file.

## How sure
Certain: whenever the place is reached, in the order in which the module runs.
";

fn check(cx: &FileCx<'_>, sink: &mut Sink<'_>) {
    flow::report(cx, &META, Kind::UsedBeforeDefinition, sink);
}
