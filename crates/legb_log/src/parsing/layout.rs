//! A header as a sequence of parts: literal text, time, level, words. Compiled from a format string of Python's `logging`, or
//! learned from lines.
//!
//! A space in the literal text stands for one or more, and a level may be padded on either side, since formatters pad it.

use crate::level::Level;
use crate::record::{Head, Kind, Slot};
use crate::time::{at_start, epoch};

use super::format::{Format, Strength};

/// Words of a header are short; what is longer is text.
const MAX_WORD: usize = 200;

/// A part of a header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Literal(Vec<u8>),
    Time,
    Level,
    /// A level as a number of `logging`.
    LevelNumber,
    /// Text without spaces.
    Word(Use),
    Number(Use),
    /// Anything up to the next literal text.
    Any(Use),
    /// Everything that is left.
    Message,
}

/// What a part is used for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Use {
    Service,
    Field(String),
}

/// A header as a sequence of parts.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    name: String,
    about: String,
    parts: Vec<Part>,
    strength: Strength,
}

impl Layout {
    pub(crate) fn new(name: &str, about: String, parts: Vec<Part>) -> Self {
        let has = |wanted: &Part| parts.contains(wanted);
        let tight = parts.windows(4).any(|parts| {
            matches!(parts, [Part::Level, Part::Literal(a), Part::Word(_), Part::Literal(b)] if a == b":" && b == b":")
        });
        let strength = if has(&Part::Time) && (has(&Part::Level) || has(&Part::LevelNumber)) || tight {
            Strength::Strong
        } else {
            Strength::Weak
        };
        Self { name: name.to_owned(), about, parts, strength }
    }

    /// Compiles a format string in any of the styles `%`, `{` and `$` of `logging`.
    pub(crate) fn parse(name: &str, text: &str) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            if let Some((key, conversion, after)) = directive(rest) {
                push_directive(&mut parts, key, conversion)?;
                rest = after;
                continue;
            }
            let character = rest.chars().next().expect("invariant: the rest is not empty");
            let doubled = ["%%", "{{", "}}", "$$"].iter().any(|doubled| rest.starts_with(doubled));
            push_literal(&mut parts, character.encode_utf8(&mut [0; 4]).as_bytes());
            rest = &rest[if doubled { 2 } else { character.len_utf8() }..];
        }
        if !parts.iter().any(|part| !matches!(part, Part::Literal(_))) {
            return Err(format!(
                "`{text}` names no field; write it as for Python's logging, such as `%(asctime)s %(levelname)s %(message)s`, \
                 or as a regular expression with named groups, such as `(?P<level>[A-Z]+) (?P<message>.*)`"
            ));
        }
        if !matches!(parts.last(), Some(Part::Message | Part::Literal(_))) {
            // The last field takes the rest of the line, whatever it is.
            if let Some(Part::Word(used)) = parts.last().cloned() {
                parts.pop();
                parts.push(Part::Any(used));
            }
        }
        Ok(Self::new(name, text.to_owned(), parts))
    }

    /// How many of its parts say something.
    pub(crate) fn detail(&self) -> usize {
        self.parts.iter().filter(|part| !matches!(part, Part::Literal(_))).count()
    }
}

impl Format for Layout {
    fn name(&self) -> &str {
        &self.name
    }

    fn about(&self) -> &str {
        &self.about
    }

    fn strength(&self) -> Strength {
        self.strength
    }

    fn detail(&self) -> usize {
        Layout::detail(self)
    }

    fn read(&self, line: &[u8], head: &mut Head) -> bool {
        match_parts(&self.parts, line, head).is_some()
    }
}

fn match_parts(parts: &[Part], line: &[u8], head: &mut Head) -> Option<()> {
    let mut at = 0;
    for (index, part) in parts.iter().enumerate() {
        let next = parts.get(index + 1);
        at = match part {
            Part::Literal(literal) => at + match_literal(literal, &line[at..])?,
            Part::Time => at + match_time(&line[at..], head)?,
            Part::Level => {
                let start = at + spaces(&line[at..]);
                let len = line[start..].iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
                head.level = Some(Level::from_word(&line[start..start + len])?);
                start + len + padding(&line[start + len..], next)
            }
            Part::LevelNumber | Part::Number(_) => {
                let start = at + spaces(&line[at..]);
                let len = line[start..].iter().take_while(|byte| byte.is_ascii_digit()).count();
                let number = std::str::from_utf8(&line[start..start + len]).ok()?.parse().ok()?;
                match part {
                    Part::Number(used) => keep(used, Slot::of(start, start + len), Kind::Number, head),
                    _ => head.level = head.level.or(Level::from_python(number)),
                }
                start + len + padding(&line[start + len..], next)
            }
            Part::Word(used) => {
                let start = at + spaces(&line[at..]);
                let len = word_len(&line[start..], next)?;
                keep(used, Slot::of(start, start + len), Kind::Text, head);
                start + len + padding(&line[start + len..], next)
            }
            Part::Any(used) => {
                let len = any_len(&line[at..], next)?;
                keep(used, Slot::of(at, at + len), Kind::Text, head);
                at + len
            }
            Part::Message => {
                // A message may be followed by more fields only if the layout says what divides them.
                let len = if next.is_some() { any_len(&line[at..], next)? } else { line.len() - at };
                head.message = Some(Slot::of(at, at + len));
                at + len
            }
        };
    }
    Some(())
}

fn keep(used: &Use, slot: Slot, kind: Kind, head: &mut Head) {
    match used {
        Use::Service => head.service = Some(slot),
        Use::Field(name) => head.field(name, slot, kind),
    }
}

fn spaces(text: &[u8]) -> usize {
    text.iter().take_while(|byte| **byte == b' ').count()
}

/// Padding behind a part, unless the literal text that follows begins with a space and so takes it itself.
fn padding(text: &[u8], next: Option<&Part>) -> usize {
    match next {
        Some(Part::Literal(literal)) if literal.first() != Some(&b' ') => spaces(text),
        _ => 0,
    }
}

/// The length of the literal text, whose spaces may be more in the line. At the end of the line its last space may be missing,
/// since editors and shippers trim.
fn match_literal(literal: &[u8], text: &[u8]) -> Option<usize> {
    let mut at = 0;
    for (index, byte) in literal.iter().enumerate() {
        if text.get(at) != Some(byte) {
            return (at == text.len() && *byte == b' ' && index + 1 == literal.len()).then_some(at);
        }
        at += 1;
        if *byte == b' ' {
            // Further spaces belong to the padding only before more literal text or a padded part; a message keeps its own.
            while literal.get(index + 1) != Some(&b' ') && text.get(at) == Some(&b' ') && index + 1 < literal.len() {
                at += 1;
            }
        }
    }
    Some(at)
}

fn match_time(text: &[u8], head: &mut Head) -> Option<usize> {
    if let Some(found) = at_start(text) {
        head.stamp = found.stamp;
        return Some(found.len);
    }
    let len = text.iter().take_while(|byte| byte.is_ascii_digit() || **byte == b'.').count();
    head.stamp = Some(epoch(&text[..len])?);
    Some(len)
}

/// A byte that may be part of a word in a header.
pub(crate) fn is_word_byte(byte: u8) -> bool {
    byte > b' ' && !matches!(byte, b'[' | b']' | b'(' | b')' | b'{' | b'}' | b'"' | b'\'' | b'=' | b'|' | b',')
}

fn word_len(text: &[u8], next: Option<&Part>) -> Option<usize> {
    let longest = text.iter().take(MAX_WORD).take_while(|byte| is_word_byte(**byte)).count();
    let Some(Part::Literal(literal)) = next else { return (longest > 0).then_some(longest) };
    (1..=longest).find(|len| {
        let rest = &text[*len..];
        match_literal(literal, &rest[padding(rest, next)..]).is_some()
    })
}

fn any_len(text: &[u8], next: Option<&Part>) -> Option<usize> {
    match next {
        Some(Part::Literal(literal)) => memchr::memmem::find(text, literal),
        _ => Some(text.len()),
    }
}

/// The key, the conversion and what follows of a directive at the start: `%(name)-8s`, `{name:<8}`, `${name}`, `$name`.
fn directive(text: &str) -> Option<(&str, &str, &str)> {
    let is_key = |key: &str| {
        !key.is_empty()
            && key
                .chars()
                .all(|character| character.is_ascii_alphanumeric() || matches!(character, '_' | '.' | '[' | ']'))
    };
    if let Some(rest) = text.strip_prefix("%(") {
        let (key, rest) = rest.split_once(')')?;
        let len = rest.find(|character: char| character.is_ascii_alphabetic())?;
        return is_key(key).then_some((key, &rest[..=len], &rest[len + 1..]));
    }
    if let Some(rest) = text.strip_prefix("${").or_else(|| text.strip_prefix('{').filter(|rest| !rest.starts_with('{')))
    {
        let (inside, rest) = rest.split_once('}')?;
        let (key, conversion) = inside.split_once([':', '!']).unwrap_or((inside, ""));
        return is_key(key).then_some((key, conversion, rest));
    }
    let rest = text.strip_prefix('$')?;
    let len = rest.find(|character: char| !character.is_ascii_alphanumeric() && character != '_').unwrap_or(rest.len());
    is_key(&rest[..len]).then_some((&rest[..len], "", &rest[len..]))
}

fn push_directive(parts: &mut Vec<Part>, key: &str, conversion: &str) -> Result<(), String> {
    let field = || Use::Field(key.to_owned());
    let part = match key {
        "asctime" | "time" | "timestamp" | "created" | "ts" => Part::Time,
        "levelname" | "level" | "severity" => Part::Level,
        "levelno" => Part::LevelNumber,
        "message" | "msg" => Part::Message,
        "name" | "service" | "logger" => Part::Word(Use::Service),
        "process" | "pid" => Part::Number(Use::Field("pid".to_owned())),
        "thread" | "lineno" | "line" | "relativeCreated" => Part::Number(field()),
        // The time before it has taken the fraction already.
        "msecs" => {
            if matches!(parts.last(), Some(Part::Literal(literal)) if matches!(literal.as_slice(), b"." | b",")) {
                parts.pop();
            }
            return Ok(());
        }
        "threadName" | "taskName" | "pathname" => Part::Any(field()),
        _ if conversion.ends_with('d') => Part::Number(field()),
        _ => Part::Word(field()),
    };
    if !matches!(parts.last(), None | Some(Part::Literal(_))) && !matches!(part, Part::Message) {
        return Err(format!("`{key}` follows another field directly: the format must say what divides them"));
    }
    parts.push(part);
    Ok(())
}

pub(crate) fn push_literal(parts: &mut Vec<Part>, text: &[u8]) {
    if let Some(Part::Literal(literal)) = parts.last_mut() {
        literal.extend_from_slice(text);
    } else {
        parts.push(Part::Literal(text.to_vec()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Record;

    fn read(format: &str, line: &str) -> Option<Record> {
        let mut record = Record::default();
        let ok = Layout::parse("own", format).unwrap().read(line.as_bytes(), &mut record.head);
        record.text = line.as_bytes().to_vec();
        ok.then_some(record)
    }

    fn text(bytes: &[u8]) -> &str {
        std::str::from_utf8(bytes).unwrap()
    }

    #[test]
    fn three_styles_say_the_same() {
        for format in [
            "%(asctime)s %(levelname)-8s [%(name)s:%(lineno)d] %(message)s",
            "{asctime} {levelname:<8} [{name}:{lineno}] {message}",
            "$asctime ${levelname} [${name}:$lineno] $message",
        ] {
            let record = read(format, "2026-02-28 10:15:03,007 INFO     [shop.cart:12] a: b").unwrap();
            assert_eq!(record.level(), Some(Level::Info), "{format}");
            assert_eq!(record.service().map(text), Some("shop.cart"), "{format}");
            assert_eq!(text(record.message()), "a: b", "{format}");
            assert_eq!(text(&record.field("lineno").unwrap().text()), "12", "{format}");
        }
    }

    #[test]
    fn other_lines_are_refused() {
        let format = "%(asctime)s - %(name)s - %(levelname)s - %(message)s";
        assert!(read(format, "2026-02-28 10:15:03,007 - shop - INFO - x - y").is_some());
        assert!(read(format, "2026-02-28 10:15:03,007 - two words - INFO - x").is_none());
        assert!(read(format, "Traceback (most recent call last):").is_none());
        assert!(read(format, "").is_none());
    }

    #[test]
    fn milliseconds_are_part_of_the_time() {
        let record =
            read("%(asctime)s.%(msecs)03d %(levelname)s %(message)s", "2026-02-28 10:15:03.007 INFO x").unwrap();
        assert_eq!(record.head.stamp.unwrap().nanos, 7_000_000);
    }

    #[test]
    fn a_format_without_fields_is_an_error() {
        assert!(Layout::parse("own", "nothing").unwrap_err().contains("names no field"));
        assert!(Layout::parse("own", "%(name)s%(levelname)s").unwrap_err().contains("follows another field"));
    }
}
