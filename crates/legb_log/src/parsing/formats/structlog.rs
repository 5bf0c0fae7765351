//! structlog's console: `2026-02-28T10:15:03.007Z [info     ] event text       [shop.cart] user=bob n=5`.
//!
//! The level is padded inside its brackets; behind the event stand the logger in brackets and pairs.

use crate::level::Level;
use crate::parsing::format::Format;
use crate::record::{Field, Head, Kind, Slot};
use crate::time::{Shape, at_start};

use super::logfmt::pairs;

/// The event is padded to this width where anything follows it.
const EVENT: usize = 30;

/// An event is not looked for among more words than this.
const MAX_WORDS: usize = 100;

pub(crate) struct Structlog;

impl Format for Structlog {
    fn name(&self) -> &'static str {
        "structlog"
    }

    fn about(&self) -> &'static str {
        "TIME [level    ] event   [logger] key=value …"
    }

    fn read(&self, line: &[u8], head: &mut Head) -> bool {
        read(line, head).is_some()
    }
}

fn read(line: &[u8], head: &mut Head) -> Option<()> {
    let found = at_start(line).filter(|found| matches!(found.shape, Shape::Iso | Shape::TimeOnly))?;
    let inside = line[found.len..].strip_prefix(b" [").map(|_| found.len + 2)?;
    let close = inside + memchr::memchr(b']', line.get(inside..(inside + 16).min(line.len()))?)?;
    let level = &line[inside..close];
    // Padded to one width, and in small letters: the other formats with brackets are neither.
    if level.len() < 8 || !level.iter().all(|byte| byte.is_ascii_lowercase() || *byte == b' ') {
        return None;
    }
    head.stamp = found.stamp;
    head.level = Some(Level::from_word(level.trim_ascii())?);
    let start = close + 1 + usize::from(line.get(close + 1) == Some(&b' '));
    let end = event(line, start, head);
    head.message = Some(Slot::of(start, end));
    Some(())
}

/// Reads logger and pairs from the end of the line: where the event ends.
fn event(line: &[u8], start: usize, head: &mut Head) -> usize {
    let trimmed = |end: usize| start + line[start..end].trim_ascii_end().len();
    // The first place from which everything to the end is pairs.
    for at in memchr::memchr_iter(b' ', &line[start..])
        .map(|at| start + at + 1)
        .filter(|at| *at > start + EVENT)
        .take(MAX_WORDS)
        .chain([line.len()])
    {
        let before = (head.fields.len(), head.beside.len());
        let rest = &line[at..];
        let mut found = 0;
        let ok = pairs(rest, head, |_, key, value, head| {
            found += 1;
            head.fields.push(Field { key: key.shifted(at), value: value.shifted(at), kind: Kind::Text });
        });
        if !ok || found == 0 && at < line.len() {
            head.fields.truncate(before.0);
            head.beside.truncate(before.1);
            continue;
        }
        let end = trimmed(at);
        return logger(line, start, end, head);
    }
    trimmed(line.len())
}

/// Takes `[logger]` off the end of the event: where the event ends then.
fn logger(line: &[u8], start: usize, end: usize, head: &mut Head) -> usize {
    let event = &line[start..end];
    let Some(open) = event.strip_suffix(b"]").and_then(|event| memchr::memmem::rfind(event, b" [")) else { return end };
    let name = &event[open + 2..event.len() - 1];
    if open < EVENT
        || name.is_empty()
        || !name.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'))
    {
        return end;
    }
    head.service = Some(Slot::of(start + open + 2, end - 1));
    start + event[..open].trim_ascii_end().len()
}
