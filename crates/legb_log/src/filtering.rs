//! **Filtering**: which records are wanted? By level, time, text, fields, and by the tracebacks that they hold.
//!
//! A filter sees whole records: text of a traceback counts as text of its record.

mod condition;
mod duration;

use std::cell::OnceCell;

use globset::GlobMatcher;
use regex::bytes::Regex;

use crate::fingerprint::{fp1, fp1_coarse};
use crate::level::Level;
use crate::parsing::Traceback;
use crate::record::Record;
use crate::time::Timestamp;

pub use condition::{Comparison, Condition};
pub use duration::{TimeContext, duration};

/// What a record must be like. An empty filter takes all.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// At least this grave; records without a level are left out.
    pub level: Option<Level>,
    /// Not earlier. A record without a time counts as its neighbour in the file.
    pub since: Option<Timestamp>,
    /// Not later.
    pub until: Option<Timestamp>,
    /// Its text holds a match of each.
    pub grep: Vec<Regex>,
    /// Its text holds a match of none.
    pub not: Vec<Regex>,
    /// All hold.
    pub conditions: Vec<Condition>,
    /// It is from one of these services.
    pub services: Vec<String>,
    /// One of its exceptions, causes and members included, is of one of these types, with or without module.
    pub exceptions: Vec<String>,
    /// A frame of its tracebacks lies in a path, or has a name, that one of these matches.
    pub frames: Vec<GlobMatcher>,
    /// Its fingerprint, or the beginning of it, with or without `fp1:`.
    pub fingerprints: Vec<String>,
}

/// The tracebacks of a record, read when somebody asks.
struct Traces<'a> {
    record: &'a Record,
    read: OnceCell<Vec<Traceback>>,
}

impl Traces<'_> {
    fn get(&self) -> &[Traceback] {
        self.read.get_or_init(|| self.record.tracebacks())
    }

    fn any(&self, mut holds: impl FnMut(&Traceback) -> bool) -> bool {
        self.get().iter().any(|trace| trace.any(&mut holds))
    }
}

impl Filter {
    /// Whether it takes every record.
    pub fn is_empty(&self) -> bool {
        self.level.is_none()
            && self.since.is_none()
            && self.until.is_none()
            && self.grep.is_empty()
            && self.not.is_empty()
            && self.conditions.is_empty()
            && self.services.is_empty()
            && self.exceptions.is_empty()
            && self.frames.is_empty()
            && self.fingerprints.is_empty()
    }

    /// Whether a record is wanted.
    pub fn accepts(&self, record: &Record) -> bool {
        // What is cheap comes first.
        if self.level.is_some_and(|least| record.level().is_none_or(|level| level < least)) {
            return false;
        }
        if self.since.is_some() || self.until.is_some() {
            let Some(time) = record.time_or_near().map(|time| (time.seconds, time.nanos)) else { return false };
            if self.since.is_some_and(|since| time < (since.seconds, since.nanos))
                || self.until.is_some_and(|until| time > (until.seconds, until.nanos))
            {
                return false;
            }
        }
        if !self.services.is_empty() && !self.services.iter().any(|name| record.service() == Some(name.as_bytes())) {
            return false;
        }
        self.grep.iter().all(|pattern| record.any_text(|text| pattern.is_match(text)))
            && !self.not.iter().any(|pattern| record.any_text(|text| pattern.is_match(text)))
            && self.accepts_traces(record)
            && self.conditions.iter().all(|condition| condition.holds(record))
    }

    fn accepts_traces(&self, record: &Record) -> bool {
        let traces = Traces { record, read: OnceCell::new() };
        let exceptions = &self.exceptions;
        let frames = &self.frames;
        let wanted = &self.fingerprints;
        (exceptions.is_empty() || traces.any(|trace| exceptions.iter().any(|name| is_type(trace, name))))
            && (frames.is_empty() || traces.any(|trace| frames.iter().any(|glob| has_frame(trace, glob))))
            && (wanted.is_empty() || traces.get().iter().any(|trace| has_fingerprint(trace, wanted)))
    }
}

/// Whether an exception is of a type, named with or without its module.
pub(crate) fn is_type(trace: &Traceback, name: &str) -> bool {
    trace.exception == name || trace.short_type() == name
}

fn has_frame(trace: &Traceback, glob: &GlobMatcher) -> bool {
    trace.frames.iter().any(|frame| {
        let path = frame.path.replace('\\', "/");
        // A pattern may name the end of a path: `shop/*.py`.
        let mut tails = std::iter::successors(Some(path.as_str()), |rest| rest.split_once('/').map(|(_, rest)| rest));
        tails.any(|tail| glob.is_match(tail)) || frame.name.as_ref().is_some_and(|name| glob.is_match(name))
    })
}

fn has_fingerprint(trace: &Traceback, wanted: &[String]) -> bool {
    let (fine, coarse) = (fp1(trace), fp1_coarse(trace));
    wanted.iter().any(|wanted| {
        let hash = |value: &str| {
            value.split_once(':').is_some_and(|(_, hash)| !wanted.is_empty() && hash.starts_with(wanted.as_str()))
        };
        fine.starts_with(wanted.as_str()) || coarse.starts_with(wanted.as_str()) || hash(&fine)
    })
}
