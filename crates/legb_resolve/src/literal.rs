//! What do the constants of a small Python file say? For files that tools generate: values are read, nothing is run.

use std::path::Path;

use legb_base::{Dialect, PyVersion};
use legb_syntax::ast::{Expr, ExprCall, Operator, Stmt};
use legb_syntax::{Parsed, SourceKind, decode};

use crate::fs::FileSystem;

/// A constant made of strings, lists and dictionaries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    Text(String),
    List(Vec<Value>),
    Dict(Vec<(Value, Value)>),
    /// Anything else.
    Other,
}

impl Value {
    pub(crate) fn of(expr: &Expr) -> Self {
        let all = |elements: &[Expr]| elements.iter().map(Self::of).collect();
        match expr {
            Expr::StringLiteral(text) => Self::Text(text.value.to_str().to_owned()),
            Expr::List(list) => Self::List(all(&list.elts)),
            Expr::Tuple(tuple) => Self::List(all(&tuple.elts)),
            Expr::Dict(dict) => {
                let items = dict.items.iter();
                Self::Dict(
                    items
                        .map(|item| (item.key.as_ref().map_or(Self::Other, Self::of), Self::of(&item.value)))
                        .collect(),
                )
            }
            Expr::BinOp(sum) if sum.op == Operator::Add => match (Self::of(&sum.left), Self::of(&sum.right)) {
                (Self::Text(left), Self::Text(right)) => Self::Text(left + &right),
                _ => Self::Other,
            },
            _ => Self::Other,
        }
    }

    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The strings of a list; a lone string counts as a list of one.
    pub(crate) fn texts(&self) -> Vec<&str> {
        match self {
            Self::Text(text) => vec![text],
            Self::List(values) => values.iter().filter_map(Self::text).collect(),
            Self::Dict(_) | Self::Other => Vec::new(),
        }
    }

    /// The items of a dictionary whose keys are strings.
    pub(crate) fn items(&self) -> impl Iterator<Item = (&str, &Value)> {
        let items = match self {
            Self::Dict(items) => items.as_slice(),
            _ => &[],
        };
        items.iter().filter_map(|(key, value)| Some((key.text()?, value)))
    }
}

/// A parsed file.
pub(crate) struct Script {
    parsed: Parsed,
}

impl Script {
    /// Reads a file; nothing where it cannot be read.
    pub(crate) fn read(path: &Path, fs: &dyn FileSystem) -> Option<Self> {
        let dialect = Dialect::of(PyVersion::NEWEST);
        let bytes = fs.read(path).ok()?;
        let text = decode::decode(&bytes, &dialect).ok()?;
        Some(Self { parsed: legb_syntax::parse(&text, SourceKind::Python, &dialect) })
    }

    /// The constant that the module assigns to a name, the last one if several.
    pub(crate) fn constant(&self, name: &str) -> Option<Value> {
        self.parsed.suite().iter().rev().find_map(|stmt| match stmt {
            Stmt::Assign(assign) => {
                let is_it = |target: &Expr| matches!(target, Expr::Name(target) if target.id == *name);
                assign.targets.iter().any(is_it).then(|| Value::of(&assign.value))
            }
            Stmt::AnnAssign(assign) => {
                let is_it = matches!(&*assign.target, Expr::Name(target) if target.id == *name);
                assign.value.as_ref().filter(|_| is_it).map(|value| Value::of(value))
            }
            _ => None,
        })
    }

    /// The calls that the module makes as statements, by the last part of what is called.
    pub(crate) fn calls<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a ExprCall> {
        self.parsed.suite().iter().filter_map(move |stmt| {
            let Stmt::Expr(stmt) = stmt else { return None };
            let Expr::Call(call) = &*stmt.value else { return None };
            let called = match &*call.func {
                Expr::Name(func) => func.id.as_str(),
                Expr::Attribute(func) => func.attr.as_str(),
                _ => return None,
            };
            (called == name).then_some(call)
        })
    }
}

/// The value of a keyword argument.
pub(crate) fn keyword(call: &ExprCall, name: &str) -> Option<Value> {
    let keywords = call.arguments.keywords.iter();
    keywords
        .filter(|keyword| keyword.arg.as_ref().is_some_and(|arg| arg == name))
        .map(|keyword| Value::of(&keyword.value))
        .next()
}

/// The values of the positional arguments.
pub(crate) fn positional(call: &ExprCall) -> Vec<Value> {
    call.arguments.args.iter().map(Value::of).collect()
}
