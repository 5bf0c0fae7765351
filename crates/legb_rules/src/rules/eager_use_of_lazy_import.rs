//! `eager-use-of-lazy-import` (LEGB327): a lazily imported name is used while the module itself is imported.

use legb_base::{Certainty, Severity};
use legb_scope::{ImportFlags, RefFlags, RefKind, ScopeId};

use crate::context::FileCx;
use crate::meta::{Check, Group, RuleMeta};
use crate::sink::{Report, Sink};

pub(super) static META: RuleMeta = RuleMeta {
    code: "LEGB327",
    name: "eager-use-of-lazy-import",
    group: Group::Modules,
    severity: Severity::Warning,
    on_by_default: true,
    summary: "a lazily imported name is used while the module itself is imported",
    twins: &["TID255"],
    doc: DOC,
    check: Check::Facts(check),
};

const DOC: &str = r#"## What it reports
A name bound by `lazy import` or `lazy from … import` that the module's own top level reads.

## Why
A lazy import loads its module when the name is first read (PEP 810).\nRead while the module is imported, it is loaded at once: the statement saves nothing.

## Example
```python
lazy import json

DEFAULTS = json.loads("{}")  # loaded here, during the import
```

## Repair
Import it eagerly, or read it in the functions that need it.

## How sure
Certain that the name is read while the module is imported, if the line runs.
"#;

fn check(cx: &FileCx<'_>, sink: &mut Sink<'_>) {
    for import in cx.facts.imports.iter().filter(|import| import.flags.contains(ImportFlags::LAZY)) {
        let Some(binding) = import.binding else { continue };
        let Some(variable) = cx.facts.variable(cx.facts.refs[binding].symbol) else { continue };
        for id in cx.refs_of_variable(variable) {
            let row = &cx.facts.refs[id];
            if row.kind == RefKind::Load
                && !row.flags.intersects(RefFlags::UNEVALUATED | RefFlags::TYPE_CHECKING | RefFlags::DEAD)
                && runs_at_import(cx, cx.facts.symbols[row.symbol].scope)
            {
                let message =
                    format!("`{}` is imported lazily and read here, while the module is imported", cx.name(variable));
                sink.push(
                    Report::warning(&META, Certainty::Certain, row.span, message)
                        .related(import.alias, "imported lazily here"),
                );
            }
        }
    }
}

fn runs_at_import(cx: &FileCx<'_>, mut scope: ScopeId) -> bool {
    while let Some(parent) = cx.facts.scopes[scope].parent {
        if !cx.facts.scopes[scope].kind.runs_in_place() {
            return false;
        }
        scope = parent;
    }
    true
}
