//! `missing-init` (LEGB316, off by default): modules in a folder without `__init__.py`.

use legb_base::{Severity, Span};
use legb_scope::ModuleFlags;

use crate::meta::{Check, Group, RuleMeta};
use crate::project::{ProjectCx, ProjectSink};
use crate::sink::Report;

pub(super) static META: RuleMeta = RuleMeta {
    code: "LEGB316",
    name: "missing-init",
    group: Group::Modules,
    severity: Severity::Info,
    on_by_default: false,
    summary: "a module lies in a folder without `__init__.py`",
    twins: &["INP001"],
    doc: DOC,
    check: Check::Project(check),
};

const DOC: &str = r"## What it reports
A module in a folder that has no `__init__.py` and is not where imports start.

## Why
Such a folder is a namespace package: it works as long as no other folder of that name comes first on the path, and many tools pass over it.

## Example
`src/app/views/index.py`, where `src/app/` has an `__init__.py` and `src/app/views/` has none.

## Repair
Add an empty `__init__.py`.

## How sure
Certain that there is none; whether that is wanted is a matter of taste, so the rule is off by default.
Files that begin with `#!` are scripts and left alone, and so are files that no import can spell.
";

fn check(cx: &ProjectCx<'_>, sink: &mut ProjectSink) {
    for (at, file) in cx.files.iter().enumerate() {
        let is_script = file.summary.is_some_and(|summary| summary.flags.contains(ModuleFlags::SHEBANG));
        let Some(folder) = file.path.parent() else { continue };
        let is_root = cx.around.roots.iter().any(|root| root.path == folder);
        if is_root || is_script || cx.module(at).is_none() || has_init(cx, folder) {
            continue;
        }
        let message = format!("the folder `{}` has no `__init__.py`", folder.file_name().unwrap_or_default().display());
        sink.push(at, Report::info(&META, Span::new(0, 0), message));
    }
}

fn has_init(cx: &ProjectCx<'_>, folder: &std::path::Path) -> bool {
    cx.around.fs.listing(folder).with_stem("__init__").iter().any(|(rest, _)| rest.starts_with(".py"))
}
