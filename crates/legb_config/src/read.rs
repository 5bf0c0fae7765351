//! From the text of a file to values with places. JSON and TOML say the same things; which one a file is, its name tells.

mod json;
mod toml_text;

use std::path::Path;
use std::sync::Arc;

use legb_syntax::LineIndex;

use crate::error::ConfigError;
use crate::value::{Place, Source, Value};

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Syntax {
    /// JSON (RFC 8259).
    Json,
    /// TOML 1.0.
    Toml,
}

impl Syntax {
    /// By the end of the name: `.json` is JSON, everything else TOML.
    pub fn of(path: &Path) -> Self {
        let is_json = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
        if is_json { Self::Json } else { Self::Toml }
    }
}

/// Reads a text. The error tells what is wrong with it, and where.
pub fn read(text: &str, syntax: Syntax, source: &Arc<Source>) -> Result<Value, ConfigError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let places = Places { text, lines: LineIndex::new(text), source };
    match syntax {
        Syntax::Json => json::read(&places),
        Syntax::Toml => toml_text::read(&places),
    }
}

/// From byte offsets of a text to places.
struct Places<'a> {
    text: &'a str,
    lines: LineIndex,
    source: &'a Arc<Source>,
}

impl Places<'_> {
    fn at(&self, offset: usize) -> Place {
        let offset = u32::try_from(offset.min(self.text.len())).unwrap_or(u32::MAX);
        let at = self.lines.line_column(offset, self.text);
        Place { source: Arc::clone(self.source), line: at.line, column: at.column }
    }
}
