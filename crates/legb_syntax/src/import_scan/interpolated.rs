//! Where does an f-string or t-string end? As from 3.12 on (PEP 701), which is how the parser reads them for every version.
//!
//! Fields may hold strings with the same quotes, and further f-strings. What is unusual (comments, backslashes and line ends
//! in fields or format specifications) is left to the parser.

use super::cursor::is_name;
use super::{Scanner, Unsure};

/// Fields inside fields beyond this are left to the parser.
const DEEPEST: u32 = 50;

/// The quotes of the string that is being passed.
#[derive(Clone, Copy)]
struct Quotes {
    quote: u8,
    is_raw: bool,
    level: u32,
}

impl Scanner<'_, '_> {
    /// Passes the rest of an interpolated string; the cursor is behind its opening quotes.
    pub(super) fn interpolated(&mut self, quote: u8, is_triple: bool, is_raw: bool, level: u32) -> Result<(), Unsure> {
        if level > DEEPEST {
            return Err(Unsure::Interpolation);
        }
        let quotes = Quotes { quote, is_raw, level };
        loop {
            let rest = &self.bytes[self.at..];
            let found = |&byte: &u8| byte == quote || matches!(byte, b'\\' | b'{' | b'\n' | b'\r');
            let length = rest.iter().position(found).ok_or(Unsure::OpenString)?;
            self.at += length;
            match rest[length] {
                b'\\' => self.escape_in_interpolated(quotes)?,
                b'{' if rest.get(length + 1) == Some(&b'{') => self.at += 2,
                b'{' => {
                    self.catch_up();
                    self.field(quotes)?;
                }
                b'\n' | b'\r' if is_triple => self.at += 1,
                b'\n' | b'\r' => return Err(Unsure::OpenString),
                _ if !is_triple => {
                    self.at += 1;
                    break;
                }
                _ if rest[length + 1..].starts_with(&[quote, quote]) => {
                    self.at += 3;
                    break;
                }
                _ => self.at += 1,
            }
        }
        self.catch_up();
        Ok(())
    }

    fn escape_in_interpolated(&mut self, quotes: Quotes) -> Result<(), Unsure> {
        let escaped = &self.bytes[self.at + 1..];
        if matches!(escaped.first(), Some(b'{' | b'}')) {
            self.at += 1;
        } else if !quotes.is_raw && escaped.starts_with(b"N{") {
            let name = |&byte: &u8| byte != b'}' && (byte == b' ' || byte == b'-' || is_name(byte));
            self.at += 3 + escaped[2..].iter().take_while(|byte| name(byte)).count();
            if !self.eat(b'}') {
                return Err(Unsure::Interpolation);
            }
        } else {
            self.escape();
        }
        Ok(())
    }

    /// Passes a replacement field whose opening bracket is at the cursor.
    fn field(&mut self, quotes: Quotes) -> Result<(), Unsure> {
        if quotes.level > DEEPEST {
            return Err(Unsure::Interpolation);
        }
        let start = self.at;
        self.at += 1;
        let mut depth = 0_u32;
        loop {
            match self.peek() {
                b'"' | b'\'' => {
                    self.string(quotes.level + 1)?;
                    continue;
                }
                b'(' | b'[' | b'{' => depth += 1,
                b'}' if depth == 0 => break,
                b')' | b']' | b'}' => depth = depth.checked_sub(1).ok_or(Unsure::Interpolation)?,
                b':' if depth == 0 => {
                    self.format_spec(quotes)?;
                    break;
                }
                0 if self.at >= self.bytes.len() => return Err(Unsure::OpenString),
                b'#' | b'\\' | b';' => return Err(Unsure::Interpolation),
                b'i' if self.at == self.next => {
                    self.import_word_in_field(start)?;
                    continue;
                }
                _ => {}
            }
            self.at += 1;
        }
        self.at += 1;
        self.catch_up();
        Ok(())
    }

    /// Passes a format specification whose colon is at the cursor, up to the bracket that ends the field.
    fn format_spec(&mut self, quotes: Quotes) -> Result<(), Unsure> {
        self.at += 1;
        loop {
            match self.peek() {
                b'}' => return Ok(()),
                b'{' => {
                    self.catch_up();
                    self.field(Quotes { level: quotes.level + 1, ..quotes })?;
                }
                b'\n' | b'\r' | b'\\' => return Err(Unsure::Interpolation),
                byte if byte == quotes.quote => return Err(Unsure::Interpolation),
                0 if self.at >= self.bytes.len() => return Err(Unsure::OpenString),
                _ => self.at += 1,
            }
        }
    }
}
