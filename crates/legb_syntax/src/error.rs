//! What CPython says when a file does not compile, and where it says it is.

use legb_base::Span;

use crate::lines::LineIndex;

/// Which part of CPython refuses the file. Earlier stages speak first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// The bytes are no text in the declared encoding.
    Decode,
    /// Tokenizer or grammar.
    Parser,
    /// The symbol table passes (`Python/symtable.c`), which `symtable.symtable()` runs too.
    Symtable,
    /// Code generation (`Python/compile.c`), which only `compile()` reaches.
    Compile,
}

/// How the `lineno`, `offset`, `end_lineno` and `end_offset` attributes follow from the span of an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Offsets are UTF-8 byte columns: `offset` is `1 + shift + column`; the end is given from 3.10 on.
    Bytes {
        /// Added to the usual column from 1: -1 where CPython forgets to count from 1.
        shift: i8,
        /// Whether the end position is given.
        end: bool,
    },
    /// A start only, and perhaps the line of it as the last line.
    Start {
        /// Added to the usual column from 1.
        shift: i8,
        /// Whether the last line is given.
        end_line: bool,
    },
    /// Given outright, because CPython counts it in a way of its own.
    Exact(ErrorPosition),
}

/// The position attributes of a `SyntaxError`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ErrorPosition {
    /// Line from 1 (CPython itself gives 0 at times).
    pub lineno: Option<u32>,
    /// Column as CPython gives it.
    pub offset: Option<i64>,
    /// Last line.
    pub end_lineno: Option<u32>,
    /// Column just behind the end.
    pub end_offset: Option<i64>,
}

/// An exception that `compile()` raises for a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompileError {
    /// Who raises it.
    pub stage: Stage,
    /// Name of the exception type.
    pub exception: &'static str,
    /// Its message (`str(e)` without the position; `e.msg` of a `SyntaxError`).
    pub message: String,
    /// The place in the decoded text.
    pub span: Span,
    /// How CPython gives the place.
    pub place: Place,
}

impl CompileError {
    /// The position attributes as CPython sets them.
    pub fn position(&self, lines: &LineIndex) -> ErrorPosition {
        match self.place {
            Place::Exact(position) => position,
            Place::Start { shift, end_line } => ErrorPosition {
                lineno: Some(lines.line(self.span.start)),
                offset: Some(i64::from(lines.byte_column(self.span.start)) + 1 + i64::from(shift)),
                end_lineno: end_line.then(|| lines.line(self.span.start)),
                end_offset: None,
            },
            Place::Bytes { shift, end } => ErrorPosition {
                lineno: Some(lines.line(self.span.start)),
                offset: Some(i64::from(lines.byte_column(self.span.start)) + 1 + i64::from(shift)),
                end_lineno: end.then(|| lines.line(self.span.end)),
                end_offset: end.then(|| i64::from(lines.byte_column(self.span.end)) + 1),
            },
        }
    }
}
