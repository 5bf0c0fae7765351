//! What does a package expose, where does each name live, and who reaches past it?
//!
//! A package exposes what its `__init__` lists in `__all__`; without one, the names it defines or takes from its own modules.
//! Whoever lies outside of it and imports from one of its inner modules reaches past it.

pub mod plan;
mod region;
mod splice;

use legb_graph::{ModuleId, Target};
use legb_project::{FileImports, ImportRow};
use serde::Serialize;

use crate::effects::EffectKind;
use crate::exports::{ExportKind, Exports};
use crate::outline::Outline;
use crate::report::target;

pub use plan::{LeftOut, Plan, Refused, Request, Style, plan};

/// A name that a package exposes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Exposed {
    /// The name.
    pub name: String,
    /// What it stands for.
    pub kind: ExportKind,
    /// The module that defines it; for a module, itself.
    pub module: String,
    /// What it is called there, where that is another name.
    pub original: Option<String>,
    /// The file, as it is printed; none outside of the project.
    pub path: Option<String>,
    /// The line of the definition, counted from 1.
    pub line: Option<u32>,
    /// The modules between that only pass it on, from the package inwards.
    pub through: Vec<String>,
    /// Whether it is made on demand by the package's `__getattr__`.
    pub lazy: bool,
}

/// An import from outside of a package of something inside it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Reach {
    /// The file, as it is printed.
    pub path: String,
    /// The line of the statement, counted from 1.
    pub line: u32,
    /// The importing module.
    pub importer: String,
    /// The inner module.
    pub module: String,
    /// The name taken from it; none where the module itself is imported.
    pub name: Option<String>,
    /// Whether the package exposes just that, so that the import could go through it.
    pub exposed: bool,
}

/// What a package exposes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Api {
    /// The dotted name of the package.
    pub package: String,
    /// Its `__init__`, as it is printed; a namespace package has none.
    pub path: Option<String>,
    /// What `__all__` lists; none where there is no `__all__`.
    pub all: Option<Vec<String>>,
    /// Whether there may be names that cannot be read off: `__all__` is computed, or `__getattr__` makes names.
    pub incomplete: bool,
    /// The names it exposes, sorted.
    pub exposes: Vec<Exposed>,
    /// Names in `__all__` that nothing defines, sorted.
    pub missing: Vec<String>,
    /// Imports from outside that reach past it, by path and line.
    pub reached_past: Vec<Reach>,
}

/// Describes what `package` exposes. `imports` are those of every file of the table.
pub fn api(exports: &Exports<'_>, package: ModuleId, imports: &[FileImports]) -> Api {
    let table = exports.table();
    let outline = exports.outline(package);
    let mut exposes = Vec::new();
    let mut missing = Vec::new();
    for name in exports.public(package) {
        match exports.find(package, &name) {
            Some(origin) => exposes.push(Exposed {
                kind: origin.kind,
                path: origin.module.and_then(|module| table.path(module)).map(Into::into),
                line: origin.line,
                through: origin.through.iter().map(|module| table.get(*module).name.to_string()).collect(),
                original: origin.name.filter(|original| *original != name),
                module: origin.module_name,
                lazy: origin.lazy,
                name,
            }),
            None => missing.push(name),
        }
    }
    exposes.sort_by(|a, b| a.name.cmp(&b.name));
    missing.sort();
    let unread = outline.imports.iter().any(|import| {
        import.name.as_deref() == Some("*") && !matches!(target(exports.resolver(), package, import), Target::Module(_))
    });
    let mut api = Api {
        package: table.get(package).name.to_string(),
        path: table.path(package).map(Into::into),
        all: outline.all.as_ref().map(|all| all.names.clone()),
        incomplete: outline.all.as_ref().is_some_and(|all| all.incomplete)
            || outline.lazy_incomplete
            || puts_another_in_its_place(outline)
            || outline.all.is_none() && unread,
        exposes,
        missing,
        reached_past: Vec::new(),
    };
    api.reached_past = reaches(exports, package, &api.exposes, imports);
    api
}

/// Whether a module replaces itself in `sys.modules`.
fn puts_another_in_its_place(outline: &Outline) -> bool {
    outline.effects.iter().any(|effect| effect.kind == EffectKind::State && effect.target.starts_with("sys.modules["))
}

/// The imports from outside of a package of something inside it, sorted.
fn reaches(exports: &Exports<'_>, package: ModuleId, exposed: &[Exposed], imports: &[FileImports]) -> Vec<Reach> {
    let (table, resolver) = (exports.table(), exports.resolver());
    let is_inside = |id: ModuleId| id != package && table.ancestors(id).any(|above| above == package);
    let mut found = Vec::new();
    for (importer, module) in table.iter() {
        let Some(imports) = module.file.and_then(|file| imports.get(file as usize)) else { continue };
        if importer == package || is_inside(importer) {
            continue;
        }
        let mut file = resolver.file(importer, imports);
        for row in &imports.rows {
            let reached = file.target(row);
            let Some(inner) = reached.module().filter(|id| is_inside(*id)) else { continue };
            // `from package.inner import name` takes a name; `from package import inner` takes the module.
            let takes_module = file.target(&ImportRow { name: None, ..*row }) != reached;
            let name = row.name.filter(|_| !takes_module).map(|name| imports.names.text(name));
            let inner_name = &*table.get(inner).name;
            let is_it = |row: &Exposed| match name {
                Some(name) => {
                    row.original.as_ref().unwrap_or(&row.name) == name
                        && (row.module == inner_name || row.through.iter().any(|between| between == inner_name))
                }
                None => row.kind == ExportKind::Module && row.module == inner_name,
            };
            found.push(Reach {
                path: table.path(importer).map(Into::into).unwrap_or_default(),
                line: row.line,
                importer: module.name.to_string(),
                exposed: exposed.iter().any(is_it),
                module: inner_name.to_owned(),
                name: name.map(str::to_owned),
            });
        }
    }
    found.sort();
    found.dedup();
    found
}
