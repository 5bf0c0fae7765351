//! A format that a user gives as a regular expression with named groups, of which only a first line matches.
//!
//! Groups called `time` (or `timestamp`, `ts`, `asctime`), `level` (or `levelname`, `severity`), `service` (or `name`,
//! `logger`) and `message` (or `msg`) have their meaning; any other is a field.

use regex::bytes::Regex;

use crate::level::Level;
use crate::parsing::format::Format;
use crate::record::{Head, Kind, Slot};
use crate::time::{at_start, epoch};

pub(crate) struct Pattern {
    regex: Regex,
}

impl Pattern {
    pub(crate) fn new(text: &str) -> Result<Self, String> {
        let regex = Regex::new(text).map_err(|error| format!("the format is no regular expression: {error}"))?;
        Ok(Self { regex })
    }
}

impl Format for Pattern {
    fn name(&self) -> &'static str {
        "own"
    }

    fn about(&self) -> &str {
        self.regex.as_str()
    }

    fn read(&self, line: &[u8], head: &mut Head) -> bool {
        let Some(found) = self.regex.captures(line) else { return false };
        for (index, name) in self.regex.capture_names().enumerate() {
            let (Some(name), Some(group)) = (name, found.get(index)) else { continue };
            let slot = Slot::of(group.start(), group.end());
            match name {
                "time" | "timestamp" | "ts" | "asctime" => {
                    let stamp = at_start(group.as_bytes()).map(|found| found.stamp);
                    let Some(stamp) = stamp.or_else(|| epoch(group.as_bytes()).map(Some)) else { return false };
                    head.stamp = stamp;
                }
                "level" | "levelname" | "severity" => head.level = Level::from_word(group.as_bytes().trim_ascii()),
                "service" | "name" | "logger" => head.service = Some(slot),
                "message" | "msg" => head.message = Some(slot),
                other => {
                    let is_number = !group.is_empty() && group.as_bytes().iter().all(u8::is_ascii_digit);
                    head.field(other, slot, if is_number { Kind::Number } else { Kind::Text });
                }
            }
        }
        if head.message.is_none() {
            head.message = Some(Slot::of(0, line.len()));
        }
        true
    }
}
