//! Lines of JSON: one object per record, whatever its members are called.
//!
//! Which member is the time, the level, the service and the message is told by its key. The keys are those of Python's JSON
//! formatters, structlog, loguru, bunyan and pino, the Elastic Common Schema, `GELF`, and the large clouds. The first key of a
//! list that is there wins.

use crate::level::Level;
use crate::parsing::format::Format;
use crate::parsing::json::{Member, lookup, members, string, unescape};
use crate::record::{Field, Head, Kind, Slot};
use crate::time::{Stamp, at_start, epoch};

pub(crate) struct Json;

/// What a key stands for. The number ranks keys of one role: the lowest wins.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Time(u8),
    Level(u8),
    /// A level as a number of Python's `logging`.
    PythonLevel(u8),
    Service(u8),
    Message(u8),
    /// An object whose members may have roles: `log`, `record`.
    Nested,
    None,
}

fn role(key: &[u8]) -> Role {
    match key {
        b"timestamp" | b"@timestamp" => Role::Time(0),
        b"time" | b"ts" | b"asctime" | b"datetime" => Role::Time(1),
        b"@t" | b"t" | b"eventTime" | b"event_time" | b"date" | b"timeMillis" | b"created_at" => Role::Time(2),
        b"created" => Role::Time(3),
        b"level" | b"levelname" | b"severity" | b"log.level" => Role::Level(0),
        b"lvl" | b"log_level" | b"loglevel" | b"logLevel" | b"level_name" | b"@l" | b"severityText"
        | b"severity_text" => Role::Level(1),
        b"levelno" | b"level_no" => Role::PythonLevel(2),
        b"service" | b"service.name" | b"service_name" => Role::Service(0),
        b"logger" | b"logger_name" | b"loggerName" | b"log.logger" => Role::Service(1),
        b"name" => Role::Service(2),
        b"app" | b"application" | b"component" | b"channel" => Role::Service(3),
        b"message" | b"msg" => Role::Message(0),
        b"event" => Role::Message(1),
        b"@m" | b"short_message" | b"textPayload" | b"body" | b"text" => Role::Message(2),
        b"@mt" => Role::Message(3),
        b"log" | b"record" | b"jsonPayload" => Role::Nested,
        _ => Role::None,
    }
}

/// The best member for a role so far.
#[derive(Clone, Copy, Default)]
struct Best {
    rank: u8,
    found: Option<Member>,
}

impl Best {
    fn offer(&mut self, rank: u8, member: Member) -> bool {
        if self.found.is_some() && self.rank <= rank {
            return false;
        }
        (self.rank, self.found) = (rank, Some(member));
        true
    }
}

impl Format for Json {
    fn name(&self) -> &'static str {
        "json"
    }

    fn about(&self) -> &'static str {
        "one JSON object per line"
    }

    fn is_json(&self) -> bool {
        true
    }

    fn read(&self, line: &[u8], head: &mut Head) -> bool {
        if line.first() != Some(&b'{') {
            return false;
        }
        let (mut time, mut level, mut service, mut message) =
            (Best::default(), Best::default(), Best::default(), Best::default());
        let mut nested = None;
        let fields = &mut head.fields;
        let ok = members(line, |member| {
            let key = (member.key.0 + 1, member.key.1 - 1);
            let is_string = line[member.value.0] == b'"';
            match role(&line[key.0..key.1]) {
                Role::Time(rank) => _ = time.offer(rank, member),
                Role::Level(rank) | Role::PythonLevel(rank) => _ = level.offer(rank, member),
                Role::Service(rank) if is_string => _ = service.offer(rank, member),
                Role::Message(rank) if is_string => _ = message.offer(rank, member),
                role => {
                    if role == Role::Nested && line[member.value.0] == b'{' {
                        nested = Some(member);
                    }
                }
            }
            fields.push(Field {
                key: Slot::of(key.0, key.1),
                value: Slot::of(member.value.0, member.value.1),
                kind: Kind::Json,
            });
        });
        if !ok {
            return false;
        }
        let value = |member: &Member| &line[member.value.0..member.value.1];
        head.stamp = time.found.and_then(|member| stamp(value(&member)));
        head.level =
            level.found.and_then(|member| self::level(&line[member.key.0 + 1..member.key.1 - 1], value(&member)));
        head.service = service.found.map(|member| text_slot(line, member.value, head));
        head.message = message.found.map(|member| text_slot(line, member.value, head));
        // What has become the time, the level, the service or the message is no field besides.
        let used = [
            time.found.filter(|_| head.stamp.is_some()),
            level.found.filter(|_| head.level.is_some()),
            service.found,
            message.found,
        ];
        let used = used.map(|member| member.map(|member| Slot::of(member.value.0, member.value.1)));
        head.fields.retain(|field| !used.contains(&Some(field.value)));
        if let Some(member) = nested {
            look_inside(&line[member.value.0..member.value.1], head);
        }
        // Any object is JSON; a log line says at least one of these.
        head.stamp.is_some() || head.level.is_some() || head.message.is_some()
    }
}

/// What a value means as a time.
fn stamp(value: &[u8]) -> Option<Stamp> {
    let Some(text) = string(value) else { return epoch(value) };
    match at_start(&text) {
        Some(found) if found.len == text.len() => found.stamp,
        _ => epoch(&text),
    }
}

fn level(key: &[u8], value: &[u8]) -> Option<Level> {
    if let Some(text) = string(value) {
        if let Some(level) = Level::from_word(text.trim_ascii()) {
            return Some(level);
        }
        return level(key, &text).filter(|_| text.first().is_some_and(u8::is_ascii_digit));
    }
    if value.first() == Some(&b'{') {
        let name = lookup(value, "name").and_then(string)?;
        return Level::from_word(&name);
    }
    let number = std::str::from_utf8(value).ok()?.parse().ok()?;
    if matches!(role(key), Role::PythonLevel(_)) { Level::from_python(number) } else { Level::from_bunyan(number) }
}

/// The place of a string's value: in the line where nothing is escaped, else decoded beside it.
fn text_slot(line: &[u8], value: (usize, usize), head: &mut Head) -> Slot {
    let inner = &line[value.0 + 1..value.1 - 1];
    if memchr::memchr(b'\\', inner).is_none() {
        return Slot::of(value.0 + 1, value.1 - 1);
    }
    head.keep_with(|out| unescape(inner, out)).0
}

/// Fills what is still missing from an object inside: the Elastic Common Schema's `log`, loguru's `record`.
fn look_inside(object: &[u8], head: &mut Head) {
    let text = |path: &str| lookup(object, path).and_then(string);
    if head.level.is_none() {
        head.level = ["level", "level.name", "levelname", "severity"]
            .iter()
            .find_map(|path| level(b"level", lookup(object, path)?));
    }
    if head.stamp.is_none() {
        head.stamp =
            ["time.timestamp", "timestamp", "time.repr", "time"].iter().find_map(|path| stamp(lookup(object, path)?));
    }
    if head.service.is_none() {
        let found = ["logger", "name", "service"].iter().find_map(|path| text(path));
        head.service = found.map(|found| head.keep(&found));
    }
    // loguru's `text` repeats the whole line; the message is inside.
    if let Some(found) = text("message") {
        head.message = Some(head.keep(&found));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Record;

    fn read(line: &str) -> Record {
        let mut record = Record::default();
        assert!(Json.read(line.as_bytes(), &mut record.head), "{line}");
        record.text = line.as_bytes().to_vec();
        record
    }

    #[test]
    fn shapes_of_many_libraries_are_read() {
        for line in [
            r#"{"asctime": "2026-02-28 10:15:03", "levelname": "ERROR", "name": "shop", "message": "a \"b\""}"#,
            r#"{"level": 50, "time": 1772273703000, "name": "shop", "msg": "a \"b\""}"#,
            r#"{"event": "a \"b\"", "level": "error", "timestamp": "2026-02-28T10:15:03Z", "logger": "shop"}"#,
            r#"{"@timestamp": "2026-02-28T10:15:03Z", "log.level": "error", "message": "a \"b\"", "service.name": "shop"}"#,
            r#"{"@timestamp": "2026-02-28T10:15:03Z", "log": {"level": "error", "logger": "shop"}, "message": "a \"b\""}"#,
            r#"{"severity": "ERROR", "time": 1772273703, "logger": "shop", "textPayload": "a \"b\""}"#,
            r#"{"text": "x", "record": {"level": {"name": "ERROR", "no": 40}, "message": "a \"b\"", "name": "shop", "time": {"timestamp": 1772273703.0}}}"#,
            r#"{"levelno": 40, "created": 1772273703.0, "name": "shop", "message": "a \"b\""}"#,
        ] {
            let record = read(line);
            assert_eq!(record.level(), Some(Level::Error), "{line}");
            assert_eq!(record.service(), Some(&b"shop"[..]), "{line}");
            assert_eq!(record.message(), br#"a "b""#, "{line}");
            assert_eq!(record.head.stamp.unwrap().seconds, 1_772_273_703, "{line}");
        }
    }

    #[test]
    fn an_object_that_says_nothing_of_a_log_is_no_record() {
        assert!(!Json.read(br#"{"a": 1}"#, &mut Head::default()));
        assert!(!Json.read(br#"{"level": "INFO""#, &mut Head::default()));
    }

    #[test]
    fn what_has_no_role_is_a_field() {
        let record = read(r#"{"level": "info", "message": "x", "n": 5, "who": "a"}"#);
        let names: Vec<&[u8]> = record.fields().map(|(key, _)| key).collect();
        assert_eq!(names, [&b"n"[..], b"who"]);
        assert_eq!(&*record.field("who").unwrap().text(), b"a");
    }
}
