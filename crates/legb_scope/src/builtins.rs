//! Which names can a module read that nothing in it binds?
//!
//! The answer is recorded from every version (`data/builtins.tsv`, written by `cargo xtask oracle record`). Names that a
//! program adds to the module `builtins` while it runs are not known here.

use std::sync::LazyLock;

use legb_base::PyVersion;
use rustc_hash::FxHashMap;

/// Who provides a name that no statement binds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Provider {
    /// The module `builtins`.
    Builtins,
    /// `site`, which adds it to `builtins` at start-up; absent under `python -S`.
    Site,
    /// The import system, which puts it into every module before the first line runs (`__path__`: into packages).
    Module,
}

struct Entry {
    provider: Provider,
    name: &'static str,
    first: PyVersion,
    last: PyVersion,
}

static RECORDED: &str = include_str!("../../../data/builtins.tsv");

static TABLE: LazyLock<FxHashMap<&'static str, Vec<Entry>>> = LazyLock::new(|| {
    let mut table: FxHashMap<_, Vec<Entry>> = FxHashMap::default();
    for entry in RECORDED.lines().filter(|line| !line.starts_with('#')).filter_map(entry) {
        table.entry(entry.name).or_default().push(entry);
    }
    table
});

/// A line of the table: kind, name, first and last version.
fn entry(line: &'static str) -> Option<Entry> {
    let mut fields = line.split('\t');
    let provider = match fields.next()? {
        "builtin" => Provider::Builtins,
        "site" => Provider::Site,
        "module" => Provider::Module,
        _ => return None,
    };
    Some(Entry {
        provider,
        name: fields.next()?,
        first: fields.next()?.parse().ok()?,
        last: fields.next()?.parse().ok()?,
    })
}

fn provided(name: &str, version: PyVersion) -> impl Iterator<Item = Provider> {
    let entries = TABLE.get(name).map_or(&[][..], Vec::as_slice);
    entries.iter().filter(move |entry| entry.first <= version && version <= entry.last).map(|entry| entry.provider)
}

/// Whether the version has a builtin of this name; those that `site` adds count.
pub fn is_builtin(name: &str, version: PyVersion) -> bool {
    provided(name, version).any(|provider| provider != Provider::Module)
}

/// Whether every module (or every package, in the case of `__path__`) has this name before its first line runs.
pub fn is_module_attribute(name: &str, version: PyVersion) -> bool {
    provided(name, version).any(|provider| provider == Provider::Module)
}

/// Who provides a name, asked in the order in which the running code looks: the module, then builtins.
pub fn provider(name: &str, version: PyVersion) -> Option<Provider> {
    provided(name, version).max()
}

/// The versions that have a builtin of this name, oldest first.
pub fn versions_of(name: &str) -> impl Iterator<Item = PyVersion> {
    PyVersion::ALL.into_iter().filter(move |&version| is_builtin(name, version))
}

/// The builtins of a version, unsorted.
pub fn builtins(version: PyVersion) -> impl Iterator<Item = &'static str> {
    RECORDED
        .lines()
        .filter_map(entry)
        .filter(move |entry| entry.provider != Provider::Module && entry.first <= version && version <= entry.last)
        .map(|entry| entry.name)
}

#[cfg(test)]
mod tests {
    use super::{Provider, RECORDED, entry, is_builtin, is_module_attribute, provider, versions_of};
    use legb_base::PyVersion;

    #[test]
    fn every_recorded_row_is_found() {
        let rows: Vec<_> = RECORDED.lines().filter(|line| !line.starts_with('#')).collect();
        assert!(rows.len() > 150);
        for row in rows {
            let entry = entry(row).expect(row);
            for version in PyVersion::ALL.into_iter().filter(|&v| entry.first <= v && v <= entry.last) {
                match entry.provider {
                    Provider::Module => assert!(is_module_attribute(entry.name, version), "{row}"),
                    Provider::Builtins | Provider::Site => assert!(is_builtin(entry.name, version), "{row}"),
                }
                assert!(provider(entry.name, version).is_some(), "{row}");
            }
            assert!(versions_of(entry.name).count() > 0 || entry.provider == Provider::Module, "{row}");
        }
    }

    #[test]
    fn other_names_are_not() {
        for name in ["", "spam", "Print", "__main__"] {
            assert!(PyVersion::ALL.into_iter().all(|version| provider(name, version).is_none()), "{name}");
        }
    }
}
