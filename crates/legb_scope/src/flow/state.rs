//! States: sets of slots as bits.

/// What some path to a point leaves behind. Four sets of equal size in one vector; a state that no path reaches is dead.
#[derive(Debug, Default)]
pub(super) struct State {
    /// Whether any path leads here.
    pub(super) live: bool,
    /// `bound`, `unbound`, `deleted` and `excepted`, one behind the other.
    sets: Vec<u64>,
}

/// Which set.
#[derive(Clone, Copy)]
pub(super) enum Set {
    /// Some path binds it.
    Bound = 0,
    /// Some path leaves it without a value.
    Unbound = 1,
    /// …because of `del`.
    Deleted = 2,
    /// …because its handler has ended.
    Excepted = 3,
}

const SETS: usize = 4;

/// States given back are used again.
#[derive(Debug, Default)]
pub(super) struct Pool {
    free: Vec<Vec<u64>>,
}

impl Pool {
    /// A state in which no slot has a value.
    pub(super) fn start(&mut self, slots: u32) -> State {
        let words = (slots as usize).div_ceil(64);
        let mut sets = self.free.pop().unwrap_or_default();
        sets.clear();
        sets.resize(words * SETS, 0);
        sets[words..2 * words].fill(u64::MAX);
        State { live: true, sets }
    }

    /// A copy.
    pub(super) fn copy(&mut self, state: &State) -> State {
        let mut sets = self.free.pop().unwrap_or_default();
        sets.clear();
        if state.live {
            sets.extend_from_slice(&state.sets);
        }
        State { live: state.live, sets }
    }

    /// Gives a state back.
    pub(super) fn drop(&mut self, state: State) {
        if state.sets.capacity() > 0 {
            self.free.push(state.sets);
        }
    }

    /// Joins `other` into `state`: what holds on a path to either.
    pub(super) fn join(&mut self, state: &mut State, other: State) {
        if !other.live {
            self.drop(other);
        } else if state.live {
            for (word, more) in state.sets.iter_mut().zip(&other.sets) {
                *word |= more;
            }
            self.drop(other);
        } else {
            let dead = std::mem::replace(state, other);
            self.drop(dead);
        }
    }
}

impl State {
    /// No path.
    pub(super) fn dead() -> Self {
        Self::default()
    }

    /// Ends all paths.
    pub(super) fn kill(&mut self) {
        self.live = false;
    }

    fn words(&self) -> usize {
        self.sets.len() / SETS
    }

    #[inline]
    pub(super) fn has(&self, set: Set, slot: u32) -> bool {
        self.sets[self.words() * set as usize + slot as usize / 64] >> (slot % 64) & 1 == 1
    }

    #[inline]
    pub(super) fn put(&mut self, set: Set, slot: u32, on: bool) {
        let words = self.words();
        let word = &mut self.sets[words * set as usize + slot as usize / 64];
        let bit = 1 << (slot % 64);
        if on {
            *word |= bit;
        } else {
            *word &= !bit;
        }
    }

    /// The variable gets a value.
    #[inline]
    pub(super) fn bind(&mut self, slot: u32) {
        self.put(Set::Bound, slot, true);
        for set in [Set::Unbound, Set::Deleted, Set::Excepted] {
            self.put(set, slot, false);
        }
    }

    /// The variable loses its value.
    pub(super) fn unbind(&mut self, slot: u32, why: Set) {
        for set in [Set::Bound, Set::Deleted, Set::Excepted] {
            self.put(set, slot, false);
        }
        self.put(Set::Unbound, slot, true);
        self.put(why, slot, true);
    }

    /// Any name may have been bound, and by code unseen.
    pub(super) fn bind_all(&mut self) {
        let words = self.words();
        self.sets[..words].fill(u64::MAX);
        self.sets[words..].fill(0);
    }

    /// Of every slot with a value on some path of `other`, says that some path here binds it.
    pub(super) fn bound_as_well(&mut self, other: &Self) {
        if self.live && other.live {
            let words = self.words();
            for (word, more) in self.sets[..words].iter_mut().zip(&other.sets) {
                *word |= more;
            }
        }
    }

    /// Slots without a value on some path of both this and `other` only.
    pub(super) fn unbound_in_both(&mut self, other: &Self) {
        if self.live && other.live {
            let words = self.words();
            for (word, more) in self.sets[words..].iter_mut().zip(&other.sets[words..]) {
                *word &= more;
            }
        }
    }
}
