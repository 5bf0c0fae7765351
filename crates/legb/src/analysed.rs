//! One file, analysed for one version, for the commands that look at a file as a whole.

use legb_base::{Dialect, PyVersion};
use legb_project::SourceFile;
use legb_scope::Analyzer;
use legb_scope::explain::Source;
use legb_syntax::decode::decode;
use legb_syntax::{CompileError, LineIndex, parse};

/// Calls `look` with the file, and with what the version refuses in it: its text and tree are there all the same.
///
/// The error is of bytes that are no text.
pub(crate) fn analysed<R>(
    file: &SourceFile,
    bytes: &[u8],
    version: PyVersion,
    look: impl FnOnce(&Source<'_>, Option<&CompileError>) -> R,
) -> Result<R, CompileError> {
    let dialect = Dialect::of(version);
    let text = decode(bytes, &dialect)?;
    let parsed = parse(&text, file.kind(), &dialect);
    let lines = LineIndex::new(&text);
    let grammar = parsed.grammar_error(&text, &dialect);
    let mut analyzer = Analyzer::default();
    let facts = analyzer.analyze(&parsed, &text, &dialect, file.kind());
    let path = file.shown();
    let source = Source { path: &path, text: &text, lines: &lines, parsed: &parsed, facts, dialect: &dialect };
    Ok(look(&source, grammar.as_ref().or(facts.errors.first())))
}

/// `path:3: SyntaxError: …`, as far as the error has a line.
pub(crate) fn refusal(path: &str, error: &CompileError, lines: Option<&LineIndex>) -> String {
    let line = lines.and_then(|lines| error.position(lines).lineno);
    let place = line.map(|line| format!(":{line}")).unwrap_or_default();
    format!("{path}{place}: {}: {}", error.exception, error.message)
}
