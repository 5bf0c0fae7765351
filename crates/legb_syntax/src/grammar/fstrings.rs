//! f-strings up to 3.11: the parser takes them apart when it has read all adjacent literals.
//!
//! The tokenizer sees one string. Replacement fields are found by their brackets and quotes alone, and each expression is
//! parsed on its own, in parentheses that are put around it.

use super::machine::{Halt, Machine};
use super::node::NodeId;
use super::parser_error;
use super::raised::Raised;
use super::source::Source;
use super::strings::{Literal, unicode_error};

/// Deepest nesting of brackets in a replacement field.
const MAX_BRACKETS: usize = 200;

/// An f-string that is being read.
struct Reader<'t> {
    /// The body of the literal.
    body: &'t [u8],
    at: usize,
    raw: bool,
    /// Line of the file on which the body starts.
    line: usize,
}

/// What is wrong with an f-string.
enum Wrong {
    /// Said of the literal as a whole.
    Literal(String),
    /// Said of an expression in it.
    Expression(Raised),
}

impl Wrong {
    fn fstring(message: &str) -> Self {
        Self::Literal(format!("f-string: {message}"))
    }
}

impl Machine<'_> {
    /// Checks an f-string and what is in its replacement fields.
    pub(super) fn old_fstring(&mut self, node: NodeId, first: NodeId, literal: &Literal<'_>) -> Result<(), Halt> {
        let line = self.tokens[self.nodes[node].first].line;
        let mut reader = Reader { body: literal.body, at: 0, raw: literal.raw, line };
        let Err(wrong) = self.fstring_parts(&mut reader, 0) else { return Ok(()) };
        let raised = match wrong {
            Wrong::Literal(message) => self.raise_literal(&message, first),
            Wrong::Expression(raised) => Raised { span: self.raise_nodes("", "", node, node).span, ..raised },
        };
        Err(self.halt(raised))
    }

    /// Text and replacement fields, to the end of the literal or, in a format specification, to its closing brace.
    fn fstring_parts(&mut self, reader: &mut Reader<'_>, depth: usize) -> Result<(), Wrong> {
        loop {
            let doubled = fstring_text(reader, depth)?;
            if doubled {
                continue;
            }
            match reader.body.get(reader.at) {
                Some(b'{') => self.fstring_field(reader, depth)?,
                Some(b'}') | None => break,
                Some(_) => {}
            }
        }
        if depth == 0 && reader.at < reader.body.len() {
            return Err(Wrong::fstring("unexpected end of string"));
        }
        Ok(())
    }

    fn fstring_field(&mut self, reader: &mut Reader<'_>, depth: usize) -> Result<(), Wrong> {
        if depth >= 2 {
            return Err(Wrong::fstring("expressions nested too deeply"));
        }
        reader.at += 1;
        let start = reader.at;
        skip_expression(reader)?;
        if reader.at >= reader.body.len() {
            return Err(Wrong::fstring("expecting '}'"));
        }
        self.fstring_expression(reader, start)?;
        let next = |reader: &Reader<'_>| reader.body.get(reader.at).copied();
        if next(reader) == Some(b'=') {
            reader.at += 1;
            while next(reader).is_some_and(|byte| byte.is_ascii_whitespace() || byte == b'\x0b') {
                reader.at += 1;
            }
        }
        if next(reader) == Some(b'!') {
            reader.at += 1;
            let Some(conversion) = next(reader) else { return Err(Wrong::fstring("expecting '}'")) };
            reader.at += 1;
            if !matches!(conversion, b's' | b'r' | b'a') {
                return Err(Wrong::fstring("invalid conversion character: expected 's', 'r', or 'a'"));
            }
        }
        if next(reader) == Some(b':') {
            reader.at += 1;
            self.fstring_parts(reader, depth + 1)?;
        }
        if next(reader) != Some(b'}') {
            return Err(Wrong::fstring("expecting '}'"));
        }
        reader.at += 1;
        Ok(())
    }

    /// Parses the expression that starts at `start` and ends where the reader is.
    fn fstring_expression(&mut self, reader: &Reader<'_>, start: usize) -> Result<(), Wrong> {
        let expression = &reader.body[start..reader.at];
        if expression.iter().all(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\x0c' | b'\r')) {
            let end = reader.body[reader.at];
            let named = self.dialect.empty_fields_name_their_end && matches!(end, b'!' | b':' | b'=');
            return Err(Wrong::fstring(&if named {
                format!("expression required before '{}'", char::from(end))
            } else {
                "empty expression not allowed".to_owned()
            }));
        }
        let parenthesised = [b"(", expression, b")"].concat();
        let lines = memchr::memchr_iter(b'\n', &reader.body[..start]).count();
        // In 3.8 the expression is a text of its own, with its own line numbers.
        let own_text = self.dialect.checks_tree_at_end;
        let source = Source::fragment(&parenthesised, if own_text { 1 } else { reader.line + lines }, !own_text);
        let mut inner = Machine::new(&source, self.dialect, self.grammar);
        inner.prefix = if own_text { "" } else { "f-string: " };
        parser_error(&mut inner, "field").map_or(Ok(()), |raised| Err(Wrong::Expression(raised)))
    }
}

/// Reads text up to a brace; tells whether it ends with a doubled one.
fn fstring_text(reader: &mut Reader<'_>, depth: usize) -> Result<bool, Wrong> {
    let start = reader.at;
    let mut end = reader.body.len();
    let mut doubled = false;
    while let Some(&byte) = reader.body.get(reader.at) {
        reader.at += 1;
        if byte == b'\\' && !reader.raw {
            let escaped = reader.body.get(reader.at);
            if escaped == Some(&b'N') && reader.body.get(reader.at + 1) == Some(&b'{') {
                let rest = &reader.body[reader.at..];
                reader.at += rest.iter().position(|&byte| byte == b'}').map_or(rest.len(), |len| len + 1);
                continue;
            }
            // A brace behind a backslash is still a brace.
            if !matches!(escaped, None | Some(b'{' | b'}')) {
                reader.at += 1;
            }
            continue;
        }
        if !matches!(byte, b'{' | b'}') {
            continue;
        }
        if depth == 0 {
            if reader.body.get(reader.at) == Some(&byte) {
                end = reader.at;
                reader.at += 1;
                doubled = true;
                break;
            }
            if byte == b'}' {
                return Err(Wrong::fstring("single '}' is not allowed"));
            }
        }
        reader.at -= 1;
        end = reader.at;
        break;
    }
    let text = &reader.body[start..end];
    let wrong = if reader.raw { None } else { unicode_error(text) };
    wrong.map_or(Ok(doubled), |message| Err(Wrong::Literal(message)))
}

/// Moves to what ends the expression of a replacement field: `!`, `:`, `=`, `}` outside of brackets and quotes.
fn skip_expression(reader: &mut Reader<'_>) -> Result<(), Wrong> {
    let mut quote: Option<(u8, usize)> = None;
    let mut open: Vec<u8> = Vec::new();
    while let Some(&byte) = reader.body.get(reader.at) {
        let rest = &reader.body[reader.at..];
        if byte == b'\\' {
            return Err(Wrong::Literal("f-string expression part cannot include a backslash".to_owned()));
        }
        if let Some((end, size)) = quote {
            if rest.iter().take(size).filter(|&&byte| byte == end).count() == size {
                quote = None;
                reader.at += size;
            } else {
                reader.at += 1;
            }
            continue;
        }
        match byte {
            b'\'' | b'"' => {
                let size = if rest.len() >= 3 && rest[1] == byte && rest[2] == byte { 3 } else { 1 };
                quote = Some((byte, size));
                reader.at += size;
                continue;
            }
            b'[' | b'{' | b'(' => {
                if open.len() >= MAX_BRACKETS {
                    return Err(Wrong::fstring("too many nested parenthesis"));
                }
                open.push(byte);
            }
            b'#' => return Err(Wrong::Literal("f-string expression part cannot include '#'".to_owned())),
            b'!' | b':' | b'}' | b'=' | b'<' | b'>' if open.is_empty() => {
                let comparison = matches!(byte, b'!' | b'=' | b'<' | b'>') && rest.get(1) == Some(&b'=');
                if comparison {
                    reader.at += 1;
                } else if !matches!(byte, b'<' | b'>') {
                    break;
                }
            }
            b']' | b'}' | b')' => {
                let closing = char::from(byte);
                let Some(opening) = open.pop() else {
                    return Err(Wrong::fstring(&format!("unmatched '{closing}'")));
                };
                if !matches!((opening, byte), (b'(', b')') | (b'[', b']') | (b'{', b'}')) {
                    let opening = char::from(opening);
                    return Err(Wrong::fstring(&format!(
                        "closing parenthesis '{closing}' does not match opening parenthesis '{opening}'"
                    )));
                }
            }
            _ => {}
        }
        reader.at += 1;
    }
    if quote.is_some() {
        return Err(Wrong::fstring("unterminated string"));
    }
    if let Some(&opening) = open.last() {
        return Err(Wrong::fstring(&format!("unmatched '{}'", char::from(opening))));
    }
    Ok(())
}
