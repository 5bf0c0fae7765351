//! Which modules does a version of Python bring along, and how?
//!
//! The answers are recorded from interpreters (`data/stdlib.tsv`, written by `cargo xtask oracle record`) on Linux. What is
//! compiled into an interpreter differs between builds: where a real one is named, [`crate::interpreter`] looks at it.

use std::sync::LazyLock;

use legb_base::PyVersion;
use rustc_hash::FxHashMap;

/// How a version has a module.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fact {
    /// Compiled into the interpreter.
    Builtin,
    /// Frozen into the interpreter.
    Frozen {
        /// Whether it is a package.
        is_package: bool,
    },
    /// A file of machine code.
    Extension,
    /// A file of source.
    Source {
        /// Whether it is a package.
        is_package: bool,
    },
    /// In `sys.modules` before the first line of a program.
    Startup,
    /// A top-level name of the library, on this platform or another.
    Name,
    /// Put into `sys.modules` by its parent, where this module then stands under its name.
    Alias(&'static str),
}

struct Entry {
    fact: Fact,
    first: PyVersion,
    last: PyVersion,
}

static RECORDED: &str = include_str!("../../../data/stdlib.tsv");

static TABLE: LazyLock<FxHashMap<&'static str, Vec<Entry>>> = LazyLock::new(|| {
    let mut table: FxHashMap<_, Vec<Entry>> = FxHashMap::default();
    for (name, entry) in RECORDED.lines().filter(|line| !line.starts_with('#')).filter_map(entry) {
        table.entry(name).or_default().push(entry);
    }
    table
});

/// A line of the table: kind, name, first and last version.
fn entry(line: &'static str) -> Option<(&'static str, Entry)> {
    let mut fields = line.split('\t');
    let fact = match fields.next()? {
        "builtin" => Fact::Builtin,
        "frozen" => Fact::Frozen { is_package: false },
        "frozen-package" => Fact::Frozen { is_package: true },
        "extension" => Fact::Extension,
        "source" => Fact::Source { is_package: false },
        "package" => Fact::Source { is_package: true },
        "startup" => Fact::Startup,
        "name" => Fact::Name,
        "alias" => Fact::Alias(""),
        _ => return None,
    };
    let (name, first, last) = (fields.next()?, fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
    let fact = fields.next().map_or(fact, Fact::Alias);
    Some((name, Entry { fact, first, last }))
}

fn facts(name: &str, version: PyVersion) -> impl Iterator<Item = Fact> {
    let entries = TABLE.get(name).map_or(&[][..], Vec::as_slice);
    entries.iter().filter(move |entry| entry.first <= version && version <= entry.last).map(|entry| entry.fact)
}

/// Whether the top-level part of a module name belongs to the standard library of a version, on any platform.
pub fn is_stdlib(name: &str, version: PyVersion) -> bool {
    let top = name.split('.').next().unwrap_or_default();
    facts(top, version).any(|fact| fact == Fact::Name)
}

/// The last recorded version whose library has a top-level name, on any platform.
pub fn last_version(name: &str) -> Option<PyVersion> {
    let entries = TABLE.get(name).into_iter().flatten();
    entries.filter(|entry| entry.fact == Fact::Name).map(|entry| entry.last).max()
}

/// Whether a module is compiled into the recorded builds of a version.
pub fn is_builtin(name: &str, version: PyVersion) -> bool {
    facts(name, version).any(|fact| fact == Fact::Builtin)
}

/// Whether a module is frozen into a version, and if so whether as a package.
pub fn frozen(name: &str, version: PyVersion) -> Option<bool> {
    facts(name, version).find_map(|fact| match fact {
        Fact::Frozen { is_package } => Some(is_package),
        _ => None,
    })
}

/// Whether a module is in `sys.modules` before the first line of a program. Modules that only some ways of starting load are
/// not counted.
pub fn is_loaded_at_startup(name: &str, version: PyVersion) -> bool {
    facts(name, version).any(|fact| fact == Fact::Startup)
}

/// The module that stands under a name which no finder has, once the parent of the name is loaded: `os.path`.
pub fn alias(name: &str, version: PyVersion) -> Option<&'static str> {
    facts(name, version).find_map(|fact| match fact {
        Fact::Alias(target) => Some(target),
        _ => None,
    })
}

/// The file of the library that a module lies in, as recorded: [`Fact::Source`] or [`Fact::Extension`].
pub fn file(name: &str, version: PyVersion) -> Option<Fact> {
    facts(name, version).find(|fact| matches!(fact, Fact::Source { .. } | Fact::Extension))
}

/// Whether a name is below a package of tests, which the table does not list.
pub fn is_below_tests(name: &str) -> bool {
    let mut parts = name.split('.').rev();
    parts.next();
    parts.any(|part| matches!(part, "test" | "tests" | "idle_test"))
}

/// The top-level names of the library of a version on any platform, sorted.
pub fn names(version: PyVersion) -> impl Iterator<Item = &'static str> {
    of_kind("name", version)
}

/// The modules that are in `sys.modules` before the first line of a program, sorted.
pub fn loaded_at_startup(version: PyVersion) -> impl Iterator<Item = &'static str> {
    of_kind("startup", version)
}

/// The names of a kind, which come sorted in the table.
fn of_kind(kind: &'static str, version: PyVersion) -> impl Iterator<Item = &'static str> {
    RECORDED
        .lines()
        .filter(move |line| line.split('\t').next() == Some(kind))
        .filter_map(entry)
        .filter(move |(_, entry)| entry.first <= version && version <= entry.last)
        .map(|(name, _)| name)
}

#[cfg(test)]
mod tests {
    use super::{
        Fact, RECORDED, alias, entry, file, frozen, is_builtin, is_loaded_at_startup, is_stdlib, last_version, names,
    };
    use legb_base::PyVersion;

    fn version(text: &str) -> PyVersion {
        text.parse().unwrap()
    }

    #[test]
    fn every_recorded_row_is_read() {
        let rows: Vec<_> = RECORDED.lines().filter(|line| !line.starts_with('#')).collect();
        assert!(rows.len() > 1000);
        for row in rows {
            assert!(entry(row).is_some(), "{row}");
        }
    }

    #[test]
    fn versions_differ() {
        assert!(is_stdlib("tomllib", version("3.11")) && !is_stdlib("tomllib", version("3.10")));
        assert!(is_stdlib("distutils.core", version("3.11")) && !is_stdlib("distutils", version("3.12")));
        assert!(is_stdlib("winreg", version("3.8")));
        assert_eq!(last_version("distutils"), Some(version("3.11")));
        assert_eq!((last_version("json"), last_version("numpy")), (PyVersion::ALL.last().copied(), None));
        assert!(!is_stdlib("numpy", version("3.13")) && !is_stdlib("", version("3.13")));
        assert!(PyVersion::ALL.into_iter().all(|version| names(version).any(|name| name == "sys")));
    }

    #[test]
    fn each_kind_is_told() {
        for version in PyVersion::ALL {
            assert!(is_builtin("sys", version) && !is_builtin("math", version), "{version}");
            assert!(is_loaded_at_startup("os.path", version) && !is_loaded_at_startup("json", version), "{version}");
            assert_eq!(frozen("zipimport", version), Some(false));
            assert_eq!(file("json", version), Some(Fact::Source { is_package: true }));
            assert_eq!(file("json.decoder", version), Some(Fact::Source { is_package: false }));
            assert_eq!(file("_json", version), Some(Fact::Extension), "{version}");
        }
        assert_eq!(alias("os.path", version("3.13")), Some("posixpath"));
        assert_eq!(file("collections.abc", version("3.13")), Some(Fact::Source { is_package: false }));
        assert_eq!(alias("collections.abc", version("3.14")), Some("_collections_abc"));
        assert_eq!((frozen("os", version("3.10")), frozen("os", version("3.11"))), (None, Some(false)));
    }
}
