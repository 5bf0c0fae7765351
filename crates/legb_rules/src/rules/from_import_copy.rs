//! `from-import-copy` (LEGB310): `from m import x` copies a value that its module replaces later.

use std::path::PathBuf;

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
`from module import name` at the top of a file, where a function of that module declares the name `global` and binds it again, or a function of another module sets `module.name`.

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
Another module counts where it is part of the run, or where the name is no constant; tests do not count.
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
    let own = project.summary(home).is_some_and(|summary| summary.rebinds(name));
    let own = own.then(|| project.again(home, |facts, text| rebinding(facts, text, name))).flatten();
    let again = own.map(|span| (home.to_owned(), span)).or_else(|| {
        let place = assigned_elsewhere(import, module, name)?;
        project.again(home, |facts, _| is_variable(facts, name).then_some(place))
    });
    let Some((path, span)) = again else { return };
    let who = if path == home { "binds its own to something else".to_owned() } else { "gets another".to_owned() };
    let message = format!("`{name}` is copied here; `{module}` {who} when a function runs");
    let elsewhere = Elsewhere { path, span, message: "bound again here".to_owned() };
    let report = Report::warning(&META, Certainty::Possible, import.site.alias, message).help(format!(
        "import `{module}` and read `{}.{name}` where it is needed",
        module.rsplit('.').next().unwrap_or(module)
    ));
    sink.push_with(import.file, report, vec![elsewhere]);
}

/// Where a function of another module, which is no test, sets the name in its module.
fn assigned_elsewhere(import: &ImportCx<'_, '_>, module: &str, name: &str) -> Option<(PathBuf, Span)> {
    let project = import.project;
    let known = project.assigned().get(&(module.to_owned(), name.to_owned())).cloned();
    known.or_else(|| {
        let is_constant = !name.chars().any(char::is_lowercase);
        let mut importers =
            (!is_constant).then(|| project.universe().importers(module)).into_iter().flatten().map(|file| &file.path);
        importers.find_map(|path| {
            let span =
                project.assigned_in(path).into_iter().find(|(home, other, _)| home == module && other == name)?.2;
            Some((path.clone(), span))
        })
    })
}

/// Whether a module holds a variable by a name: bound by neither definition nor import.
fn is_variable(facts: &FileFacts, name: &str) -> bool {
    let defines = |kind: RefKind| matches!(kind, RefKind::Def | RefKind::Class | RefKind::Import);
    let symbol = facts.names.find(name).and_then(|id| facts.symbol_in(MODULE, id));
    symbol.is_some_and(|symbol| {
        facts.refs_of(symbol).any(|(_, row)| row.kind.binds())
            && !facts.refs_of(symbol).any(|(_, row)| defines(row.kind))
    })
}

/// Where a function of a module binds a name of the module again, later than at its import.
fn rebinding(facts: &FileFacts, text: &str, name: &str) -> Option<Span> {
    let id = facts.names.find(name).filter(|_| is_variable(facts, name))?;
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
