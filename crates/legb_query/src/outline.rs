//! What does one file define, import and offer?
//!
//! The answer is about the file alone: relative imports are as they are written, and what a star import brings is not
//! known. Names bound under `if` and `try` at module level count as the module's; those of methods do not.

mod lazy_names;

use legb_base::Span;
use legb_scope::explain::Source;
use legb_scope::facts::MODULE;
use legb_scope::{Import, ImportFlags, RefFlags, RefId, RefKind, SymbolFlags, SymbolId};
use legb_syntax::ast::visitor::{self, Visitor};
use legb_syntax::ast::{Expr, Stmt};
use rustc_hash::FxHashSet;

use crate::effects::{Effect, effects, main_guard};

pub use lazy_names::LazyName;
pub(crate) use lazy_names::lazy_names;

/// What one file defines, imports and offers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outline {
    /// Functions of the module, in the order of their first definition.
    pub functions: Vec<Definition>,
    /// Classes of the module, likewise.
    pub classes: Vec<Definition>,
    /// Variables that the module itself assigns, likewise; imported names are none.
    pub variables: Vec<Definition>,
    /// Every alias of every import statement, and every call that imports a module named by a literal, those in functions
    /// included, in the order of the text.
    pub imports: Vec<WrittenImport>,
    /// `__all__`, where the module has one.
    pub all: Option<DunderAll>,
    /// Names that the module makes on demand, as its `__getattr__` tells.
    pub lazy: Vec<LazyName>,
    /// Whether its `__getattr__` makes names that cannot be read off it.
    pub lazy_incomplete: bool,
    /// Whether something runs only where the module is the program: `if __name__ == "__main__":`.
    pub main_guard: bool,
    /// What happens while it is imported.
    pub effects: Vec<Effect>,
}

/// A name that the module defines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Definition {
    /// The name.
    pub name: String,
    /// Line of the first definition, counted from 1.
    pub line: u32,
}

/// `__all__` as the file spells it out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DunderAll {
    /// The names listed in the file itself, in their order.
    pub names: Vec<String>,
    /// Whether there may be others: it is computed, or joined from other modules.
    pub incomplete: bool,
}

/// One alias of an import statement, as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenImport {
    /// The module named, without the dots of a relative import; none in `from . import x`.
    pub module: Option<String>,
    /// The name taken from the module; `*` for all. None in `import m`.
    pub name: Option<String>,
    /// What it binds; none for `*`.
    pub bound: Option<String>,
    /// Leading dots.
    pub level: u32,
    /// Line of the statement, counted from 1.
    pub line: u32,
    /// The whole statement.
    pub statement: Span,
    /// Whether the name is meant to be passed on: `from m import x as x`.
    pub redundant_alias: bool,
    /// Whether it binds a name of the module, when the module is imported.
    pub at_module_level: bool,
    /// Under `if TYPE_CHECKING:`.
    pub type_checking: bool,
}

impl Outline {
    /// Names without a leading underscore that the module defines itself.
    pub fn defined_publicly(&self) -> impl Iterator<Item = &Definition> {
        let all = self.functions.iter().chain(&self.classes).chain(&self.variables);
        all.filter(|definition| is_public(&definition.name))
    }

    /// The names that the file itself offers to others: those of `__all__`, else those it defines or makes on demand without
    /// a leading underscore, and those it imports only to pass them on: `from m import x as x`, and what `is_own` says is
    /// taken by the `__init__` of a package from its own modules. In the order of the text.
    pub fn public(&self, is_own: impl Fn(&WrittenImport) -> bool) -> Vec<&str> {
        if let Some(all) = self.all.as_ref().filter(|all| !all.incomplete) {
            return unique(all.names.iter().map(String::as_str));
        }
        let defined = self.defined_publicly().map(|definition| (definition.line, definition.name.as_str()));
        let passed_on = |import: &&WrittenImport| {
            import.at_module_level && !import.type_checking && (import.redundant_alias || is_own(import))
        };
        let imported = self.imports.iter().filter(passed_on);
        let imported = imported.filter_map(|import| Some((import.line, import.bound.as_deref()?)));
        let mut names: Vec<(u32, &str)> = defined.chain(imported).filter(|(_, name)| is_public(name)).collect();
        names.sort_by_key(|(line, _)| *line);
        let listed = self.all.iter().flat_map(|all| all.names.iter().map(String::as_str));
        let lazy = self.lazy.iter().map(|lazy| lazy.name.as_str()).filter(|name| is_public(name));
        unique(listed.chain(names.into_iter().map(|(_, name)| name)).chain(lazy))
    }
}

/// Whether a name has no leading underscore.
pub fn is_public(name: &str) -> bool {
    !name.starts_with('_')
}

fn unique<'a>(names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut seen = FxHashSet::default();
    names.filter(|name| seen.insert(*name)).collect()
}

/// Describes one file.
pub fn outline(source: &Source<'_>) -> Outline {
    let facts = source.facts;
    let mut outline = Outline {
        imports: written_imports(source),
        main_guard: has_main_guard(source),
        effects: effects(source),
        ..Outline::default()
    };
    (outline.lazy, outline.lazy_incomplete) = lazy_names(source.parsed.suite());
    outline.all = facts.module.all.as_ref().map(|names| DunderAll {
        names: names.iter().map(|(name, _)| facts.names.text(*name).to_owned()).collect(),
        incomplete: facts.module.all_is_dynamic,
    });
    for (name, span, kind) in first_definitions(source) {
        let list = match kind {
            RefKind::Def => &mut outline.functions,
            RefKind::Class => &mut outline.classes,
            _ => &mut outline.variables,
        };
        list.push(Definition { name: name.to_owned(), line: source.lines.line(span.start) });
    }
    outline
}

/// Statements and calls that import, in the order of the text.
fn written_imports(source: &Source<'_>) -> Vec<WrittenImport> {
    let facts = source.facts;
    let mut imports: Vec<_> = facts.imports.iter().chain(&facts.dynamic_imports).collect();
    imports.sort_by_key(|import| import.alias.start);
    imports.into_iter().map(|import| written(source, import)).collect()
}

fn written(source: &Source<'_>, import: &Import) -> WrittenImport {
    let facts = source.facts;
    let text = |name| facts.names.text(name).to_owned();
    let bound = import.binding.map(|binding| facts.ref_name(binding).to_owned());
    let name = import.name.map(text);
    let redundant = import.flags.contains(ImportFlags::ALIASED) && name.is_some() && name == bound;
    let binds_global = import.binding.is_none_or(|binding| {
        let variable = facts.variable(facts.refs[binding].symbol);
        variable.is_some_and(|variable| facts.symbols[variable].scope == MODULE)
    });
    WrittenImport {
        module: import.module.map(text),
        redundant_alias: redundant,
        bound,
        name,
        level: import.level,
        line: source.lines.line(import.statement.start),
        statement: import.statement,
        at_module_level: binds_global && !import.flags.intersects(ImportFlags::IN_FUNCTION | ImportFlags::DYNAMIC),
        type_checking: import.flags.contains(ImportFlags::TYPE_CHECKING),
    }
}

/// The first binding of each name that the module defines by other means than an import, in the order of the text.
fn first_definitions<'a>(source: &Source<'a>) -> Vec<(&'a str, Span, RefKind)> {
    let facts = source.facts;
    let mut seen: FxHashSet<SymbolId> = FxHashSet::default();
    let mut found = Vec::new();
    let defines = |kind: RefKind| {
        use RefKind::{AnnAssign, Assign, Class, Def, TypeAlias, Walrus};
        matches!(kind, Def | Class | Assign | AnnAssign | TypeAlias | Walrus)
    };
    // A definition wins over an assignment of the same name: `try: f = fast.f` `except …: def f(): …`.
    let by_rank: [fn(RefKind) -> bool; 2] = [is_definition, |_| true];
    for rank in by_rank {
        for id in (0..facts.refs.len()).map(RefId::from_usize) {
            let row = &facts.refs[id];
            if !defines(row.kind) || !rank(row.kind) || row.flags.intersects(RefFlags::DEAD | RefFlags::TYPE_CHECKING) {
                continue;
            }
            let symbol = &facts.symbols[row.symbol];
            if symbol.scope == MODULE && is_own(symbol.flags, row.kind) && seen.insert(row.symbol) {
                found.push((facts.symbol_name(row.symbol), row.span, row.kind));
            }
        }
    }
    let is_dunder = |name: &str| name.starts_with("__") && name.ends_with("__");
    found.retain(|&(name, _, kind)| is_definition(kind) || !is_dunder(name));
    found.sort_by_key(|(_, span, _)| span.start);
    found
}

const fn is_definition(kind: RefKind) -> bool {
    matches!(kind, RefKind::Def | RefKind::Class)
}

/// A name that is imported too, with an assignment as the way out (`except ImportError: x = None`), is the other module's.
fn is_own(flags: SymbolFlags, kind: RefKind) -> bool {
    is_definition(kind) || !flags.contains(SymbolFlags::IMPORT)
}

fn has_main_guard(source: &Source<'_>) -> bool {
    struct Search(bool);
    impl<'a> Visitor<'a> for Search {
        fn visit_stmt(&mut self, stmt: &'a Stmt) {
            match stmt {
                Stmt::FunctionDef(_) | Stmt::ClassDef(_) => {}
                Stmt::If(statement) => {
                    let tests = statement.elif_else_clauses.iter().filter_map(|clause| clause.test.as_ref());
                    self.0 |= std::iter::once(&*statement.test).chain(tests).any(|test| main_guard(test).is_some());
                    visitor::walk_stmt(self, stmt);
                }
                _ => visitor::walk_stmt(self, stmt),
            }
        }
        fn visit_expr(&mut self, _: &'a Expr) {}
    }
    let mut search = Search(false);
    search.visit_body(source.parsed.suite());
    search.0
}
