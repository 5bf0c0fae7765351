//! An exception that the tokenizer or the parser raises, with the place CPython gives it.

use crate::error::{CompileError, ErrorPosition, Place, Stage};

use super::source::Source;

/// A line (from 1) and a column in bytes (from 0).
pub(super) type Position = (usize, usize);

/// An exception, complete.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Raised {
    pub(super) exception: &'static str,
    pub(super) message: String,
    /// The attributes of the exception.
    pub(super) at: ErrorPosition,
    /// What the error is about.
    pub(super) span: (Position, Position),
}

impl Raised {
    pub(super) fn into_error(self, source: &Source<'_>) -> CompileError {
        CompileError {
            stage: Stage::Parser,
            exception: self.exception,
            message: self.message,
            span: source.span(self.span.0, self.span.1),
            place: Place::Exact(self.at),
        }
    }

    /// An exception without a place.
    pub(super) fn unplaced(exception: &'static str, message: impl Into<String>, near: Position) -> Self {
        Self { exception, message: message.into(), at: ErrorPosition::default(), span: (near, near) }
    }
}

/// The attributes from numbers as CPython computes them.
pub(super) fn place(line: usize, offset: i64, end: Option<(usize, i64)>) -> ErrorPosition {
    let line_number = |line| u32::try_from(line).unwrap_or(u32::MAX);
    ErrorPosition {
        lineno: Some(line_number(line)),
        offset: Some(offset),
        end_lineno: end.map(|(line, _)| line_number(line)),
        end_offset: end.map(|(_, offset)| offset),
    }
}

/// A column as a signed number.
pub(super) fn signed(column: usize) -> i64 {
    i64::try_from(column).unwrap_or(i64::MAX)
}
