//! Statements, one after the other.

use legb_scope::ScopeKind;
use legb_syntax::Ranged;
use legb_syntax::ast::{
    ExceptHandler, Expr, Stmt, StmtAnnAssign, StmtAssert, StmtAssign, StmtAugAssign, StmtRaise, StmtTry, StmtWith,
    WithItem,
};

use super::Lowerer;
use super::control::Control;
use crate::program::Op;
use crate::value::Value;

impl<'a> Lowerer<'a> {
    pub(super) fn suite(&mut self, suite: &'a [Stmt]) {
        for stmt in suite {
            self.stmt(stmt);
        }
    }

    fn stmt(&mut self, stmt: &'a Stmt) {
        self.at(stmt);
        match stmt {
            Stmt::FunctionDef(s) => self.function(s),
            Stmt::ClassDef(s) => self.class(s),
            Stmt::Return(s) => self.return_(s.value.as_deref()),
            Stmt::Delete(s) => s.targets.iter().for_each(|target| self.delete(target)),
            Stmt::TypeAlias(s) => {
                self.opaque("type aliases are not modelled", 0, false);
                self.target(&s.name);
            }
            Stmt::Assign(s) => self.assign(s),
            Stmt::AugAssign(s) => self.aug_assign(s),
            Stmt::AnnAssign(s) => self.ann_assign(s),
            Stmt::For(s) => self.for_(s),
            Stmt::While(s) => self.while_(s),
            Stmt::If(s) => self.if_(s),
            Stmt::With(s) => self.with(s, &s.items),
            Stmt::Match(s) => self.match_(s),
            Stmt::Raise(s) => self.raise(s),
            Stmt::Try(s) => self.try_(s),
            Stmt::Assert(s) => self.assert(s),
            Stmt::Import(s) => self.import(s),
            Stmt::ImportFrom(s) => self.import_from(s),
            Stmt::Global(_) | Stmt::Nonlocal(_) | Stmt::Pass(_) | Stmt::IpyEscapeCommand(_) => {}
            Stmt::Expr(s) => {
                // A constant on its own is left out by the compiler.
                if !matches!(&*s.value, Expr::StringLiteral(_) | Expr::EllipsisLiteral(_) | Expr::NumberLiteral(_)) {
                    self.expr(&s.value);
                    self.emit(Op::Pop);
                }
            }
            Stmt::Break(_) => self.break_or_continue(true),
            Stmt::Continue(_) => self.break_or_continue(false),
        }
    }

    fn assign(&mut self, s: &'a StmtAssign) {
        self.expr(&s.value);
        let Some((last, first)) = s.targets.split_last() else { return };
        for target in first {
            self.emit(Op::Dup);
            self.target(target);
        }
        self.target(last);
    }

    /// `value →`: binds a target.
    pub(super) fn target(&mut self, target: &'a Expr) {
        self.at(target);
        match target {
            Expr::Name(name) => self.store(&name.id),
            Expr::Attribute(e) => {
                self.expr(&e.value);
                let name = self.mangled(&e.attr);
                let name = self.name_index(&name);
                self.at(target);
                self.emit(Op::StoreAttr(name));
            }
            Expr::Subscript(e) => {
                self.expr(&e.value);
                self.expr(&e.slice);
                self.at(target);
                self.emit(Op::StoreSubscript);
            }
            Expr::Tuple(e) => self.unpack(&e.elts),
            Expr::List(e) => self.unpack(&e.elts),
            Expr::Starred(e) => self.target(&e.value),
            _ => self.emit(Op::Pop),
        }
    }

    fn unpack(&mut self, targets: &'a [Expr]) {
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        match targets.iter().position(Expr::is_starred_expr) {
            Some(star) => self.emit(Op::UnpackEx(count(star), count(targets.len() - star - 1))),
            None => self.emit(Op::UnpackSequence(count(targets.len()))),
        }
        for target in targets {
            self.target(target);
        }
    }

    fn delete(&mut self, target: &'a Expr) {
        self.at(target);
        match target {
            Expr::Name(name) => self.delete_name(&name.id),
            Expr::Attribute(e) => {
                self.expr(&e.value);
                let name = self.mangled(&e.attr);
                let name = self.name_index(&name);
                self.at(target);
                self.emit(Op::DelAttr(name));
            }
            Expr::Subscript(e) => {
                self.expr(&e.value);
                self.expr(&e.slice);
                self.at(target);
                self.emit(Op::DelSubscript);
            }
            Expr::Tuple(e) => e.elts.iter().for_each(|target| self.delete(target)),
            Expr::List(e) => e.elts.iter().for_each(|target| self.delete(target)),
            _ => {}
        }
    }

    fn aug_assign(&mut self, s: &'a StmtAugAssign) {
        let op = Op::InPlace(super::expr::binary(s.op));
        match &*s.target {
            Expr::Name(name) => {
                self.load(&name.id, name.range());
                self.expr(&s.value);
                self.at(s);
                self.emit(op);
                self.store(&name.id);
            }
            Expr::Attribute(e) => {
                self.expr(&e.value);
                let name = self.mangled(&e.attr);
                let name = self.name_index(&name);
                self.emit(Op::Dup);
                self.at(&*s.target);
                self.emit(Op::LoadAttr(name));
                self.expr(&s.value);
                self.at(s);
                self.emit(op);
                self.emit(Op::Swap);
                self.emit(Op::StoreAttr(name));
            }
            Expr::Subscript(e) => {
                self.expr(&e.value);
                self.expr(&e.slice);
                self.emit(Op::Dup2);
                self.at(&*s.target);
                self.emit(Op::Subscript);
                self.expr(&s.value);
                self.at(s);
                self.emit(op);
                self.emit(Op::Rot3);
                self.emit(Op::StoreSubscript);
            }
            _ => {}
        }
    }

    fn ann_assign(&mut self, s: &'a StmtAnnAssign) {
        if let Some(value) = &s.value {
            self.expr(value);
            self.target(&s.target);
        }
        let at_top = matches!(self.kind(), ScopeKind::Module | ScopeKind::Class);
        match &*s.target {
            Expr::Name(name) if s.simple => {
                if at_top {
                    self.annotation(&s.annotation);
                    let name = self.mangled(&name.id);
                    let name = self.name_index(&name);
                    self.emit(Op::Annotate(name));
                }
                return;
            }
            Expr::Attribute(e) if s.value.is_none() => {
                self.expr(&e.value);
                self.emit(Op::Pop);
            }
            Expr::Subscript(e) if s.value.is_none() => {
                self.expr(&e.value);
                self.emit(Op::Pop);
                self.expr(&e.slice);
                self.emit(Op::Pop);
            }
            _ => {}
        }
        // The annotation of a target that is no plain name is evaluated too, and thrown away.
        if at_top {
            self.annotation(&s.annotation);
            self.emit(Op::Pop);
        }
    }

    fn raise(&mut self, s: &'a StmtRaise) {
        let mut count = 0;
        if let Some(exc) = &s.exc {
            self.expr(exc);
            count = 1;
            if let Some(cause) = &s.cause {
                self.expr(cause);
                count = 2;
            }
        }
        self.at(s);
        self.emit(Op::Raise(count));
    }

    fn assert(&mut self, s: &'a StmtAssert) {
        let end = self.label();
        self.condition(&s.test, end, true);
        if let Some(message) = &s.msg {
            self.expr(message);
        }
        self.at(s);
        self.emit(Op::Assert { message: s.msg.is_some() });
        let none = self.constant_index(Value::None);
        self.emit(Op::Const(none));
        self.emit(Op::Raise(0));
        self.place(end);
    }

    // ---- try and with

    fn try_(&mut self, s: &'a StmtTry) {
        if s.finalbody.is_empty() {
            self.try_except(s);
            return;
        }
        let (handler, end) = (self.label(), self.label());
        self.emit(Op::PushHandler(handler.0));
        self.block().control.push(Control::Finally(&s.finalbody));
        if s.handlers.is_empty() {
            self.suite(&s.body);
        } else {
            self.try_except(s);
        }
        self.block().control.pop();
        self.emit(Op::PopHandler);
        self.suite(&s.finalbody);
        self.emit(Op::Jump(end.0));
        self.place(handler);
        let exception = self.enter_handler();
        self.block().control.push(Control::Handling { name: None, protected: false });
        self.suite(&s.finalbody);
        self.block().control.pop();
        self.emit(Op::LoadTemp(exception));
        self.emit(Op::Reraise);
        self.place(end);
    }

    /// `exception →`: keeps it in a slot and starts to handle it.
    fn enter_handler(&mut self) -> u32 {
        let exception = self.temp();
        self.emit(Op::StoreTemp(exception));
        self.emit(Op::LoadTemp(exception));
        self.emit(Op::EnterHandler);
        exception
    }

    fn try_except(&mut self, s: &'a StmtTry) {
        let (handlers, end) = (self.label(), self.label());
        self.emit(Op::PushHandler(handlers.0));
        self.block().control.push(Control::Protected);
        self.suite(&s.body);
        self.block().control.pop();
        self.emit(Op::PopHandler);
        self.suite(&s.orelse);
        self.emit(Op::Jump(end.0));
        self.place(handlers);
        let exception = self.enter_handler();
        if s.is_star {
            self.star_handlers(s, exception);
            self.place(end);
            return;
        }
        for ExceptHandler::ExceptHandler(handler) in &s.handlers {
            let next = self.label();
            if let Some(type_) = &handler.type_ {
                self.emit(Op::LoadTemp(exception));
                self.expr(type_);
                self.at(&**type_);
                self.emit(Op::MatchException);
                self.emit(Op::JumpIfFalse(next.0));
            }
            match &handler.name {
                Some(name) => self.named_handler(name, exception, &handler.body),
                None => {
                    self.block().control.push(Control::Handling { name: None, protected: false });
                    self.suite(&handler.body);
                    self.block().control.pop();
                }
            }
            self.emit(Op::ExitHandler);
            self.emit(Op::Jump(end.0));
            self.place(next);
        }
        self.emit(Op::LoadTemp(exception));
        self.emit(Op::Reraise);
        self.place(end);
    }

    /// `except*` (PEP 654): every handler gets the part of the group that it takes; what is raised meanwhile and what is left
    /// over are put together at the end.
    fn star_handlers(&mut self, s: &'a StmtTry, exception: u32) {
        let (rest, raised) = (self.temp(), self.temp());
        self.emit(Op::LoadTemp(exception));
        self.emit(Op::StoreTemp(rest));
        self.emit(Op::BuildList(0));
        self.emit(Op::StoreTemp(raised));
        for ExceptHandler::ExceptHandler(handler) in &s.handlers {
            let Some(type_) = &handler.type_ else { continue };
            let (next, failed) = (self.label(), self.label());
            self.emit(Op::LoadTemp(rest));
            self.expr(type_);
            self.at(&**type_);
            self.emit(Op::MatchStar);
            let matched = self.temp();
            self.emit(Op::StoreTemp(matched));
            self.emit(Op::StoreTemp(rest));
            self.emit(Op::LoadTemp(matched));
            self.constant(Value::None);
            self.emit(Op::Is(false));
            self.emit(Op::JumpIfTrue(next.0));
            self.emit(Op::PushHandler(failed.0));
            self.emit(Op::LoadTemp(matched));
            self.emit(Op::EnterHandler);
            // `return`, `break` and `continue` cannot leave such a handler.
            match &handler.name {
                Some(name) => self.named_handler(name, matched, &handler.body),
                None => self.suite(&handler.body),
            }
            self.emit(Op::ExitHandler);
            self.emit(Op::PopHandler);
            self.emit(Op::Jump(next.0));
            self.place(failed);
            let again = self.temp();
            self.emit(Op::StoreTemp(again));
            self.emit(Op::LoadTemp(raised));
            self.emit(Op::LoadTemp(again));
            self.emit(Op::ListAppend(1));
            self.emit(Op::Pop);
            self.place(next);
        }
        self.emit(Op::LoadTemp(exception));
        self.emit(Op::LoadTemp(raised));
        self.emit(Op::LoadTemp(rest));
        self.emit(Op::JoinStar);
        let left = self.temp();
        self.emit(Op::StoreTemp(left));
        self.emit(Op::ExitHandler);
        let done = self.label();
        self.emit(Op::LoadTemp(left));
        self.constant(Value::None);
        self.emit(Op::Is(false));
        self.emit(Op::JumpIfTrue(done.0));
        self.emit(Op::LoadTemp(left));
        self.emit(Op::Reraise);
        self.place(done);
    }

    /// The name is unbound at the end of the handler, however it ends.
    fn named_handler(&mut self, name: &'a str, exception: u32, body: &'a [Stmt]) {
        self.emit(Op::LoadTemp(exception));
        self.store(name);
        let (failed, done) = (self.label(), self.label());
        self.emit(Op::PushHandler(failed.0));
        self.block().control.push(Control::Handling { name: Some(name.to_owned()), protected: true });
        self.suite(body);
        self.block().control.pop();
        self.emit(Op::PopHandler);
        self.unbind(name);
        self.emit(Op::Jump(done.0));
        self.place(failed);
        let raised = self.temp();
        self.emit(Op::StoreTemp(raised));
        self.unbind(name);
        self.emit(Op::LoadTemp(raised));
        self.emit(Op::Reraise);
        self.place(done);
    }

    /// `name = None; del name`, so that the deletion cannot fail.
    pub(super) fn unbind(&mut self, name: &str) {
        self.constant(Value::None);
        self.store(name);
        self.delete_name(name);
    }

    fn with(&mut self, s: &'a StmtWith, items: &'a [WithItem]) {
        let Some((item, rest)) = items.split_first() else {
            self.suite(&s.body);
            return;
        };
        let (handler, end) = (self.label(), self.label());
        self.expr(&item.context_expr);
        self.at(&item.context_expr);
        self.emit(Op::WithEnter { is_async: s.is_async });
        if s.is_async {
            self.await_();
        }
        let (exit, result) = (self.temp(), self.temp());
        self.emit(Op::StoreTemp(result));
        self.emit(Op::StoreTemp(exit));
        self.emit(Op::PushHandler(handler.0));
        self.block().control.push(Control::With { exit, is_async: s.is_async });
        self.emit(Op::LoadTemp(result));
        match &item.optional_vars {
            Some(target) => self.target(target),
            None => self.emit(Op::Pop),
        }
        self.with(s, rest);
        self.block().control.pop();
        self.emit(Op::PopHandler);
        self.at(s);
        self.with_exit(exit, s.is_async);
        self.emit(Op::Jump(end.0));
        self.place(handler);
        let exception = self.enter_handler();
        self.at(s);
        self.emit(Op::LoadTemp(exit));
        self.emit(Op::LoadTemp(exception));
        self.emit(Op::WithExcept);
        if s.is_async {
            self.await_();
        }
        let swallowed = self.label();
        self.emit(Op::JumpIfTrue(swallowed.0));
        self.emit(Op::LoadTemp(exception));
        self.emit(Op::Reraise);
        self.place(swallowed);
        self.emit(Op::ExitHandler);
        self.place(end);
    }

    /// Leaves a `with` statement without an exception.
    pub(super) fn with_exit(&mut self, exit: u32, is_async: bool) {
        self.emit(Op::LoadTemp(exit));
        self.emit(Op::WithExit);
        if is_async {
            self.await_();
        }
        self.emit(Op::Pop);
    }
}
