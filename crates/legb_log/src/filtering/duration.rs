//! What a user means by a time: `2h`, `2026-02-28 10:15`, `10:15`, `2026-02-28T10:15:03+02:00`.

use std::time::Duration;

use jiff::tz::TimeZone;

use crate::time::{Clock, Stamp, Timestamp, Zone, at_start, civil, days, epoch};

/// The length of a span such as `90s`, `5m`, `2h`, `1d`, `1w`, `1h30m` or `250ms`.
///
/// # Errors
/// If the text is none; the message says how to write one.
pub fn duration(text: &str) -> Result<Duration, String> {
    let usage =
        || format!("`{text}` is no span of time; write a number with ms, s, m, h, d or w, such as `90s` or `1h30m`");
    let mut rest = text.trim();
    let mut total = Duration::ZERO;
    if rest.is_empty() {
        return Err(usage());
    }
    while !rest.is_empty() {
        let len = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let number: u64 = rest[..len].parse().map_err(|_| usage())?;
        rest = rest[len..].trim_start();
        let unit_len = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
        let millis: u64 = match &rest[..unit_len] {
            "ms" => 1,
            "s" | "sec" | "second" | "seconds" => 1_000,
            "m" | "min" | "minute" | "minutes" => 60_000,
            "h" | "hour" | "hours" => 3_600_000,
            "d" | "day" | "days" => 86_400_000,
            "w" | "week" | "weeks" => 7 * 86_400_000,
            _ => return Err(usage()),
        };
        let part = number.checked_mul(millis).ok_or_else(usage)?;
        total = total.checked_add(Duration::from_millis(part)).ok_or_else(usage)?;
        rest = rest[unit_len..].trim_start();
    }
    Ok(total)
}

/// What times that a user writes are relative to.
#[derive(Clone, Debug)]
pub struct TimeContext {
    /// The present.
    pub now: Timestamp,
    /// The zone of times without one.
    pub zone: TimeZone,
}

impl TimeContext {
    /// The point in time that a text means: a span before now, a time of today, a date, or a date with a time.
    ///
    /// # Errors
    /// If the text is none of these; the message says what is.
    pub fn point(&self, text: &str) -> Result<Timestamp, String> {
        let text = text.trim();
        if text == "now" {
            return Ok(self.now);
        }
        let span = text.strip_suffix("ago").unwrap_or(text).trim();
        if let Ok(span) = duration(span) {
            let nanos = i64::try_from(span.as_nanos()).unwrap_or(i64::MAX);
            return Ok(Timestamp::from_nanos(self.now.as_nanos().saturating_sub(nanos)));
        }
        let today = {
            let local = self.zone.to_datetime(jiff::Timestamp::from_second(self.now.seconds).unwrap_or_default());
            format!("{:04}-{:02}-{:02}", local.year(), local.month(), local.day())
        };
        // What is left out is the beginning: of the minute, of the day.
        let candidates = [
            text.to_owned(),
            format!("{text}:00"),
            format!("{text} 00:00:00"),
            format!("{today} {text}"),
            format!("{today} {text}:00"),
        ];
        let found = candidates.iter().find_map(|text| self.whole(text));
        found.or_else(|| epoch(text.as_bytes()).map(|stamp| self.resolve(stamp))).ok_or_else(|| {
            format!("`{text}` is no time; write a span such as `2h`, or a time such as `2026-02-28 10:15` or `10:15`")
        })
    }

    /// The time that the whole text is.
    fn whole(&self, text: &str) -> Option<Timestamp> {
        let found = at_start(text.as_bytes()).filter(|found| found.len == text.len())?;
        found.stamp.map(|stamp| self.resolve(stamp))
    }

    fn resolve(&self, stamp: Stamp) -> Timestamp {
        let mut clock = Clock::new(self.zone.clone(), self.now.seconds);
        if stamp.zone != Zone::NoYear {
            return clock.resolve(&stamp);
        }
        // Without a year the last such day is meant.
        let (year, ..) = civil(self.now.seconds.div_euclid(86_400));
        let of_year = stamp.seconds - days(1972, 1, 1) * 86_400;
        let naive = |year| Stamp { seconds: days(year, 1, 1) * 86_400 + of_year, zone: Zone::None, ..stamp };
        let this = clock.resolve(&naive(year));
        if this > self.now { clock.resolve(&stamp) } else { this }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_have_units() {
        assert_eq!(duration("90s"), Ok(Duration::from_secs(90)));
        assert_eq!(duration("1h30m"), Ok(Duration::from_mins(90)));
        assert_eq!(duration("250 ms"), Ok(Duration::from_millis(250)));
        for text in ["", "5", "h", "5 parsecs", "99999999999999999999w", "-5m"] {
            assert!(duration(text).is_err(), "{text}");
        }
    }

    #[test]
    fn points_are_absolute_or_relative() {
        // 2026-02-28T12:00:00Z, in a zone two hours east.
        let now = Timestamp { seconds: 1_772_280_000, nanos: 0, digits: 0 };
        let context = TimeContext { now, zone: TimeZone::fixed(jiff::tz::offset(2)) };
        for (text, expected) in [
            ("2h", "2026-02-28T10:00:00"),
            ("30m ago", "2026-02-28T11:30:00"),
            ("2026-02-28 10:15:03", "2026-02-28T08:15:03"),
            ("2026-02-28 10:15", "2026-02-28T08:15:00"),
            ("2026-02-28", "2026-02-27T22:00:00"),
            ("10:15", "2026-02-28T08:15:00"),
            ("2026-02-28T10:15:03Z", "2026-02-28T10:15:03"),
            ("2026-02-28T10:15:03+01:00", "2026-02-28T09:15:03"),
            ("1772280000", "2026-02-28T12:00:00"),
        ] {
            assert_eq!(context.point(text).map(|time| time.whole().to_string()), Ok(format!("{expected}Z")), "{text}");
        }
        assert!(context.point("yesterday-ish").is_err());
    }
}
