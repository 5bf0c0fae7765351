//! The list of output formats.

mod concise;
mod csv;
mod github;
mod gitlab;
mod grouped;
mod json;
mod jsonl;
mod junit;
mod markdown;
mod sarif;
mod summary;
mod text;

use std::fmt::Debug;
use std::io::{self, Write};

use crate::report::Report;

/// A way to write a report.
pub trait Format: Debug + Sync {
    /// The name it is chosen by.
    fn name(&self) -> &'static str;
    /// What it is, in a few words.
    fn help(&self) -> &'static str;
    /// Whether it shows source lines, so that findings must carry them.
    fn shows_source(&self) -> bool;
    /// Whether it is for programs, so that nothing but data may be written.
    fn is_data(&self) -> bool;
    /// Writes the whole report.
    fn write(&self, report: &Report<'_>, out: &mut dyn Write) -> io::Result<()>;
}

/// Every format; the first is the default.
pub static FORMATS: [&dyn Format; 11] = [
    &text::Text,
    &concise::Concise,
    &grouped::Grouped,
    &json::Json,
    &jsonl::JsonLines,
    &sarif::Sarif,
    &github::GitHub,
    &gitlab::GitLab,
    &junit::JUnit,
    &csv::Csv,
    &markdown::Markdown,
];
