//! Branches on unknown conditions: both ways are run from the same state, and what they leave behind is joined.
//!
//! The ways come together at the immediate post-dominator of the branch, which is in the same code block. A value that is the
//! same on both ways stays; others become unknown. A name bound on one way only is bound *maybe*. If one way raises, the
//! other goes on, and the exception is a doubt.

use std::ops::Range;
use std::sync::Arc;

use super::run::{Flow, Stretch, Then, pop};
use super::{Eval, Machine, Stop};
use crate::dict::{Dict, Entry};
use legb_scope::ScopeKind;

use crate::event::{ModuleStep, Printed};
use crate::frame::Frame;
use crate::heap::{Changes, Object, Slot};
use crate::program::Op;
use crate::value::{ObjId, Reason, Value};

/// Branches inside branches that are followed both ways.
const MAX_DEPTH: u32 = 12;
/// How often the same branch is followed both ways.
const MAX_PER_BRANCH: u32 = 48;
/// How often a turn of a loop is run to learn what it changes.
const PASSES: u32 = 3;

/// One way of a branch, when it has come to its end.
struct Arm {
    outcome: Eval<Flow>,
    frame: Frame,
    changes: Changes,
    prints: Vec<Printed>,
    modules: Vec<ModuleStep>,
}

impl Arm {
    /// Whether it stopped in front of this operation.
    fn is_at(&self, at: usize) -> bool {
        matches!(self.outcome, Ok(Flow::Reached)) && self.frame.pc == at
    }

    /// An arm that has not moved.
    fn start(frame: Frame, changes: Changes) -> Self {
        Self { outcome: Ok(Flow::Reached), frame, changes, prints: Vec::new(), modules: Vec::new() }
    }
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
            // The way that leaves a loop, so that it ends.
            let around = frame.code.loop_around(at);
            if !frame.code.leads_out(frame.pc, &around) {
                frame.pc = target;
                frame.stack.extend(kept);
            }
            return Ok(Then::Go);
        }
        if let Some(lost) = self.lost_generator(frame, at, reason) {
            return Ok(Then::Flow(lost));
        }
        let join = frame.code.joins[at] as usize;
        let mut jumping = frame.clone();
        jumping.pc = target;
        jumping.stack.extend(kept);
        let base = self.fresh();
        let starts = [frame.clone(), jumping];
        let until = [Some(join), Some(at)];
        let mut arms = starts.clone().map(|start| self.go_to(Arm::start(start, Changes::default()), until));
        if arms.iter().all(|arm| arm.is_at(at)) {
            return Err(self.halt("budget: a loop that no condition ends"));
        }
        if let Some(turn) = arms.iter().position(|arm| arm.is_at(at)) {
            // The branch ends a loop: one turn stands for all, and then it is left.
            let around = frame.code.loop_around(at);
            let mut arm = self.turns(&starts[turn], around, until, reason);
            if arm.is_at(at) {
                arm.frame.stack.clone_from(&starts[1 - turn].stack);
                arm.frame.pc = starts[1 - turn].pc;
                arm = self.go_to(arm, until);
            }
            if arm.is_at(at) {
                return Err(self.halt("budget: a loop that no condition ends"));
            }
            arm.changes = self.widened(arm.changes, reason);
            arms[turn] = arm;
        }
        self.join_arms(frame, arms, (join, base), reason)
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
        let base = self.fresh();
        let first = self.go_to(Arm::start(leaving, Changes::default()), [Some(join), None]);
        let mut turning = frame.clone();
        turning.stack.push(Value::Unknown(reason));
        let mut second = self.turns(&turning, at + 1..exit, [Some(at), Some(join)], reason);
        if second.is_at(at) {
            second.frame.stack.pop();
            second.frame.pc = exit;
            second = self.go_to(second, [Some(join), None]);
        }
        second.changes = self.widened(second.changes, reason);
        self.join_arms(frame, [first, second], (join, base), reason)
    }

    /// Objects from here on are yet to be made.
    fn fresh(&self) -> u32 {
        u32::try_from(self.heap.len()).unwrap_or(u32::MAX)
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
        if !(frame.code.is_generator || frame.code.is_coroutine) || !yields {
            return None;
        }
        self.doubt("a generator whose next value is unknown");
        Some(Flow::Lost(reason))
    }

    /// A turn of a loop that stands for any number of them: what they assign and change is unknown at its start.
    fn turns(&mut self, start: &Frame, range: Range<usize>, until: [Option<usize>; 2], reason: Reason) -> Arm {
        let mut before = Changes::default();
        for pass in 1.. {
            let mut turning = start.clone();
            self.heap.fork();
            self.heap.redo(before.clone());
            self.forget_assigned(&mut turning, range.clone(), reason);
            let started = Arm::start(turning, self.heap.undo());
            let arm = self.go_to(started, until);
            let is_settled = arm.changes.ids().all(|id| before.get(id).is_some());
            if is_settled || pass == PASSES || matches!(arm.outcome, Err(Stop::Halt(_))) {
                return arm;
            }
            before = self.widened(arm.changes, reason);
        }
        Arm::start(start.clone(), before)
    }

    /// Follows an arm on from where it stands.
    fn go_to(&mut self, arm: Arm, until: [Option<usize>; 2]) -> Arm {
        let Arm { mut frame, changes, mut prints, mut modules, .. } = arm;
        let marks = (self.events.prints.len(), self.events.modules.len());
        self.fork_depth += 1;
        self.heap.fork();
        self.heap.redo(changes);
        self.now_handling(&frame);
        let stretch = Stretch { until, floor: frame.protections.len() };
        let outcome = self.stretch(&mut frame, stretch);
        let changes = self.heap.undo();
        self.fork_depth -= 1;
        prints.extend(self.events.prints.drain(marks.0..));
        modules.extend(self.events.modules.drain(marks.1..));
        Arm { outcome, frame, changes, prints, modules }
    }

    /// What both ways come to. One that raises where the code block itself has a handler goes on there, and then both go on to
    /// where the handler's way and the other one come together.
    fn join_arms(
        &mut self,
        frame: &mut Frame,
        mut arms: [Arm; 2],
        (mut join, base): (usize, u32),
        reason: Reason,
    ) -> Eval<Then> {
        while !self.raise_alike(&arms)
            && let Some(at) = arms.iter().position(|arm| self.can_handle(arm))
        {
            let [a, b] = arms;
            let (mut raising, mut other) = if at == 0 { (a, b) } else { (b, a) };
            self.enter_handler(&mut raising.frame, &raising.outcome);
            let handler = raising.frame.pc;
            join = frame.code.meeting(join, handler);
            raising = self.go_to(raising, [Some(join), None]);
            if matches!(other.outcome, Ok(Flow::Reached)) {
                other = self.go_to(other, [Some(join), None]);
            }
            arms = if at == 0 { [raising, other] } else { [other, raising] };
        }
        let [a, b] = arms;
        self.join_prints(a.prints, b.prints, reason);
        self.join_modules(a.modules, b.modules);
        self.now_handling(frame);
        match (a.outcome, b.outcome) {
            (Err(Stop::Halt(halt)), _) | (_, Err(Stop::Halt(halt))) => Err(Stop::Halt(halt)),
            (Ok(Flow::Reached), Ok(Flow::Reached)) => {
                let changed: Vec<ObjId> = a.changes.ids().chain(b.changes.ids()).collect();
                let mut twins = self.join_heaps(a.changes, b.changes, base, reason);
                *frame = self.join_frames(a.frame, b.frame, &mut twins, reason);
                self.settle_twins(&twins, &changed);
                self.now_handling(frame);
                Ok(Then::Go)
            }
            (Ok(Flow::Return(x)), Ok(Flow::Return(y))) => {
                let changed: Vec<ObjId> = a.changes.ids().chain(b.changes.ids()).collect();
                let mut twins = self.join_heaps(a.changes, b.changes, base, reason);
                let result = self.join_values(&x, &y, &mut twins, reason);
                self.settle_twins(&twins, &changed);
                Ok(Then::Flow(Flow::Return(result)))
            }
            (Err(Stop::Raise(x)), Err(Stop::Raise(y))) => {
                let same = self.same_exception(x, y);
                let changed: Vec<ObjId> = a.changes.ids().chain(b.changes.ids()).collect();
                let twins = self.join_heaps(a.changes, b.changes, base, reason);
                self.settle_twins(&twins, &changed);
                if !same {
                    self.doubt_about_words("which exception is raised depends on an unknown condition");
                }
                *frame = a.frame;
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

    /// Whether both ways raise the same, so that one handler is as good as two.
    fn raise_alike(&self, arms: &[Arm; 2]) -> bool {
        match (&arms[0].outcome, &arms[1].outcome) {
            (Err(Stop::Raise(a)), Err(Stop::Raise(b))) => {
                let depth = |arm: &Arm| arm.frame.protections.len();
                depth(&arms[0]) == depth(&arms[1]) && self.same_exception(*a, *b)
            }
            _ => false,
        }
    }

    /// Whether a way raised where this stretch of the code block protects itself.
    fn can_handle(&self, arm: &Arm) -> bool {
        matches!(arm.outcome, Err(Stop::Raise(_))) && arm.frame.protections.len() > self.floor
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
        let reason = self.reason(format!("one way of an unknown condition raises {what}"));
        let is_fate = self.fork_depth == 0
            && self.doubts.is_empty()
            && self.running.iter().all(|running| running.code.kind == ScopeKind::Module && !running.is_guarded);
        if is_fate {
            // Nothing catches it: the condition decides how the program ends.
            self.depends = Some(reason);
        }
        self.doubt_because(reason);
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

    /// Steps that both ways make alike are kept once, in their order.
    fn join_modules(&mut self, a: Vec<ModuleStep>, b: Vec<ModuleStep>) {
        let more: Vec<ModuleStep> = b.into_iter().filter(|step| !a.contains(step)).collect();
        self.events.modules.extend(a);
        self.events.modules.extend(more);
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
    fn forget_assigned(&mut self, frame: &mut Frame, range: Range<usize>, reason: Reason) {
        let code = Arc::clone(&frame.code);
        let end = range.end.max(range.start).min(code.ops.len());
        for op in &code.ops[range.start..end] {
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
