//! CPython's tokenizer, with its errors.
//!
//! It is run only over files that do not compile. The states and their order are CPython's, because they decide which error
//! comes first and where it is; what differs by version is asked of [`SyntaxDialect`].

mod interpolated;
mod number;
mod string;

use std::collections::VecDeque;

use super::raised::{Raised, place, signed};
use super::source::{Source, characters};
use super::token::{Kind, LITERALS, OPERATORS, Token};
use crate::dialect::SyntaxDialect;

use interpolated::Mode;

/// Deepest nesting of brackets and of indentation that CPython's tokenizer allows.
const MAX_BRACKETS: usize = 200;
const MAX_INDENTS: usize = 100;

/// Why there is no further token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// The file ends inside brackets or behind a backslash.
    Eof,
    /// Indentation that matches no outer block.
    Dedent,
    /// Tabs and spaces mixed.
    TabSpace,
    /// Too many levels of indentation.
    TooDeep,
    /// Something behind a backslash.
    LineContinuation,
    /// A character that no identifier may have (3.8).
    Identifier,
    /// A string without an end: a triple-quoted one, or not (up to 3.9).
    OpenString { triple: bool },
    /// An identifier that is no UTF-8; the text of the `UnicodeDecodeError`.
    Undecodable(String),
    /// The tokenizer raises the error itself.
    Raised(Box<Raised>),
}

/// An open bracket.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bracket {
    pub(super) byte: u8,
    pub(super) line: usize,
    pub(super) column: usize,
}

/// Where one line of indentation stands, with tabs of eight columns and of one.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Indent {
    column: usize,
    alternative: usize,
}

pub(super) struct Tokenizer<'s> {
    bytes: &'s [u8],
    dialect: &'s SyntaxDialect,
    /// `<>` and `!=` change places.
    barry_as_flufl: bool,
    /// The next byte.
    pub(super) cursor: usize,
    /// Behind the current line.
    line_end: usize,
    pub(super) line: usize,
    pub(super) line_start: usize,
    /// Start of the line in which the current token starts.
    pub(super) buffer_start: usize,
    /// Start of the current token, once it is known.
    start: Option<usize>,
    /// Line and start of line of the string being read.
    first_line: usize,
    multi_line_start: usize,
    pub(super) brackets: Vec<Bracket>,
    indents: Vec<Indent>,
    pending: VecDeque<Kind>,
    at_line_start: bool,
    pub(super) at_end: bool,
    failure: Option<Stop>,
    modes: Vec<Mode>,
}

impl<'s> Tokenizer<'s> {
    pub(super) fn new(source: &'s Source<'s>, dialect: &'s SyntaxDialect) -> Self {
        Self {
            bytes: &source.bytes,
            dialect,
            barry_as_flufl: source.barry_as_flufl && dialect.barry_as_flufl_is_known,
            cursor: 0,
            line_end: 0,
            line: source.first_line - 1,
            line_start: 0,
            buffer_start: 0,
            start: None,
            first_line: 0,
            multi_line_start: 0,
            brackets: Vec::new(),
            indents: vec![Indent::default()],
            pending: VecDeque::new(),
            at_line_start: true,
            at_end: false,
            failure: None,
            modes: vec![Mode::regular()],
        }
    }

    /// The next token, or an error token with the reason.
    pub(super) fn next(&mut self) -> Result<Token, (Token, Stop)> {
        let result = if self.mode().is_literal { self.literal_part() } else { self.regular() };
        result.map_err(|stop| {
            let at = self.cursor;
            (self.token(Kind::ERROR, None, at), stop)
        })
    }

    /// The next byte; `None` at the end and where the file cannot be read on.
    fn next_byte(&mut self) -> Option<u8> {
        if self.cursor == self.line_end && !self.read_line() {
            return None;
        }
        self.cursor += 1;
        Some(self.bytes[self.cursor - 1])
    }

    fn read_line(&mut self) -> bool {
        if self.at_end || self.failure.is_some() {
            return false;
        }
        if self.line_end == self.bytes.len() {
            self.at_end = true;
            return false;
        }
        if self.start.is_none() {
            self.buffer_start = self.cursor;
        }
        self.line_start = self.cursor;
        self.line += 1;
        let rest = &self.bytes[self.cursor..];
        self.line_end = self.cursor + memchr::memchr(b'\n', rest).map_or(rest.len(), |at| at + 1);
        if self.dialect.lines_must_be_utf8 {
            let line = &self.bytes[self.line_start..self.line_end];
            if let Err(error) = std::str::from_utf8(line) {
                let bad = error.valid_up_to();
                let offset = signed(characters(&line[..=bad]));
                self.failure = Some(self.raise_at(
                    format!(
                        "Non-UTF-8 code starting with '\\x{:02x}' on line {}, but no encoding declared; \
                         see https://peps.python.org/pep-0263/ for details",
                        line[bad], self.line
                    ),
                    offset,
                    offset,
                ));
                return false;
            }
        }
        true
    }

    fn back_up(&mut self, byte: Option<u8>) {
        if byte.is_some() {
            self.cursor -= 1;
        }
    }

    fn peek(&mut self) -> Option<u8> {
        let byte = self.next_byte();
        self.back_up(byte);
        byte
    }

    /// The reason why there is no further byte.
    fn stopped(&mut self) -> Stop {
        self.failure.clone().unwrap_or(Stop::Eof)
    }

    fn token(&self, kind: Kind, start: Option<usize>, end: usize) -> Token {
        let is_string = matches!(
            kind,
            Kind::STRING
                | Kind::FSTRING_START
                | Kind::FSTRING_MIDDLE
                | Kind::FSTRING_END
                | Kind::TSTRING_START
                | Kind::TSTRING_MIDDLE
                | Kind::TSTRING_END
        );
        let (line, line_start) =
            if is_string { (self.first_line, self.multi_line_start) } else { (self.line, self.line_start) };
        let end_at = if self.dialect.tokens_end_at_cursor { self.cursor } else { end };
        Token {
            kind,
            start: start.unwrap_or(end),
            end,
            line,
            column: start.and_then(|start| start.checked_sub(line_start)),
            end_line: self.line,
            end_column: start.and_then(|_| end_at.checked_sub(self.line_start)),
            level: self.brackets.len(),
        }
    }

    /// A token from `self.start` to the cursor.
    fn token_here(&self, kind: Kind) -> Token {
        self.token(kind, self.start, self.cursor)
    }

    /// Raises at the cursor.
    fn raise(&self, message: impl Into<String>) -> Stop {
        let offset = signed(characters(&self.bytes[self.line_start..self.cursor]));
        self.raise_at(message, offset, offset)
    }

    /// Raises for columns of the current line, counted from 1 in bytes.
    fn raise_range(&self, message: impl Into<String>, from: usize, to: usize) -> Stop {
        let count = |column: usize| {
            let column = column.min(self.line_end - self.line_start);
            signed(characters(&self.bytes[self.line_start..self.line_start + column]))
        };
        self.raise_at(message, count(from - 1) + 1, count(to))
    }

    fn raise_at(&self, message: impl Into<String>, offset: i64, end: i64) -> Stop {
        let column = self.cursor.saturating_sub(self.line_start).saturating_sub(1);
        Stop::Raised(Box::new(Raised {
            exception: "SyntaxError",
            message: message.into(),
            at: place(self.line, offset, self.dialect.errors_have_ends.then_some((self.line, end))),
            span: ((self.line, column), (self.line, column + 1)),
        }))
    }

    fn mode(&mut self) -> &mut Mode {
        self.modes.last_mut().expect("invariant: the regular mode at the bottom is never popped")
    }

    fn regular(&mut self) -> Result<Token, Stop> {
        loop {
            self.start = None;
            let blank = self.indentation()?;
            self.start = Some(self.cursor);
            if let Some(kind) = self.pending.pop_front() {
                return Ok(self.token(kind, None, self.cursor));
            }
            if let Some(token) = self.in_line(blank)? {
                return Ok(token);
            }
        }
    }

    /// Reads the indentation of a line that starts here; tells whether the line has nothing but a comment.
    fn indentation(&mut self) -> Result<bool, Stop> {
        if !self.at_line_start {
            return Ok(false);
        }
        self.at_line_start = false;
        let mut here = Indent::default();
        let mut continued = 0;
        let byte = loop {
            match self.next_byte() {
                Some(b' ') => {
                    here.column += 1;
                    here.alternative += 1;
                }
                Some(b'\t') => {
                    here.column = (here.column / 8 + 1) * 8;
                    here.alternative += 1;
                }
                Some(b'\x0c') => here = Indent::default(),
                Some(b'\\') if self.dialect.continued_indentation => {
                    if continued == 0 {
                        continued = here.column;
                    }
                    self.continuation()?;
                }
                byte => break byte,
            }
        };
        self.back_up(byte);
        let backslash_is_blank = byte == Some(b'\\') && self.dialect.backslash_hides_indentation;
        if matches!(byte, Some(b'#' | b'\n')) || backslash_is_blank {
            return Ok(true);
        }
        if byte.is_none() && self.failure.is_some() {
            return Err(self.stopped());
        }
        if self.brackets.is_empty() {
            if continued > 0 {
                here = Indent { column: continued, alternative: continued };
            }
            self.indent_or_dedent(here)?;
        }
        Ok(false)
    }

    fn indent_or_dedent(&mut self, here: Indent) -> Result<(), Stop> {
        let mut current = self.indents.last().copied().unwrap_or_default();
        if here.column > current.column {
            if self.indents.len() >= MAX_INDENTS {
                self.cursor = self.line_end;
                return Err(Stop::TooDeep);
            }
            if here.alternative <= current.alternative {
                return Err(self.tab_space());
            }
            self.indents.push(here);
            self.pending.push_back(Kind::INDENT);
            return Ok(());
        }
        while here.column < current.column && self.indents.len() > 1 {
            self.indents.pop();
            self.pending.push_back(Kind::DEDENT);
            current = self.indents.last().copied().unwrap_or_default();
        }
        if here.column != current.column {
            self.cursor = self.line_end;
            return Err(Stop::Dedent);
        }
        if here.alternative != current.alternative {
            return Err(self.tab_space());
        }
        Ok(())
    }

    fn tab_space(&mut self) -> Stop {
        self.cursor = self.line_end;
        Stop::TabSpace
    }

    /// What follows a backslash must be the end of the line, and not that of the file.
    fn continuation(&mut self) -> Result<(), Stop> {
        if self.next_byte() != Some(b'\n') {
            if self.dialect.bad_continuation_ends_line {
                self.cursor = self.line_end;
            }
            return Err(Stop::LineContinuation);
        }
        let next = self.next_byte();
        if next.is_none() {
            self.cursor = self.line_end;
            return Err(self.stopped());
        }
        self.back_up(next);
        Ok(())
    }

    /// A token of the current line, or nothing at the end of a line that means nothing.
    fn in_line(&mut self, blank: bool) -> Result<Option<Token>, Stop> {
        loop {
            self.start = None;
            let mut byte = self.next_byte();
            while matches!(byte, Some(b' ' | b'\t' | b'\x0c')) {
                byte = self.next_byte();
            }
            self.start = Some(self.cursor.saturating_sub(1));
            if byte == Some(b'#') {
                while !matches!(byte, None | Some(b'\n')) {
                    byte = self.next_byte();
                }
            }
            let Some(byte) = byte else {
                let unclosed = !self.brackets.is_empty() && self.dialect.end_in_brackets_is_error;
                if unclosed || self.failure.is_some() {
                    return Err(self.stopped());
                }
                return Ok(Some(self.token(Kind::END_MARKER, None, self.cursor)));
            };
            return match byte {
                b'\n' => {
                    self.at_line_start = true;
                    if blank || !self.brackets.is_empty() {
                        return Ok(None);
                    }
                    Ok(Some(self.token(Kind::NEWLINE, self.start, self.cursor - 1)))
                }
                b'0'..=b'9' => self.number(byte).map(Some),
                b'.' => self.dot().map(Some),
                b'\'' | b'"' => self.string(byte).map(Some),
                b'\\' => {
                    self.continuation()?;
                    continue;
                }
                _ if is_identifier_start(byte) => self.name_or_string(byte).map(Some),
                _ => self.punctuation(byte).map(Some),
            };
        }
    }

    fn dot(&mut self) -> Result<Token, Stop> {
        let second = self.next_byte();
        if second.is_some_and(|byte| byte.is_ascii_digit()) {
            return self.fraction(second);
        }
        if second == Some(b'.') {
            let third = self.next_byte();
            if third == Some(b'.') {
                return Ok(self.token_here(literal("...")));
            }
            self.back_up(third);
        }
        self.back_up(second);
        Ok(self.token_here(literal(".")))
    }

    fn name_or_string(&mut self, first: u8) -> Result<Token, Stop> {
        let mut seen = Prefixes::default();
        let mut byte = Some(first);
        while let Some(letter) = byte
            && seen.take(letter, self.dialect)
        {
            byte = self.next_byte();
            if let Some(quote @ (b'\'' | b'"')) = byte {
                if let Some((one, other)) = seen.conflict() {
                    let from = self.start.unwrap_or(self.cursor) + 1 - self.line_start;
                    let message = format!("'{one}' and '{other}' prefixes are incompatible");
                    return Err(self.raise_range(message, from, self.cursor - self.line_start));
                }
                return match seen.interpolation(self.dialect) {
                    Some(kind) => self.interpolated_start(quote, kind, seen.raw),
                    None => self.string(quote),
                };
            }
        }
        let mut ascii = true;
        while let Some(part) = byte.filter(|&byte| is_identifier_byte(byte)) {
            ascii &= part.is_ascii();
            byte = self.next_byte();
        }
        self.back_up(byte);
        if !ascii {
            self.check_identifier()?;
        }
        let text = &self.bytes[self.start.unwrap_or(self.cursor)..self.cursor];
        let keyword = LITERALS[OPERATORS..].iter().find(|keyword| keyword.as_bytes() == text);
        let kind =
            keyword.filter(|keyword| self.dialect.is_keyword(keyword)).and_then(|keyword| Kind::literal(keyword));
        Ok(self.token_here(kind.unwrap_or(Kind::NAME)))
    }

    fn check_identifier(&mut self) -> Result<(), Stop> {
        let start = self.start.unwrap_or(self.cursor);
        let bytes = &self.bytes[start..self.cursor];
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => text,
            Err(_) if self.dialect.bad_identifiers_are_unnamed => return Err(Stop::Identifier),
            Err(error) => return Err(Stop::Undecodable(crate::decode::cannot_decode_utf8(bytes, error))),
        };
        let bad = text.char_indices().find(|&(at, c)| {
            let continues = c == '_' || unicode_ident::is_xid_continue(c);
            !(if at == 0 { c == '_' || unicode_ident::is_xid_start(c) } else { continues })
        });
        let Some((at, c)) = bad else { return Ok(()) };
        if self.dialect.bad_identifiers_are_unnamed {
            return Err(Stop::Identifier);
        }
        self.cursor = start + at + c.len_utf8();
        let code = u32::from(c);
        Err(self.raise(if is_printable(c) {
            format!("invalid character '{c}' (U+{code:04X})")
        } else {
            format!("invalid non-printable character U+{code:04X}")
        }))
    }

    fn punctuation(&mut self, byte: u8) -> Result<Token, Stop> {
        if let Some(token) = self.interpolation_punctuation(byte) {
            return Ok(token);
        }
        let rest = &self.bytes[self.cursor - 1..];
        if let Some(operator) = LITERALS[..OPERATORS].iter().find(|operator| rest.starts_with(operator.as_bytes()))
            && operator.len() > 1
        {
            self.cursor += operator.len() - 1;
            let meant = match *operator {
                "!=" if self.barry_as_flufl => "<>",
                "<>" if self.barry_as_flufl => "!=",
                plain => plain,
            };
            return Ok(self.token_here(literal(meant)));
        }
        // The next byte is looked at, which may be the end of the file.
        self.peek();
        match byte {
            b'(' | b'[' | b'{' => self.open(byte)?,
            b')' | b']' | b'}' => self.close(byte)?,
            _ => {}
        }
        if self.dialect.names_control_characters && (byte < b' ' || byte == 0x7f) {
            return Err(self.raise(format!("invalid non-printable character U+{byte:04X}")));
        }
        let text = [byte];
        let kind = std::str::from_utf8(&text).ok().and_then(Kind::literal).unwrap_or(Kind::UNKNOWN);
        Ok(self.token_here(kind))
    }

    fn open(&mut self, byte: u8) -> Result<(), Stop> {
        if self.brackets.len() >= MAX_BRACKETS {
            return Err(self.raise("too many nested parentheses"));
        }
        let column = self.start.unwrap_or(self.cursor).saturating_sub(self.line_start);
        self.brackets.push(Bracket { byte, line: self.line, column });
        self.mode().depth += 1;
        Ok(())
    }

    fn close(&mut self, byte: u8) -> Result<(), Stop> {
        let c = char::from(byte);
        if self.in_interpolation() && self.mode().depth == 0 && byte == b'}' {
            let literal = self.mode().name();
            return Err(self.raise(format!("{literal}: single '}}' is not allowed")));
        }
        let Some(open) = self.brackets.pop() else { return Err(self.raise(format!("unmatched '{c}'"))) };
        if !matches!((open.byte, byte), (b'(', b')') | (b'[', b']') | (b'{', b'}')) {
            if self.in_interpolation() && open.byte == b'{' && self.mode().is_innermost_field() {
                let literal = self.mode().name();
                return Err(self.raise(format!("{literal}: unmatched '{c}'")));
            }
            let opening = char::from(open.byte);
            let place = if open.line == self.line { String::new() } else { format!(" on line {}", open.line) };
            let message = format!("closing parenthesis '{c}' does not match opening parenthesis '{opening}'{place}");
            return Err(self.raise(message));
        }
        self.close_field(byte)
    }
}

/// The letters before a quote.
#[derive(Clone, Copy, Default)]
struct Prefixes {
    bytes: bool,
    raw: bool,
    unicode: bool,
    format: bool,
    template: bool,
}

impl Prefixes {
    /// Whether `letter` may be one more letter of the prefix.
    fn take(&mut self, letter: u8, dialect: &SyntaxDialect) -> bool {
        let any = dialect.prefixes_may_conflict;
        let flag = match letter.to_ascii_lowercase() {
            b'b' if !self.bytes && (any || !(self.unicode || self.format)) => &mut self.bytes,
            b'u' if !self.unicode && (any || !(self.bytes || self.raw || self.format)) => &mut self.unicode,
            b'r' if !self.raw && (any || !self.unicode) => &mut self.raw,
            b'f' if !self.format && (any || !(self.bytes || self.unicode)) => &mut self.format,
            b't' if !self.template && dialect.template_strings => &mut self.template,
            _ => return false,
        };
        *flag = true;
        true
    }

    /// Two letters that exclude each other.
    fn conflict(self) -> Option<(char, char)> {
        let pairs = [
            (self.unicode && self.bytes, ('u', 'b')),
            (self.unicode && self.raw, ('u', 'r')),
            (self.unicode && self.format, ('u', 'f')),
            (self.unicode && self.template, ('u', 't')),
            (self.bytes && self.format, ('b', 'f')),
            (self.bytes && self.template, ('b', 't')),
            (self.format && self.template, ('f', 't')),
        ];
        pairs.iter().find(|(clash, _)| *clash).map(|&(_, pair)| pair)
    }

    /// The kind of the start token, where the literal is taken apart by the tokenizer.
    fn interpolation(self, dialect: &SyntaxDialect) -> Option<Kind> {
        if self.template {
            Some(Kind::TSTRING_START)
        } else {
            (self.format && dialect.tokenizes_fstrings).then_some(Kind::FSTRING_START)
        }
    }
}

fn literal(text: &str) -> Kind {
    Kind::literal(text).unwrap_or(Kind::UNKNOWN)
}

fn is_identifier_start(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || !byte.is_ascii()
}

fn is_identifier_byte(byte: u8) -> bool {
    is_identifier_start(byte) || byte.is_ascii_digit()
}

/// `str.isprintable()`: everything but separators, control, format, surrogate, private and unassigned characters.
fn is_printable(c: char) -> bool {
    // The debug form of a string escapes exactly the characters that are not printable, when they are not the first.
    let text: String = ['a', c].iter().collect();
    let mut escaped = text.escape_debug();
    escaped.next();
    matches!(c, '\'' | '"' | '\\') || escaped.next() == Some(c)
}
