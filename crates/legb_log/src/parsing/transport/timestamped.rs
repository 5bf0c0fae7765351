//! A time before each line, also before those of a traceback: `docker logs --timestamps`, `kubectl logs --timestamps`.
//!
//! A time before each *record* is no transport. So a log counts only if lines that can begin no record have one too.

use crate::parsing::traceback::is_traceback_start;
use crate::time::iso;

use super::{Envelope, Taken, Transport};

pub(super) struct Timestamped;

impl Transport for Timestamped {
    fn name(&self) -> &'static str {
        "timestamped"
    }

    fn take(&mut self, line: &[u8], out: &mut Vec<u8>, envelope: &mut Envelope) -> Taken {
        let Some((stamp, len)) = iso(line) else { return Taken::Unknown };
        let rest = &line[len..];
        if line[10] != b'T' || !(rest.is_empty() || rest.starts_with(b" ")) {
            return Taken::Unknown;
        }
        envelope.stamp = Some(stamp);
        out.extend_from_slice(rest.get(1..).unwrap_or_default());
        Taken::Whole
    }

    fn fits(&mut self, lines: &[&[u8]]) -> bool {
        let (mut envelope, mut out) = (Envelope::default(), Vec::new());
        let mut inside = false;
        for line in lines.iter().filter(|line| !line.is_empty()) {
            out.clear();
            if self.take(line, &mut out, &mut envelope) != Taken::Whole {
                return false;
            }
            inside |= is_traceback_start(&out) || out.starts_with(b"    ");
        }
        inside
    }
}
