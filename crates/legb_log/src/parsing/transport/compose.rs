//! What `docker compose logs` puts before each line: `web-1  | text`, the name padded to one width.

use super::{Envelope, Taken, Transport};

pub(super) struct Compose;

impl Transport for Compose {
    fn name(&self) -> &'static str {
        "compose"
    }

    fn take(&mut self, line: &[u8], out: &mut Vec<u8>, envelope: &mut Envelope) -> Taken {
        let len =
            line.iter().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')).count();
        let name = &line[..len];
        let padding = line[len..].iter().take_while(|byte| **byte == b' ').count();
        let rest = &line[len + padding..];
        if !name.first().is_some_and(u8::is_ascii_alphanumeric) || padding == 0 || rest.first() != Some(&b'|') {
            return Taken::Unknown;
        }
        let rest = &rest[1..];
        if rest.first().is_some_and(|byte| *byte != b' ') {
            return Taken::Unknown;
        }
        envelope.stream.extend_from_slice(name);
        envelope.service.extend_from_slice(without_number(name));
        out.extend_from_slice(rest.get(1..).unwrap_or_default());
        Taken::Whole
    }

    fn fits(&mut self, lines: &[&[u8]]) -> bool {
        // The bar stands in one column, which tells this from tables and from formats that separate fields with bars.
        let column = |line: &&[u8]| memchr::memchr(b'|', line);
        let lines: Vec<&[u8]> = lines.iter().copied().filter(|line| !line.is_empty()).collect();
        let Some(first) = lines.first().and_then(column) else { return false };
        let (mut envelope, mut out) = (Envelope::default(), Vec::new());
        lines.iter().all(|line| column(line) == Some(first) && self.take(line, &mut out, &mut envelope) == Taken::Whole)
            && lines.iter().all(|line| crate::level::Level::from_word(line[..first].trim_ascii()).is_none())
    }
}

/// `web` of `web-1`: the number tells replicas apart.
fn without_number(name: &[u8]) -> &[u8] {
    let digits = name.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    match name[..name.len() - digits].split_last() {
        Some((b'-' | b'_', service)) if digits > 0 && !service.is_empty() => service,
        _ => name,
    }
}
