//! `useless-import-alias` (LEGB326, off by default): `import x as x`.

use legb_base::{Applicability, Edit, Severity, Span};
use legb_scope::ImportFlags;

use crate::context::FileCx;
use crate::meta::{Check, Group, RuleMeta};
use crate::sink::{Report, Sink};

pub(super) static META: RuleMeta = RuleMeta {
    code: "LEGB326",
    name: "useless-import-alias",
    group: Group::Modules,
    severity: Severity::Info,
    on_by_default: false,
    summary: "an import is given the name it has anyway",
    twins: &["PLC0414"],
    doc: DOC,
    check: Check::Facts(check),
};

const DOC: &str = r#"## What it reports
`import x as x` and `from m import x as x`.

## Why
At run time `as x` does nothing.
Type checkers and `unused-import` read it as "meant for others to take from here", so it may be there on purpose; in the `__init__` of a package it is left alone for that reason.

## Example
```python
import json as json
```

## Repair
Leave `as` out, or list the name in `__all__` if others should take it from here.

## How sure
Certain that Python does the same without; whether it is wanted is a matter of taste, so the rule is off by default.
"#;

fn check(cx: &FileCx<'_>, sink: &mut Sink<'_>) {
    if cx.is_init_file {
        return;
    }
    for import in cx.facts.imports.iter().filter(|import| import.flags.contains(ImportFlags::ALIASED)) {
        if let Some(binding) = import.binding
            && let Some(name) = import.name.or(import.module)
            && let bound = cx.facts.refs[binding].span
            && cx.facts.names.text(name) == cx.slice(bound)
        {
            let name = cx.slice(bound);
            let written = Span::new(import.alias.start + bound.end - bound.start, import.alias.end);
            let message = format!("`{name}` is imported as `{name}`, which it is called anyway");
            let edit = Edit { span: written, content: String::new() };
            sink.push(Report::info(&META, import.alias, message).fix(
                "remove the alias",
                Applicability::Unsafe,
                vec![edit],
            ));
        }
    }
}
