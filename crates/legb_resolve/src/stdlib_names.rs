//! Which names do the modules of the standard library hold?
//!
//! What they hold on Linux when their body has ended is recorded from interpreters (`data/stdlib_names.tsv`, written by
//! `cargo xtask oracle record`); what they hold on other platforms besides is what typeshed promises
//! (`data/platform_names.tsv`, written by `cargo xtask platform-names`). Names with two underscores around are in neither.

use std::sync::LazyLock;

use legb_base::PyVersion;
use rustc_hash::{FxHashMap, FxHashSet};

/// Names that a module has from one version to another.
struct Row {
    first: PyVersion,
    last: PyVersion,
    names: FxHashSet<&'static str>,
}

static NAMES: LazyLock<FxHashMap<&'static str, Vec<Row>>> = LazyLock::new(|| {
    let mut table: FxHashMap<&'static str, Vec<Row>> = FxHashMap::default();
    for row in rows(include_str!("../../../data/stdlib_names.tsv")) {
        let mut fields = row.split('\t');
        if let (Some(module), Some(Ok(first)), Some(Ok(last)), Some(names)) =
            (fields.next(), fields.next().map(str::parse), fields.next().map(str::parse), fields.next())
        {
            table.entry(module).or_default().push(Row { first, last, names: names.split(' ').collect() });
        }
    }
    table
});

static ELSEWHERE: LazyLock<FxHashMap<&'static str, FxHashSet<&'static str>>> = LazyLock::new(|| {
    let fields = rows(include_str!("../../../data/platform_names.tsv")).filter_map(|row| row.split_once('\t'));
    fields.map(|(module, names)| (module, names.split(' ').collect())).collect()
});

fn rows(table: &'static str) -> impl Iterator<Item = &'static str> {
    table.lines().filter(|row| !row.starts_with('#'))
}

/// Whether a module of the library has a name when its body has ended, on Linux; nothing where that is not recorded.
pub fn has_name(module: &str, name: &str, version: PyVersion) -> Option<bool> {
    let rows = NAMES.get(module)?;
    if name.starts_with("__") && name.ends_with("__") && !matches!(name, "__all__" | "__path__") {
        return None;
    }
    let now = || rows.iter().filter(|row| row.first <= version && version <= row.last);
    let has = |name: &str| now().any(|row| row.names.contains(name));
    if has(name) {
        return Some(true);
    }
    // A module may answer for names that it does not hold; of some only a part is recorded.
    (now().next().is_some() && !has("__getattr__") && !has("*")).then_some(false)
}

/// Whether the newest version up to this one of which the names of a module are known in full has a name.
pub fn had_name(module: &str, name: &str, version: PyVersion) -> bool {
    let known = NAMES.get(module).or_else(|| {
        // Frozen under a name of its own, and loaded at start-up.
        NAMES.get(if module == "_collections_abc" { "collections.abc" } else { module })
    });
    known.is_some_and(|rows| {
        let before = rows.iter().filter(|row| row.first <= version && !row.names.contains("*"));
        before.max_by_key(|row| row.last).is_some_and(|Row { last: newest, .. }| {
            rows.iter().any(|row| row.first <= *newest && *newest <= row.last && row.names.contains(name))
        })
    })
}

/// The first and the last version in which a module has a name, if it ever has.
pub fn versions_with(module: &str, name: &str) -> Option<(PyVersion, PyVersion)> {
    let having = || NAMES.get(module).into_iter().flatten().filter(|row| row.names.contains(name));
    Some((having().map(|row| row.first).min()?, having().map(|row| row.last).max()?))
}

/// Whether a module may have a name on a platform other than Linux.
pub fn is_of_other_platform(module: &str, name: &str) -> bool {
    ELSEWHERE.get(module).is_some_and(|names| names.contains(name))
}

/// The names that a module has, for spelling: in no order.
pub fn names_of(module: &str, version: PyVersion) -> impl Iterator<Item = &'static str> {
    let rows = NAMES.get(module).into_iter().flatten();
    rows.filter(move |row| row.first <= version && version <= row.last).flat_map(|row| row.names.iter().copied())
}

#[cfg(test)]
mod tests {
    use super::{has_name, is_of_other_platform, names_of, versions_with};
    use legb_base::PyVersion;

    fn version(text: &str) -> PyVersion {
        text.parse().unwrap()
    }

    #[test]
    fn names_come_and_go() {
        assert_eq!(has_name("collections", "Mapping", version("3.9")), Some(true));
        assert_eq!(has_name("collections", "Mapping", version("3.10")), Some(false));
        assert_eq!(versions_with("collections", "Mapping"), Some((version("3.8"), version("3.9"))));
        assert_eq!(has_name("math", "lcm", version("3.8")), Some(false));
        assert_eq!(versions_with("math", "nothing"), None);
    }

    #[test]
    fn what_is_not_recorded_is_not_known() {
        assert_eq!(has_name("numpy", "array", version("3.13")), None);
        assert_eq!(has_name("asyncore", "loop", version("3.12")), None);
        assert_eq!(has_name("os", "__doc__", version("3.13")), None);
        // WebAssembly lacks names that other builds have.
        assert_eq!(has_name("os", "GRND_NONBLOCK", version("3.14")), None);
    }

    #[test]
    fn other_platforms_have_names_of_their_own() {
        assert!(is_of_other_platform("os", "startfile") && is_of_other_platform("signal", "CTRL_C_EVENT"));
        assert!(!is_of_other_platform("os", "nope") && !is_of_other_platform("collections", "Mapping"));
        assert!(names_of("json", version("3.13")).any(|name| name == "loads"));
    }
}
