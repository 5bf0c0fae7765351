//! Loops, and the jumps that leave them.

use super::event::{Event, Op, looping, test};
use super::run::Runner;
use super::state::{Set, State};

/// An open loop.
pub(super) struct OpenLoop {
    /// Events of the loop.
    pub(super) from: usize,
    pub(super) to: usize,
    /// Conditions open where the body began.
    pub(super) conditions: u32,
    /// `continue` was met: what follows in the body may not run in the first round.
    pub(super) continues: bool,
    pub(super) break_state: State,
    pub(super) continue_state: State,
    /// Catchers open outside the loop.
    pub(super) catchers: usize,
    /// Handlers with a name open outside the loop.
    pub(super) handlers: usize,
}

impl Runner<'_> {
    /// A loop and its `else`. Returns where it ends.
    pub(super) fn run_loop(&mut self, at: usize, event: Event) -> usize {
        let (from, to) = (at + 1, at + 1 + event.len as usize);
        if event.flags & looping::DELETES != 0 {
            // What is deleted at the end of a round is missing at the start of the next.
            self.silent += 1;
            let entry = self.pool.copy(&self.state);
            let first = self.one_loop(from, to, event.flags);
            self.pool.drop(first);
            let back = std::mem::replace(&mut self.state, entry);
            self.pool.join(&mut self.state, back);
            self.silent -= 1;
        }
        let exit = self.one_loop(from, to, event.flags);
        let back = std::mem::replace(&mut self.state, exit);
        self.pool.drop(back);
        let break_state = self.broken.take().unwrap_or_default();
        let else_end = to + 1 + self.events[to].len as usize;
        self.conditions += 1;
        self.piece(to + 1, else_end);
        self.conditions -= 1;
        self.pool.join(&mut self.state, break_state);
        else_end
    }

    /// One pass over test and body. Leaves the state at the end of a round in `self.state`, what `break` takes along in
    /// `self.broken`, and returns the state in which the loop ends by itself.
    fn one_loop(&mut self, from: usize, to: usize, flags: u8) -> State {
        let mut guard = from;
        while self.events[guard].op != Op::Guard {
            guard += 1 + self.events[guard].len as usize;
        }
        let known = self.events[guard].flags;
        self.piece(from, guard);
        let mut exit = if known & test::TRUE != 0 { State::dead() } else { self.pool.copy(&self.state) };
        if known & test::BINDS != 0 {
            exit = self.assume_outcomes(from, guard, exit);
        }
        if known & test::FALSE != 0 {
            self.state.kill();
        }
        let sure = flags & looping::NONEMPTY != 0 || known & test::TRUE != 0;
        self.loops.push(OpenLoop {
            from,
            to,
            conditions: self.conditions + u32::from(!sure),
            continues: false,
            break_state: State::dead(),
            continue_state: State::dead(),
            catchers: self.catchers.len(),
            handlers: self.handlers.len(),
        });
        if !sure {
            self.conditions += 1;
        }
        self.piece(guard + 1, to);
        if !sure {
            self.conditions -= 1;
        }
        let Some(mut open) = self.loops.pop() else { return exit };
        self.pool.join(&mut self.state, open.continue_state);
        // A later round may leave with what an earlier one bound.
        open.break_state.bound_as_well(&self.state);
        // The test is made again after every round.
        let round = self.pool.copy(&self.state);
        let entry = std::mem::replace(&mut self.state, round);
        self.silent += 1;
        self.piece(from, guard);
        self.silent -= 1;
        let after = std::mem::replace(&mut self.state, entry);
        if known & test::TRUE != 0 {
            self.pool.drop(after);
        } else if flags & looping::NONEMPTY != 0 {
            let never = std::mem::replace(&mut exit, after);
            self.pool.drop(never);
        } else {
            self.pool.join(&mut exit, after);
        }
        if let Some(old) = self.broken.replace(open.break_state) {
            self.pool.drop(old);
        }
        exit
    }

    /// `break`, `continue` or `return`: the state leaves, through every `finally` on its way.
    pub(super) fn jump(&mut self, jump: Jump) {
        if !self.state.live {
            return;
        }
        let outside = match jump {
            Jump::Return => 0,
            Jump::Break | Jump::Continue => self.loops.last().map_or(0, |open| open.catchers),
        };
        let mut leaving = self.pool.copy(&self.state);
        let left = if matches!(jump, Jump::Return) { 0 } else { self.loops.last().map_or(0, |open| open.handlers) };
        for &name in self.handlers[left..].iter().rev() {
            // Leaving a handler takes its name away, however it is left.
            if let Some(slot) = self.slot(name) {
                leaving.unbind(slot, Set::Excepted);
            }
        }
        for at in (outside..self.catchers.len()).rev() {
            let Some((from, to)) = self.catchers[at].finally else { continue };
            let copy = self.pool.copy(&leaving);
            let mut jumped = std::mem::take(&mut self.catchers[at].jumped);
            self.pool.join(&mut jumped, copy);
            self.catchers[at].jumped = jumped;
            if from < to {
                leaving = self.through(leaving, at, from, to);
            }
        }
        match (jump, self.loops.last_mut()) {
            (Jump::Break, Some(open)) => self.pool.join(&mut open.break_state, leaving),
            (Jump::Continue, Some(open)) => {
                open.continues = true;
                self.pool.join(&mut open.continue_state, leaving);
            }
            _ => self.pool.drop(leaving),
        }
        self.state.kill();
    }

    /// What a state becomes by running a `finally`, with only the catchers outside it in force.
    fn through(&mut self, state: State, catcher: usize, from: usize, to: usize) -> State {
        let inner = self.catchers.split_off(catcher);
        let was = std::mem::replace(&mut self.state, state);
        self.silent += 1;
        self.piece(from, to);
        self.silent -= 1;
        self.catchers.extend(inner);
        std::mem::replace(&mut self.state, was)
    }
}

#[derive(Clone, Copy)]
pub(super) enum Jump {
    Break,
    Continue,
    Return,
}
