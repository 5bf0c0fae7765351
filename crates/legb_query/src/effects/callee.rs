//! What does the expression in front of the parentheses stand for?
//!
//! A name is followed to the import that binds it, to the one assignment that gives it its value, or to `builtins`; what it
//! stands for is written as a dotted name: `Path("x").unlink` is `pathlib.Path().unlink`.

use legb_base::Span;
use legb_scope::builtins::{self, Provider};
use legb_scope::explain::Source;
use legb_scope::facts::MODULE;
use legb_scope::{RefFlags, RefId, RefKind, SymbolId};
use legb_syntax::Ranged;
use legb_syntax::ast::{Expr, Stmt};
use rustc_hash::FxHashMap;

/// Assignments are followed so far.
const FOLLOWED: u32 = 4;

/// What an expression stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Callee {
    /// Something imported or built in, as a dotted name.
    Dotted(String),
    /// A value made here: nothing outside of it changes, whatever its methods do.
    Value,
    /// Something else: defined in this file, or unknown.
    Open,
}

/// The names of one file, prepared for following them.
pub(super) struct Names<'a> {
    source: &'a Source<'a>,
    /// Each mention by the offset where it starts.
    mentions: FxHashMap<u32, RefId>,
    /// What binds each variable of the module: how often, and by what first.
    bindings: FxHashMap<SymbolId, Binding<'a>>,
}

/// How a variable of the module gets its value.
struct Binding<'a> {
    count: u32,
    import: Option<String>,
    value: Option<&'a Expr>,
}

impl<'a> Names<'a> {
    /// Looks at all names of a file.
    pub(super) fn new(source: &'a Source<'a>) -> Self {
        let facts = source.facts;
        let mentions = facts.refs.iter_enumerated().map(|(id, row)| (row.span.start, id)).collect();
        let mut names = Self { source, mentions, bindings: FxHashMap::default() };
        for row in facts.refs.iter().filter(|row| row.kind.binds()) {
            if let Some(variable) = facts.variable(row.symbol).filter(|&id| facts.symbols[id].scope == MODULE) {
                let binding = names.bindings.entry(variable).or_insert(Binding { count: 0, import: None, value: None });
                binding.count += 1;
            }
        }
        for import in &facts.imports {
            let Some(at) = import.binding else { continue };
            let module = import.module.map(|name| facts.names.text(name)).unwrap_or_default();
            let name = import.name.map(|name| facts.names.text(name));
            let dots = ".".repeat(import.level as usize);
            let aliased = import.flags.contains(legb_scope::ImportFlags::ALIASED);
            let dotted = match name {
                Some(name) if module.is_empty() => format!("{dots}{name}"),
                Some(name) => format!("{dots}{module}.{name}"),
                None if aliased => module.to_owned(),
                None => module.split('.').next().unwrap_or(module).to_owned(),
            };
            if let Some(binding) = names.binding_of(at) {
                binding.import.get_or_insert(dotted);
            }
        }
        for stmt in source.parsed.suite() {
            names.note_value(stmt);
        }
        names
    }

    fn binding_of(&mut self, mention: RefId) -> Option<&mut Binding<'a>> {
        let facts = self.source.facts;
        self.bindings.get_mut(&facts.variable(facts.refs[mention].symbol)?)
    }

    /// Remembers the value of `name = value`.
    fn note_value(&mut self, stmt: &'a Stmt) {
        let (target, value) = match stmt {
            Stmt::Assign(assign) => match &*assign.targets {
                [target] => (target, Some(&*assign.value)),
                _ => return,
            },
            Stmt::AnnAssign(assign) => (&*assign.target, assign.value.as_deref()),
            _ => return,
        };
        if let Some(value) = value
            && let Expr::Name(_) = target
            && let Some(&mention) = self.mentions.get(&start(target))
            && let Some(binding) = self.binding_of(mention)
        {
            binding.value.get_or_insert(value);
        }
    }

    /// Whether a name stands where this version, or any run, never comes.
    pub(super) fn never_runs(&self, expr: &Expr) -> bool {
        let root = root(expr);
        self.mentions
            .get(&start(root))
            .is_some_and(|&id| self.source.facts.refs[id].flags.intersects(RefFlags::DEAD | RefFlags::TYPE_CHECKING))
    }

    /// What an expression stands for.
    pub(super) fn callee(&self, expr: &Expr) -> Callee {
        self.follow(expr, FOLLOWED)
    }

    fn follow(&self, expr: &Expr, left: u32) -> Callee {
        match expr {
            Expr::Name(name) => self.name(name.id.as_str(), start(expr), left),
            Expr::Attribute(attribute) => match self.follow(&attribute.value, left) {
                Callee::Dotted(dotted) => Callee::Dotted(format!("{dotted}.{}", attribute.attr.as_str())),
                other => other,
            },
            Expr::Call(call) => match self.follow(&call.func, left) {
                // The constructors and functions of `builtins` return fresh values, but for those that look one up.
                Callee::Dotted(dotted) => match dotted.strip_prefix("builtins.") {
                    Some("getattr" | "next" | "__import__" | "eval") => Callee::Open,
                    Some("open") | None => Callee::Dotted(format!("{dotted}()")),
                    Some(_) => Callee::Value,
                },
                other => other,
            },
            // `Path("a") / "b"` is a path.
            Expr::BinOp(operation) => match self.follow(&operation.left, left) {
                Callee::Open => Callee::Value,
                other => other,
            },
            Expr::Named(named) => self.follow(&named.value, left),
            Expr::Subscript(subscript) => match self.follow(&subscript.value, left) {
                Callee::Value => Callee::Open,
                other => other,
            },
            Expr::StringLiteral(_)
            | Expr::BytesLiteral(_)
            | Expr::FString(_)
            | Expr::NumberLiteral(_)
            | Expr::BooleanLiteral(_)
            | Expr::NoneLiteral(_)
            | Expr::List(_)
            | Expr::Tuple(_)
            | Expr::Dict(_)
            | Expr::Set(_)
            | Expr::ListComp(_)
            | Expr::SetComp(_)
            | Expr::DictComp(_)
            | Expr::Compare(_) => Callee::Value,
            _ => Callee::Open,
        }
    }

    fn name(&self, name: &str, at: u32, left: u32) -> Callee {
        let Some(&mention) = self.mentions.get(&at) else { return Callee::Open };
        let facts = self.source.facts;
        let Some(binding) = facts.variable(facts.refs[mention].symbol) else { return self.builtin(name) };
        if facts.symbols[binding].scope != MODULE {
            return Callee::Open;
        }
        match self.bindings.get(&binding) {
            None => self.builtin(name),
            Some(Binding { import: Some(dotted), .. }) => Callee::Dotted(dotted.clone()),
            Some(Binding { count: 1, value: Some(value), .. }) if left > 0 => self.follow(value, left - 1),
            // `__all__` and its like are lists whoever binds them.
            Some(_) if name == "__all__" => Callee::Value,
            Some(_) => Callee::Open,
        }
    }

    fn builtin(&self, name: &str) -> Callee {
        match builtins::provider(name, self.source.dialect.version) {
            Some(Provider::Builtins | Provider::Site) => Callee::Dotted(format!("builtins.{name}")),
            Some(Provider::Module) => Callee::Value,
            None => Callee::Open,
        }
    }

    /// Whether a decorator such as `@size.setter` is one of a property defined in the same class.
    pub(super) fn is_property_part(&self, expr: &Expr) -> bool {
        let Expr::Attribute(attribute) = expr else { return false };
        if !matches!(attribute.attr.as_str(), "setter" | "getter" | "deleter") {
            return false;
        }
        let facts = self.source.facts;
        let Some(&mention) = self.mentions.get(&start(&attribute.value)) else { return false };
        let symbol = facts.refs[mention].symbol;
        let is_def = |id: SymbolId| facts.refs_of(id).any(|(_, row)| row.kind == RefKind::Def);
        facts.symbols[symbol].scope != MODULE && is_def(symbol)
    }
}

/// The name that a chain of attributes, calls and subscripts begins with.
fn root(expr: &Expr) -> &Expr {
    match expr {
        Expr::Attribute(attribute) => root(&attribute.value),
        Expr::Call(call) => root(&call.func),
        Expr::Subscript(subscript) => root(&subscript.value),
        _ => expr,
    }
}

fn start(expr: &Expr) -> u32 {
    expr.range().start().to_u32()
}

/// The range of a node.
pub(super) fn span(node: &impl Ranged) -> Span {
    Span::new(node.start().to_u32(), node.end().to_u32())
}
