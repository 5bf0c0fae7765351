//! Where records go: counted, summed up, or printed one by one.

use std::io::{self, Write};

use anyhow::bail;
use legb_log::filtering::duration;
use legb_log::output::counts::Counts;
use legb_log::output::csv::CsvWriter;
use legb_log::output::histogram::{histogram_json, histogram_svg, histogram_text};
use legb_log::output::series::Series;
use legb_log::output::summary::{FileSummary, Summary};
use legb_log::output::{html, json, summary_json, summary_text, table};
use legb_log::parsing::Traceback;
use legb_log::{Record, fp1};
use serde_json::{Value, json};

use crate::args::{LogFormat, LogsArgs};
use crate::output;

use super::options::Verdict;
use super::reason::Reasons;
use super::sources::Sources;

/// What is done with records.
enum Kind {
    Summary(Box<Summary>),
    Counts(Counts, String),
    Histogram(Series),
    Table { traces: bool },
    Jsonl,
    Csv,
}

/// Takes records and prints what was asked for.
pub(super) struct Sink {
    kind: Kind,
    format: LogFormat,
    buffer: Vec<u8>,
    /// Whether the head of a CSV table has been written.
    has_head: bool,
}

impl Sink {
    /// The format that was asked for, or that goes with what is done.
    fn format(args: &LogsArgs) -> LogFormat {
        let default = if args.follow.follow { LogFormat::Table } else { LogFormat::Summary };
        args.output.format.unwrap_or(default)
    }

    /// Whether records are printed one by one.
    pub(super) fn prints_records(args: &LogsArgs) -> bool {
        let counts = args.output.by.is_some() || args.output.over.is_some();
        !counts && matches!(Self::format(args), LogFormat::Table | LogFormat::Jsonl | LogFormat::Csv)
    }

    pub(super) fn new(args: &LogsArgs) -> anyhow::Result<Self> {
        let format = Self::format(args);
        let kind = if let Some(field) = &args.output.by {
            if matches!(format, LogFormat::Html | LogFormat::Svg) {
                bail!("--by goes with the formats summary, table, json, jsonl and csv");
            }
            Kind::Counts(Counts::new(field), field.clone())
        } else if let Some(span) = &args.output.over {
            if format == LogFormat::Html {
                bail!("--over goes with the formats summary, table, json, jsonl, csv and svg");
            }
            let span = duration(span).map_err(|error| anyhow::anyhow!("--over: {error}"))?;
            Kind::Histogram(Series::with_width(i64::try_from(span.as_secs()).unwrap_or(i64::MAX)))
        } else {
            match format {
                LogFormat::Summary | LogFormat::Json | LogFormat::Html => Kind::Summary(Box::default()),
                LogFormat::Svg => Kind::Histogram(Series::default()),
                LogFormat::Table => Kind::Table { traces: args.output.traces },
                LogFormat::Jsonl => Kind::Jsonl,
                LogFormat::Csv => Kind::Csv,
            }
        };
        if args.follow.follow && !matches!(kind, Kind::Table { .. } | Kind::Jsonl | Kind::Csv) {
            bail!("--follow prints records as they come: choose --format table, jsonl or csv, without --by and --over");
        }
        Ok(Self { kind, format, buffer: Vec::new(), has_head: false })
    }

    /// Opens standard output for what is printed: with colours for people, as it is for programs.
    pub(super) fn open(
        &mut self,
        work: impl FnOnce(&mut Self, &mut dyn Write) -> io::Result<()>,
    ) -> anyhow::Result<()> {
        if matches!(self.format, LogFormat::Summary | LogFormat::Table) {
            output::styled(|out| work(self, out))
        } else {
            output::plain(|out| work(self, out))
        }
    }

    /// Takes a record.
    pub(super) fn add(
        &mut self,
        record: &Record,
        names: &[String],
        sources: &Sources,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let name = &names[record.file()];
        match &mut self.kind {
            Kind::Summary(summary) => summary.add(record),
            Kind::Counts(counts, _) => counts.add(record, name),
            Kind::Histogram(series) => series.add(record.time(), record.level()),
            Kind::Table { traces } => {
                let shown = (names.len() > 1).then_some(name.as_str());
                table::write_row(record, shown, *traces, out)?;
            }
            Kind::Jsonl => json::write_line(record, name, &|path| sources.module_of(path), &mut self.buffer, out)?,
            Kind::Csv => {
                let mut writer = CsvWriter::new(out, !std::mem::replace(&mut self.has_head, true))?;
                writer.write(record, name)?;
                writer.flush()?;
            }
        }
        Ok(())
    }

    /// Prints what has been gathered.
    pub(super) fn finish(
        &mut self,
        files: Vec<FileSummary>,
        verdict: &Verdict,
        reasons: &Reasons<'_>,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        match &mut self.kind {
            Kind::Summary(summary) => {
                summary.files = files;
                let notes = |trace: &Traceback| {
                    let mut notes = reasons.of(trace).lines();
                    if verdict.is_new(&fp1(trace)) {
                        notes.insert(0, "new: not in the baseline".to_owned());
                    }
                    notes
                };
                match self.format {
                    LogFormat::Json => write_json(&summary_json(summary, &|trace| reasons.of(trace).data()), out),
                    LogFormat::Html => out.write_all(html::summary_html(summary, &notes).as_bytes()),
                    _ => out.write_all(summary_text(summary, &notes).as_bytes()),
                }
            }
            Kind::Counts(counts, field) => {
                let rows = counts.rows();
                let csv = || rows.iter().map(|(value, count)| vec![value.clone(), count.to_string()]).collect();
                write_rows(self.format, field, &counts.json(), &counts.text(), csv, &[field, "count"], out)
            }
            Kind::Histogram(series) if self.format == LogFormat::Svg => out.write_all(histogram_svg(series).as_bytes()),
            Kind::Histogram(series) => {
                let csv = || {
                    let rows = series.bars();
                    rows.map(|(time, bar)| vec![time.to_string(), bar.iter().sum::<u64>().to_string()]).collect()
                };
                let found = histogram_json(series);
                write_rows(self.format, "time", &found, &histogram_text(series), csv, &["start", "count"], out)
            }
            Kind::Csv if !self.has_head => CsvWriter::new(out, true)?.flush(),
            Kind::Table { .. } | Kind::Jsonl | Kind::Csv => Ok(()),
        }
    }
}

/// Prints rows of counts in the format that was asked for.
fn write_rows(
    format: LogFormat,
    by: &str,
    rows: &[Value],
    text: &str,
    csv: impl FnOnce() -> Vec<Vec<String>>,
    head: &[&str],
    out: &mut dyn Write,
) -> io::Result<()> {
    match format {
        LogFormat::Json => write_json(&json!({"by": by, "counts": rows}), out),
        LogFormat::Jsonl => rows.iter().try_for_each(|row| writeln!(out, "{row}")),
        LogFormat::Csv => {
            output::csv_line(head, out)?;
            csv().iter().try_for_each(|row| output::csv_line(&row.iter().map(String::as_str).collect::<Vec<_>>(), out))
        }
        _ => out.write_all(text.as_bytes()),
    }
}

fn write_json(value: &Value, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, value)?;
    writeln!(out)
}
