//! Values as text: `repr`, `str`, `format`, `%`.

mod format;
mod percent;
mod quote;
mod repr;

pub(crate) use repr::ADDRESS;
