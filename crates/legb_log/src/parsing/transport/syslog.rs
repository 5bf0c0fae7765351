//! Syslog as RFC 3164 describes it and as daemons and the journal write it to files:
//! `<34>Feb 28 10:15:03 host app[100]: text`, `2026-02-28T10:15:03+0000 host app[100]: text`.
//!
//! Daemons repeat the header for every line of a message, write a line feed as `#012`, or (the journal) indent further lines to
//! the column of the first.

use crate::level::Level;
use crate::time::{Shape, Zone, at_start, digits};

use super::{Envelope, Taken, Transport};

#[derive(Default)]
pub(super) struct Syslog {
    /// The indentation of lines without a header below the last one with a header.
    indent: Option<usize>,
}

impl Transport for Syslog {
    fn name(&self) -> &'static str {
        "syslog"
    }

    fn take(&mut self, line: &[u8], out: &mut Vec<u8>, envelope: &mut Envelope) -> Taken {
        if header(line, out, envelope).is_some() {
            self.indent = None;
            return Taken::Whole;
        }
        let spaces = line.iter().take_while(|byte| **byte == b' ').count();
        if spaces == 0 && !line.is_empty() {
            return Taken::Unknown;
        }
        let indent = *self.indent.get_or_insert_with(|| own_indent(spaces, &line[spaces..]));
        envelope.is_continuation = true;
        out.extend_from_slice(&line[indent.min(spaces)..]);
        Taken::Whole
    }

    fn fits(&mut self, lines: &[&[u8]]) -> bool {
        // Records may have more lines without a header than with one; but of the lines that begin with a time nearly all have one.
        let (mut timed, mut taken) = (0, 0);
        for line in lines {
            let start = priority(line).map_or(0, |(_, len)| len);
            if at_start(&line[start..]).is_some() {
                timed += 1;
                taken += usize::from(header(line, &mut Vec::new(), &mut Envelope::default()).is_some());
            }
        }
        taken > 0 && taken * 10 >= timed * 9
    }
}

/// How far the journal has indented a block whose first line this is: without the indentation that belongs to the line.
fn own_indent(spaces: usize, text: &[u8]) -> usize {
    let own = if text.starts_with(b"File \"") || text.starts_with(b"+ Exception Group") { 2 } else { 0 };
    spaces.saturating_sub(own)
}

fn header(line: &[u8], out: &mut Vec<u8>, envelope: &mut Envelope) -> Option<()> {
    let mut rest = line;
    let level = priority(rest).map(|(level, len)| {
        rest = &rest[len..];
        level
    });
    let found = at_start(rest)?;
    // With a space between date and time, or without a zone, it is the time of a formatter.
    let is_precise = rest.get(10) == Some(&b'T') && found.stamp.is_some_and(|stamp| stamp.zone != Zone::None);
    if !(found.shape == Shape::MonthFirst || found.shape == Shape::Iso && is_precise) {
        return None;
    }
    rest = rest[found.len..].strip_prefix(b" ")?;
    let host_end = memchr::memchr(b' ', rest)?;
    let host = &rest[..host_end];
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    let is_address = |byte: &u8| byte.is_ascii_hexdigit() || *byte == b':';
    if host.is_empty() || Level::from_word(host).is_some() || !(host.iter().all(is_name) || host.iter().all(is_address))
    {
        return None;
    }
    rest = &rest[host_end + 1..];
    let (program, pid, len) = tag(rest)?;
    rest = &rest[len..];
    envelope.stamp = found.stamp;
    envelope.level = level.flatten();
    envelope.sent_by(host, program, pid);
    unescape_into(rest.strip_prefix(b" ").unwrap_or(rest), out);
    Some(())
}

/// `<34>`: the severity, and the length.
pub(super) fn priority(line: &[u8]) -> Option<(Option<Level>, usize)> {
    let rest = line.strip_prefix(b"<")?;
    let len = memchr::memchr(b'>', rest.get(..4)?)?;
    let number = digits(rest, 0, len).filter(|_| len > 0)?;
    Some((Level::from_syslog(u64::try_from(number % 8).ok()?), len + 2))
}

/// Program, process number and length of `app[100]:` or `app:`.
fn tag(text: &[u8]) -> Option<(&[u8], &[u8], usize)> {
    let len = text
        .iter()
        .take_while(|byte| !byte.is_ascii_whitespace() && !matches!(byte, b'[' | b':' | b'=' | b'"'))
        .count();
    let program = &text[..len];
    if program.is_empty() {
        return None;
    }
    if text.get(len) == Some(&b':') {
        return Some((program, &[], len + 1));
    }
    let inside = text.get(len..)?.strip_prefix(b"[")?;
    let close = memchr::memchr(b']', inside)?;
    let pid = &inside[..close];
    let is_pid = !pid.is_empty() && pid.iter().all(u8::is_ascii_digit);
    (is_pid && inside.get(close + 1) == Some(&b':')).then_some((program, pid, len + close + 3))
}

/// Daemons write control characters as `#` and three octal digits: a line feed as `#012`, a tab as `#011`.
fn unescape_into(text: &[u8], out: &mut Vec<u8>) {
    let mut rest = text;
    while let Some(at) = memchr::memchr(b'#', rest) {
        out.extend_from_slice(&rest[..at]);
        let (byte, len) = match rest.get(at + 1..at + 4) {
            Some(b"012") => (b'\n', 4),
            Some(b"011") => (b'\t', 4),
            Some(b"015") => (b'\r', 4),
            Some(b"033") => (0x1b, 4),
            _ => (b'#', 1),
        };
        out.push(byte);
        rest = &rest[at + len..];
    }
    out.extend_from_slice(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn take(line: &str) -> Option<(String, String, String)> {
        let (mut envelope, mut out) = (Envelope::default(), Vec::new());
        (Syslog::default().take(line.as_bytes(), &mut out, &mut envelope) == Taken::Whole).then(|| {
            let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
            (text(&envelope.service), text(&envelope.pid), text(&out))
        })
    }

    #[test]
    fn headers_are_taken_off() {
        let taken = |service: &str, pid: &str, text: &str| Some((service.to_owned(), pid.to_owned(), text.to_owned()));
        assert_eq!(take("Feb 28 10:15:03 host1 app[100]: INFO: x"), taken("app", "100", "INFO: x"));
        assert_eq!(take("<34>Feb  8 10:15:03 h.example app: x"), taken("app", "", "x"));
        assert_eq!(take("2026-02-28T10:15:03+0000 host1 a.b[1]:   File"), taken("a.b", "1", "  File"));
        assert_eq!(take("Feb 28 10:15:03 h app[1]: a#012  b#011c #1"), taken("app", "1", "a\n  b\tc #1"));
        assert_eq!(take("Feb 28 10:15:03 nothing"), None);
        assert_eq!(take("2026-02-28 10:15:03 INFO  app: x"), None);
    }
}
