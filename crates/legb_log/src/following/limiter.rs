//! A limit on how often something may happen: at most so many times in a window that slides.
//!
//! The clock is handed in, so that the limiter can be tried without waiting.

use std::collections::VecDeque;
use std::time::Duration;

/// Allows at most `max_calls` in any window. Times are counted from an arbitrary beginning and must not go back.
#[derive(Clone, Debug)]
pub struct RateLimiter {
    max_calls: usize,
    window: Duration,
    stamps: VecDeque<Duration>,
}

impl RateLimiter {
    /// A limiter; with `max_calls` 0 it refuses everything.
    pub fn new(max_calls: usize, window: Duration) -> Self {
        Self { max_calls, window, stamps: VecDeque::new() }
    }

    /// Whether something may happen now. What is allowed is remembered, what is refused is not.
    pub fn check(&mut self, now: Duration) -> bool {
        self.forget(now);
        if self.stamps.len() >= self.max_calls {
            return false;
        }
        self.stamps.push_back(now);
        true
    }

    /// Whether nothing that was allowed counts any longer.
    pub fn is_idle(&mut self, now: Duration) -> bool {
        self.forget(now);
        self.stamps.is_empty()
    }

    /// Drops what lies before the window; what lies exactly at its beginning still counts.
    fn forget(&mut self, now: Duration) {
        // Before a whole window has passed nothing can lie before it.
        let Some(cutoff) = now.checked_sub(self.window) else { return };
        while self.stamps.front().is_some_and(|stamp| *stamp < cutoff) {
            self.stamps.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checks(max_calls: usize, window: u64, times: &[u64]) -> Vec<bool> {
        let mut limiter = RateLimiter::new(max_calls, Duration::from_secs(window));
        times.iter().map(|time| limiter.check(Duration::from_secs(*time))).collect()
    }

    #[test]
    fn five_calls_at_once_with_three_allowed() {
        assert_eq!(checks(3, 10, &[0, 0, 0, 0, 0]), [true, true, true, false, false]);
    }

    #[test]
    fn what_is_exactly_as_old_as_the_window_still_counts() {
        assert_eq!(checks(1, 10, &[0, 10, 11]), [true, false, true]);
    }

    #[test]
    fn what_is_refused_does_not_count() {
        assert_eq!(checks(1, 10, &[0, 5, 9, 11]), [true, false, false, true]);
    }

    #[test]
    fn nothing_is_allowed_with_zero_calls() {
        assert_eq!(checks(0, 10, &[0, 100]), [false, false]);
    }
}
