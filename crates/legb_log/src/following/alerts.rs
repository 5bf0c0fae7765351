//! Which records are worth an alert, and not too often: conditions, and a limit for each fingerprint.

use std::time::Duration;

use rustc_hash::FxHashMap;

use crate::filtering::Condition;
use crate::fingerprint::{fp1, fp1_message};
use crate::record::Record;

use super::limiter::RateLimiter;

/// Beyond so many fingerprints, those that are at rest are forgotten.
const MAX_KEYS: usize = 10_000;

/// An alert that may go out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alert {
    /// What it is about: the fingerprint of the traceback, or of the message.
    pub fingerprint: String,
    /// How many alerts about the same were kept back since the last one.
    pub suppressed: u64,
}

/// Decides about alerts.
#[derive(Clone, Debug)]
pub struct Alerts {
    conditions: Vec<Condition>,
    max_calls: usize,
    window: Duration,
    keys: FxHashMap<String, (RateLimiter, u64)>,
}

impl Alerts {
    /// For records that fulfil all conditions, at most `max_calls` in a window for each fingerprint.
    pub fn new(conditions: Vec<Condition>, max_calls: usize, window: Duration) -> Self {
        Self { conditions, max_calls, window, keys: FxHashMap::default() }
    }

    /// The alert that a record is worth now; none if it is not, or if there were too many.
    pub fn offer(&mut self, record: &Record, now: Duration) -> Option<Alert> {
        if !self.conditions.iter().all(|condition| condition.holds(record)) {
            return None;
        }
        let fingerprint = match record.tracebacks().last() {
            Some(trace) => fp1(trace),
            None => fp1_message(record.service().unwrap_or_default(), record.message()),
        };
        if self.keys.len() >= MAX_KEYS && !self.keys.contains_key(&fingerprint) {
            self.keys.retain(|_, (limiter, suppressed)| *suppressed > 0 || !limiter.is_idle(now));
        }
        let fresh = || (RateLimiter::new(self.max_calls, self.window), 0);
        let (limiter, suppressed) = self.keys.entry(fingerprint.clone()).or_insert_with(fresh);
        if !limiter.check(now) {
            *suppressed += 1;
            return None;
        }
        Some(Alert { fingerprint, suppressed: std::mem::take(suppressed) })
    }

    /// What was kept back and not told yet, by fingerprint.
    pub fn suppressed(&self) -> Vec<(&str, u64)> {
        let mut found: Vec<(&str, u64)> = self
            .keys
            .iter()
            .filter(|(_, (_, count))| *count > 0)
            .map(|(key, (_, count))| (key.as_str(), *count))
            .collect();
        found.sort_unstable();
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parsing::{Input, ReadOptions, Reader};

    #[test]
    fn each_fingerprint_has_its_own_limit() {
        let log = "2026-02-28 10:15:03 ERROR a: timeout after 3\n2026-02-28 10:15:03 ERROR a: timeout after 4\n\
            2026-02-28 10:15:03 ERROR a: other\n2026-02-28 10:15:03 INFO a: fine\n2026-02-28 10:15:03 ERROR a: timeout after 5\n";
        let mut alerts = Alerts::new(vec!["level>=ERROR".parse().unwrap()], 1, Duration::from_secs(10));
        let mut reader = Reader::new(Input::memory("a", log.as_bytes().to_vec(), 0), 0, ReadOptions::default());
        let mut told = Vec::new();
        let mut now = Duration::ZERO;
        while let Some(record) = reader.next() {
            if record.n() == 4 {
                now = Duration::from_mins(1);
            }
            told.extend(alerts.offer(record, now).map(|alert| (record.n(), alert.suppressed)));
        }
        assert_eq!(told, [(0, 0), (2, 0), (4, 1)]);
        assert!(alerts.suppressed().is_empty());
    }
}
