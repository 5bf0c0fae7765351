//! On which ways through a function does a read meet a variable without a value? The statements that decide, as lines.
//!
//! Whether there is any such way, flow analysis has said before. Here the ways are told apart by the branches, loops and `try`
//! statements that bind the variable in some of their parts: one way for each choice that passes by all bindings. Conditions are
//! not compared with each other. A loop counts as run not at all, or once.

use legb_syntax::Ranged;
use legb_syntax::ast::{ExceptHandler, Expr, Stmt};

use super::Source;
use super::mentions::Mentions;
use crate::facts::*;

/// So many ways are told.
const MOST: usize = 8;

/// The lines that decide on each way, then that of the read; nothing where the code around is not a function's or the module's.
pub(super) fn unbound_ways(source: &Source<'_>, mentions: &Mentions, reference: RefId) -> Vec<Vec<u32>> {
    let facts = source.facts;
    let row = &facts.refs[reference];
    let scope = &facts.scopes[facts.symbols[row.symbol].scope];
    let suite = match scope.kind {
        ScopeKind::Module => Some(source.parsed.suite()),
        ScopeKind::Function => super::change::body_of(source.parsed.suite(), scope.span),
        _ => None,
    };
    let binders: Vec<u32> = mentions
        .in_scope(facts, row.symbol)
        .filter(|&id| facts.refs[id].kind.binds())
        .map(|id| facts.refs[id].span.start)
        .collect();
    let Some(suite) = suite else { return Vec::new() };
    let mut walk = Walk { source, binders, read: row.span.start, found: Vec::new() };
    walk.suite(suite, vec![Vec::new()]);
    let line = source.line(reference);
    let mut ways = walk.found;
    for way in &mut ways {
        way.push(line);
        way.dedup();
    }
    // A way on which nothing decides is none of several.
    ways.retain(|way| way.len() > 1);
    ways.sort_unstable();
    ways.dedup();
    ways.truncate(MOST);
    ways
}

/// Ways so far: on each the variable has no value, and these lines have decided.
type Ways = Vec<Vec<u32>>;

/// Where ways lead that do not go on to the next statement.
#[derive(Default)]
struct Left {
    /// Behind the loop.
    breaks: Ways,
    /// To the next turn of the loop.
    continues: Ways,
}

impl Left {
    fn add(&mut self, other: Self) {
        self.breaks.extend(other.breaks);
        self.continues.extend(other.continues);
    }
}

struct Walk<'s> {
    source: &'s Source<'s>,
    /// Offsets of the bindings.
    binders: Vec<u32>,
    /// Offset of the read.
    read: u32,
    found: Ways,
}

impl Walk<'_> {
    fn line(&self, at: &impl Ranged) -> u32 {
        self.source.lines.line(at.start().to_u32())
    }

    fn binds(&self, node: &impl Ranged) -> bool {
        self.binders.iter().any(|&at| holds(node, at))
    }

    /// Follows ways through statements; returns those that come out at the end, and those that left a loop.
    fn suite(&mut self, suite: &[Stmt], mut ways: Ways) -> (Ways, Left) {
        let mut left = Left::default();
        for stmt in suite {
            if ways.is_empty() {
                break;
            }
            ways.truncate(4 * MOST);
            let (next, out) = self.stmt(stmt, ways);
            ways = next;
            left.add(out);
        }
        (ways, left)
    }

    fn stmt(&mut self, stmt: &Stmt, ways: Ways) -> (Ways, Left) {
        let (none, left) = (Ways::new, Left::default());
        let (reads, binds) = (holds(stmt, self.read), self.binds(stmt));
        match stmt {
            Stmt::Return(_) | Stmt::Raise(_) if !reads => (none(), left),
            Stmt::Break(_) => (none(), Left { breaks: ways, ..left }),
            Stmt::Continue(_) => (none(), Left { continues: ways, ..left }),
            // What neither binds nor reads decides nothing, but for where a loop goes on.
            _ if !reads && !binds => {
                let exits = exits(std::slice::from_ref(stmt));
                let breaks = if exits.breaks { ways.clone() } else { none() };
                let continues = if exits.continues { ways.clone() } else { none() };
                (ways, Left { breaks, continues })
            }
            Stmt::If(it) => {
                let first = Arm { test: Some(&it.test), bound: false, body: &it.body, line: self.line(it) };
                let others = it.elif_else_clauses.iter().map(|clause| Arm {
                    test: clause.test.as_ref(),
                    bound: false,
                    body: &clause.body,
                    line: self.line(clause),
                });
                let is_complete = it.elif_else_clauses.last().is_some_and(|clause| clause.test.is_none());
                let arms: Vec<Arm<'_>> = [first].into_iter().chain(others).collect();
                self.arms(&arms, ways, (self.line(it), is_complete))
            }
            Stmt::Match(it) => {
                let cases = it.cases.iter().map(|case| Arm {
                    test: Some(&it.subject),
                    bound: self.binds(&case.pattern),
                    body: &case.body,
                    line: self.line(case),
                });
                let cases: Vec<Arm<'_>> = cases.collect();
                let is_complete =
                    it.cases.last().is_some_and(|case| case.guard.is_none() && case.pattern.is_irrefutable());
                self.arms(&cases, ways, (self.line(it), is_complete))
            }
            Stmt::For(it) => {
                self.read_in(&*it.iter, &ways);
                let body_is_unbound = !self.binds(&*it.target);
                self.looped((&it.body, &it.orelse), ways, self.line(it), (body_is_unbound, true))
            }
            Stmt::While(it) => {
                self.read_in(&*it.test, &ways);
                let may_skip = !matches!(&*it.test, Expr::BooleanLiteral(test) if test.value);
                let unbound = !self.binds(&*it.test);
                self.looped((&it.body, &it.orelse), ways, self.line(it), (unbound, may_skip))
            }
            Stmt::With(it) => {
                for item in &it.items {
                    self.read_in(item, &ways);
                }
                if it.items.iter().any(|item| self.binds(item)) { (none(), left) } else { self.suite(&it.body, ways) }
            }
            Stmt::Try(it) => self.tried(it, ways),
            _ => {
                if reads && !matches!(stmt, Stmt::FunctionDef(_) | Stmt::ClassDef(_)) {
                    self.found.extend(ways);
                    return (none(), left);
                }
                (if binds { none() } else { ways }, left)
            }
        }
    }

    /// The read may stand in what is evaluated before a body.
    fn read_in(&mut self, node: &impl Ranged, ways: &Ways) {
        if holds(node, self.read) {
            self.found.extend(ways.iter().cloned());
        }
    }

    /// Parts of which one runs; if they are complete, one always does.
    fn arms(&mut self, arms: &[Arm<'_>], mut ways: Ways, (at, is_complete): (u32, bool)) -> (Ways, Left) {
        let (mut out, mut left) = (Ways::new(), Left::default());
        for arm in arms {
            if let Some(test) = arm.test {
                self.read_in(test, &ways);
                // Later tests are asked only after this one.
                if self.binds(test) {
                    ways.clear();
                }
            }
            if !arm.bound {
                // Where an arm leads to the read, the arm itself does not tell why the value is missing.
                let leads_there = arm.body.iter().any(|stmt| holds(stmt, self.read));
                let taken = if leads_there { ways.clone() } else { with(&ways, arm.line) };
                let (next, gone) = self.suite(arm.body, taken);
                out.extend(next);
                left.add(gone);
            }
        }
        if !is_complete {
            out.extend(with(&ways, at));
        }
        (out, left)
    }

    fn looped(
        &mut self,
        (body, orelse): (&[Stmt], &[Stmt]),
        ways: Ways,
        line: u32,
        (body_is_unbound, may_skip): (bool, bool),
    ) -> (Ways, Left) {
        let mut ends = if may_skip { with(&ways, line) } else { Ways::new() };
        let mut behind = Ways::new();
        if body_is_unbound {
            let (next, left) = self.suite(body, ways);
            if may_skip {
                ends.extend(next.into_iter().chain(left.continues));
            }
            behind = left.breaks;
        }
        let (mut out, left) = self.suite(orelse, ends);
        out.extend(behind);
        (out, left)
    }

    fn tried(&mut self, it: &legb_syntax::ast::StmtTry, ways: Ways) -> (Ways, Left) {
        let binds_in_body = it.body.iter().any(|stmt| self.binds(stmt));
        let failed = if binds_in_body { with(&ways, self.line(it)) } else { ways.clone() };
        let (next, mut left) = self.suite(&it.body, ways);
        let (mut out, gone) = self.suite(&it.orelse, next);
        left.add(gone);
        for ExceptHandler::ExceptHandler(handler) in &it.handlers {
            let (next, gone) = self.suite(&handler.body, failed.clone());
            out.extend(next);
            left.add(gone);
        }
        let (out, gone) = self.suite(&it.finalbody, out);
        left.add(gone);
        (out, left)
    }
}

/// Whether an offset lies in a node.
fn holds(node: &impl Ranged, offset: u32) -> bool {
    node.start().to_u32() <= offset && offset < node.end().to_u32()
}

/// The ways with one more line that decides.
fn with(ways: &Ways, line: u32) -> Ways {
    ways.iter().map(|way| way.iter().copied().chain([line]).collect()).collect()
}

/// One of several parts.
struct Arm<'t> {
    /// What is evaluated before.
    test: Option<&'t Expr>,
    /// Whether its pattern gives the variable a value.
    bound: bool,
    body: &'t [Stmt],
    line: u32,
}

/// Where statements may go in the loop around them.
#[derive(Clone, Copy, Default)]
struct Exits {
    breaks: bool,
    continues: bool,
}

fn exits(suite: &[Stmt]) -> Exits {
    let mut found = Exits::default();
    for stmt in suite {
        let inner: Vec<&[Stmt]> = match stmt {
            Stmt::Break(_) => {
                found.breaks = true;
                continue;
            }
            Stmt::Continue(_) => {
                found.continues = true;
                continue;
            }
            Stmt::If(it) => {
                [&*it.body].into_iter().chain(it.elif_else_clauses.iter().map(|clause| &*clause.body)).collect()
            }
            Stmt::With(it) => vec![&it.body],
            Stmt::Match(it) => it.cases.iter().map(|case| &*case.body).collect(),
            Stmt::Try(it) => {
                let handlers = it.handlers.iter().map(|ExceptHandler::ExceptHandler(handler)| &*handler.body);
                handlers.chain([&*it.body, &it.orelse, &it.finalbody]).collect()
            }
            // What stands in the body of a loop is about that loop.
            Stmt::For(it) => vec![&it.orelse],
            Stmt::While(it) => vec![&it.orelse],
            _ => continue,
        };
        for suite in inner {
            let Exits { breaks, continues } = exits(suite);
            found.breaks |= breaks;
            found.continues |= continues;
        }
    }
    found
}
