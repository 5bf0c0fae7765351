//! Statements.

use legb_base::{Dialect, Span};
use legb_syntax::ast::{
    ExceptHandler, Expr, ExprCall, Operator, Stmt, StmtFor, StmtIf, StmtMatch, StmtTry, StmtWhile, StmtWith, UnaryOp,
};

use super::chain;
use super::context::{DebugSite, ExceptStar};
use super::expr::never_empty;
use super::pattern::is_irrefutable;
use super::truth::{Truth, int, truth};
use super::{Collector, index32, span};
use crate::facts::*;
use crate::flow::event::{Op, looping, test};

impl<'a> Collector<'a> {
    pub(crate) fn suite(&mut self, suite: &'a [Stmt]) {
        for stmt in suite {
            let (fresh, scopes) = (self.scratch.fresh.len(), self.facts.scopes.len());
            self.deeper(|this| this.stmt(stmt));
            if self.scratch.fresh.len() > fresh {
                // A scope made on the way may have read the variable before it was bound; a function runs later.
                let settled = scopes == self.facts.scopes.len() || matches!(stmt, Stmt::FunctionDef(_));
                for symbol in self.scratch.fresh.drain(fresh..).filter(|_| settled) {
                    let row = &mut self.facts.symbols[symbol];
                    row.flags.set(SymbolFlags::SETTLED, !row.flags.contains(SymbolFlags::USE));
                }
            }
        }
    }

    fn stmt(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::Expr(s) => self.expression_statement(&s.value),
            Stmt::Assign(s) => {
                let start = self.mark();
                for target in &s.targets {
                    self.target(target, RefKind::Assign);
                }
                let bound = self.mark();
                self.expr(&s.value);
                self.run_last(start, bound);
                self.note_dunder_all(stmt);
            }
            Stmt::AugAssign(s) => {
                match &*s.target {
                    Expr::Name(name) if !name.id.is_empty() => {
                        let id = self.mangled(name.id.as_str());
                        self.check_debug(id, DebugSite::node(span(name)));
                        let symbol = self.add(id, SymbolFlags::LOCAL);
                        let reference = self.reference(symbol, span(name), RefKind::AugAssign);
                        self.emit_point();
                        self.emit_ref(Op::Read, reference);
                        self.expr(&s.value);
                        self.emit_point();
                        self.emit_ref(Op::Bind, reference);
                    }
                    target => {
                        self.target(target, RefKind::Assign);
                        self.expr(&s.value);
                    }
                }
                self.note_dunder_all(stmt);
            }
            Stmt::AnnAssign(s) => {
                self.annotated_assignment(s);
                self.note_dunder_all(stmt);
            }
            Stmt::Return(s) => {
                self.check_return(s, span(s));
                self.optional(s.value.as_deref());
                self.emit(Op::Return, 0);
            }
            Stmt::If(s) => self.if_statement(s),
            Stmt::For(s) => self.for_statement(s),
            Stmt::While(s) => self.while_statement(s),
            Stmt::With(s) => self.with_statement(s),
            Stmt::Try(s) => self.try_statement(s),
            Stmt::Match(s) => self.match_statement(s),
            Stmt::FunctionDef(s) => self.function(s),
            Stmt::ClassDef(s) => self.class(s),
            Stmt::Import(s) => self.import(s),
            Stmt::ImportFrom(s) => self.import_from(s),
            Stmt::Global(s) => self.global(s),
            Stmt::Nonlocal(s) => self.nonlocal(s),
            Stmt::TypeAlias(s) => self.type_alias(s),
            Stmt::Delete(s) => {
                for target in &s.targets {
                    self.delete(target);
                }
            }
            Stmt::Raise(s) => {
                self.optional(s.exc.as_deref());
                self.optional(s.cause.as_deref());
                self.emit_point();
                self.emit(Op::Raise, 0);
            }
            Stmt::Assert(s) => {
                let at = self.event_count();
                let flags = self.test(&s.test);
                let events = self.event_count() - at;
                self.emit_point();
                let holds = self.emit(Op::Then, index32(events));
                self.set_flags(holds, flags);
                self.close(holds);
                let fails = self.emit(Op::Else, 0);
                self.optional(s.msg.as_deref());
                self.emit(Op::Exit, 0);
                self.close(fails);
            }
            Stmt::Break(s) => {
                self.check_loop_exit("break", span(s));
                self.emit(Op::Break, 0);
            }
            Stmt::Continue(s) => {
                self.check_loop_exit("continue", span(s));
                self.emit(Op::Continue, 0);
            }
            Stmt::Pass(_) | Stmt::IpyEscapeCommand(_) => {}
        }
    }

    fn expression_statement(&mut self, value: &'a Expr) {
        let Expr::Call(call) = value else {
            self.expr(value);
            if divides_by_zero(value) {
                self.emit_point();
                self.emit(Op::Raise, 0);
            }
            return;
        };
        let first = self.facts.refs.len();
        self.expr(value);
        self.note_dunder_all_call(call);
        match &*call.func {
            Expr::Name(name) if matches!(name.id.as_str(), "exit" | "quit") => {
                self.emit(Op::Exit, 0);
            }
            Expr::Name(name) if !name.id.is_empty() => {
                self.emit(Op::CallStatement, index32(first));
            }
            Expr::Attribute(attribute) => {
                if ends_program(call) {
                    self.emit(Op::Exit, 0);
                } else {
                    self.emit(Op::MethodStatement, span(&attribute.attr).start);
                }
            }
            _ => {}
        }
    }

    // ---- compound statements

    /// The statements of an arm.
    fn arm(&mut self, body: &'a [Stmt], statement: u32, arm: usize, kind: BranchKind) {
        if let (Some(first), Some(last)) = (body.first(), body.last()) {
            let span = Span::new(span(first).start, span(last).end);
            self.facts.branches.push(Branch { span, statement, arm: index32(arm), kind });
        }
        let was = std::mem::replace(&mut self.frame_mut().conditional, true);
        self.suite(body);
        self.frame_mut().conditional = was;
    }

    /// The statements of an arm that runs only under a test of which `flags` are known.
    fn tested_arm(&mut self, body: &'a [Stmt], statement: u32, arm: usize, kind: BranchKind, flags: u8) {
        let before = self.ref_flags;
        if flags & test::TYPE_CHECKING != 0 {
            self.ref_flags |= RefFlags::TYPE_CHECKING;
        }
        if flags & test::FALSE != 0 {
            self.ref_flags |= RefFlags::DEAD;
        }
        self.arm(body, statement, arm, kind);
        self.ref_flags = before;
    }

    fn if_statement(&mut self, s: &'a StmtIf) {
        let at = span(s).start;
        let mark = self.scratch.open.len();
        let flags_outside = self.ref_flags;
        let first = self.event_count();
        let mut flags = self.test(&s.test);
        let mut denied = denies_type_checking(&s.test, self.dialect);
        let mut events = self.event_count() - first;
        let mut body = &*s.body;
        let mut clauses = s.elif_else_clauses.iter();
        let mut arm = 0;
        loop {
            let then = self.emit(Op::Then, index32(events));
            self.set_flags(then, if denied { flags | test::TYPE_CHECKING } else { flags });
            self.tested_arm(body, at, arm, BranchKind::If, flags);
            self.close(then);
            let otherwise = self.emit(Op::Else, 0);
            self.scratch.open.push(otherwise);
            if flags & test::TRUE != 0 {
                self.ref_flags |= RefFlags::DEAD;
            }
            if denied {
                self.ref_flags |= RefFlags::TYPE_CHECKING;
            }
            arm += 1;
            let Some(clause) = clauses.next() else { break };
            if let Some(test) = &clause.test {
                let first = self.event_count();
                flags = self.test(test);
                denied = denies_type_checking(test, self.dialect);
                events = self.event_count() - first;
                body = &clause.body;
            } else {
                self.arm(&clause.body, at, arm, BranchKind::If);
                break;
            }
        }
        self.ref_flags = flags_outside;
        if chain::names_every_case(s, self.text) {
            self.emit(Op::Unlikely, 0);
        }
        self.close_all(mark);
    }

    fn for_statement(&mut self, s: &'a StmtFor) {
        if s.is_async {
            self.check_async("for", span(s));
        }
        let at = self.mark();
        self.target(&s.target, RefKind::For);
        let targets_end = self.mark();
        self.expr(&s.iter);
        self.emit_point();
        self.run_last(at, targets_end);
        let start = at.events + (self.event_count() - targets_end.events);
        let nonempty = if never_empty(&s.iter) { looping::NONEMPTY } else { 0 };
        self.open_loop(start, looping::FOR | nonempty, 0, span(s).start);
        let deletions = self.deletions;
        self.frame_mut().loops += 1;
        self.arm(&s.body, span(s).start, 0, BranchKind::Loop);
        self.frame_mut().loops -= 1;
        self.finish_loop(start, deletions, &s.orelse, span(s).start);
    }

    fn while_statement(&mut self, s: &'a StmtWhile) {
        let start = self.emit(Op::Loop, span(s).start);
        let flags = self.test(&s.test);
        let guard = self.emit(Op::Guard, 0);
        self.set_flags(guard, flags);
        let deletions = self.deletions;
        self.frame_mut().loops += 1;
        self.tested_arm(&s.body, span(s).start, 0, BranchKind::Loop, flags);
        self.frame_mut().loops -= 1;
        self.finish_loop(start, deletions, &s.orelse, span(s).start);
    }

    fn finish_loop(&mut self, start: usize, deletions: u32, orelse: &'a [Stmt], statement: u32) {
        self.close(start);
        if self.mute == 0 && self.deletions != deletions {
            self.scratch.events[start].flags |= looping::DELETES;
        }
        let other = self.emit(Op::OrElse, 0);
        self.arm(orelse, statement, 1, BranchKind::Loop);
        self.close(other);
    }

    /// Whether a context manager is made by a class of this file whose `__exit__` returns `True`.
    fn is_of_swallowing_class(&self, manager: &Expr) -> bool {
        let Expr::Call(call) = manager else { return false };
        let Expr::Name(class) = &*call.func else { return false };
        self.scratch.swallowing.iter().any(|&name| self.facts.names.text(name) == class.id.as_str())
    }

    fn with_statement(&mut self, s: &'a StmtWith) {
        if s.is_async {
            self.check_async("with", span(s));
        }
        let was = std::mem::replace(&mut self.frame_mut().conditional, true);
        let mut swallows = false;
        for item in &s.items {
            self.expr(&item.context_expr);
            self.emit_point();
            swallows |= may_swallow(&item.context_expr) || self.is_of_swallowing_class(&item.context_expr);
            if let Some(target) = &item.optional_vars {
                match &**target {
                    // 3.8 points at the context manager.
                    Expr::Name(name) => self.bind_name_at(name, RefKind::With, span(&item.context_expr)),
                    target => self.target(target, RefKind::With),
                }
            }
        }
        let body = self.emit(Op::With, 0);
        self.set_flags(body, u8::from(swallows));
        self.try_depth += 1;
        let left = self.frame().left_last.len();
        if self.dialect.errors_have_ranges {
            self.frame_mut().left_last.push(span(s));
        }
        self.arm(&s.body, span(s).start, 0, BranchKind::With);
        self.frame_mut().left_last.truncate(left);
        self.try_depth -= 1;
        self.close(body);
        self.frame_mut().conditional = was;
    }

    fn try_statement(&mut self, s: &'a StmtTry) {
        let at = span(s).start;
        let was_in_try = std::mem::replace(&mut self.frame_mut().in_try, true);
        let (depth, flags) = (self.try_depth, self.ref_flags);
        self.try_depth += 1;
        let errors = self.scratch.late_errors.len();
        let left = self.frame().left_last.len();
        if let Some(last) = s.finalbody.last() {
            let at = last_visited(last);
            self.frame_mut().left_last.push(at);
        }
        let body = self.emit(Op::Try, at);
        let names_may_fail = self.names_may_fail;
        if catches(s, &|name, probes| {
            matches!(name, "NameError" | "UnboundLocalError")
                || probes && matches!(name, "" | "Exception" | "BaseException")
        }) {
            self.ref_flags |= RefFlags::GUARDED;
        }
        self.names_may_fail |=
            catches(s, &|name, _| matches!(name, "NameError" | "UnboundLocalError" | "AttributeError"));
        self.arm(&s.body, at, 0, BranchKind::Try);
        self.names_may_fail = names_may_fail;
        self.ref_flags = flags;
        self.close(body);
        let first_part = self.scratch.late_errors.len();
        if self.dialect.handlers_before_else {
            self.handlers(s);
        } else {
            self.try_else(s);
        }
        let second_part = self.scratch.late_errors.len();
        if self.dialect.handlers_before_else {
            self.try_else(s);
        } else {
            self.handlers(s);
        }
        if self.dialect.handlers_before_else == self.dialect.else_compiled_before_handlers {
            self.scratch.late_errors[first_part..].rotate_left(second_part - first_part);
        }
        self.try_depth = depth;
        self.frame_mut().left_last.truncate(left);
        let last = self.emit(Op::Finally, 0);
        let errors_end = self.scratch.late_errors.len();
        self.arm(&s.finalbody, at, s.handlers.len() + 2, BranchKind::Try);
        if self.dialect.finally_compiled_first {
            self.scratch.late_errors[errors..].rotate_left(errors_end - errors);
        }
        self.close(last);
        self.frame_mut().in_try = was_in_try;
    }

    fn try_else(&mut self, s: &'a StmtTry) {
        let piece = self.emit(Op::TryElse, 0);
        // One arm with the body: it runs when that has run.
        self.arm(&s.orelse, span(s).start, 0, BranchKind::Try);
        self.close(piece);
    }

    fn handlers(&mut self, s: &'a StmtTry) {
        let count = s.handlers.len();
        for (i, ExceptHandler::ExceptHandler(handler)) in s.handlers.iter().enumerate() {
            let piece = self.emit(Op::Handler, span(handler).start);
            if handler.type_.is_none() && i + 1 < count {
                self.check_default_handler(s, span(handler));
            }
            self.optional(handler.type_.as_deref());
            let name = handler.name.as_ref().filter(|name| !name.is_empty()).map(|name| {
                let id = self.mangled(name.as_str());
                let node = span(handler);
                self.check_debug(id, DebugSite { old: span(name), ..DebugSite::node(node) });
                self.deletions += 1;
                self.bind(id, SymbolFlags::LOCAL, span(name), RefKind::Except)
            });
            let frame = self.frame_mut();
            let outside = frame.except_star;
            if s.is_star {
                frame.except_star = ExceptStar { open: outside.open + 1, loops_outside: frame.loops };
            }
            self.arm(&handler.body, span(s).start, i + 1, BranchKind::Try);
            self.frame_mut().except_star = outside;
            if let Some(name) = name {
                self.emit_ref(Op::ExceptEnd, name);
            }
            self.close(piece);
        }
    }

    fn match_statement(&mut self, s: &'a StmtMatch) {
        self.expr(&s.subject);
        let was = std::mem::replace(&mut self.frame_mut().conditional, true);
        let count = s.cases.len();
        for (i, case) in s.cases.iter().enumerate() {
            let piece = self.emit(Op::Case, span(case).start);
            let always = case.guard.is_none() && is_irrefutable(&case.pattern);
            self.set_flags(piece, u8::from(always));
            self.check_case(&case.pattern, case.guard.is_some(), i + 1 == count);
            self.pattern(&case.pattern);
            if let Some(guard) = &case.guard {
                self.test(guard);
            }
            self.emit(Op::CaseBody, 0);
            self.arm(&case.body, span(s).start, i, BranchKind::Match);
            self.close(piece);
        }
        self.emit(Op::MatchEnd, 0);
        self.frame_mut().conditional = was;
    }
}

/// Whether the arms behind a test are for type checkers only, because it is `not TYPE_CHECKING`.
fn denies_type_checking(test: &Expr, dialect: &Dialect) -> bool {
    let Expr::UnaryOp(unary) = test else { return false };
    unary.op == UnaryOp::Not && truth(&unary.operand, dialect) == Truth::TypeChecking
}

/// Whether an expression divides one literal by another that is zero, as those write who want an exception.
fn divides_by_zero(expr: &Expr) -> bool {
    let Expr::BinOp(operation) = expr else { return false };
    matches!(operation.op, Operator::Div | Operator::FloorDiv | Operator::Mod)
        && operation.left.is_number_literal_expr()
        && int(&operation.right) == Some(0)
}

/// Whether a call, as a statement, ends the program.
pub(crate) fn ends_program(call: &ExprCall) -> bool {
    let Expr::Attribute(attribute) = &*call.func else { return false };
    let Expr::Name(module) = &*attribute.value else { return false };
    matches!((module.id.as_str(), attribute.attr.as_str()), ("sys", "exit") | ("os", "_exit" | "abort"))
}

/// Whether a context manager is known to swallow exceptions at times.
fn may_swallow(manager: &Expr) -> bool {
    let Expr::Call(call) = manager else { return false };
    let name = match &*call.func {
        Expr::Name(name) => name.id.as_str(),
        Expr::Attribute(attribute) => attribute.attr.as_str(),
        _ => return false,
    };
    matches!(name, "suppress" | "raises" | "ignored" | "assertRaises" | "assertRaisesRegex" | "assertRaisesMessage")
}

/// Whether a handler names an exception that `wanted` accepts; a bare handler has the name "". `wanted` is also told
/// whether the body is a single statement, which then is there to find something out.
fn catches(s: &StmtTry, wanted: &dyn Fn(&str, bool) -> bool) -> bool {
    let probes = s.body.len() == 1;
    let named = |exception: &Expr| match exception {
        Expr::Name(name) => wanted(name.id.as_str(), probes),
        _ => false,
    };
    s.handlers.iter().any(|ExceptHandler::ExceptHandler(handler)| match handler.type_.as_deref() {
        None => wanted("", probes),
        Some(Expr::Tuple(types)) => types.elts.iter().any(named),
        Some(one) => named(one),
    })
}

/// Where code generation stands when it is done with a statement.
pub(crate) fn last_visited(stmt: &Stmt) -> Span {
    let inner = match stmt {
        Stmt::If(s) => s.elif_else_clauses.last().map_or(&s.body, |clause| &clause.body).last(),
        Stmt::For(s) => s.orelse.last().or_else(|| s.body.last()),
        Stmt::While(s) => s.orelse.last().or_else(|| s.body.last()),
        Stmt::With(s) => s.body.last(),
        Stmt::Try(s) => s.finalbody.last().or_else(|| {
            let handler = s.handlers.last().and_then(|ExceptHandler::ExceptHandler(handler)| handler.body.last());
            handler.or_else(|| s.body.last())
        }),
        // Behind the body of the last case it goes back to the pattern, to jump to where that fails.
        Stmt::Match(s) => match s.cases.last() {
            Some(case) if case.guard.is_some() || !is_irrefutable(&case.pattern) => return span(&case.pattern),
            last => last.and_then(|case| case.body.last()),
        },
        _ => None,
    };
    inner.map_or_else(|| span(stmt), last_visited)
}
