//! Moving over text: white space, words, comments, strings, brackets and the ends of statements.

use legb_base::Span;

use super::{End, Scanner, Unsure};
use crate::import_scan::block::Indentation;

/// A byte that ends a run of plain code: a quote, a line end, `#`, `;`, the backslash, and in headers the colon.
const STOP: i8 = 2;

/// What a byte does to the depth of brackets, or [`STOP`].
type Steps = [i8; 256];

const fn steps(of_headers: bool) -> Steps {
    let mut steps = [0; 256];
    let mut byte = 0_u8;
    loop {
        steps[byte as usize] = match byte {
            b'(' | b'[' | b'{' => 1,
            b')' | b']' | b'}' => -1,
            b'"' | b'\'' | b'\n' | b'\r' | b'#' | b';' | b'\\' => STOP,
            b':' if of_headers => STOP,
            _ => 0,
        };
        if byte == u8::MAX {
            return steps;
        }
        byte += 1;
    }
}

/// Steps where a colon means nothing.
pub(super) static STATEMENT: Steps = steps(false);
/// Steps up to the colon of a header.
pub(super) static HEADER: Steps = steps(true);

/// Whether a byte may belong to a name: letters, digits, the underscore and whatever is not ASCII.
#[inline]
pub(super) fn is_name(byte: u8) -> bool {
    const NAMES: [bool; 256] = {
        let mut names = [false; 256];
        let mut byte = 0_u8;
        loop {
            names[byte as usize] = matches!(byte, b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | 0x80..);
            if byte == u8::MAX {
                break names;
            }
            byte += 1;
        }
    };
    NAMES[usize::from(byte)]
}

pub(super) fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

pub(super) fn span(start: usize, end: usize) -> Span {
    Span::new(offset(start), offset(end))
}

impl Scanner<'_, '_> {
    /// The byte at the cursor; 0 at the end, where no text has one.
    #[inline]
    pub(super) fn peek(&self) -> u8 {
        self.bytes.get(self.at).copied().unwrap_or_default()
    }

    #[inline]
    pub(super) fn eat(&mut self, byte: u8) -> bool {
        let eaten = self.peek() == byte;
        self.at += usize::from(eaten);
        eaten
    }

    /// The name or keyword at the cursor; empty if there is none.
    #[inline]
    pub(super) fn word(&self) -> &[u8] {
        let rest = &self.bytes[self.at..];
        let length = rest.iter().position(|&byte| !is_name(byte)).unwrap_or(rest.len());
        &rest[..length]
    }

    pub(super) fn skip_word(&mut self) {
        self.at += self.word().len();
    }

    /// Passes one line ending, or one other byte, if there is any.
    #[inline]
    pub(super) fn newline(&mut self) {
        let is_pair = self.peek() == b'\r' && self.bytes.get(self.at + 1) == Some(&b'\n');
        self.at = (self.at + if is_pair { 2 } else { 1 }).min(self.bytes.len());
    }

    /// Passes blanks, and line ends behind a backslash.
    #[inline]
    pub(super) fn skip_space(&mut self) {
        loop {
            match self.peek() {
                b' ' | b'\t' | b'\x0c' => self.at += 1,
                b'\\' if matches!(self.bytes.get(self.at + 1), Some(b'\n' | b'\r')) => {
                    self.at += 1;
                    self.newline();
                }
                _ => return,
            }
        }
    }

    /// Passes a comment and the end of its line.
    #[inline]
    pub(super) fn comment(&mut self) {
        self.skip_comment();
        self.newline();
    }

    /// Passes a comment.
    pub(super) fn skip_comment(&mut self) {
        let rest = &self.bytes[self.at..];
        self.at += memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
        self.catch_up();
    }

    /// Forgets every `import` behind the cursor.
    #[inline]
    pub(super) fn catch_up(&mut self) {
        while self.next < self.at {
            self.next = self.words.next().unwrap_or(usize::MAX);
        }
    }

    /// Passes the blanks at the beginning of a line. A form feed begins anew, as it does for CPython.
    #[inline]
    pub(super) fn indentation(&mut self) -> Result<Indentation, Unsure> {
        let start = self.at;
        while self.peek() == b' ' {
            self.at += 1;
        }
        let mut indentation = Indentation::of_spaces(offset(self.at - start));
        if !matches!(self.peek(), b'\t' | b'\x0c' | b'\\') {
            return Ok(indentation);
        }
        loop {
            match self.peek() {
                b' ' => indentation.add_space(),
                b'\t' => indentation.add_tab(),
                b'\x0c' => indentation = Indentation::default(),
                b'\\' => return Err(Unsure::Indentation),
                _ => return Ok(indentation),
            }
            self.at += 1;
        }
    }

    /// Passes code up to the end of the statement, or of the header where `steps` are those of [`HEADER`].
    #[inline]
    pub(super) fn code(&mut self, steps: &Steps) -> Result<End, Unsure> {
        let mut depth = 0_i32;
        loop {
            let ahead = self.bytes.get(..self.next).unwrap_or(self.bytes);
            let mut at = self.at;
            let stop = loop {
                let Some(&byte) = ahead.get(at) else { break None };
                let step = steps[usize::from(byte)];
                if step == STOP {
                    break Some(byte);
                }
                depth += i32::from(step);
                at += 1;
            };
            self.at = at;
            match stop {
                Some(b'\n' | b'\r') => {
                    if depth == 0 {
                        self.code_end = at;
                        self.newline();
                        return Ok(End::Line);
                    }
                    self.at += 1;
                }
                Some(b'"' | b'\'') => self.string(0)?,
                Some(b'#') => {
                    self.skip_comment();
                    if depth == 0 {
                        self.code_end = at;
                        self.newline();
                        return Ok(End::Line);
                    }
                }
                Some(b'\\') => {
                    self.at += 1;
                    if !matches!(self.peek(), b'\n' | b'\r') {
                        return Err(Unsure::Backslash);
                    }
                    self.newline();
                }
                Some(b';') => {
                    self.at += 1;
                    return if depth == 0 { Ok(End::Semicolon) } else { Err(Unsure::Brackets) };
                }
                Some(_) => {
                    // The colon of a header; `:=` is none.
                    self.at += 1;
                    if depth == 0 && self.peek() != b'=' {
                        return Ok(End::Colon);
                    }
                }
                None if at < self.bytes.len() => self.import_word()?,
                None if depth == 0 => {
                    self.code_end = at;
                    return Ok(End::Line);
                }
                None => return Err(Unsure::Brackets),
            }
            if depth < 0 {
                return Err(Unsure::Brackets);
            }
            if self.next == usize::MAX && self.calls.is_empty() {
                return Ok(End::NothingAhead);
            }
        }
    }

    /// Whether the line just passed ended with a colon.
    pub(super) fn line_had_colon_at_end(&self) -> bool {
        let code = &self.bytes[..self.code_end];
        code.iter().rev().find(|byte| !matches!(byte, b' ' | b'\t' | b'\x0c')) == Some(&b':')
    }

    /// Passes the string whose opening quote is at the cursor. Its prefix is behind.
    #[inline]
    pub(super) fn string(&mut self, level: u32) -> Result<(), Unsure> {
        let quote = self.bytes[self.at];
        let prefix = self.prefix();
        let is_triple = self.bytes[self.at + 1..].starts_with(&[quote, quote]);
        self.at += if is_triple { 3 } else { 1 };
        if prefix.interpolates {
            return self.interpolated(quote, is_triple, prefix.is_raw, level);
        }
        let passed = if is_triple { self.long_string(quote) } else { self.short_string(quote) };
        passed?;
        self.catch_up();
        Ok(())
    }

    fn short_string(&mut self, quote: u8) -> Result<(), Unsure> {
        loop {
            let rest = &self.bytes[self.at..];
            let found = |&byte: &u8| byte == quote || matches!(byte, b'\\' | b'\n' | b'\r');
            let length = rest.iter().position(found).ok_or(Unsure::OpenString)?;
            self.at += length;
            match rest[length] {
                b'\\' => self.escape(),
                b'\n' | b'\r' => return Err(Unsure::OpenString),
                _ => {
                    self.at += 1;
                    return Ok(());
                }
            }
        }
    }

    fn long_string(&mut self, quote: u8) -> Result<(), Unsure> {
        loop {
            let rest = &self.bytes[self.at..];
            let length = memchr::memchr2(quote, b'\\', rest).ok_or(Unsure::OpenString)?;
            self.at += length;
            if rest[length] == b'\\' {
                self.escape();
            } else if rest[length + 1..].starts_with(&[quote, quote]) {
                self.at += 3;
                return Ok(());
            } else {
                self.at += 1;
            }
        }
    }

    /// Passes a backslash and what it escapes, which may be a line ending.
    pub(super) fn escape(&mut self) {
        self.at += 1;
        self.newline();
    }

    /// What the letters in front of a quote say.
    #[inline]
    fn prefix(&self) -> Prefix {
        let before = |distance: usize| self.at.checked_sub(distance).map_or(0, |at| self.bytes[at]);
        let (second, first) = (before(1), before(2));
        if !second.is_ascii_alphabetic() {
            return Prefix::default();
        }
        let of = |letter: u8| (matches!(letter, b'f' | b'F' | b't' | b'T'), matches!(letter, b'r' | b'R'));
        let ((interpolates, is_raw), (interpolates_too, is_raw_too)) = (of(second), of(first));
        if !is_name(first) {
            Prefix { interpolates, is_raw }
        } else if !is_name(before(3)) && (interpolates && is_raw_too || is_raw && interpolates_too) {
            Prefix { interpolates: true, is_raw: true }
        } else {
            Prefix::default()
        }
    }
}

/// What the letters in front of a string say.
#[derive(Clone, Copy, Debug, Default)]
struct Prefix {
    /// It is an f-string or a t-string.
    interpolates: bool,
    /// Backslashes mean nothing.
    is_raw: bool,
}
