//! Points in time as logs write them: how text becomes a `Stamp`, and how a stamp becomes a `Timestamp` on one clock.
//!
//! Digits are read by hand, since a log has one time per line; `jiff` is asked only about time zones with rules.

use std::fmt;

use jiff::tz::TimeZone;

mod shapes;

pub(crate) use shapes::{Shape, at_start, day_of_leap_year, digits, epoch, iso, seconds_of_day};

const NANOS: i64 = 1_000_000_000;
const DAY: i64 = 86_400;
const HOUR: i64 = 3_600;

/// What a line says about its zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Zone {
    /// Universal time, or a count of seconds since 1970.
    Utc,
    /// Minutes east of Greenwich.
    Offset(i16),
    /// Nothing: the clock of some wall.
    None,
    /// Nothing, and no year either.
    NoYear,
}

impl fmt::Display for Zone {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Utc | Self::Offset(0) => out.write_str("utc"),
            Self::Offset(minutes) => {
                let sign = if minutes < 0 { '-' } else { '+' };
                let minutes = minutes.unsigned_abs();
                write!(out, "{sign}{:02}:{:02}", minutes / 60, minutes % 60)
            }
            Self::None => out.write_str("none"),
            Self::NoYear => out.write_str("none,no year"),
        }
    }
}

/// A time as a line shows it. Without a zone the seconds are those of its wall clock, counted as if it were universal time;
/// without a year it is the year 1972.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stamp {
    /// Seconds since 1970.
    pub seconds: i64,
    /// Nanoseconds, 0 to 999 999 999.
    pub nanos: u32,
    /// How many digits the fraction has.
    pub digits: u8,
    /// What is known of the zone.
    pub zone: Zone,
}

/// A point in time, with the precision that was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timestamp {
    /// Seconds since 1970-01-01T00:00:00Z.
    pub seconds: i64,
    /// Nanoseconds, 0 to 999 999 999.
    pub nanos: u32,
    /// How many digits of the fraction are meant.
    pub digits: u8,
}

impl Timestamp {
    /// Nanoseconds since 1970, bounded to the years 1678 to 2262.
    pub fn as_nanos(self) -> i64 {
        self.seconds.saturating_mul(NANOS).saturating_add(i64::from(self.nanos))
    }

    /// The point that lies so many nanoseconds after 1970.
    pub fn from_nanos(nanos: i64) -> Self {
        let rest = nanos.rem_euclid(NANOS);
        Self { seconds: nanos.div_euclid(NANOS), nanos: u32::try_from(rest).unwrap_or_default(), digits: 9 }
    }

    /// Without what is finer than a second.
    #[must_use]
    pub fn whole(self) -> Self {
        Self { nanos: 0, digits: 0, ..self }
    }
}

impl PartialOrd for Timestamp {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Timestamp {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.seconds, self.nanos, self.digits).cmp(&(other.seconds, other.nanos, other.digits))
    }
}

/// RFC 3339 in universal time. A fraction is shown to the thousand that it needs: `.500`, `.000250`.
impl fmt::Display for Timestamp {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = civil(self.seconds.div_euclid(DAY));
        let second = self.seconds.rem_euclid(DAY);
        write!(out, "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}", second / HOUR, second / 60 % 60, second % 60)?;
        let nanos = self.nanos;
        match self.digits {
            0 => {}
            _ if nanos.is_multiple_of(1_000_000) => write!(out, ".{:03}", nanos / 1_000_000)?,
            _ if nanos.is_multiple_of(1_000) => write!(out, ".{:06}", nanos / 1_000)?,
            _ => write!(out, ".{nanos:09}")?,
        }
        out.write_str("Z")
    }
}

/// Days from 1970-01-01 to a date of the Gregorian calendar (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms").
pub(crate) fn days(year: i64, month: i64, day: i64) -> i64 {
    if (1901..2100).contains(&year) {
        // No century but 2000 lies between: days of whole years, of leap days, and of whole months. The usual case, for speed.
        const BEFORE: [i64; 13] = [0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
        let leaps = (year - 1901 + i64::from(month > 2)) / 4;
        return (year - 1901) * 365
            + leaps
            + BEFORE.get(usize::try_from(month).unwrap_or(0)).copied().unwrap_or(0)
            + day
            - 25_203;
    }
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// Year, month and day of a count of days since 1970-01-01: the inverse of [`days`].
pub(crate) fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let shifted_month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    (year + era * 400 + i64::from(month <= 2), month, day)
}

/// Puts the times of one file on one clock: zones that lines leave out, and years.
#[derive(Clone, Debug)]
pub(crate) struct Clock {
    zone: TimeZone,
    /// The offset that held in an hour of the wall clock, since neighbours ask for the same.
    cached: (i64, i64),
    /// The year of the last time without one, and its second in that year.
    year: Option<(i64, i64)>,
    /// When the file was written last, in seconds since 1970.
    written: i64,
}

impl Clock {
    /// For a file whose naive times are meant in `zone`, and that was written last at `written` (seconds since 1970).
    pub(crate) fn new(zone: TimeZone, written: i64) -> Self {
        Self { zone, cached: (i64::MIN, 0), year: None, written }
    }

    /// The point in time that a stamp means, after all stamps that came before.
    pub(crate) fn resolve(&mut self, stamp: &Stamp) -> Timestamp {
        Timestamp { seconds: self.seconds(stamp), nanos: stamp.nanos, digits: stamp.digits }
    }

    /// Its seconds since 1970. For each record of a log: a whole [`Timestamp`] would be handed over in memory, and reading it
    /// there just after it was written in parts costs a tenth of all the time.
    #[inline]
    pub(crate) fn seconds(&mut self, stamp: &Stamp) -> i64 {
        match stamp.zone {
            Zone::Utc => stamp.seconds,
            Zone::Offset(minutes) => stamp.seconds - i64::from(minutes) * 60,
            Zone::None => self.universal(stamp.seconds),
            Zone::NoYear => {
                let with_year = self.with_year(stamp.seconds);
                self.universal(with_year)
            }
        }
    }

    #[inline]
    fn universal(&mut self, wall: i64) -> i64 {
        let hour = wall.div_euclid(HOUR);
        if self.cached.0 != hour {
            self.cached = (hour, self.offset(wall));
        }
        wall - self.cached.1
    }

    /// Seconds east of Greenwich at a time of the wall clock; the earlier offset where the clock is put back.
    fn offset(&self, wall: i64) -> i64 {
        let Ok(time) = jiff::Timestamp::from_second(wall) else { return 0 };
        let civil = TimeZone::UTC.to_datetime(time);
        let offset = match self.zone.to_ambiguous_timestamp(civil).offset() {
            jiff::tz::AmbiguousOffset::Unambiguous { offset } => offset,
            jiff::tz::AmbiguousOffset::Gap { before, .. } | jiff::tz::AmbiguousOffset::Fold { before, .. } => before,
        };
        i64::from(offset.seconds())
    }

    /// Gives a year to a time without one. The first is taken to lie at most a day after the last change of the file; a step
    /// back by more than half a year means that New Year has passed, and a step forward by more that an older line came late.
    fn with_year(&mut self, of_1972: i64) -> i64 {
        const HALF: i64 = 183 * DAY;
        let second = of_1972 - days(1972, 1, 1) * DAY;
        let year = match self.year {
            None => {
                let (year, ..) = civil(self.written.div_euclid(DAY));
                let this = in_year(second, year);
                if this > self.written + DAY { year - 1 } else { year }
            }
            Some((year, last)) if second + HALF < last => year + 1,
            Some((year, last)) if second > last + HALF => year - 1,
            Some((year, _)) => year,
        };
        self.year = Some((year, second));
        in_year(second, year)
    }
}

/// The second of the leap year 1972 as the same day and time of another year.
fn in_year(second: i64, year: i64) -> i64 {
    let (_, month, day) = civil(days(1972, 1, 1) + second.div_euclid(DAY));
    days(year, month, day) * DAY + second.rem_euclid(DAY)
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;

    #[test]
    fn days_and_dates_are_inverse() {
        for day in (-200_000..200_000).step_by(17) {
            let (year, month, of_month) = civil(day);
            assert_eq!(days(year, month, of_month), day);
        }
        assert_eq!(civil(0), (1970, 1, 1));
        assert_eq!(days(2000, 2, 29), 11_016);
    }

    fn year_less(month: i64, day: i64) -> Stamp {
        Stamp { seconds: days(1972, month, day) * DAY, nanos: 0, digits: 0, zone: Zone::NoYear }
    }

    #[test]
    fn times_without_a_year_step_over_new_year() {
        let written = days(2026, 1, 5) * DAY;
        let mut clock = Clock::new(TimeZone::UTC, written);
        let shown: Vec<String> = [(12, 30), (12, 31), (1, 1), (12, 31), (1, 2)]
            .into_iter()
            .map(|(month, day)| clock.resolve(&year_less(month, day)).to_string())
            .collect();
        let expected = ["2025-12-30", "2025-12-31", "2026-01-01", "2025-12-31", "2026-01-02"];
        assert_eq!(shown, expected.map(|date| format!("{date}T00:00:00Z")));
    }

    #[test]
    fn naive_times_are_read_in_the_zone_of_the_clock() {
        let stamp = Stamp { seconds: 36_903, nanos: 7_000_000, digits: 3, zone: Zone::None };
        let mut clock = Clock::new(TimeZone::fixed(jiff::tz::offset(2)), 0);
        assert_eq!(clock.resolve(&stamp).to_string(), "1970-01-01T08:15:03.007Z");
        let offset = Stamp { zone: Zone::Offset(-90), ..stamp };
        assert_eq!(clock.resolve(&offset).to_string(), "1970-01-01T11:45:03.007Z");
    }

    #[test]
    fn fractions_are_shown_in_thousands() {
        let shown = |nanos, digits| Timestamp { seconds: 0, nanos, digits }.to_string();
        assert_eq!(shown(0, 0), "1970-01-01T00:00:00Z");
        assert_eq!(shown(0, 9), "1970-01-01T00:00:00.000Z");
        assert_eq!(shown(7_000_000, 9), "1970-01-01T00:00:00.007Z");
        assert_eq!(shown(123_456_000, 6), "1970-01-01T00:00:00.123456Z");
        assert_eq!(shown(1, 9), "1970-01-01T00:00:00.000000001Z");
    }
}
