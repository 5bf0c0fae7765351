//! Which names and statements are legal here? What the generator remembers about the blocks it is inside of.
//!
//! It only keeps what it takes to stay clear of errors, and errs on the side of caution: a name counts as seen in a block as
//! soon as it was written anywhere inside it. It is not a model of scoping.

use std::collections::BTreeSet;

/// The kind of a block, as far as legality depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Block {
    Module,
    Class,
    Function {
        /// `async def`.
        is_async: bool,
        /// May contain `yield`; then an asynchronous function may not return a value.
        yields: bool,
    },
    Lambda,
    Comprehension {
        /// `await` and `async for` are legal in it.
        may_wait: bool,
    },
    /// Annotation, alias value, type parameters, bound, default: no walrus, `yield` or `await`.
    Annotation {
        /// It stands directly in a class.
        in_class: bool,
    },
}

/// One open block.
#[derive(Clone, Debug)]
pub(super) struct Scope {
    pub(super) block: Block,
    /// The class whose private names are mangled here, without leading underscores; empty where nothing is mangled.
    pub(super) private_class: String,
    /// Names written anywhere in the block so far.
    pub(super) seen: BTreeSet<String>,
    /// Names the block binds: variables, parameters, iteration variables, type parameters.
    pub(super) bound: BTreeSet<String>,
    /// Names declared `global` or `nonlocal`.
    pub(super) declared: BTreeSet<String>,
    /// `break` and `continue` are legal.
    pub(super) in_loop: bool,
    /// Inside `except*`, where `return` is not legal.
    pub(super) in_except_star: bool,
    /// Inside a `try` statement, where lazy imports are not legal.
    pub(super) in_try: bool,
}

impl Scope {
    pub(super) fn new(block: Block, private_class: &str) -> Self {
        Self {
            block,
            private_class: private_class.to_owned(),
            seen: BTreeSet::new(),
            bound: BTreeSet::new(),
            declared: BTreeSet::new(),
            in_loop: false,
            in_except_star: false,
            in_try: false,
        }
    }
}

/// The identifier Python makes of a name written in a class: normalised, and mangled if private.
pub(super) fn identifier(name: &str, private_class: &str) -> String {
    let normal: String = name.chars().map(normalised).collect::<String>().replace('\u{fb01}', "fi");
    let is_private = normal.starts_with("__") && !normal.ends_with("__");
    if is_private && !private_class.is_empty() { format!("_{private_class}{normal}") } else { normal }
}

/// NFKC of the few characters among the generator's names that it changes into one other character.
fn normalised(character: char) -> char {
    match character {
        '\u{aa}' => 'a',
        '\u{b5}' => '\u{3bc}',
        '\u{ff58}' => 'x',
        '\u{ff50}' => 'p',
        '\u{ff23}' => 'C',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::identifier;

    #[test]
    fn private_names_are_mangled_after_normalisation() {
        assert_eq!(identifier("__\u{ff50}", "C"), "_C__p");
        assert_eq!(identifier("__p", ""), "__p");
        assert_eq!(identifier("__x__", "C"), "__x__");
        assert_eq!(identifier("\u{fb01}", "C"), "fi");
    }
}
