//! Statements that change the order of execution: `if`, loops, `try`, `with`, and what leaves them early.
//!
//! A `finally` body is written once for every way out, as CPython does from 3.9 on.

use legb_syntax::ast::{BoolOp, ElifElseClause, Expr, Stmt, StmtFor, StmtIf, StmtWhile, UnaryOp};

use super::{Label, Lowerer};
use crate::program::Op;
use crate::value::Value;

/// What a `return`, `break` or `continue` has to undo on its way out.
#[derive(Clone, Debug)]
pub(super) enum Control<'a> {
    /// Where `break` and `continue` go, and whether an iterator is on the stack.
    Loop { leave: Label, again: Label, iterator: bool },
    /// An exception handler is pushed.
    Protected,
    /// A `finally` body must run.
    Finally(&'a [Stmt]),
    /// An exception is being handled, perhaps under a name.
    Handling { name: Option<String>, protected: bool },
    /// The `__exit__` in this slot must be called, and awaited if it is `__aexit__`.
    With { exit: u32, is_async: bool },
}

impl<'a> Lowerer<'a> {
    pub(super) fn if_(&mut self, s: &'a StmtIf) {
        let end = self.label();
        let mut next = self.label();
        self.condition(&s.test, next, false);
        self.suite(&s.body);
        let clauses = s.elif_else_clauses.iter();
        for ElifElseClause { test, body, .. } in clauses {
            self.emit(Op::Jump(end.0));
            self.place(next);
            next = self.label();
            if let Some(test) = test {
                self.condition(test, next, false);
            }
            self.suite(body);
        }
        self.place(next);
        self.place(end);
    }

    /// Jumps to `to` if the condition is `when`, else goes on.
    pub(super) fn condition(&mut self, test: &'a Expr, to: Label, when: bool) {
        match test {
            Expr::UnaryOp(e) if e.op == UnaryOp::Not => {
                self.condition(&e.operand, to, !when);
            }
            Expr::BoolOp(e) => {
                let is_or = e.op == BoolOp::Or;
                let Some((last, first)) = e.values.split_last() else { return };
                if is_or == when {
                    for value in first {
                        self.condition(value, to, when);
                    }
                    self.condition(last, to, when);
                } else {
                    let through = self.label();
                    for value in first {
                        self.condition(value, through, !when);
                    }
                    self.condition(last, to, when);
                    self.place(through);
                }
            }
            _ => {
                self.expr(test);
                self.at(test);
                self.emit(if when { Op::JumpIfTrue(to.0) } else { Op::JumpIfFalse(to.0) });
            }
        }
    }

    pub(super) fn while_(&mut self, s: &'a StmtWhile) {
        let (again, exit, leave) = (self.label(), self.label(), self.label());
        self.place(again);
        self.condition(&s.test, exit, false);
        self.block().control.push(Control::Loop { leave, again, iterator: false });
        self.loop_body(&s.body, &s.orelse, (again, exit, leave), None);
    }

    /// The body of a loop that is open, its `else`, and the places where it goes on, runs out and is left.
    fn loop_body(
        &mut self,
        body: &'a [Stmt],
        orelse: &'a [Stmt],
        (again, exit, leave): (Label, Label, Label),
        end: Option<Label>,
    ) {
        self.suite(body);
        self.block().control.pop();
        self.emit(Op::Jump(again.0));
        self.end_loop(end);
        self.place(exit);
        self.suite(orelse);
        self.place(leave);
    }

    pub(super) fn for_(&mut self, s: &'a StmtFor) {
        let (again, exit, leave) = (self.label(), self.label(), self.label());
        self.expr(&s.iter);
        self.at(&*s.iter);
        self.get_iter(s.is_async);
        let end = self.start_loop(s.is_async, again, exit);
        self.target(&s.target);
        self.block().control.push(Control::Loop { leave, again, iterator: true });
        self.loop_body(&s.body, &s.orelse, (again, exit, leave), end);
    }

    /// `iterable → iterator`
    pub(super) fn get_iter(&mut self, is_async: bool) {
        self.emit(if is_async { Op::GetAIter } else { Op::GetIter });
    }

    /// `iterator → iterator item`: the head of a loop. An asynchronous one returns the handler that ends it.
    pub(super) fn start_loop(&mut self, is_async: bool, again: Label, exit: Label) -> Option<Label> {
        self.place(again);
        if !is_async {
            self.emit(Op::ForIter(exit.0));
            return None;
        }
        let end = self.label();
        self.emit(Op::PushHandler(end.0));
        self.emit(Op::GetANext(exit.0));
        self.emit(Op::YieldFrom);
        self.emit(Op::PopHandler);
        Some(end)
    }

    /// The handler that ends an asynchronous loop: it takes `StopAsyncIteration` and the iterator from the stack.
    pub(super) fn end_loop(&mut self, end: Option<Label>) {
        let Some(end) = end else { return };
        self.place(end);
        let (exception, ended) = (self.temp(), self.label());
        self.emit(Op::StoreTemp(exception));
        self.emit(Op::LoadTemp(exception));
        self.emit(Op::MatchAsyncEnd);
        self.emit(Op::JumpIfTrue(ended.0));
        self.emit(Op::LoadTemp(exception));
        self.emit(Op::Reraise);
        self.place(ended);
        self.emit(Op::Pop);
    }

    /// `awaitable → result`
    pub(super) fn await_(&mut self) {
        self.emit(Op::GetAwaitable);
        self.emit(Op::YieldFrom);
    }

    pub(super) fn break_or_continue(&mut self, is_break: bool) {
        let control = self.block().control.clone();
        let Some(at) = control.iter().rposition(|c| matches!(c, Control::Loop { .. })) else { return };
        self.unwind(at + 1);
        let Control::Loop { leave, again, iterator } = control[at] else { return };
        if is_break {
            if iterator {
                self.emit(Op::Pop);
            }
            self.emit(Op::Jump(leave.0));
        } else {
            self.emit(Op::Jump(again.0));
        }
    }

    pub(super) fn return_(&mut self, value: Option<&'a Expr>) {
        match value {
            Some(value) => self.expr(value),
            None => self.constant(Value::None),
        }
        let must_undo = self.block().control.iter().any(|c| !matches!(c, Control::Loop { .. } | Control::Protected));
        if must_undo {
            let result = self.temp();
            self.emit(Op::StoreTemp(result));
            self.unwind(0);
            self.emit(Op::LoadTemp(result));
        }
        self.emit(Op::Return);
    }

    /// Undoes what was entered since, innermost first, and leaves the list as it was.
    fn unwind(&mut self, down_to: usize) {
        let control = self.block().control.clone();
        for at in (down_to..control.len()).rev() {
            self.block().control.truncate(at);
            match &control[at] {
                // Only a `return` passes a loop, and it leaves the whole stack behind.
                Control::Loop { .. } => {}
                Control::Protected => self.emit(Op::PopHandler),
                Control::Finally(body) => {
                    self.emit(Op::PopHandler);
                    self.suite(body);
                }
                Control::Handling { name, protected } => {
                    if *protected {
                        self.emit(Op::PopHandler);
                    }
                    if let Some(name) = name {
                        self.unbind(name);
                    }
                    self.emit(Op::ExitHandler);
                }
                Control::With { exit, is_async } => {
                    self.emit(Op::PopHandler);
                    self.with_exit(*exit, *is_async);
                }
            }
        }
        self.block().control = control;
    }
}
