//! A format that a user gives as a regular expression with named groups, which matches first lines of records from their start.
//!
//! Groups called `time` (or `timestamp`, `ts`, `asctime`), `level` (or `levelname`, `severity`), `service` (or `name`,
//! `logger`) and `message` (or `msg`) have their meaning; any other is a field.

use regex::bytes::Regex;

use crate::level::Level;
use crate::parsing::format::Format;
use crate::record::{Head, Kind, Slot};
use crate::time::{at_start, epoch};

pub(crate) struct Pattern {
    name: String,
    regex: Regex,
}

impl Pattern {
    /// The error says why the text is no regular expression.
    pub(crate) fn new(name: &str, text: &str) -> Result<Self, String> {
        let regex = Regex::new(text).map_err(|error| format!("the format is no regular expression: {error}"))?;
        Ok(Self { name: name.to_owned(), regex })
    }
}

impl Format for Pattern {
    fn name(&self) -> &str {
        &self.name
    }

    fn about(&self) -> &str {
        self.regex.as_str()
    }

    fn read(&self, line: &[u8], head: &mut Head) -> bool {
        let found = self.regex.captures(line).filter(|found| found.get(0).is_some_and(|whole| whole.start() == 0));
        let Some(found) = found else { return false };
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Record;

    #[test]
    fn groups_have_the_meaning_of_their_names() {
        let pattern =
            Pattern::new("worker", r"(?<time>\S+ \S+) \[(?<level>\w+)\] <(?<service>\w+)#(?<job>\d+)> (?<message>.*)")
                .unwrap();
        let line = b"2026-02-28 10:15:03 [error] <mail#17> no route";
        let mut record = Record::default();
        assert!(pattern.read(line, &mut record.head));
        record.text = line.to_vec();
        assert_eq!((record.level(), record.service()), (Some(Level::Error), Some(&b"mail"[..])));
        assert_eq!(record.message(), b"no route");
        assert_eq!(&*record.field("job").unwrap().text(), b"17");
        assert_eq!(record.head.stamp.unwrap().seconds, 1_772_273_703);
    }

    #[test]
    fn a_match_begins_where_the_line_does() {
        let pattern = Pattern::new("own", r"(?<level>ERROR) (?<message>.*)").unwrap();
        assert!(pattern.read(b"ERROR x", &mut Head::default()));
        assert!(!pattern.read(b"  saw ERROR x", &mut Head::default()));
        assert!(Pattern::new("own", "(?<level>").is_err_and(|error| error.contains("regular expression")));
    }
}
