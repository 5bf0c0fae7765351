//! Records as lines for people: time, level, service, message, and what a traceback comes to.

use std::io::{self, Write};

use anstyle::Style;

use crate::fingerprint::fp1;
use crate::parsing::Traceback;
use crate::record::Record;

use super::summary_text::{place, style_of};

const DIM: Style = Style::new().dimmed();

/// Services are padded to this width, in characters.
const SERVICE: usize = 16;

/// Writes a record; with `traces` its tracebacks in full, as they were printed.
pub fn write_row(record: &Record, file: Option<&str>, traces: bool, out: &mut dyn Write) -> io::Result<()> {
    let style = style_of(record.level());
    if let Some(file) = file {
        write!(out, "{DIM}{file}{DIM:#} ")?;
    }
    let time = record.time().map_or_else(|| format!("{:<20}", "-"), |time| time.to_string());
    let level = record.level().map_or("-", crate::Level::as_str);
    let service = String::from_utf8_lossy(record.service().unwrap_or(b"-"));
    write!(out, "{DIM}{time}{DIM:#} {style}{level:<8}{style:#} {service:<SERVICE$} ")?;
    out.write_all(&printable(record.message()))?;
    out.write_all(b"\n")?;
    let found = record.tracebacks();
    if traces && !found.is_empty() {
        for line in record.text().split(|byte| *byte == b'\n').skip(1) {
            out.write_all(b"    ")?;
            out.write_all(&printable(line))?;
            out.write_all(b"\n")?;
        }
        return Ok(());
    }
    found.iter().try_for_each(|trace| write_trace(trace, out))
}

fn write_trace(trace: &Traceback, out: &mut dyn Write) -> io::Result<()> {
    let red = style_of(Some(crate::Level::Error));
    let message = if trace.message.is_empty() { String::new() } else { format!(": {}", trace.first_line()) };
    let place = place(trace).map_or_else(String::new, |place| format!(" at {place}"));
    writeln!(out, "    {red}{}{red:#}{message}{place}  {DIM}{}{DIM:#}", trace.exception, fp1(trace))
}

/// A line without control characters, which could steer the terminal. Bytes that are no UTF-8 stay.
fn printable(line: &[u8]) -> Vec<u8> {
    line.iter().map(|byte| if *byte < b' ' && *byte != b'\t' || *byte == 0x7f { b'?' } else { *byte }).collect()
}
