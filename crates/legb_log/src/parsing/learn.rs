//! Layouts learned from lines: where do time, level and names stand in a log whose format nobody described?
//!
//! A line is read as far as it consists of times, levels, numbers, words and what divides them. Behind the level each further
//! part is only a proposal: `key: value` may be a name and a message, or a message. The lines decide, see `detect`.

use crate::level::Level;
use crate::time::at_start;

use super::layout::{Layout, Part, Use, is_word_byte, push_literal};

/// More parts before the message are not looked for.
const MAX_PARTS: usize = 12;

/// The layouts that a line may have, the shortest first.
pub(crate) fn layouts(line: &[u8]) -> Vec<Layout> {
    let mut reader = Reader { line, at: 0, parts: Vec::new(), seen: Seen::default(), found: Vec::new() };
    while reader.parts.len() < MAX_PARTS && reader.part() {
        reader.divide();
        reader.snapshot();
    }
    reader.found
}

/// What the line has told so far.
#[derive(Default)]
struct Seen {
    time: bool,
    level: bool,
    service: bool,
    words: usize,
    numbers: usize,
}

struct Reader<'a> {
    line: &'a [u8],
    at: usize,
    parts: Vec<Part>,
    seen: Seen,
    found: Vec<Layout>,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a [u8] {
        &self.line[self.at..]
    }

    fn push(&mut self, part: Part, len: usize) -> bool {
        self.parts.push(part);
        self.at += len;
        true
    }

    /// Reads the next part; false where the message begins.
    fn part(&mut self) -> bool {
        let Some(&first) = self.rest().first() else { return false };
        if let Some(close) = closing(first) {
            return self.bracket(first, close);
        }
        self.time() || self.level() || self.number() || self.word()
    }

    fn time(&mut self) -> bool {
        if self.seen.time {
            return false;
        }
        let Some(found) = at_start(self.rest()) else { return false };
        self.seen.time = true;
        self.push(Part::Time, found.len)
    }

    fn level(&mut self) -> bool {
        let len = self.rest().iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
        let word = &self.rest()[..len];
        // Small letters make a level only where something else has shown that this is a header.
        let is_clear = word.iter().all(u8::is_ascii_uppercase) || self.seen.time;
        let ends = self
            .rest()
            .get(len)
            .is_none_or(|byte| !matches!(byte, b'_' | b'.' | b'\'') && !byte.is_ascii_alphanumeric());
        if self.seen.level || !is_clear || !ends || Level::from_word(word).is_none() {
            return false;
        }
        self.seen.level = true;
        self.push(Part::Level, len)
    }

    fn number(&mut self) -> bool {
        let len = self.rest().iter().take_while(|byte| byte.is_ascii_digit()).count();
        let ends = self
            .rest()
            .get(len)
            .is_some_and(|byte| matches!(byte, b' ' | b':' | b']' | b')' | b'}' | b'>' | b'|' | b','));
        // Behind the level a bare number is rather the beginning of the message.
        if len == 0 || len > 20 || !ends || self.seen.level && self.rest()[len] == b' ' {
            return false;
        }
        self.seen.numbers += 1;
        let name = if self.seen.numbers == 1 { "number".to_owned() } else { format!("number{}", self.seen.numbers) };
        self.push(Part::Number(Use::Field(name)), len)
    }

    fn word(&mut self) -> bool {
        let all = self.rest().iter().take_while(|byte| is_word_byte(**byte)).count();
        // A colon divides; those inside of `a::b` and `http://` do not.
        let colon = self.rest()[..all].iter().position(|byte| *byte == b':').unwrap_or(all);
        let len = if colon == 0 { 0 } else { colon };
        let word = &self.rest()[..len];
        if len == 0 || len > 100 || !word.iter().any(u8::is_ascii_alphanumeric) {
            return false;
        }
        let after = &self.rest()[len..];
        let divides =
            [&b": "[..], b" - ", b" | ", b" :: ", b" > ", b"] ", b":"].iter().any(|divider| after.starts_with(divider));
        // Behind the level a word that nothing divides from the next is the beginning of the message.
        if !divides && (self.seen.level || after.first() != Some(&b' ')) {
            return false;
        }
        if after.starts_with(b":/") {
            return false;
        }
        let used = self.word_use();
        self.push(Part::Word(used), len)
    }

    fn word_use(&mut self) -> Use {
        if self.seen.service {
            self.seen.words += 1;
            let name = if self.seen.words == 1 { "word".to_owned() } else { format!("word{}", self.seen.words) };
            return Use::Field(name);
        }
        self.seen.service = true;
        Use::Service
    }

    /// `[…]`: a time, a level, a number or words; anything else is a field of its own.
    fn bracket(&mut self, open: u8, close: u8) -> bool {
        let rest = self.rest();
        let Some(len) = memchr::memchr(close, rest) else { return false };
        let inside = &rest[1..len];
        if inside.is_empty() || len > 80 || memchr::memchr(open, inside).is_some() {
            return false;
        }
        let before = (self.at, self.parts.clone());
        push_literal(&mut self.parts, &[open]);
        self.at += 1;
        let end = self.at + inside.len();
        // Nothing inside may reach past the bracket.
        let whole = self.line;
        self.line = &whole[..end];
        while self.at < end && self.inner() {}
        self.line = whole;
        if self.at != end {
            (self.at, self.parts) = (before.0 + 1, before.1);
            push_literal(&mut self.parts, &[open]);
            if self.is_header_complete() {
                // Brackets behind the header are text.
                self.at = before.0;
                return false;
            }
            self.seen.words += 1;
            let name = format!("word{}", self.seen.words);
            self.push(Part::Any(Use::Field(name)), inside.len());
        }
        push_literal(&mut self.parts, &[close]);
        self.at = end + 1;
        true
    }

    /// A part inside of brackets, and what divides it from the next.
    fn inner(&mut self) -> bool {
        let rest = self.rest();
        if !(self.time() || self.level()) {
            let len =
                rest.iter().take_while(|byte| is_word_byte(**byte) && !matches!(byte, b':' | b'/' | b'@')).count();
            if len == 0 {
                return false;
            }
            if rest[..len].iter().all(u8::is_ascii_digit) {
                self.seen.numbers += 1;
                let name =
                    if self.seen.numbers == 1 { "pid".to_owned() } else { format!("number{}", self.seen.numbers) };
                self.push(Part::Number(Use::Field(name)), len);
            } else {
                let used = self.word_use();
                self.push(Part::Word(used), len);
            }
        }
        let dividers = self
            .rest()
            .iter()
            .take_while(|byte| matches!(byte, b' ' | b':' | b'/' | b',' | b'@' | b'|' | b'-'))
            .count();
        if dividers > 0 {
            let text = single_spaces(&self.rest()[..dividers]);
            push_literal(&mut self.parts, &text);
            self.at += dividers;
        }
        dividers > 0 || self.rest().is_empty()
    }

    /// Takes what stands between two parts.
    fn divide(&mut self) {
        let rest = self.rest();
        let mut len = 0;
        while let Some(byte) = rest.get(len) {
            let is_divider = matches!(byte, b' ' | b':' | b'|' | b',' | b';' | b'>')
                || *byte == b'-' && rest.get(len + 1).is_none_or(|next| matches!(next, b' ' | b'-'));
            if !is_divider {
                break;
            }
            len += 1;
        }
        if len > 0 {
            push_literal(&mut self.parts, &single_spaces(&rest[..len]));
            self.at += len;
        }
    }

    fn is_header_complete(&self) -> bool {
        self.seen.time && self.seen.level
    }

    /// Proposes that the message begins here.
    fn snapshot(&mut self) {
        let divided = matches!(self.parts.last(), Some(Part::Literal(_)));
        let level_leads =
            matches!(self.parts.first(), Some(Part::Level)) || matches!(self.parts.get(1), Some(Part::Level));
        if !self.seen.level || !divided || !(self.seen.time || level_leads) {
            return;
        }
        let mut parts = self.parts.clone();
        parts.push(Part::Message);
        let about = describe(&parts);
        self.found.push(Layout::new("layout", about, parts));
    }
}

fn closing(open: u8) -> Option<u8> {
    match open {
        b'[' => Some(b']'),
        b'(' => Some(b')'),
        b'{' => Some(b'}'),
        b'<' => Some(b'>'),
        _ => None,
    }
}

/// Runs of spaces as one, since layouts take one for many.
fn single_spaces(text: &[u8]) -> Vec<u8> {
    let mut out: Vec<u8> = Vec::with_capacity(text.len());
    for byte in text {
        if *byte != b' ' || out.last() != Some(&b' ') {
            out.push(*byte);
        }
    }
    out
}

/// The layout as a format string in braces.
fn describe(parts: &[Part]) -> String {
    let name = |used: &Use| match used {
        Use::Service => "name".to_owned(),
        Use::Field(name) => name.clone(),
    };
    parts
        .iter()
        .map(|part| match part {
            Part::Literal(text) => String::from_utf8_lossy(text).replace('{', "{{").replace('}', "}}"),
            Part::Time => "{asctime}".to_owned(),
            Part::Level => "{levelname}".to_owned(),
            Part::LevelNumber => "{levelno}".to_owned(),
            Part::Message => "{message}".to_owned(),
            Part::Word(used) | Part::Number(used) | Part::Any(used) => format!("{{{}}}", name(used)),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::layouts;
    use crate::parsing::format::Format;
    use crate::record::Head;

    #[test]
    fn lines_propose_layouts_that_read_them() {
        for (line, longest) in [
            ("2026-02-28 10:15:03,007 - shop - INFO - hello you", "{asctime} - {name} - {levelname} - {message}"),
            ("[2026-02-28 10:15:03 +0000] [100] [INFO] hello you", "[{asctime}] [{pid}] [{levelname}] {message}"),
            ("[2026-02-28 10:15:03,007: INFO/Main] hello you", "[{asctime}: {levelname}/{name}] {message}"),
            ("INFO:shop:hello", "{levelname}:{name}:{message}"),
            ("10:15:03 W [shop] hello", ""),
            ("2026-02-28 10:15:03 <shop.cart> WARNING > hello you", "{asctime} <{name}> {levelname} > {message}"),
            ("(INFO) shop.cart: hello you", "({levelname}) {name}: {message}"),
            ("hello you", ""),
        ] {
            let found = layouts(line.as_bytes());
            assert_eq!(found.last().map_or("", |layout| layout.about()), longest, "{line}");
            for layout in found {
                assert!(layout.read(line.as_bytes(), &mut Head::default()), "{line}: {}", layout.about());
            }
        }
    }
}
