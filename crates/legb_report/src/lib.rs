//! Output formats for findings, one file each.
//!
//! A [`Report`] is plain data: what was found, in how many files, for which versions. A [`Format`] writes it. Nothing here
//! reads a file, and no format holds all of its output in memory.

pub mod fingerprint;
pub mod formats;
pub mod report;
pub mod statistics;
pub mod style;
pub mod versions;

pub use formats::{FORMATS, Format};
pub use report::{Counts, Entry, Report, add, merge};
pub use versions::VersionSet;
