//! Which calls of the standard library, and of a few packages everybody uses, have which effect?
//!
//! A judgement, kept in two lists ([`super::patterns`]). A pattern is a dotted name; `*` at its end stands for any rest. `()`
//! stands for the result of a call: `pathlib.Path().unlink`. The longest pattern that fits decides.

use super::EffectKind::{self, *};
use super::patterns::{EFFECTS, HARMLESS};

/// What a call to `dotted` does; `None` where it has no effect outside of the value it returns.
pub(super) fn effect_of_call(dotted: &str) -> Option<EffectKind> {
    let effect = EFFECTS
        .iter()
        .flat_map(|(kind, patterns)| patterns.iter().map(move |pattern| (fit(pattern, dotted), *kind)))
        .filter_map(|(length, kind)| Some((length?, kind)))
        .max_by_key(|(length, _)| *length);
    let harmless = HARMLESS.iter().filter_map(|pattern| fit(pattern, dotted)).max();
    match (effect, harmless) {
        (Some((length, kind)), Some(other)) => (length >= other).then_some(kind),
        (Some((_, kind)), None) => Some(kind),
        (None, Some(_)) => None,
        (None, None) => Some(Call),
    }
}

/// How much of `dotted` the pattern names, if it fits.
fn fit(pattern: &str, dotted: &str) -> Option<usize> {
    match pattern.strip_suffix('*') {
        Some(start) => dotted.starts_with(start).then_some(start.len()),
        None => (pattern == dotted).then_some(pattern.len() + 1),
    }
}

/// Methods of a path that touch the file system, whatever made the path.
const PATH_METHODS: &[&str] = &[
    "chmod",
    "glob",
    "hardlink_to",
    "iterdir",
    "lchmod",
    "link_to",
    "mkdir",
    "open",
    "read_bytes",
    "read_text",
    "rename",
    "replace",
    "rglob",
    "rmdir",
    "symlink_to",
    "touch",
    "unlink",
    "walk",
    "write_bytes",
    "write_text",
];

/// Whether the call is one of a path that touches the file system.
pub(super) fn is_path_access(dotted: &str) -> bool {
    let is_path =
        ["pathlib.Path", "pathlib.PosixPath", "pathlib.WindowsPath"].iter().any(|name| dotted.starts_with(name));
    is_path && dotted.rsplit_once('.').is_some_and(|(_, method)| PATH_METHODS.contains(&method))
}

/// What is changed by an assignment to, or a deletion of, an attribute or item of `dotted`.
pub(super) fn effect_of_write(dotted: &str) -> Option<EffectKind> {
    let below = |name: &str| dotted == name || dotted.strip_prefix(name).is_some_and(|rest| rest.starts_with('.'));
    if below("os.environ") || below("os.environb") {
        Some(Environment)
    } else if ["sys.path", "sys.meta_path", "sys.path_hooks"].into_iter().any(below) {
        Some(SysPath)
    } else if below("sys") || below("signal") {
        Some(State)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::super::EffectKind::*;
    use super::{effect_of_call, effect_of_write, is_path_access};

    #[test]
    fn the_longest_pattern_decides() {
        for (dotted, kind) in [
            ("builtins.print", Some(Print)),
            ("builtins.frozenset", None),
            ("os.path.join", None),
            ("os.getenv", None),
            ("os.environ.get", None),
            ("os.environ.setdefault", Some(Environment)),
            ("os.system", Some(Process)),
            ("sys.path.insert", Some(SysPath)),
            ("sys.path.index", None),
            ("sys.exit", Some(Exit)),
            ("logging.getLogger", None),
            ("logging.getLogger().info", Some(Log)),
            ("logging.basicConfig", Some(State)),
            ("threading.Thread", None),
            ("threading.Thread().start", Some(Thread)),
            ("argparse.ArgumentParser().add_argument", None),
            ("argparse.ArgumentParser().parse_args", Some(Call)),
            ("requests.get", Some(Network)),
            ("somewhere.register", Some(Call)),
        ] {
            assert_eq!(effect_of_call(dotted), kind, "{dotted}");
        }
    }

    #[test]
    fn paths_are_asked_for_what_they_do() {
        assert!(is_path_access("pathlib.Path().read_text"));
        assert!(is_path_access("pathlib.Path().parent.joinpath().mkdir"));
        assert!(!is_path_access("pathlib.Path().with_suffix"));
        assert!(!is_path_access("shop.Path().read_text"));
    }

    #[test]
    fn writes_are_told_by_what_they_change() {
        assert_eq!(effect_of_write("os.environ"), Some(Environment));
        assert_eq!(effect_of_write("sys.path"), Some(SysPath));
        assert_eq!(effect_of_write("sys.excepthook"), Some(State));
        assert_eq!(effect_of_write("os.environment"), None);
    }
}
