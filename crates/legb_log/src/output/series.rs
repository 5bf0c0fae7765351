//! Counts over time, in bounded memory: bars of one width that doubles when there would be too many.

use crate::level::Level;
use crate::time::Timestamp;

/// More bars than this are joined two by two.
const MAX_BARS: usize = 4_096;

/// Counts of one bar: by level, and of records without one.
pub type Bar = [u64; Level::ALL.len() + 1];

/// The place of a level in a [`Bar`]; that of no level is the last.
pub fn bar_index(level: Option<Level>) -> usize {
    level.map_or(Level::ALL.len(), |level| level as usize)
}

/// Counts over time.
#[derive(Clone, Debug)]
pub struct Series {
    /// The width of a bar, in seconds.
    width: i64,
    /// Whether the width was asked for and stays.
    is_fixed: bool,
    /// The number of the first bar, counted in widths since 1970.
    first: i64,
    bars: Vec<Bar>,
    /// Records that had no time, or that fell outside of what can be kept.
    left_out: u64,
}

impl Default for Series {
    fn default() -> Self {
        Self { width: 1, is_fixed: false, first: 0, bars: Vec::new(), left_out: 0 }
    }
}

impl Series {
    /// With bars of a width in seconds, at least 1.
    pub fn with_width(width: i64) -> Self {
        Self { width: width.max(1), is_fixed: true, ..Self::default() }
    }

    /// Adds a record.
    pub fn add(&mut self, time: Option<Timestamp>, level: Option<Level>) {
        let Some(time) = time else {
            self.left_out += 1;
            return;
        };
        let mut bar = time.seconds.div_euclid(self.width);
        if self.bars.is_empty() {
            self.first = bar;
        }
        while !self.reaches(bar) {
            if self.is_fixed || self.width > i64::MAX / 4 {
                self.left_out += 1;
                return;
            }
            self.double();
            bar = time.seconds.div_euclid(self.width);
        }
        if bar < self.first {
            let missing = usize::try_from(self.first - bar).unwrap_or(0);
            self.bars.splice(0..0, std::iter::repeat_n(Bar::default(), missing));
            self.first = bar;
        }
        let index = usize::try_from(bar - self.first).unwrap_or(0);
        if index >= self.bars.len() {
            self.bars.resize(index + 1, Bar::default());
        }
        self.bars[index][bar_index(level)] += 1;
    }

    /// Whether a bar fits beside those that there are.
    fn reaches(&self, bar: i64) -> bool {
        let len = i64::try_from(self.bars.len()).unwrap_or(i64::MAX);
        let first = self.first.min(bar);
        let end = (self.first + len).max(bar + 1);
        let most = if self.is_fixed { MAX_BARS * 256 } else { MAX_BARS };
        end - first <= i64::try_from(most).unwrap_or(i64::MAX)
    }

    fn double(&mut self) {
        let odd = self.first.rem_euclid(2);
        let mut joined = Vec::with_capacity(self.bars.len() / 2 + 1);
        for (index, bar) in self.bars.iter().enumerate() {
            let at = (index + usize::from(odd == 1)) >> 1;
            if at >= joined.len() {
                joined.push(Bar::default());
            }
            for (sum, count) in joined[at].iter_mut().zip(bar) {
                *sum += count;
            }
        }
        self.first = self.first.div_euclid(2);
        self.width *= 2;
        self.bars = joined;
    }

    /// The width of a bar, in seconds.
    pub fn width(&self) -> i64 {
        self.width
    }

    /// Records without a time.
    pub fn left_out(&self) -> u64 {
        self.left_out
    }

    /// The bars from the earliest to the latest: when each begins, and its counts.
    pub fn bars(&self) -> impl ExactSizeIterator<Item = (Timestamp, &Bar)> {
        self.bars.iter().enumerate().map(|(index, bar)| {
            let at = self.first + i64::try_from(index).unwrap_or(0);
            (Timestamp { seconds: at * self.width, nanos: 0, digits: 0 }, bar)
        })
    }

    /// The counts joined into at most so many bars, which span from `start` to `end`.
    pub fn joined(&self, start: i64, end: i64, count: usize) -> Vec<Bar> {
        let span = (end - start + 1).max(1);
        let mut joined = vec![Bar::default(); count];
        for (time, bar) in self.bars() {
            let offset = (time.seconds - start).clamp(0, span - 1);
            let index = i128::from(offset) * i128::try_from(count).unwrap_or(1) / i128::from(span);
            let index = usize::try_from(index).unwrap_or(0).min(count.saturating_sub(1));
            for (sum, part) in joined[index].iter_mut().zip(bar) {
                *sum += part;
            }
        }
        joined
    }
}

/// A line of blocks whose heights are the totals of bars.
pub fn sparkline(bars: &[Bar]) -> String {
    const BLOCKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let total = |bar: &Bar| bar.iter().sum::<u64>();
    let most = bars.iter().map(total).max().unwrap_or(0);
    bars.iter()
        .map(|bar| match total(bar) {
            0 => ' ',
            count => BLOCKS[usize::try_from((count * 8).div_ceil(most)).unwrap_or(1).clamp(1, 8) - 1],
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp { seconds, nanos: 0, digits: 0 }
    }

    #[test]
    fn bars_widen_and_lose_nothing() {
        let mut series = Series::default();
        for second in (0..100_000).rev().step_by(7) {
            series.add(Some(at(second)), Some(Level::Info));
        }
        series.add(None, None);
        let total: u64 = series.bars().map(|(_, bar)| bar.iter().sum::<u64>()).sum();
        assert_eq!(total, 100_000_u64.div_ceil(7));
        assert!(series.bars().len() <= MAX_BARS);
        assert_eq!(series.left_out(), 1);
    }

    #[test]
    fn a_width_that_was_asked_for_stays() {
        let mut series = Series::with_width(300);
        for second in [0, 299, 300, 1_000] {
            series.add(Some(at(second)), None);
        }
        let counts: Vec<u64> = series.bars().map(|(_, bar)| bar[5]).collect();
        assert_eq!(counts, [2, 1, 0, 1]);
    }

    #[test]
    fn sparklines_show_the_shape() {
        let bar = |count| {
            let mut bar = Bar::default();
            bar[0] = count;
            bar
        };
        assert_eq!(sparkline(&[bar(0), bar(1), bar(8), bar(16)]), " ▁▄█");
    }
}
