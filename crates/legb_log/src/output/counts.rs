//! How often each value of a field occurs: `--by level`, `--by service`, `--by exc`, `--by fp`, `--by status`.

use std::fmt::Write as _;

use rustc_hash::FxHashMap;
use serde_json::json;

use crate::fingerprint::fp1;
use crate::record::Record;

/// So many values are told apart; what comes later is counted as others.
const MAX_DISTINCT: usize = 100_000;

/// Counts of the values of one field.
#[derive(Clone, Debug)]
pub struct Counts {
    key: Key,
    values: FxHashMap<Vec<u8>, u64>,
    levels: super::series::Bar,
    others: u64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Key {
    Level,
    Service,
    Exception,
    Fingerprint,
    File,
    Field(String),
}

impl Counts {
    /// Of a field: `level`, `service`, `exc`, `fp`, `file`, or the name of any other.
    pub fn new(field: &str) -> Self {
        let key = match field {
            "level" => Key::Level,
            "service" => Key::Service,
            "exc" => Key::Exception,
            "fp" | "fp1" => Key::Fingerprint,
            "file" => Key::File,
            name => Key::Field(name.to_owned()),
        };
        Self { key, values: FxHashMap::default(), levels: [0; 6], others: 0 }
    }

    /// Adds a record of the file `name`.
    pub fn add(&mut self, record: &Record, name: &str) {
        match &self.key {
            Key::Level => self.levels[super::series::bar_index(record.level())] += 1,
            Key::Service => self.count(record.service().unwrap_or(b"(none)")),
            Key::File => self.count(name.as_bytes()),
            Key::Exception => {
                for trace in record.tracebacks() {
                    self.count(trace.exception.as_bytes());
                }
            }
            Key::Fingerprint => {
                for trace in record.tracebacks() {
                    self.count(fp1(&trace).as_bytes());
                }
            }
            Key::Field(field) => {
                let value = match field.as_str() {
                    "message" => Some(std::borrow::Cow::Borrowed(record.message())),
                    name => record.field(name).map(|value| std::borrow::Cow::Owned(value.text().into_owned())),
                };
                self.count(value.as_deref().unwrap_or(b"(none)"));
            }
        }
    }

    fn count(&mut self, value: &[u8]) {
        if let Some(count) = self.values.get_mut(value) {
            *count += 1;
        } else if self.values.len() < MAX_DISTINCT {
            self.values.insert(value.to_vec(), 1);
        } else {
            self.others += 1;
        }
    }

    /// The values with their counts, the most frequent first; levels from the gravest.
    pub fn rows(&self) -> Vec<(String, u64)> {
        if self.key == Key::Level {
            let names = crate::Level::ALL.map(crate::Level::as_str).into_iter().chain(["(none)"]);
            let mut rows: Vec<_> = names.zip(self.levels).map(|(name, count)| (name.to_owned(), count)).collect();
            rows[..5].reverse();
            rows.retain(|(_, count)| *count > 0);
            return rows;
        }
        let mut rows: Vec<(String, u64)> =
            self.values.iter().map(|(value, count)| (String::from_utf8_lossy(value).into_owned(), *count)).collect();
        rows.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        if self.others > 0 {
            rows.push(("(others)".to_owned(), self.others));
        }
        rows
    }

    /// The rows as JSON objects `{"value", "count"}`.
    pub fn json(&self) -> Vec<serde_json::Value> {
        self.rows().into_iter().map(|(value, count)| json!({"value": value, "count": count})).collect()
    }

    /// The rows as lines, counts first.
    pub fn text(&self) -> String {
        self.rows().into_iter().fold(String::new(), |mut text, (value, count)| {
            let _ = writeln!(text, "{count:>9}  {value}");
            text
        })
    }
}
