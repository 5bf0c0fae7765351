//! What carries a log and wraps each of its lines: container runtimes, syslog, the journal, colours.
//!
//! It is taken off before anything else looks at a line, because a wrapped traceback is no traceback. Each transport is one
//! file, and says of a line what it knows: the text inside, when it passed, from which program. Transports nest: lines of
//! Docker may hold lines of syslog.

mod ansi;
mod compose;
mod cri;
mod docker;
mod journal_export;
mod journal_json;
mod kubectl;
mod rfc5424;
mod syslog;
mod timestamped;

use crate::level::Level;
use crate::time::Stamp;

pub(crate) use ansi::{strip_into, without_ansi};

/// What a transport says of a line beside its text.
#[derive(Clone, Debug, Default)]
pub(crate) struct Envelope {
    pub(crate) stamp: Option<Stamp>,
    pub(crate) level: Option<Level>,
    pub(crate) service: Vec<u8>,
    pub(crate) host: Vec<u8>,
    pub(crate) pid: Vec<u8>,
    /// What tells streams apart whose lines may alternate: a container, a process.
    pub(crate) stream: Vec<u8>,
    /// Whether the transport writes one entry per record of the program, so that a line without a known header is a record too.
    pub(crate) is_entry: bool,
    /// Whether the line had no wrapping of its own and belongs to the line before it.
    pub(crate) is_continuation: bool,
}

impl Envelope {
    pub(crate) fn clear(&mut self) {
        self.stamp = None;
        self.level = None;
        self.service.clear();
        self.host.clear();
        self.pid.clear();
        self.stream.clear();
        self.is_entry = false;
        self.is_continuation = false;
    }

    /// An entry of a log that names host, program and process, whose lines are a stream of their own.
    pub(crate) fn sent_by(&mut self, host: &[u8], program: &[u8], pid: &[u8]) {
        self.host.extend_from_slice(host);
        self.service.extend_from_slice(program);
        self.pid.extend_from_slice(pid);
        self.stream.extend_from_slice(program);
        self.stream.push(b'/');
        self.stream.extend_from_slice(pid);
        self.is_entry = true;
    }
}

/// What became of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Taken {
    /// The text inside was appended; it may have several lines.
    Whole,
    /// A part of a line was appended: the rest follows.
    Part,
    /// The transport keeps the line until it knows more.
    Kept,
    /// The line is not wrapped.
    Unknown,
}

/// Takes the wrapping off lines. May remember earlier lines.
pub(crate) trait Transport: Send {
    /// How it is called in reports and for `--format-in`.
    fn name(&self) -> &'static str;

    /// Appends the text inside a line to `out`, and tells what is known of it.
    fn take(&mut self, line: &[u8], out: &mut Vec<u8>, envelope: &mut Envelope) -> Taken;

    /// At the end of the input: appends what was kept back.
    fn finish(&mut self, _out: &mut Vec<u8>, _envelope: &mut Envelope) -> Taken {
        Taken::Kept
    }

    /// Whether a sample of lines is wrapped like this. The default asks for nearly all lines that begin at the margin.
    fn fits(&mut self, lines: &[&[u8]]) -> bool {
        let mut envelope = Envelope::default();
        let mut out = Vec::new();
        let mut taken = 0;
        let mut asked = 0;
        for line in lines.iter().filter(|line| !line.is_empty()) {
            asked += 1;
            out.clear();
            envelope.clear();
            taken +=
                usize::from(self.take(line, &mut out, &mut envelope) != Taken::Unknown && !envelope.is_continuation);
        }
        taken > 0 && taken * 100 >= asked * self.share()
    }

    /// The percentage of lines that must be wrapped for a log to count as such.
    fn share(&self) -> usize {
        90
    }
}

/// A fresh transport.
type Make = fn() -> Box<dyn Transport>;

/// All transports, those that are hardest to mistake first.
pub(crate) const TRANSPORTS: &[Make] = &[
    || Box::new(docker::Docker),
    || Box::new(journal_json::JournalJson),
    || Box::new(journal_export::JournalExport::default()),
    || Box::new(cri::Cri),
    || Box::new(rfc5424::Rfc5424),
    || Box::new(syslog::Syslog::default()),
    || Box::new(compose::Compose),
    || Box::new(kubectl::Kubectl),
    || Box::new(timestamped::Timestamped),
];
