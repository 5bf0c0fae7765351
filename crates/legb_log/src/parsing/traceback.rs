//! Tracebacks as Python 3.8 to 3.15 print them: which exceptions does a text hold, with which frames, causes and groups?
//!
//! The text is what is left when transport and colours are gone. Where a message ends is not marked in it: notes and further
//! lines of a message look alike, so both are part of `message`.

mod block;
mod faulthandler;
mod line;
mod pytest;
mod read;

use std::sync::LazyLock;

use memchr::memmem::Finder;

pub(crate) use block::{Block, Verdict};
pub(crate) use line::{is_syntax_error_place, is_traceback_start, warning_category};

/// Causes and contexts further from the exception that was reported are left out.
const MAX_CHAIN: usize = 100;

/// An exception as it was printed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Traceback {
    /// The type with its module, as printed: `KeyError`, `shop.errors.OutOfStock`.
    pub exception: String,
    /// Everything behind the type: `str()` of the exception, suggestions and notes; empty where nothing was printed.
    pub message: String,
    /// The frames, outermost first.
    pub frames: Vec<Frame>,
    /// What it was raised from (`raise … from …`, `__cause__`).
    pub cause: Option<Box<Traceback>>,
    /// During the handling of what it was raised (`__context__`).
    pub context: Option<Box<Traceback>>,
    /// The members of an exception group.
    pub group: Vec<Traceback>,
    /// What was printed in place of further members: `and 5 more exceptions`, `... (max_group_depth is 10)`.
    pub elided: Option<String>,
    /// Notes where a structured log tells them apart from the message; in printed tracebacks they cannot be.
    pub notes: Vec<String>,
    /// The line that introduced it: `Exception in thread Thread-1:`.
    pub intro: Option<String>,
    /// False where the text ended before the exception was named.
    pub is_complete: bool,
}

/// A line of a traceback that names a place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frame {
    /// The path as printed.
    pub path: String,
    /// The line, from 1; 0 where none was printed.
    pub line: u32,
    /// The name of the code that ran; none for the place of a syntax error.
    pub name: Option<String>,
    /// How often the same frame was repeated below (`[Previous line repeated N more times]`).
    pub repeated: u64,
    /// The source as printed below the frame, without its indentation; marks left out.
    pub source: Option<String>,
}

impl Traceback {
    /// The exception that it was raised from or after.
    pub fn previous(&self) -> Option<&Self> {
        self.cause.as_deref().or(self.context.as_deref())
    }

    /// The chain from the first exception to the one that was reported.
    pub fn chain(&self) -> Vec<&Self> {
        let mut chain = vec![self];
        while let Some(previous) = chain.last().and_then(|last| last.previous()) {
            chain.push(previous);
        }
        chain.reverse();
        chain
    }

    /// Whether `holds` is true of it, of what came before it, or of a member.
    pub fn any(&self, holds: &mut dyn FnMut(&Self) -> bool) -> bool {
        holds(self)
            || self.previous().is_some_and(|previous| previous.any(holds))
            || self.group.iter().any(|member| member.any(holds))
    }

    /// The type without its module.
    pub fn short_type(&self) -> &str {
        self.exception.rsplit('.').next().unwrap_or_default()
    }

    /// The first line of the message.
    pub fn first_line(&self) -> &str {
        self.message.lines().next().unwrap_or_default()
    }
}

/// What every traceback holds one of; searchers are made once, since they are asked about every record.
static SIGNS: LazyLock<[Finder<'static>; 5]> =
    LazyLock::new(|| ["Traceback (most recent", "  File ", ".py:", "Fatal Python error", "\nE  "].map(Finder::new));

/// Whether it is worth to look for a traceback in a text: cheap, and never false where there is one.
pub(crate) fn may_hold(text: &[u8]) -> bool {
    SIGNS.iter().any(|sign| sign.find(text).is_some())
}

/// The same for a text of one line, in which only pytest tells of an exception.
pub(crate) fn may_hold_in_one_line(text: &[u8]) -> bool {
    SIGNS[2].find(text).is_some()
}

/// All tracebacks in a text, in the order in which they stand.
pub fn parse(text: &[u8]) -> Vec<Traceback> {
    let stripped;
    let text = if memchr::memchr(0x1b, text).is_some() {
        stripped = crate::parsing::transport::without_ansi(text);
        &stripped
    } else {
        text
    };
    let lines: Vec<&[u8]> =
        text.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line)).collect();
    let mut found = read::tracebacks(&lines);
    found.extend(faulthandler::tracebacks(&lines));
    if found.is_empty() {
        found = pytest::tracebacks(&lines);
    }
    found
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
