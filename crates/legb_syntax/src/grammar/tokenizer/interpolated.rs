//! f-strings and t-strings as the tokenizer takes them apart (f-strings from 3.12 on).

use super::{Stop, Tokenizer, literal};
use crate::grammar::token::{Kind, Token};

/// Deepest nesting of f-strings, and of replacement fields in format specifications.
const MAX_LITERALS: usize = 150;
const MAX_FIELDS: i32 = 3;

/// What the tokenizer is inside: the program, or a literal with replacement fields.
#[derive(Clone, Copy)]
pub(super) struct Mode {
    /// The start token of the literal; `None` for the program itself.
    literal: Option<Kind>,
    /// The text of the literal comes next, not a replacement field.
    pub(super) is_literal: bool,
    quote: u8,
    quote_size: usize,
    raw: bool,
    /// Where the literal starts.
    start: usize,
    line: usize,
    line_start: usize,
    /// Open brackets inside the literal.
    pub(super) depth: i32,
    /// Open replacement fields, less one.
    fields: i32,
    in_format_spec: bool,
}

impl Mode {
    pub(super) fn regular() -> Self {
        Self {
            literal: None,
            is_literal: false,
            quote: 0,
            quote_size: 0,
            raw: false,
            start: 0,
            line: 0,
            line_start: 0,
            depth: 0,
            fields: -1,
            in_format_spec: false,
        }
    }

    /// How messages call the literal.
    pub(super) fn name(&self) -> &'static str {
        if self.literal == Some(Kind::TSTRING_START) { "t-string" } else { "f-string" }
    }

    pub(super) fn is_closed_by(&self, quote: u8, size: usize) -> bool {
        self.quote == quote && self.quote_size == size
    }

    /// Whether the innermost open bracket is the one of a replacement field.
    pub(super) fn is_innermost_field(&self) -> bool {
        self.depth - 1 == self.fields
    }

    fn middle(&self) -> Kind {
        if self.literal == Some(Kind::TSTRING_START) { Kind::TSTRING_MIDDLE } else { Kind::FSTRING_MIDDLE }
    }

    fn end(&self) -> Kind {
        if self.literal == Some(Kind::TSTRING_START) { Kind::TSTRING_END } else { Kind::FSTRING_END }
    }
}

impl Tokenizer<'_> {
    pub(in crate::grammar) fn in_interpolation(&self) -> bool {
        self.modes.len() > 1
    }

    /// Reads the quotes of a literal; `quote` is the first of them.
    pub(super) fn interpolated_start(&mut self, quote: u8, kind: Kind, raw: bool) -> Result<Token, Stop> {
        self.first_line = self.line;
        self.multi_line_start = self.line_start;
        let mut size = 1;
        let second = self.next_byte();
        if second == Some(quote) {
            let third = self.next_byte();
            if third == Some(quote) {
                size = 3;
            } else {
                self.back_up(third);
                self.back_up(second);
            }
        } else {
            self.back_up(second);
        }
        if self.modes.len() >= MAX_LITERALS {
            return Err(self.raise("too many nested f-strings"));
        }
        self.modes.push(Mode {
            literal: Some(kind),
            is_literal: true,
            quote,
            quote_size: size,
            raw,
            start: self.start.unwrap_or(self.cursor),
            line: self.line,
            line_start: self.line_start,
            ..Mode::regular()
        });
        Ok(self.token_here(kind))
    }

    /// The next piece of literal text, the end of the literal, or the first token of a replacement field.
    pub(super) fn literal_part(&mut self) -> Result<Token, Stop> {
        self.start = Some(self.cursor);
        self.first_line = self.line;
        let mode = *self.mode();
        if self.next_byte() == Some(b'{') {
            let peeked = self.peek();
            self.back_up(Some(b'{'));
            if peeked != Some(b'{') {
                self.open_field()?;
                return self.regular();
            }
        } else if self.cursor > self.start.unwrap_or(self.cursor) {
            self.cursor -= 1;
        }
        self.multi_line_start = self.line_start;
        let ends = self.bytes[self.cursor..].iter().take(mode.quote_size).filter(|&&byte| byte == mode.quote).count();
        if ends == mode.quote_size {
            self.cursor += ends;
            self.modes.pop();
            return Ok(self.token_here(mode.end()));
        }
        self.literal_text(mode)
    }

    fn open_field(&mut self) -> Result<(), Stop> {
        let mode = self.mode();
        mode.fields += 1;
        if mode.fields >= MAX_FIELDS {
            let literal = mode.name();
            return Err(self.raise(format!("{literal}: expressions nested too deeply")));
        }
        mode.is_literal = false;
        Ok(())
    }

    fn literal_text(&mut self, mode: Mode) -> Result<Token, Stop> {
        let in_format_spec = mode.in_format_spec && mode.fields >= 0;
        let (mut closing, mut named_escape) = (0, false);
        while closing != mode.quote_size {
            let byte = self.next_byte();
            match byte {
                None if self.failure.is_some() => return Err(self.stopped()),
                None => return Err(self.open_literal(mode)),
                Some(b'\n') if mode.quote_size == 1 => {
                    if in_format_spec && self.dialect.newline_ends_format_spec {
                        self.back_up(byte);
                        self.mode().is_literal = false;
                        self.mode().in_format_spec = false;
                        return Ok(self.token_here(mode.middle()));
                    }
                    if in_format_spec && self.dialect.refuses_newline_in_format_spec {
                        let literal = mode.name();
                        return Err(self.raise(format!(
                            "{literal}: newlines are not allowed in format specifiers for single quoted {literal}s"
                        )));
                    }
                    return Err(self.open_literal(mode));
                }
                Some(byte) if byte == mode.quote => {
                    closing += 1;
                    continue;
                }
                Some(b'{') => {
                    let peeked = self.next_byte();
                    if peeked == Some(b'{') && !in_format_spec {
                        return Ok(self.token(mode.middle(), self.start, self.cursor - 1));
                    }
                    self.back_up(peeked);
                    self.back_up(byte);
                    self.open_field()?;
                    self.mode().in_format_spec = false;
                    return Ok(self.token_here(mode.middle()));
                }
                Some(b'}') if named_escape => return Ok(self.token_here(mode.middle())),
                Some(b'}') => {
                    let peeked = self.next_byte();
                    if peeked == Some(b'}') && !in_format_spec && mode.depth == 0 {
                        return Ok(self.token(mode.middle(), self.start, self.cursor - 1));
                    }
                    self.back_up(peeked);
                    self.back_up(byte);
                    self.mode().is_literal = false;
                    self.mode().in_format_spec = false;
                    return Ok(self.token_here(mode.middle()));
                }
                Some(b'\\') => named_escape |= self.escape(mode),
                Some(_) => {}
            }
            closing = 0;
        }
        self.cursor -= mode.quote_size;
        Ok(self.token_here(mode.middle()))
    }

    /// Skips what a backslash escapes; tells whether it starts a named escape (`\N{…}`).
    fn escape(&mut self, mode: Mode) -> bool {
        let mut peeked = self.next_byte();
        if matches!(peeked, Some(b'{' | b'}')) {
            self.back_up(peeked);
            return false;
        }
        if mode.raw || peeked != Some(b'N') {
            return false;
        }
        peeked = self.next_byte();
        if peeked == Some(b'{') {
            return true;
        }
        self.back_up(peeked);
        false
    }

    fn open_literal(&mut self, mode: Mode) -> Stop {
        let detected = self.line;
        self.cursor = mode.start + 1;
        self.line_start = mode.line_start;
        self.line = mode.line;
        let triple = if mode.quote_size == 3 { "triple-quoted " } else { "" };
        self.raise(format!("unterminated {triple}{} literal (detected at line {detected})", mode.name()))
    }

    /// A colon that starts a format specification.
    pub(super) fn interpolation_punctuation(&mut self, byte: u8) -> Option<Token> {
        if byte != b':' || !self.in_interpolation() {
            return None;
        }
        let mode = self.mode();
        if mode.fields < 0 || mode.depth - 1 != mode.fields {
            return None;
        }
        mode.is_literal = true;
        mode.in_format_spec = true;
        Some(self.token_here(literal(":")))
    }

    /// Follows a closing bracket inside a literal.
    pub(super) fn close_field(&mut self, byte: u8) -> Result<(), Stop> {
        if !self.in_interpolation() {
            return Ok(());
        }
        let spec_goes_on = self.dialect.spec_goes_on;
        let mode = self.mode();
        mode.depth -= 1;
        if mode.depth < 0 {
            let literal = mode.name();
            return Err(self.raise(format!("{literal}: unmatched '{}'", char::from(byte))));
        }
        if byte == b'}' && mode.depth == mode.fields {
            mode.fields -= 1;
            mode.is_literal = true;
            mode.in_format_spec = spec_goes_on && mode.fields >= 0;
        }
        Ok(())
    }
}
