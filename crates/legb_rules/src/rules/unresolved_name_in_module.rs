//! `unresolved-name-in-module` (LEGB304): `from module import name`, and the module has no such name.

use legb_base::Severity;
use legb_resolve::{Kind, Resolution, stdlib_names};
use legb_scope::ImportFlags;

use crate::meta::{Check, Group, RuleMeta};
use crate::project::{ImportCx, Member, ProjectCx, ProjectSink, Target};
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
`from module import name`, where `module` belongs to this project and nothing binds the name in it, or to the standard library of a version of Python that does not have the name.

## Why
Python asks the module for the attribute, then for a submodule of that name, and raises `ImportError` if there is neither.

## Example
`tools.py` defines `load_all`:
```python
from tools import load  # ImportError: cannot import name 'load' from 'tools'
```

`collections.Mapping` went away in 3.10:
```python
from collections import Mapping  # ImportError: cannot import name 'Mapping' from 'collections'
```

## Repair
Spell the name as the module does, or define it there.
Where several versions of Python are to do, import it in `try` or under `if sys.version_info`.

## How sure
Certain whenever the import is reached.
Names that come by `import *` are followed from module to module.
What the library holds is recorded from CPython on Linux; names that it has on other platforms are left alone, and so is an import of the library under a condition.
Silent in `try` and `with`, and for modules that bind names by other means than statements: `__getattr__`, `globals()`, `setattr`, `exec`, or something else put in the module's place.
";

fn check(import: &ImportCx<'_, '_>, sink: &mut ProjectSink) {
    let Some(name) = import.name() else { return };
    let Target::Module(module, resolution) = import.target() else { return };
    // `from . import name` asks for a submodule first: see `unresolved-import`.
    if import.site.module.is_none() || import.is_guarded() {
        return;
    }
    let project = import.project;
    if let Some(recorded) = project.library_module(module, resolution) {
        if !import.site.flags.contains(ImportFlags::CONDITIONAL) && lacks(project, recorded, resolution, name) {
            report_library(import, recorded, name, sink);
        }
        return;
    }
    let may_be_submodule =
        || resolution.is_package && (project.may_be_made(module, name) || !project.has_all_of(module));
    if project.member(module, resolution, name) == Member::Absent && !may_be_submodule() {
        report(import, module, resolution, name, sink);
    }
}

/// Whether a module of the library has neither the name nor a submodule of it, on any platform.
fn lacks(project: &ProjectCx<'_>, module: &str, resolution: &Resolution, name: &str) -> bool {
    let is_submodule =
        || resolution.is_package && project.around.finder.find(&format!("{module}.{name}")).kind != Kind::Missing;
    stdlib_names::has_name(module, name, project.around.dialect.version) == Some(false)
        && !name.starts_with('_')
        && !stdlib_names::is_of_other_platform(module, name)
        && !is_submodule()
}

#[cold]
fn report(import: &ImportCx<'_, '_>, module: &str, resolution: &Resolution, name: &str, sink: &mut ProjectSink) {
    let file = resolution.origin.as_deref();
    let summary = file.and_then(|file| import.project.summary(file));
    let near = summary.and_then(|summary| nearest(name, summary.bound()));
    let shown = file.map(|file| file.display().to_string()).unwrap_or_default();
    let report = Report::error(&META, import.site.alias, format!("`{module}` has no `{name}`"))
        .python(format!("ImportError: cannot import name '{name}' from '{module}' ({shown})"));
    push(import, report, near, sink);
}

#[cold]
fn report_library(import: &ImportCx<'_, '_>, module: &str, name: &str, sink: &mut ProjectSink) {
    let version = import.project.around.dialect.version;
    let versions = stdlib_names::versions_with(module, name);
    let message = match versions {
        Some((first, _)) if first > version => format!("`{module}` has no `{name}` before Python {first}"),
        Some((_, last)) if last < version => {
            format!("`{module}` has no `{name}` any more: Python {last} was the last to have it")
        }
        _ => format!("`{module}` has no `{name}`"),
    };
    let report = Report::error(&META, import.site.alias, message)
        .python(format!("ImportError: cannot import name '{name}' from '{module}'"));
    let near = if versions.is_none() { nearest(name, stdlib_names::names_of(module, version)) } else { None };
    push(import, report, near, sink);
}

/// The name that a misspelt one is likely to mean.
fn nearest<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> Option<String> {
    let allowed = name.chars().count().max(3) / 3;
    let distances = known.map(|known| (strsim::damerau_levenshtein(name, known), known));
    distances.filter(|(distance, _)| *distance <= allowed).min().map(|(_, known)| known.to_owned())
}

fn push(import: &ImportCx<'_, '_>, report: Report, near: Option<String>, sink: &mut ProjectSink) {
    let report = match near {
        Some(near) => report.help(format!("did you mean `{near}`?")),
        None => report,
    };
    sink.push(import.file, report);
}
