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
        let (stamp, mut at) = match whole_seconds(start) {
            Some(stamp) => (stamp, 20),
            None => match iso(line) {
                Some((stamp, len)) if line.get(len) == Some(&b' ') => (stamp, len + 1),
                _ => return false,
            },
        };
        let word = at;
        while line.get(at).is_some_and(|byte| *byte > b' ') {
            at += 1;
        }
        let Some(level) = Level::from_word(&line[word..at]) else { return false };
        while line.get(at) == Some(&b' ') {
            at += 1;
        }
        let service = at;
        while line.get(at).is_some_and(|byte| IS_SERVICE[usize::from(*byte)]) {
            at += 1;
        }
        if at == service || line.get(at) != Some(&b':') || !matches!(line.get(at + 1), Some(b' ') | None) {
            return false;
        }
        head.stamp = Some(stamp);
        head.level = Some(level);
        head.service = Some(Slot::of(service, at));
        head.message = Some(Slot::of((at + 2).min(line.len()), line.len()));
        true
    }
}

/// The stamp of `YYYY-MM-DD HH:MM:SS ` without fraction or zone; none where anything else stands there.
#[inline]
fn whole_seconds(text: &[u8; 20]) -> Option<Stamp> {
    let is_date =
        looks_like(text, 0, *b"0000-00-") && looks_like(text, 8, *b"00 00:00") && looks_like(text, 12, *b"0:00:00 ");
    if !is_date {
        return None;
    }
    let two = |at: usize| i64::from(text[at] & 15) * 10 + i64::from(text[at + 1] & 15);
    let (month, day, hour, minute, second) = (two(5), two(8), two(11), two(14), two(17));
    let is_valid = (1..=12).contains(&month) && (1..=31).contains(&day) && hour < 24 && minute < 60 && second <= 60;
    is_valid.then(|| Stamp {
        seconds: days(two(0) * 100 + two(2), month, day) * 86_400 + hour * 3_600 + minute * 60 + second,
        nanos: 0,
        digits: 0,
        zone: Zone::None,
    })
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
