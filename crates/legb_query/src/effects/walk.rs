//! The walk over what runs while a module is imported.

use legb_scope::explain::Source;
use legb_syntax::ast::visitor::{self, Visitor};
use legb_syntax::ast::{CmpOp, Comprehension, Decorator, Expr, Parameters, Stmt, StmtIf};
use rustc_hash::FxHashSet;

use super::callee::{Callee, Names, span};
use super::{Effect, EffectKind, known};

/// Code is quoted up to so many characters.
const QUOTED: usize = 60;

/// The effects of importing a file, in the order of the text.
pub(super) fn effects(source: &Source<'_>) -> Vec<Effect> {
    let names = Names::new(source);
    let mut walk = Walk { source, names, found: Vec::new(), seen: FxHashSet::default() };
    walk.visit_body(source.parsed.suite());
    let mut found = walk.found;
    found.sort_by_key(|(offset, _)| *offset);
    found.into_iter().map(|(_, effect)| effect).collect()
}

/// Which arm of an `if` runs only where the module is the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Guard {
    /// `if __name__ == "__main__":`, the first arm.
    Body,
    /// `if __name__ != "__main__":`, the other arms.
    Else,
}

/// Whether a test asks if the module is the program.
pub(crate) fn main_guard(test: &Expr) -> Option<Guard> {
    match test {
        Expr::Compare(compare) => {
            let ([op], [right]) = (&*compare.ops, &*compare.comparators) else { return None };
            let is_name = |expr: &Expr| matches!(expr, Expr::Name(name) if name.id.as_str() == "__name__");
            let is_main = |expr: &Expr| matches!(expr, Expr::StringLiteral(text) if text.value.to_str() == "__main__");
            let asks = is_name(&compare.left) && is_main(right) || is_main(&compare.left) && is_name(right);
            match op {
                CmpOp::Eq | CmpOp::Is if asks => Some(Guard::Body),
                CmpOp::NotEq | CmpOp::IsNot if asks => Some(Guard::Else),
                _ => None,
            }
        }
        Expr::BoolOp(operation) if operation.op.is_and() => {
            operation.values.iter().find_map(main_guard).filter(|guard| *guard == Guard::Body)
        }
        Expr::UnaryOp(unary) if unary.op.is_not() => match main_guard(&unary.operand)? {
            Guard::Body => Some(Guard::Else),
            Guard::Else => Some(Guard::Body),
        },
        _ => None,
    }
}

struct Walk<'a> {
    source: &'a Source<'a>,
    names: Names<'a>,
    /// With the offset of each.
    found: Vec<(u32, Effect)>,
    /// Line, kind and target of what was found.
    seen: FxHashSet<(u32, EffectKind, String)>,
}

impl<'a> Walk<'a> {
    /// `quoted` is what is shown, `target` what is called or written.
    fn add(&mut self, kind: EffectKind, quoted: &str, target: &Expr) {
        if self.names.never_runs(target) {
            return;
        }
        let offset = span(target).start;
        let line = self.source.lines.line(offset);
        let target = one_line(span(target).slice(self.source.text));
        if self.seen.insert((line, kind, target.clone())) {
            let what = format!("{}: {}", kind.word(), one_line(quoted));
            self.found.push((offset, Effect { line, what, kind, target }));
        }
    }

    fn kind_of_call(&self, func: &Expr) -> Option<EffectKind> {
        match self.names.callee(func) {
            Callee::Dotted(dotted) if known::is_path_access(&dotted) => Some(EffectKind::File),
            Callee::Dotted(dotted) => known::effect_of_call(&dotted),
            Callee::Value => None,
            Callee::Open => Some(EffectKind::Call),
        }
    }

    /// Whether `setattr` and its like change something imported.
    fn is_elsewhere(&self, changed: Option<&Expr>) -> bool {
        changed.is_some_and(
            |changed| matches!(self.names.callee(changed), Callee::Dotted(dotted) if !dotted.contains("()")),
        )
    }

    /// An assignment to, or deletion of, an attribute or item.
    fn write(&mut self, target: &'a Expr, stmt: &Stmt) {
        let (container, is_attribute) = match target {
            Expr::Tuple(tuple) => return tuple.elts.iter().for_each(|element| self.write(element, stmt)),
            Expr::List(list) => return list.elts.iter().for_each(|element| self.write(element, stmt)),
            Expr::Starred(starred) => return self.write(&starred.value, stmt),
            Expr::Attribute(attribute) => (&*attribute.value, true),
            Expr::Subscript(subscript) => (&*subscript.value, false),
            _ => return,
        };
        let Callee::Dotted(dotted) = self.names.callee(if is_attribute { target } else { container }) else { return };
        // What a call returned is a value of this module, as far as one can tell.
        if dotted.contains("()") {
            return;
        }
        // An attribute of something imported is shared with all who import it; an item of it too.
        if let Some(kind) = known::effect_of_write(&dotted).or(Some(EffectKind::Patch)) {
            self.add(kind, span(stmt).slice(self.source.text), target);
        }
    }

    /// Defaults and, where they are evaluated, annotations.
    fn header(&mut self, parameters: &'a Parameters, returns: Option<&'a Expr>) {
        for parameter in parameters {
            if let Some(default) = parameter.default() {
                self.visit_expr(default);
            }
            if let Some(annotation) = parameter.annotation() {
                self.visit_annotation(annotation);
            }
        }
        if let Some(returns) = returns {
            self.visit_annotation(returns);
        }
    }

    fn if_statement(&mut self, stmt: &'a StmtIf) {
        let guard = main_guard(&stmt.test);
        self.visit_expr(&stmt.test);
        if guard != Some(Guard::Body) {
            self.visit_body(&stmt.body);
        }
        if guard != Some(Guard::Else) {
            for clause in &stmt.elif_else_clauses {
                if let Some(test) = &clause.test {
                    self.visit_expr(test);
                    if main_guard(test) == Some(Guard::Body) {
                        continue;
                    }
                }
                self.visit_body(&clause.body);
            }
        }
    }
}

impl<'a> Visitor<'a> for Walk<'a> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::FunctionDef(function) => {
                function.decorator_list.iter().for_each(|decorator| self.visit_decorator(decorator));
                self.header(&function.parameters, function.returns.as_deref());
                return;
            }
            Stmt::If(stmt) => return self.if_statement(stmt),
            Stmt::Assign(assign) => assign.targets.iter().for_each(|target| self.write(target, stmt)),
            Stmt::AnnAssign(assign) if assign.value.is_some() => self.write(&assign.target, stmt),
            Stmt::AugAssign(assign) => match &*assign.target {
                Expr::Name(_) => {}
                target => self.write(target, stmt),
            },
            Stmt::Delete(delete) => delete.targets.iter().for_each(|target| self.write(target, stmt)),
            Stmt::TypeAlias(_) => return,
            _ => {}
        }
        visitor::walk_stmt(self, stmt);
    }

    fn visit_decorator(&mut self, decorator: &'a Decorator) {
        let expr = &decorator.expression;
        if let Expr::Call(call) = expr {
            // The decorator is made by a call, and called in turn: one line, one effect.
            self.visit_expr(expr);
            visitor::walk_expr(self, &call.func);
        } else if !self.names.is_property_part(expr)
            && let Some(kind) = self.kind_of_call(expr)
        {
            self.add(kind, span(decorator).slice(self.source.text), expr);
        }
    }

    fn visit_annotation(&mut self, expr: &'a Expr) {
        let facts = self.source.facts;
        if !facts.module.future_annotations && !self.source.dialect.deferred_annotations {
            self.visit_expr(expr);
        }
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Lambda(lambda) => {
                if let Some(parameters) = &lambda.parameters {
                    self.header(parameters, None);
                }
                return;
            }
            // Only the first iterable is evaluated where the generator is made.
            Expr::Generator(generator) => {
                if let Some(Comprehension { iter, .. }) = generator.generators.first() {
                    self.visit_expr(iter);
                }
                return;
            }
            Expr::Call(call) => {
                if let Some(kind) = self.kind_of_call(&call.func)
                    && (kind != EffectKind::Patch || self.is_elsewhere(call.arguments.args.first()))
                {
                    self.add(kind, span(call).slice(self.source.text), &call.func);
                }
            }
            _ => {}
        }
        visitor::walk_expr(self, expr);
    }
}

/// The code in one line, cut where it is long.
fn one_line(code: &str) -> String {
    let mut text = String::new();
    for (number, c) in code.split_whitespace().flat_map(|word| [" ", word]).skip(1).flat_map(str::chars).enumerate() {
        if number == QUOTED {
            text.push('…');
            break;
        }
        text.push(c);
    }
    text
}
