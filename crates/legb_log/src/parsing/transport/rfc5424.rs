//! Syslog as RFC 5424 describes it: `<134>1 2026-02-28T10:15:03.007Z host app 100 ID [data] text`.

use crate::time::iso;

use super::syslog::priority;
use super::{Envelope, Taken, Transport};

pub(super) struct Rfc5424;

impl Transport for Rfc5424 {
    fn name(&self) -> &'static str {
        "rfc5424"
    }

    fn take(&mut self, line: &[u8], out: &mut Vec<u8>, envelope: &mut Envelope) -> Taken {
        if header(line, out, envelope).is_some() { Taken::Whole } else { Taken::Unknown }
    }

    fn share(&self) -> usize {
        // Lines of a traceback may follow without a header.
        2
    }
}

fn header(line: &[u8], out: &mut Vec<u8>, envelope: &mut Envelope) -> Option<()> {
    let (level, len) = priority(line)?;
    let mut rest = line[len..].strip_prefix(b"1 ")?;
    let stamp = if let Some(after) = rest.strip_prefix(b"- ") {
        rest = after;
        None
    } else {
        let (stamp, len) = iso(rest)?;
        rest = rest[len..].strip_prefix(b" ")?;
        Some(stamp)
    };
    let mut words: [&[u8]; 4] = [&[]; 4];
    for word in &mut words {
        let end = memchr::memchr(b' ', rest)?;
        *word = if &rest[..end] == b"-" { &[] } else { &rest[..end] };
        rest = &rest[end + 1..];
    }
    rest = structured_data(rest)?;
    let [host, program, pid, _id] = words;
    envelope.stamp = stamp;
    envelope.level = level;
    envelope.sent_by(host, program, pid);
    // A message in UTF-8 may begin with a byte order mark.
    out.extend_from_slice(rest.strip_prefix(b"\xef\xbb\xbf").unwrap_or(rest));
    Some(())
}

/// What follows `-` or `[id name="value"]…`, in whose values brackets are escaped.
fn structured_data(text: &[u8]) -> Option<&[u8]> {
    if let Some(rest) = text.strip_prefix(b"-") {
        return if rest.is_empty() { Some(rest) } else { rest.strip_prefix(b" ") };
    }
    let mut at = 0;
    while text.get(at) == Some(&b'[') {
        let mut quoted = false;
        loop {
            at += 1;
            match text.get(at)? {
                b'\\' if quoted => at += 1,
                b'"' => quoted = !quoted,
                b']' if !quoted => break,
                _ => {}
            }
        }
        at += 1;
    }
    (at > 0).then(|| text[at..].strip_prefix(b" ").unwrap_or(&text[at..]))
}
