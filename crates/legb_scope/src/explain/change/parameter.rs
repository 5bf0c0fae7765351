//! A variable of outside made a parameter, and its new value returned: the function and every call of it change together.
//!
//! An edit is offered only where all calls are seen, and where at each of them the name means the same variable. A function
//! that is used in any other way than called (stored, decorated, exported, a method) gets the advice without an edit.

use legb_base::Span;
use legb_base::fix::LocatedEdit;
use legb_syntax::Ranged;
use legb_syntax::ast::visitor::{self, Visitor};
use legb_syntax::ast::{Expr, ExprCall, Stmt, StmtFunctionDef};

use super::super::{Change, binds_here};
use super::Options;
use crate::facts::*;

impl Options<'_> {
    /// Offers to make `variable`, of a scope around, a parameter; `returns`: and to return its new value.
    pub(super) fn parameter(&mut self, title: String, variable: SymbolId, returns: bool) {
        let edits = self.parameter_edits(variable, returns).unwrap_or_default();
        self.list.push(Change { title, edits });
    }

    fn parameter_edits(&self, variable: SymbolId, returns: bool) -> Option<Vec<LocatedEdit>> {
        let facts = self.source.facts;
        let function = self.function()?;
        let is_method = facts.scopes[self.own].parent.is_some_and(|at| facts.scopes[at].kind == ScopeKind::Class);
        let is_dynamic = facts.scopes[self.own].flags.intersects(ScopeFlags::DYNAMIC | ScopeFlags::GENERATOR);
        let is_plain = self.row.span.slice(self.source.text) == self.name;
        if is_method || is_dynamic || !is_plain || !function.decorator_list.is_empty() || function.is_async {
            return None;
        }
        let calls = self.calls(function)?;
        let mut edits = vec![self.new_parameter(function)?];
        for found in &calls {
            if !self.means(variable, found.scope) {
                return None;
            }
            let close = found.expr.arguments.end().to_u32() - 1;
            let has_arguments = !found.expr.arguments.is_empty();
            let inside = Span::new(found.expr.arguments.start().to_u32() + 1, close).slice(self.source.text);
            let separator = if !has_arguments {
                ""
            } else if inside.trim_end().ends_with(',') {
                " "
            } else {
                ", "
            };
            let argument = format!("{separator}{0}={0}", self.name);
            edits.push(self.edit(Span::at(close), argument));
            if returns {
                let is_own = facts.symbols[variable].scope == found.scope;
                let start = found.statement.filter(|_| is_own)?;
                edits.push(self.edit(Span::at(start), format!("{} = ", self.name)));
            }
        }
        if returns {
            edits.push(self.new_return(function)?);
            if let Some(declaration) = self.mentions.declaration(facts, self.row.symbol) {
                edits.push(self.without_declaration(declaration)?);
            }
        }
        edits.sort_by_key(|edit| edit.range);
        Some(edits)
    }

    /// Every call of the function; nothing where it is used in another way.
    fn calls(&self, function: &StmtFunctionDef) -> Option<Vec<Call<'_>>> {
        let facts = self.source.facts;
        let at = function.name.start().to_u32();
        let made = facts.refs.iter().find(|row| row.span.start == at && row.kind == RefKind::Def)?;
        let own = facts.variable(made.symbol)?;
        let is_exported =
            facts.module.all.as_ref().is_some_and(|all| all.iter().any(|&(name, _)| name == facts.symbols[own].name));
        let mut search = Search { calls: Vec::new(), statement: None };
        search.visit_body(self.source.parsed.suite());
        let mut calls = Vec::new();
        for row in facts.refs.iter().filter(|row| facts.variable(row.symbol) == Some(own)) {
            if row.span.start == at {
                continue;
            }
            let found = search.calls.iter().find(|(call, _)| call.func.start().to_u32() == row.span.start);
            let (call, statement) = found.filter(|(call, _)| matches!(&*call.func, Expr::Name(_)))?;
            let spreads = call.arguments.args.iter().any(Expr::is_starred_expr)
                || call.arguments.keywords.iter().any(|keyword| keyword.arg.is_none());
            if row.kind != RefKind::Load || spreads || row.flags.contains(RefFlags::UNEVALUATED) {
                return None;
            }
            calls.push(Call { expr: call, statement: *statement, scope: facts.symbols[row.symbol].scope });
        }
        (!is_exported && !calls.is_empty()).then_some(calls)
    }

    /// Whether the name means the variable in a scope.
    fn means(&self, variable: SymbolId, scope: ScopeId) -> bool {
        let facts = self.source.facts;
        let mut at = Some(scope);
        while let Some(scope) = at {
            if let Some(symbol) = facts.symbol_in(scope, self.mentions.name()) {
                let row = &facts.symbols[symbol];
                if symbol == variable || row.place != Place::Local && facts.variable(symbol) == Some(variable) {
                    return true;
                }
                if binds_here(row) {
                    return false;
                }
            }
            at = facts.scopes[scope].parent;
        }
        false
    }

    /// The name as the last parameter that a call gives by its name.
    fn new_parameter(&self, function: &StmtFunctionDef) -> Option<LocatedEdit> {
        let parameters = &*function.parameters;
        let is_taken = parameters.iter().any(|parameter| parameter.name().as_str() == self.name);
        if is_taken || parameters.kwarg.is_some() || parameters.vararg.is_some() {
            return None;
        }
        let close = parameters.end().to_u32() - 1;
        let inside = Span::new(parameters.start().to_u32() + 1, close).slice(self.source.text);
        let has_defaults = parameters.iter_non_variadic_params().any(|parameter| parameter.default.is_some());
        let star = if has_defaults && parameters.kwonlyargs.is_empty() { "*, " } else { "" };
        let separator = match inside.trim_end() {
            "" => "",
            inside if inside.ends_with(',') => " ",
            _ => ", ",
        };
        Some(self.edit(Span::at(close), format!("{separator}{star}{}", self.name)))
    }

    /// `return name` behind the last statement of a function that returns nothing.
    fn new_return(&self, function: &StmtFunctionDef) -> Option<LocatedEdit> {
        struct Returns(bool);
        impl<'a> Visitor<'a> for Returns {
            fn visit_stmt(&mut self, stmt: &'a Stmt) {
                match stmt {
                    Stmt::Return(_) => self.0 = true,
                    Stmt::FunctionDef(_) | Stmt::ClassDef(_) => {}
                    _ => visitor::walk_stmt(self, stmt),
                }
            }
        }
        let mut returns = Returns(false);
        returns.visit_body(&function.body);
        let first = function.body.first()?.start().to_u32();
        let indent = self.before_on_line(first);
        if returns.0 || !indent.chars().all(char::is_whitespace) {
            return None;
        }
        let end = function.body.last()?.end().to_u32();
        Some(self.edit(Span::at(end), format!("\n{indent}return {}", self.name)))
    }
}

/// A call of the function.
struct Call<'t> {
    expr: &'t ExprCall,
    /// Where the statement begins, if it is this call alone.
    statement: Option<u32>,
    scope: ScopeId,
}

/// Collects calls, each with the start of its statement if it is all of that.
struct Search<'t> {
    calls: Vec<(&'t ExprCall, Option<u32>)>,
    statement: Option<u32>,
}

impl<'t> Visitor<'t> for Search<'t> {
    fn visit_stmt(&mut self, stmt: &'t Stmt) {
        if let Stmt::Expr(statement) = stmt
            && let Expr::Call(call) = &*statement.value
        {
            self.statement = Some(call.start().to_u32());
        }
        visitor::walk_stmt(self, stmt);
        self.statement = None;
    }

    fn visit_expr(&mut self, expr: &'t Expr) {
        if let Expr::Call(call) = expr {
            let start = call.start().to_u32();
            self.calls.push((call, self.statement.filter(|at| *at == start)));
            // Calls inside begin there too: `f()()`.
            self.statement = None;
        }
        visitor::walk_expr(self, expr);
    }
}
