//! Which names does one file bind as a module, on which lines, and from where do its imports take them?
//!
//! The table outlives the facts of the file. Names that functions bind after a `global` statement are among them; what an
//! `import *` brings is not, for that another file tells.

use legb_base::{LineRange, Span};
use legb_scope::explain::Source;
use legb_scope::facts::MODULE;
use legb_scope::{BranchKind, FileFacts, Import, ImportFlags, RefFlags, RefId, RefKind, ScopeFlags};
use rustc_hash::FxHashMap;

use crate::outline::{LazyName, lazy_names};

/// The names that one file binds as a module.
#[derive(Clone, Debug, Default)]
pub struct ModuleNames {
    bindings: FxHashMap<Box<str>, Vec<Binding>>,
    /// Its `import *` statements, in the order of the text.
    pub stars: Vec<StarImport>,
    /// What `__all__` lists, if the module has one.
    pub all: Option<Vec<String>>,
    /// `__all__` is changed in a way that cannot be read off.
    pub all_is_dynamic: bool,
    /// Names that its `__getattr__` is seen to make.
    pub lazy: Vec<LazyName>,
    /// Where it defines `__getattr__`.
    pub getattr: Option<LineRange>,
    /// Names may be bound by other means than statements.
    pub is_open: bool,
}

/// A statement that binds a name of a module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    /// The name in the statement.
    pub range: LineRange,
    /// How it is bound.
    pub kind: RefKind,
    /// What an import takes.
    pub from: Option<Imported>,
    /// Whether it runs whenever the module is imported: in no branch and in no function.
    pub always: bool,
    /// Whether it runs at all: not under `if TYPE_CHECKING:`, nor in a branch of other versions.
    pub runs: bool,
}

/// What one alias of an import statement takes, as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// Leading dots.
    pub level: u32,
    /// The module, without the dots; empty in `from . import x`. Of `import a.b`, which binds `a`, it is `a`.
    pub module: String,
    /// The name that is taken from it; none for the module itself.
    pub name: Option<String>,
}

/// An `import *`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StarImport {
    /// The module, as it is written.
    pub from: Imported,
    /// The statement.
    pub range: LineRange,
    /// Whether it runs whenever the module is imported.
    pub always: bool,
}

impl Imported {
    /// What an alias binds its name to.
    pub fn of(facts: &FileFacts, import: &Import) -> Self {
        let written = import.module.map_or("", |name| facts.names.text(name));
        let name = import.name.map(|name| facts.names.text(name).to_owned());
        let is_whole = import.flags.intersects(ImportFlags::FROM | ImportFlags::ALIASED);
        let module = if is_whole { written } else { written.split('.').next().unwrap_or(written) };
        Self { level: import.level, module: module.to_owned(), name }
    }

    /// The module with its dots.
    pub fn written(&self) -> String {
        format!("{}{}", ".".repeat(self.level as usize), self.module)
    }
}

impl ModuleNames {
    /// The table of a file.
    pub fn of(source: &Source<'_>) -> Self {
        let facts = source.facts;
        let located = |span: Span| source.lines.line_range(span, source.text);
        let by_binding: FxHashMap<RefId, &Import> =
            facts.imports.iter().filter_map(|import| Some((import.binding?, import))).collect();
        let mut bindings: FxHashMap<Box<str>, Vec<Binding>> = FxHashMap::default();
        for (id, row) in facts.refs.iter_enumerated().filter(|(_, row)| row.kind.binds()) {
            let is_global = facts.variable(row.symbol).is_some_and(|variable| facts.symbols[variable].scope == MODULE);
            if !is_global {
                continue;
            }
            let import = by_binding.get(&id);
            let type_checking = import.is_some_and(|import| import.flags.contains(ImportFlags::TYPE_CHECKING));
            let binding = Binding {
                range: located(row.span),
                kind: row.kind,
                from: import.map(|import| Imported::of(facts, import)),
                always: facts.symbols[row.symbol].scope == MODULE && is_always_run(facts, row.span.start),
                runs: !type_checking && !row.flags.intersects(RefFlags::DEAD | RefFlags::TYPE_CHECKING),
            };
            bindings.entry(facts.ref_name(id).into()).or_default().push(binding);
        }
        let stars = facts.imports.iter().filter(|import| import.flags.contains(ImportFlags::STAR));
        let star = |import: &Import| StarImport {
            from: Imported { name: None, ..Imported::of(facts, import) },
            range: located(import.statement),
            always: is_always_run(facts, import.statement.start),
        };
        let all = facts.module.all.as_ref();
        let getattr = bindings.get("__getattr__").and_then(|list| list.first()).map(|binding| binding.range);
        Self {
            stars: stars.map(star).collect(),
            all: all.map(|all| all.iter().map(|&(name, _)| facts.names.text(name).to_owned()).collect()),
            all_is_dynamic: facts.module.all_is_dynamic,
            lazy: lazy_names(source.parsed.suite()).0,
            getattr,
            is_open: facts.scopes[MODULE].flags.contains(ScopeFlags::DYNAMIC),
            bindings,
        }
    }

    /// The statements that bind a name, in the order of the text.
    pub fn bindings(&self, name: &str) -> &[Binding] {
        self.bindings.get(name).map_or(&[], Vec::as_slice)
    }

    /// The binding that holds when the module has run, as far as one can tell: the last that always runs, else the first that
    /// may.
    pub fn chosen(&self, name: &str) -> Option<&Binding> {
        let list = self.bindings(name);
        let last = list.iter().rev().find(|binding| binding.always && binding.runs);
        last.or_else(|| list.iter().find(|binding| binding.runs)).or_else(|| list.first())
    }

    /// Every name that a statement binds, in no order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.bindings.keys().map(AsRef::as_ref)
    }
}

/// Whether an offset of the module's own code is in no branch.
fn is_always_run(facts: &FileFacts, offset: u32) -> bool {
    facts.branches_at(offset).all(|branch| branch.kind == BranchKind::With)
}
