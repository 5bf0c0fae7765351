//! `relative-import` (LEGB321, off by default): an import with leading dots.

use legb_base::Severity;

use crate::context::FileCx;
use crate::meta::{Check, Group, RuleMeta};
use crate::sink::{Report, Sink};
use crate::written;

pub(super) static META: RuleMeta = RuleMeta {
    code: "LEGB321",
    name: "relative-import",
    group: Group::Modules,
    severity: Severity::Info,
    on_by_default: false,
    summary: "an import is relative",
    twins: &["TID252"],
    doc: DOC,
    check: Check::Facts(check),
};

const DOC: &str = r"## What it reports
`from . import …` and `from ..package import …`.

## Why
What a relative import loads depends on where the file lies and on how it was started: run as a script, the file has no package, and the import fails.

## Example
```python
from ..core import run
```

## Repair
Write the name from the top: `from package.core import run`.

## How sure
Certain that it is one; whether that is wanted is a matter of taste, so the rule is off by default.
";

fn check(cx: &FileCx<'_>, sink: &mut Sink<'_>) {
    let mut last = None;
    for import in cx.facts.imports.iter().filter(|import| import.level > 0) {
        if last.replace(import.statement) != Some(import.statement) {
            let from = written::module(cx.facts, import);
            let message = format!("`from {from} import …` is relative to where this file lies");
            sink.push(Report::info(&META, import.statement, message));
        }
    }
}
