//! Which choice comes next? A small generator of pseudo-random numbers with a fixed algorithm.
//!
//! The same seed gives the same sequence on every machine and in every build, so a seed in a bug report is enough to get the
//! program back. It is `SplitMix64`: 64 bits of state, one addition and two multiplications per number. It is not meant for
//! statistics.

/// A sequence of choices that depends on nothing but its seed.
#[derive(Debug)]
pub struct Random {
    state: u64,
}

impl Random {
    /// The sequence of one seed. Neighbouring seeds give unrelated sequences.
    pub fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 to `count - 1`.
    ///
    /// # Panics
    ///
    /// If `count` is zero: an empty range has no number.
    pub fn below(&mut self, count: usize) -> usize {
        let remainder = self.next() % count as u64;
        usize::try_from(remainder).expect("invariant: a remainder is smaller than its divisor")
    }

    /// A number from `low` to `high`, both included.
    pub fn between(&mut self, low: usize, high: usize) -> usize {
        low + self.below(high - low + 1)
    }

    /// True `percent` times in a hundred.
    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of the items, all equally likely.
    pub fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())]
    }

    /// One of the items, as often as its weight says.
    pub fn weighted<T: Copy>(&mut self, items: &[(usize, T)]) -> T {
        let total = items.iter().map(|(weight, _)| weight).sum();
        let mut rest = self.below(total);
        for &(weight, item) in items {
            if rest < weight {
                return item;
            }
            rest -= weight;
        }
        unreachable!("the rest is below the sum of the weights")
    }
}

#[cfg(test)]
mod tests {
    use super::Random;

    #[test]
    fn one_seed_gives_one_sequence() {
        let sequence = |seed| {
            let mut random = Random::new(seed);
            std::array::from_fn::<usize, 32, _>(|_| random.below(1000))
        };
        assert_eq!(sequence(7), sequence(7));
        assert_ne!(sequence(7), sequence(8));
    }

    #[test]
    fn weights_are_respected() {
        let mut random = Random::new(1);
        let often = (0..1000).filter(|_| random.weighted(&[(9, true), (1, false)])).count();
        assert!((850..950).contains(&often), "{often}");
        assert!((0..1000).all(|_| random.weighted(&[(0, false), (1, true)])));
    }
}
