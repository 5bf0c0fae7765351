//! Which names does a module make on demand, and from where? Read off its `__getattr__`.
//!
//! Three ways of writing it are understood: a test of the name with an import below it, a dictionary of the module that
//! `__getattr__` (or a function it calls) looks the name up in, and `lazy_loader.attach`. Dictionaries may lead from names to
//! modules, to `(module, name)`, to `"module:name"`, or from modules to lists of names.

use legb_syntax::ast::visitor::{self, Visitor};
use legb_syntax::ast::{CmpOp, Expr, ExprCall, ExprDict, Identifier, Stmt, StmtFunctionDef, StmtImportFrom};

/// A name that is made on demand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LazyName {
    /// The name.
    pub name: String,
    /// The module it is taken from, with its dots where it is relative; none where the table does not say.
    pub module: Option<String>,
    /// What it is called there; none where the name stands for the module itself.
    pub attribute: Option<String>,
}

/// The names that a module makes on demand, in the order of the text, and whether there may be others.
pub(crate) fn lazy_names(suite: &[Stmt]) -> (Vec<LazyName>, bool) {
    let mut found = Vec::new();
    let getattr = suite.iter().find_map(|stmt| match stmt {
        Stmt::FunctionDef(function) if function.name.as_str() == "__getattr__" => Some(function),
        _ => None,
    });
    if let Some(function) = getattr {
        let mut search = Search { found: Vec::new(), mentioned: Vec::new(), name: first_parameter(function) };
        search.visit_body(&function.body);
        found.append(&mut search.found);
        for stmt in suite {
            if let Stmt::Assign(assign) = stmt
                && let [Expr::Name(name)] = &*assign.targets
                && search.mentioned.contains(&name.id.as_str())
                && let Expr::Dict(table) = &*assign.value
            {
                from_table(table, &mut found);
            }
        }
        return (found.clone(), found.is_empty());
    }
    for stmt in suite {
        if let Stmt::Assign(assign) = stmt
            && let Expr::Call(call) = &*assign.value
            && is_attach(call)
        {
            attach(call, &mut found);
            return (found.clone(), found.is_empty());
        }
    }
    (found, false)
}

fn first_parameter(function: &StmtFunctionDef) -> &str {
    function.parameters.iter().next().map(|parameter| parameter.name().as_str()).unwrap_or_default()
}

/// Looks through `__getattr__` for imports below a test of the name, and for the tables it mentions.
struct Search<'a> {
    found: Vec<LazyName>,
    mentioned: Vec<&'a str>,
    name: &'a str,
}

impl Search<'_> {
    /// The names that a test compares the wanted one with.
    fn tested(&self, test: &Expr) -> Vec<String> {
        let Expr::Compare(compare) = test else { return Vec::new() };
        let is_name = |expr: &Expr| matches!(expr, Expr::Name(name) if name.id.as_str() == self.name);
        match (&*compare.ops, &*compare.comparators) {
            ([CmpOp::Eq], [right]) if is_name(&compare.left) => text(right).into_iter().collect(),
            ([CmpOp::Eq], [right]) if is_name(right) => text(&compare.left).into_iter().collect(),
            ([CmpOp::In], [right]) if is_name(&compare.left) => texts(right),
            _ => Vec::new(),
        }
    }

    fn arm(&mut self, test: Option<&Expr>, body: &[Stmt]) {
        for name in test.map(|test| self.tested(test)).unwrap_or_default() {
            let import = body.iter().find_map(|stmt| match stmt {
                Stmt::ImportFrom(import) => taken(import, &name),
                _ => None,
            });
            let (module, attribute) = import.map_or((None, None), |(module, attribute)| (Some(module), attribute));
            self.found.push(LazyName { name, module, attribute });
        }
    }
}

impl<'a> Visitor<'a> for Search<'a> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        if let Stmt::If(stmt) = stmt {
            self.arm(Some(&stmt.test), &stmt.body);
            for clause in &stmt.elif_else_clauses {
                self.arm(clause.test.as_ref(), &clause.body);
            }
        }
        visitor::walk_stmt(self, stmt);
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        if let Expr::Name(name) = expr {
            self.mentioned.push(name.id.as_str());
        }
        visitor::walk_expr(self, expr);
    }
}

/// The module and name that an import takes `wanted` from.
fn taken(import: &StmtImportFrom, wanted: &str) -> Option<(String, Option<String>)> {
    let module = import.module.as_ref().map(Identifier::as_str).unwrap_or_default();
    let module = format!("{}{module}", ".".repeat(import.level as usize));
    let bound = import.names.iter().find(|alias| alias.asname.as_ref().unwrap_or(&alias.name).as_str() == wanted);
    let alias = bound.or(import.names.first().filter(|_| import.names.len() == 1))?;
    Some((module, Some(alias.name.as_str().to_owned())))
}

fn from_table(table: &ExprDict, found: &mut Vec<LazyName>) {
    for item in &table.items {
        let Some(key) = item.key.as_ref().and_then(text) else { continue };
        match &item.value {
            Expr::StringLiteral(value) => {
                let value = value.value.to_str();
                let (module, attribute) = value.split_once(':').unwrap_or((value, &key));
                let attribute = Some(attribute.to_owned());
                found.push(LazyName { name: key.clone(), module: Some(module.to_owned()), attribute });
            }
            Expr::Tuple(pair) if matches!(&*pair.elts, [Expr::StringLiteral(_), _]) => {
                let attribute =
                    text(&pair.elts[1]).or_else(|| (!pair.elts[1].is_none_literal_expr()).then(|| key.clone()));
                found.push(LazyName { name: key.clone(), module: text(&pair.elts[0]), attribute });
            }
            Expr::List(_) | Expr::Set(_) | Expr::Tuple(_) => {
                let names = texts(&item.value).into_iter();
                found.extend(names.map(|name| LazyName {
                    module: Some(key.clone()),
                    attribute: Some(name.clone()),
                    name,
                }));
            }
            _ => found.push(LazyName { name: key, module: None, attribute: None }),
        }
    }
}

/// `lazy_loader.attach(__name__, submodules={…}, submod_attrs={…})`.
fn is_attach(call: &ExprCall) -> bool {
    match &*call.func {
        Expr::Name(name) => name.id.as_str() == "attach",
        Expr::Attribute(attribute) => attribute.attr.as_str() == "attach",
        _ => false,
    }
}

fn attach(call: &ExprCall, found: &mut Vec<LazyName>) {
    let argument = |name: &str, position: usize| call.arguments.find_argument_value(name, position);
    for name in argument("submodules", 1).map(texts).unwrap_or_default() {
        found.push(LazyName { module: Some(format!(".{name}")), attribute: None, name });
    }
    if let Some(Expr::Dict(table)) = argument("submod_attrs", 2) {
        let before = found.len();
        from_table(table, found);
        for name in &mut found[before..] {
            name.module = name.module.take().map(|module| format!(".{module}"));
        }
    }
}

fn text(expr: &Expr) -> Option<String> {
    match expr {
        Expr::StringLiteral(text) => Some(text.value.to_str().to_owned()),
        _ => None,
    }
}

fn texts(expr: &Expr) -> Vec<String> {
    let elements = match expr {
        Expr::List(list) => &list.elts,
        Expr::Tuple(tuple) => &tuple.elts,
        Expr::Set(set) => &set.elts,
        _ => return Vec::new(),
    };
    elements.iter().filter_map(text).collect()
}
