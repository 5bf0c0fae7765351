//! `setup.py`: literal arguments of `setup()`.
//!
//! A list, a tuple, or the name of a module variable that is assigned one once. What is computed stays unknown.

use std::path::Path;

use legb_base::{Dialect, PyVersion};
use legb_project::problem::shown;
use legb_syntax::ast::visitor::{self, Visitor};
use legb_syntax::ast::{Expr, ExprCall, Identifier, Stmt};
use legb_syntax::decode::decode;
use legb_syntax::{LineIndex, Ranged, SourceKind, parse};

use super::{Declared, Purpose};

/// Adds what `setup.py` of `root` requires.
pub(super) fn read(root: &Path, declared: &mut Declared) {
    let path = root.join("setup.py");
    let Ok(bytes) = std::fs::read(&path) else { return };
    declared.found = true;
    let printed = shown(&path).into_owned();
    let dialect = Dialect::of(PyVersion::NEWEST);
    let Ok(text) = decode(&bytes, &dialect) else {
        declared.trouble(&printed, "is no text".to_owned(), "declare its encoding");
        return;
    };
    let parsed = parse(&text, SourceKind::Python, &dialect);
    let mut search = Search { call: None, values: Vec::new() };
    search.visit_body(parsed.suite());
    let Some(call) = search.call else { return };
    let lines = LineIndex::new(&text);
    let mut reader = Reader { values: &search.values, lines: &lines, printed: &printed, declared };
    for keyword in &call.arguments.keywords {
        match keyword.arg.as_ref().map(Identifier::as_str) {
            Some("name") => {
                if let Expr::StringLiteral(name) = &keyword.value {
                    let project = &mut reader.declared.project;
                    project.get_or_insert_with(|| name.value.to_str().to_owned());
                }
            }
            Some("install_requires") => reader.list(&keyword.value, &Purpose::Runtime),
            Some("setup_requires") => reader.list(&keyword.value, &Purpose::Build),
            Some("tests_require") => reader.list(&keyword.value, &Purpose::Development("tests_require".to_owned())),
            Some("extras_require") => reader.extras(&keyword.value),
            None => reader.unknown(&keyword.value, "`setup()` is given more arguments by `**`"),
            Some(_) => {}
        }
    }
}

/// The call of `setup`, and the values of module variables.
struct Search<'a> {
    call: Option<&'a ExprCall>,
    values: Vec<(&'a str, &'a Expr)>,
}

impl<'a> Visitor<'a> for Search<'a> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        if let Stmt::Assign(assign) = stmt
            && let [Expr::Name(name)] = &*assign.targets
        {
            self.values.push((name.id.as_str(), &assign.value));
        }
        visitor::walk_stmt(self, stmt);
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        if let Expr::Call(call) = expr {
            let is_setup = match &*call.func {
                Expr::Name(name) => name.id.as_str() == "setup",
                Expr::Attribute(attribute) => attribute.attr.as_str() == "setup",
                _ => false,
            };
            if is_setup {
                self.call = self.call.or(Some(call));
            }
        }
        visitor::walk_expr(self, expr);
    }
}

struct Reader<'a> {
    values: &'a [(&'a str, &'a Expr)],
    lines: &'a LineIndex,
    printed: &'a str,
    declared: &'a mut Declared,
}

impl<'a> Reader<'a> {
    fn list(&mut self, value: &'a Expr, purpose: &Purpose) {
        let elements = match self.followed(value) {
            Expr::List(list) => &list.elts,
            Expr::Tuple(tuple) => &tuple.elts,
            Expr::StringLiteral(text) => {
                let line = self.line(value);
                for requirement in text.value.to_str().lines().map(str::trim).filter(|line| !line.is_empty()) {
                    self.declared.add(requirement, self.printed, line, purpose);
                }
                return;
            }
            other => return self.unknown(other, "what the project requires is computed"),
        };
        for element in elements {
            if let Expr::StringLiteral(text) = element {
                let line = self.line(element);
                self.declared.add(text.value.to_str(), self.printed, line, purpose);
            } else {
                self.unknown(element, "what the project requires is computed");
            }
        }
    }

    fn extras(&mut self, value: &'a Expr) {
        let Expr::Dict(extras) = self.followed(value) else {
            return self.unknown(value, "the extras of the project are computed");
        };
        for item in &extras.items {
            match &item.key {
                Some(Expr::StringLiteral(name)) => {
                    self.list(&item.value, &Purpose::Extra(name.value.to_str().to_owned()));
                }
                _ => self.unknown(&item.value, "the extras of the project are computed"),
            }
        }
    }

    /// The value of a variable that is assigned once, for its name.
    fn followed(&self, value: &'a Expr) -> &'a Expr {
        let Expr::Name(name) = value else { return value };
        let mut assigned = self.values.iter().filter(|(other, _)| *other == name.id.as_str());
        match (assigned.next(), assigned.next()) {
            (Some((_, value)), None) => value,
            _ => value,
        }
    }

    fn line(&self, expr: &Expr) -> u32 {
        self.lines.line(expr.start().to_u32())
    }

    fn unknown(&mut self, at: &Expr, what: &str) {
        self.declared.incomplete = true;
        let what = format!("line {}: {what}, and legb does not run it", self.line(at));
        self.declared.trouble(self.printed, what, "declare dependencies in pyproject.toml");
    }
}
