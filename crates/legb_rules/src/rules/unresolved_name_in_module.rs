//! `unresolved-name-in-module` (LEGB304): `from module import name`, and the module has no such name.

use legb_base::Severity;
use legb_resolve::Resolution;

use crate::meta::{Check, Group, RuleMeta};
use crate::project::{ImportCx, Member, ProjectSink, Target};
use crate::sink::Report;

pub(super) static META: RuleMeta = RuleMeta {
    code: "LEGB304",
    name: "unresolved-name-in-module",
    group: Group::Modules,
    severity: Severity::Error,
    on_by_default: true,
    summary: "a name is imported from a module that does not have it",
    twins: &[],
    doc: DOC,
    check: Check::Import(check),
};

const DOC: &str = r"## What it reports
`from module import name`, where `module` belongs to this project and nothing binds the name in it.

## Why
Python asks the module for the attribute, then for a submodule of that name, and raises `ImportError` if there is neither.

## Example
`tools.py` defines `load_all`:
```python
from tools import load  # ImportError: cannot import name 'load' from 'tools'
```

## Repair
Spell the name as the module does, or define it there.

## How sure
Certain whenever the import is reached.
Names that come by `import *` are followed from module to module.
Silent in `try` and `with`, and for modules that bind names by other means than statements: `__getattr__`, `globals()`, `setattr`, `exec`, or something else put in the module's place.
";

fn check(import: &ImportCx<'_, '_>, sink: &mut ProjectSink) {
    let Some(name) = import.name() else { return };
    let Target::Module(module, resolution) = import.target() else { return };
    // `from . import name` asks for a submodule first: see `unresolved-import`.
    let speaks = import.site.module.is_some() && !import.is_guarded();
    let project = import.project;
    let may_be_submodule =
        || resolution.is_package && (project.may_be_made(module, name) || !project.has_all_of(module));
    if speaks && project.member(module, resolution, name) == Member::Absent && !may_be_submodule() {
        report(import, module, resolution, name, sink);
    }
}

#[cold]
fn report(import: &ImportCx<'_, '_>, module: &str, resolution: &Resolution, name: &str, sink: &mut ProjectSink) {
    let file = resolution.origin.as_deref();
    let allowed = name.chars().count().max(3) / 3;
    let near = file.and_then(|file| import.project.summary(file)).and_then(|summary| {
        let distances = summary.bound().map(|known| (strsim::damerau_levenshtein(name, known), known.to_owned()));
        distances.filter(|(distance, _)| *distance <= allowed).min().map(|(_, known)| known)
    });
    let shown = file.map(|file| file.display().to_string()).unwrap_or_default();
    let report = Report::error(&META, import.site.alias, format!("`{module}` has no `{name}`"))
        .python(format!("ImportError: cannot import name '{name}' from '{module}' ({shown})"));
    sink.push(
        import.file,
        match near {
            Some(near) => report.help(format!("did you mean `{near}`?")),
            None => report,
        },
    );
}
