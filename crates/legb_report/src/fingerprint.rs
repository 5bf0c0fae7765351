//! What stays the same of a finding when lines are added above it, as a short text.
//!
//! Made of path, rule and message without its numbers. The same finding twice in a file gets two fingerprints, in their order.

use std::collections::BTreeMap;

use legb_base::Finding;

/// The fingerprints given so far.
#[derive(Debug, Default)]
pub struct Fingerprints {
    seen: BTreeMap<u64, u32>,
}

impl Fingerprints {
    /// The fingerprint of the next finding: sixteen hexadecimal digits.
    pub fn of(&mut self, finding: &Finding) -> String {
        let message = finding.message.split(|c: char| c.is_ascii_digit()).collect::<String>();
        let mut hash = fnv1a(OFFSET, finding.path.as_bytes());
        hash = fnv1a(hash, b"\0");
        hash = fnv1a(hash, finding.rule.as_bytes());
        hash = fnv1a(hash, b"\0");
        hash = fnv1a(hash, message.as_bytes());
        let count = self.seen.entry(hash).or_default();
        *count += 1;
        format!("{:016x}", fnv1a(hash, &count.to_le_bytes()))
    }
}

const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
const PRIME: u64 = 0x0100_0000_01b3;

/// FNV-1a (Fowler, Noll, Vo), which is the same on every machine and in every release.
fn fnv1a(hash: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(hash, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(PRIME))
}
