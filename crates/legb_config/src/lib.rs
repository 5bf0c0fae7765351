//! Settings in layers: found, checked, merged, and every value with the place that it came from.
//!
//! The layers, from the lowest to the highest: built in, the user's file, files that another one `extends`, the project's
//! file, the file of an environment, variables `LEGB_*`, options of the command line. [`load`] reads them ([`layers`]), checks
//! each ([`check`]) against the one list of settings ([`keys`]), folds them into one table ([`fold`], [`merge`]) and types it
//! ([`settings`]). [`explain`] tells why a setting has its value.
//!
//! What is not here: what settings do, and printing.

mod check;
mod error;
mod explain;
mod fold;
pub mod keys;
pub mod layers;
mod merge;
pub mod migrate;
mod read;
mod schema;
mod settings;
mod template;
mod value;
mod write;

pub use check::quoted;
pub use error::{ConfigError, ConfigErrors};
pub use explain::{Effect, Explanation, Step, explain};
pub use fold::{Leaf, Merged, fold, places};
pub use layers::{CommandLine, ENVIRONMENT_VARIABLE, Layer, Layers, Request};
pub use merge::{KindChange, Lists, Null, Rules, merge};
pub use read::{Syntax, read};
pub use schema::{schema, schema_text};
pub use settings::{Loaded, LogSettings, PerFileIgnore, Set, Settings, load};
pub use template::{reference, template};
pub use value::{Data, Entry, LayerKind, Place, Source, Table, Value};
pub use write::{assignment, to_json, to_json_text, to_toml, to_toml_document};
