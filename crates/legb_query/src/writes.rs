//! Which statements of a file write into the names of a module from outside: `m.x = …`, `del m.x`, `setattr(m, "x", …)`?
//!
//! A file says which module it means by its imports alone; which file that is, [`Library`](crate::definition::Library) tells.
//! What reaches a module by other ways (a parameter, a value of a dictionary) is not seen.

use legb_base::{LineRange, Span};
use legb_scope::explain::Source;
use legb_scope::{FileFacts, ImportFlags, RefId, RefKind, ScopeKind, SymbolId};
use legb_syntax::Ranged;
use legb_syntax::ast::visitor::{self, Visitor};
use legb_syntax::ast::{Expr, ExprContext, Stmt};
use memchr::memmem;
use rustc_hash::FxHashMap;

use crate::module_names::Imported;

/// A statement that writes into the names of a module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModuleWrite {
    /// The module, as the file's imports name it; none for the module that the file itself is.
    pub module: Option<Imported>,
    /// The name that is written.
    pub name: String,
    /// The expression that names it.
    pub range: LineRange,
    /// How it is written: `attribute assignment`, `attribute deletion`, `setattr`, `delattr`, `item of its names`.
    pub kind: &'static str,
    /// The function in which the statement stands; none where it runs while its module is imported.
    pub function: Option<String>,
}

/// Whether a file could write `name` into a module whose dotted name ends with `tail`: a look at its bytes, before it is parsed.
pub fn may_write(bytes: &[u8], name: &str, tail: &str) -> bool {
    let mentions = |word: &str| memmem::find(bytes, word.as_bytes()).is_some();
    let is_reached = mentions(tail) || mentions("modules[") || mentions("globals()");
    is_reached && memmem::find_iter(bytes, name.as_bytes()).any(|at| is_target(bytes, at, name.len()))
}

/// Whether the word at an offset may be written there: an attribute with an assignment near it, or a literal.
fn is_target(bytes: &[u8], at: usize, length: usize) -> bool {
    let before = at.checked_sub(1).and_then(|at| bytes.get(at)).copied();
    let behind = bytes.get(at + length..).unwrap_or_default();
    match before {
        Some(quote @ (b'"' | b'\'')) => behind.first() == Some(&quote),
        Some(b'.') => {
            let goes_on =
                behind.first().is_some_and(|&byte| byte == b'_' || byte.is_ascii_alphanumeric() || !byte.is_ascii());
            let line = bytes[..at].rsplit(|&byte| byte == b'\n').next().unwrap_or_default().trim_ascii_start();
            let rest = behind.split(|&byte| byte == b'\n').next().unwrap_or_default();
            let is_of_instance = line.starts_with(b"self.") && line.len() == "self.".len();
            let words: [&[u8]; 4] = [b"del ", b"for ", b"with ", b"async "];
            !goes_on && !is_of_instance && (rest.contains(&b'=') || words.iter().any(|word| line.starts_with(word)))
        }
        _ => false,
    }
}

/// The writes of a file; of one name alone if it is told.
pub fn module_writes(source: &Source<'_>, wanted: Option<&str>) -> Vec<ModuleWrite> {
    let mut search = Search { source, wanted, loads: None, functions: Vec::new(), found: Vec::new() };
    search.visit_body(source.parsed.suite());
    search.found
}

struct Search<'s> {
    source: &'s Source<'s>,
    wanted: Option<&'s str>,
    /// Reads of names by their offset, made when the first is asked for.
    loads: Option<FxHashMap<u32, RefId>>,
    functions: Vec<String>,
    found: Vec<ModuleWrite>,
}

/// The module that an expression is.
enum Base {
    Own,
    Named(Imported),
}

impl Search<'_> {
    fn add(&mut self, base: &Expr, name: &str, range: Span, kind: &'static str) {
        // Most attributes are of no module: what they are is asked only of those that are wanted.
        if self.wanted.is_none_or(|wanted| wanted == name) {
            match self.base(base) {
                Some(Base::Own) => self.push(None, name, range, kind),
                Some(Base::Named(module)) => self.push(Some(module), name, range, kind),
                None => {}
            }
        }
    }

    fn push(&mut self, module: Option<Imported>, name: &str, range: Span, kind: &'static str) {
        if self.wanted.is_none_or(|wanted| wanted == name) {
            let range = self.source.lines.line_range(range, self.source.text);
            let function = self.functions.last().cloned();
            self.found.push(ModuleWrite { module, name: name.to_owned(), range, kind, function });
        }
    }

    fn base(&mut self, expr: &Expr) -> Option<Base> {
        if let Expr::Subscript(item) = expr {
            let is_modules = matches!(&*item.value, Expr::Attribute(value) if value.attr.as_str() == "modules");
            return match &*item.slice {
                Expr::StringLiteral(name) if is_modules => {
                    Some(Base::Named(Imported { level: 0, module: name.value.to_str().to_owned(), name: None }))
                }
                Expr::Name(name) if is_modules && name.id.as_str() == "__name__" => Some(Base::Own),
                _ => None,
            };
        }
        let mut parts = Vec::new();
        let mut at = expr;
        while let Expr::Attribute(attribute) = at {
            parts.push(attribute.attr.as_str());
            at = &attribute.value;
        }
        let Expr::Name(first) = at else { return None };
        parts.reverse();
        self.imported(first.range.start().to_u32(), &parts).map(Base::Named)
    }

    /// The module that a name means by the one import that binds it, with attributes behind it.
    fn imported(&mut self, offset: u32, rest: &[&str]) -> Option<Imported> {
        let facts = self.source.facts;
        let loads = self.loads.get_or_insert_with(|| loads(facts));
        let variable = facts.variable(facts.refs[*loads.get(&offset)?].symbol)?;
        let import = facts.imports.iter().find(|import| binds(facts, import.binding, variable))?;
        let is_rebound = facts
            .refs
            .iter()
            .any(|row| row.kind.binds() && row.kind != RefKind::Import && facts.variable(row.symbol) == Some(variable));
        if is_rebound {
            return None;
        }
        let taken = Imported::of(facts, import);
        if rest.is_empty() && import.flags.contains(ImportFlags::FROM) {
            return Some(taken);
        }
        let parts = [taken.module.as_str()].into_iter().chain(taken.name.as_deref()).chain(rest.iter().copied());
        let parts: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
        Some(Imported { level: taken.level, module: parts.join("."), name: None })
    }

    /// `vars(m)`, `m.__dict__` and `globals()`: the names of a module as a dictionary.
    fn dictionary(&mut self, expr: &Expr, name: &str, range: Span) {
        const KIND: &str = "item of its names";
        match expr {
            Expr::Attribute(attribute) if attribute.attr.as_str() == "__dict__" => {
                self.add(&attribute.value, name, range, KIND);
            }
            Expr::Call(call) => match (&*call.func, &*call.arguments.args) {
                (Expr::Name(func), [module]) if func.id.as_str() == "vars" => self.add(module, name, range, KIND),
                (Expr::Name(func), []) if func.id.as_str() == "globals" => self.push(None, name, range, KIND),
                _ => {}
            },
            _ => {}
        }
    }
}

impl<'a> Visitor<'a> for Search<'_> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        let Stmt::FunctionDef(function) = stmt else { return visitor::walk_stmt(self, stmt) };
        self.functions.push(function.name.to_string());
        visitor::walk_stmt(self, stmt);
        self.functions.pop();
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        let span = Span::new(expr.start().to_u32(), expr.end().to_u32());
        match expr {
            Expr::Attribute(attribute) => match attribute.ctx {
                ExprContext::Store => self.add(&attribute.value, attribute.attr.as_str(), span, "attribute assignment"),
                ExprContext::Del => self.add(&attribute.value, attribute.attr.as_str(), span, "attribute deletion"),
                _ => {}
            },
            Expr::Subscript(item) if matches!(item.ctx, ExprContext::Store | ExprContext::Del) => {
                if let Expr::StringLiteral(name) = &*item.slice {
                    self.dictionary(&item.value, name.value.to_str(), span);
                }
            }
            Expr::Call(call) => {
                if let Expr::Name(func) = &*call.func
                    && let kind @ ("setattr" | "delattr") = func.id.as_str()
                    && let [module, Expr::StringLiteral(name), ..] = &*call.arguments.args
                {
                    let kind = if kind == "setattr" { "setattr" } else { "delattr" };
                    self.add(module, name.value.to_str(), span, kind);
                }
            }
            _ => {}
        }
        visitor::walk_expr(self, expr);
    }
}

fn loads(facts: &FileFacts) -> FxHashMap<u32, RefId> {
    let read = facts.refs.iter_enumerated().filter(|(_, row)| row.kind == RefKind::Load);
    read.map(|(id, row)| (row.span.start, id)).collect()
}

/// Whether an import binds a variable, anywhere but in a class body, whose names are attributes.
fn binds(facts: &FileFacts, binding: Option<RefId>, variable: SymbolId) -> bool {
    let symbol = binding.map(|binding| facts.refs[binding].symbol);
    symbol.is_some_and(|symbol| {
        facts.variable(symbol) == Some(variable) && facts.scopes[facts.symbols[symbol].scope].kind != ScopeKind::Class
    })
}
