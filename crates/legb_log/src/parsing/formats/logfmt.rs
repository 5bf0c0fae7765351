//! logfmt: `ts=2026-02-28T10:15:03.007Z level=info logger=shop msg="a \"b\"" n=5`.

use crate::level::Level;
use crate::parsing::format::Format;
use crate::parsing::json::unescape;
use crate::record::{Field, Head, Kind, Slot};
use crate::time::{at_start, epoch};

pub(crate) struct Logfmt;

impl Format for Logfmt {
    fn name(&self) -> &'static str {
        "logfmt"
    }

    fn about(&self) -> &'static str {
        "key=value key=\"value\" …"
    }

    fn read(&self, line: &[u8], head: &mut Head) -> bool {
        let mut known = 0;
        let mut all = 0;
        let ok = pairs(line, head, |line, key, value, head| {
            all += 1;
            known += usize::from(take(line, key, value, head));
        });
        // Text may hold a pair or two; a line of nothing but pairs that names level, time or message is a record.
        ok && all > 1 && known > 0
    }
}

/// Uses a pair as time, level, service, message or field; whether it is one of the first four.
fn take(line: &[u8], key: Slot, value: Slot, head: &mut Head) -> bool {
    let bytes = |head: &Head, slot: Slot| bytes_of(line, head, slot).to_vec();
    let text = bytes(head, value);
    match &*bytes(head, key) {
        b"ts" | b"time" | b"timestamp" | b"t" | b"datetime" | b"asctime" | b"@timestamp" if head.stamp.is_none() => {
            let found = at_start(&text).filter(|found| found.len == text.len());
            head.stamp = found.and_then(|found| found.stamp).or_else(|| epoch(&text));
            if head.stamp.is_some() {
                return true;
            }
        }
        b"level" | b"lvl" | b"severity" | b"levelname" if head.level.is_none() => {
            head.level = Level::from_word(&text);
            if head.level.is_some() {
                return true;
            }
        }
        b"logger" | b"service" | b"name" | b"app" | b"component" | b"logger_name" if head.service.is_none() => {
            head.service = Some(value);
            return false;
        }
        b"msg" | b"message" | b"event" if head.message.is_none() => {
            head.message = Some(value);
            return true;
        }
        _ => {}
    }
    let is_number = !text.is_empty() && text.iter().all(u8::is_ascii_digit) && (text.len() == 1 || text[0] != b'0');
    head.fields.push(Field { key, value, kind: if is_number { Kind::Number } else { Kind::Text } });
    false
}

fn bytes_of<'a>(line: &'a [u8], head: &'a Head, slot: Slot) -> &'a [u8] {
    slot.within(line, &head.beside)
}

/// Calls `each` with the pairs that the line consists of; false where there is anything else.
pub(super) fn pairs(line: &[u8], head: &mut Head, mut each: impl FnMut(&[u8], Slot, Slot, &mut Head)) -> bool {
    let mut at = 0;
    loop {
        while line.get(at) == Some(&b' ') {
            at += 1;
        }
        if at >= line.len() {
            return true;
        }
        let start = at;
        while line
            .get(at)
            .is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-' | b'@' | b'/'))
        {
            at += 1;
        }
        if at == start || line.get(at) != Some(&b'=') {
            return false;
        }
        let key = Slot::of(start, at);
        at += 1;
        let Some((value, end)) = value(line, at, head) else { return false };
        each(line, key, value, head);
        at = end;
    }
}

/// The value at a place, bare or quoted, and where it ends.
fn value(line: &[u8], at: usize, head: &mut Head) -> Option<(Slot, usize)> {
    let quote = if let Some(quote @ (b'"' | b'\'')) = line.get(at) {
        *quote
    } else {
        let len = memchr::memchr(b' ', &line[at..]).unwrap_or(line.len() - at);
        return Some((Slot::of(at, at + len), at + len));
    };
    let mut end = at + 1;
    let mut is_escaped = false;
    loop {
        end += memchr::memchr2(quote, b'\\', line.get(end..)?)?;
        if line[end] == quote {
            break;
        }
        is_escaped = true;
        end += 2;
    }
    if line.get(end + 1).is_some_and(|byte| *byte != b' ') {
        return None;
    }
    let inner = (at + 1, end);
    let slot = if is_escaped {
        head.keep_with(|out| unescape(&line[inner.0..inner.1], out)).0
    } else {
        Slot::of(inner.0, inner.1)
    };
    Some((slot, end + 1))
}
