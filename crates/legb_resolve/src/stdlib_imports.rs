//! Which modules of the standard library load which others while they are imported?
//!
//! Recorded from the sources of every version (`data/stdlib_imports.tsv`, written by `cargo xtask oracle record`): imports that
//! surely run, not those in functions and under conditions. Modules that no file on the path can stand in for are left out.

use std::sync::LazyLock;

use legb_base::PyVersion;
use rustc_hash::FxHashMap;

/// An importer and the versions in which it imports.
struct Importer {
    name: &'static str,
    first: PyVersion,
    last: PyVersion,
}

static RECORDED: &str = include_str!("../../../data/stdlib_imports.tsv");

/// By imported module, its importers.
static IMPORTERS: LazyLock<FxHashMap<&'static str, Vec<Importer>>> = LazyLock::new(|| {
    let mut table: FxHashMap<_, Vec<Importer>> = FxHashMap::default();
    for line in RECORDED.lines().filter(|line| !line.starts_with('#')) {
        if let Some((imported, importers)) = row(line) {
            table.entry(imported).or_default().extend(importers);
        }
    }
    table
});

/// A line of the table: imported module, first and last version, importers.
fn row(line: &'static str) -> Option<(&'static str, impl Iterator<Item = Importer>)> {
    let mut fields = line.split('\t');
    let imported = fields.next()?;
    let (first, last) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
    Some((imported, fields.next()?.split(' ').map(move |name| Importer { name, first, last })))
}

/// The modules of the library whose import loads the top-level module `name`, each with the module that it imports for that:
/// `tokenize` loads `token` by itself, `inspect` by way of `tokenize`. Sorted by how many imports lie between, then by name.
pub fn loaders(name: &str, version: PyVersion) -> Vec<(&'static str, &'static str)> {
    let mut found: Vec<(&'static str, &'static str)> = Vec::new();
    let mut names: Vec<&'static str> =
        IMPORTERS.keys().filter(|known| known.split('.').next() == Some(name)).copied().collect();
    names.sort_unstable();
    while !names.is_empty() {
        let mut next: Vec<(&'static str, &'static str)> = Vec::new();
        for imported in names {
            let importers = IMPORTERS.get(imported).into_iter().flatten();
            for importer in importers.filter(|importer| importer.first <= version && version <= importer.last) {
                let is_own = importer.name.split('.').next() == Some(name);
                let is_known = |list: &[(&str, &str)]| list.iter().any(|(known, _)| *known == importer.name);
                if !is_own && !is_known(&found) && !is_known(&next) {
                    next.push((importer.name, imported));
                }
            }
        }
        next.sort_unstable();
        names = next.iter().map(|(importer, _)| *importer).collect();
        found.extend(next);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{RECORDED, loaders, row};

    #[test]
    fn every_recorded_row_is_read() {
        let rows: Vec<_> = RECORDED.lines().filter(|line| !line.starts_with('#')).collect();
        assert!(rows.len() > 500);
        for line in rows {
            assert!(row(line).is_some(), "{line}");
        }
    }

    #[test]
    fn importers_are_followed_and_differ_between_versions() {
        let loads = |importer: &str, name: &str, version: &str| {
            loaders(name, version.parse().unwrap()).iter().any(|(known, _)| *known == importer)
        };
        assert!(loads("tokenize", "token", "3.13") && loads("inspect", "token", "3.13"));
        assert!(loads("concurrent.futures", "logging", "3.13") || loads("concurrent.futures._base", "logging", "3.13"));
        assert!(loads("pdb", "code", "3.13") && !loads("pdb", "os", "3.13"));
        assert!(!loads("json", "logging", "3.13"));
    }
}
