//! What a module lists in `__all__`.
//!
//! Read off: assignment of a list or tuple of texts, `+=`, `.append`, `.extend`, `.remove`. Anything else makes it dynamic.

use legb_base::Span;
use legb_syntax::ast::{Expr, ExprCall, Stmt};

use super::{Collector, span};
use crate::facts::*;

impl<'a> Collector<'a> {
    /// Looks at a statement that may change `__all__`.
    pub(crate) fn note_dunder_all(&mut self, stmt: &'a Stmt) {
        if self.cur != MODULE {
            return;
        }
        match stmt {
            Stmt::Assign(s) if s.targets.iter().any(is_dunder_all) => {
                self.facts.module.all.get_or_insert_default().clear();
                self.list_exports(&s.value);
            }
            Stmt::AnnAssign(s) if is_dunder_all(&s.target) => {
                if let Some(value) = &s.value {
                    self.list_exports(value);
                }
            }
            Stmt::AugAssign(s) if is_dunder_all(&s.target) => self.list_exports(&s.value),
            _ => {}
        }
    }

    /// Looks at a call that may change `__all__`.
    pub(crate) fn note_dunder_all_call(&mut self, call: &'a ExprCall) {
        let Expr::Attribute(method) = &*call.func else { return };
        if self.cur != MODULE || !is_dunder_all(&method.value) {
            return;
        }
        match (method.attr.as_str(), &*call.arguments.args) {
            ("append", [one]) => self.list_export(one),
            ("extend", [more]) => self.list_exports(more),
            ("remove", [Expr::StringLiteral(text)]) => {
                let name = self.intern(text.value.to_str());
                if let Some(all) = &mut self.facts.module.all {
                    all.retain(|&(listed, _)| listed != name);
                }
            }
            ("sort", _) => {}
            _ => self.facts.module.all_is_dynamic = true,
        }
    }

    fn list_exports(&mut self, value: &'a Expr) {
        self.facts.module.all.get_or_insert_default();
        match value {
            Expr::List(list) => list.elts.iter().for_each(|element| self.list_export(element)),
            Expr::Tuple(tuple) => tuple.elts.iter().for_each(|element| self.list_export(element)),
            Expr::BinOp(operation) => {
                self.list_exports(&operation.left);
                self.list_exports(&operation.right);
            }
            _ if is_dunder_all(value) => {}
            _ => self.facts.module.all_is_dynamic = true,
        }
    }

    fn list_export(&mut self, element: &'a Expr) {
        if let Expr::StringLiteral(text) = element {
            let name = self.intern(text.value.to_str());
            let at: Span = span(element);
            self.facts.module.all.get_or_insert_default().push((name, at));
        } else {
            self.facts.module.all_is_dynamic = true;
        }
    }
}

fn is_dunder_all(expr: &Expr) -> bool {
    matches!(expr, Expr::Name(name) if name.id.as_str() == "__all__")
}
