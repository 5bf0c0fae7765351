//! `submodule-shadowing` (LEGB306): the `__init__` of a package binds a name that a submodule has too.

use legb_base::{Certainty, Severity};
use legb_resolve::Kind;
use legb_scope::{ImportFlags, ModuleSummary};

use crate::meta::{Check, Group, RuleMeta};
use crate::project::{Elsewhere, ProjectCx, ProjectSink};
use crate::sink::Report;

pub(super) static META: RuleMeta = RuleMeta {
    code: "LEGB306",
    name: "submodule-shadowing",
    group: Group::Modules,
    severity: Severity::Warning,
    on_by_default: true,
    summary: "importing a submodule overwrites a name of its package",
    twins: &[],
    doc: DOC,
    check: Check::Project(check),
};

const DOC: &str = r"## What it reports
The `__init__` of a package binds a name that is also the name of a submodule, and some file imports that submodule once the package is there.

## Why
When the import of a submodule is done, Python sets it as an attribute of its package, whatever that had before.
From then on `package.name` is the module.

## Example
`pkg/__init__.py`:
```python
def tool():
    return 1
```
and elsewhere, `pkg/tool.py` being there too:
```python
import pkg.tool

pkg.tool()  # TypeError: 'module' object is not callable
```

## Repair
Rename one of the two.

## How sure
Certain that the name is overwritten when the import has run.
Silent where the name comes from the submodule itself (`from .tool import tool`), because that binding comes later, and where the package itself loads the submodule.
";

fn check(cx: &ProjectCx<'_>, sink: &mut ProjectSink) {
    for (at, file) in cx.files.iter().enumerate() {
        let Some(summary) = file.summary else { continue };
        let Some(package) = cx.module(at).filter(|module| module.is_package).map(|module| module.name.as_str()) else {
            continue;
        };
        let folder = file.path.parent().map(|folder| cx.around.fs.listing(folder));
        for name in summary.bound() {
            let may_be_module = folder.as_ref().is_some_and(|listing| !listing.with_stem(name).is_empty());
            if may_be_module && !name.starts_with("__") && !comes_from_submodule(summary, package, name) {
                look(cx, at, package, name, sink);
            }
        }
    }
}

/// Whether an import binds the name to the submodule, or takes it from there.
fn comes_from_submodule(summary: &ModuleSummary, package: &str, name: &str) -> bool {
    summary.imports.iter().any(|site| {
        let module = site.module.map_or("", |id| summary.text(id));
        let member = site.name.map(|id| summary.text(id));
        let below = match site.level {
            0 => module.strip_prefix(package).map(|rest| rest.trim_start_matches('.')),
            1 => Some(module),
            _ => None,
        };
        let Some(below) = below else { return false };
        let is_it = below.split('.').next() == Some(name);
        is_it || below.is_empty() && (member == Some(name) || site.flags.contains(ImportFlags::STAR))
    })
}

fn look(cx: &ProjectCx<'_>, file: usize, package: &str, name: &str, sink: &mut ProjectSink) {
    let path = cx.files[file].path;
    let submodule = format!("{package}.{name}");
    let found = cx.resolve(&submodule, path);
    if !found.kind.is_found() || found.kind == Kind::Namespace || cx.universe().loaded_by(path).contains(&submodule) {
        return;
    }
    // A module of the package that imports the other is taken for one that belongs to it.
    let Some(importer) =
        cx.universe().importers(&submodule).find(|importer| Some(&*importer.path) != found.origin.as_deref())
    else {
        return;
    };
    let Some(span) = cx.binding(path, name) else { return };
    let message = format!("`{name}` is overwritten by the submodule `{submodule}` once that is imported");
    let place = Elsewhere {
        path: importer.path.clone(),
        span: cx.import_of(&importer.path, &submodule).unwrap_or_default(),
        message: "imported here".to_owned(),
    };
    sink.push_with(file, Report::warning(&META, Certainty::Certain, span, message), vec![place]);
}
