//! The state between lines: open records of each stream, and what a line does to them.

mod transports;

use std::collections::VecDeque;
use std::sync::Arc;

use super::ReadProblems;
use crate::level::Level;
use crate::parsing::format::{Format, Strength, fixed};
use crate::parsing::traceback::{Block, Verdict, is_syntax_error_place, is_traceback_start, warning_category};
use crate::parsing::transport::{Envelope, Taken, Transport};
use crate::record::{Head, Kind, Record, Slot};
use crate::time::{Clock, Stamp, Timestamp, Zone};

/// A record that grows beyond this is cut.
const MAX_RECORD: usize = 8 << 20;

/// So many streams are kept apart; beyond, all are closed.
const MAX_STREAMS: usize = 64;

/// A stream that has been silent for so many lines of others has said what belongs to its record.
const PATIENCE: u64 = 50;

/// Lines that may belong to a message where nothing marks its end.
const MAX_DOUBTFUL: usize = 30;

/// Memory that a record keeps for the next one.
const KEPT_MEMORY: usize = 64 << 10;

/// An open record of a stream.
struct Open {
    stream: Vec<u8>,
    slot: usize,
    block: Block,
    /// When its first line passed the transport.
    passed: Option<Stamp>,
    last_line: u64,
    doubtful: usize,
    /// A head of a traceback that may be part of a message: the next line tells.
    held: Option<(Vec<u8>, u64)>,
}

/// A line of which the rest has not come yet.
struct Part {
    stream: Vec<u8>,
    text: Vec<u8>,
    first: u64,
    last: u64,
}

/// Where a line lies, and what its transport says of it.
#[derive(Clone, Copy)]
struct Place {
    first: u64,
    last: u64,
    wrapping: Wrapping,
}

/// How a line was wrapped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wrapping {
    /// The log has no transport.
    None,
    /// The transport has an entry per line, without knowing records.
    Line,
    /// The transport has an entry per record, or per line of it.
    Entry,
    /// A further line of an entry.
    Further,
    /// A line without wrapping in a log that has a transport.
    Missing,
}

/// Puts lines together.
pub(super) struct Assembler {
    clock: Clock,
    file: usize,
    transports: Vec<Box<dyn Transport>>,
    format: Option<Arc<dyn Format>>,
    /// Formats that count wherever they are met.
    guests: Vec<Arc<dyn Format>>,
    records: Vec<Record>,
    free: Vec<usize>,
    open: Vec<Open>,
    ready: VecDeque<usize>,
    count: u64,
    near: Option<Timestamp>,
    envelope: Envelope,
    inner: Vec<u8>,
    outer: Vec<u8>,
    /// Parts of lines that the transport has cut.
    parts: Vec<Part>,
    /// The first line that the transport keeps back.
    kept_since: Option<u64>,
    pub(super) problems: ReadProblems,
}

impl Assembler {
    pub(super) fn new(clock: Clock, file: usize) -> Self {
        Self {
            clock,
            file,
            transports: Vec::new(),
            format: None,
            guests: fixed().into_iter().filter(|format| format.strength() == Strength::Strong).collect(),
            records: Vec::new(),
            free: Vec::new(),
            open: Vec::new(),
            ready: VecDeque::new(),
            count: 0,
            near: None,
            envelope: Envelope::default(),
            inner: Vec::new(),
            outer: Vec::new(),
            parts: Vec::new(),
            kept_since: None,
            problems: ReadProblems::default(),
        }
    }

    /// Chooses transports and format for the lines to come.
    pub(super) fn set(&mut self, transports: Vec<Box<dyn Transport>>, format: Option<Arc<dyn Format>>) {
        self.transports = transports;
        self.format = format;
    }

    /// Whether the line is as transport and format expect it, or may follow such a line.
    pub(super) fn knows(&mut self, line: &[u8]) -> bool {
        if line.first().is_none_or(u8::is_ascii_whitespace) || is_traceback_start(line) {
            return true;
        }
        if let Some(transport) = self.transports.first_mut() {
            return transport.take(line, &mut Vec::new(), &mut Envelope::default()) != Taken::Unknown;
        }
        self.format.as_ref().is_some_and(|format| format.read(line, &mut Head::default()))
    }

    /// A record that is complete, in the order in which records begin.
    pub(super) fn ready(&mut self) -> Option<usize> {
        let &slot = self.ready.front()?;
        let n = self.records[slot].n;
        if self.open.iter().any(|open| self.records[open.slot].n < n) {
            return None;
        }
        self.ready.pop_front()
    }

    pub(super) fn record(&self, slot: usize) -> &Record {
        &self.records[slot]
    }

    pub(super) fn give_back(&mut self, slot: usize) {
        self.free.push(slot);
    }

    pub(super) fn has_open(&self) -> bool {
        !self.open.is_empty()
    }

    /// Takes a line of the log.
    pub(super) fn line(&mut self, line: &[u8], number: u64) {
        if self.transports.is_empty() {
            self.piece(line, Place { first: number, last: number, wrapping: Wrapping::None });
            return;
        }
        let mut envelope = std::mem::take(&mut self.envelope);
        let mut inner = std::mem::take(&mut self.inner);
        envelope.clear();
        inner.clear();
        inner.extend_from_slice(line);
        let taken = self.unwrap(&mut inner, &mut envelope);
        self.envelope = envelope;
        self.passed(taken, &mut inner, number);
        self.inner = inner;
    }

    /// Takes a line without its transport.
    fn piece(&mut self, text: &[u8], place: Place) {
        let open = self.find_open(place);
        if let Some(index) = open
            && let Some((held, at)) = self.open[index].held.take()
        {
            self.settle_head(index, &held, at, text);
        }
        // A further line of an entry is no entry of its own, whatever it looks like.
        if place.wrapping != Wrapping::Further && self.try_header(text, place, open) {
            return;
        }
        match self.find_open(place) {
            Some(index) => self.follow(index, text, place),
            None => self.begin_headless(text, place, None),
        }
    }

    /// The open record that a line may belong to.
    fn find_open(&self, place: Place) -> Option<usize> {
        let has_no_stream =
            matches!(place.wrapping, Wrapping::Missing | Wrapping::Further) && self.envelope.stream.is_empty();
        if self.transports.is_empty() || has_no_stream {
            return self.open.len().checked_sub(1);
        }
        self.open.iter().position(|open| open.stream == self.envelope.stream)
    }

    /// Begins a record if the line has a header.
    fn try_header(&mut self, text: &[u8], place: Place, open: Option<usize>) -> bool {
        let slot = self.take_free();
        let head = &mut self.records[slot].head;
        let expected = self.format.as_ref().filter(|format| format.read(text, head));
        let mut found = expected.map(|format| format.is_json());
        if found.is_none() && text.first().is_some_and(|byte| !byte.is_ascii_whitespace()) {
            let guest = self.guests.iter().find(|format| {
                head.clear();
                format.read(text, head)
            });
            found = guest.map(|format| format.is_json());
        }
        let Some(is_json) = found else {
            self.free.push(slot);
            return false;
        };
        self.records[slot].is_json = is_json;
        self.begin(slot, text, place, open);
        true
    }

    /// An empty record.
    #[inline]
    fn take_free(&mut self) -> usize {
        if let Some(slot) = self.free.pop() {
            let record = &mut self.records[slot];
            if record.text.capacity() > KEPT_MEMORY {
                *record = Record::default();
            }
            record.clear();
            return slot;
        }
        self.records.push(Record::default());
        self.records.len() - 1
    }

    /// Makes a record whose head has been read the open one of its stream.
    fn begin(&mut self, slot: usize, text: &[u8], place: Place, open: Option<usize>) {
        if self.transports.is_empty() {
            self.replace_open(slot, text, place);
            return;
        }
        if let Some(index) = open {
            self.close(index);
        }
        self.close_silent(place.first);
        self.add_envelope(slot);
        self.fill(slot, text, place);
        self.open.push(Open {
            stream: self.envelope.stream.clone(),
            slot,
            block: Block::default(),
            passed: self.envelope.stamp,
            last_line: place.last,
            doubtful: 0,
            held: None,
        });
    }

    /// The same for a log of one stream, which needs less.
    #[inline]
    fn replace_open(&mut self, slot: usize, text: &[u8], place: Place) {
        self.fill(slot, text, place);
        if let Some(open) = self.open.last_mut()
            && open.held.is_none()
        {
            self.ready.push_back(open.slot);
            open.slot = slot;
            open.block.end();
            open.last_line = place.last;
            open.doubtful = 0;
            return;
        }
        self.close_all();
        let block = Block::default();
        let open =
            Open { stream: Vec::new(), slot, block, passed: None, last_line: place.last, doubtful: 0, held: None };
        self.open.push(open);
    }

    /// Gives a record its first line and its time.
    #[inline]
    fn fill(&mut self, slot: usize, text: &[u8], place: Place) {
        let record = &mut self.records[slot];
        record.text.extend_from_slice(text);
        record.file = self.file;
        record.n = self.count;
        record.first_line = place.first;
        record.lines = place.last + 1 - place.first;
        self.count += 1;
        let Some(stamp) = &record.head.stamp else {
            record.near = self.near;
            return;
        };
        let time = Timestamp { seconds: self.clock.seconds(stamp), nanos: stamp.nanos, digits: stamp.digits };
        record.time = Some(time);
        record.zone = Some(stamp.zone);
        if self.near.is_some_and(|near| (near.seconds, near.nanos) > (time.seconds, time.nanos)) {
            self.problems.back_steps += 1;
            self.problems.first_back_step.get_or_insert(place.first);
        }
        self.problems.has_naive_times |= matches!(stamp.zone, Zone::None | Zone::NoYear);
        self.near = Some(time);
    }

    /// Adds what the transport knows and the record itself does not say.
    fn add_envelope(&mut self, slot: usize) {
        let head = &mut self.records[slot].head;
        let envelope = &self.envelope;
        head.stamp = head.stamp.or(envelope.stamp);
        head.level = head.level.or(envelope.level);
        if head.service.is_none() && !envelope.service.is_empty() {
            head.service = Some(head.keep(&envelope.service));
        }
        if !envelope.host.is_empty() {
            let host = head.keep(&envelope.host);
            head.field("host", host, Kind::Text);
        }
        if !envelope.pid.is_empty() {
            let pid = head.keep(&envelope.pid);
            head.field("pid", pid, if envelope.pid.iter().all(u8::is_ascii_digit) { Kind::Number } else { Kind::Text });
        }
    }

    /// Begins a record with a line that has no header.
    fn begin_headless(&mut self, text: &[u8], place: Place, open: Option<usize>) {
        let slot = self.take_free();
        let head = &mut self.records[slot].head;
        head.message = Some(Slot::of(0, text.len()));
        self.begin(slot, text, place, open);
        let head = &mut self.records[slot].head;
        head.level = head.level.or(headless_level(text));
        if let Some(open) = self.open.last_mut() {
            open.block.feed(text);
        }
    }

    /// Decides whether a line without a header belongs to the open record, and what to do with it.
    fn follow(&mut self, index: usize, text: &[u8], place: Place) {
        let open = &mut self.open[index];
        let verdict = open.block.feed(text);
        let is_indented = text.first().is_none_or(u8::is_ascii_whitespace);
        let is_entry = place.wrapping == Wrapping::Entry;
        let belongs = if place.wrapping == Wrapping::Further {
            true
        } else if place.wrapping == Wrapping::Missing || self.format.is_some() && !is_entry {
            // Records have headers here, so this is none, unless the interpreter itself reports something.
            !stands_alone(text)
        } else {
            match verdict {
                Verdict::Belongs => true,
                Verdict::Outside => is_indented,
                // Each line is an entry: the traceback that `logging` writes comes right behind its message.
                Verdict::Starts => {
                    let is_first = self.records[open.slot].lines == 1;
                    is_entry && is_first && !stands_alone(text) && is_near(open.passed, self.envelope.stamp)
                }
                Verdict::Perhaps => {
                    open.doubtful += 1;
                    is_indented || !is_entry && open.doubtful <= MAX_DOUBTFUL
                }
                Verdict::HeadPerhaps if is_entry => false,
                Verdict::HeadPerhaps => {
                    open.held = Some((text.to_vec(), place.first));
                    return;
                }
            }
        };
        if belongs {
            self.append(index, text, (place.first, place.last));
        } else {
            self.begin_headless(text, place, Some(index));
        }
    }

    /// Decides on a head that stood behind a message, now that the line below it is known.
    fn settle_head(&mut self, index: usize, held: &[u8], at: u64, next: &[u8]) {
        if next.starts_with(b"  File \"") || next.trim_ascii_start().starts_with(b"| ") {
            let place = Place { first: at, last: at, wrapping: Wrapping::None };
            self.begin_headless(held, place, Some(index));
        } else {
            self.append(index, held, (at, at));
        }
    }

    fn append(&mut self, index: usize, text: &[u8], (first, last): (u64, u64)) {
        let open = &mut self.open[index];
        let record = &mut self.records[open.slot];
        if record.text.len() + text.len() > MAX_RECORD {
            self.problems.cut_records += u64::from(record.dropped == 0);
            record.dropped += text.len() as u64 + 1;
        } else {
            record.text.push(b'\n');
            record.text.extend_from_slice(text);
        }
        record.lines += last.saturating_sub(open.last_line.max(first - 1));
        open.last_line = last;
    }

    /// Closes streams that have been silent for long, so that their records do not wait.
    fn close_silent(&mut self, line: u64) {
        while self.open.len() >= MAX_STREAMS {
            self.close(0);
        }
        while let Some(index) = self.open.iter().position(|open| open.last_line + PATIENCE < line) {
            self.close(index);
        }
    }

    fn close(&mut self, index: usize) {
        if let Some((held, at)) = self.open[index].held.take() {
            self.append(index, &held, (at, at));
        }
        let slot = self.open.remove(index).slot;
        let n = self.records[slot].n;
        let mut at = self.ready.len();
        while at > 0 && self.records[self.ready[at - 1]].n > n {
            at -= 1;
        }
        self.ready.insert(at, slot);
    }

    /// Closes all records.
    pub(super) fn close_all(&mut self) {
        while !self.open.is_empty() {
            self.close(0);
        }
    }
}

/// What a line without a header says of its level: an error that the interpreter reports, or a warning.
fn headless_level(text: &[u8]) -> Option<Level> {
    if text.starts_with(b"Fatal Python error: ") {
        Some(Level::Critical)
    } else if is_traceback_start(text) && !text.starts_with(b"Stack ") || is_syntax_error_place(text) {
        Some(Level::Error)
    } else {
        warning_category(text).map(|_| Level::Warning)
    }
}

/// Whether the interpreter itself reports something here, which is no part of a record before it.
fn stands_alone(text: &[u8]) -> bool {
    text.starts_with(b"Exception in thread ")
        || text.starts_with(b"Exception ignored ")
        || text.starts_with(b"Fatal Python error: ")
        || matches!(text, b"--- Logging error ---" | b"Error in atexit._run_exitfuncs:" | b"Error in sys.excepthook:")
}

/// Whether two lines passed at the same time, as far as lines of one record do.
fn is_near(first: Option<Stamp>, second: Option<Stamp>) -> bool {
    match (first, second) {
        (Some(first), Some(second)) => (first.seconds - second.seconds).abs() <= 1,
        _ => true,
    }
}
