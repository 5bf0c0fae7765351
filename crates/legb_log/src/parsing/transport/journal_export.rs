//! The export format of the systemd journal: fields as `KEY=value` lines, entries divided by an empty line.
//!
//! A value with a line feed is written as its key, eight bytes of length (little endian), and so many bytes.
//! Source: systemd's description of the *Journal Export Format*.

use super::journal_json::entry_field;
use super::{Envelope, Taken, Transport};

/// A value that claims to be longer is not waited for.
const MAX_VALUE: u64 = 16 << 20;

#[derive(Default)]
pub(super) struct JournalExport {
    envelope: Envelope,
    message: Vec<u8>,
    /// The key of a value that is still coming in, and its bytes so far.
    binary: Option<(Vec<u8>, Vec<u8>)>,
}

impl JournalExport {
    /// Takes a line of a value with line feeds.
    fn continue_binary(&mut self, line: &[u8]) {
        let Some((key, mut bytes)) = self.binary.take() else { return };
        bytes.extend_from_slice(line);
        bytes.push(b'\n');
        let length = bytes.first_chunk::<8>().map(|length| u64::from_le_bytes(*length));
        let wanted = length.map_or(9, |length| 9 + length.min(MAX_VALUE));
        if (bytes.len() as u64) < wanted {
            self.binary = Some((key, bytes));
            return;
        }
        let value = bytes.get(8..bytes.len() - 1).unwrap_or_default();
        entry_field(&key, value, &mut self.message, &mut self.envelope);
    }

    fn hand_over(&mut self, out: &mut Vec<u8>, envelope: &mut Envelope) -> Taken {
        if !self.envelope.is_entry {
            return Taken::Kept;
        }
        out.append(&mut self.message);
        *envelope = std::mem::take(&mut self.envelope);
        Taken::Whole
    }
}

impl Transport for JournalExport {
    fn name(&self) -> &'static str {
        "journal-export"
    }

    fn take(&mut self, line: &[u8], out: &mut Vec<u8>, envelope: &mut Envelope) -> Taken {
        if self.binary.is_some() {
            self.continue_binary(line);
            return Taken::Kept;
        }
        if line.is_empty() {
            return self.hand_over(out, envelope);
        }
        let end = memchr::memchr(b'=', line).unwrap_or(line.len());
        let key = &line[..end];
        if !key.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'_') {
            return Taken::Unknown;
        }
        match line.get(end + 1..) {
            Some(value) => entry_field(key, value, &mut self.message, &mut self.envelope),
            None => self.binary = Some((key.to_vec(), Vec::new())),
        }
        Taken::Kept
    }

    fn finish(&mut self, out: &mut Vec<u8>, envelope: &mut Envelope) -> Taken {
        self.hand_over(out, envelope)
    }

    fn fits(&mut self, lines: &[&[u8]]) -> bool {
        let is_field = |line: &&&[u8]| line.starts_with(b"__CURSOR=") || line.starts_with(b"__REALTIME_TIMESTAMP=");
        lines.first().as_ref().is_some_and(is_field)
    }
}
