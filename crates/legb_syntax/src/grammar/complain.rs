//! Errors of the parser: where they are and what they say.

use super::machine::{Halt, Machine};
use super::node::{NodeId, NodeKind};
use super::raised::{Raised, place, signed};
use super::rules::{Complaint, Piece, Place};
use super::source::characters;
use super::token::{Kind, Token};
use super::tokenizer::{Bracket, Stop};

/// A position as CPython's parser has it: a column in bytes, -1 where there is none.
type Raw = (usize, i64);

impl Machine<'_> {
    /// The error of an alternative that exists to complain.
    pub(super) fn complain(&mut self, complaint: &Complaint, captures: &[NodeId]) -> Result<Raised, Halt> {
        let message: String = complaint.pieces.iter().map(|piece| self.piece(piece, captures)).collect();
        let exception = if complaint.indentation { "IndentationError" } else { "SyntaxError" };
        Ok(match complaint.place {
            Place::Range(from, to) => self.raise_nodes(exception, &message, captures[from], captures[to]),
            Place::Onward(from) => {
                let token = self.tokens[self.nodes[captures[from]].first];
                let here = (self.tokenizer.line, self.here());
                self.raise(exception, &message, (token.line, column(token.column) + 1), Some(here))
            }
            Place::Behind(node) => {
                let node = self.nodes[captures[node]];
                let (first, last) = (self.tokens[node.first], self.tokens[node.last]);
                let from = (first.line, column(last.end_column));
                self.raise(exception, &message, from, Some((last.end_line, 0)))
            }
            Place::Last => self.raise_last(exception, &message),
            Place::Next => {
                let token = self.peek()?;
                if let Some(raised) = self.unexpected_end(&token) {
                    return Ok(raised);
                }
                self.raise_at_token(exception, &message, &token)
            }
        })
    }

    fn piece(&self, piece: &Piece, captures: &[NodeId]) -> String {
        match piece {
            Piece::Text(text) => text.clone(),
            Piece::Name(slot) => self.describe(captures[*slot]).to_owned(),
            Piece::Line(slot) => self.tokens[self.nodes[captures[*slot]].first].line.to_string(),
            Piece::Source(slot) => String::from_utf8_lossy(self.source_of(captures[*slot])).into_owned(),
            Piece::Bound(slot) if self.nodes[captures[*slot]].kind == NodeKind::Tuple => "constraints".to_owned(),
            Piece::Bound(_) => "bound".to_owned(),
        }
    }

    pub(super) fn describe(&self, node: NodeId) -> &'static str {
        self.nodes[node].kind.described(self.dialect.operators_are_expressions)
    }

    /// An error that covers two nodes and what is between them.
    pub(super) fn raise_nodes(&self, exception: &'static str, message: &str, from: NodeId, to: NodeId) -> Raised {
        let (first, last) = (self.tokens[self.nodes[from].first], self.tokens[self.nodes[to].last]);
        self.raise_tokens(exception, message, &first, &last)
    }

    pub(super) fn raise_tokens(&self, exception: &'static str, message: &str, first: &Token, last: &Token) -> Raised {
        let end = (last.end_line, column(last.end_column) + 1);
        self.raise(exception, message, (first.line, column(first.column) + 1), Some(end))
    }

    /// An error at the last token that was read.
    pub(super) fn raise_last(&self, exception: &'static str, message: &str) -> Raised {
        let Some(token) = self.tokens.last() else { return Raised::unplaced(exception, message, (1, 0)) };
        if self.dialect.checks_tree_at_end && token.column.is_none() {
            return self.raise_cursor(exception, message);
        }
        if let Some(raised) = self.unexpected_end(token) {
            return raised;
        }
        self.raise_at_token(exception, message, token)
    }

    fn raise_at_token(&self, exception: &'static str, message: &str, token: &Token) -> Raised {
        let from = match token.column {
            Some(column) => signed(column) + 1,
            None => self.here(),
        };
        let end = token.end_column.map_or(-1, |column| signed(column) + 1);
        self.raise(exception, message, (token.line, from), Some((token.end_line, end)))
    }

    /// Where the file ends too soon, that is what is said, whatever else is wrong.
    fn unexpected_end(&self, token: &Token) -> Option<Raised> {
        let ends = token.kind == Kind::ERROR && self.tokenizer.at_end && self.dialect.errors_have_ends;
        if !ends {
            return None;
        }
        Some(match self.tokenizer.brackets.last() {
            Some(bracket) => self.never_closed(*bracket),
            None => self.raise_at_token("SyntaxError", "unexpected EOF while parsing", token),
        })
    }

    pub(super) fn never_closed(&self, bracket: Bracket) -> Raised {
        let message = format!("'{}' was never closed", char::from(bracket.byte));
        self.raise("SyntaxError", &message, (bracket.line, signed(bracket.column) + 1), Some((bracket.line, 0)))
    }

    /// What the parser says when the tokenizer gives up.
    pub(super) fn tokenizer_error(&mut self, stop: Stop) -> Raised {
        let line = self.tokenizer.line;
        match stop {
            Stop::Raised(raised) => *raised,
            Stop::Eof => match self.tokenizer.brackets.last() {
                Some(bracket) if self.dialect.errors_have_ends => self.never_closed(*bracket),
                _ => self.raise_cursor("SyntaxError", "unexpected EOF while parsing"),
            },
            Stop::Dedent => {
                self.raise_cursor("IndentationError", "unindent does not match any outer indentation level")
            }
            Stop::TabSpace => {
                let message = "inconsistent use of tabs and spaces in indentation";
                self.raise_line("TabError", message, line, 0)
            }
            Stop::TooDeep => self.raise_line("IndentationError", "too many levels of indentation", line, 0),
            Stop::LineContinuation => {
                let column = signed(self.tokenizer.cursor - self.tokenizer.buffer_start) - 1;
                let message = "unexpected character after line continuation character";
                self.raise_line("SyntaxError", message, line, column)
            }
            Stop::Identifier => self.raise_cursor("SyntaxError", "invalid character in identifier"),
            Stop::OpenString { triple: true } => {
                self.raise_cursor("SyntaxError", "EOF while scanning triple-quoted string literal")
            }
            Stop::OpenString { triple: false } => self.raise_cursor("SyntaxError", "EOL while scanning string literal"),
            Stop::Undecodable(error) => self.raise_cursor("SyntaxError", &format!("(unicode error) {error}")),
        }
    }

    /// An error where the tokenizer is.
    pub(super) fn raise_cursor(&self, exception: &'static str, message: &str) -> Raised {
        let line = self.tokenizer.line;
        let mut raised = self.raise(exception, message, (line, self.here()), Some((line, -1)));
        if self.dialect.checks_tree_at_end {
            // All that was read since the start of the token counts, over line ends too.
            let read = &self.source.bytes[self.tokenizer.buffer_start..self.tokenizer.cursor];
            raised.at.offset = Some(signed(characters(read)));
        }
        raised
    }

    fn raise_line(&self, exception: &'static str, message: &str, line: usize, column: i64) -> Raised {
        self.raise(exception, message, (line, column + 1), Some((line, 0)))
    }

    /// Where the tokenizer is, as a column.
    fn here(&self) -> i64 {
        let start = if self.dialect.errors_have_ends { self.tokenizer.line_start } else { self.tokenizer.buffer_start };
        signed(self.tokenizer.cursor - start)
    }

    /// Raises at columns from 1 in bytes.
    fn raise(&self, exception: &'static str, message: &str, from: Raw, to: Option<Raw>) -> Raised {
        let start = (from.0, usize::try_from(from.1 - 1).unwrap_or(0));
        let end = to
            .filter(|(_, column)| *column > 0)
            .map_or((start.0, start.1 + 1), |(line, column)| (line, usize::try_from(column - 1).unwrap_or(0)));
        let end_place = to.filter(|_| self.dialect.errors_have_ends);
        Raised {
            exception,
            message: format!("{}{message}", self.prefix),
            at: place(from.0, self.offset(from), end_place.map(|end| (end.0, self.offset((from.0, end.1))))),
            span: (start, end),
        }
    }

    /// The column as the version counts it: in characters or in bytes.
    fn offset(&self, (line, column): Raw) -> i64 {
        match usize::try_from(column) {
            // Both ends are counted in the line of the start, which has its line ending only while it is the last one read.
            Ok(column) if self.dialect.checks_tree_at_end => signed(self.source.characters(line, column, 2)),
            Ok(column) if self.dialect.columns_are_characters => {
                let behind = if self.tokenizer.line <= line { 2 } else { 1 };
                signed(self.source.decoded_characters(line, column, behind))
            }
            _ => column,
        }
    }
}

fn column(column: Option<usize>) -> i64 {
    column.map_or(-1, signed)
}
