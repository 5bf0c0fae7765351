//! `try`, `with`, and what exceptions take along.

use super::event::{Event, Op};
use super::run::{Runner, reference};
use super::state::State;

/// What an exception, or a jump that passes through `finally`, takes along.
pub(super) struct Catcher {
    /// Joined states at the points where an exception may be raised.
    pub(super) raised: State,
    /// The events of the `finally` this stands for; none for handlers and `with`.
    pub(super) finally: Option<(usize, usize)>,
    /// States that leave through `finally` by `return`, `break` or `continue`.
    pub(super) jumped: State,
}

impl Runner<'_> {
    pub(super) fn catch(&mut self, finally: Option<(usize, usize)>) {
        self.catchers.push(Catcher { raised: State::dead(), finally, jumped: State::dead() });
    }

    pub(super) fn run_with(&mut self, from: usize, to: usize, swallows: u8) {
        self.withs += 1;
        if swallows == 0 {
            self.piece(from, to);
            self.withs -= 1;
            return;
        }
        self.catch(None);
        self.piece(from, to);
        self.withs -= 1;
        if let Some(catcher) = self.catchers.pop() {
            self.pool.join(&mut self.state, catcher.raised);
        }
    }

    /// `try` with all its parts. Returns where it ends.
    pub(super) fn run_try(&mut self, at: usize, event: Event, end: usize) -> usize {
        let (body, body_end) = (at + 1, at + 1 + event.len as usize);
        let (mut handlers, mut otherwise) = ((body_end, body_end), (body_end, body_end));
        let mut part = body_end;
        while part < end && self.events[part].op != Op::Finally {
            let next = part + 1 + self.events[part].len as usize;
            match self.events[part].op {
                Op::TryElse => otherwise = (part + 1, next),
                _ if handlers.0 == handlers.1 => handlers = (part, next),
                _ => handlers.1 = next,
            }
            part = next;
        }
        let finally = (part + 1, part + 1 + self.events[part].len as usize);

        let entry = self.pool.copy(&self.state);
        self.catch(Some(finally));
        self.catch(None);
        self.piece(body, body_end);
        let raised = self.catchers.pop().map(|catcher| catcher.raised).unwrap_or_default();
        self.conditions += 1;
        self.piece(otherwise.0, otherwise.1);
        let mut done = std::mem::take(&mut self.state);
        let mut handler = handlers.0;
        while handler < handlers.1 {
            let next = handler + 1 + self.events[handler].len as usize;
            if self.events[handler].op == Op::Handler && !raised.live {
                // Nothing in the body is known to raise; a global that is missing would. What the handler binds then
                // cannot be called unbound.
                self.state = self.pool.copy(&entry);
                self.silent += 1;
                self.piece(handler + 1, next);
                self.silent -= 1;
                let end_state = std::mem::take(&mut self.state);
                self.pool.join(&mut self.doubtful, end_state);
            } else if self.events[handler].op == Op::Handler {
                self.state = self.pool.copy(&raised);
                let name = self.events[next - 1];
                let named = name.op == Op::ExceptEnd && next - 1 > handler;
                if named {
                    self.handlers.push(reference(name));
                }
                self.piece(handler + 1, next);
                if named {
                    self.handlers.pop();
                }
                let end_state = std::mem::take(&mut self.state);
                self.pool.join(&mut done, end_state);
            }
            handler = next;
        }
        self.conditions -= 1;
        self.pool.drop(raised);
        self.pool.drop(entry);
        self.state = done;
        let Some(catcher) = self.catchers.pop() else { return finally.1 };
        self.run_finally(finally, catcher);
        finally.1
    }

    /// The `finally` of a `try`: read with all that may arrive there, left with what arrives normally.
    fn run_finally(&mut self, (from, to): (usize, usize), catcher: Catcher) {
        if from == to {
            self.pool.drop(catcher.raised);
            self.pool.drop(catcher.jumped);
            return;
        }
        let normal = self.pool.copy(&self.state);
        self.pool.join(&mut self.state, catcher.raised);
        self.pool.join(&mut self.state, catcher.jumped);
        self.piece(from, to);
        let all = std::mem::replace(&mut self.state, normal);
        self.pool.drop(all);
        self.silent += 1;
        self.piece(from, to);
        self.silent -= 1;
    }
}
