//! The log format of Kubernetes' container runtimes: `2026-02-28T10:15:03.007000000Z stderr F text`, where `P` marks a part.

use crate::time::iso;

use super::{Envelope, Taken, Transport};

pub(super) struct Cri;

impl Transport for Cri {
    fn name(&self) -> &'static str {
        "cri"
    }

    fn take(&mut self, line: &[u8], out: &mut Vec<u8>, envelope: &mut Envelope) -> Taken {
        let Some((stamp, len)) = iso(line) else { return Taken::Unknown };
        let rest = &line[len..];
        let Some((stream, rest)) = [&b" stdout "[..], b" stderr "]
            .iter()
            .find_map(|stream| Some((stream.trim_ascii(), rest.strip_prefix(*stream)?)))
        else {
            return Taken::Unknown;
        };
        // Tags are separated by colons, and the first says whether the line is whole.
        let end = memchr::memchr(b' ', rest).unwrap_or(rest.len());
        let taken = match rest[..end].split(|byte| *byte == b':').next() {
            Some(b"F") => Taken::Whole,
            Some(b"P") => Taken::Part,
            _ => return Taken::Unknown,
        };
        envelope.stamp = Some(stamp);
        envelope.stream.extend_from_slice(stream);
        out.extend_from_slice(rest.get(end + 1..).unwrap_or_default());
        taken
    }
}
