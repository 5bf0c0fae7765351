//! A record: one event of a log, with all its lines. What it holds, and where in its text each part lies.
//!
//! Records are used again for the next event, so reading a log needs no memory per line. Tracebacks and fields are read out of
//! the text only when somebody asks.

use std::borrow::Cow;

use memchr::memmem;
use serde_json::value::RawValue;

use crate::level::Level;
use crate::parsing::formats::Minute;
use crate::parsing::json;
use crate::parsing::traceback::{self, Traceback};
use crate::time::{Stamp, Timestamp, Zone};

/// A part of a record: a range of its text, or of what was decoded beside it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Slot {
    start: u32,
    end: u32,
    beside: bool,
}

impl Slot {
    /// A range of the line that a format was given.
    pub(crate) fn of(start: usize, end: usize) -> Self {
        debug_assert!(start <= end);
        Self { start: place(start), end: place(end), beside: false }
    }

    /// The same range of a line that begins so many bytes earlier.
    pub(crate) fn shifted(self, by: usize) -> Self {
        if self.beside {
            self
        } else {
            Self { start: self.start + place(by), end: self.end + place(by), beside: false }
        }
    }

    /// The bytes, given the line and what was kept beside it.
    pub(crate) fn within<'a>(self, line: &'a [u8], beside: &'a [u8]) -> &'a [u8] {
        let buffer = if self.beside { beside } else { line };
        buffer.get(self.start as usize..self.end as usize).unwrap_or_default()
    }
}

/// Lines are bounded far below 4 GiB, see `Lines`.
fn place(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// How the value of a field is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Text.
    Text,
    /// Digits.
    Number,
    /// JSON, as it stood in the line.
    Json,
}

/// A named value.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Field {
    pub(crate) key: Slot,
    pub(crate) value: Slot,
    pub(crate) kind: Kind,
}

/// What the first line of a record says, as a format has read it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Head {
    pub(crate) stamp: Option<Stamp>,
    pub(crate) level: Option<Level>,
    pub(crate) service: Option<Slot>,
    pub(crate) message: Option<Slot>,
    pub(crate) fields: Vec<Field>,
    /// Decoded text that is not a range of the line.
    pub(crate) beside: Vec<u8>,
    /// What the last line that was read into this said of the time, for the next one.
    pub(crate) minute: Minute,
}

impl Head {
    pub(crate) fn clear(&mut self) {
        self.stamp = None;
        self.level = None;
        self.service = None;
        self.message = None;
        self.fields.clear();
        self.beside.clear();
    }

    /// Keeps text that is not a range of the line.
    pub(crate) fn keep(&mut self, text: &[u8]) -> Slot {
        let start = self.beside.len();
        self.beside.extend_from_slice(text);
        Slot { start: place(start), end: place(self.beside.len()), beside: true }
    }

    /// Keeps what `write` appends.
    pub(crate) fn keep_with<T>(&mut self, write: impl FnOnce(&mut Vec<u8>) -> T) -> (Slot, T) {
        let start = self.beside.len();
        let result = write(&mut self.beside);
        (Slot { start: place(start), end: place(self.beside.len()), beside: true }, result)
    }

    /// Adds a field whose name the format knows.
    pub(crate) fn field(&mut self, key: &str, value: Slot, kind: Kind) {
        let key = self.keep(key.as_bytes());
        self.fields.push(Field { key, value, kind });
    }
}

/// One event of a log.
#[derive(Clone, Debug, Default)]
pub struct Record {
    /// The lines without their transport, joined by line feeds.
    pub(crate) text: Vec<u8>,
    pub(crate) head: Head,
    pub(crate) time: Option<Timestamp>,
    /// The time of a neighbour, for records without one.
    pub(crate) near: Option<Timestamp>,
    pub(crate) zone: Option<Zone>,
    pub(crate) is_json: bool,
    pub(crate) file: usize,
    pub(crate) n: u64,
    pub(crate) first_line: u64,
    pub(crate) lines: u64,
    /// Bytes that did not fit into the bound of a record.
    pub(crate) dropped: u64,
}

/// The value of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value<'a> {
    /// Text.
    Text(&'a [u8]),
    /// Digits, as they were written.
    Number(&'a [u8]),
    /// JSON, as it was written.
    Json(&'a [u8]),
}

impl<'a> Value<'a> {
    /// The value as text: strings of JSON decoded, all else as it was written.
    pub fn text(self) -> Cow<'a, [u8]> {
        match self {
            Self::Text(text) | Self::Number(text) => Cow::Borrowed(text),
            Self::Json(text) => json::string(text).unwrap_or(Cow::Borrowed(text)),
        }
    }

    /// The value as JSON, where it is a valid one.
    pub(crate) fn raw(self) -> Option<&'a RawValue> {
        match self {
            Self::Text(_) => None,
            Self::Number(text) | Self::Json(text) => serde_json::from_slice(text).ok(),
        }
    }
}

impl Record {
    pub(crate) fn clear(&mut self) {
        self.text.clear();
        self.head.clear();
        self.time = None;
        self.near = None;
        self.zone = None;
        self.is_json = false;
        self.first_line = 0;
        self.lines = 0;
        self.dropped = 0;
    }

    /// A part of the record.
    pub(crate) fn slot(&self, slot: Slot) -> &[u8] {
        slot.within(&self.text, &self.head.beside)
    }

    /// All lines without their transport, joined by line feeds. Bytes are as they were in the file, valid text or not.
    pub fn text(&self) -> &[u8] {
        &self.text
    }

    /// Which of the inputs it is from, counted from 0.
    pub fn file(&self) -> usize {
        self.file
    }

    /// Its number in its file, from 0.
    pub fn n(&self) -> u64 {
        self.n
    }

    /// Its first line in the file, from 1.
    pub fn first_line(&self) -> u64 {
        self.first_line
    }

    /// How many lines of the file it takes.
    pub fn lines(&self) -> u64 {
        self.lines
    }

    /// How many of its bytes were left out because a record may not grow without bound.
    pub fn dropped(&self) -> u64 {
        self.dropped
    }

    /// When it was written, on the clock of the reader.
    pub fn time(&self) -> Option<Timestamp> {
        self.time
    }

    /// When it was written, or when its neighbour in the file was.
    pub fn time_or_near(&self) -> Option<Timestamp> {
        self.time.or(self.near)
    }

    /// What its line says of the zone.
    pub fn zone(&self) -> Zone {
        self.zone.unwrap_or(Zone::None)
    }

    /// How grave it is, if its line says so; a traceback without a header is an error.
    pub fn level(&self) -> Option<Level> {
        self.head.level
    }

    /// The service, logger or program that wrote it.
    pub fn service(&self) -> Option<&[u8]> {
        self.head.service.map(|slot| self.slot(slot))
    }

    /// The whole message of its first line, or of the field that holds it; it may have several lines.
    pub fn full_message(&self) -> &[u8] {
        self.head.message.map_or(&[], |slot| self.slot(slot))
    }

    /// The first line of the message, without a traceback.
    pub fn message(&self) -> &[u8] {
        let message = self.full_message();
        let end = memchr::memchr(b'\n', message).unwrap_or(message.len());
        message[..end].trim_ascii_end()
    }

    /// All that the line says beyond time, level, service and message.
    pub fn fields(&self) -> impl Iterator<Item = (&[u8], Value<'_>)> {
        self.head.fields.iter().map(|field| {
            let value = self.slot(field.value);
            let value = match field.kind {
                Kind::Text => Value::Text(value),
                Kind::Number => Value::Number(value),
                Kind::Json => Value::Json(value),
            };
            (self.slot(field.key), value)
        })
    }

    /// A field by its name. A dot goes into JSON: `http.status`.
    pub fn field(&self, name: &str) -> Option<Value<'_>> {
        if let Some((_, value)) = self.fields().find(|(key, _)| *key == name.as_bytes()) {
            return Some(value);
        }
        let (outer, inner) = name.split_once('.')?;
        let (_, value) = self.fields().find(|(key, _)| *key == outer.as_bytes())?;
        match value {
            Value::Json(text) => json::lookup(text, inner).map(Value::Json),
            Value::Text(_) | Value::Number(_) => None,
        }
    }

    /// The texts in which a traceback may stand: the record itself, or the strings of its JSON.
    fn trace_texts(&self) -> Vec<Cow<'_, [u8]>> {
        let mut texts = Vec::new();
        if self.lines > 1 || !self.is_json {
            texts.push(Cow::Borrowed(self.text.as_slice()));
        }
        let decoded = |text: &[u8]| memchr::memchr(b'\n', text).is_some();
        for (_, value) in self.fields() {
            match value {
                Value::Json(raw) if traceback::may_hold(raw) => json::strings(raw, &mut texts),
                Value::Text(text) if decoded(text) => texts.push(Cow::Borrowed(text)),
                _ => {}
            }
        }
        let message = self.full_message();
        if self.head.message.is_some_and(|slot| slot.beside) && decoded(message) {
            texts.push(Cow::Borrowed(message));
        }
        texts
    }

    /// The tracebacks that it holds, in the order in which they stand.
    pub fn tracebacks(&self) -> Vec<Traceback> {
        if self.lines == 1
            && self.head.beside.is_empty()
            && !self.is_json
            && !traceback::may_hold_in_one_line(&self.text)
        {
            return Vec::new();
        }
        if !traceback::may_hold(&self.text) && !traceback::may_hold(&self.head.beside) {
            return Vec::new();
        }
        let mut found: Vec<Traceback> = Vec::new();
        for text in self.trace_texts() {
            for trace in traceback::parse(&text) {
                if !found.contains(&trace) {
                    found.push(trace);
                }
            }
        }
        found
    }

    /// Whether `holds` is true of its text as it was written, or as JSON and logfmt mean it.
    pub fn any_text(&self, mut holds: impl FnMut(&[u8]) -> bool) -> bool {
        if holds(&self.text) {
            return true;
        }
        if self.head.beside.is_empty() && memmem::find(&self.text, b"\\").is_none() {
            return false;
        }
        holds(self.full_message())
            || self.fields().any(|(_, value)| match value {
                Value::Text(text) | Value::Number(text) => holds(text),
                Value::Json(raw) => {
                    let mut texts = Vec::new();
                    json::strings(raw, &mut texts);
                    texts.iter().any(|text| holds(text))
                }
            })
    }
}
