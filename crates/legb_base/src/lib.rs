//! Words that every other crate speaks: ids, names, spans, diagnostics, Python versions and what differs between them.
//!
//! Nothing here reads a file or knows a parser. The list of modules is closed: a thing that has no home elsewhere needs
//! a new crate or a new place in an old one, not a drawer here.

pub mod diagnostic;
pub mod dialect;
pub mod fix;
pub mod index;
pub mod invalid_toml;
pub mod name;
pub mod span;
pub mod version;

pub use diagnostic::{Certainty, Diagnostic, Finding, LineExcerpt, Related, RelatedFinding, RuleId, Severity};
pub use dialect::Dialect;
pub use fix::{Applicability, Edit, Fix, LocatedFix};
pub use invalid_toml::invalid_toml;
pub use name::{NameId, NameList, NameTable};
pub use span::{LineColumn, LineRange, Span};
pub use version::PyVersion;
