//! Interface: from outside, only what a package exports may be imported.
//!
//! What a package exports is told by its `__init__`: `__all__`, or else what `from package import *` would take. A submodule is
//! exported when its name is. Attributes used later (`package.module.name`) are not looked at.

use std::collections::BTreeMap;

use super::{Exports, ExportsOf, Found, Subject};
use crate::chains::Modules;
use crate::contract::Interface;
use crate::imports::{Import, is_in_package};
use crate::nearest::nearest;
use crate::verdict::{Chain, Link, Violation};

pub(super) fn check(subject: &mut Subject<'_>, interface: &Interface, exports: &ExportsOf<'_>) -> Found {
    let (packages, exempt) = (subject.all_modules(&interface.packages), subject.all_modules(&interface.exempt));
    let (packages, exempt) = match (packages, exempt) {
        (Ok(packages), Ok(exempt)) => (packages, exempt),
        (packages, exempt) => return Err([packages.err(), exempt.err()].into_iter().flatten().flatten().collect()),
    };
    let imports = subject.imports;
    let exempt = Modules::new(&subject.graph, exempt.into_iter().flat_map(|module| imports.package(module)));
    let mut violations = Vec::new();
    for package in packages {
        let exported = imports.path(package).map_or_else(open, exports);
        violations.extend(reached_past(subject, subject.name(package), &exported, &exempt));
    }
    Ok(violations)
}

/// A namespace package exports whatever it holds: nothing says otherwise.
fn open() -> Exports {
    Exports { names: Vec::new(), open: true }
}

/// What importers outside of a package import from it that it does not export, by the object imported.
fn reached_past(subject: &Subject<'_>, package: &str, exported: &Exports, exempt: &Modules) -> Vec<Violation> {
    let mut found: BTreeMap<&str, BTreeMap<&str, Vec<&Import>>> = BTreeMap::new();
    for import in subject.named_imports() {
        let importer = subject.project.modules[import.importer].name.as_str();
        let is_exempt = subject.imports.find(importer).is_none_or(|importer| exempt.contains(importer));
        if !is_exempt && !is_in_package(importer, package) && !is_exported(&import.object, package, exported) {
            found.entry(&import.object).or_default().entry(importer).or_default().push(import);
        }
    }
    let violation = |(object, importers): (&str, BTreeMap<&str, Vec<&Import>>)| Violation {
        message: format!("{object} is not part of what {package} exports"),
        importer: None,
        imported: Some(object.to_owned()),
        chains: importers.into_iter().map(|(importer, imports)| Chain::of(link(subject, importer, &imports))).collect(),
        help: advice(object, package, exported),
    };
    found.into_iter().map(violation).collect()
}

fn is_exported(object: &str, package: &str, exported: &Exports) -> bool {
    let Some(rest) = object.strip_prefix(package).and_then(|rest| rest.strip_prefix('.')) else {
        return true;
    };
    let (first, is_deeper) = rest.split_once('.').map_or((rest, false), |(first, _)| (first, true));
    let is_named = exported.names.binary_search_by(|name| name.as_str().cmp(first)).is_ok();
    is_named || !is_deeper && (first == "*" || exported.open && !first.starts_with('_'))
}

fn advice(object: &str, package: &str, exported: &Exports) -> String {
    let name = object.rsplit('.').next().unwrap_or(object);
    if exported.names.iter().any(|exported| exported == name) {
        return format!("write `from {package} import {name}`");
    }
    match nearest(name, exported.names.iter().map(String::as_str)) {
        Some(other) => format!("import {other} from {package}, or have its `__init__` export `{name}`"),
        None => format!("import something that {package} exports, or have its `__init__` export `{name}`"),
    }
}

/// The imports of one object by one module.
pub(super) fn link(subject: &Subject<'_>, importer: &str, imports: &[&Import]) -> Link {
    let mut lines: Vec<u32> = imports.iter().map(|import| import.line).collect();
    lines.sort_unstable();
    lines.dedup();
    let path = subject.project.module(importer).and_then(|module| subject.project.modules[module].path.clone());
    let imported = imports.first().map(|import| import.object.clone()).unwrap_or_default();
    Link { importer: importer.to_owned(), imported, path, lines }
}
