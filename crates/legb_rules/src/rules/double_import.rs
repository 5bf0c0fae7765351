//! `double-import` (LEGB315): a script is imported again by what it imports.

use legb_base::{Certainty, Severity};
use legb_resolve::Kind;
use legb_scope::{ModuleFlags, SiteFlags};

use crate::meta::{Check, Group, RuleMeta};
use crate::project::{ImportCx, ProjectSink, Target};
use crate::sink::Report;

pub(super) static META: RuleMeta = RuleMeta {
    code: "LEGB315",
    name: "double-import",
    group: Group::Modules,
    severity: Severity::Warning,
    on_by_default: true,
    summary: "a script is imported again under its module name",
    twins: &[],
    doc: DOC,
    check: Check::Import(check),
};

const DOC: &str = r#"## What it reports
An import of a program by a module which that program itself imports. A program is a file at the top of an import root, or beside the importing file, that has `if __name__ == "__main__"`.

## Why
A program is the module `__main__`.
Whoever imports the same file by its name gets a second module: the code runs again, and every class, counter and registry exists twice.

## Example
`app.py`:
```python
import worker

jobs = []

if __name__ == "__main__":
    worker.start()
    print(jobs)  # [] : worker has filled the other one
```
`worker.py`:
```python
def start():
    import app

    app.jobs.append(1)
```

## Repair
Move what both need to a third module.

## How sure
Certain when the file is run as a program; possible where the import stands in a function, which may not be called then.
Modules of packages are left alone: they are seldom run directly, and imports under conditions, such as those of a self-test, do not count.
"#;

fn check(import: &ImportCx<'_, '_>, sink: &mut ProjectSink) {
    let Target::Module(name, resolution) = import.target() else { return };
    if name.contains('.') || resolution.kind != Kind::Source || resolution.is_package {
        return;
    }
    let project = import.project;
    let Some(script) = resolution.origin.as_deref().filter(|script| *script != import.path()) else { return };
    let Some(own) = project.module(import.file) else { return };
    let is_program = || {
        let summary = project.is_ours(script).then(|| project.summary(script)).flatten();
        summary.is_some_and(|summary| summary.flags.contains(ModuleFlags::MAIN_GUARD))
    };
    if !is_program() || !project.universe().loaded_by(script).contains(&own.name) {
        return;
    }
    let shown = script.file_name().unwrap_or_default().display();
    let message = format!("run as a program, {shown} is `__main__`; this import loads it a second time, as `{name}`");
    let at_import = import.site.site.contains(SiteFlags::AT_IMPORT);
    let certainty = if at_import { Certainty::Certain } else { Certainty::Possible };
    sink.push(import.file, Report::warning(&META, certainty, import.site.alias, message));
}
