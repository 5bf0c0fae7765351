//! `shared-mutable-import` (LEGB311): an importer changes a mutable object of another module.

use legb_base::{Certainty, NameId, Severity, Span};
use legb_resolve::Kind;
use legb_scope::facts::MODULE;
use legb_scope::{Change, FileFacts, ImportSite, ModuleSummary, RefKind, SiteFlags};

use crate::meta::{Check, Group, RuleMeta};
use crate::project::{Elsewhere, ProjectCx, ProjectSink, Target};
use crate::sink::Report;

pub(super) static META: RuleMeta = RuleMeta {
    code: "LEGB311",
    name: "shared-mutable-import",
    group: Group::Modules,
    severity: Severity::Warning,
    on_by_default: true,
    summary: "an importer changes a mutable object of another module",
    twins: &[],
    doc: DOC,
    check: Check::Project(check),
};

const DOC: &str = r#"## What it reports
A statement that changes a list, dict or set which another module of the project binds at its top: by a method such as `append`, or by an item that is assigned or deleted.

## Why
A module exists once. All who import it see one and the same object, so that a change in one file is seen in all of them, in the order in which things happen to run.

## Example
```python
# settings.py
options = {"colour": True}

# report.py
from settings import options

def plain():
    options["colour"] = False  # for everybody
```

## Repair
Change it in its own module, by a function that says what it does; or work on a copy.

## How sure
Certain that the object is shared. Advice where it happens while the importer is imported, as registrations do.
"#;

fn check(cx: &ProjectCx<'_>, sink: &mut ProjectSink) {
    for (file, given) in cx.files.iter().enumerate() {
        let Some(summary) = given.summary else { continue };
        if summary.changes.is_empty() {
            continue;
        }
        let imports: Vec<&ImportSite> = summary.imports.iter().collect();
        let mut told: Vec<(u32, Option<NameId>)> = Vec::new();
        for change in &summary.changes {
            let key = (change.import, change.attribute);
            if change.site.contains(SiteFlags::NOT_RUN) || told.contains(&key) {
                continue;
            }
            let Some(site) = imports.get(change.import as usize) else { continue };
            if examine(cx, file, summary, site, change, sink) {
                told.push(key);
            }
        }
    }
}

/// Reports a change if its object is a mutable one of another module of the project; says whether it has.
fn examine(
    cx: &ProjectCx<'_>,
    file: usize,
    summary: &ModuleSummary,
    site: &ImportSite,
    change: &Change,
    sink: &mut ProjectSink,
) -> bool {
    let path = cx.files[file].path;
    let package = cx.module(file).map(legb_resolve::ModuleName::package);
    let Target::Module(module, resolution) = cx.target(path, package, summary, site) else { return false };
    let (module, resolution, name) = match (change.attribute, site.name) {
        (Some(attribute), None) => (module, resolution, summary.text(attribute)),
        (None, Some(name)) => (module, resolution, summary.text(name)),
        // `from package import module`.
        (Some(attribute), Some(name)) => {
            let submodule = format!("{module}.{}", summary.text(name));
            let resolution = cx.resolve(&submodule, path);
            (submodule, resolution, summary.text(attribute))
        }
        (None, None) => return false,
    };
    let home = resolution.origin.as_deref().filter(|home| resolution.kind == Kind::Source && cx.is_ours(home));
    let Some(home) = home.filter(|home| *home != path) else { return false };
    let Some(place) = cx.again(home, |facts, text| mutable(facts, text, name)) else { return false };
    let message = format!("this changes `{name}` of `{module}`, for all who import it");
    let report = if change.site.contains(SiteFlags::AT_IMPORT) {
        Report::info(&META, change.span, message)
    } else {
        Report::warning(&META, Certainty::Certain, change.span, message)
    };
    let elsewhere = Elsewhere { path: home.to_owned(), span: place, message: "the object is made here".to_owned() };
    sink.push_with(file, report.help("change it in its own module, or work on a copy"), vec![elsewhere]);
    true
}

/// Where a module binds a name to a list, dict or set at its top, if that is all it ever is.
fn mutable(facts: &FileFacts, text: &str, name: &str) -> Option<Span> {
    const MAKERS: [&str; 8] = ["[", "{", "list(", "dict(", "set(", "defaultdict(", "deque(", "collections."];
    let symbol = facts.symbol_in(MODULE, facts.names.find(name)?)?;
    let mut bindings = facts.refs_of(symbol).filter(|(_, row)| row.kind.binds());
    let (_, row) = bindings.next()?;
    let value = text[row.span.end as usize..].lines().next()?.split_once('=')?.1.trim_start();
    let made = matches!(row.kind, RefKind::Assign | RefKind::AnnAssign) && bindings.next().is_none();
    (made && MAKERS.iter().any(|maker| value.starts_with(maker))).then_some(row.span)
}
