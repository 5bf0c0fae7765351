//! Is a read that may be unbound worth telling, and on which path is it unbound?
//!
//! Programs bind a variable under one test and read it under the same test again, or under a flag set beside the binding.
//! Such reads never fail. So a read that may be unbound is told only if nothing that decides whether it is reached has to
//! do with what decides whether the variable is bound.
//!
//! ```python
//! if verbose:
//!     log = open_log()
//! …
//! if verbose:          # the same test: silent
//!     log.write("…")
//! ```

use legb_base::Span;
use rustc_hash::FxHashSet;

use super::event::{Event, Op, looping};
use super::handler::{catches_foreign_only, is_tame, rest_of_statement};
use super::run::Unit;
use crate::facts::*;

/// A compound statement (or part of one) with its events.
#[derive(Clone, Copy, Debug)]
struct Region {
    op: Op,
    from: usize,
    to: usize,
    /// Events of the test, iterable or pattern that decides whether it runs.
    test: (usize, usize),
    parent: Option<usize>,
    /// The region never reaches its end.
    leaves: bool,
    /// Offset in the text of the statement.
    offset: u32,
}

/// Drops the maybe-issues that are explained away, and finds the path and the other place of those that stay.
pub(super) fn explain(facts: &FileFacts, events: &[Event], text: &str, unit: &Unit, issues: &mut Vec<FlowIssue>) {
    if issues.is_empty() {
        return;
    }
    let map = Map::new(facts, events, text, unit);
    issues.retain_mut(|issue| map.judge(issue));
}

/// What decides whether one binding has run.
#[derive(Default)]
struct Decisive {
    /// What the tests mention that it stands under.
    tests: FxHashSet<u64>,
    /// What gets a value where it runs, or where that runs which excludes it.
    flags: FxHashSet<u64>,
    /// Those tests, as they are written.
    written: Vec<String>,
}

struct Map<'a> {
    facts: &'a FileFacts,
    events: &'a [Event],
    text: &'a str,
    regions: Vec<Region>,
    unit: &'a Unit,
}

impl<'a> Map<'a> {
    fn new(facts: &'a FileFacts, events: &'a [Event], text: &'a str, unit: &'a Unit) -> Self {
        let mut map = Self { facts, events, text, regions: Vec::new(), unit };
        map.regions_in(unit.from, unit.to, None);
        map
    }

    fn regions_in(&mut self, from: usize, to: usize, parent: Option<usize>) {
        let mut at = from;
        let mut statement_start = from;
        while at < to {
            let event = self.events[at];
            let behind = at + 1 + event.len as usize;
            let test = match event.op {
                Op::Then => Some((at - event.arg as usize, at)),
                Op::Else => self.regions.iter().rev().find(|r| r.op == Op::Then && r.to == at).map(|r| r.test),
                Op::Short => Some((statement_start.max(at.saturating_sub(24)), at)),
                Op::Loop if event.flags & looping::FOR == 0 => Some((statement_start, self.guard(at + 1, behind))),
                Op::Loop | Op::OrElse => Some((statement_start, at)),
                Op::Try | Op::Handler | Op::TryElse | Op::With | Op::Case => Some((at, at)),
                _ => None,
            };
            if let Some(test) = test {
                let id = self.regions.len();
                let offset = self.offset(event, at, test);
                self.regions.push(Region {
                    op: event.op,
                    from: at + 1,
                    to: behind,
                    test,
                    parent,
                    leaves: false,
                    offset,
                });
                self.regions_in(at + 1, behind, Some(id));
                self.regions[id].leaves = self.leaves(at + 1, behind);
            } else if event.op != Op::Nested {
                self.regions_in(at + 1, behind, parent);
            }
            if !matches!(event.op, Op::Read | Op::Point | Op::Call) {
                statement_start = behind;
            }
            at = behind;
        }
    }

    /// Where the test of a loop ends.
    fn guard(&self, from: usize, to: usize) -> usize {
        (from..to).find(|&at| self.events[at].op == Op::Guard).unwrap_or(from)
    }

    fn offset(&self, event: Event, at: usize, test: (usize, usize)) -> u32 {
        match event.op {
            Op::Loop | Op::Try | Op::Handler | Op::Case => event.arg,
            _ => self.events[test.0..test.1]
                .iter()
                .chain(&self.events[at + 1..])
                .find(|e| matches!(e.op, Op::Read | Op::Bind))
                .map_or(0, |e| self.facts.refs[reference(*e)].span.start),
        }
    }

    /// Whether the last thing these events do is to leave.
    fn leaves(&self, from: usize, to: usize) -> bool {
        let mut last = None;
        let mut at = from;
        while at < to {
            last = Some(self.events[at].op);
            at += 1 + self.events[at].len as usize;
        }
        matches!(
            last,
            Some(
                Op::Return | Op::Raise | Op::Exit | Op::Break | Op::Continue | Op::CallStatement | Op::MethodStatement
            )
        )
    }

    /// The regions around an event, innermost first.
    fn around(&self, at: usize) -> Vec<usize> {
        let mut innermost = None;
        for (i, region) in self.regions.iter().enumerate() {
            if region.from <= at && at < region.to {
                innermost = Some(i);
            }
        }
        std::iter::successors(innermost, |&i| self.regions[i].parent).collect()
    }

    fn position(&self, of: RefId) -> Option<usize> {
        let arg = crate::collect::index32(of.index());
        (self.unit.from..self.unit.to).find(|&at| {
            let event = self.events[at];
            event.arg == arg && matches!(event.op, Op::Read | Op::Delete)
        })
    }

    /// Whether the issue is to be told; completes it if so.
    fn judge(&self, issue: &mut FlowIssue) -> bool {
        let variable = self.facts.variable(self.facts.refs[issue.reference].symbol);
        let Some(read_at) = self.position(issue.reference) else { return issue.call.is_some() };
        let bindings: Vec<usize> = (self.unit.from..self.unit.to)
            .filter(|&at| {
                matches!(self.events[at].op, Op::Bind)
                    && self.facts.variable(self.facts.refs[reference(self.events[at])].symbol) == variable
            })
            .collect();
        let gone = (self.unit.from..read_at).rev().find(|&at| {
            let op = match issue.cause {
                Cause::Deleted => Op::Delete,
                Cause::ExceptName => Op::ExceptEnd,
                Cause::Never => return false,
            };
            self.events[at].op == op
                && self.facts.variable(self.facts.refs[reference(self.events[at])].symbol) == variable
        });
        if let Some(gone) = gone {
            issue.other = Some(reference(self.events[gone]));
        } else {
            let before = bindings.iter().rev().find(|&&at| at < read_at).or_else(|| bindings.first());
            issue.other = before.map(|&at| reference(self.events[at]));
        }
        let around_read = self.around(read_at);
        if issue.flow == Flow::Maybe && self.is_in_assertion(issue.reference) {
            return false;
        }
        if issue.flow == Flow::Unbound {
            // A name that only handlers bind is gone behind each of them, and was never there before.
            let is_of_handlers =
                bindings.iter().all(|&at| self.facts.refs[reference(self.events[at])].kind == RefKind::Except);
            return is_of_handlers
                || !gone.is_some_and(|gone| self.is_told_apart((gone, variable), read_at, &around_read));
        }
        let mut wanted = FxHashSet::default();
        self.conditions_of_read(read_at, &around_read, &mut wanted);
        let mut decisive: Vec<Decisive> = Vec::new();
        for &at in bindings.iter().chain(gone.iter()) {
            if self.is_optional_import(at) || self.is_ahead_of_handlers(at, read_at, &around_read) {
                return false;
            }
            let mut own = Decisive::default();
            for &region in self.around(at).iter().filter(|region| !around_read.contains(region)) {
                if self.is_entered_at_first(region)
                    || self.is_taken_at_first(region)
                    || self.is_as_often_as_a_constant(region)
                {
                    return false;
                }
                self.conditions_of_binding(region, variable, &mut own);
            }
            decisive.push(own);
        }
        let decides = |own: &Decisive| !wanted.is_disjoint(&own.tests) || !wanted.is_disjoint(&own.flags);
        if decisive.iter().any(decides) || Self::take_turns(&decisive) {
            return false;
        }
        issue.witness = self.witness(issue, &bindings, gone, &around_read, read_at);
        match issue.witness {
            // A loop variable is deleted behind its loop only where the loop is known to run.
            Some(Witness::LoopNotRun(_)) => self.facts.refs[issue.reference].kind != RefKind::Delete,
            Some(_) => true,
            None => false,
        }
    }

    /// What decides whether the read is reached: tests around it, and tests before it whose other way out leaves.
    fn conditions_of_read(&self, read_at: usize, around: &[usize], wanted: &mut FxHashSet<u64>) {
        for &i in around {
            self.mentions(self.regions[i].test, wanted);
        }
        for region in &self.regions {
            let before = region.to <= read_at;
            let beside = region.parent.is_none_or(|parent| around.contains(&parent));
            if before && beside && region.leaves && matches!(region.op, Op::Then | Op::Else | Op::Short) {
                self.mentions(region.test, wanted);
            }
        }
    }

    /// What decides whether a binding in `region` has run: its test, and flags bound beside it or in the arms that
    /// exclude it.
    fn conditions_of_binding(&self, region: usize, variable: Option<SymbolId>, own: &mut Decisive) {
        let row = self.regions[region];
        self.mentions(row.test, &mut own.tests);
        if row.op == Op::Then {
            own.written.extend(self.written_test(row).map(str::to_owned));
        }
        for other in self.regions.iter().filter(|r| r.parent == row.parent && r.test == row.test || r.from == row.from)
        {
            self.flags_bound(other.from, other.to, variable, &mut own.flags);
        }
        if matches!(row.op, Op::Try | Op::Handler | Op::TryElse) {
            let family = [Op::Try, Op::Handler, Op::TryElse];
            for other in self.regions.iter().filter(|r| r.parent == row.parent && family.contains(&r.op)) {
                self.flags_bound(other.from, other.to, variable, &mut own.flags);
            }
        }
    }

    /// Whether the read is reached only where a flag says that the name is still there, which is set where it goes away.
    fn is_told_apart(
        &self,
        (gone, variable): (usize, Option<SymbolId>),
        read_at: usize,
        around_read: &[usize],
    ) -> bool {
        let mut wanted = FxHashSet::default();
        self.conditions_of_read(read_at, around_read, &mut wanted);
        let mut flags = FxHashSet::default();
        for &at in self.around(gone).iter().filter(|at| !around_read.contains(at)) {
            let row = self.regions[at];
            self.flags_bound(row.from, row.to, variable, &mut flags);
        }
        !wanted.is_disjoint(&flags)
    }

    /// Whether one binding runs where another does not: a flag that is set beside the one is the test of the other, or the
    /// test of the one denies that of the other.
    fn take_turns(bindings: &[Decisive]) -> bool {
        let denies = |a: &str, b: &str| {
            a.strip_prefix("not ") == Some(b)
                || a.split_once(" is not ").is_some_and(|(left, right)| b == format!("{left} is {right}"))
                || a.split_once(" != ").is_some_and(|(left, right)| b == format!("{left} == {right}"))
        };
        bindings.iter().enumerate().any(|(at, one)| {
            bindings.iter().enumerate().any(|(other_at, other)| {
                let flagged = at != other_at && !one.flags.is_disjoint(&other.tests);
                flagged || one.written.iter().any(|a| other.written.iter().any(|b| denies(a, b)))
            })
        })
    }

    /// The test of an `if` or `elif` as it is written, where it takes up one line.
    fn written_test(&self, region: Region) -> Option<&'a str> {
        let start = self.text[..region.offset as usize].rfind('\n').map_or(0, |at| at + 1);
        let line = self.text[start..].lines().next()?.trim();
        line.strip_prefix("if ").or_else(|| line.strip_prefix("elif "))?.strip_suffix(':')
    }

    /// Whether a binding in a `try` comes before anything that its handlers are there for: what may raise ahead of it is
    /// not caught by those through which the read is reached.
    fn is_ahead_of_handlers(&self, binding: usize, read_at: usize, around_read: &[usize]) -> bool {
        let around = self.around(binding);
        let Some((&innermost, outer)) = around.split_first() else { return false };
        let row = self.regions[innermost];
        if row.op != Op::Try || around_read.contains(&innermost) || outer.iter().any(|at| !around_read.contains(at)) {
            return false;
        }
        let mut part = row.to;
        let mut relevant = Vec::new();
        while part < self.unit.to && self.events[part].op != Op::Finally {
            let behind = part + 1 + self.events[part].len as usize;
            let is_left = self.leaves(part + 1, behind - usize::from(self.events[behind - 1].op == Op::ExceptEnd));
            if self.events[part].op == Op::Handler
                && ((part..behind).contains(&read_at) || read_at >= behind && !is_left)
            {
                relevant.push(self.events[part].arg);
            }
            part = behind;
        }
        let finally = self.events[part..self.unit.to].first();
        let in_finally = finally.is_some_and(|event| (part + 1..part + 1 + event.len as usize).contains(&read_at));
        let name = self.facts.refs[reference(self.events[binding])].span;
        let ahead = || {
            let end = name.end as usize + rest_of_statement(&self.text[name.end as usize..]).len();
            self.text.get(row.offset as usize..end).and_then(|code| code.strip_prefix("try")).is_some_and(is_tame)
        };
        !in_finally
            && !relevant.is_empty()
            && relevant.iter().all(|&at| catches_foreign_only(&self.text[at as usize..]))
            && ahead()
    }

    /// `for … in range(ATTEMPTS)`: a constant that says how often is not zero.
    fn is_as_often_as_a_constant(&self, region: usize) -> bool {
        let row = self.regions[region];
        let line = self.text.get(row.offset as usize..).and_then(|text| text.lines().next()).unwrap_or_default();
        let bound = line.split_once(" in range(").and_then(|(_, rest)| rest.split_once("):")).map(|(bound, _)| bound);
        let constant = bound.map(|bound| bound.rsplit('.').next().unwrap_or(bound));
        let is_constant = |name: &str| {
            name.starts_with(|c: char| c.is_ascii_uppercase() || c == '_')
                && name.contains(char::is_alphabetic)
                && name.chars().all(|c| c == '_' || c.is_ascii_uppercase() || c.is_ascii_digit())
        };
        row.op == Op::Loop && line.starts_with("for ") && constant.is_some_and(is_constant)
    }

    /// An import under a test, in a module or class: what else is there rests on the same test, elsewhere.
    fn is_optional_import(&self, at: usize) -> bool {
        let is_import = self.facts.refs[reference(self.events[at])].kind == RefKind::Import;
        is_import
            && self.unit.scope == MODULE
            && self.around(at).iter().any(|&i| matches!(self.regions[i].op, Op::Then | Op::Else))
    }

    /// A `while` whose test asks for a variable that is bound before the loop and again inside: a flag that lets the first
    /// round happen.
    fn is_entered_at_first(&self, region: usize) -> bool {
        let row = self.regions[region];
        if row.op != Op::Loop {
            return false;
        }
        let guard = self.guard(row.from, row.to);
        let bound_in = |from: usize, to: usize, symbol: SymbolId| {
            self.events[from..to].iter().any(|e| e.op == Op::Bind && self.facts.refs[reference(*e)].symbol == symbol)
        };
        self.events[row.from..guard].iter().filter(|event| event.op == Op::Read).any(|event| {
            let symbol = self.facts.refs[reference(*event)].symbol;
            bound_in(self.unit.from, row.from, symbol) && bound_in(guard, row.to, symbol)
        })
    }

    /// `if first:` in a loop, with `first = True` before the loop and `first = False` in the arm: the first round takes it.
    fn is_taken_at_first(&self, region: usize) -> bool {
        let row = self.regions[region];
        let Some(around) = row.parent.map(|parent| self.regions[parent]) else { return false };
        let [test @ Event { op: Op::Read, .. }] = &self.events[row.test.0..row.test.1] else { return false };
        let symbol = self.facts.refs[reference(*test)].symbol;
        let binds = |from: usize, to: usize, value: &str| {
            self.events[from..to].iter().any(|event| {
                let is_it = event.op == Op::Bind && self.facts.refs[reference(*event)].symbol == symbol;
                is_it && {
                    let behind = &self.text[self.facts.refs[reference(*event)].span.end as usize..];
                    behind.trim_start().strip_prefix('=').is_some_and(|rest| rest.trim_start().starts_with(value))
                }
            })
        };
        row.op == Op::Then
            && around.op == Op::Loop
            && binds(self.unit.from, around.from, "True")
            && binds(row.from, row.to, "False")
    }

    /// Whether a read is what an assertion of a test asks about: without a value the test fails, as it should.
    fn is_in_assertion(&self, read: RefId) -> bool {
        let at = self.facts.refs[read].span.start as usize;
        let before = &self.text[..at];
        let Some(call) = before.rfind("self.assert") else { return false };
        let depth: i32 = before[call..].chars().map(|c| i32::from(c == '(') - i32::from(c == ')')).sum();
        depth > 0 && before[call..].lines().count() <= 20
    }

    /// Names that get a value in a range of events, and containers that are changed there.
    fn flags_bound(&self, from: usize, to: usize, variable: Option<SymbolId>, out: &mut FxHashSet<u64>) {
        for event in &self.events[from..to] {
            if matches!(event.op, Op::Bind | Op::Read) {
                let row = &self.facts.refs[reference(*event)];
                let is_changed = event.op == Op::Bind || changes_container(self.dotted(row.span), self.text, row.span);
                if is_changed && self.facts.variable(row.symbol) != variable {
                    self.paths(row.span, out);
                }
            }
        }
    }

    /// The dotted paths that are read in a range of events.
    fn mentions(&self, (from, to): (usize, usize), out: &mut FxHashSet<u64>) {
        for event in &self.events[from..to] {
            if event.op == Op::Read || event.op == Op::Bind {
                self.paths(self.facts.refs[reference(*event)].span, out);
            }
        }
    }

    /// The dotted path that begins with a name, as it is written.
    fn dotted(&self, name: Span) -> &'a str {
        let rest = self.text.get(name.start as usize..).unwrap_or_default();
        rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.')).map_or(rest, |end| &rest[..end])
    }

    /// Numbers for the dotted path that begins with a name and for what it begins with: `self.x.y` gives `self.x.y` and
    /// `self.x`, `a.b` gives `a.b` and `a`. The bare `self` would tie everything to everything.
    fn paths(&self, name: Span, out: &mut FxHashSet<u64>) {
        use std::hash::Hasher;
        let dotted = self.dotted(name);
        let mut path = dotted.trim_end_matches('.');
        loop {
            if !matches!(path, "self" | "cls") || path == dotted {
                let mut hasher = rustc_hash::FxHasher::default();
                hasher.write(path.as_bytes());
                out.insert(hasher.finish());
            }
            match path.rfind('.') {
                Some(dot) => path = &path[..dot],
                None => return,
            }
        }
    }

    fn witness(
        &self,
        issue: &FlowIssue,
        bindings: &[usize],
        gone: Option<usize>,
        around_read: &[usize],
        read_at: usize,
    ) -> Option<Witness> {
        if issue.cause != Cause::Never {
            return gone.map(|at| Witness::Deleted(self.facts.refs[reference(self.events[at])].span.start));
        }
        let nearest = bindings.iter().rev().find(|&&at| at < read_at).or_else(|| bindings.first())?;
        let outermost = self.around(*nearest).into_iter().rfind(|region| !around_read.contains(region))?;
        let region = self.regions[outermost];
        Some(match region.op {
            Op::Loop | Op::OrElse => Witness::LoopNotRun(region.offset),
            Op::Try | Op::TryElse | Op::Handler | Op::With => Witness::Raised(region.offset),
            Op::Short => Witness::ShortCircuit(region.offset),
            _ => Witness::BranchNotTaken(region.offset),
        })
    }
}

/// Whether a mention of a container changes it: `errors["base"] = …`, `problems.append(…)`.
fn changes_container(dotted: &str, text: &str, name: Span) -> bool {
    const CHANGING: [&str; 9] =
        ["append", "add", "update", "extend", "insert", "setdefault", "clear", "pop", "discard"];
    let rest = text.get(name.start as usize + dotted.len()..).unwrap_or_default();
    match rest.as_bytes().first() {
        Some(b'(') => dotted.rsplit_once('.').is_some_and(|(_, method)| CHANGING.contains(&method)),
        Some(b'[') => {
            let item = rest.lines().next().unwrap_or_default();
            item.split_once(']').is_some_and(|(_, rest)| {
                let rest = rest.trim_start();
                rest.starts_with('=') && !rest.starts_with("==")
            })
        }
        _ => false,
    }
}

fn reference(event: Event) -> RefId {
    RefId::from_usize(event.arg as usize)
}
