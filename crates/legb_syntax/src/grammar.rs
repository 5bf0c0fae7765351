//! What do CPython's tokenizer and parser say first about a text?

use legb_base::{Dialect, Span};

use crate::depth::Depth;
use crate::dialect::SyntaxDialect;
use crate::error::{CompileError, ErrorPosition, Place, Stage};

/// The first error of the tokenizer or parser of a version of CPython in `source`, which has no byte order mark.
pub(crate) fn first_error(source: &[u8], _dialect: &Dialect) -> Option<CompileError> {
    let text = String::from_utf8_lossy(source);
    let parsed = ruff_python_parser::parse_unchecked_source(&text, ruff_python_ast::PySourceType::Python);
    let first = parsed.errors().first()?;
    let span = Span::new(first.location.start().to_u32(), first.location.end().to_u32());
    Some(CompileError {
        stage: Stage::Parser,
        exception: "SyntaxError",
        message: "invalid syntax".to_owned(),
        span,
        place: Place::Bytes { shift: 0, end: true },
    })
}

/// What CPython says of an expression that nests too deeply for its compiler.
pub(crate) fn too_deep(depth: Depth, dialect: &Dialect) -> CompileError {
    let (exception, message) = match (depth.by_prefixes, SyntaxDialect::of(dialect).parser_overflow_has_text) {
        (false, _) => ("RecursionError", "maximum recursion depth exceeded during compilation"),
        (true, true) => ("MemoryError", "Parser stack overflowed - Python source too complex to parse"),
        (true, false) => ("MemoryError", ""),
    };
    CompileError {
        stage: Stage::Parser,
        exception,
        message: message.to_owned(),
        span: Span::at(depth.deepest),
        place: Place::Exact(ErrorPosition::default()),
    }
}
