//! From bytes to a syntax tree: decoding, parsing, line index, and what CPython says of broken source. Also JSON with places.

pub mod annotation_texts;
pub mod decode;
pub mod error;
pub mod grammar;
pub mod import_scan;
pub mod imports;
pub mod json;
pub mod lines;
pub mod parse;

mod depth;
mod dialect;
mod suspect;

pub use error::{CompileError, ErrorPosition, Place, Stage};
pub use lines::LineIndex;
pub use parse::{Parsed, SourceKind, parse};
pub use ruff_python_ast as ast;
pub use ruff_text_size::{Ranged, TextRange, TextSize};
