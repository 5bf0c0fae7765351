//! Questions asked of a whole project: what do its modules hold, what does it depend on, what does a package expose?
//!
//! [`outline()`] describes one file: what it defines, imports and lists as public, and what happens while it is imported.
//! [`report()`] puts the files of a project together, [`Exports`] follows names from module to module, and [`api`] says what a
//! package exposes. [`definition`] follows a name from any file to the line that defines it, [`writes`] finds who writes into a
//! module from outside, and [`across`] adds both to the explanation of a name. [`entry_points()`] and [`dependencies`] read what the project's own files say of it.

pub mod across;
pub mod api;
pub mod definition;
pub mod dependencies;
pub mod effects;
pub mod entry_points;
pub mod exports;
pub mod module_names;
pub mod occurrences;
pub mod outline;
pub mod rename;
pub mod report;
pub mod writes;

pub use effects::{Effect, EffectKind};
pub use entry_points::{EntryPoint, entry_points};
pub use exports::Exports;
pub use outline::{Outline, WrittenImport, outline};
pub use report::{Described, ModuleReport, report};
