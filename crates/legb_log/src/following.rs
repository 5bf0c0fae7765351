//! **Following**: files that grow and rotate, and alerts about what is written into them.
//!
//! A [`Follower`] gives the bytes of a file and of those that take its place, each once. [`Watch`] reads records out of several
//! and closes a record when nothing has followed it for a while. [`Alerts`] decides which records are worth an alert.

mod alerts;
mod follower;
mod limiter;
mod siblings;

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

pub use alerts::{Alert, Alerts};
pub use follower::{Event, Follower};
pub use limiter::RateLimiter;

use crate::parsing::Reader;
use crate::record::Record;

/// After so much silence a record is complete.
const SILENCE: Duration = Duration::from_millis(250);

/// A file that grows is looked at again at once, one at rest less and less often.
const PAUSES: (Duration, Duration) = (Duration::from_millis(1), Duration::from_millis(20));

/// Readers of files that grow.
pub struct Watch {
    readers: Vec<Watched>,
    pause: Duration,
}

struct Watched {
    reader: Reader,
    line: u64,
    since: Instant,
}

impl Watch {
    /// Over readers of [`Follower`]s that hold incomplete lines back.
    pub fn new(readers: Vec<Reader>) -> Self {
        let now = Instant::now();
        Self {
            readers: readers.into_iter().map(|reader| Watched { reader, line: 0, since: now }).collect(),
            pause: PAUSES.0,
        }
    }

    /// Hands over the records that are complete by now, until `each` breaks. Returns how long to wait before the next time.
    pub fn poll<B>(&mut self, mut each: impl FnMut(&Record) -> ControlFlow<B>) -> ControlFlow<B, Duration> {
        let now = Instant::now();
        let mut is_busy = false;
        for watched in &mut self.readers {
            while let Some(record) = watched.reader.next() {
                each(record)?;
            }
            if watched.reader.line_number() > watched.line {
                watched.line = watched.reader.line_number();
                watched.since = now;
                is_busy = true;
            } else if watched.reader.has_open() && now.duration_since(watched.since) >= SILENCE {
                watched.reader.flush();
                while let Some(record) = watched.reader.next() {
                    each(record)?;
                }
            }
        }
        self.pause = if is_busy { PAUSES.0 } else { (self.pause * 2).min(PAUSES.1) };
        ControlFlow::Continue(self.pause)
    }

    /// Hands over what is left, incomplete lines too.
    pub fn finish<B>(&mut self, mut each: impl FnMut(&Record) -> ControlFlow<B>) -> Option<B> {
        for watched in &mut self.readers {
            watched.reader.finish();
            while let Some(record) = watched.reader.next() {
                if let ControlFlow::Break(value) = each(record) {
                    return Some(value);
                }
            }
        }
        None
    }

    /// The readers.
    pub fn readers(&self) -> impl Iterator<Item = &Reader> {
        self.readers.iter().map(|watched| &watched.reader)
    }
}
