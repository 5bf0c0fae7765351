//! nginx's error log: `2026/02/28 10:15:03 [error] 100#0: *5 message, client: 10.0.0.1, server: _, request: "GET / HTTP/1.1"`.

use crate::level::Level;
use crate::parsing::format::Format;
use crate::record::{Head, Kind, Slot};
use crate::time::{Zone, iso};

pub(crate) struct NginxError;

impl Format for NginxError {
    fn name(&self) -> &'static str {
        "nginx-error"
    }

    fn about(&self) -> &'static str {
        "DATE TIME [level] PID#TID: *N message, client: …"
    }

    fn read(&self, line: &[u8], head: &mut Head) -> bool {
        read(line, head).is_some()
    }
}

fn read(line: &[u8], head: &mut Head) -> Option<()> {
    let (stamp, len) = iso(line).filter(|(stamp, _)| stamp.zone == Zone::None)?;
    let inside = line[len..].strip_prefix(b" [").map(|_| len + 2)?;
    let close = inside + memchr::memchr(b']', &line[inside..])?;
    head.stamp = Some(stamp);
    head.level = Some(Level::from_word(&line[inside..close])?);
    let pid_at = close + 2;
    let pid_len = digits(line.get(pid_at..)?);
    let mut at = pid_at + pid_len;
    if pid_len == 0 || line.get(at) != Some(&b'#') {
        return None;
    }
    at += 1 + digits(&line[at + 1..]);
    at += line[at..].strip_prefix(b": ").map(|_| 2)?;
    head.field("pid", Slot::of(pid_at, pid_at + pid_len), Kind::Number);
    if line.get(at) == Some(&b'*') {
        let len = digits(&line[at + 1..]);
        if len > 0 && line.get(at + 1 + len) == Some(&b' ') {
            head.field("connection", Slot::of(at + 1, at + 1 + len), Kind::Number);
            at += len + 2;
        }
    }
    let end = memchr::memmem::rfind(&line[at..], b", client: ").map_or(line.len(), |found| at + found);
    head.message = Some(Slot::of(at, end));
    details(line, end, head);
    Some(())
}

fn digits(text: &[u8]) -> usize {
    text.iter().take_while(|byte| byte.is_ascii_digit()).count()
}

/// `, key: value` pairs behind the message; a value in quotes may hold commas.
fn details(line: &[u8], mut at: usize, head: &mut Head) {
    while let Some(rest) = line.get(at..).and_then(|rest| rest.strip_prefix(b", ")) {
        let start = at + 2;
        let Some(colon) = memchr::memmem::find(rest, b": ") else { return };
        let key = &line[start..start + colon];
        let value_at = start + colon + 2;
        let (value, end) = if let Some(b'"') = line.get(value_at) {
            let Some(close) = memchr::memchr(b'"', &line[value_at + 1..]) else { return };
            (Slot::of(value_at + 1, value_at + 1 + close), value_at + close + 2)
        } else {
            let len = memchr::memmem::find(&line[value_at..], b", ").unwrap_or(line.len() - value_at);
            (Slot::of(value_at, value_at + len), value_at + len)
        };
        let Ok(key) = std::str::from_utf8(key) else { return };
        head.field(key, value, Kind::Text);
        at = end;
    }
}
