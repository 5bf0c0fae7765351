//! uvicorn: `INFO:     message`, the level padded to nine columns, and `INFO:     127.0.0.1:5000 - "GET / HTTP/1.1" 200 OK`.

use crate::level::Level;
use crate::parsing::format::{Format, Strength};
use crate::record::{Head, Kind, Slot};

/// The column in which messages begin.
const COLUMN: usize = 10;

pub(crate) struct Uvicorn;

impl Format for Uvicorn {
    fn name(&self) -> &'static str {
        "uvicorn"
    }

    fn about(&self) -> &'static str {
        "LEVEL:    message, padded to one column"
    }

    fn strength(&self) -> Strength {
        Strength::Strong
    }

    fn detail(&self) -> usize {
        2
    }

    fn read(&self, line: &[u8], head: &mut Head) -> bool {
        let Some(colon) = memchr::memchr(b':', line.get(..COLUMN).unwrap_or_default()) else { return false };
        let word = &line[..colon];
        if !word.iter().all(u8::is_ascii_uppercase) || !line[colon + 1..COLUMN].iter().all(|byte| *byte == b' ') {
            return false;
        }
        // At least one space stands behind the colon, for the longest level too.
        if line.get(colon + 1) != Some(&b' ') || line.get(COLUMN) == Some(&b' ') {
            return false;
        }
        head.level = Level::from_word(word);
        if head.level.is_none() {
            return false;
        }
        let written = head.level;
        if access(line, head).is_none() {
            head.fields.clear();
            head.message = Some(Slot::of(COLUMN.min(line.len()), line.len()));
        }
        head.level = written;
        true
    }
}

/// `127.0.0.1:5000 - "GET / HTTP/1.1" 200 OK`.
fn access(line: &[u8], head: &mut Head) -> Option<()> {
    let rest = &line[COLUMN..];
    let end = memchr::memmem::find(rest, b" - \"")?;
    let port = memchr::memrchr(b':', &rest[..end])?;
    if !rest[..end].iter().all(|byte| byte.is_ascii_hexdigit() || matches!(byte, b'.' | b':' | b'[' | b']')) {
        return None;
    }
    head.field("ip", Slot::of(COLUMN, COLUMN + port), Kind::Text);
    super::access::request(line, COLUMN + end + 4, head)?;
    head.message = Some(Slot::of(COLUMN, line.len()));
    Some(())
}
