//! **Output**: records as a table, JSON or CSV; what they come to as a summary, counts, or a histogram.

pub mod counts;
pub mod csv;
pub mod histogram;
pub mod html;
pub mod json;
pub mod series;
pub mod summary;
mod summary_json;
mod summary_text;
pub mod table;

pub use summary_json::{ReasonOf, summary_json};
pub use summary_text::{NoteOf, described, summary_text};
