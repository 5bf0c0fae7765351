//! What does one file mention, besides the names that its facts know? Kept with the facts and the text.
//!
//! Attributes behind a name, calls with keywords, texts that are written like names, names in annotations that are texts, and
//! values that an f-string shows with their source.

use legb_base::{Dialect, Span};
use legb_graph::ModuleId;
use legb_scope::facts::MODULE;
use legb_scope::{
    Analyzer, FileFacts, ImportId, Place, RefId, RefKind, ScopeFlags, ScopeId, ScopeKind, SymbolFlags, SymbolId,
};
use legb_syntax::decode::decode;
use legb_syntax::{CompileError, LineIndex, SourceKind, parse};
use rustc_hash::FxHashMap;

use super::{Use, Variable};

/// A name and the attributes behind it: `a.b.c`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chain {
    /// The mention of the name.
    pub root: RefId,
    /// The attributes, each with its place.
    pub parts: Box<[Span]>,
    /// What is done with the last of them.
    pub usage: Use,
}

/// A call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// What is called, where that is a name with or without attributes.
    pub callee: Option<Chain>,
    /// The last name of what is called: `f` of `f(…)`, `a.f(…)` and `a().f(…)`.
    pub last: Option<Span>,
    /// The names of the keywords.
    pub keywords: Box<[Span]>,
    /// Whether it passes a mapping: `**options`.
    pub unpacks: bool,
    /// From the first bracket to the last.
    pub arguments: Span,
}

/// What a text is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TextRole {
    /// Nothing that is known.
    Plain,
    /// The second argument of a call: `getattr(m, "x")`.
    Attribute {
        /// What is called.
        callee: Chain,
        /// The first argument, where it is a name with or without attributes.
        object: Option<Chain>,
    },
}

/// A text that is written like a name: `"x"`, `"a.b"`, `"a.b:c"`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// What is between the quotes.
    pub inner: Span,
    /// What it is for.
    pub role: TextRole,
}

/// A name in an annotation that is a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Annotated {
    /// The name; the whole text where that is not written plainly.
    pub(crate) span: Span,
    /// Whether the place is that of the name alone.
    pub(crate) is_exact: bool,
    /// The symbol that holds the variable; none if the file has none.
    pub(crate) symbol: Option<SymbolId>,
}

/// The dotted name of a module in an import statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ModuleName {
    /// The dotted name, without leading dots.
    pub(crate) span: Span,
    /// The statement.
    pub(crate) statement: Span,
}

/// One file, analysed for keeps.
#[derive(Debug)]
pub struct Mentions {
    /// Path as it is printed.
    pub path: String,
    /// The decoded text.
    pub text: String,
    /// Its lines.
    pub lines: LineIndex,
    /// Its facts.
    pub facts: FileFacts,
    /// What the version refuses in it.
    pub error: Option<CompileError>,
    /// Names with attributes behind them.
    pub chains: Vec<Chain>,
    /// Names of attributes of values that are no names: `f().x`.
    pub loose: Vec<Span>,
    /// Calls.
    pub calls: Vec<Call>,
    /// Texts that are written like names.
    pub texts: Vec<Text>,
    pub(crate) annotated: Vec<Annotated>,
    pub(crate) module_names: Vec<ModuleName>,
    /// Values that an f-string shows with their source: `f"{x=}"`.
    pub(crate) shown: Vec<Span>,
    import_of: FxHashMap<RefId, ImportId>,
    /// Mentions by the place where they begin.
    by_start: FxHashMap<u32, RefId>,
}

impl Mentions {
    /// Reads a file; the error is of bytes that are no text.
    pub fn of(path: String, bytes: &[u8], kind: SourceKind, dialect: &Dialect) -> Result<Self, CompileError> {
        let text = decode(bytes, dialect)?.into_owned();
        let parsed = parse(&text, kind, dialect);
        let mut analyzer = Analyzer::default();
        analyzer.analyze(&parsed, &text, dialect, kind);
        let facts = analyzer.into_facts();
        let error = parsed.grammar_error(&text, dialect).or_else(|| facts.errors.first().cloned());
        let by_start = facts
            .refs
            .iter_enumerated()
            .filter(|(_, row)| !row.span.slice(&text).is_empty())
            .map(|(id, row)| (row.span.start, id))
            .collect();
        let import_of =
            facts.imports.iter_enumerated().filter_map(|(id, import)| Some((import.binding?, id))).collect();
        let mut mentions = Self {
            path,
            lines: LineIndex::new(&text),
            text,
            facts,
            error,
            chains: Vec::new(),
            loose: Vec::new(),
            calls: Vec::new(),
            texts: Vec::new(),
            annotated: Vec::new(),
            module_names: Vec::new(),
            shown: Vec::new(),
            import_of,
            by_start,
        };
        super::walk::walk(&mut mentions, &parsed, dialect);
        Ok(mentions)
    }

    /// The alias of an import statement that makes a binding.
    pub fn imported_by(&self, binding: RefId) -> Option<ImportId> {
        self.import_of.get(&binding).copied()
    }

    /// Whether the module has `from … import *`.
    pub fn has_star_import(&self) -> bool {
        self.facts.scopes.get(MODULE).is_some_and(|module| module.flags.contains(ScopeFlags::STAR_IMPORT))
    }

    /// The variable that a mention of this file, that of `module`, means, if it is one that the project can have.
    pub fn variable(&self, module: ModuleId, reference: RefId) -> Option<Variable> {
        self.variable_of(module, self.facts.refs[reference].symbol)
    }

    /// The variable that a symbol stands for.
    pub(crate) fn variable_of(&self, module: ModuleId, symbol: SymbolId) -> Option<Variable> {
        let name = self.facts.symbol_name(symbol);
        if self.is_global_named(symbol, name) {
            return Some(Variable::global(module, name));
        }
        let symbol = self.facts.variable(symbol)?;
        if self.facts.symbols[symbol].scope == MODULE {
            return Some(Variable::global(module, name));
        }
        Some(Variable::Local { module, symbol })
    }

    /// The symbol that holds a variable of this file; none where the file only reads it.
    pub(crate) fn symbol(&self, variable: &Variable) -> Option<SymbolId> {
        match variable {
            Variable::Global { name, .. } => self.global(name),
            Variable::Local { symbol, .. } => Some(*symbol),
        }
    }

    /// The mention that begins at an offset.
    pub(crate) fn reference_at(&self, start: u32) -> Option<RefId> {
        self.by_start.get(&start).copied()
    }

    /// The mention whose name is at an offset, or ends there.
    pub(crate) fn reference_touching(&self, offset: u32) -> Option<RefId> {
        let rows = self.facts.refs.iter_enumerated();
        let found = rows.filter(|(_, row)| row.span.touches(offset) && row.span.start < row.span.end);
        found.min_by_key(|(_, row)| (row.span.end == offset, row.span.end - row.span.start)).map(|(id, _)| id)
    }

    /// The symbol of a name in the module, if the module mentions it.
    pub(crate) fn global(&self, name: &str) -> Option<SymbolId> {
        self.facts.symbol_in(MODULE, self.facts.names.find(name)?)
    }

    /// The symbol of a name that the module, or a function that declares it `global`, binds.
    pub(crate) fn bound_global(&self, name: &str) -> Option<SymbolId> {
        let symbol = self.global(name)?;
        self.bindings(symbol).next().map(|_| symbol)
    }

    /// All mentions of the variable that a symbol holds.
    pub(crate) fn references(&self, symbol: SymbolId) -> impl Iterator<Item = RefId> {
        let is_global = self.facts.symbols[symbol].scope == MODULE;
        self.facts
            .refs
            .iter_enumerated()
            .filter(move |(_, row)| self.means(row.symbol, symbol, is_global))
            .map(|(id, _)| id)
    }

    fn means(&self, mentioned: SymbolId, symbol: SymbolId, is_global: bool) -> bool {
        mentioned == symbol
            || self.facts.variable(mentioned) == Some(symbol)
            || is_global && self.is_global_named(mentioned, self.facts.symbol_name(symbol))
    }

    /// Whether a symbol stands for the module's variable of a name.
    pub(crate) fn is_global_named(&self, symbol: SymbolId, name: &str) -> bool {
        let row = &self.facts.symbols[symbol];
        (row.scope == MODULE && row.place != Place::Free || row.place.is_global())
            && self.facts.symbol_name(symbol) == name
    }

    /// The mentions that give the variable of a symbol its value.
    pub(crate) fn bindings(&self, symbol: SymbolId) -> impl Iterator<Item = RefId> {
        self.references(symbol).filter(|&id| self.facts.refs[id].kind.binds())
    }

    /// The innermost scope of a kind that takes up a span.
    pub(crate) fn scope_of(&self, kind: ScopeKind, span: Span) -> Option<ScopeId> {
        self.facts
            .scopes
            .iter_enumerated()
            .find(|(_, scope)| scope.kind == kind && scope.span == span)
            .map(|(id, _)| id)
    }

    /// The symbol that holds the variable which a name means where it stands directly in a scope.
    pub(crate) fn visible(&self, from: ScopeId, name: &str) -> Option<SymbolId> {
        let id = self.facts.names.find(name)?;
        let mut at = Some(from);
        while let Some(scope) = at {
            let row = &self.facts.scopes[scope];
            if (scope == from || row.kind != ScopeKind::Class)
                && let Some(symbol) = self.facts.symbol_in(scope, id)
                && (scope == MODULE
                    || self.facts.symbols[symbol].flags.intersects(SymbolFlags::BOUND)
                    || self.facts.symbols[symbol].place == Place::GlobalExplicit)
            {
                return self.facts.variable(symbol).or((scope == MODULE).then_some(symbol));
            }
            at = row.parent;
        }
        None
    }

    /// What a mention does.
    pub(crate) fn usage(&self, reference: RefId) -> Use {
        match self.facts.refs[reference].kind {
            RefKind::Load => Use::Read,
            RefKind::Delete => Use::Delete,
            RefKind::Annotation | RefKind::Global | RefKind::Nonlocal => Use::Declare,
            kind => Use::Bind(kind),
        }
    }
}
