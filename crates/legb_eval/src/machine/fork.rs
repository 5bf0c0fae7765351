//! Branches on unknown conditions: both ways are run from the same state, and what they leave behind is joined.
//!
//! The ways come together at the immediate post-dominator of the branch, which is in the same code block. A value that is the
//! same on both ways stays; others become unknown. A name bound on one way only is bound *maybe*. If one way raises, the
//! other goes on, and the exception is a doubt.

use std::sync::Arc;

use super::run::{Flow, Stretch, Then, pop};
use super::{Eval, Machine, Stop};
use crate::dict::{Dict, Entry};
use crate::event::Printed;
use crate::frame::Frame;
use crate::heap::{Changes, Generator, Iter, Object, Payload, Slot};
use crate::program::Op;
use crate::value::{ObjId, Reason, Value};

/// Branches inside branches that are followed both ways.
const MAX_DEPTH: u32 = 12;
/// How often the same branch is followed both ways.
const MAX_PER_BRANCH: u32 = 24;

/// One way of a branch, when it has come to its end.
struct Arm {
    outcome: Eval<Flow>,
    frame: Frame,
    changes: Changes,
    prints: Vec<Printed>,
}

impl Machine<'_> {
    /// Follows a conditional jump whose condition is unknown. `kept`: the condition, where a jump leaves it on the stack.
    pub(super) fn branch(
        &mut self,
        frame: &mut Frame,
        target: usize,
        kept: Option<Value>,
        reason: Reason,
    ) -> Eval<Then> {
        let at = frame.pc - 1;
        if !self.may_fork(frame, at) {
            self.doubt("only one way of a branch on an unknown condition was followed");
            frame.pc = target;
            frame.stack.extend(kept);
            return Ok(Then::Go);
        }
        if let Some(lost) = self.lost_generator(frame, at, reason) {
            return Ok(Then::Flow(lost));
        }
        let join = frame.code.joins[at] as usize;
        let mut jumping = frame.clone();
        jumping.pc = target;
        jumping.stack.extend(kept);
        self.fork_depth += 1;
        let first = self.arm(frame.clone(), join);
        let second = self.arm(jumping, join);
        self.fork_depth -= 1;
        self.join_arms(frame, first, second, reason)
    }

    /// A `for` over something unknown: no turn, or one turn that stands for all.
    pub(super) fn unknown_loop(&mut self, frame: &mut Frame, exit: usize, reason: Reason) -> Eval<Then> {
        let at = frame.pc - 1;
        if let Some(lost) = self.lost_generator(frame, at, reason) {
            return Ok(Then::Flow(lost));
        }
        if !self.may_fork(frame, at) {
            self.doubt("a loop of unknown length was left out");
            pop(frame);
            frame.pc = exit;
            return Ok(Then::Go);
        }
        let join = frame.code.joins[at] as usize;
        let mut leaving = frame.clone();
        leaving.stack.pop();
        leaving.pc = exit;
        self.fork_depth += 1;
        let first = self.arm(leaving, join);
        let mut turning = frame.clone();
        self.heap.fork();
        self.forget_assigned(&mut turning, at + 1, exit, reason);
        turning.stack.push(Value::Unknown(reason));
        let mark = self.events.prints.len();
        let stretch = Stretch { until: [Some(at), Some(join)], floor: turning.protections.len() };
        let mut outcome = self.stretch(&mut turning, stretch);
        if matches!(outcome, Ok(Flow::Reached)) && turning.pc == at {
            turning.stack.pop();
            turning.pc = exit;
            let stretch = Stretch { until: [Some(join), None], floor: turning.protections.len() };
            outcome = self.stretch(&mut turning, stretch);
        }
        let prints = self.events.prints.split_off(mark);
        let changes = self.heap.undo();
        self.fork_depth -= 1;
        let changes = self.widened(changes, reason);
        let second = Arm { outcome, frame: turning, changes, prints };
        self.join_arms(frame, first, second, reason)
    }

    fn may_fork(&mut self, frame: &Frame, at: usize) -> bool {
        let key = (Arc::as_ptr(&frame.code) as usize, at);
        let count = self.fork_counts.entry(key).or_default();
        *count += 1;
        if self.fork_depth >= MAX_DEPTH || *count > MAX_PER_BRANCH || self.budget.forks == 0 {
            return false;
        }
        self.budget.forks -= 1;
        true
    }

    /// A generator that would yield on one way only cannot be suspended in two states.
    fn lost_generator(&mut self, frame: &Frame, at: usize, reason: Reason) -> Option<Flow> {
        let join = frame.code.joins[at] as usize;
        let range = if join > at { at..join.min(frame.code.ops.len()) } else { 0..frame.code.ops.len() };
        let yields = frame.code.ops[range].iter().any(|op| matches!(op, Op::Yield | Op::YieldFrom));
        if !frame.code.is_generator || !yields {
            return None;
        }
        self.doubt("a generator whose next value is unknown");
        Some(Flow::Lost(reason))
    }

    fn arm(&mut self, mut frame: Frame, join: usize) -> Arm {
        let mark = self.events.prints.len();
        self.heap.fork();
        let stretch = Stretch { until: [Some(join), None], floor: frame.protections.len() };
        let outcome = self.stretch(&mut frame, stretch);
        let changes = self.heap.undo();
        let prints = self.events.prints.split_off(mark);
        Arm { outcome, frame, changes, prints }
    }

    fn join_arms(&mut self, frame: &mut Frame, a: Arm, b: Arm, reason: Reason) -> Eval<Then> {
        self.join_prints(a.prints, b.prints, reason);
        match (a.outcome, b.outcome) {
            (Err(Stop::Halt(halt)), _) | (_, Err(Stop::Halt(halt))) => Err(Stop::Halt(halt)),
            (Ok(Flow::Reached), Ok(Flow::Reached)) => {
                self.join_heaps(a.changes, b.changes, reason);
                *frame = self.join_frames(a.frame, b.frame, reason);
                Ok(Then::Go)
            }
            (Ok(Flow::Return(x)), Ok(Flow::Return(y))) => {
                self.join_heaps(a.changes, b.changes, reason);
                Ok(Then::Flow(Flow::Return(self.join_values(&x, &y, reason))))
            }
            (Err(Stop::Raise(x)), Err(Stop::Raise(y))) => {
                let same = self.same_exception(x, y);
                self.join_heaps(a.changes, b.changes, reason);
                if !same {
                    self.doubt("which exception is raised depends on an unknown condition");
                }
                Ok(Then::Unwind(x))
            }
            (outcome, Err(Stop::Raise(exception))) => self.go_on(frame, outcome, a.frame, a.changes, exception),
            (Err(Stop::Raise(exception)), outcome) => self.go_on(frame, outcome, b.frame, b.changes, exception),
            (outcome, _) => {
                self.doubt("the two ways of a branch end differently");
                self.heap.redo(a.changes);
                *frame = a.frame;
                outcome.map(|flow| if matches!(flow, Flow::Reached) { Then::Go } else { Then::Flow(flow) })
            }
        }
    }

    /// One way raised: the other is taken, with a doubt.
    fn go_on(
        &mut self,
        frame: &mut Frame,
        outcome: Eval<Flow>,
        arm: Frame,
        changes: Changes,
        exception: ObjId,
    ) -> Eval<Then> {
        let what = self.exception_line(exception);
        self.doubt(format!("one way of an unknown condition raises {what}"));
        self.heap.redo(changes);
        *frame = arm;
        outcome.map(|flow| if matches!(flow, Flow::Reached) { Then::Go } else { Then::Flow(flow) })
    }

    fn same_exception(&self, a: ObjId, b: ObjId) -> bool {
        let class = |id| self.class_of(&Value::Obj(id));
        let args = |id: ObjId| self.heap.exception(id).map(|exception| exception.args.clone()).unwrap_or_default();
        let (x, y) = (args(a), args(b));
        class(a) == class(b) && x.len() == y.len() && x.iter().zip(&y).all(|(x, y)| x.is_same(y))
    }

    /// Prints that both ways make alike are kept; others are claimed by none.
    fn join_prints(&mut self, a: Vec<Printed>, b: Vec<Printed>, reason: Reason) {
        let alike =
            a.len() == b.len() && a.iter().zip(&b).all(|(x, y)| x.at == y.at && x.path == y.path && x.text == y.text);
        if alike {
            self.events.prints.extend(a);
            return;
        }
        self.events.other_output.get_or_insert(reason);
        let mut seen: Vec<(Arc<str>, u32)> = Vec::new();
        for printed in a.into_iter().chain(b) {
            let place = (Arc::clone(&printed.path), printed.at);
            if !seen.contains(&place) {
                seen.push(place);
                self.events.prints.push(Printed { text: Err(reason), ..printed });
            }
        }
    }

    fn join_heaps(&mut self, a: Changes, b: Changes, reason: Reason) {
        let mut ids: Vec<ObjId> = a.ids().chain(b.ids()).collect();
        ids.sort_unstable();
        ids.dedup();
        for id in ids {
            let before = self.heap.get(id).clone();
            let x = a.get(id).unwrap_or(&before).clone();
            let y = b.get(id).unwrap_or(&before).clone();
            let joined = self.join_objects(x, y, reason);
            *self.heap.write(id) = joined;
        }
    }

    fn join_objects(&mut self, a: Object, b: Object, reason: Reason) -> Object {
        match (a, b) {
            (Object::Dict(a), Object::Dict(b)) => Object::Dict(self.join_dicts(&a, &b, reason)),
            (Object::Set { dict: a, frozen }, Object::Set { dict: b, .. }) => {
                Object::Set { dict: self.join_dicts(&a, &b, reason), frozen }
            }
            (Object::List(mut a), Object::List(b)) => {
                if a.items.len() == b.items.len() && a.open.is_none() && b.open.is_none() {
                    a.items = a.items.iter().zip(&b.items).map(|(x, y)| self.join_values(x, y, reason)).collect();
                } else {
                    a.open = a.open.or(b.open).or(Some(reason));
                    a.items.clear();
                }
                Object::List(a)
            }
            (Object::Cell(a), Object::Cell(b)) => Object::Cell(self.join_slots(a, b, reason)),
            (Object::Iter(_), Object::Iter(_)) => Object::Iter(Iter::Lost(reason)),
            (Object::Generator(a), Object::Generator(_)) => {
                Object::Generator(Box::new(Generator { frame: None, lost: Some(reason), ..*a }))
            }
            (Object::Instance(mut a), Object::Instance(b)) => {
                if let (Payload::Value(x), Payload::Value(y)) = (&a.payload, &b.payload) {
                    a.payload = Payload::Value(self.join_values(x, y, reason));
                }
                Object::Instance(a)
            }
            (Object::Class(mut a), Object::Class(b)) => {
                if a.mro != b.mro {
                    a.open = Some(reason);
                }
                Object::Class(a)
            }
            (a, _) => a,
        }
    }

    fn join_dicts(&mut self, a: &Dict, b: &Dict, reason: Reason) -> Dict {
        let mut joined = Dict::default();
        joined.open = a.open.or(b.open);
        for (key, x) in a.iter() {
            let entry = match b.entry(key) {
                Some(y) => Entry {
                    key: x.key.clone(),
                    value: self.join_values(&x.value, &y.value, reason),
                    maybe: x.maybe || y.maybe,
                },
                None => Entry { maybe: true, ..x.clone() },
            };
            joined.put(key.clone(), entry);
        }
        for (key, y) in b.iter().filter(|(key, _)| a.entry(key).is_none()) {
            joined.put(key.clone(), Entry { maybe: true, ..y.clone() });
        }
        joined
    }

    fn join_slots(&mut self, a: Slot, b: Slot, reason: Reason) -> Slot {
        match (a, b) {
            (Slot::Unbound, Slot::Unbound) => Slot::Unbound,
            (Slot::Bound(x), Slot::Bound(y)) => Slot::Bound(self.join_values(&x, &y, reason)),
            (Slot::Unbound, Slot::Bound(x) | Slot::Maybe(x)) | (Slot::Bound(x) | Slot::Maybe(x), Slot::Unbound) => {
                Slot::Maybe(x)
            }
            (Slot::Maybe(x), Slot::Bound(y) | Slot::Maybe(y)) | (Slot::Bound(x), Slot::Maybe(y)) => {
                Slot::Maybe(self.join_values(&x, &y, reason))
            }
        }
    }

    fn join_frames(&mut self, a: Frame, b: Frame, reason: Reason) -> Frame {
        let fast = a.fast.into_iter().zip(b.fast).map(|(x, y)| self.join_slots(x, y, reason)).collect();
        let stack = a.stack.iter().zip(&b.stack).map(|(x, y)| self.join_values(x, y, reason)).collect();
        Frame { stack, fast, ..b }
    }

    /// What is known of a value that is one of two.
    pub(crate) fn join_values(&mut self, a: &Value, b: &Value, reason: Reason) -> Value {
        if a.is_same(b) {
            return a.clone();
        }
        if let (Some(Object::Tuple(x)), Some(Object::Tuple(y))) = (self.heap.of(a), self.heap.of(b))
            && x.len() == y.len()
        {
            let (x, y) = (Arc::clone(x), Arc::clone(y));
            let items = x.iter().zip(y.iter()).map(|(x, y)| self.join_values(x, y, reason)).collect();
            return self.new_tuple(items);
        }
        Value::Unknown(reason)
    }

    /// What a turn changed may change again in the next one.
    fn widened(&mut self, changes: Changes, reason: Reason) -> Changes {
        let ids: Vec<ObjId> = changes.ids().collect();
        self.heap.fork();
        for id in ids {
            let Some(after) = changes.get(id).cloned() else { continue };
            let before = self.heap.get(id).clone();
            let object = match (before, after) {
                (Object::List(_), Object::List(mut list)) => {
                    list.items.clear();
                    list.open = Some(reason);
                    Object::List(list)
                }
                (Object::Dict(old), Object::Dict(new)) => Object::Dict(widened_dict(&old, new, reason)),
                (Object::Set { dict: old, .. }, Object::Set { dict: new, frozen }) => {
                    let mut dict = widened_dict(&old, new, reason);
                    dict.open = Some(reason);
                    Object::Set { dict, frozen }
                }
                (_, Object::Cell(_)) => Object::Cell(Slot::Bound(Value::Unknown(reason))),
                (_, object) => object,
            };
            *self.heap.write(id) = object;
        }
        self.heap.undo()
    }

    /// Names that a loop assigns are unknown at the start of a turn that stands for all turns.
    fn forget_assigned(&mut self, frame: &mut Frame, from: usize, to: usize, reason: Reason) {
        let code = Arc::clone(&frame.code);
        let end = to.max(from).min(code.ops.len());
        for op in &code.ops[from..end] {
            let name = |index: &u32| Arc::clone(&code.names[*index as usize]);
            match op {
                Op::StoreFast(slot) if !matches!(frame.fast[*slot as usize], Slot::Unbound) => {
                    frame.fast[*slot as usize] = Slot::Bound(Value::Unknown(reason));
                }
                Op::StoreCell(cell) => {
                    let id = frame.cells[*cell as usize];
                    if !matches!(self.heap.get(id), Object::Cell(Slot::Unbound)) {
                        *self.heap.write(id) = Object::Cell(Slot::Bound(Value::Unknown(reason)));
                    }
                }
                Op::StoreGlobal(index) => self.forget_name(frame.globals, &name(index), reason),
                Op::StoreName(index) => {
                    self.forget_name(frame.namespace.unwrap_or(frame.globals), &name(index), reason);
                }
                _ => {}
            }
        }
    }

    fn forget_name(&mut self, namespace: ObjId, name: &str, reason: Reason) {
        if self.heap.dict(namespace).name(name).is_some() {
            self.heap.dict_mut(namespace).set_name(name, Value::Unknown(reason));
        }
    }
}

/// A namespace after any number of turns: what one turn changed may have any value, and keys may be more.
fn widened_dict(old: &Dict, new: Dict, reason: Reason) -> Dict {
    let mut widened = Dict::default();
    widened.open = new.open;
    for (key, entry) in new.iter() {
        let kept = old.entry(key).is_some_and(|before| before.value.is_same(&entry.value));
        let entry = if kept { entry.clone() } else { Entry { value: Value::Unknown(reason), ..entry.clone() } };
        if old.entry(key).is_none() && !matches!(entry.key, Value::Str(_)) {
            widened.open = Some(reason);
        }
        widened.put(key.clone(), entry);
    }
    widened
}
