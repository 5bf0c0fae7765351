//! Independence: no module of a list imports another of it, by whatever chain.

use super::layers::{broken_between, one_independent_level};
use super::{Found, Subject};
use crate::contract::Independence;

pub(super) fn check(subject: &mut Subject<'_>, independence: &Independence) -> Found {
    let modules = subject.all_modules(&independence.modules)?;
    broken_between(subject, &one_independent_level(modules))
}
