//! How easily can an import be moved or removed? Told by what the importing file does with the name.
//!
//! The answers are about one file: whether other modules take the name from it is not looked at, nor whether a function that
//! uses it is called while modules are loaded.

use legb_base::{Dialect, PyVersion};
use legb_project::SourceFile;
use legb_scope::facts::MODULE;
use legb_scope::{Analyzer, FileFacts, Import, ImportFlags, RefFlags, RefKind, ScopeFlags, ScopeKind, SymbolId};
use legb_syntax::decode::decode;
use legb_syntax::{LineIndex, SourceKind, parse};

use crate::modules::ModuleId;
use crate::resolver::Resolver;
use crate::when::is_eager;

/// What a file does with a name that it imports, from the easiest import to do without to the hardest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ease {
    /// Nothing in the file uses it.
    Unused,
    /// Only annotations use it that are not evaluated while the module is executed, or code under `if TYPE_CHECKING:`.
    TypingOnly,
    /// Only functions use it.
    InFunctions,
    /// It is there for others: the file is the `__init__` of a package, or lists the name in `__all__`.
    HandedOn,
    /// Code that runs while the module is executed uses it, or may.
    AtImport,
}

impl Ease {
    /// What the file does with the name, as part of a sentence.
    pub const fn because(self) -> &'static str {
        match self {
            Self::Unused => "nothing in the file uses it",
            Self::TypingOnly => "only annotations use it",
            Self::InFunctions => "only functions use it",
            Self::HandedOn => "the module hands it on to others",
            Self::AtImport => "used while the module is loaded",
        }
    }

    /// What can be done about the import, where that is easy.
    pub const fn remedy(self) -> Option<&'static str> {
        match self {
            Self::Unused => Some("remove it"),
            Self::TypingOnly => Some("move it under `if TYPE_CHECKING:`"),
            Self::InFunctions => Some("move it into the functions"),
            Self::HandedOn | Self::AtImport => None,
        }
    }

    /// The word for it in data.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Unused => "unused",
            Self::TypingOnly => "typing-only",
            Self::InFunctions => "in-functions",
            Self::HandedOn => "handed-on",
            Self::AtImport => "at-import",
        }
    }
}

/// An import statement of a module, by the module it means and its line.
pub(crate) type Wanted = (ModuleId, u32);

/// What a file does with the names of some of its imports, in their order. Where an import is not found again, or the file cannot
/// be analysed, the hardest answer is given.
pub(crate) fn eases(
    resolver: &Resolver,
    importer: ModuleId,
    file: &SourceFile,
    bytes: &[u8],
    version: PyVersion,
    wanted: &[Wanted],
) -> Vec<Ease> {
    let dialect = Dialect::of(version);
    let Ok(text) = decode(bytes, &dialect) else { return vec![Ease::AtImport; wanted.len()] };
    let parsed = parse(&text, SourceKind::Python, &dialect);
    let mut analyzer = Analyzer::default();
    let facts = analyzer.analyze(&parsed, &text, &dialect, SourceKind::Python);
    let lines = LineIndex::new(&text);
    let statements: Vec<(Wanted, Ease)> = facts
        .imports
        .iter()
        .filter(|import| is_eager(import.flags))
        .filter_map(|import| {
            let to = target(resolver, importer, facts, import)?;
            Some(((to, lines.line(import.statement.start)), ease(facts, import, file.is_package_init(), &text)))
        })
        .collect();
    let of = |wanted: &Wanted| statements.iter().filter(|(known, _)| known == wanted).map(|(_, ease)| *ease).max();
    wanted.iter().map(|wanted| of(wanted).unwrap_or(Ease::AtImport)).collect()
}

fn target(resolver: &Resolver, importer: ModuleId, facts: &FileFacts, import: &Import) -> Option<ModuleId> {
    let module = import.module.map(|id| facts.names.text(id));
    let target = match (import.level, module) {
        (0, name) => resolver.absolute(importer, name?),
        (level, name) => resolver.relative(importer, level, name),
    };
    let name = import.name.map(|id| facts.names.text(id));
    name.map_or(target, |name| resolver.from(target, name)).module()
}

fn ease(facts: &FileFacts, import: &Import, is_package_init: bool, text: &str) -> Ease {
    let Some(binding) = import.binding.filter(|_| import.scope == MODULE) else { return Ease::AtImport };
    if facts.scopes[MODULE].flags.contains(ScopeFlags::DYNAMIC) {
        return Ease::AtImport;
    }
    let symbol = facts.refs[binding].symbol;
    let variable = facts.variable(symbol).unwrap_or(symbol);
    let name = facts.symbols[variable].name;
    let is_listed = facts.module.all.as_ref().is_some_and(|all| all.iter().any(|(listed, _)| *listed == name));
    let source = import.name.or(import.module).map(|id| facts.names.text(id));
    let is_renamed_to_itself =
        import.flags.contains(ImportFlags::ALIASED) && source == Some(facts.refs[binding].span.slice(text));
    let mut ease = Ease::Unused;
    if is_package_init || is_listed || is_renamed_to_itself || facts.module.all_is_dynamic {
        ease = Ease::HandedOn;
    }
    if facts.module.string_uses.contains(&name) {
        ease = ease.max(Ease::TypingOnly);
    }
    uses(facts, variable).fold(ease, Ease::max)
}

/// How each use of a variable needs its value.
fn uses(facts: &FileFacts, variable: SymbolId) -> impl Iterator<Item = Ease> {
    let reads = |kind: RefKind| matches!(kind, RefKind::Load | RefKind::AugAssign | RefKind::Delete);
    facts
        .refs
        .iter()
        .filter(move |reference| reads(reference.kind) && facts.variable(reference.symbol) == Some(variable))
        .map(|reference| {
            if reference.flags.intersects(RefFlags::UNEVALUATED | RefFlags::TYPE_CHECKING | RefFlags::DEAD) {
                return Ease::TypingOnly;
            }
            let mut scope = Some(facts.symbols[reference.symbol].scope);
            while let Some(id) = scope {
                let row = &facts.scopes[id];
                match row.kind {
                    _ if row.flags.contains(ScopeFlags::HIDDEN) => return Ease::TypingOnly,
                    ScopeKind::Annotation | ScopeKind::TypeAlias | ScopeKind::TypeVariable => return Ease::TypingOnly,
                    ScopeKind::Function | ScopeKind::Lambda => return Ease::InFunctions,
                    _ => scope = row.parent,
                }
            }
            Ease::AtImport
        })
}

#[cfg(test)]
mod tests;
