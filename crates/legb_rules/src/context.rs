//! What a rule can ask about the file it looks at.
//!
//! Tables that only some rules need, or only files with findings, are made when they are first asked for.

use std::cell::OnceCell;
use std::path::Path;

use legb_base::{Dialect, Span};
use legb_scope::facts::MODULE;
use legb_scope::{FileFacts, RefId, RefKind, ScopeId, ScopeKind, SymbolId};
use legb_syntax::{LineIndex, Parsed, SourceKind};

use memchr::memmem;
use rustc_hash::FxHashSet;

use crate::canonical::Canonical;
use crate::rules::unused_import;
use crate::settings::Settings;
use crate::typing_strings;
use crate::uses::Uses;

/// One file with everything that rules read.
pub struct FileCx<'a> {
    /// The facts.
    pub facts: &'a FileFacts,
    /// The syntax tree that the facts were made from.
    pub parsed: &'a Parsed,
    /// The decoded text.
    pub text: &'a str,
    /// The version of Python that the file is checked for.
    pub dialect: &'a Dialect,
    /// Program or stub.
    pub kind: SourceKind,
    /// Where the file lies.
    pub path: &'a Path,
    /// The file is the `__init__` of a package.
    pub is_init_file: bool,
    /// What the project says to rules.
    pub settings: &'a Settings,
    lines: OnceCell<LineIndex>,
    uses: OnceCell<Uses>,
    unused_imports: OnceCell<Vec<Option<SymbolId>>>,
    typing_words: OnceCell<FxHashSet<&'a str>>,
    canonical: OnceCell<Canonical>,
}

impl<'a> FileCx<'a> {
    /// A file to run rules over.
    pub fn new(
        facts: &'a FileFacts,
        parsed: &'a Parsed,
        text: &'a str,
        dialect: &'a Dialect,
        kind: SourceKind,
        path: &'a Path,
    ) -> Self {
        Self {
            facts,
            parsed,
            text,
            dialect,
            kind,
            path,
            is_init_file: path.file_stem().is_some_and(|stem| stem == "__init__"),
            settings: Settings::NONE,
            lines: OnceCell::new(),
            uses: OnceCell::new(),
            unused_imports: OnceCell::new(),
            typing_words: OnceCell::new(),
            canonical: OnceCell::new(),
        }
    }

    /// The same file under the settings of a project.
    #[must_use]
    pub fn with_settings(self, settings: &'a Settings) -> Self {
        Self { settings, ..self }
    }

    /// Where the lines begin.
    pub fn lines(&self) -> &LineIndex {
        self.lines.get_or_init(|| LineIndex::new(self.text))
    }

    /// The line of an offset, from 1.
    pub(crate) fn line(&self, offset: u32) -> u32 {
        self.lines().line(offset)
    }

    /// What is read anywhere in the file.
    pub(crate) fn uses(&self) -> &Uses {
        self.uses.get_or_init(|| Uses::of(self.facts, self.dialect))
    }

    /// For each import of the file the variable that it binds, if nothing uses it.
    pub(crate) fn unused_imports(&self) -> &[Option<SymbolId>] {
        self.unused_imports.get_or_init(|| unused_import::unused_imports(self))
    }

    /// What imports say of names.
    pub(crate) fn canonical(&self) -> &Canonical {
        self.canonical.get_or_init(|| Canonical::of(self))
    }

    /// Whether the module binds a name.
    pub(crate) fn module_binds(&self, name: &str) -> bool {
        let symbol = self.facts.names.find(name).and_then(|name| self.facts.symbol_in(MODULE, name));
        symbol.is_some_and(|symbol| self.facts.symbols[symbol].bindings > 0)
    }

    /// Whether the file mentions a name at all.
    pub(crate) fn mentions(&self, name: &str) -> bool {
        self.facts.names.find(name).is_some()
    }

    /// Whether a text or comment outside annotations, but where a type may stand, mentions a name.
    pub(crate) fn typing_text_mentions(&self, name: &str) -> bool {
        let mut mentions = memmem::find_iter(self.text.as_bytes(), name);
        if !mentions.any(|at| self.parsed.is_in_text_or_comment(at)) {
            return false;
        }
        self.typing_words
            .get_or_init(|| typing_strings::words(self.parsed.suite(), self.text, self.dialect))
            .contains(name)
    }

    /// The references that bind a symbol.
    pub(crate) fn bindings_of(&self, symbol: SymbolId) -> impl Iterator<Item = RefId> + '_ {
        self.facts.refs_of(symbol).filter(|(_, row)| row.kind.binds()).map(|(id, _)| id)
    }

    /// The references, in any scope, to the variable that a symbol holds.
    pub(crate) fn refs_of_variable(&self, variable: SymbolId) -> impl Iterator<Item = RefId> + '_ {
        let symbols = self.facts.symbols.iter_enumerated();
        let sharing = symbols.filter(move |&(id, row)| {
            id == variable || row.owner == Some(variable) && self.facts.variable(id) == Some(variable)
        });
        sharing.flat_map(|(symbol, _)| self.facts.refs_of(symbol).map(|(id, _)| id))
    }

    pub(crate) fn name(&self, symbol: SymbolId) -> &'a str {
        self.facts.symbol_name(symbol)
    }

    /// The code block whose frame runs the code of a scope: comprehensions that are compiled into what is around them
    /// have none of their own.
    pub(crate) fn frame_of(&self, mut scope: ScopeId) -> ScopeId {
        while self.facts.scopes[scope].flags.contains(legb_scope::ScopeFlags::INLINED)
            && let Some(parent) = self.facts.scopes[scope].parent
        {
            scope = parent;
        }
        scope
    }

    /// How messages call a scope.
    pub(crate) fn describe(&self, scope: ScopeId) -> String {
        let name = self.facts.names.text(self.facts.scopes[scope].name);
        match self.facts.scopes[scope].kind {
            ScopeKind::Module => "the module".to_owned(),
            ScopeKind::Class => format!("class `{name}`"),
            ScopeKind::Function => format!("`{name}`"),
            ScopeKind::Lambda => "the lambda".to_owned(),
            ScopeKind::ListComp | ScopeKind::SetComp | ScopeKind::DictComp => "the comprehension".to_owned(),
            ScopeKind::GenExpr => "the generator expression".to_owned(),
            ScopeKind::Annotation => "the annotation".to_owned(),
            ScopeKind::TypeParams | ScopeKind::TypeAlias | ScopeKind::TypeVariable => "the type parameters".to_owned(),
        }
    }

    /// The module's symbol of a name, if the module mentions it.
    pub(crate) fn module_symbol(&self, symbol: SymbolId) -> Option<SymbolId> {
        self.facts.symbol_in(MODULE, self.facts.symbols[symbol].name)
    }

    /// Whether some function declares the variable of this module symbol `global` and binds it.
    pub(crate) fn bound_by_a_function(&self, name: legb_base::NameId) -> bool {
        use legb_scope::SymbolFlags;
        self.facts.symbols.iter().any(|symbol| {
            symbol.name == name
                && symbol.scope != MODULE
                && symbol.flags.contains(SymbolFlags::GLOBAL)
                && symbol.flags.intersects(SymbolFlags::LOCAL | SymbolFlags::IMPORT)
        })
    }

    /// What a binding does, as messages say it: "assigned", "imported", …
    pub(crate) fn verb(kind: RefKind) -> &'static str {
        match kind {
            RefKind::Import => "imported",
            RefKind::Def | RefKind::Class | RefKind::TypeAlias | RefKind::TypeParam => "defined",
            RefKind::Delete => "deleted",
            RefKind::Annotation => "annotated",
            RefKind::Param => "a parameter",
            RefKind::Global | RefKind::Nonlocal => "declared",
            RefKind::Load => "read",
            _ => "assigned",
        }
    }

    /// The text of a place.
    pub(crate) fn slice(&self, span: Span) -> &'a str {
        span.slice(self.text)
    }
}
