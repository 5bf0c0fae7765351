//! `from-import-copy` (LEGB310): `from m import x` copies a value that its module replaces later.

use legb_base::{Certainty, Severity, Span};
use legb_resolve::Kind;
use legb_scope::facts::MODULE;
use legb_scope::{FileFacts, Place, RefKind, ScopeId, SiteFlags};

use crate::meta::{Check, Group, RuleMeta};
use crate::project::{Elsewhere, ImportCx, ProjectSink, Target};
use crate::sink::Report;

pub(super) static META: RuleMeta = RuleMeta {
    code: "LEGB310",
    name: "from-import-copy",
    group: Group::Modules,
    severity: Severity::Warning,
    on_by_default: true,
    summary: "`from m import x` copies a value that its module replaces later",
    twins: &[],
    doc: DOC,
    check: Check::Import(check),
};

const DOC: &str = r"## What it reports
`from module import name` at the top of a file, where a function of that module declares the name `global` and binds it again.

## Why
The import binds the object that the name has at that moment.
When the module binds its own name to another object, the importer keeps the old one.

## Example
```python
# config.py
debug = False

def enable():
    global debug
    debug = True

# main.py
import config
from config import debug

config.enable()
print(debug)  # False
```

## Repair
Import the module and read the attribute when it is needed: `import config`, `config.debug`.

## How sure
Possible: the value is stale if the function is called after the import.
Imports in functions, which read the name anew in each call, functions that the module itself calls while it is imported, and names of functions and classes are left alone.
";

fn check(import: &ImportCx<'_, '_>, sink: &mut ProjectSink) {
    let Some(name) = import.name() else { return };
    if !import.site.site.contains(SiteFlags::AT_IMPORT) || import.is_guarded() {
        return;
    }
    let Target::Module(module, resolution) = import.target() else { return };
    let project = import.project;
    let home = resolution.origin.as_deref().filter(|home| resolution.kind == Kind::Source && project.is_ours(home));
    let Some(home) = home.filter(|home| *home != import.path()) else { return };
    if !project.summary(home).is_some_and(|summary| summary.rebinds(name)) {
        return;
    }
    let Some(place) = project.again(home, |facts, text| rebinding(facts, text, name)) else { return };
    let message = format!("`{name}` is copied here; `{module}` binds its own to something else when a function runs");
    let elsewhere = Elsewhere { path: home.to_owned(), span: place, message: "bound again here".to_owned() };
    let report = Report::warning(&META, Certainty::Possible, import.site.alias, message).help(format!(
        "import `{module}` and read `{}.{name}` where it is needed",
        module.rsplit('.').next().unwrap_or(module)
    ));
    sink.push_with(import.file, report, vec![elsewhere]);
}

/// Where a function of a module binds a name of the module again, later than at its import.
fn rebinding(facts: &FileFacts, text: &str, name: &str) -> Option<Span> {
    let id = facts.names.find(name)?;
    let module = facts.symbol_in(MODULE, id)?;
    let defines = |kind: RefKind| matches!(kind, RefKind::Def | RefKind::Class | RefKind::Import);
    let is_variable = facts.refs_of(module).any(|(_, row)| row.kind.binds());
    if !is_variable || facts.refs_of(module).any(|(_, row)| defines(row.kind)) {
        return None;
    }
    facts.refs.iter().find_map(|row| {
        let symbol = &facts.symbols[row.symbol];
        let rebinds = symbol.name == id
            && symbol.scope != MODULE
            && symbol.place == Place::GlobalExplicit
            && row.kind.binds()
            && !runs_at_import(facts, text, symbol.scope);
        rebinds.then_some(row.span)
    })
}

/// Whether the module calls a function while it is imported.
fn runs_at_import(facts: &FileFacts, text: &str, function: ScopeId) -> bool {
    let name = facts.scopes[function].name;
    let Some(symbol) = facts.symbol_in(MODULE, name) else { return false };
    facts
        .refs_of(symbol)
        .any(|(_, row)| row.kind == RefKind::Load && text.as_bytes().get(row.span.end as usize) == Some(&b'('))
}
