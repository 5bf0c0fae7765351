//! `star-import` (LEGB120, off by default): `from … import *`.

use legb_base::Severity;
use legb_scope::ImportFlags;

use crate::context::FileCx;
use crate::meta::{Check, Group, RuleMeta};
use crate::sink::{Report, Sink};
use crate::written;

pub(super) static META: RuleMeta = RuleMeta {
    code: "LEGB120",
    name: "star-import",
    group: Group::Names,
    severity: Severity::Info,
    on_by_default: false,
    summary: "a module is imported by `*`",
    twins: &["F403"],
    doc: DOC,
    check: Check::Facts(check),
};

const DOC: &str = r#"## What it reports
`from module import *`.

## Why
It binds whatever `__all__` of the module lists, or else every name without a leading underscore that the module has at that moment.
Names of this file and builtins are overwritten without a word, and a reader cannot tell where a name comes from.

## Example
```python
from os import *

open("notes.txt")  # this is os.open now: TypeError
```

## Repair
Name what is imported.

## How sure
Certain that it is one; whether it is wanted is a matter of taste, so the rule is off by default.
"#;

fn check(cx: &FileCx<'_>, sink: &mut Sink<'_>) {
    for import in cx.facts.imports.iter().filter(|import| import.flags.contains(ImportFlags::STAR)) {
        let module = written::module(cx.facts, import);
        let message = format!("`from {module} import *` binds names that nobody can see here");
        sink.push(Report::info(&META, import.statement, message));
    }
}
