//! Which file would an import load? The answer of `importlib`, read off the disk without running anything.
//!
//! [`ImportRoots`] are the folders of a project that its imports start from, [`Environment`] is `sys.path` and what else
//! decides, and [`Finder`] answers, with every step if asked. What depends on code that only running could tell is
//! [`Kind::Unknown`] with its reason.
//!
//! No file of a project is parsed here, and nothing is imported.

pub mod answer;
mod archive;
mod backend;
pub mod editable;
pub mod environment;
pub mod finder;
pub mod fs;
pub mod interpreter;
mod literal;
pub mod mutation;
pub mod name;
pub mod platform;
pub mod roots;
mod site;
pub mod stdlib;
pub mod stdlib_imports;
pub mod stdlib_names;
pub mod story;

pub use answer::{Kind, Resolution, Step, Trace, Why};
pub use environment::{Environment, EnvironmentProblem, Origin, PathEntry, Settings, Start, Unknowable};
pub use finder::{Finder, folder_of};
pub use fs::{FileSystem, MemoryFs, RealFs};
pub use interpreter::Installation;
pub use name::{BadName, RelativeError, resolve_relative};
pub use platform::{Platform, Suffixes};
pub use roots::{ImportRoot, ImportRoots, ModuleName, RootOrigin};
