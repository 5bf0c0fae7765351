//! String literals that the tokenizer reads as one token.

use super::{Stop, Tokenizer};
use crate::grammar::token::{Kind, Token};

impl Tokenizer<'_> {
    /// Reads a string from behind its first quote.
    pub(super) fn string(&mut self, quote: u8) -> Result<Token, Stop> {
        self.first_line = self.line;
        self.multi_line_start = self.line_start;
        let (mut size, mut closing) = (1, 0);
        let mut byte = self.next_byte();
        if byte == Some(quote) {
            byte = self.next_byte();
            if byte == Some(quote) {
                size = 3;
            } else {
                closing = 1;
            }
        }
        if byte != Some(quote) {
            self.back_up(byte);
        }
        let mut escaped_quote = false;
        while closing != size {
            match self.next_byte() {
                None if self.failure.is_some() => return Err(self.stopped()),
                None => return Err(self.open_string(quote, size, escaped_quote)),
                Some(b'\n') if size == 1 => return Err(self.open_string(quote, size, escaped_quote)),
                Some(byte) if byte == quote => closing += 1,
                Some(byte) => {
                    closing = 0;
                    if byte == b'\\' {
                        escaped_quote |= self.next_byte() == Some(quote);
                    }
                }
            }
        }
        Ok(self.token_here(Kind::STRING))
    }

    fn open_string(&mut self, quote: u8, size: usize, escaped_quote: bool) -> Stop {
        if !self.dialect.open_strings_name_their_start {
            self.cursor = self.line_end;
            return Stop::OpenString { triple: size == 3 };
        }
        let detected = self.line;
        self.cursor = self.start.unwrap_or(self.cursor) + 1;
        self.line_start = self.multi_line_start;
        self.line = self.first_line;
        if self.in_interpolation() && self.mode().is_closed_by(quote, size) {
            let literal = self.mode().name();
            return self.raise(format!("{literal}: expecting '}}'"));
        }
        let kind = if size == 3 { "triple-quoted string" } else { "string" };
        let hint = if size == 1 && escaped_quote && self.dialect.hints_at_escaped_quotes {
            "; perhaps you escaped the end quote?"
        } else {
            ""
        };
        self.raise(format!("unterminated {kind} literal (detected at line {detected}){hint}"))
    }
}
