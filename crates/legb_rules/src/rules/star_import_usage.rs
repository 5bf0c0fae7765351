//! `star-import-usage` (LEGB121, off by default): a name that can only come from an `import *`.

use legb_base::{Certainty, Severity};
use legb_scope::facts::MODULE;
use legb_scope::{ImportFlags, RefFlags, RefKind, ScopeFlags};

use super::{undefined_export, undefined_name};
use crate::context::FileCx;
use crate::meta::{Check, Group, RuleMeta};
use crate::sink::{Report, Sink};
use crate::written;

pub(super) static META: RuleMeta = RuleMeta {
    code: "LEGB121",
    name: "star-import-usage",
    group: Group::Names,
    severity: Severity::Warning,
    on_by_default: false,
    summary: "a name is undefined unless an `import *` binds it",
    twins: &["F405"],
    doc: DOC,
    check: Check::Facts(check),
};

const DOC: &str = r"## What it reports
In a file with `import *`: a name that is read, or listed in `__all__`, and that nothing else binds.

## Why
If no star import has the name, reading it raises `NameError`.

## Example
```python
from math import *

print(pi)  # from math, as it happens
```

## Repair
Name what is imported.

## How sure
Possible: the rule does not look into the modules.
";

fn check(cx: &FileCx<'_>, sink: &mut Sink<'_>) {
    if !cx.facts.scopes[MODULE].flags.contains(ScopeFlags::STAR_IMPORT) {
        return;
    }
    let sources = sources(cx);
    for &id in &cx.uses().loose {
        if !undefined_name::is_undefined(cx, id) {
            continue;
        }
        let name = cx.name(id);
        for (_, reference) in cx.facts.refs_of(id) {
            if reference.kind == RefKind::Load && !reference.flags.intersects(RefFlags::GUARDED | RefFlags::DEAD) {
                let message = format!("`{name}` is undefined unless {sources} binds it");
                sink.push(Report::warning(&META, Certainty::Possible, reference.span, message));
            }
        }
    }
    for (name, span) in undefined_export::unbound(cx) {
        let message = format!("`{name}` is undefined unless {sources} binds it, yet `__all__` lists it");
        sink.push(Report::warning(&META, Certainty::Possible, span, message));
    }
}

/// The star imports, as messages name them.
fn sources(cx: &FileCx<'_>) -> String {
    let stars = cx.facts.imports.iter().filter(|import| import.flags.contains(ImportFlags::STAR));
    let mut modules: Vec<String> = stars.map(|import| written::module(cx.facts, import)).collect();
    modules.sort();
    modules.dedup();
    match &*modules {
        [one] => format!("`from {one} import *`"),
        many => format!("a star import ({})", many.join(", ")),
    }
}
