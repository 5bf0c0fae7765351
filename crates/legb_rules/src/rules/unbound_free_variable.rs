//! `unbound-free-variable` (LEGB105): a nested function reads a variable of the enclosing function that has no value yet.

use legb_base::Severity;

use crate::context::FileCx;
use crate::flow::{self, Kind};
use crate::meta::{Check, Group, RuleMeta};
use crate::sink::Sink;

pub(crate) static META: RuleMeta = RuleMeta {
    code: "LEGB105",
    name: "unbound-free-variable",
    group: Group::Names,
    severity: Severity::Error,
    on_by_default: true,
    summary: "a nested function reads a variable that the enclosing function has not bound yet",
    twins: &[],
    doc: DOC,
    check: Check::Facts(check),
};

const DOC: &str = r"## What it reports
A nested function, class body or generator expression reads a variable of the enclosing function while that has no value.

## Why
A nested function shares the variable itself, not its value.
Called before the enclosing function has assigned it, it finds nothing.

## Example
```python
def outer():
    def show():
        print(text)
    show()  # NameError: text has no value yet
    text = 'hello'
```

## Repair
Assign before the call, or pass the value as an argument.

## How sure
Certain where the call always comes too early, possible where only some path does.
";

fn check(cx: &FileCx<'_>, sink: &mut Sink<'_>) {
    flow::report(cx, &META, Kind::UnboundFreeVariable, sink);
}
