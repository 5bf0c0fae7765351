//! `import-outside-toplevel` (LEGB318, off by default): an import in a function or class.

use legb_base::Severity;
use legb_scope::facts::MODULE;

use crate::context::FileCx;
use crate::meta::{Check, Group, RuleMeta};
use crate::sink::{Report, Sink};
use crate::written;

pub(super) static META: RuleMeta = RuleMeta {
    code: "LEGB318",
    name: "import-outside-toplevel",
    group: Group::Modules,
    severity: Severity::Info,
    on_by_default: false,
    summary: "an import stands in a function or class",
    twins: &["PLC0415"],
    doc: DOC,
    check: Check::Facts(check),
};

const DOC: &str = r"## What it reports
An import statement in a function or a class body.

## Why
It runs at each call, and an import that fails does so late.
It may also be the very thing that keeps an import cycle from crashing, or start-up fast.

## Example
```python
def total(path):
    import csv  # runs at each call

    return sum(1 for _ in csv.reader(open(path)))
```

## Repair
Move it to the top of the module, if nothing needs it to be late.

## How sure
Certain that it is one; whether that is wanted is a matter of taste, so the rule is off by default.
";

fn check(cx: &FileCx<'_>, sink: &mut Sink<'_>) {
    let mut last = None;
    for import in cx.facts.imports.iter().filter(|import| import.scope != MODULE) {
        if last.replace(import.statement) != Some(import.statement) {
            let message =
                format!("`{}` is imported in {}", written::import(cx.facts, import), cx.describe(import.scope));
            sink.push(Report::info(&META, import.statement, message));
        }
    }
}
