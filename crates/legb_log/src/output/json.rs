//! A record as one line of JSON, in the documented schema (`schema_version` 1).
//!
//! Bytes that are no UTF-8 are written as Python's `surrogateescape` does: byte `0x80 + n` as `\udc80 + n`, so that
//! `text.encode("utf-8", "surrogateescape")` gives the original bytes back.

use std::io::{self, Write};

use crate::fingerprint::fp1;
use crate::parsing::{Frame, Traceback};
use crate::record::{Record, Value};

/// The version of the schema of records.
pub const SCHEMA_VERSION: u32 = 1;

/// Names the module of a frame by its path; none where the path is of no known project.
pub type ModuleOf<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Appends a text as a JSON string.
pub(crate) fn string(text: &[u8], out: &mut Vec<u8>) {
    out.push(b'"');
    for chunk in text.utf8_chunks() {
        escaped(chunk.valid(), out);
        for byte in chunk.invalid() {
            out.extend_from_slice(format!("\\udc{byte:02x}").as_bytes());
        }
    }
    out.push(b'"');
}

fn escaped(text: &str, out: &mut Vec<u8>) {
    let mut start = 0;
    for (at, byte) in text.bytes().enumerate() {
        let escape: &[u8] = match byte {
            b'"' => b"\\\"",
            b'\\' => b"\\\\",
            b'\n' => b"\\n",
            b'\r' => b"\\r",
            b'\t' => b"\\t",
            0..0x20 | 0x7f => b"",
            _ => continue,
        };
        out.extend_from_slice(&text.as_bytes()[start..at]);
        if escape.is_empty() {
            out.extend_from_slice(format!("\\u{byte:04x}").as_bytes());
        } else {
            out.extend_from_slice(escape);
        }
        start = at + 1;
    }
    out.extend_from_slice(&text.as_bytes()[start..]);
}

fn key(name: &str, out: &mut Vec<u8>) {
    if !matches!(out.last(), Some(b'{' | b'[')) {
        out.extend_from_slice(b", ");
    }
    string(name.as_bytes(), out);
    out.extend_from_slice(b": ");
}

fn member(name: &str, text: &[u8], out: &mut Vec<u8>) {
    key(name, out);
    string(text, out);
}

fn member_or_null(name: &str, text: Option<&[u8]>, out: &mut Vec<u8>) {
    key(name, out);
    match text {
        Some(text) => string(text, out),
        None => out.extend_from_slice(b"null"),
    }
}

fn number(name: &str, value: u64, out: &mut Vec<u8>) {
    key(name, out);
    out.extend_from_slice(value.to_string().as_bytes());
}

/// Appends a record as a JSON object; `file` is the name of its input.
pub fn record(record: &Record, file: &str, module_of: ModuleOf<'_>, out: &mut Vec<u8>) {
    out.push(b'{');
    number("schema_version", u64::from(SCHEMA_VERSION), out);
    member("file", file.as_bytes(), out);
    number("n", record.n(), out);
    number("first_line", record.first_line(), out);
    number("lines", record.lines(), out);
    let time = record.time().map(|time| time.to_string());
    member_or_null("ts", time.as_deref().map(str::as_bytes), out);
    member("tz", record.zone().to_string().as_bytes(), out);
    member_or_null("level", record.level().map(|level| level.as_str().as_bytes()), out);
    member_or_null("service", record.service(), out);
    member("message", record.message(), out);
    key("fields", out);
    fields(record, out);
    let traces = record.tracebacks();
    key("traceback", out);
    match traces.last() {
        Some(trace) => traceback(trace, module_of, out),
        None => out.extend_from_slice(b"null"),
    }
    if traces.len() > 1 {
        key("earlier_tracebacks", out);
        list(&traces[..traces.len() - 1], out, |trace, out| traceback(trace, module_of, out));
    }
    if record.dropped() > 0 {
        number("dropped_bytes", record.dropped(), out);
    }
    out.push(b'}');
}

pub(super) fn fields(record: &Record, out: &mut Vec<u8>) {
    out.push(b'{');
    let mut seen: Vec<&[u8]> = Vec::new();
    for (name, value) in record.fields() {
        if seen.contains(&name) {
            continue;
        }
        seen.push(name);
        if seen.len() > 1 {
            out.extend_from_slice(b", ");
        }
        match name.utf8_chunks().next() {
            // A key of JSON stands in the line as it is written there.
            _ if matches!(value, Value::Json(_))
                && serde_json::from_slice::<&serde_json::value::RawValue>(&quoted(name)).is_ok() =>
            {
                out.extend_from_slice(&quoted(name));
            }
            _ => string(name, out),
        }
        out.extend_from_slice(b": ");
        match value.raw() {
            Some(raw) => out.extend_from_slice(raw.get().as_bytes()),
            None => string(&value.text(), out),
        }
    }
    out.push(b'}');
}

fn quoted(name: &[u8]) -> Vec<u8> {
    [b"\"", name, b"\""].concat()
}

fn list<T>(items: &[T], out: &mut Vec<u8>, mut each: impl FnMut(&T, &mut Vec<u8>)) {
    out.push(b'[');
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.extend_from_slice(b", ");
        }
        each(item, out);
    }
    out.push(b']');
}

/// Appends a traceback as a JSON object.
pub(crate) fn traceback(trace: &Traceback, module_of: ModuleOf<'_>, out: &mut Vec<u8>) {
    out.push(b'{');
    member("type", trace.exception.as_bytes(), out);
    member("message", trace.message.trim_end_matches('\n').as_bytes(), out);
    key("frames", out);
    list(&trace.frames, out, |found, out| frame(found, module_of, out));
    for (name, previous) in [("cause", &trace.cause), ("context", &trace.context)] {
        key(name, out);
        match previous {
            Some(previous) => traceback(previous, module_of, out),
            None => out.extend_from_slice(b"null"),
        }
    }
    key("group", out);
    list(&trace.group, out, |member, out| traceback(member, module_of, out));
    if let Some(elided) = &trace.elided {
        member("elided", elided.as_bytes(), out);
    }
    key("notes", out);
    list(&trace.notes, out, |note, out| string(note.as_bytes(), out));
    member("fp1", fp1(trace).as_bytes(), out);
    member_or_null("intro", trace.intro.as_deref().map(str::as_bytes), out);
    if !trace.is_complete {
        key("complete", out);
        out.extend_from_slice(b"false");
    }
    out.push(b'}');
}

fn frame(frame: &Frame, module_of: ModuleOf<'_>, out: &mut Vec<u8>) {
    out.push(b'{');
    member("path", frame.path.as_bytes(), out);
    number("line", u64::from(frame.line), out);
    member_or_null("name", frame.name.as_deref().map(str::as_bytes), out);
    let module = module_of(&frame.path);
    member_or_null("module", module.as_deref().map(str::as_bytes), out);
    if frame.repeated > 0 {
        number("repeated", frame.repeated, out);
    }
    out.push(b'}');
}

/// Writes records as lines of JSON.
pub fn write_line(
    line: &Record,
    file: &str,
    module_of: ModuleOf<'_>,
    buffer: &mut Vec<u8>,
    out: &mut dyn Write,
) -> io::Result<()> {
    buffer.clear();
    record(line, file, module_of, buffer);
    buffer.push(b'\n');
    out.write_all(buffer)
}
