//! The colours of the text formats.
//!
//! Formats always write them; the stream they write to drops them where they are not wanted.

use annotate_snippets::renderer::DEFAULT_TERM_WIDTH;
use anstyle::{AnsiColor, Style};
use legb_base::Severity;

/// Columns that text is fitted to.
pub const WIDTH: usize = DEFAULT_TERM_WIDTH;
/// Paths and what should stand out.
pub const EMPHASIS: Style = Style::new().bold();
/// What may be overlooked.
pub const DIM: Style = Style::new().dimmed();
/// The code of a rule.
pub const CODE: Style = AnsiColor::BrightRed.on_default().bold();
/// All is well.
pub const GOOD: Style = AnsiColor::Green.on_default().bold();

/// The colour of a severity.
pub const fn severity(severity: Severity) -> Style {
    match severity {
        Severity::Error => AnsiColor::BrightRed.on_default().bold(),
        Severity::Warning => AnsiColor::Yellow.on_default().bold(),
        Severity::Info => AnsiColor::BrightBlue.on_default().bold(),
    }
}

/// The word for a severity.
pub const fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "info",
    }
}
