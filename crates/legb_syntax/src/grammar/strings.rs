//! What the parser checks in string literals: escapes, ASCII in bytes, mixtures of kinds.

use super::machine::{Halt, Machine, Matched};
use super::node::{NodeId, NodeKind};
use super::raised::Raised;
use super::token::Kind;
use crate::decode::cannot_decode_utf8;

/// A string literal taken apart.
#[derive(Clone, Copy)]
pub(super) struct Literal<'t> {
    pub(super) body: &'t [u8],
    pub(super) bytes: bool,
    pub(super) raw: bool,
    pub(super) format: bool,
}

impl<'t> Literal<'t> {
    pub(super) fn new(text: &'t [u8]) -> Self {
        let prefix_len = text.iter().position(|byte| matches!(byte, b'\'' | b'"')).unwrap_or(0);
        let has = |letter: u8| text[..prefix_len].iter().any(|byte| byte.to_ascii_lowercase() == letter);
        let quoted = &text[prefix_len..];
        let size = if quoted.len() >= 6 && quoted[0] == quoted[1] && quoted[1] == quoted[2] { 3 } else { 1 };
        let body_start = prefix_len + size;
        Self {
            body: text.get(body_start..text.len() - size).unwrap_or_default(),
            bytes: has(b'b'),
            raw: has(b'r'),
            format: has(b'f'),
        }
    }
}

impl Machine<'_> {
    /// Adjacent literals.
    pub(super) fn strings(&mut self, list: NodeId, start: usize) -> Matched {
        let parts = self.children(list).to_vec();
        let mut kind = NodeKind::Str;
        let mut bytes_seen = None;
        for &part in &parts {
            let text = self.source_of(part).to_vec();
            let literal = Literal::new(&text);
            let is_token = self.nodes[part].kind == NodeKind::Token;
            if is_token && !self.dialect.tokenizes_fstrings {
                self.literal_of_old_parser(part, parts[0], &literal)?;
            }
            if literal.format {
                kind = NodeKind::FString;
            }
            if *bytes_seen.get_or_insert(literal.bytes) != literal.bytes {
                let message = "cannot mix bytes and nonbytes literals".to_owned();
                let raised = self.raise_literal(&message, parts[0]);
                return Err(self.halt(raised));
            }
        }
        Ok(Some(self.node(kind, start, &[])))
    }

    /// One literal, where literals are checked one by one (3.12).
    pub(super) fn string_token(&mut self, node: NodeId) -> Matched {
        let text = self.source_of(node).to_vec();
        let literal = Literal::new(&text);
        if let Some(message) = decode_error(&literal) {
            let raised = self.raise_nodes("SyntaxError", &message, node, node);
            return Err(self.halt(raised));
        }
        let last = self.nodes[node].last;
        Ok(Some(self.add(NodeKind::Str, last, last, &[])))
    }

    /// A literal among others, checked when the last of them has been read (up to 3.11).
    fn literal_of_old_parser(&mut self, node: NodeId, first: NodeId, literal: &Literal<'_>) -> Result<(), Halt> {
        if literal.format {
            return self.old_fstring(node, first, literal);
        }
        let Some(mut message) = decode_error(literal) else { return Ok(()) };
        let not_ascii = literal.bytes && !literal.body.is_ascii();
        if not_ascii && self.dialect.ascii_message_has_stop {
            message.push('.');
        }
        let raised = if not_ascii && self.dialect.ascii_error_has_range {
            self.raise_nodes("SyntaxError", &message, node, node)
        } else {
            self.raise_literal(&message, first)
        };
        Err(self.halt(raised))
    }

    /// An error in a literal: at the last token read, or, where the tree is built when the file has been read (3.8), at
    /// the first of the adjacent literals.
    pub(super) fn raise_literal(&self, message: &str, first: NodeId) -> Raised {
        if self.dialect.checks_tree_at_end {
            return self.raise_nodes("SyntaxError", message, first, first);
        }
        self.raise_last("SyntaxError", message)
    }

    /// The text between the replacement fields of an f-string; checked when the f-string is complete.
    pub(super) fn fstring_text(&mut self, parts: NodeId, start: usize) -> Matched {
        let raw = self.source.bytes[self.tokens[start].start..self.tokens[start].end]
            .iter()
            .any(|byte| matches!(byte, b'r' | b'R'));
        for part in self.children(parts).to_vec() {
            if self.nodes[part].kind != NodeKind::Token || raw {
                continue;
            }
            self.middle(part)?;
        }
        Ok(Some(self.node(NodeKind::FString, start, &[])))
    }

    /// A piece of a format specification.
    pub(super) fn spec_text(&mut self, node: NodeId) -> Matched {
        self.middle(node)?;
        Ok(Some(node))
    }

    /// Text that the tokenizer found in an f-string.
    fn middle(&mut self, node: NodeId) -> Result<(), Halt> {
        let text = self.source_of(node);
        let raised = match (std::str::from_utf8(text), text.contains(&b'\\')) {
            // The exception of the codec gets out as it is.
            (Err(error), false) => {
                let near = (self.tokens[self.nodes[node].first].line, 0);
                Some(Raised::unplaced("UnicodeDecodeError", cannot_decode_utf8(text, error), near))
            }
            _ => unicode_error(text).map(|message| self.raise_last("SyntaxError", &message)),
        };
        raised.map_or(Ok(()), |raised| Err(self.halt(raised)))
    }

    /// `!r` and its like.
    pub(super) fn conversion(&mut self, sign: NodeId, name: NodeId) -> Matched {
        let (sign_token, name_token) = (self.tokens[self.nodes[sign].first], self.tokens[self.nodes[name].first]);
        let inside = self.tokens[..self.nodes[sign].first].iter().rev();
        let template =
            inside.map(|token| token.kind).find(|kind| matches!(*kind, Kind::FSTRING_START | Kind::TSTRING_START));
        let literal = if template == Some(Kind::TSTRING_START) { "t-string" } else { "f-string" };
        if sign_token.end != name_token.start {
            let mark = if self.dialect.misspells_exclamation { "exclamanation" } else { "exclamation" };
            let message = format!("{literal}: conversion type must come right after the {mark} mark");
            let raised = self.raise_nodes("SyntaxError", &message, sign, name);
            return Err(self.halt(raised));
        }
        let text = self.source_of(name);
        if matches!(text, b"s" | b"r" | b"a") {
            return Ok(Some(name));
        }
        let message = format!(
            "{literal}: invalid conversion character '{}': expected 's', 'r', or 'a'",
            String::from_utf8_lossy(text)
        );
        let raised = self.raise_nodes("SyntaxError", &message, name, name);
        Err(self.halt(raised))
    }
}

/// The message of the exception that decoding a literal raises.
pub(super) fn decode_error(literal: &Literal<'_>) -> Option<String> {
    if literal.bytes {
        if !literal.body.is_ascii() {
            return Some("bytes can only contain ASCII literal characters".to_owned());
        }
        return if literal.raw { None } else { bytes_error(literal.body) };
    }
    if literal.raw || !literal.body.contains(&b'\\') {
        let error = std::str::from_utf8(literal.body).err()?;
        return Some(format!("(unicode error) {}", cannot_decode_utf8(literal.body, error)));
    }
    unicode_error(literal.body)
}

/// `\x` without two digits in a bytes literal.
fn bytes_error(body: &[u8]) -> Option<String> {
    let mut at = 0;
    while at < body.len() {
        if body[at] != b'\\' {
            at += 1;
            continue;
        }
        let digits = body.get(at + 2..at + 4).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit));
        if body.get(at + 1) == Some(&b'x') && !digits {
            return Some(format!("(value error) invalid \\x escape at position {at}"));
        }
        at += 2;
    }
    None
}

/// What is wrong with the escapes, or the encoding, of the text of a string.
pub(super) fn unicode_error(body: &[u8]) -> Option<String> {
    let mut at = 0;
    // Positions count in what CPython decodes: characters beyond ASCII are written as ten-character escapes there.
    let mut position = 0;
    while at < body.len() {
        let byte = body[at];
        if !byte.is_ascii() {
            let run = body[at..].iter().take_while(|byte| !byte.is_ascii()).count();
            let run = &body[at..at + run];
            match std::str::from_utf8(run) {
                Ok(text) => position += 10 * text.chars().count(),
                Err(error) => return Some(format!("(unicode error) {}", cannot_decode_utf8(run, error))),
            }
            at += run.len();
            continue;
        }
        if byte != b'\\' {
            at += 1;
            position += 1;
            continue;
        }
        let escape = &body[at..];
        if let Some((len, reason)) = bad_escape(escape) {
            return Some(format!(
                "(unicode error) 'unicodeescape' codec can't decode bytes in position {position}-{}: {reason}",
                position + len - 1
            ));
        }
        // An escaped character beyond ASCII is decoded as such.
        let ascii = escape.get(1).is_some_and(u8::is_ascii);
        at += if ascii { 2 } else { 1 };
        position += if ascii { 2 } else { 6 };
    }
    None
}

/// How many bytes of an escape are wrong, and why.
fn bad_escape(escape: &[u8]) -> Option<(usize, &'static str)> {
    let (wanted, reason) = match escape.get(1)? {
        b'x' => (2, "truncated \\xXX escape"),
        b'u' => (4, "truncated \\uXXXX escape"),
        b'U' => (8, "truncated \\UXXXXXXXX escape"),
        b'N' => return bad_name(escape),
        _ => return None,
    };
    let digits = escape[2..].iter().take(wanted).take_while(|byte| byte.is_ascii_hexdigit()).count();
    if digits < wanted {
        return Some((2 + digits, reason));
    }
    let code = std::str::from_utf8(&escape[2..2 + wanted]).ok().and_then(|text| u32::from_str_radix(text, 16).ok())?;
    (code > 0x0010_ffff).then_some((2 + wanted, "illegal Unicode character"))
}

fn bad_name(escape: &[u8]) -> Option<(usize, &'static str)> {
    let malformed = "malformed \\N character escape";
    if escape.get(2) != Some(&b'{') {
        return Some((2, malformed));
    }
    let Some(end) = escape.iter().position(|&byte| byte == b'}') else { return Some((escape.len(), malformed)) };
    if end == 3 {
        return Some((4, malformed));
    }
    let name = std::str::from_utf8(&escape[3..end]).ok()?;
    // Aliases and named sequences are missing from the table; what looks like a name is believed.
    let known = unicode_names2::character(name).is_some() || is_alias(name);
    (!known).then_some((end + 1, "unknown Unicode character name"))
}

/// Names of control characters and corrections of misprinted names, which the name table does not have.
fn is_alias(name: &str) -> bool {
    const CONTROLS: [&str; 12] = [
        "NULL",
        "BACKSPACE",
        "LINE FEED",
        "NEW LINE",
        "CARRIAGE RETURN",
        "ESCAPE",
        "DELETE",
        "NBSP",
        "NO-BREAK SPACE",
        "CHARACTER TABULATION",
        "TAB",
        "FORM FEED",
    ];
    let upper = name.to_ascii_uppercase();
    CONTROLS.contains(&upper.as_str())
}
