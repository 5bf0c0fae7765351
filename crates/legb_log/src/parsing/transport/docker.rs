//! Docker's `json-file` driver: `{"log":"text\n","stream":"stderr","time":"2026-02-28T10:15:03.007Z"}`.
//!
//! A line longer than 16 KiB is cut by Docker; its parts lack the line feed at the end.

use crate::parsing::json;
use crate::time::at_start;

use super::{Envelope, Taken, Transport};

pub(super) struct Docker;

impl Transport for Docker {
    fn name(&self) -> &'static str {
        "docker-json"
    }

    fn take(&mut self, line: &[u8], out: &mut Vec<u8>, envelope: &mut Envelope) -> Taken {
        if line.first() != Some(&b'{') {
            return Taken::Unknown;
        }
        let (mut log, mut time) = (None, None);
        let ok = json::members(line, |member| {
            let value = &line[member.value.0..member.value.1];
            match &line[member.key.0 + 1..member.key.1 - 1] {
                b"log" => log = Some(value),
                b"time" => time = Some(value),
                b"stream" => {
                    let stream = value.strip_prefix(b"\"").and_then(|value| value.strip_suffix(b"\""));
                    envelope.stream.extend_from_slice(stream.unwrap_or_default());
                }
                _ => {}
            }
        });
        let (true, Some(log), Some(time), false) = (ok, log, time, envelope.stream.is_empty()) else {
            return Taken::Unknown;
        };
        let Some(inner) = log.strip_prefix(b"\"").and_then(|log| log.strip_suffix(b"\"")) else {
            return Taken::Unknown;
        };
        envelope.stamp = time.get(1..).and_then(at_start).and_then(|found| found.stamp);
        json::unescape(inner, out);
        if out.last() == Some(&b'\n') {
            out.pop();
            if out.last() == Some(&b'\r') {
                out.pop();
            }
            return Taken::Whole;
        }
        Taken::Part
    }
}
