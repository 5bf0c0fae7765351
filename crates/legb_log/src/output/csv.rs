//! Records as CSV (RFC 4180), one row each, with a header. Line feeds inside of fields are quoted; bytes stay as they were.

use std::io::{self, Write};

use crate::fingerprint::fp1;
use crate::record::Record;

use super::json;

/// The columns.
pub const COLUMNS: [&str; 11] =
    ["file", "n", "first_line", "lines", "ts", "level", "service", "message", "fields", "traceback", "fp1"];

/// A writer of records as CSV.
pub struct CsvWriter<W: Write> {
    writer: csv::Writer<W>,
}

impl<W: Write> CsvWriter<W> {
    /// Begins with the header, if it is asked for.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn new(out: W, has_head: bool) -> io::Result<Self> {
        let mut writer = csv::WriterBuilder::new().buffer_capacity(1 << 12).from_writer(out);
        if has_head {
            writer.write_record(COLUMNS)?;
        }
        Ok(Self { writer })
    }

    /// Writes a record.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write(&mut self, record: &Record, file: &str) -> io::Result<()> {
        let trace = record.tracebacks().pop();
        let mut fields = Vec::new();
        json::fields(record, &mut fields);
        let time = record.time().map(|time| time.to_string()).unwrap_or_default();
        let level = record.level().map_or("", crate::Level::as_str);
        let (n, first, lines) = (record.n().to_string(), record.first_line().to_string(), record.lines().to_string());
        let text = trace.as_ref().map_or_else(String::new, |trace| format!("{}: {}", trace.exception, trace.message));
        let row: [&[u8]; COLUMNS.len()] = [
            file.as_bytes(),
            n.as_bytes(),
            first.as_bytes(),
            lines.as_bytes(),
            time.as_bytes(),
            level.as_bytes(),
            record.service().unwrap_or_default(),
            record.message(),
            &fields,
            text.as_bytes(),
            &trace.as_ref().map(fp1).unwrap_or_default().into_bytes(),
        ];
        self.writer.write_record(row)?;
        Ok(())
    }

    /// Writes what is still in the buffer.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}
