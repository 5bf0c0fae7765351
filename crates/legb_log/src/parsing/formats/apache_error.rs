//! Apache's error log: `[Sat Feb 28 10:15:03.007123 2026] [core:error] [pid 100:tid 7] [client 10.0.0.1:80] AH00124: message`.

use crate::level::Level;
use crate::parsing::format::Format;
use crate::record::{Head, Kind, Slot};
use crate::time::{Shape, at_start};

pub(crate) struct ApacheError;

impl Format for ApacheError {
    fn name(&self) -> &'static str {
        "apache-error"
    }

    fn about(&self) -> &'static str {
        "[WEEKDAY MONTH DAY TIME YEAR] [module:level] [pid N] [client …] message"
    }

    fn read(&self, line: &[u8], head: &mut Head) -> bool {
        read(line, head).is_some()
    }
}

fn read(line: &[u8], head: &mut Head) -> Option<()> {
    let found = at_start(line.strip_prefix(b"[")?).filter(|found| found.shape == Shape::MonthFirst)?;
    let mut at = found.len + 1;
    at += line[at..].strip_prefix(b"] [").map(|_| 3)?;
    head.stamp = found.stamp;
    let close = at + memchr::memchr(b']', &line[at..])?;
    let word_at = memchr::memrchr(b':', &line[at..close]).map_or(at, |colon| at + colon + 1);
    // `trace1` to `trace8` are levels too.
    let word = line[word_at..close].trim_ascii();
    let word = if word.starts_with(b"trace") { &word[..5] } else { word };
    head.level = Some(Level::from_word(word)?);
    if word_at > at + 1 {
        head.service = Some(Slot::of(at, word_at - 1));
    }
    at = close + 1;
    while let Some(inside) = line[at..].strip_prefix(b" [").map(|_| at + 2) {
        let end = inside + memchr::memchr(b']', &line[inside..])?;
        if let Some(pid) = line[inside..end].strip_prefix(b"pid ") {
            let len = pid.iter().take_while(|byte| byte.is_ascii_digit()).count();
            head.field("pid", Slot::of(inside + 4, inside + 4 + len), Kind::Number);
        } else if line[inside..end].starts_with(b"client ") {
            head.field("client", Slot::of(inside + 7, end), Kind::Text);
        } else {
            break;
        }
        at = end + 1;
    }
    at += usize::from(line.get(at) == Some(&b' '));
    head.message = Some(Slot::of(at, line.len()));
    Some(())
}
