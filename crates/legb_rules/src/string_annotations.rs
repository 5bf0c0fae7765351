//! Names in annotations, and in what `typing` is given, that are written as texts, and that no part of the file binds.
//!
//! The facts know which words such texts hold, but not where; the tree is walked only if one of them is bound nowhere.

use legb_base::{Certainty, NameId, Span};
use legb_scope::SymbolFlags;
use legb_scope::builtins::{is_builtin, is_module_attribute, versions_of};
use legb_syntax::annotation_texts::{last_part, names_in_annotation};
use legb_syntax::ast::visitor::{Visitor, walk_expr, walk_stmt};
use legb_syntax::ast::{Expr, ExprCall, ExprList, ExprTuple, Stmt};

use crate::context::FileCx;
use crate::fix::span;
use crate::meta::RuleMeta;
use crate::sink::{Report, Sink};
use crate::statement::innermost;

/// Reports names in texts of annotations that nothing binds.
pub(crate) fn report_undefined(cx: &FileCx<'_>, rule: &'static RuleMeta, sink: &mut Sink<'_>) {
    let used = &cx.facts.module.string_uses;
    let calls = calls_with_types(cx);
    if used.is_empty() && calls.is_empty() {
        return;
    }
    let mut finder = Finder { cx, rule, found: Vec::new() };
    if used.iter().any(|&name| is_unbound(cx, cx.facts.names.text(name))) {
        for stmt in cx.parsed.suite() {
            finder.visit_stmt(stmt);
        }
    }
    for call in calls {
        finder.call(call);
    }
    finder.found.into_iter().for_each(|report| sink.push(report));
}

/// Whether no scope of the file binds a name and Python, in no version, provides it.
fn is_unbound(cx: &FileCx<'_>, name: &str) -> bool {
    let is_provided = is_builtin(name, cx.dialect.version)
        || is_module_attribute(name, cx.dialect.version)
        || versions_of(name).next().is_some();
    let binds = |id: NameId| {
        let bound = |symbol: &legb_scope::Symbol| symbol.flags.intersects(SymbolFlags::BOUND | SymbolFlags::GLOBAL);
        cx.facts.symbols.iter().any(|symbol| symbol.name == id && bound(symbol))
    };
    !is_provided && !cx.facts.names.find(name).is_some_and(binds)
}

/// Calls of functions of `typing` that take types, as texts too, in the order of the file.
fn calls_with_types<'a>(cx: &FileCx<'a>) -> Vec<&'a ExprCall> {
    const FUNCTIONS: [&str; 5] = ["TypedDict", "NamedTuple", "TypeVar", "cast", "NewType"];
    let mut found = Vec::new();
    for function in FUNCTIONS.into_iter().filter(|function| cx.mentions(function)) {
        for (at, _) in cx.text.match_indices(function) {
            let behind = cx.text[at + function.len()..].trim_start();
            if !behind.starts_with('(') || !behind.contains(['"', '\'']) {
                continue;
            }
            let Some(at) = u32::try_from(at).ok() else { continue };
            let Some(stmt) = innermost(cx.parsed.suite(), at).map(|found| found.stmt) else { continue };
            let mut search = CallAt { at, found: None };
            search.visit_stmt(stmt);
            let is_of_typing = |call: &&ExprCall| {
                let name = cx.full_name(&call.func);
                let module = name.as_deref().and_then(|name| name.strip_suffix(function));
                matches!(module, Some("typing." | "typing_extensions."))
            };
            found.extend(search.found.filter(is_of_typing));
        }
    }
    found.sort_by_key(|call| span(*call));
    found
}

/// Looks for the call whose function begins, or ends with a name that begins, at an offset.
struct CallAt<'a> {
    at: u32,
    found: Option<&'a ExprCall>,
}

impl<'a> Visitor<'a> for CallAt<'a> {
    fn visit_expr(&mut self, expr: &'a Expr) {
        let own = span(expr);
        if !(own.start..own.end).contains(&self.at) || self.found.is_some() {
            return;
        }
        if let Expr::Call(call) = expr
            && span(&*call.func).contains(Span::at(self.at))
            && !matches!(&*call.func, Expr::Call(_))
        {
            self.found = Some(call);
            return;
        }
        walk_expr(self, expr);
    }
}

struct Finder<'c, 'a> {
    cx: &'c FileCx<'a>,
    rule: &'static RuleMeta,
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
    /// The types that a call of `typing` is given.
    fn call(&mut self, call: &ExprCall) {
        let mut given = call.arguments.args.iter();
        match last_part(&call.func) {
            Some("cast") => given.next().into_iter().for_each(|first| self.annotation(first)),
            Some("TypeVar") => {
                given.skip(1).for_each(|constraint| self.annotation(constraint));
                for keyword in &call.arguments.keywords {
                    if keyword.arg.as_ref().is_some_and(|name| matches!(name.as_str(), "bound" | "default")) {
                        self.annotation(&keyword.value);
                    }
                }
            }
            Some("NamedTuple") => {
                if let Some(Expr::List(ExprList { elts, .. }) | Expr::Tuple(ExprTuple { elts, .. })) = given.nth(1) {
                    let pairs = elts.iter().filter_map(Expr::as_tuple_expr);
                    pairs.filter_map(|pair| pair.elts.get(1)).for_each(|field| self.annotation(field));
                }
            }
            Some("TypedDict") => {
                if let Some(Expr::Dict(fields)) = given.nth(1) {
                    fields.items.iter().for_each(|item| self.annotation(&item.value));
                }
            }
            _ => given.skip(1).for_each(|base| self.annotation(base)),
        }
    }

    fn annotation(&mut self, annotation: &Expr) {
        for name in names_in_annotation(annotation, self.cx.text, self.cx.dialect) {
            if is_unbound(self.cx, &name.name) {
                let message = format!(
                    "`{}` is not defined; a type checker, or what evaluates the annotation, looks for it",
                    name.name
                );
                let report = Report::warning(self.rule, Certainty::Possible, name.span, message);
                self.found.push(report.python(format!("NameError: name '{}' is not defined", name.name)));
            }
        }
    }
}
