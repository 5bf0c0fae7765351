//! Lines become records: which lines belong together, and what each record says.
//!
//! A line with a header begins a record; what has none belongs to the record before it. Where lines have no headers at all,
//! each is a record, but a traceback is one as a whole. Streams that alternate (containers, processes) are kept apart.

mod assemble;

use std::sync::Arc;

use jiff::tz::TimeZone;

use super::detect::{self, Detection};
use super::format::{self, Format, OwnFormat};
use super::input::Input;
use super::lines::{LineProblems, Lines};
use super::transport::TRANSPORTS;
use crate::record::Record;
use crate::time::Clock;

use assemble::Assembler;

/// While fewer lines have been seen, a line that does not fit lets the detection look again.
const LEARNING: usize = 60;

/// How a log is to be read.
#[derive(Clone)]
pub struct ReadOptions {
    /// In which zone times without one are meant.
    pub zone: TimeZone,
    /// The format; found out where none is given.
    pub format: Option<FormatChoice>,
    /// Formats of the user's own, which are looked for before all others.
    pub own: Vec<OwnFormat>,
    /// Keep the last line back while it has no line feed: more of it may come.
    pub hold_incomplete: bool,
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self { zone: TimeZone::UTC, format: None, own: Vec::new(), hold_incomplete: false }
    }
}

/// A format that the user has named or described.
#[derive(Clone)]
pub struct FormatChoice {
    transport: Option<usize>,
    format: Option<Arc<dyn Format>>,
    /// Whether only transport or format was named, and the other is to be found out.
    is_open: bool,
}

impl FormatChoice {
    /// Reads a choice: the name of a format or a transport, `plain`, a format string of `logging`, or a regular expression with
    /// named groups.
    ///
    /// # Errors
    /// If it is none of these; the message lists the names.
    pub fn parse(text: &str) -> Result<Self, String> {
        let transport = TRANSPORTS.iter().position(|make| make().name() == text);
        if transport.is_some() {
            return Ok(Self { transport, format: None, is_open: true });
        }
        if text == "plain" {
            return Ok(Self { transport: None, format: None, is_open: false });
        }
        if let Some(format) = format::fixed().into_iter().find(|format| format.name() == text) {
            return Ok(Self { transport: None, format: Some(format), is_open: true });
        }
        if text.contains(['%', '{', '$', '(']) {
            return Ok(Self { transport: None, format: Some(format::described("own", text)?), is_open: true });
        }
        let transports = TRANSPORTS.iter().map(|make| make().name().to_owned());
        let names: Vec<String> = transports.chain(format::names().into_iter().map(|(name, _)| name)).collect();
        Err(format!("no format is called `{text}`; there are plain, {}", names.join(", ")))
    }
}

/// What was odd in a log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadProblems {
    /// Lines that were cut, NUL bytes that were skipped.
    pub lines: LineProblems,
    /// Why the log could not be read to its end.
    pub error: Option<String>,
    /// Records that were cut because they grew too long.
    pub cut_records: u64,
    /// Times that lie before that of the record before.
    pub back_steps: u64,
    /// The first line whose time lies before that of the record before.
    pub first_back_step: Option<u64>,
    /// Whether some time had no zone, so that one was assumed.
    pub has_naive_times: bool,
}

/// Reads the records of one log, one after the other.
pub struct Reader {
    lines: Lines,
    assembler: Assembler,
    options: ReadOptions,
    detection: Option<Detection>,
    /// The first lines, while the detection may still change.
    learning: Option<Vec<Vec<u8>>>,
    lent: Option<usize>,
    is_finished: bool,
}

impl Reader {
    /// A reader of an input, which is the `file`th of several.
    pub fn new(input: Input, file: usize, options: ReadOptions) -> Self {
        let clock = Clock::new(options.zone.clone(), input.written);
        Self {
            lines: Lines::new(input.bytes),
            assembler: Assembler::new(clock, file),
            options,
            detection: None,
            learning: None,
            lent: None,
            is_finished: false,
        }
    }

    /// The next record; none where the log has no more for now.
    #[expect(clippy::should_implement_trait, reason = "the record is lent, which an iterator cannot say")]
    pub fn next(&mut self) -> Option<&Record> {
        if let Some(lent) = self.lent.take() {
            self.assembler.give_back(lent);
        }
        let found = loop {
            if let Some(ready) = self.assembler.ready() {
                break ready;
            }
            if !self.advance() {
                return None;
            }
        };
        self.lent = Some(found);
        Some(self.assembler.record(found))
    }

    /// Closes what is open, because nothing more has come for a while: `next` gives it then.
    pub fn flush(&mut self) {
        self.assembler.close_all();
    }

    /// Says that the log has come to its end: `next` gives what is left, an incomplete line too.
    pub fn finish(&mut self) {
        self.options.hold_incomplete = false;
        self.is_finished = false;
    }

    /// Whether a record is open, which more lines may belong to.
    pub fn has_open(&self) -> bool {
        self.assembler.has_open()
    }

    /// The number of the last line that was read.
    pub fn line_number(&self) -> u64 {
        self.lines.number
    }

    /// What was found out about transport and format; none before the first line.
    pub fn detection(&self) -> Option<&Detection> {
        self.detection.as_ref()
    }

    /// What was odd so far.
    pub fn problems(&self) -> ReadProblems {
        ReadProblems {
            lines: self.lines.problems.clone(),
            error: self.lines.error.as_ref().map(ToString::to_string),
            ..self.assembler.problems.clone()
        }
    }

    /// Reads a line; false where there is none.
    fn advance(&mut self) -> bool {
        if self.is_finished {
            return false;
        }
        if self.detection.is_none() {
            let sample = self.lines.peek(detect::SAMPLE);
            if sample.is_empty() {
                return self.end();
            }
            self.learning = (sample.len() < LEARNING).then(Vec::new);
            self.detect(&sample);
        }
        let Some(line) = self.lines.next() else {
            if self.options.hold_incomplete && self.lines.error.is_none() {
                return false;
            }
            return match self.lines.rest() {
                Some(line) => {
                    self.take(line);
                    true
                }
                None => self.end(),
            };
        };
        self.take(line);
        true
    }

    fn take(&mut self, line: std::ops::Range<usize>) {
        let number = self.lines.number;
        let bytes = self.lines.bytes(line.clone());
        let plain = (self.lines.has_escapes() && memchr::memchr(0x1b, bytes).is_some())
            .then(|| super::transport::without_ansi(bytes));
        if self.learning.is_some() {
            self.learn(&plain.clone().unwrap_or_else(|| bytes.to_vec()));
        }
        let bytes = plain.as_deref().unwrap_or_else(|| self.lines.bytes(line));
        self.assembler.line(bytes, number);
    }

    /// Looks again at transport and format if an early line fits neither.
    fn learn(&mut self, line: &[u8]) {
        let Some(seen) = &mut self.learning else { return };
        seen.push(line.to_vec());
        let is_known = self.assembler.knows(line);
        if seen.len() >= LEARNING {
            self.learning = None;
        } else if !is_known && seen.len() > 1 {
            let seen = seen.clone();
            self.detect(&seen);
        }
    }

    fn detect(&mut self, sample: &[Vec<u8>]) {
        let sample: Vec<Vec<u8>> = sample.iter().map(|line| super::transport::without_ansi(line)).collect();
        let chosen = self.options.format.clone();
        let (transports, inner) = match &chosen {
            Some(FormatChoice { is_open: false, .. }) => (Vec::new(), sample),
            Some(FormatChoice { transport: Some(index), .. }) => {
                let inner = detect::unwrap(&mut *TRANSPORTS[*index](), &sample);
                (vec![TRANSPORTS[*index]()], inner)
            }
            _ => detect::transports(&sample),
        };
        let (format, reason) = match chosen {
            Some(FormatChoice { format: Some(format), .. }) => (Some(format), "as asked for".to_owned()),
            Some(FormatChoice { is_open: false, .. }) => (None, "as asked for".to_owned()),
            _ => detect::format(&inner, &self.options.own),
        };
        self.detection = Some(Detection {
            transports: transports.iter().map(|transport| transport.name().to_owned()).collect(),
            format: format.as_ref().map(|format| format.name().to_owned()),
            reason,
        });
        self.assembler.set(transports, format);
    }

    fn end(&mut self) -> bool {
        if self.options.hold_incomplete && self.lines.error.is_none() {
            return false;
        }
        self.is_finished = true;
        self.assembler.finish();
        true
    }
}
