//! `print` and `exec` as statements: up to 3.9, every syntax error on a line that starts so is said to be one of missing
//! parentheses.

use super::raised::Raised;
use super::source::Source;
use crate::dialect::SyntaxDialect;

/// The error with the message that its line calls for.
pub(super) fn with_statement_named(raised: Raised, source: &Source<'_>, dialect: &SyntaxDialect) -> Raised {
    let line = raised.at.lineno.filter(|_| dialect.blames_legacy_statements && raised.exception == "SyntaxError");
    let Some(line) = line.and_then(|line| usize::try_from(line).ok()) else { return raised };
    let text = String::from_utf8_lossy(source.line(line));
    match message(&text) {
        Some(message) => Raised { message, ..raised },
        None => raised,
    }
}

fn message(text: &str) -> Option<String> {
    if text.contains('(') {
        return None;
    }
    statement(text).or_else(|| statement(text.split_once(':')?.1))
}

fn statement(text: &str) -> Option<String> {
    let text = text.trim_start();
    if text.starts_with("exec ") {
        return Some("Missing parentheses in call to 'exec'".to_owned());
    }
    let arguments = text.strip_prefix("print ")?;
    let arguments = arguments.split(';').next().unwrap_or(arguments).trim_matches([' ', '\t', '\r', '\n']);
    let end = if arguments.ends_with(',') { " end=\" \"" } else { "" };
    Some(format!("Missing parentheses in call to 'print'. Did you mean print({arguments}{end})?"))
}
