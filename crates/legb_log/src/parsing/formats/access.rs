//! Access logs of web servers: common and combined (Apache, nginx, gunicorn, werkzeug), and what Django's server prints.
//!
//! `10.0.0.8 - alice [28/Feb/2026:10:15:03 +0000] "GET /users HTTP/1.1" 200 3275 "referrer" "agent"`. The level follows from
//! the status: 5xx is an error, 4xx a warning.

use crate::level::Level;
use crate::parsing::format::Format;
use crate::record::{Head, Kind, Slot};
use crate::time::at_start;

pub(crate) struct Access;

impl Format for Access {
    fn name(&self) -> &'static str {
        "access"
    }

    fn about(&self) -> &'static str {
        "IP - USER [TIME] \"METHOD PATH PROTOCOL\" STATUS SIZE, and what may follow"
    }

    fn read(&self, line: &[u8], head: &mut Head) -> bool {
        read_access(line, head).is_some()
    }
}

fn read_access(line: &[u8], head: &mut Head) -> Option<()> {
    let first = *line.first()?;
    if !(first.is_ascii_alphanumeric() || matches!(first, b':' | b'[' | b'-')) {
        return None;
    }
    let ip_end = memchr::memchr(b' ', line)?;
    let bracket = ip_end + memchr::memmem::find(&line[ip_end..], b" [")?;
    // Between host and time stand identity and user, two words.
    let mut words = line[ip_end..bracket].split(|byte| *byte == b' ').filter(|word| !word.is_empty());
    let (_identity, user) = (words.next()?, words.next()?);
    let found = at_start(&line[bracket + 2..])?;
    let mut at = bracket + 2 + found.len;
    at += line[at..].strip_prefix(b"] \"").map(|_| 3)?;
    head.stamp = found.stamp;
    head.field("ip", Slot::of(0, ip_end), Kind::Text);
    if user != b"-" {
        let user = head.keep(user);
        head.field("user", user, Kind::Text);
    }
    at = request(line, at, head)?;
    for key in ["referrer", "agent"] {
        let Some(inside) = line[at..].strip_prefix(b" \"").map(|_| at + 2) else { break };
        let Some(end) = quote_end(line, inside) else { break };
        if &line[inside..end] != b"-" {
            let value = unescaped(&line[inside..end], inside, head);
            head.field(key, value, Kind::Text);
        }
        at = end + 1;
    }
    Some(())
}

/// What Django's and werkzeug's servers print without a client: `[28/Feb/2026 10:15:03] "GET / HTTP/1.1" 200 12`.
pub(crate) struct DjangoServer;

impl Format for DjangoServer {
    fn name(&self) -> &'static str {
        "django-server"
    }

    fn about(&self) -> &'static str {
        "[TIME] \"METHOD PATH PROTOCOL\" STATUS SIZE"
    }

    fn read(&self, line: &[u8], head: &mut Head) -> bool {
        let Some(inside) = line.strip_prefix(b"[") else { return false };
        let Some(found) = at_start(inside) else { return false };
        let at = found.len + 1;
        if !line[at..].starts_with(b"] \"") {
            return false;
        }
        head.stamp = found.stamp;
        request(line, at + 3, head).is_some()
    }
}

/// Reads `METHOD PATH PROTOCOL" STATUS SIZE` behind the opening quote: where it ends.
pub(super) fn request(line: &[u8], at: usize, head: &mut Head) -> Option<usize> {
    let end = quote_end(line, at)?;
    let (status, after) = word(line, end + 1)?;
    let status = &line[status.0..status.1];
    let code: u64 = std::str::from_utf8(status).ok()?.parse().ok().filter(|code| (100..=999).contains(code))?;
    head.level = Some(Level::from_http(code));
    head.message = Some(Slot::of(at, end));
    let mut parts = line[at..end].splitn(3, |byte| *byte == b' ');
    if let (Some(method), Some(path)) = (parts.next(), parts.next()) {
        let path_at = at + method.len() + 1;
        head.field("method", Slot::of(at, at + method.len()), Kind::Text);
        let path = unescaped(path, path_at, head);
        head.field("path", path, Kind::Text);
        if let Some(protocol) = parts.next() {
            head.field("protocol", Slot::of(end - protocol.len(), end), Kind::Text);
        }
    }
    let status = head.keep(status);
    head.field("status", status, Kind::Number);
    let Some((size, after_size)) = word(line, after) else { return Some(after) };
    let text = &line[size.0..size.1];
    if text == b"-" {
        let zero = head.keep(b"0");
        head.field("size", zero, Kind::Number);
    } else if text.iter().all(u8::is_ascii_digit) {
        head.field("size", Slot::of(size.0, size.1), Kind::Number);
    } else {
        return Some(after);
    }
    Some(after_size)
}

/// The word behind a space, and where it ends.
fn word(line: &[u8], at: usize) -> Option<((usize, usize), usize)> {
    let rest = line.get(at..)?.strip_prefix(b" ")?;
    let len = memchr::memchr(b' ', rest).unwrap_or(rest.len());
    (len > 0).then_some(((at + 1, at + 1 + len), at + 1 + len))
}

/// The closing quote, behind escaped ones.
fn quote_end(line: &[u8], at: usize) -> Option<usize> {
    let mut end = at;
    loop {
        end += memchr::memchr2(b'"', b'\\', line.get(end..)?)?;
        if line[end] == b'"' {
            return Some(end);
        }
        end += 2;
    }
}

/// The place of a value in which quotes and backslashes may be escaped.
fn unescaped(text: &[u8], at: usize, head: &mut Head) -> Slot {
    if memchr::memchr(b'\\', text).is_none() {
        return Slot::of(at, at + text.len());
    }
    head.keep_with(|out| crate::parsing::json::unescape(text, out)).0
}
