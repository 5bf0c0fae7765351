//! Numbers, and what may not follow them.

use super::{Stop, Tokenizer, is_identifier_byte};
use crate::grammar::token::{Kind, Token};

impl Tokenizer<'_> {
    pub(super) fn number(&mut self, first: u8) -> Result<Token, Stop> {
        if first != b'0' {
            let next = self.decimal_tail()?;
            return self.after_integer(next);
        }
        let next = self.next_byte();
        match next {
            Some(b'x' | b'X') => self.based("hexadecimal", 16),
            Some(b'o' | b'O') => self.based("octal", 8),
            Some(b'b' | b'B') => self.based("binary", 2),
            _ => self.leading_zero(next),
        }
    }

    /// Digits behind `0x`, `0o` or `0b`.
    fn based(&mut self, kind: &str, base: u32) -> Result<Token, Stop> {
        let is_digit = |byte: Option<u8>| byte.is_some_and(|byte| char::from(byte).is_digit(base));
        let mut byte = self.next_byte();
        let mut first = true;
        loop {
            if byte == Some(b'_') {
                byte = self.next_byte();
            }
            if !is_digit(byte) {
                return Err(self.wrong_digit(kind, byte, self.dialect.wrong_first_digit_is_read || !first));
            }
            while is_digit(byte) {
                byte = self.next_byte();
            }
            if byte != Some(b'_') {
                break;
            }
            first = false;
        }
        if byte.is_some_and(|byte| byte.is_ascii_digit()) {
            return Err(self.wrong_digit(kind, byte, true));
        }
        self.finish(kind, byte)
    }

    fn wrong_digit(&mut self, kind: &str, byte: Option<u8>, read: bool) -> Stop {
        let digit = byte.filter(u8::is_ascii_digit);
        if digit.is_none() || !read {
            self.back_up(byte);
        }
        match digit {
            Some(digit) => self.raise(format!("invalid digit '{}' in {kind} literal", char::from(digit))),
            None => self.raise(format!("invalid {kind} literal")),
        }
    }

    fn leading_zero(&mut self, mut byte: Option<u8>) -> Result<Token, Stop> {
        loop {
            if byte == Some(b'_') {
                byte = self.next_byte();
                if !byte.is_some_and(|byte| byte.is_ascii_digit()) {
                    self.back_up(byte);
                    return Err(self.raise("invalid decimal literal"));
                }
            }
            if byte != Some(b'0') {
                break;
            }
            byte = self.next_byte();
        }
        let zeros_end = self.cursor;
        let nonzero = byte.is_some_and(|byte| byte.is_ascii_digit());
        if nonzero {
            byte = self.decimal_tail()?;
        }
        match byte {
            Some(b'.') => {
                let next = self.next_byte();
                self.fraction(next)
            }
            Some(b'e' | b'E') => self.exponent(byte),
            Some(b'j' | b'J') => self.imaginary(),
            _ if nonzero => {
                self.back_up(byte);
                let message = "leading zeros in decimal integer literals are not permitted; \
                               use an 0o prefix for octal integers";
                if !self.dialect.errors_have_ends {
                    return Err(self.raise(message));
                }
                let from = self.start.unwrap_or(zeros_end) + 1 - self.line_start;
                Err(self.raise_range(message, from, zeros_end - self.line_start))
            }
            _ => self.finish("decimal", byte),
        }
    }

    /// Reads digits; gives the byte behind them.
    fn decimal_tail(&mut self) -> Result<Option<u8>, Stop> {
        loop {
            let mut byte = self.next_byte();
            while byte.is_some_and(|byte| byte.is_ascii_digit()) {
                byte = self.next_byte();
            }
            if byte != Some(b'_') {
                return Ok(byte);
            }
            byte = self.next_byte();
            if !byte.is_some_and(|byte| byte.is_ascii_digit()) {
                self.back_up(byte);
                return Err(self.raise("invalid decimal literal"));
            }
        }
    }

    fn after_integer(&mut self, byte: Option<u8>) -> Result<Token, Stop> {
        match byte {
            Some(b'.') => {
                let next = self.next_byte();
                self.fraction(next)
            }
            _ => self.after_fraction(byte),
        }
    }

    /// What follows the point of a number, `byte` being the first.
    pub(super) fn fraction(&mut self, byte: Option<u8>) -> Result<Token, Stop> {
        let next = if byte.is_some_and(|byte| byte.is_ascii_digit()) { self.decimal_tail()? } else { byte };
        self.after_fraction(next)
    }

    fn after_fraction(&mut self, byte: Option<u8>) -> Result<Token, Stop> {
        match byte {
            Some(b'e' | b'E') => self.exponent(byte),
            Some(b'j' | b'J') => self.imaginary(),
            _ => self.finish("decimal", byte),
        }
    }

    fn exponent(&mut self, e: Option<u8>) -> Result<Token, Stop> {
        let mut byte = self.next_byte();
        if matches!(byte, Some(b'+' | b'-')) {
            byte = self.next_byte();
            if !byte.is_some_and(|byte| byte.is_ascii_digit()) {
                self.back_up(byte);
                return Err(self.raise("invalid decimal literal"));
            }
        } else if !byte.is_some_and(|byte| byte.is_ascii_digit()) {
            self.back_up(byte);
            self.check_end("decimal", e)?;
            self.back_up(e);
            return Ok(self.token_here(Kind::NUMBER));
        }
        match self.decimal_tail()? {
            Some(b'j' | b'J') => self.imaginary(),
            byte => self.finish("decimal", byte),
        }
    }

    fn imaginary(&mut self) -> Result<Token, Stop> {
        let byte = self.next_byte();
        self.finish("imaginary", byte)
    }

    /// Ends the number before `byte`.
    fn finish(&mut self, kind: &str, byte: Option<u8>) -> Result<Token, Stop> {
        self.check_end(kind, byte)?;
        self.back_up(byte);
        Ok(self.token_here(Kind::NUMBER))
    }

    /// Refuses a name right behind a number, unless it is one of the keywords that may follow a number.
    fn check_end(&mut self, kind: &str, byte: Option<u8>) -> Result<(), Stop> {
        let Some(byte) = byte.filter(|_| self.dialect.checks_end_of_numbers) else { return Ok(()) };
        let rest = &self.bytes[self.cursor - 1..];
        let word = rest.iter().position(|&byte| !is_identifier_byte(byte)).map_or(rest, |len| &rest[..len]);
        let keyword_follows =
            matches!(word, b"and" | b"else" | b"for" | b"or" | b"not" | [b'i', b'f' | b'n' | b's', ..]);
        let counts = is_identifier_byte(byte) && (byte.is_ascii() || self.dialect.any_byte_may_not_follow_numbers);
        if keyword_follows || !counts {
            return Ok(());
        }
        self.back_up(Some(byte));
        Err(self.raise(format!("invalid {kind} literal")))
    }
}
