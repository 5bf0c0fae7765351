//! `unresolved-import` (LEGB303): an import of a module that does not exist.

use std::path::Path;

use legb_base::{Certainty, Severity};
use legb_resolve::{Kind, Resolution, Why, mutation, stdlib};
use legb_scope::ImportFlags;

use crate::meta::{Check, Group, RuleMeta};
use crate::project::{ImportCx, Member, ProjectCx, ProjectSink, Target};
use crate::sink::Report;

pub(super) static META: RuleMeta = RuleMeta {
    code: "LEGB303",
    name: "unresolved-import",
    group: Group::Modules,
    severity: Severity::Error,
    on_by_default: true,
    summary: "an import names a module that does not exist",
    twins: &[],
    doc: DOC,
    check: Check::Import(check),
};

const DOC: &str = r"## What it reports
An import of a module that no finder of Python has; also `from . import name` where the package has neither a submodule nor a variable of that name.

## Why
The import raises `ModuleNotFoundError`, or `ImportError` for a name that is taken from a package.

## Example
```python
from .setings import load  # the file is settings.py
```

## Repair
Spell the module as its file is called, add the missing file, or install the package.

## How sure
Possible for relative imports in functions, and for modules that the standard library had in older versions, since a distribution may bring them. Otherwise certain for modules of this project's packages and of the standard library, and for installed packages once `--python` or a virtual environment says which there are.
Silent in `try` and `with`, which may deal with the error; where code changes `sys.path`, a `__path__` or `sys.modules`; for names that may be installed somewhere; and where the file may be made by a build: something like `name.pyi` or `name.pyx` lies in its place, or so many modules of the package are missing that it has not been built yet.
`legb explain --import NAME --from FILE` tells where it was looked for.
";

fn check(import: &ImportCx<'_, '_>, sink: &mut ProjectSink) {
    let Target::Module(module, resolution) = import.target() else { return };
    if import.is_guarded() {
        return;
    }
    match resolution.kind {
        Kind::Missing => missing(import, module, resolution, sink),
        Kind::Unknown => {}
        _ if import.site.module.is_none() => absent(import, module, resolution, sink),
        _ => {}
    }
}

/// `from . import name`.
fn absent(import: &ImportCx<'_, '_>, module: &str, package: &Resolution, sink: &mut ProjectSink) {
    let Some(name) = import.name() else { return };
    let project = import.project;
    if project.member(module, package, name) != Member::Absent
        || project.may_be_made(module, name)
        || package.is_package && !project.has_all_of(module)
    {
        return;
    }
    let file = package.origin.as_deref().map(|file| file.display().to_string()).unwrap_or_default();
    let message = format!("`{module}` has no submodule `{name}` and binds no such name");
    sink.push(
        import.file,
        found(import, message).python(format!("ImportError: cannot import name '{name}' from '{module}' ({file})")),
    );
}

/// What is said of an import. The code of a function can be made to run for another package, where dots mean another one.
fn found(import: &ImportCx<'_, '_>, message: String) -> Report {
    let site = import.site;
    if site.level > 0 && site.flags.contains(ImportFlags::IN_FUNCTION) {
        return Report::warning(&META, Certainty::Possible, site.alias, message);
    }
    Report::error(&META, site.alias, message)
}

fn missing(import: &ImportCx<'_, '_>, module: &str, resolution: &Resolution, sink: &mut ProjectSink) {
    let Why::Missing { name: missing, .. } = &resolution.why else { return };
    let project = import.project;
    let is_known = match missing.rsplit_once('.') {
        None => project.knows_packages() && !changes_path(project, import.path()),
        Some((parent, tail)) => project.has_all_of(parent) && !project.may_be_made(parent, tail),
    };
    if !is_known {
        removed(import, missing, resolution, sink);
        return;
    }
    let message = match &resolution.why {
        Why::Missing { parent: Some(parent), .. } => format!("`{missing}` does not exist: `{parent}` is no package"),
        _ if missing == module => format!("`{module}` does not exist"),
        _ => format!("`{module}` does not exist, because `{missing}` does not"),
    };
    sink.push(import.file, found(import, message).python(resolution.python_error()));
}

/// A module that the library had once. A distribution may have taken its place, where nothing says what is installed.
fn removed(import: &ImportCx<'_, '_>, missing: &str, resolution: &Resolution, sink: &mut ProjectSink) {
    let project = import.project;
    let Some(last) = stdlib::last_version(missing).filter(|&last| last < project.around.dialect.version) else {
        return;
    };
    if import.site.flags.contains(ImportFlags::CONDITIONAL) || changes_path(project, import.path()) {
        return;
    }
    let message =
        format!("`{missing}` is no part of the standard library any more: Python {last} was the last to have it");
    let report = Report::warning(&META, Certainty::Possible, import.site.alias, message)
        .python(resolution.python_error())
        .help("`--python` or a virtual environment would say whether a distribution brings it");
    sink.push(import.file, report);
}

/// Whether a file changes where modules are searched.
fn changes_path(project: &ProjectCx<'_>, path: &Path) -> bool {
    let bytes = project.around.fs.read(path).unwrap_or_default();
    mutation::first_line(&String::from_utf8_lossy(&bytes)).is_some()
}
