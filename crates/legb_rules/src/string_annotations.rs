//! Names in annotations that are written as texts, which no part of the file binds.
//!
//! The facts know which words such texts hold, but not where; the tree is walked only if one of them is bound nowhere.

use legb_base::{Certainty, NameId, Span};
use legb_scope::SymbolFlags;
use legb_scope::builtins::{is_builtin, is_module_attribute, versions_of};
use legb_syntax::ast::visitor::{Visitor, walk_expr, walk_stmt};
use legb_syntax::ast::{Expr, ExprStringLiteral, Stmt};
use legb_syntax::{SourceKind, parse};
use rustc_hash::FxHashSet;

use crate::context::FileCx;
use crate::fix::span;
use crate::meta::RuleMeta;
use crate::sink::{Report, Sink};

/// Reports names in texts of annotations that nothing binds.
pub(crate) fn report_undefined(cx: &FileCx<'_>, rule: &'static RuleMeta, sink: &mut Sink<'_>) {
    let used = &cx.facts.module.string_uses;
    if used.is_empty() {
        return;
    }
    let bound: FxHashSet<NameId> = cx
        .facts
        .symbols
        .iter()
        .filter(|symbol| symbol.flags.intersects(SymbolFlags::BOUND | SymbolFlags::GLOBAL))
        .map(|symbol| symbol.name)
        .collect();
    let is_known = |name: &str| {
        is_builtin(name, cx.dialect.version)
            || is_module_attribute(name, cx.dialect.version)
            || versions_of(name).next().is_some()
    };
    let unbound: FxHashSet<&str> = used
        .iter()
        .filter(|name| !bound.contains(name))
        .map(|&name| cx.facts.names.text(name))
        .filter(|name| !is_known(name))
        .collect();
    if unbound.is_empty() {
        return;
    }
    let mut finder = Finder { cx, rule, unbound, found: Vec::new() };
    for stmt in cx.parsed.suite() {
        finder.visit_stmt(stmt);
    }
    finder.found.into_iter().for_each(|report| sink.push(report));
}

struct Finder<'c, 'a> {
    cx: &'c FileCx<'a>,
    rule: &'static RuleMeta,
    unbound: FxHashSet<&'c str>,
    found: Vec<Report>,
}

impl<'a> Visitor<'a> for Finder<'_, '_> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        if let Stmt::AnnAssign(assign) = stmt {
            self.annotation(&assign.annotation);
        }
        if let Stmt::FunctionDef(def) = stmt {
            let parameters = def.parameters.iter().filter_map(legb_syntax::ast::AnyParameterRef::annotation);
            parameters.chain(def.returns.as_deref()).for_each(|annotation| self.annotation(annotation));
        }
        walk_stmt(self, stmt);
    }

    fn visit_expr(&mut self, _: &'a Expr) {}
}

impl Finder<'_, '_> {
    fn annotation(&mut self, expr: &Expr) {
        match expr {
            Expr::StringLiteral(text) => self.text(text),
            Expr::Subscript(subscript) => match last_part(&subscript.value) {
                Some("Literal") => {}
                Some("Annotated") => match &*subscript.slice {
                    Expr::Tuple(tuple) => tuple.elts.iter().take(1).for_each(|first| self.annotation(first)),
                    other => self.annotation(other),
                },
                _ => self.annotation(&subscript.slice),
            },
            Expr::Tuple(tuple) => tuple.elts.iter().for_each(|element| self.annotation(element)),
            Expr::List(list) => list.elts.iter().for_each(|element| self.annotation(element)),
            Expr::BinOp(operation) => {
                self.annotation(&operation.left);
                self.annotation(&operation.right);
            }
            _ => {}
        }
    }

    /// The names of a text that is an expression.
    fn text(&mut self, text: &ExprStringLiteral) {
        let parsed = parse(text.value.to_str(), SourceKind::Python, self.cx.dialect);
        let [Stmt::Expr(only)] = parsed.suite() else { return };
        if parsed.has_errors() {
            return;
        }
        let mut names = Names { found: Vec::new() };
        names.visit_expr(&only.value);
        for (name, place) in names.found {
            if self.unbound.contains(name) {
                let message =
                    format!("`{name}` is not defined; a type checker, or what evaluates the annotation, looks for it");
                let report = Report::warning(self.rule, Certainty::Possible, self.place(text, place), message);
                self.found.push(report.python(format!("NameError: name '{name}' is not defined")));
            }
        }
    }

    /// Where a name of the text stands in the file, if the text is written plainly; else the whole text.
    fn place(&self, text: &ExprStringLiteral, name: Span) -> Span {
        let whole = span(text);
        let written = self.cx.slice(whole);
        let quotes = if written.starts_with("\"\"\"") || written.starts_with("'''") { 3 } else { 1 };
        let plain = written.starts_with(['"', '\'']) && written.len() == text.value.to_str().len() + 2 * quotes;
        let start = whole.start + u32::try_from(quotes).unwrap_or_default();
        if plain { Span::new(start + name.start, start + name.end) } else { whole }
    }
}

struct Names<'a> {
    found: Vec<(&'a str, Span)>,
}

impl<'a> Visitor<'a> for Names<'a> {
    fn visit_expr(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Name(name) => self.found.push((name.id.as_str(), span(name))),
            Expr::Subscript(subscript) if last_part(&subscript.value) == Some("Literal") => {
                self.visit_expr(&subscript.value);
            }
            Expr::Lambda(_) | Expr::ListComp(_) | Expr::Generator(_) | Expr::SetComp(_) | Expr::DictComp(_) => {}
            _ => walk_expr(self, expr),
        }
    }
}

fn last_part(expr: &Expr) -> Option<&str> {
    match expr {
        Expr::Name(name) => Some(name.id.as_str()),
        Expr::Attribute(attribute) => Some(attribute.attr.as_str()),
        _ => None,
    }
}
