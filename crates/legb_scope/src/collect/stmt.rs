//! Statements.

use legb_base::Span;
use legb_syntax::ast::{
    ExceptHandler, Expr, ExprCall, ExprName, Stmt, StmtAnnAssign, StmtClassDef, StmtFor, StmtFunctionDef, StmtIf, StmtMatch, StmtTry,
    StmtWhile, StmtWith,
};

use super::chain;
use super::context::{DebugSite, ExceptStar};
use super::expr::never_empty;
use super::pattern::is_irrefutable;
use super::types::{Generic, keyword_offset};
use super::{Collector, Frame, index32, private_stem, span};
use crate::facts::*;
use crate::flow::event::{Op, looping, test};

impl<'a> Collector<'a> {
    pub(crate) fn suite(&mut self, suite: &'a [Stmt]) {
        for stmt in suite {
            self.deeper(|this| this.stmt(stmt));
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
                    let name = self.intern(attribute.attr.as_str());
                    self.emit(Op::MethodStatement, index32(name.index()));
                }
            }
            _ => {}
        }
    }

    // ---- targets

    pub(crate) fn target(&mut self, target: &'a Expr, kind: RefKind) {
        if let Expr::Starred(starred) = target {
            self.compile_error("starred assignment target must be in a list or tuple", span(starred));
        }
        self.target_part(target, kind);
    }

    fn target_part(&mut self, target: &'a Expr, kind: RefKind) {
        match target {
            Expr::Name(name) => self.bind_name(name, kind, span(name)),
            Expr::Tuple(tuple) => self.unpacked(&tuple.elts, kind, span(tuple)),
            Expr::List(list) => self.unpacked(&list.elts, kind, span(list)),
            Expr::Starred(starred) => self.deeper(|this| this.target_part(&starred.value, kind)),
            Expr::Attribute(attribute) => {
                self.expr(&attribute.value);
                self.check_debug_attribute(attribute, false);
                self.emit_point();
            }
            Expr::Subscript(subscript) => {
                self.expr(&subscript.value);
                self.element(&subscript.slice);
                self.emit_point();
            }
            // Not a target: the parser has complained; what it mentions is still there.
            other => self.expr(other),
        }
    }

    fn unpacked(&mut self, elements: &'a [Expr], kind: RefKind, whole: Span) {
        if elements.iter().filter(|element| matches!(element, Expr::Starred(_))).count() > 1 {
            let message = if self.dialect.debug_errors_from_parser {
                "two starred expressions in assignment"
            } else {
                "multiple starred expressions in assignment"
            };
            self.compile_error(message, whole);
        }
        let before = self.ref_flags;
        self.ref_flags |= RefFlags::UNPACKED;
        self.emit_point();
        for element in elements {
            self.deeper(|this| this.target_part(element, kind));
        }
        self.ref_flags = before;
    }

    /// Binds a name in store position. `around`: the node at which code generation reports it.
    pub(crate) fn bind_name(&mut self, name: &'a ExprName, kind: RefKind, around: Span) {
        self.bind_name_with(name, kind, around, span(name));
    }

    /// As [`Self::bind_name`]; `old`: where 3.8 reports it.
    fn bind_name_at(&mut self, name: &'a ExprName, kind: RefKind, old: Span) {
        self.bind_name_with(name, kind, span(name), old);
    }

    fn bind_name_with(&mut self, name: &'a ExprName, kind: RefKind, around: Span, old: Span) {
        if name.id.is_empty() {
            return;
        }
        let id = self.mangled(name.id.as_str());
        self.check_debug(id, DebugSite { early: span(name), late: around, late_own: around, old, deleting: false });
        self.check_iteration_target(id, name.id.as_str(), span(name));
        self.bind(id, SymbolFlags::LOCAL, span(name), kind);
    }

    fn delete(&mut self, target: &'a Expr) {
        match target {
            Expr::Name(name) => self.delete_name(name),
            Expr::Tuple(tuple) => tuple.elts.iter().for_each(|element| self.deeper(|this| this.delete(element))),
            Expr::List(list) => list.elts.iter().for_each(|element| self.deeper(|this| this.delete(element))),
            Expr::Attribute(attribute) => {
                self.expr(&attribute.value);
                self.check_debug_attribute(attribute, true);
                self.emit_point();
            }
            other => self.target_part(other, RefKind::Assign),
        }
    }

    pub(crate) fn delete_name(&mut self, name: &'a ExprName) {
        if name.id.is_empty() {
            return;
        }
        let id = self.mangled(name.id.as_str());
        self.check_debug(id, DebugSite { deleting: true, ..DebugSite::node(span(name)) });
        let symbol = self.add(id, SymbolFlags::LOCAL);
        let reference = self.reference(symbol, span(name), RefKind::Delete);
        self.deletions += 1;
        self.emit_point();
        self.emit_ref(Op::Delete, reference);
    }

    fn annotated_assignment(&mut self, s: &'a StmtAnnAssign) {
        let start = self.mark();
        match &*s.target {
            Expr::Name(name) if !name.id.is_empty() => {
                let id = self.mangled(name.id.as_str());
                let before = self.flags_so_far(id);
                let declared = before & (SymbolFlags::GLOBAL | SymbolFlags::NONLOCAL);
                if !declared.is_empty() && self.cur != MODULE && s.simple {
                    let word = if declared.contains(SymbolFlags::GLOBAL) { "global" } else { "nonlocal" };
                    self.error_at(format!("annotated name '{}' can't be {word}", name.id), span(s));
                }
                let late = if s.value.is_some() { span(name) } else { span(s) };
                let site = DebugSite { early: span(name), late, late_own: late, old: span(name), deleting: false };
                let kind = if s.value.is_some() { RefKind::AnnAssign } else { RefKind::Annotation };
                if s.simple {
                    self.check_debug(id, site);
                    let symbol = self.add(id, SymbolFlags::ANNOT | SymbolFlags::LOCAL);
                    let reference = self.reference(symbol, span(name), kind);
                    if kind == RefKind::AnnAssign {
                        self.emit_ref(Op::Bind, reference);
                    }
                } else if s.value.is_some() {
                    self.check_debug(id, site);
                    self.bind(id, SymbolFlags::LOCAL, span(name), kind);
                }
            }
            target => self.target(target, RefKind::AnnAssign),
        }
        self.variable_annotation(&s.annotation, s.simple);
        let value_from = self.mark();
        self.optional(s.value.as_deref());
        // The value is computed and stored first, then the annotation evaluated.
        self.run_last(start, value_from);
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
        let mut events = self.event_count() - first;
        let mut body = &*s.body;
        let mut clauses = s.elif_else_clauses.iter();
        let mut arm = 0;
        loop {
            let then = self.emit(Op::Then, index32(events));
            self.set_flags(then, flags);
            self.tested_arm(body, at, arm, BranchKind::If, flags);
            self.close(then);
            let otherwise = self.emit(Op::Else, 0);
            self.scratch.open.push(otherwise);
            if flags & test::TRUE != 0 {
                self.ref_flags |= RefFlags::DEAD;
            }
            arm += 1;
            let Some(clause) = clauses.next() else { break };
            match &clause.test {
                Some(test) => {
                    let first = self.event_count();
                    flags = self.test(test);
                    events = self.event_count() - first;
                    body = &clause.body;
                }
                None => {
                    self.arm(&clause.body, at, arm, BranchKind::If);
                    break;
                }
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

    fn with_statement(&mut self, s: &'a StmtWith) {
        if s.is_async {
            self.check_async("with", span(s));
        }
        let was = std::mem::replace(&mut self.frame_mut().conditional, true);
        let mut swallows = false;
        for item in &s.items {
            self.expr(&item.context_expr);
            self.emit_point();
            swallows |= may_swallow(&item.context_expr);
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
            matches!(name, "NameError" | "UnboundLocalError") || probes && matches!(name, "" | "Exception" | "BaseException")
        }) {
            self.ref_flags |= RefFlags::GUARDED;
        }
        self.names_may_fail |= catches(s, &|name, _| matches!(name, "NameError" | "UnboundLocalError" | "AttributeError"));
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

    // ---- definitions

    fn function(&mut self, s: &'a StmtFunctionDef) {
        let id = s.name.as_str();
        if id.is_empty() {
            return;
        }
        let decorated = s.decorator_list.last().map(|decorator| span(decorator).end);
        let def_at = keyword_offset(self.text, span(s), decorated);
        let node = Span::new(def_at, span(s).end);
        let start = self.mark();
        let name = self.mangled(id);
        self.check_debug(name, DebugSite::name(span(&s.name), node));
        self.bind(name, SymbolFlags::LOCAL, span(&s.name), RefKind::Def);
        let bound = self.mark();
        if self.cur == MODULE && id == "__getattr__" {
            self.facts.module.has_getattr = true;
        }
        self.defaults(&s.parameters);
        let generic = s.type_params.as_deref().filter(|_| self.dialect.type_params);
        if self.dialect.decorators_first {
            self.decorators(s.decorator_list.iter().map(|d| &d.expression));
            if let Some(type_params) = generic {
                let kwdefaults = s.parameters.kwonlyargs.iter().any(|p| p.default.is_some());
                self.enter_type_params(id, node, def_at, type_params, Generic::Function { kwdefaults });
            }
            self.annotations(s, def_at);
        } else {
            self.annotations(s, def_at);
            self.decorators(s.decorator_list.iter().map(|d| &d.expression));
        }
        let table = self.intern(id);
        let scope = self.enter(ScopeKind::Function, table, node, Some(def_at));
        self.frame_mut().coroutine = s.is_async;
        self.frame_mut().async_def = s.is_async;
        let nested = self.emit(Op::Nested, index32(scope.index()));
        let (depth, flags) = (std::mem::take(&mut self.try_depth), self.ref_flags);
        self.ref_flags -= RefFlags::GUARDED;
        self.parameters(&s.parameters, node);
        self.suite(&s.body);
        (self.try_depth, self.ref_flags) = (depth, flags);
        self.close(nested);
        let frame = self.leave();
        if !frame.returns && !frame.generator && !s.is_async && never_ends(&s.body) {
            self.facts.scopes[scope].flags |= ScopeFlags::NEVER_RETURNS;
            self.scratch.no_return.push(name);
        }
        self.finish_scope(scope, &frame);
        if generic.is_some() {
            self.leave();
        }
        self.run_last(start, bound);
    }

    fn decorators(&mut self, decorators: impl Iterator<Item = &'a Expr>) {
        for decorator in decorators {
            self.expr(decorator);
            self.emit_point();
        }
    }

    fn class(&mut self, s: &'a StmtClassDef) {
        let id = s.name.as_str();
        if id.is_empty() {
            return;
        }
        let decorated = s.decorator_list.last().map(|decorator| span(decorator).end);
        let class_at = keyword_offset(self.text, span(s), decorated);
        let node = Span::new(class_at, span(s).end);
        let start = self.mark();
        let name = self.mangled(id);
        self.check_debug(name, self.debug_site_of_class(s, node));
        self.bind(name, SymbolFlags::LOCAL, span(&s.name), RefKind::Class);
        let bound = self.mark();
        let private = self.private;
        let generic = s.type_params.as_deref().filter(|_| self.dialect.type_params);
        if self.dialect.decorators_first {
            self.decorators(s.decorator_list.iter().map(|d| &d.expression));
            if let Some(type_params) = generic {
                self.enter_type_params(id, node, class_at, type_params, Generic::Class(id));
            }
        }
        let header = self.scratch.late_errors.len();
        if let Some(arguments) = &s.arguments {
            self.arguments(arguments, node);
        }
        let header_end = self.scratch.late_errors.len();
        if !self.dialect.decorators_first {
            self.decorators(s.decorator_list.iter().map(|d| &d.expression));
        }
        self.emit_point();
        let table = self.intern(id);
        let scope = self.enter(ScopeKind::Class, table, node, Some(class_at));
        self.private = private_stem(id);
        if generic.is_some() {
            let names = [("__type_params__", SymbolFlags::LOCAL), (".type_params", SymbolFlags::USE)];
            for (implicit, flag) in names {
                let name = self.intern(implicit);
                self.add(name, flag);
            }
        }
        let flags = self.ref_flags;
        self.suite(&s.body);
        self.ref_flags = flags;
        let frame = self.leave();
        self.finish_scope(scope, &frame);
        // The body is compiled before bases and keywords.
        self.scratch.late_errors[header..].rotate_left(header_end - header);
        if generic.is_some() {
            self.leave();
        }
        let leaks = generic.is_some() && self.dialect.generic_class_leaks_private;
        self.private = if leaks { private_stem(id) } else { private };
        self.run_last(start, bound);
    }

    /// Writes down what was learnt of a scope while it was open.
    pub(crate) fn finish_scope(&mut self, scope: ScopeId, frame: &Frame) {
        let flags = &mut self.facts.scopes[scope].flags;
        flags.set(ScopeFlags::GENERATOR, frame.generator);
        flags.set(ScopeFlags::COROUTINE, frame.coroutine);
        self.finish_errors(frame);
    }
}

/// Whether a call, as a statement, ends the program.
fn ends_program(call: &ExprCall) -> bool {
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

/// Whether the end of these statements is never reached, judged by the last of them. A function that only raises
/// `NotImplementedError` is meant to be overridden and does not count.
fn never_ends(suite: &[Stmt]) -> bool {
    match suite.last() {
        Some(Stmt::Raise(raise)) => !raise.exc.as_deref().is_some_and(is_not_implemented),
        Some(Stmt::Expr(s)) => match &*s.value {
            Expr::Call(call) => {
                ends_program(call) || matches!(&*call.func, Expr::Name(name) if matches!(name.id.as_str(), "exit" | "quit"))
            }
            _ => false,
        },
        Some(Stmt::If(s)) => {
            never_ends(&s.body)
                && s.elif_else_clauses.last().is_some_and(|clause| clause.test.is_none())
                && s.elif_else_clauses.iter().all(|clause| never_ends(&clause.body))
        }
        Some(Stmt::With(s)) => never_ends(&s.body),
        Some(Stmt::Try(s)) => {
            never_ends(&s.finalbody)
                || (never_ends(&s.body) || never_ends(&s.orelse))
                    && s.handlers.iter().all(|ExceptHandler::ExceptHandler(handler)| never_ends(&handler.body))
        }
        _ => false,
    }
}

fn is_not_implemented(exception: &Expr) -> bool {
    match exception {
        Expr::Name(name) => name.id.as_str() == "NotImplementedError",
        Expr::Call(call) => is_not_implemented(&call.func),
        _ => false,
    }
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
