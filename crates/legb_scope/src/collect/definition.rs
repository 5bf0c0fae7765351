//! Functions and classes.

use legb_base::Span;
use legb_syntax::ast::{ExceptHandler, Expr, Stmt, StmtClassDef, StmtFunctionDef};

use super::context::DebugSite;
use super::stmt::ends_program;
use super::types::{Generic, keyword_offset};
use super::{Collector, Frame, index32, private_stem, span};
use crate::facts::*;
use crate::flow::event::Op;

impl<'a> Collector<'a> {
    pub(crate) fn function(&mut self, s: &'a StmtFunctionDef) {
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
        let is_plain = !frame.generator && !s.is_async;
        let promises = is_plain && s.returns.as_deref().is_some_and(is_no_return);
        let known = |call: &Expr| matches!(call, Expr::Name(name) if self.scratch.no_return.iter().any(|&id| self.facts.names.text(id) == name.id.as_str()));
        if promises || is_plain && !frame.returns && never_ends(&s.body, &known) {
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

    pub(crate) fn class(&mut self, s: &'a StmtClassDef) {
        let id = s.name.as_str();
        if id.is_empty() {
            return;
        }
        let decorated = s.decorator_list.last().map(|decorator| span(decorator).end);
        let class_at = keyword_offset(self.text, span(s), decorated);
        let node = Span::new(class_at, span(s).end);
        let start = self.mark();
        let name = self.mangled(id);
        self.check_debug(name, Self::debug_site_of_class(s, node));
        if s.body.iter().any(swallows_exceptions) {
            self.scratch.swallowing.push(name);
        }
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

/// Whether a statement of a class body is an `__exit__` that ends with `return True`.
fn swallows_exceptions(member: &Stmt) -> bool {
    let Stmt::FunctionDef(function) = member else { return false };
    matches!(function.name.as_str(), "__exit__" | "__aexit__")
        && function.body.last().is_some_and(|last| {
            let Stmt::Return(end) = last else { return false };
            end.value.as_deref().is_some_and(|value| matches!(value, Expr::BooleanLiteral(literal) if literal.value))
        })
}

/// Whether the end of these statements is never reached, judged by the last of them. A function that only raises
/// `NotImplementedError` is meant to be overridden and does not count.
/// `known` says which functions never return.
fn never_ends(suite: &[Stmt], known: &dyn Fn(&Expr) -> bool) -> bool {
    let never_ends = |suite: &[Stmt]| never_ends(suite, known);
    match suite.last() {
        Some(Stmt::Raise(raise)) => !raise.exc.as_deref().is_some_and(is_not_implemented),
        Some(Stmt::Expr(s)) => match &*s.value {
            Expr::Call(call) => {
                ends_program(call)
                    || known(&call.func)
                    || matches!(&*call.func, Expr::Name(name) if matches!(name.id.as_str(), "exit" | "quit"))
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

/// `NoReturn` or `Never`, as a name, an attribute or a text.
fn is_no_return(annotation: &Expr) -> bool {
    match annotation {
        Expr::Name(name) => matches!(name.id.as_str(), "NoReturn" | "Never"),
        Expr::Attribute(attribute) => matches!(attribute.attr.as_str(), "NoReturn" | "Never"),
        Expr::StringLiteral(text) => matches!(text.value.to_str(), "NoReturn" | "Never"),
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
