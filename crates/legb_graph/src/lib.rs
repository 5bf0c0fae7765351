//! The modules of a project, and who imports whom.
//!
//! [`Project`] finds the files around some paths, and [`ModuleTable`] gives every file its dotted name. [`Resolver`] says which
//! module an import means, and [`ImportGraph`] holds who imports whom, through which lines, and [`When`]; [`Network`] reads it for
//! a whole project. [`View`] is the part of it that a question asks for, [`cycles()`] are its cycles, and [`count_imports()`] needs
//! no graph. The modules `digraph`, `components`, `reach`, `smallest_cycles` and `cut` know numbered nodes only.
//!
//! Which file an import would load from outside of the project is the question of `legb_resolve`; nothing here reads it.

pub mod components;
pub mod counts;
pub mod cut;
pub mod cycles;
pub mod digraph;
pub mod ease;
pub mod graph;
pub mod modules;
pub mod network;
pub mod project;
pub mod reach;
pub mod repair;
pub mod resolver;
pub mod smallest_cycles;
pub mod view;
pub mod when;

pub use counts::{ImportCounts, Imported, Origin, count_imports};
pub use cycles::{Asked, CutImport, Cycle, cycles};
pub use ease::Ease;
pub use graph::{EdgeId, Import, ImportGraph, ImportSite, imports_of};
pub use modules::{Module, ModuleId, ModuleKind, ModuleTable, nearest};
pub use network::Network;
pub use project::Project;
pub use repair::{Remedy, Repair, Trouble, repairs};
pub use resolver::{FileResolver, Resolver, Target};
pub use view::{Filter, Shape, View};
pub use when::When;
