//! Finds the files of a project, reads them and hands each to a worker.
//!
//! [`discover()`] turns the paths of the command line into a sorted list of files, [`target`] says which Python they are
//! meant for, [`load()`] reads them in parallel and calls a worker for each, and [`locate()`] turns what the worker found into
//! findings that no longer need the source. What goes wrong on the way is a [`Problem`]; the rest of the run goes on.

pub mod discover;
pub mod exclude;
pub mod file_imports;
pub mod load;
pub mod locate;
mod panic;
pub mod problem;
pub mod specifier;
pub mod target;

pub use discover::{Discovered, Discovery, SourceFile, discover};
pub use exclude::{DEFAULT_EXCLUDES, Exclusion};
pub use file_imports::{FileImports, ImportRow, ImportScratch, Reading, file_imports};
pub use load::{Outcome, STACK_SIZE, load, thread_count};
pub use locate::{Excerpts, internal_error, locate, locate_related};
pub use panic::Panic;
pub use problem::{Gravity, Problem};
pub use target::{Target, TargetOrigin, default_target};
