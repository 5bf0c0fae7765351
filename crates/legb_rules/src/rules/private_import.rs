//! `private-import` (LEGB320, off by default): an import of a name with a leading underscore from another package.

use std::path::Component;

use legb_base::Severity;
use legb_scope::ImportFlags;

use crate::context::FileCx;
use crate::meta::{Check, Group, RuleMeta};
use crate::sink::{Report, Sink};

pub(super) static META: RuleMeta = RuleMeta {
    code: "LEGB320",
    name: "private-import",
    group: Group::Modules,
    severity: Severity::Info,
    on_by_default: false,
    summary: "a private name of another package is imported",
    twins: &["PLC2701"],
    doc: DOC,
    check: Check::Facts(check),
};

const DOC: &str = r"## What it reports
An import that names a module, or a name of a module, with a leading underscore, in a package that this file does not belong to.

## Why
Such names may change or go in any release of the other package.

## Example
```python
from json.decoder import _decode_uXXXX
```

## Repair
Use what the package offers in public.

## How sure
Certain that the name is private by convention; names such as `__version__` are not.
A file belongs to a package if it lies in a folder of that name; relative imports stay inside.
";

fn check(cx: &FileCx<'_>, sink: &mut Sink<'_>) {
    for import in cx.facts.imports.iter().filter(|import| import.level == 0) {
        if import.flags.contains(ImportFlags::FUTURE) {
            continue;
        }
        let module = import.module.map_or("", |id| cx.facts.names.text(id));
        let name = import.name.map(|id| cx.facts.names.text(id));
        let Some(private) = module.split('.').chain(name).find(|part| is_private(part)) else { continue };
        let package = module.split('.').next().unwrap_or(module);
        let within = cx.path.components().any(|part| part == Component::Normal(package.as_ref()));
        if !within {
            let message = format!("`{private}` is private to `{package}`");
            sink.push(Report::info(&META, import.alias, message));
        }
    }
}

fn is_private(name: &str) -> bool {
    name.starts_with('_') && !(name.starts_with("__") && name.ends_with("__"))
}
