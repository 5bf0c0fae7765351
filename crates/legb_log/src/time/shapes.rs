//! The shapes in which logs write a time: which of them does this text begin with?
//!
//! Covers ISO 8601 and its kin, dates with named months in three orders, dates as `strftime("%m/%d/%Y")` writes them, the
//! year-less `0228 10:15:03` of klog, and counts since 1970. Does not guess between day and month: with dots the day is first,
//! with slashes the month, as in the examples of Python's `logging`.

use super::{DAY, Stamp, Zone, days};

/// How a time is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// `2026-02-28 10:15:03,007`, with `T`, `/`, fractions and zones as they come.
    Iso,
    /// `28/Feb/2026:10:15:03 +0000`, `28 Feb 2026 10:15:03.007`.
    DayFirst,
    /// `Feb 28 10:15:03`, `Sat Feb 28 10:15:03.007123 2026`.
    MonthFirst,
    /// `02/28/2026 10:15:03 AM`, `28.02.2026 10:15:03`.
    Numbers,
    /// `10:15:03,007`: no date, so no point in time either.
    TimeOnly,
}

/// A time at the beginning of a text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Found {
    /// None where the text has a time of day only.
    pub(crate) stamp: Option<Stamp>,
    /// Bytes that it takes.
    pub(crate) len: usize,
    pub(crate) shape: Shape,
}

/// The time that a text begins with.
pub(crate) fn at_start(text: &[u8]) -> Option<Found> {
    let first = *text.first()?;
    let found = |stamp: (Stamp, usize), shape| Found { stamp: Some(stamp.0), len: stamp.1, shape };
    if first.is_ascii_digit() {
        return match text.get(2)? {
            b':' => time_of_day(text).map(|(_, _, len, _)| Found { stamp: None, len, shape: Shape::TimeOnly }),
            byte if byte.is_ascii_digit() => iso(text).map(|stamp| found(stamp, Shape::Iso)),
            b'/' | b'.' | b'-' | b' ' if text.get(3)?.is_ascii_digit() => {
                numbers(text).map(|stamp| found(stamp, Shape::Numbers))
            }
            _ => day_first(text).map(|stamp| found(stamp, Shape::DayFirst)),
        };
    }
    if first.is_ascii_uppercase() { month_first(text).map(|stamp| found(stamp, Shape::MonthFirst)) } else { None }
}

/// The number that exactly `count` digits at `at` mean.
#[inline]
pub(crate) fn digits(text: &[u8], at: usize, count: usize) -> Option<i64> {
    let mut number = 0;
    for &byte in text.get(at..at + count)? {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        number = number * 10 + i64::from(digit);
    }
    Some(number)
}

/// A count since 1970 by its size: seconds, milliseconds, microseconds or nanoseconds; a fraction goes with seconds only.
pub(crate) fn epoch(text: &[u8]) -> Option<Stamp> {
    let whole = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let per_second: i64 = match whole {
        9..=10 => 1,
        12..=13 => 1_000,
        15..=16 => 1_000_000,
        18..=19 => 1_000_000_000,
        _ => return None,
    };
    let number: i64 = std::str::from_utf8(&text[..whole]).ok()?.parse().ok()?;
    let mut stamp = Stamp {
        seconds: number / per_second,
        nanos: u32::try_from(number % per_second * (1_000_000_000 / per_second)).ok()?,
        digits: u8::try_from(per_second.ilog10()).ok()?,
        zone: Zone::Utc,
    };
    let rest = &text[whole..];
    if rest.is_empty() {
        return Some(stamp);
    }
    let (nanos, count) = fraction(rest)?;
    // A fraction of a millisecond is finer than any log means it.
    if per_second == 1 {
        (stamp.nanos, stamp.digits) = (nanos, u8::try_from(count).unwrap_or(9).min(9));
    }
    (1 + count == rest.len()).then_some(stamp)
}

/// `.007` or `,007`: nanoseconds and the number of digits.
fn fraction(text: &[u8]) -> Option<(u32, usize)> {
    if !matches!(text.first(), Some(b'.' | b',')) {
        return None;
    }
    let mut nanos = 0;
    let mut count = 0;
    for &byte in &text[1..] {
        if !byte.is_ascii_digit() {
            break;
        }
        if count < 9 {
            nanos = nanos * 10 + u32::from(byte - b'0');
        }
        count += 1;
    }
    if count == 0 {
        return None;
    }
    for _ in count..9 {
        nanos *= 10;
    }
    Some((nanos, count))
}

/// Seconds of the day, nanoseconds, length and digits of `HH:MM:SS[.fff]` at the start.
#[inline]
fn time_of_day(text: &[u8]) -> Option<(i64, u32, usize, u8)> {
    let text8 = text.get(..8)?;
    if text8[2] != b':' || text8[5] != b':' {
        return None;
    }
    let (hour, minute, second) = (digits(text, 0, 2)?, digits(text, 3, 2)?, digits(text, 6, 2)?);
    // A second 60 is a leap second.
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let (nanos, count) = match text.get(8) {
        Some(b'.' | b',') => fraction(&text[8..]).map_or((0, 0), |(nanos, count)| (nanos, count + 1)),
        Some(byte) if byte.is_ascii_digit() => return None,
        _ => (0, 0),
    };
    let digits = u8::try_from(count.saturating_sub(1).min(9)).unwrap_or(9);
    Some((hour * 3_600 + minute * 60 + second, nanos, 8 + count, digits))
}

/// Seconds, nanoseconds and digits of a text that is a time of day and nothing else.
pub(crate) fn seconds_of_day(text: &[u8]) -> Option<(i64, u32, u8)> {
    let (seconds, nanos, len, digits) = time_of_day(text)?;
    (len == text.len()).then_some((seconds, nanos, digits))
}

/// The first second of a day, of the year 1972 where none is known.
pub(crate) fn day_of_leap_year(year: Option<i64>, month: i64, day: i64) -> Option<i64> {
    date(year.unwrap_or(1972), month, day).map(|day| day * DAY)
}

/// `Z`, ` UTC`, `+0000`, `+00:00`, ` +0000`, `+00` at the start: the zone and its length.
fn zone(text: &[u8]) -> Option<(Zone, usize)> {
    let space = usize::from(text.first() == Some(&b' '));
    let rest = &text[space..];
    let ends = |at: usize| rest.get(at).is_none_or(|byte| !byte.is_ascii_alphanumeric());
    match rest.first()? {
        b'Z' if space == 0 && ends(1) => Some((Zone::Utc, 1)),
        b'U' if rest.starts_with(b"UTC") && ends(3) => Some((Zone::Utc, space + 3)),
        b'G' if rest.starts_with(b"GMT") && ends(3) => Some((Zone::Utc, space + 3)),
        sign @ (b'+' | b'-') => {
            let hours = digits(rest, 1, 2)?;
            let (minutes, len) = match rest.get(3) {
                Some(b':') => (digits(rest, 4, 2)?, 6),
                Some(byte) if byte.is_ascii_digit() => (digits(rest, 3, 2)?, 5),
                _ if space == 0 => (0, 3),
                _ => return None,
            };
            if hours > 18 || minutes > 59 || !ends(len) {
                return None;
            }
            let offset = i16::try_from(hours * 60 + minutes).ok()?;
            let offset = if *sign == b'-' { -offset } else { offset };
            Some((if offset == 0 { Zone::Utc } else { Zone::Offset(offset) }, space + len))
        }
        _ => None,
    }
}

/// `2026-02-28 10:15:03` with its variants: the stamp and its length.
pub(crate) fn iso(text: &[u8]) -> Option<(Stamp, usize)> {
    let separator = *text.get(4)?;
    if !matches!(separator, b'-' | b'/' | b'.') || text.get(7) != Some(&separator) {
        return None;
    }
    if !matches!(text.get(10), Some(b' ' | b'T' | b'_' | b't')) {
        return None;
    }
    let day = date(digits(text, 0, 4)?, digits(text, 5, 2)?, digits(text, 8, 2)?)?;
    let (second, nanos, len, precision) = time_of_day(&text[11..])?;
    let mut len = 11 + len;
    let zone = zone(&text[len..]).map_or(Zone::None, |(zone, zone_len)| {
        len += zone_len;
        zone
    });
    Some((Stamp { seconds: day * DAY + second, nanos, digits: precision, zone }, len))
}

fn date(year: i64, month: i64, day: i64) -> Option<i64> {
    ((1..=12).contains(&month) && (1..=31).contains(&day)).then(|| days(year, month, day))
}

fn month(text: &[u8], at: usize) -> Option<i64> {
    const NAMES: [&[u8; 3]; 12] =
        [b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec"];
    let name = text.get(at..at + 3)?;
    let found = NAMES.iter().position(|known| name.eq_ignore_ascii_case(*known))?;
    i64::try_from(found + 1).ok()
}

/// A day of one or two digits, perhaps padded with a space, and its length.
fn day_of_month(text: &[u8]) -> Option<(i64, usize)> {
    let padding = usize::from(text.first() == Some(&b' '));
    digits(text, padding, 2)
        .map(|day| (day, padding + 2))
        .or_else(|| digits(text, padding, 1).map(|day| (day, padding + 1)))
}

fn day_first(text: &[u8]) -> Option<(Stamp, usize)> {
    let (day, len) = day_of_month(text)?;
    let separator = *text.get(len)?;
    let month = month(text, len + 1)?;
    let mut at = len + 4;
    if !matches!(separator, b'/' | b'-' | b' ') || !matches!(text.get(at), Some(b'/' | b'-' | b' ')) {
        return None;
    }
    at += 1;
    let year = digits(text, at, 4);
    if year.is_some() {
        if !matches!(text.get(at + 4), Some(b':' | b' ' | b'T')) {
            return None;
        }
        at += 5;
    }
    finish(text, at, year, month, day)
}

fn month_first(text: &[u8]) -> Option<(Stamp, usize)> {
    const WEEKDAYS: [&[u8; 3]; 7] = [b"Mon", b"Tue", b"Wed", b"Thu", b"Fri", b"Sat", b"Sun"];
    let mut at = 0;
    if WEEKDAYS.iter().any(|known| text.starts_with(*known)) {
        at = if text.get(3) == Some(&b',') { 5 } else { 4 };
    }
    let month = month(text, at)?;
    if text.get(at + 3) != Some(&b' ') {
        return None;
    }
    at += 4;
    let (day, len) = day_of_month(&text[at..])?;
    at += len;
    if text.get(at) != Some(&b' ') {
        return None;
    }
    at += 1;
    // `Feb 28 2026 10:15:03`, as some devices write syslog.
    let early = digits(text, at, 4).filter(|_| text.get(at + 4) == Some(&b' '));
    if early.is_some() {
        at += 5;
    }
    let (second, nanos, len, precision) = time_of_day(&text[at..])?;
    at += len;
    let late = if early.is_none() && text.get(at) == Some(&b' ') {
        digits(text, at + 1, 4)
            .filter(|year| (1970..2200).contains(year) && !text.get(at + 5).is_some_and(u8::is_ascii_alphanumeric))
    } else {
        None
    };
    if late.is_some() {
        at += 5;
    }
    let year = early.or(late);
    let day = date(year.unwrap_or(1972), month, day)?;
    let zone = if year.is_some() { Zone::None } else { Zone::NoYear };
    Some((Stamp { seconds: day * DAY + second, nanos, digits: precision, zone }, at))
}

/// `MM/DD/YYYY`, `DD.MM.YYYY` or `DD-MM-YYYY`, then the time, perhaps with AM or PM.
fn numbers(text: &[u8]) -> Option<(Stamp, usize)> {
    let separator = text[2];
    if text.get(5) != Some(&separator) || !matches!(text.get(10), Some(b' ' | b'T')) {
        return None;
    }
    let (first, second, year) = (digits(text, 0, 2)?, digits(text, 3, 2)?, digits(text, 6, 4)?);
    let (month, day) = if separator == b'/' { (first, second) } else { (second, first) };
    finish(text, 11, Some(year), month, day)
}

/// The time of day and the zone behind a date.
fn finish(text: &[u8], at: usize, year: Option<i64>, month: i64, day: i64) -> Option<(Stamp, usize)> {
    let (mut second, nanos, len, precision) = time_of_day(text.get(at..)?)?;
    let mut at = at + len;
    let half = text.get(at..).and_then(|rest| rest.get(..3)).filter(|half| half[0] == b' ' && half[2] == b'M');
    if let Some(half) = half {
        let hour = second / 3_600;
        match half[1] {
            b'P' if hour < 12 => second += 12 * 3_600,
            b'A' if hour == 12 => second -= 12 * 3_600,
            _ => {}
        }
        at += 3;
    }
    let day = date(year.unwrap_or(1972), month, day)?;
    let mut zone_found = if year.is_some() { Zone::None } else { Zone::NoYear };
    if year.is_some()
        && let Some((zone, len)) = zone(&text[at..])
    {
        zone_found = zone;
        at += len;
    }
    Some((Stamp { seconds: day * DAY + second, nanos, digits: precision, zone: zone_found }, at))
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;
    use crate::time::Clock;

    /// What the text means in universal time, what it says of its zone, and what follows it.
    fn read(text: &str) -> Option<(String, String, &str)> {
        let found = at_start(text.as_bytes())?;
        let stamp = found.stamp?;
        // 2026-06-01, so that a February without a year is that of 2026.
        let time = Clock::new(TimeZone::UTC, 1_780_272_000).resolve(&stamp);
        Some((time.to_string(), stamp.zone.to_string(), &text[found.len..]))
    }

    #[test]
    fn every_shape_is_read_to_its_end() {
        for (text, time, zone, rest) in [
            ("2026-02-28 10:15:03 INFO", "2026-02-28T10:15:03Z", "none", " INFO"),
            ("2026-02-28 10:15:03,007 - x", "2026-02-28T10:15:03.007Z", "none", " - x"),
            ("2026-02-28T10:15:03.007123Z x", "2026-02-28T10:15:03.007123Z", "utc", " x"),
            ("2026-02-28T12:15:03+0200 x", "2026-02-28T10:15:03Z", "+02:00", " x"),
            ("2026-02-28T12:15:03+02:00]", "2026-02-28T10:15:03Z", "+02:00", "]"),
            ("2026-02-28 10:15:03 +0000] x", "2026-02-28T10:15:03Z", "utc", "] x"),
            ("2026-02-28 10:15:03 UTC x", "2026-02-28T10:15:03Z", "utc", " x"),
            ("2026/02/28 10:15:03 [info]", "2026-02-28T10:15:03Z", "none", " [info]"),
            ("28/Feb/2026:10:15:03 +0000] x", "2026-02-28T10:15:03Z", "utc", "] x"),
            ("28/Feb/2026 10:15:03] x", "2026-02-28T10:15:03Z", "none", "] x"),
            ("28 Feb 2026 10:15:03.007 * x", "2026-02-28T10:15:03.007Z", "none", " * x"),
            ("Feb 28 10:15:03 host", "2026-02-28T10:15:03Z", "none,no year", " host"),
            ("Feb  8 10:15:03 host", "2026-02-08T10:15:03Z", "none,no year", " host"),
            ("Sat Feb 28 10:15:03.007123 2026] x", "2026-02-28T10:15:03.007123Z", "none", "] x"),
            ("02/28/2026 10:15:03 PM x", "2026-02-28T22:15:03Z", "none", " x"),
            ("02/28/2026 12:15:03 AM x", "2026-02-28T00:15:03Z", "none", " x"),
            ("28.02.2026 10:15:03 x", "2026-02-28T10:15:03Z", "none", " x"),
        ] {
            let expected = Some((time.to_owned(), zone.to_owned(), rest));
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in
            ["", "2", "2026-02-28", "2026-13-28 10:15:03", "2026-02-28 25:15:03", "2026-02/28 10:15:03", "May I", "10"]
        {
            assert!(at_start(text.as_bytes()).is_none(), "{text}");
        }
    }

    #[test]
    fn counts_since_1970_are_told_apart_by_their_size() {
        for (text, seconds, nanos) in [
            ("1772273703", 1_772_273_703, 0),
            ("1772273703.007", 1_772_273_703, 7_000_000),
            ("1772273703007", 1_772_273_703, 7_000_000),
            ("1772273703007123", 1_772_273_703, 7_123_000),
            ("1772273703007123456", 1_772_273_703, 7_123_456),
        ] {
            let stamp = epoch(text.as_bytes()).unwrap();
            assert_eq!((stamp.seconds, stamp.nanos), (seconds, nanos), "{text}");
        }
        assert!(epoch(b"12345").is_none());
        assert!(epoch(b"1772273703x").is_none());
    }
}
