//! Comprehensions and generator expressions: a code block that gets the iterator of its first `for`.

use legb_scope::ScopeKind;
use legb_syntax::Ranged;
use legb_syntax::ast::{Comprehension, Expr};

use super::Lowerer;
use crate::program::{Op, Place, Signature};

/// What a comprehension makes of its elements.
#[derive(Clone, Copy)]
enum Element<'a> {
    List(&'a Expr),
    Set(&'a Expr),
    Dict(Option<&'a Expr>, &'a Expr),
    Generator(&'a Expr),
}

impl<'a> Lowerer<'a> {
    pub(super) fn comprehension(&mut self, expr: &'a Expr) {
        let (kind, name, generators, element) = match expr {
            Expr::ListComp(e) => (ScopeKind::ListComp, "<listcomp>", &e.generators, Element::List(&e.elt)),
            Expr::SetComp(e) => (ScopeKind::SetComp, "<setcomp>", &e.generators, Element::Set(&e.elt)),
            Expr::DictComp(e) => {
                (ScopeKind::DictComp, "<dictcomp>", &e.generators, Element::Dict(e.key.as_deref(), &e.value))
            }
            Expr::Generator(e) => (ScopeKind::GenExpr, "<genexpr>", &e.generators, Element::Generator(&e.elt)),
            _ => return,
        };
        let (start, end) = (expr.range().start().to_u32(), expr.range().end().to_u32());
        // The only argument of a call borrows the parentheses of the call.
        let scope = self.scope_of(kind, start, end).or_else(|| self.generator_argument(kind, start, end));
        let (Some(scope), Some(first)) = (scope, generators.first()) else {
            self.opaque("comprehension without a scope", 0, true);
            return;
        };
        self.enter(scope, name, start);
        let iterator = self.temp();
        self.block().code.signature = Signature {
            positional: 1,
            names: vec![".0".into()],
            places: vec![Place::Fast(iterator)],
            ..Signature::default()
        };
        let mut depth = 1;
        match element {
            Element::List(_) => self.emit(Op::BuildList(0)),
            Element::Set(_) => self.emit(Op::BuildSet(0)),
            Element::Dict(..) => self.emit(Op::BuildDict(0)),
            Element::Generator(_) => depth = 0,
        }
        self.emit(Op::LoadTemp(iterator));
        self.generators(generators, 0, depth, element);
        if matches!(element, Element::Generator(_)) {
            let code = self.leave();
            self.make_comprehension(code, first, expr);
            return;
        }
        self.emit(Op::Return);
        let code = self.leave();
        self.make_comprehension(code, first, expr);
    }

    /// The scope of a generator expression that ends in front of the parenthesis of its call.
    fn generator_argument(&self, kind: ScopeKind, start: u32, end: u32) -> Option<legb_scope::ScopeId> {
        if kind != ScopeKind::GenExpr {
            return None;
        }
        let after = self.unit.text.get(end as usize..)?;
        let close = after.find(')')?;
        self.scope_of(kind, start, end + super::expr::count(close) + 1)
    }

    fn make_comprehension(
        &mut self,
        code: std::sync::Arc<crate::program::Code>,
        first: &'a Comprehension,
        expr: &Expr,
    ) {
        // A comprehension that awaits is a coroutine, which is awaited where it stands.
        let is_awaited = code.is_coroutine && !code.is_generator;
        let code = self.child(code);
        self.at(expr);
        self.emit(Op::MakeFunction { code, defaults: false, kwdefaults: false, annotations: false });
        self.expr(&first.iter);
        self.at(&first.iter);
        self.get_iter(first.is_async);
        self.at(expr);
        self.emit(Op::Call { positional: 1, keywords: None });
        if is_awaited {
            self.await_();
        }
    }

    /// The loops from number `at` on; the iterator of this one is on the stack. `depth`: what is below the iterators.
    fn generators(&mut self, generators: &'a [Comprehension], at: usize, depth: u32, element: Element<'a>) {
        let Some(generator) = generators.get(at) else {
            self.element(element, depth + super::expr::count(at) - 1);
            return;
        };
        if at > 0 {
            self.expr(&generator.iter);
            self.at(&generator.iter);
            self.get_iter(generator.is_async);
        }
        let (again, exit) = (self.label(), self.label());
        self.at(&generator.iter);
        let end = self.start_loop(generator.is_async, again, exit);
        self.target(&generator.target);
        for condition in &generator.ifs {
            self.condition(condition, again, false);
        }
        self.generators(generators, at + 1, depth, element);
        self.emit(Op::Jump(again.0));
        self.end_loop(end);
        self.place(exit);
    }

    /// `below`: how many values lie between the container and the top of the stack.
    fn element(&mut self, element: Element<'a>, below: u32) {
        match element {
            Element::List(elt) => {
                self.expr(elt);
                self.emit(Op::ListAppend(below + 1));
            }
            Element::Set(elt) => {
                self.expr(elt);
                self.emit(Op::SetAdd(below + 1));
            }
            Element::Dict(key, value) => {
                if let Some(key) = key {
                    self.expr(key);
                    self.expr(value);
                    self.emit(Op::MapAdd(below + 2));
                } else {
                    self.expr(value);
                    self.emit(Op::DictUpdate(below + 1));
                }
            }
            Element::Generator(elt) => {
                self.expr(elt);
                self.emit(Op::Yield);
                self.emit(Op::Pop);
            }
        }
    }
}
