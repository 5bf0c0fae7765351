//! Which syntax may a program use, so that the parser of one version accepts it?
//!
//! [`Dialect`] says what a version *means*; this adds the few facts about what it *parses* that only a generator needs.

use legb_base::{Dialect, PyVersion};

/// What the parser of one version accepts, beside what its dialect says.
#[derive(Clone, Copy, Debug)]
pub(super) struct Grammar {
    pub(super) dialect: Dialect,
    /// Any expression may decorate (PEP 614, 3.9); before, a dotted name with an optional call.
    pub(super) any_decorator: bool,
    /// `for x in *a, b:` (the PEG parser, 3.9).
    pub(super) starred_iterable: bool,
    /// `with (a as b, c):` (documented from 3.10).
    pub(super) parenthesized_with: bool,
    /// `a[*b]` and `*args: *Ts` (PEP 646, 3.11).
    pub(super) starred_index: bool,
    /// f-strings may reuse their own quotes inside (PEP 701, 3.12).
    pub(super) reused_quotes: bool,
    /// `t"…"` (PEP 750, 3.14).
    pub(super) template_strings: bool,
    /// `except A, B:` (PEP 758, 3.14).
    pub(super) bare_exception_list: bool,
}

impl Grammar {
    pub(super) fn of(dialect: &Dialect) -> Self {
        let since = |minor| PyVersion::from_minor(minor).is_some_and(|version| dialect.version >= version);
        Self {
            dialect: *dialect,
            any_decorator: since(9),
            starred_iterable: since(9),
            parenthesized_with: since(10),
            starred_index: since(11),
            reused_quotes: since(12),
            template_strings: since(14),
            bare_exception_list: since(14),
        }
    }
}
