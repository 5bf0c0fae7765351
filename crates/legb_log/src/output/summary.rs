//! What a log comes to: levels, services, the errors that occur most, and the failures with their fingerprints.
//!
//! Gathered record by record, in memory that is bounded by the number of different services, messages and failures, of each of
//! which only so many are told apart.

use rustc_hash::FxHashMap;

use crate::fingerprint::{fp1, fp1_coarse, template};
use crate::level::Level;
use crate::parsing::{Detection, ReadProblems, Traceback};
use crate::record::Record;
use crate::time::Timestamp;

use super::series::{Bar, Series, bar_index};

/// So many services, messages and failures are told apart; what comes later is counted as others.
const MAX_DISTINCT: usize = 20_000;

/// The services of a failure; more are not listed.
const MAX_SERVICES: usize = 50;

/// A message without a traceback that is kept as an example is cut here.
const MAX_EXAMPLE: usize = 2_000;

/// So many messages are remembered with their templates, since logs repeat themselves.
const MAX_TEMPLATES: usize = 4_096;

/// Failures with one fingerprint.
#[derive(Clone, Debug)]
pub struct Group {
    /// The fingerprint.
    pub fp1: String,
    /// A wider one: type and last frame.
    pub coarse: String,
    /// The first of them.
    pub example: Traceback,
    /// The record in which the first of them stood: file, line.
    pub place: (usize, u64),
    /// How many there are.
    pub count: u64,
    /// When the first and the last were written.
    pub span: Option<(Timestamp, Timestamp)>,
    /// Their number over time.
    pub series: Series,
    /// In which services they occurred, and how often.
    pub services: Vec<(String, u64)>,
}

/// Errors without a traceback whose messages differ only in what varies.
#[derive(Clone, Debug)]
pub struct ErrorKind {
    /// The service.
    pub service: String,
    /// The message with what varies left out.
    pub template: String,
    /// The first of them.
    pub example: String,
    /// How many there are.
    pub count: u64,
}

/// What is known of one input.
#[derive(Clone, Debug)]
pub struct FileSummary {
    /// Its name.
    pub name: String,
    /// Its transport and format.
    pub detection: Detection,
    /// What was odd in it.
    pub problems: ReadProblems,
}

/// What a log comes to.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    /// The number of records.
    pub records: u64,
    /// The number of records of each level.
    pub levels: Bar,
    /// All records over time.
    pub series: Series,
    /// When the first and the last record were written.
    pub span: Option<(Timestamp, Timestamp)>,
    /// What is known of the inputs; the reader of the inputs fills it in.
    pub files: Vec<FileSummary>,
    services: FxHashMap<Vec<u8>, Bar>,
    groups: Vec<Group>,
    by_fingerprint: FxHashMap<String, usize>,
    errors: Vec<ErrorKind>,
    by_template: FxHashMap<(String, String), usize>,
    templates: FxHashMap<Vec<u8>, usize>,
    /// Records whose service, message or failure is no longer told apart.
    pub others: u64,
}

impl Summary {
    /// Adds a record.
    pub fn add(&mut self, record: &Record) {
        let (level, time) = (record.level(), record.time());
        self.records += 1;
        self.levels[bar_index(level)] += 1;
        self.series.add(time, level);
        widen(&mut self.span, time);
        if let Some(service) = record.service() {
            self.add_service(service, level);
        }
        let traces = record.tracebacks();
        if traces.is_empty() && level.is_some_and(|level| level >= Level::Error) {
            self.add_error(record);
        }
        for trace in traces {
            self.add_trace(trace, record);
        }
    }

    fn add_service(&mut self, service: &[u8], level: Option<Level>) {
        if let Some(counts) = self.services.get_mut(service) {
            counts[bar_index(level)] += 1;
        } else if self.services.len() < MAX_DISTINCT {
            let mut counts = Bar::default();
            counts[bar_index(level)] = 1;
            self.services.insert(service.to_vec(), counts);
        } else {
            self.others += 1;
        }
    }

    fn add_error(&mut self, record: &Record) {
        let (service, message) = (record.service().unwrap_or_default(), record.message());
        let message = &message[..message.len().min(MAX_EXAMPLE)];
        let key = [service, b"\0", message].concat();
        if let Some(&known) = self.templates.get(&key) {
            self.errors[known].count += 1;
            return;
        }
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let found = (text(service), template(&text(message)));
        let index = match self.by_template.get(&found) {
            Some(&index) => index,
            None if self.errors.len() < MAX_DISTINCT => {
                let (service, template) = found.clone();
                self.errors.push(ErrorKind { service, template, example: text(message), count: 0 });
                self.by_template.insert(found, self.errors.len() - 1);
                self.errors.len() - 1
            }
            None => {
                self.others += 1;
                return;
            }
        };
        self.errors[index].count += 1;
        if self.templates.len() < MAX_TEMPLATES {
            self.templates.insert(key, index);
        }
    }

    fn add_trace(&mut self, trace: Traceback, record: &Record) {
        let fingerprint = fp1(&trace);
        let index = match self.by_fingerprint.get(&fingerprint) {
            Some(&index) => index,
            None if self.groups.len() < MAX_DISTINCT => {
                self.by_fingerprint.insert(fingerprint.clone(), self.groups.len());
                self.groups.push(Group {
                    fp1: fingerprint,
                    coarse: fp1_coarse(&trace),
                    example: trace,
                    place: (record.file(), record.first_line()),
                    count: 0,
                    span: None,
                    series: Series::default(),
                    services: Vec::new(),
                });
                self.groups.len() - 1
            }
            None => {
                self.others += 1;
                return;
            }
        };
        let group = &mut self.groups[index];
        group.count += 1;
        group.series.add(record.time(), record.level());
        widen(&mut group.span, record.time());
        if let Some(service) = record.service() {
            let service = String::from_utf8_lossy(service);
            if let Some((_, count)) = group.services.iter_mut().find(|(name, _)| *name == service) {
                *count += 1;
            } else if group.services.len() < MAX_SERVICES {
                group.services.push((service.into_owned(), 1));
            }
        }
    }

    /// The services with their numbers of records by level, the busiest first.
    pub fn services(&self) -> Vec<(String, Bar)> {
        let mut found: Vec<(String, Bar)> =
            self.services.iter().map(|(name, counts)| (String::from_utf8_lossy(name).into_owned(), *counts)).collect();
        found.sort_by(|a, b| total(&b.1).cmp(&total(&a.1)).then_with(|| a.0.cmp(&b.0)));
        found
    }

    /// The failures, the most frequent first.
    pub fn groups(&self) -> Vec<&Group> {
        let mut found: Vec<&Group> = self.groups.iter().collect();
        found.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.fp1.cmp(&b.fp1)));
        found
    }

    /// The errors without a traceback, the most frequent first.
    pub fn errors(&self) -> Vec<&ErrorKind> {
        let mut found: Vec<&ErrorKind> = self.errors.iter().collect();
        let key = |error: &ErrorKind| (error.service.clone(), error.template.clone());
        found.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| key(a).cmp(&key(b))));
        found
    }
}

/// The sum of a bar.
pub(super) fn total(bar: &Bar) -> u64 {
    bar.iter().sum()
}

fn widen(span: &mut Option<(Timestamp, Timestamp)>, time: Option<Timestamp>) {
    let Some(time) = time else { return };
    *span = Some(span.map_or((time, time), |(first, last)| (first.min(time), last.max(time))));
}

/// The fingerprints that a baseline names: a summary as JSON, or a list of fingerprints.
///
/// # Errors
/// If the text is neither.
pub fn known_fingerprints(text: &str) -> Result<Vec<String>, String> {
    let value: serde_json::Value = serde_json::from_str(text).map_err(|error| format!("it is no JSON: {error}"))?;
    let list = value.as_array().or_else(|| value.get("groups").and_then(|groups| groups.as_array()));
    let list = list.ok_or("it is neither what `--format json` prints nor a list of fingerprints")?;
    let name = |item: &serde_json::Value| item.as_str().or_else(|| item.get("fp1")?.as_str()).map(str::to_owned);
    list.iter().map(|item| name(item).ok_or_else(|| format!("{item} is no fingerprint"))).collect()
}
