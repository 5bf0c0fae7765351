//! What `kubectl logs --prefix` puts before each line: `[pod/web-7d9/app] text`.

use super::{Envelope, Taken, Transport};

pub(super) struct Kubectl;

impl Transport for Kubectl {
    fn name(&self) -> &'static str {
        "kubectl"
    }

    fn take(&mut self, line: &[u8], out: &mut Vec<u8>, envelope: &mut Envelope) -> Taken {
        let Some(rest) = line.strip_prefix(b"[pod/") else { return Taken::Unknown };
        let Some(end) = memchr::memmem::find(rest, b"] ") else { return Taken::Unknown };
        let mut parts = rest[..end].split(|byte| *byte == b'/');
        let (Some(pod), Some(container), None) = (parts.next(), parts.next(), parts.next()) else {
            return Taken::Unknown;
        };
        envelope.host.extend_from_slice(pod);
        envelope.service.extend_from_slice(container);
        envelope.stream.extend_from_slice(&rest[..end]);
        out.extend_from_slice(&rest[end + 2..]);
        Taken::Whole
    }
}
