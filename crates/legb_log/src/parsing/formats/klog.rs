//! klog and glog: `E0228 10:15:03.007000     100 server.go:12] message`.

use crate::level::Level;
use crate::parsing::format::Format;
use crate::record::{Head, Kind, Slot};
use crate::time::{Stamp, Zone, at_start, day_of_leap_year, digits};

pub(crate) struct Klog;

impl Format for Klog {
    fn name(&self) -> &'static str {
        "klog"
    }

    fn about(&self) -> &'static str {
        "LMMDD TIME THREAD file:line] message"
    }

    fn read(&self, line: &[u8], head: &mut Head) -> bool {
        read(line, head).is_some()
    }
}

fn read(line: &[u8], head: &mut Head) -> Option<()> {
    let level = Level::from_letter(*line.first()?)?;
    let mut date = 1;
    // glog may write the year as well.
    let year = digits(line, 1, 4).filter(|_| line.get(9) == Some(&b' '));
    if year.is_some() {
        date = 5;
    }
    let (month, day) = (digits(line, date, 2)?, digits(line, date + 2, 2)?);
    let rest = line.get(date + 4..)?.strip_prefix(b" ")?;
    // The time of day stands alone: it is read behind a date of its own shape.
    let time = at_start(rest).filter(|found| found.stamp.is_none())?;
    let (second, nanos, precision) = crate::time::seconds_of_day(&rest[..time.len])?;
    head.stamp = Some(Stamp {
        seconds: day_of_leap_year(year, month, day)? + second,
        nanos,
        digits: precision,
        zone: if year.is_some() { Zone::None } else { Zone::NoYear },
    });
    head.level = Some(level);
    let close = memchr::memmem::find(line, b"] ")?;
    let before = line.get(date + 5 + time.len..close)?;
    let mut words = before.split(|byte| *byte == b' ').filter(|word| !word.is_empty());
    let (thread, place, None) = (words.next()?, words.next()?, words.next()) else { return None };
    if !thread.iter().all(u8::is_ascii_digit) || memchr::memchr(b':', place).is_none() {
        return None;
    }
    let thread = head.keep(thread);
    head.field("thread", thread, Kind::Number);
    head.field("source", Slot::of(close - place.len(), close), Kind::Text);
    head.message = Some(Slot::of(close + 2, line.len()));
    Some(())
}
