//! Runs over the events of one unit.

use legb_base::NameId;
use legb_base::index::IndexVec;

use super::event::{Event, Op, short, test};
use super::exception::Catcher;
use super::looping::{Jump, OpenLoop};
use super::state::{Pool, Set, State};
use super::{NO_SLOT, Scratch};
use crate::facts::*;

/// A unit: its scope, where its events are, and how many slots it has.
#[derive(Clone, Copy, Debug)]
pub(super) struct Unit {
    pub(super) scope: ScopeId,
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) slots: u32,
}

/// Decides the reads of a unit, and returns those without a value on some path.
pub(super) fn unit(
    facts: &mut FileFacts,
    events: &[Event],
    scratch: &mut Scratch,
    no_return: &[NameId],
    text: &str,
    unit: Unit,
) -> Vec<FlowIssue> {
    if unit.slots == 0 {
        return Vec::new();
    }
    let mut runner = Runner {
        facts,
        events,
        judged: &scratch.judged,
        pool: &mut scratch.pool,
        no_return,
        text,
        unit,
        state: State::dead(),
        loops: Vec::new(),
        catchers: Vec::new(),
        handlers: Vec::new(),
        conditions: 0,
        silent: 0,
        assume: None,
        broken: None,
        doubtful: State::dead(),
        withs: 0,
        issues: Vec::new(),
    };
    runner.state = runner.pool.start(unit.slots);
    runner.piece(unit.from, unit.to);
    for state in [std::mem::take(&mut runner.state), std::mem::take(&mut runner.doubtful)] {
        runner.pool.drop(state);
    }
    runner.issues
}

pub(super) struct Runner<'a> {
    pub(super) facts: &'a mut FileFacts,
    pub(super) events: &'a [Event],
    pub(super) judged: &'a IndexVec<SymbolId, (ScopeId, u32)>,
    pub(super) pool: &'a mut Pool,
    pub(super) no_return: &'a [NameId],
    pub(super) text: &'a str,
    pub(super) unit: Unit,
    pub(super) state: State,
    pub(super) loops: Vec<OpenLoop>,
    pub(super) catchers: Vec<Catcher>,
    /// Names of the handlers open now.
    pub(super) handlers: Vec<RefId>,
    /// Conditions, loops and handlers open now.
    pub(super) conditions: u32,
    /// Above zero: only the state matters, nothing is decided.
    pub(super) silent: u32,
    /// Parts of `and`/`or` that are taken to be evaluated: [`short::IF_TRUE`] or [`short::IF_FALSE`].
    pub(super) assume: Option<u8>,
    /// What `break` took along out of the loop that ended last.
    pub(super) broken: Option<State>,
    /// States at the places where paths end only in all likelihood.
    pub(super) doubtful: State,
    /// `with` statements open now.
    pub(super) withs: u32,
    pub(super) issues: Vec<FlowIssue>,
}

impl Runner<'_> {
    /// Runs the events from `at` to `end`.
    pub(super) fn piece(&mut self, mut at: usize, end: usize) {
        while at < end {
            let event = self.events[at];
            let inside = at + 1;
            let behind = inside + event.len as usize;
            at = match event.op {
                Op::Read => {
                    self.read(reference(event));
                    behind
                }
                Op::Bind => {
                    self.bind(reference(event));
                    behind
                }
                Op::Delete => {
                    self.read(reference(event));
                    self.unbind(reference(event), Set::Deleted);
                    behind
                }
                Op::ExceptEnd => {
                    self.unbind(reference(event), Set::Excepted);
                    behind
                }
                Op::Point => {
                    self.may_raise();
                    behind
                }
                Op::Star => {
                    if self.state.live {
                        self.state.bind_all();
                        self.note_all_bound();
                    }
                    behind
                }
                Op::Call => {
                    self.call(reference(event));
                    behind
                }
                Op::CallStatement => {
                    if self.never_returns(reference(event)) {
                        self.perhaps_ends();
                    }
                    behind
                }
                Op::MethodStatement => {
                    if self.method_never_returns(event.arg) {
                        self.perhaps_ends();
                    }
                    behind
                }
                Op::Nested => behind,
                Op::Then => self.branch(at, event),
                Op::Short => {
                    self.short(inside, behind, event.flags);
                    behind
                }
                Op::Loop => self.run_loop(at, event),
                Op::Try => self.run_try(at, event, end),
                Op::With => {
                    self.run_with(inside, behind, event.flags);
                    behind
                }
                Op::Case => self.run_match(at, end),
                Op::Break => {
                    self.jump(Jump::Break);
                    behind
                }
                Op::Continue => {
                    self.jump(Jump::Continue);
                    behind
                }
                Op::Return => {
                    self.jump(Jump::Return);
                    behind
                }
                Op::Raise if self.withs == 0 => {
                    self.may_raise();
                    self.state.kill();
                    behind
                }
                // A context manager may swallow it, `-O` drops assertions, `sys.exit` may be replaced.
                Op::Raise | Op::Exit => {
                    self.may_raise();
                    self.perhaps_ends();
                    behind
                }
                Op::Unlikely => {
                    self.perhaps_ends();
                    behind
                }
                // Met only as parts of the statements above.
                Op::Else
                | Op::Guard
                | Op::OrElse
                | Op::Handler
                | Op::TryElse
                | Op::Finally
                | Op::CaseBody
                | Op::MatchEnd => behind,
            };
        }
    }

    // ---- names

    /// The slot of the variable a reference stands for, if this unit judges it.
    #[inline]
    pub(super) fn slot(&self, reference: RefId) -> Option<u32> {
        let (unit, slot) = self.judged[self.facts.refs[reference].symbol];
        (slot != NO_SLOT && unit == self.unit.scope).then_some(slot)
    }

    #[inline]
    fn read(&mut self, reference: RefId) {
        if !self.state.live {
            return;
        }
        let Some(slot) = self.slot(reference) else {
            // A cell of an enclosing function may be empty; that is not judged here, but it would raise.
            if self.facts.symbols[self.facts.refs[reference].symbol].place == Place::Free {
                self.may_raise();
            }
            return;
        };
        let flow = match (self.state.has(Set::Bound, slot), self.state.has(Set::Unbound, slot)) {
            (_, false) => Flow::Bound,
            (true, true) => Flow::Maybe,
            (false, true) => Flow::Unbound,
        };
        if flow == Flow::Bound {
            if self.silent == 0 {
                self.decide(reference, flow);
            }
            return;
        }
        self.read_unbound(reference, slot, flow);
    }

    #[cold]
    fn read_unbound(&mut self, reference: RefId, slot: u32, flow: Flow) {
        let flow = if flow == Flow::Unbound { self.certainly_unbound(slot) } else { flow };
        let cause = match (self.state.has(Set::Deleted, slot), self.state.has(Set::Excepted, slot)) {
            (true, _) => Cause::Deleted,
            (_, true) => Cause::ExceptName,
            _ => Cause::Never,
        };
        if self.silent == 0 {
            self.decide(reference, flow);
            if flow != Flow::NotAsked {
                self.issues.push(FlowIssue { reference, flow, cause, other: None, witness: None, call: None });
            }
        }
        // The read itself raises.
        self.may_raise();
        // Said once: what follows would only repeat it. Of annotations each has to be changed by itself.
        if !self.facts.refs[reference].flags.contains(RefFlags::ANNOTATION) {
            self.state.bind(slot);
        }
    }

    /// Whether a read is sure to fail that fails on every path known.
    ///
    /// In the first round of a loop the variable has no value; later rounds may have bound it. The read is certain to
    /// fail only if it is sure to be met in the first round.
    fn certainly_unbound(&self, slot: u32) -> Flow {
        if self.doubtful.live && self.doubtful.has(Set::Bound, slot) {
            return Flow::NotAsked;
        }
        for open in &self.loops {
            let bound_inside = self.events[open.from..open.to]
                .iter()
                .any(|event| event.op == Op::Bind && self.slot(reference(*event)) == Some(slot));
            let may_survive = self.catchers.len() > open.catchers;
            if bound_inside && (open.continues || may_survive || self.conditions > open.conditions) {
                return Flow::NotAsked;
            }
        }
        Flow::Unbound
    }

    /// Several passes over one read may differ; then it is maybe.
    fn decide(&mut self, reference: RefId, flow: Flow) {
        let row = &mut self.facts.refs[reference];
        row.flow = match (row.flow, flow) {
            (Flow::NotAsked, now) => now,
            (before, Flow::NotAsked) => before,
            (before, now) if before == now => now,
            _ => Flow::Maybe,
        };
    }

    #[inline]
    pub(super) fn bind(&mut self, reference: RefId) {
        if let Some(slot) = self.slot(reference)
            && self.state.live
        {
            self.state.bind(slot);
            for catcher in self.catchers.iter_mut().filter(|catcher| catcher.raised.live) {
                catcher.raised.put(Set::Bound, slot, true);
            }
        }
    }

    pub(super) fn unbind(&mut self, reference: RefId, why: Set) {
        if let Some(slot) = self.slot(reference)
            && self.state.live
        {
            self.state.unbind(slot, why);
            for catcher in self.catchers.iter_mut().filter(|catcher| catcher.raised.live) {
                catcher.raised.put(Set::Unbound, slot, true);
                catcher.raised.put(why, slot, true);
            }
        }
    }

    fn note_all_bound(&mut self) {
        for catcher in self.catchers.iter_mut().filter(|catcher| catcher.raised.live) {
            catcher.raised.bound_as_well(&self.state);
        }
    }

    /// An exception may be raised here. Later points add only what was bound and unbound since, which is noted there.
    pub(super) fn may_raise(&mut self) {
        if self.state.live {
            for catcher in self.catchers.iter_mut().filter(|catcher| !catcher.raised.live) {
                catcher.raised = self.pool.copy(&self.state);
            }
        }
    }

    // ---- calls

    /// The function that the variable of a reference holds, if only one `def` binds it.
    fn function(&self, reference: RefId) -> Option<ScopeId> {
        let variable = self.facts.variable(self.facts.refs[reference].symbol)?;
        let row = &self.facts.symbols[variable];
        self.facts.children_of(row.scope).find(|&child| {
            let scope = &self.facts.scopes[child];
            scope.kind == ScopeKind::Function && scope.name == row.name
        })
    }

    fn never_returns(&self, reference: RefId) -> bool {
        let name = self.facts.symbols[self.facts.refs[reference].symbol].name;
        if self.no_return.contains(&name) {
            return true;
        }
        ends_by_name(self.facts.names.text(name))
    }

    /// Whether the method whose name stands at an offset never returns.
    fn method_never_returns(&self, offset: u32) -> bool {
        let rest = &self.text[offset as usize..];
        let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_' || !byte.is_ascii();
        let name = &rest[..rest.bytes().take_while(is_part).count()];
        ends_by_name(name) || self.no_return.iter().any(|&id| self.facts.names.text(id) == name)
    }

    /// The path ends here, in all likelihood. What it has bound cannot be called unbound from here on.
    fn perhaps_ends(&mut self) {
        if self.state.live {
            let copy = self.pool.copy(&self.state);
            self.pool.join(&mut self.doubtful, copy);
            self.state.kill();
        }
    }

    /// A local function is called: what it reads of this unit must have a value now.
    fn call(&mut self, callee: RefId) {
        if !self.state.live || self.silent > 0 || self.conditions > 0 || self.unit.scope == MODULE {
            return;
        }
        let Some(function) = self.function(callee) else { return };
        let variable = self.facts.variable(self.facts.refs[callee].symbol);
        let rebound = self.facts.refs.iter().filter(|r| r.kind.binds() && Some(r.symbol) == variable).count();
        if rebound != 1 || self.facts.scopes[function].flags.intersects(ScopeFlags::GENERATOR | ScopeFlags::COROUTINE) {
            return;
        }
        let Some(free) = first_reads(self.facts, self.events, function) else { return };
        for reference in free {
            let Some(slot) = self.slot(reference) else { continue };
            if !self.state.has(Set::Bound, slot) && self.state.has(Set::Unbound, slot) {
                let cause = if self.state.has(Set::Deleted, slot) { Cause::Deleted } else { Cause::Never };
                let call = Some(self.facts.refs[callee].span);
                self.issues.push(FlowIssue { reference, flow: Flow::Unbound, cause, other: None, witness: None, call });
                return;
            }
        }
    }

    // ---- branches

    /// `Then` and the `Else` that follows it. Returns where it ends.
    fn branch(&mut self, at: usize, event: Event) -> usize {
        let (then, then_end) = (at + 1, at + 1 + event.len as usize);
        let (other, other_end) = (then_end + 1, then_end + 1 + self.events[then_end].len as usize);
        self.conditions += 1;
        let mut otherwise = if event.flags & test::TRUE != 0 { State::dead() } else { self.pool.copy(&self.state) };
        if event.flags & test::FALSE != 0 {
            self.state.kill();
        }
        if event.flags & test::BINDS != 0 {
            otherwise = self.assume_outcomes(at - event.arg as usize, at, otherwise);
        }
        self.piece(then, then_end);
        let then_state = std::mem::replace(&mut self.state, otherwise);
        self.piece(other, other_end);
        if event.flags & test::TYPE_CHECKING != 0 && then_state.live && self.state.live {
            // For type checkers one arm counts, at run time the other: a name bound in either is meant to be there.
            self.state.bound_as_well(&then_state);
            self.state.unbound_in_both(&then_state);
            self.pool.drop(then_state);
        } else {
            self.pool.join(&mut self.state, then_state);
        }
        self.conditions -= 1;
        other_end
    }

    /// Binds what a test has bound for sure: here, where it holds, and in `otherwise`, where it does not.
    pub(super) fn assume_outcomes(&mut self, from: usize, to: usize, otherwise: State) -> State {
        self.assume_test(from, to, short::IF_TRUE);
        let holds = std::mem::replace(&mut self.state, otherwise);
        self.assume_test(from, to, short::IF_FALSE);
        std::mem::replace(&mut self.state, holds)
    }

    /// Binds what a test has bound for sure if it holds (or does not).
    fn assume_test(&mut self, from: usize, to: usize, which: u8) {
        let before = self.assume.replace(which);
        self.silent += 1;
        self.piece(from, to);
        self.silent -= 1;
        self.assume = before;
    }

    fn short(&mut self, from: usize, to: usize, flags: u8) {
        if self.assume.is_some_and(|which| flags & which != 0) {
            self.piece(from, to);
            return;
        }
        let skipped = self.pool.copy(&self.state);
        self.conditions += 1;
        self.piece(from, to);
        self.conditions -= 1;
        self.pool.join(&mut self.state, skipped);
    }

    fn run_match(&mut self, mut at: usize, end: usize) -> usize {
        self.conditions += 1;
        let mut done = State::dead();
        while at < end && self.events[at].op == Op::Case {
            let event = self.events[at];
            let case_end = at + 1 + event.len as usize;
            let mut missed = if event.flags != 0 { State::dead() } else { self.pool.copy(&self.state) };
            let mut body = at + 1;
            while self.events[body].op != Op::CaseBody {
                body += 1 + self.events[body].len as usize;
            }
            self.piece(at + 1, body);
            // Where a guard fails, the pattern has bound its names all the same.
            missed.bound_as_well(&self.state);
            self.piece(body + 1, case_end);
            let matched = std::mem::replace(&mut self.state, missed);
            self.pool.join(&mut done, matched);
            at = case_end;
        }
        self.pool.join(&mut self.state, done);
        self.conditions -= 1;
        at
    }
}

pub(super) fn reference(event: Event) -> RefId {
    RefId::from_usize(event.arg as usize)
}

/// Whether a call is likely not to come back, by its name: tests that fail or skip, usage errors, helpers that raise.
fn ends_by_name(name: &str) -> bool {
    matches!(
        name,
        "fail"
            | "skip"
            | "skipTest"
            | "error"
            | "fatal"
            | "abort"
            | "die"
            | "exit"
            | "usage"
            | "bail"
            | "panic"
            | "throw"
            | "fail_json"
            | "exit_json"
            | "perror"
            | "raise_for_status"
    ) || name.starts_with("raise_")
        || name.starts_with("_raise")
        || name.starts_with("_fail")
        || name.starts_with("throw_")
        || name.starts_with("fail_")
        || name.starts_with("exit_")
}

/// The reads of enclosing variables that a function makes on every call, before anything else can end it: those ahead of
/// the first branch of its body. None where its events are not there.
fn first_reads(facts: &FileFacts, events: &[Event], function: ScopeId) -> Option<Vec<RefId>> {
    let at = events.iter().position(|event| event.op == Op::Nested && event.arg as usize == function.index())?;
    let end = at + 1 + events[at].len as usize;
    let mut reads = Vec::new();
    let mut next = at + 1;
    while next < end {
        let event = events[next];
        match event.op {
            Op::Read => {
                let row = &facts.refs[reference(event)];
                if facts.symbols[row.symbol].place == Place::Free {
                    reads.push(reference(event));
                }
            }
            Op::Bind | Op::Point | Op::Nested | Op::Call => {}
            _ => break,
        }
        next += 1 + event.len as usize;
    }
    Some(reads)
}
