//! `match` statements.
//!
//! Every subject and every captured value lies in a slot of its own, so that a pattern that fails half-way leaves nothing on
//! the stack. Captures are bound when the whole pattern has matched.

use std::sync::Arc;

use legb_syntax::ast::{
    Pattern, PatternMatchAs, PatternMatchClass, PatternMatchMapping, PatternMatchOr, PatternMatchSequence, Singleton,
    StmtMatch,
};

use super::expr::count;
use super::{Label, Lowerer};
use crate::program::{Comparison, Op};
use crate::value::Value;

/// Names and the slots of what they capture.
type Captures<'a> = Vec<(&'a str, u32)>;

impl<'a> Lowerer<'a> {
    pub(super) fn match_(&mut self, s: &'a StmtMatch) {
        self.expr(&s.subject);
        let subject = self.temp();
        self.emit(Op::StoreTemp(subject));
        let end = self.label();
        for case in &s.cases {
            let next = self.label();
            let mut captures = Vec::new();
            self.pattern(&case.pattern, subject, next, &mut captures);
            for (name, slot) in captures {
                self.emit(Op::LoadTemp(slot));
                self.store(name);
            }
            if let Some(guard) = &case.guard {
                self.condition(guard, next, false);
            }
            self.suite(&case.body);
            self.emit(Op::Jump(end.0));
            self.place(next);
        }
        self.place(end);
    }

    /// Goes on if the value in the slot matches, else jumps.
    fn pattern(&mut self, pattern: &'a Pattern, subject: u32, fail: Label, captures: &mut Captures<'a>) {
        self.at(pattern);
        match pattern {
            Pattern::MatchValue(p) => {
                self.emit(Op::LoadTemp(subject));
                self.expr(&p.value);
                self.emit(Op::Compare(Comparison::Eq));
                self.emit(Op::JumpIfFalse(fail.0));
            }
            Pattern::MatchSingleton(p) => {
                self.emit(Op::LoadTemp(subject));
                self.constant(match p.value {
                    Singleton::None => Value::None,
                    Singleton::True => Value::Bool(true),
                    Singleton::False => Value::Bool(false),
                });
                self.emit(Op::Is(false));
                self.emit(Op::JumpIfFalse(fail.0));
            }
            Pattern::MatchSequence(p) => self.sequence(p, subject, fail, captures),
            Pattern::MatchMapping(p) => self.mapping(p, subject, fail, captures),
            Pattern::MatchClass(p) => self.class_pattern(p, subject, fail, captures),
            Pattern::MatchStar(p) => captures.extend(p.name.as_ref().map(|name| (name.as_str(), subject))),
            Pattern::MatchAs(PatternMatchAs { pattern, name, .. }) => {
                if let Some(pattern) = pattern {
                    self.pattern(pattern, subject, fail, captures);
                }
                captures.extend(name.as_ref().map(|name| (name.as_str(), subject)));
            }
            Pattern::MatchOr(p) => self.alternatives(p, subject, fail, captures),
        }
    }

    fn item(&mut self, subject: u32, index: Value) -> u32 {
        let slot = self.temp();
        self.emit(Op::LoadTemp(subject));
        self.constant(index);
        self.emit(Op::Subscript);
        self.emit(Op::StoreTemp(slot));
        slot
    }

    fn sequence(&mut self, p: &'a PatternMatchSequence, subject: u32, fail: Label, captures: &mut Captures<'a>) {
        self.emit(Op::LoadTemp(subject));
        self.emit(Op::MatchSequence);
        self.emit(Op::JumpIfFalse(fail.0));
        let star = p.patterns.iter().position(|pattern| matches!(pattern, Pattern::MatchStar(_)));
        let fixed = Value::count(p.patterns.len() - usize::from(star.is_some()));
        self.emit(Op::LoadTemp(subject));
        self.emit(Op::GetLen);
        self.constant(fixed);
        self.emit(Op::Compare(if star.is_some() { Comparison::Ge } else { Comparison::Eq }));
        self.emit(Op::JumpIfFalse(fail.0));
        for (i, pattern) in p.patterns.iter().enumerate() {
            let from_end = p.patterns.len() - i;
            let slot = match star {
                Some(star) if i == star => {
                    let after = from_end - 1;
                    self.rest_of_sequence(subject, i, after)
                }
                Some(star) if i > star => self.item(subject, Value::Int(-i64::from(count(from_end)))),
                _ => self.item(subject, Value::count(i)),
            };
            self.pattern(pattern, slot, fail, captures);
        }
    }

    /// `list(subject[before:len-after])`
    fn rest_of_sequence(&mut self, subject: u32, before: usize, after: usize) -> u32 {
        let slot = self.temp();
        self.emit(Op::BuildList(0));
        self.emit(Op::LoadTemp(subject));
        self.constant(Value::count(before));
        if after == 0 {
            self.constant(Value::None);
        } else {
            self.constant(Value::Int(-i64::from(count(after))));
        }
        self.emit(Op::BuildSlice(2));
        self.emit(Op::Subscript);
        self.emit(Op::ListExtend(1));
        self.emit(Op::StoreTemp(slot));
        slot
    }

    fn mapping(&mut self, p: &'a PatternMatchMapping, subject: u32, fail: Label, captures: &mut Captures<'a>) {
        self.emit(Op::LoadTemp(subject));
        self.emit(Op::MatchMapping);
        self.emit(Op::JumpIfFalse(fail.0));
        self.emit(Op::LoadTemp(subject));
        for key in &p.keys {
            self.expr(key);
        }
        self.emit(Op::BuildTuple(count(p.keys.len())));
        let keys = self.temp();
        self.emit(Op::Dup);
        self.emit(Op::StoreTemp(keys));
        self.emit(Op::MatchKeys);
        let values = self.not_none_or(fail);
        for (i, pattern) in p.patterns.iter().enumerate() {
            let slot = self.item(values, Value::count(i));
            self.pattern(pattern, slot, fail, captures);
        }
        if let Some(rest) = &p.rest {
            let slot = self.temp();
            self.emit(Op::LoadTemp(subject));
            self.emit(Op::LoadTemp(keys));
            self.emit(Op::MatchRest);
            self.emit(Op::StoreTemp(slot));
            captures.push((rest.as_str(), slot));
        }
    }

    /// `values-or-None →`: keeps the values in a slot, or jumps.
    fn not_none_or(&mut self, fail: Label) -> u32 {
        let values = self.temp();
        self.emit(Op::Dup);
        self.emit(Op::StoreTemp(values));
        self.constant(Value::None);
        self.emit(Op::Is(false));
        self.emit(Op::JumpIfTrue(fail.0));
        values
    }

    fn class_pattern(&mut self, p: &'a PatternMatchClass, subject: u32, fail: Label, captures: &mut Captures<'a>) {
        self.emit(Op::LoadTemp(subject));
        self.expr(&p.cls);
        let names: Vec<Arc<str>> = p.arguments.keywords.iter().map(|keyword| keyword.attr.as_str().into()).collect();
        let keywords = self.name_list(names);
        self.at(p);
        self.emit(Op::MatchClass { positional: count(p.arguments.patterns.len()), keywords });
        let values = self.not_none_or(fail);
        let patterns = p.arguments.patterns.iter().chain(p.arguments.keywords.iter().map(|keyword| &keyword.pattern));
        for (i, pattern) in patterns.enumerate() {
            let slot = self.item(values, Value::count(i));
            self.pattern(pattern, slot, fail, captures);
        }
    }

    /// All alternatives capture the same names: whichever matches fills the slots of the first.
    fn alternatives(&mut self, p: &'a PatternMatchOr, subject: u32, fail: Label, captures: &mut Captures<'a>) {
        let done = self.label();
        let mut slots: Captures<'a> = Vec::new();
        let last = p.patterns.len().saturating_sub(1);
        for (i, pattern) in p.patterns.iter().enumerate() {
            let next = if i == last { fail } else { self.label() };
            let mut own = Vec::new();
            self.pattern(pattern, subject, next, &mut own);
            for (name, slot) in own {
                let shared = match slots.iter().find(|(known, _)| *known == name) {
                    Some(&(_, shared)) => shared,
                    None => {
                        let shared = self.temp();
                        slots.push((name, shared));
                        shared
                    }
                };
                self.emit(Op::LoadTemp(slot));
                self.emit(Op::StoreTemp(shared));
            }
            if i < last {
                self.emit(Op::Jump(done.0));
                self.place(next);
            }
        }
        self.place(done);
        captures.extend(slots);
    }
}
