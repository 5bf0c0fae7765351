//! Random logs, whole and damaged: what must a reader of logs survive?
//!
//! A log is made of lines in one or several formats, with tracebacks between them, perhaps wrapped by a transport; then it is
//! damaged. What the log means is not told: these logs are for asking whether anything breaks.

use crate::random::Random;

const LEVELS: [&str; 7] = ["INFO", "DEBUG", "WARNING", "ERROR", "CRITICAL", "warn", "info     "];
const NAMES: [&str; 5] = ["shop.cart", "auth_service", "api", "web-1", "größe"];
const MESSAGES: [&str; 7] = [
    "Login failed for user=alice",
    "key: value: more",
    "brackets [x] {\"a\": 1} and \"quotes\"",
    "percent 100% done - | :: ]",
    "",
    "Traceback (most recent call last):",
    "a=1 b=\"two\\\" words\" c=",
];
const TRACES: [&str; 6] = [
    "Traceback (most recent call last):\n  File \"/srv/app/main.py\", line 5, in load\n    return int(text)\nValueError: x",
    "Traceback (most recent call last):\n  File \"a.py\", line 1, in f\nKeyError: 'a'\n\nDuring handling of the above exception, \
     another exception occurred:\n\nTraceback (most recent call last):\n  File \"a.py\", line 2, in f\n  [Previous line repeated 99 \
     more times]\nshop.Error",
    "  + Exception Group Traceback (most recent call last):\n  |   File \"a.py\", line 1, in f\n  | ExceptionGroup: g (2 \
     sub-exceptions)\n  +-+---------------- 1 ----------------\n    | ValueError: 1\n    +---------------- 2 ----------------\n    \
     | KeyError: 2\n    +------------------------------------",
    "Exception in thread Thread-1:\nTraceback (most recent call last):\n  File \"a.py\", line 1, in f\nKeyError",
    "Fatal Python error: Segmentation fault\n\nCurrent thread 0x00007f (most recent call first):\n  File \"a.py\", line 3 in f",
    "_____________ test_x _____________\n\n    def test_x():\n>       f()\nE       NameError: name 'f' is not defined\n\nt.py:3: \
     NameError",
];

/// A log that holds together.
pub fn whole(seed: u64) -> Vec<u8> {
    let mut random = Random::new(seed);
    let formats = [random.below(FORMATS), random.below(FORMATS)];
    let transport = if random.chance(50) { random.below(TRANSPORTS) } else { TRANSPORTS };
    let mut out = Vec::new();
    for number in 0..random.between(1, 60) {
        let format = if random.chance(90) { formats[0] } else { formats[1] };
        let mut text = record(&mut random, format, number);
        if random.chance(20) {
            text.push('\n');
            text.push_str(TRACES[random.below(TRACES.len())]);
        }
        for line in text.split('\n') {
            out.extend_from_slice(wrapped(transport, number, line).as_bytes());
            out.extend_from_slice(if random.chance(5) { b"\r\n" } else { b"\n" });
        }
    }
    out
}

/// A log that was damaged on its way.
pub fn damaged(seed: u64) -> Vec<u8> {
    let mut log = whole(seed);
    let mut random = Random::new(seed ^ 0xDA_3A_6E);
    for _ in 0..random.below(12) {
        if log.is_empty() {
            break;
        }
        let at = random.below(log.len());
        match random.below(9) {
            0 => log.truncate(at),
            1 => log[at] = u8::try_from(random.below(256)).unwrap_or_default(),
            2 => drop(log.splice(at..at, std::iter::repeat_n(0, random.below(50)))),
            3 => {
                let end = at + random.below(log.len() - at);
                let piece = log[at..end].to_vec();
                log.splice(at..at, piece);
            }
            4 => drop(log.drain(at..at + random.below(log.len() - at))),
            5 => drop(log.splice(at..at, b"\x1b[1;31m".iter().copied())),
            6 => drop(log.splice(at..at, std::iter::repeat_n(b"[{\"( |"[random.below(6)], random.below(3_000)))),
            7 => log[at] = b'\n',
            _ => drop(log.splice(at..at, TRACES[random.below(TRACES.len())].bytes())),
        }
    }
    log
}

const FORMATS: usize = 14;
const TRANSPORTS: usize = 7;

/// A record in one of the formats.
fn record(random: &mut Random, format: usize, number: usize) -> String {
    let level = LEVELS[random.below(LEVELS.len())];
    let name = NAMES[random.below(NAMES.len())];
    let message = MESSAGES[random.below(MESSAGES.len())];
    let (minute, second) = (number / 60 % 60, number % 60);
    let time = format!("2026-02-28 10:{minute:02}:{second:02}");
    match format {
        0 => format!("{time} {level} {name}: {message}"),
        1 => format!("{level}:{name}:{message}"),
        2 => format!("{time},007 - {name} - {level} - {message}"),
        3 => format!("[{time} +0000] [{number}] [{level}] {message}"),
        4 => format!("[{time},007: {level}/MainProcess] {message}"),
        5 => format!("{time}.007 | {level:<8} | {name}:f:{number} - {message}"),
        6 => format!("{time} [{level}] {message}  [{name}] n={number} s='{message}'"),
        7 => serde_json::json!({"time": time, "level": level, "logger": name, "msg": message, "n": {"a": [number]}})
            .to_string(),
        8 => format!("ts=2026-02-28T10:00:00Z level={level} logger={name} msg=\"{message}\" n={number}"),
        9 => format!(
            "10.0.0.1 - - [28/Feb/2026:10:{minute:02}:{second:02} +0000] \"GET /{name} HTTP/1.1\" {} -",
            200 + number * 7
        ),
        10 => format!(
            "2026/02/28 10:{minute:02}:{second:02} [{level}] 1#0: *{number} {message}, client: 10.0.0.1, server: _"
        ),
        11 => format!("E0228 10:{minute:02}:{second:02}.007000 {number} a.go:1] {message}"),
        12 => format!("INFO:     {message}"),
        _ => message.to_owned(),
    }
}

/// A line in one of the transports.
fn wrapped(transport: usize, number: usize, line: &str) -> String {
    let (minute, second) = (number / 60 % 60, number % 60);
    let time = format!("2026-02-28T10:{minute:02}:{second:02}.007Z");
    match transport {
        0 => serde_json::json!({"log": format!("{line}\n"), "stream": "stderr", "time": time}).to_string(),
        1 => format!("{time} stderr {} {line}", if number.is_multiple_of(5) { "P" } else { "F" }),
        2 => format!("web-1  | {line}"),
        3 => format!("Feb 28 10:{minute:02}:{second:02} host app[{number}]: {line}"),
        4 => format!("<134>1 {time} host app {number} - [x@1 a=\"b\\]\"] {line}"),
        5 => format!("__REALTIME_TIMESTAMP=1772273703007123\nPRIORITY=3\nMESSAGE={line}\n"),
        6 => format!("{time} {line}"),
        _ => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::damaged;

    #[test]
    fn a_seed_always_gives_the_same_log() {
        assert_eq!(damaged(7), damaged(7));
        assert_ne!(damaged(7), damaged(8));
    }
}
