//! What `journalctl -o json` prints: one object per entry, with `MESSAGE`, `PRIORITY` and `__REALTIME_TIMESTAMP`.
//!
//! A message that is no UTF-8 is an array of bytes there.

use crate::level::Level;
use crate::parsing::json;
use crate::time::epoch;

use super::{Envelope, Taken, Transport};

pub(super) struct JournalJson;

impl Transport for JournalJson {
    fn name(&self) -> &'static str {
        "journal-json"
    }

    fn take(&mut self, line: &[u8], out: &mut Vec<u8>, envelope: &mut Envelope) -> Taken {
        if line.first() != Some(&b'{') || memchr::memmem::find(line, b"\"__REALTIME_TIMESTAMP\"").is_none() {
            return Taken::Unknown;
        }
        let ok = json::members(line, |member| {
            let value = &line[member.value.0..member.value.1];
            let key = &line[member.key.0 + 1..member.key.1 - 1];
            if key == b"MESSAGE" && value.first() == Some(&b'[') {
                out.extend_from_slice(&serde_json::from_slice::<Vec<u8>>(value).unwrap_or_default());
            } else if let Some(text) = json::string(value) {
                entry_field(key, &text, out, envelope);
            }
        });
        if ok { Taken::Whole } else { Taken::Unknown }
    }
}

/// What a field of the journal says of an entry.
pub(super) fn entry_field(key: &[u8], value: &[u8], out: &mut Vec<u8>, envelope: &mut Envelope) {
    match key {
        b"MESSAGE" => out.extend_from_slice(value),
        b"__REALTIME_TIMESTAMP" => envelope.stamp = epoch(value),
        b"PRIORITY" => {
            envelope.level = value.first().and_then(|byte| Level::from_syslog(u64::from(byte.wrapping_sub(b'0'))));
        }
        b"SYSLOG_IDENTIFIER" => value.clone_into(&mut envelope.service),
        b"_COMM" if envelope.service.is_empty() => value.clone_into(&mut envelope.service),
        b"_HOSTNAME" => value.clone_into(&mut envelope.host),
        b"_PID" => {
            value.clone_into(&mut envelope.pid);
            value.clone_into(&mut envelope.stream);
        }
        _ => {}
    }
    envelope.is_entry = true;
}
