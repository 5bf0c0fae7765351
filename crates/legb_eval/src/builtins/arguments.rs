//! With how many arguments a function of the interpreter cannot be called: recorded, with the words of each version.

use std::sync::LazyLock;

use legb_base::PyVersion;
use rustc_hash::FxHashMap;

/// A number of positional arguments that is refused, from one version to another, and the message.
type Refusal = (usize, PyVersion, PyVersion, &'static str);

static REFUSED: LazyLock<FxHashMap<(&'static str, &'static str), Vec<Refusal>>> = LazyLock::new(|| {
    let mut table: FxHashMap<_, Vec<Refusal>> = FxHashMap::default();
    let rows = include_str!("../../../../data/builtin_calls.tsv").lines().filter(|line| !line.starts_with('#'));
    for row in rows {
        let mut fields = row.splitn(6, '\t');
        let mut next = || fields.next().unwrap_or_default();
        let key = (next(), next());
        if let (Ok(count), Ok(first), Ok(last)) = (next().parse(), next().parse(), next().parse()) {
            table.entry(key).or_default().push((count, first, last, next()));
        }
    }
    table
});

/// What CPython says of so many positional arguments; nothing if it takes them.
pub(crate) fn refusal(owner: &str, name: &str, count: usize, version: PyVersion) -> Option<&'static str> {
    let table: &FxHashMap<(&str, &str), Vec<Refusal>> = &REFUSED;
    let refused = table.get(&(owner, name))?;
    let found = refused.iter().find(|(n, first, last, _)| *n == count && *first <= version && version <= *last);
    found.map(|(.., message)| *message)
}

#[cfg(test)]
mod tests {
    use super::refusal;

    #[test]
    fn a_method_without_its_argument_is_refused_in_the_words_of_the_version() {
        let words = |version: &str| refusal("list", "append", 0, version.parse().expect("a version"));
        assert_ne!(words("3.8"), words("3.13"));
        assert!(words("3.13").is_some_and(|words| words.contains("append")));
        assert_eq!(refusal("list", "append", 1, "3.13".parse().expect("a version")), None);
    }
}
