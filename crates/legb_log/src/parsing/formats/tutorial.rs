//! `2026-02-28 10:15:03 ERROR auth_service: Login failed`: date, time, level, service and message.
//!
//! Read by hand rather than as a layout, since this is where speed is promised.

use crate::level::Level;
use crate::parsing::format::Format;
use crate::record::{Head, Slot};
use crate::time::{Stamp, Zone, days, iso};

pub(crate) struct Tutorial;

impl Format for Tutorial {
    fn name(&self) -> &'static str {
        "tutorial"
    }

    fn about(&self) -> &'static str {
        "DATE TIME LEVEL service: message"
    }

    fn detail(&self) -> usize {
        4
    }

    #[inline]
    fn read(&self, line: &[u8], head: &mut Head) -> bool {
        // The separators of the date tell most other lines apart before anything is computed.
        let Some(start) = line.first_chunk::<20>() else { return false };
        if start[4] != b'-' || start[10] != b' ' {
            return false;
        }
        let (stamp, at) = match head.minute.seconds(start) {
            Some(seconds) => (Stamp { seconds, nanos: 0, digits: 0, zone: Zone::None }, 20),
            None => match iso(line) {
                Some((stamp, len)) if line.get(len) == Some(&b' ') => (stamp, len + 1),
                _ => return false,
            },
        };
        let word = word_len(&line[at..]);
        let Some(level) = usual_level(&line[at..], word).or_else(|| Level::from_word(&line[at..at + word])) else {
            return false;
        };
        let mut service = at + word;
        while line.get(service) == Some(&b' ') {
            service += 1;
        }
        let end = service + service_len(&line[service..]);
        if end == service || line.get(end) != Some(&b':') || !matches!(line.get(end + 1), Some(b' ') | None) {
            return false;
        }
        head.stamp = Some(stamp);
        head.level = Some(level);
        head.service = Some(Slot::of(service, end));
        head.message = Some(Slot::of((end + 2).min(line.len()), line.len()));
        true
    }
}

/// The minute of the last line. Most lines are of the same one, and need not be taken apart again.
#[derive(Clone, Debug, Default)]
pub(crate) struct Minute {
    /// `YYYY-MM-DD HH:MM`.
    text: [u8; 16],
    /// When it began.
    begin: i64,
}

impl Minute {
    /// The seconds of `YYYY-MM-DD HH:MM:SS `; none where anything else stands there.
    #[inline]
    fn seconds(&mut self, text: &[u8; 20]) -> Option<i64> {
        if text[..16] != self.text {
            return self.other(text);
        }
        let is_second = text[16] == b':' && text[19] == b' ' && text[17].is_ascii_digit() && text[18].is_ascii_digit();
        let second = two(text, 17);
        (is_second && second <= 60).then_some(self.begin + second)
    }

    fn other(&mut self, text: &[u8; 20]) -> Option<i64> {
        let seconds = whole_seconds(text)?;
        self.text.copy_from_slice(&text[..16]);
        self.begin = seconds - two(text, 17);
        Some(seconds)
    }
}

/// The level that a word of at most seven capital letters is, of those that most lines have.
#[inline]
fn usual_level(text: &[u8], len: usize) -> Option<Level> {
    const fn key(word: [u8; 8]) -> u64 {
        u64::from_le_bytes(word)
    }
    const INFO: u64 = key(*b"INFO\0\0\0\0");
    const ERROR: u64 = key(*b"ERROR\0\0\0");
    const DEBUG: u64 = key(*b"DEBUG\0\0\0");
    const WARN: u64 = key(*b"WARN\0\0\0\0");
    const WARNING: u64 = key(*b"WARNING\0");
    let chunk = u64::from_le_bytes(*text.first_chunk::<8>()?);
    if len > 7 {
        return None;
    }
    match chunk & ((1 << (8 * len)) - 1) {
        INFO => Some(Level::Info),
        ERROR => Some(Level::Error),
        DEBUG => Some(Level::Debug),
        WARN | WARNING => Some(Level::Warning),
        _ => None,
    }
}

/// The seconds of `YYYY-MM-DD HH:MM:SS ` without fraction or zone; none where anything else stands there.
fn whole_seconds(text: &[u8; 20]) -> Option<i64> {
    let is_date =
        looks_like(text, 0, *b"0000-00-") && looks_like(text, 8, *b"00 00:00") && looks_like(text, 12, *b"0:00:00 ");
    if !is_date {
        return None;
    }
    let (month, day, hour) = (two(text, 5), two(text, 8), two(text, 11));
    let (minute, second) = (two(text, 14), two(text, 17));
    let is_valid = (1..=12).contains(&month) && (1..=31).contains(&day) && hour < 24 && minute < 60 && second <= 60;
    let date = days(two(text, 0) * 100 + two(text, 2), month, day);
    is_valid.then_some(date * 86_400 + hour * 3_600 + minute * 60 + second)
}

/// The number that two digits are.
#[inline]
fn two(text: &[u8; 20], at: usize) -> i64 {
    let pair = u16::from_le_bytes([text[at], text[at + 1]]) & 0x0f0f;
    // Ten times the first, which comes to stand where the second is, and the second.
    i64::from((pair.wrapping_mul(10 << 8 | 1)) >> 8)
}

/// Whether eight bytes are as a pattern says, in which `0` stands for any digit: all eight are compared at once.
#[inline]
fn looks_like(text: &[u8; 20], at: usize, pattern: [u8; 8]) -> bool {
    let bytes: [u8; 8] = std::array::from_fn(|index| text[at + index]);
    let (found, wanted) = (u64::from_le_bytes(bytes), u64::from_le_bytes(pattern));
    // All bits of the bytes that are digits in the pattern: no divider has the upper half of a digit.
    let digits = u64::from_le_bytes(pattern.map(|byte| if byte == b'0' { 0xff } else { 0 }));
    let (upper, six) = (0xf0f0_f0f0_f0f0_f0f0, 0x0606_0606_0606_0606);
    let tails = found & digits & !upper;
    // A digit keeps its upper half even with six added to its lower one; `:` to `?` do not.
    found & !digits == wanted & !digits
        && found & digits & upper == wanted & digits
        && (tails + (six & digits)) & upper == 0
}

/// How many bytes there are before a space or control character. Eight bytes are looked at together, since words of many
/// lengths make a loop over bytes slow: the processor cannot foresee where it ends.
#[inline]
fn word_len(text: &[u8]) -> usize {
    let Some(chunk) = text.first_chunk::<8>() else { return slow_len(text, |byte| byte > b' ') };
    match below(u64::from_le_bytes(*chunk), b' ' + 1) {
        0 => 8 + slow_len(&text[8..], |byte| byte > b' '),
        found => found.trailing_zeros() as usize / 8,
    }
}

/// How many bytes the name of a service takes.
#[inline]
fn service_len(text: &[u8]) -> usize {
    let mut at = 0;
    while let Some(chunk) = text[at..].first_chunk::<8>() {
        let chunk = u64::from_le_bytes(*chunk);
        let unusual =
            below(chunk, b'-') | above(chunk, b'z') | equal(chunk, b'=') | equal(chunk, b'[') | equal(chunk, b']');
        let colon = equal(chunk, b':');
        if unusual | colon == 0 {
            at += 8;
            continue;
        }
        if colon.trailing_zeros() < unusual.trailing_zeros() {
            return at + colon.trailing_zeros() as usize / 8;
        }
        // What is unusual may be part of a name all the same.
        break;
    }
    at + slow_len(&text[at..], |byte| IS_SERVICE[usize::from(byte)])
}

fn slow_len(text: &[u8], holds: impl Fn(u8) -> bool) -> usize {
    text.iter().position(|byte| !holds(*byte)).unwrap_or(text.len())
}

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x8080_8080_8080_8080;

/// The high bit of each byte below a bound of at most 128; behind the first such byte others may be set as well.
#[inline]
const fn below(chunk: u64, bound: u8) -> u64 {
    chunk.wrapping_sub(ONES * bound as u64) & !chunk & HIGH
}

/// The high bit of each byte above a bound below 128; behind the first such byte others may be set as well.
#[inline]
const fn above(chunk: u64, bound: u8) -> u64 {
    (chunk.wrapping_add(ONES * (127 - bound as u64)) | chunk) & HIGH
}

/// The high bit of each byte that is equal; behind the first such byte others may be set as well.
#[inline]
const fn equal(chunk: u64, byte: u8) -> u64 {
    below(chunk ^ (ONES * byte as u64), 1)
}

/// The bytes that the name of a service may hold; a colon ends it.
const IS_SERVICE: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = b'!';
    while byte < 0xff {
        table[byte as usize] =
            !matches!(byte, b'[' | b']' | b'(' | b')' | b'{' | b'}' | b'"' | b'\'' | b'=' | b'|' | b',' | b':' | 0x7f);
        byte += 1;
    }
    table
};

#[cfg(test)]
mod tests {
    use super::{IS_SERVICE, Tutorial, service_len, slow_len, word_len};
    use crate::level::Level;
    use crate::parsing::format::Format;
    use crate::record::{Head, Record};

    #[test]
    fn lines_are_taken_apart() {
        for (line, service, message) in [
            ("2026-02-28 10:15:03 ERROR auth_service: Login failed", "auth_service", "Login failed"),
            ("2026-02-28 10:15:03 ERROR a: x", "a", "x"),
            ("2026-02-28 10:15:03 ERROR a:", "a", ""),
            ("2026-02-28 10:15:03 ERROR   shop.cart-2/x+y@host: a: b", "shop.cart-2/x+y@host", "a: b"),
            ("2026-02-28 10:15:03,123 ERROR a: x", "a", "x"),
        ] {
            let mut record = Record::default();
            assert!(Tutorial.read(line.as_bytes(), &mut record.head), "{line}");
            record.text = line.as_bytes().to_vec();
            assert_eq!(record.service(), Some(service.as_bytes()), "{line}");
            assert_eq!(record.message(), message.as_bytes(), "{line}");
            assert_eq!(record.level(), Some(Level::Error), "{line}");
        }
        for line in [
            "2026-02-28 10:15:03 ERROR [main]: x",
            "2026-02-28 10:15:03 ERROR a b: x",
            "2026-02-28 10:15:03 ERROR a:x",
            "2026-02-28 10:15:03 ERRORS a: x",
            "2026-13-28 10:15:03 ERROR a: x",
            "2026-02-28 10:15:03 ERROR",
            "2026-02-28 10:15:03 ",
        ] {
            assert!(!Tutorial.read(line.as_bytes(), &mut Head::default()), "{line}");
        }
    }

    #[test]
    fn the_minute_that_is_kept_is_that_of_the_line() {
        let mut head = Head::default();
        let mut seconds = |time: &str| {
            head.clear();
            let line = format!("2026-02-28 {time} ERROR a: x");
            Tutorial.read(line.as_bytes(), &mut head).then(|| head.stamp.map(|stamp| stamp.seconds % 86_400))
        };
        assert_eq!(seconds("10:15:03"), Some(Some(36_903)));
        assert_eq!(seconds("10:15:59"), Some(Some(36_959)));
        assert_eq!(seconds("10:16:00"), Some(Some(36_960)));
        assert_eq!(seconds("10:16:61"), None);
        assert_eq!(seconds("10:16:6x"), None);
        assert_eq!(seconds("10:16:07"), Some(Some(36_967)));
    }

    #[test]
    fn bytes_together_mean_what_they_mean_one_by_one() {
        for byte in 0..=u8::MAX {
            for at in 0..20 {
                let mut text = [b'a'; 20];
                text[at] = byte;
                assert_eq!(word_len(&text), slow_len(&text, |byte| byte > b' '), "{byte} at {at}");
                assert_eq!(service_len(&text), slow_len(&text, |byte| IS_SERVICE[usize::from(byte)]), "{byte} at {at}");
            }
        }
    }
}
