//! Architecture contracts: what may import what.
//!
//! [`config`] finds and reads contracts (of legb, of import-linter, of tach), [`project()`] turns the import graph of a project into
//! what contracts ask about, [`check()`] holds the one against the other, [`baseline`] lets known violations pass, and
//! [`breaches()`] are the places that the checker reports. Nothing here prints, and nothing runs the code that it looks at.

pub mod baseline;
mod broken;
mod chains;
mod check;
pub mod config;
pub mod contract;
mod exports;
pub mod expression;
pub mod imports;
mod nearest;
mod project;
pub mod report;
pub mod verdict;

pub use broken::{Breach, RelatedImport, breaches};
pub use check::{Exports, ExportsOf, check};
pub use config::Config;
pub use contract::{Complaint, Contract, Place};
pub use exports::exports_of;
pub use project::{named_imports, project};
pub use verdict::{Chain, Link, Outcome, Verdict, Violation};
