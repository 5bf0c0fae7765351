//! What do other files need to know of a module? A small table for keeps, where the facts of a file are soon gone.
//!
//! It holds the names that the module binds, its imports, and what it does with the modules that it imports. Which modules
//! these are is not asked here.

use bitflags::bitflags;
use legb_base::{NameId, NameList, NameTable, Span};
use memchr::memmem;
use rustc_hash::FxHashSet;

use crate::facts::*;

bitflags! {
    /// Properties of a module.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
    pub struct ModuleFlags: u8 {
        /// Names may be bound by other means than statements: `globals()`, `exec`, `setattr`, `sys.modules[__name__]`.
        const OPEN = 1;
        /// Defines `__getattr__`.
        const HAS_GETATTR = 1 << 1;
        /// Has `if __name__ == "__main__"`.
        const MAIN_GUARD = 1 << 2;
        /// Begins with `#!`.
        const SHEBANG = 1 << 3;
        /// Mentions `sys.path`.
        const TOUCHES_PATH = 1 << 4;
        /// `__all__` is changed in a way that cannot be read off.
        const ALL_IS_DYNAMIC = 1 << 5;
    }
}

bitflags! {
    /// Circumstances of a mention of a module.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
    pub struct SiteFlags: u8 {
        /// In a `try` or `with`, which may deal with what is raised.
        const GUARDED = 1;
        /// Never run: under `if TYPE_CHECKING:`, in a branch of other versions, in an annotation.
        const NOT_RUN = 1 << 1;
        /// Runs while the module is imported: in no function.
        const AT_IMPORT = 1 << 2;
        /// Assigned, deleted, or something else that is no plain read.
        const WRITTEN = 1 << 3;
    }
}

/// One alias of an import statement.
#[derive(Clone, Copy, Debug)]
pub struct ImportSite {
    /// The module, dotted, without the dots of a relative import; none in `from . import x`.
    pub module: Option<NameId>,
    /// The name taken from the module, `*` for all; none in `import m`.
    pub name: Option<NameId>,
    /// Leading dots.
    pub level: u32,
    /// How and where.
    pub flags: ImportFlags,
    /// Whether and when it runs.
    pub site: SiteFlags,
    /// The alias in the text.
    pub alias: Span,
}

/// The first mention of each attribute of an imported module: `os.path.join` behind `import os`.
#[derive(Clone, Copy, Debug)]
pub struct AttributeSite {
    /// The import that binds the module, of those that are no `from` imports.
    pub import: u32,
    /// What follows the bound name, dotted: `path.join`. At most three parts.
    pub path: NameId,
    /// Whether and when it runs.
    pub site: SiteFlags,
    /// From the bound name to the last part.
    pub span: Span,
}

/// A statement that changes an object which another module holds: `settings.update(…)`, `config.names[0] = 1`.
#[derive(Clone, Copy, Debug)]
pub struct Change {
    /// The import that binds the module, or the object itself.
    pub import: u32,
    /// The name of the object in what the import binds, where that is a module; a `from` import may bind one too.
    pub attribute: Option<NameId>,
    /// Whether and when it runs.
    pub site: SiteFlags,
    /// The mention of the object.
    pub span: Span,
}

/// What other files need to know of a module.
#[derive(Clone, Debug, Default)]
pub struct ModuleSummary {
    names: NameList,
    /// Sorted by text.
    bound: Box<[NameId]>,
    /// What `__all__` lists, if the module has one.
    pub all: Option<Box<[(NameId, Span)]>>,
    /// Its imports, in the order of the walk.
    pub imports: Box<[ImportSite]>,
    /// What it reads of modules.
    pub attributes: Box<[AttributeSite]>,
    /// Changes of what other modules hold.
    pub changes: Box<[Change]>,
    /// Attributes of what it imports that it gives another value: `config.debug = True`.
    pub assigned: Box<[Change]>,
    /// Names of the module that functions bind again, which they declare `global`.
    rebound: Box<[NameId]>,
    /// Functions and methods whose calls never come back.
    never_returning: Box<[NameId]>,
    /// Properties.
    pub flags: ModuleFlags,
}

/// Memory that is used again from file to file.
#[derive(Debug, Default)]
pub struct SummaryScratch {
    names: NameTable,
    seen: FxHashSet<(u32, NameId, bool)>,
    /// By symbol, the import that binds it, plus one.
    import_of: Vec<u32>,
}

/// Of a dotted mention so many parts behind the first are kept.
const KEPT_PARTS: usize = 3;

impl ModuleSummary {
    /// The summary of a module that compiles.
    pub fn of(facts: &FileFacts, text: &str, scratch: &mut SummaryScratch) -> Self {
        scratch.names.clear();
        scratch.seen.clear();
        let mut maker = Maker { facts, text, scratch };
        let bound = maker.bound();
        let all = facts.module.all.as_ref().map(|all| {
            let listed = all.iter().map(|&(name, span)| (maker.keep(name), span));
            listed.collect()
        });
        let imports = maker.imports();
        let attributes = maker.attributes();
        let (changes, assigned) = maker.changes();
        let rebound = maker.rebound();
        let never_returning = maker.never_returning();
        let flags = maker.flags();
        let names = NameList::of(&scratch.names);
        Self { names, bound, all, imports, attributes, changes, assigned, rebound, never_returning, flags }
    }

    /// Whether a function of the module declares a name `global` and binds it again.
    pub fn rebinds(&self, name: &str) -> bool {
        self.rebound.iter().any(|&id| self.names.text(id) == name)
    }

    /// The functions and methods of the module whose calls never come back, by their names.
    pub fn never_returning(&self) -> impl Iterator<Item = &str> {
        self.never_returning.iter().map(|&id| self.names.text(id))
    }

    /// The text of a name.
    pub fn text(&self, id: NameId) -> &str {
        self.names.text(id)
    }

    /// Whether a statement of the module, or a function that declares the name `global`, may bind a name.
    pub fn binds(&self, name: &str) -> bool {
        self.bound.binary_search_by(|&id| self.names.text(id).cmp(name)).is_ok()
    }

    /// The names that the module may bind, sorted.
    pub fn bound(&self) -> impl Iterator<Item = &str> {
        self.bound.iter().map(|&id| self.names.text(id))
    }
}

struct Maker<'a> {
    facts: &'a FileFacts,
    text: &'a str,
    scratch: &'a mut SummaryScratch,
}

impl Maker<'_> {
    fn keep(&mut self, id: NameId) -> NameId {
        self.scratch.names.intern(self.facts.names.text(id))
    }

    fn bound(&mut self) -> Box<[NameId]> {
        let facts = self.facts;
        let binding = SymbolFlags::BOUND | SymbolFlags::GLOBAL;
        let mut bound: Vec<NameId> = facts
            .symbols_of(MODULE)
            .filter(|(_, symbol)| symbol.flags.intersects(binding))
            .map(|(_, symbol)| symbol.name)
            .collect();
        bound.sort_unstable_by(|&a, &b| facts.names.text(a).cmp(facts.names.text(b)));
        bound.into_iter().map(|name| self.keep(name)).collect()
    }

    fn imports(&mut self) -> Box<[ImportSite]> {
        let facts = self.facts;
        let site = |import: &Import| ImportSite {
            module: import.module.map(|name| self.keep(name)),
            name: import.name.map(|name| self.keep(name)),
            level: import.level,
            flags: import.flags,
            site: import_site(facts, import),
            alias: import.alias,
        };
        facts.imports.iter().map(site).collect()
    }

    /// First mentions of attributes of what `import` statements bind.
    fn attributes(&mut self) -> Box<[AttributeSite]> {
        let facts = self.facts;
        self.scratch.import_of.clear();
        self.scratch.import_of.resize(facts.symbols.len(), 0);
        let mut any = false;
        for (number, import) in (1..).zip(&facts.imports) {
            let Some(binding) = import.binding.filter(|_| !import.flags.contains(ImportFlags::FROM)) else { continue };
            let symbol = facts.refs[binding].symbol;
            if let Some(variable) = facts.variable(symbol) {
                self.scratch.import_of[variable.index()] = number;
                any = true;
            }
        }
        if !any {
            return Box::default();
        }
        let mut found = Vec::new();
        for reference in facts.refs.iter().filter(|reference| reference.kind == RefKind::Load) {
            if let Some(variable) = facts.variable(reference.symbol)
                && let Some(import) = self.scratch.import_of[variable.index()].checked_sub(1)
                && let Some(path) = dotted_behind(self.text, reference.span.end)
            {
                let name = self.scratch.names.intern(path.slice(self.text));
                // A plain read is kept once; one that may be no read, once as well, for a plain one may follow.
                if self.scratch.seen.contains(&(import, name, true)) {
                    continue;
                }
                let site = self.attribute_site(reference, path);
                let is_plain = site.difference(SiteFlags::AT_IMPORT).is_empty();
                if self.scratch.seen.insert((import, name, is_plain)) {
                    let span = Span::new(reference.span.start, path.end);
                    found.push(AttributeSite { import, path: name, site, span });
                }
            }
        }
        found.into()
    }

    /// Changes of objects that imports bind, or that lie in modules that imports bind.
    fn changes(&mut self) -> (Box<[Change]>, Box<[Change]>) {
        let facts = self.facts;
        self.scratch.import_of.clear();
        self.scratch.import_of.resize(facts.symbols.len(), 0);
        for (number, import) in (1..).zip(&facts.imports) {
            let symbol = import.binding.map(|binding| facts.refs[binding].symbol);
            if let Some(variable) = symbol.and_then(|symbol| facts.variable(symbol))
                && facts.symbols[variable].bindings == 1
            {
                self.scratch.import_of[variable.index()] = number;
            }
        }
        let (mut found, mut assigned) = (Vec::new(), Vec::new());
        for reference in facts.refs.iter().filter(|reference| reference.kind == RefKind::Load) {
            let next = self.text.as_bytes().get(reference.span.end as usize);
            if matches!(next, Some(b'.' | b'['))
                && let Some(variable) = facts.variable(reference.symbol)
                && let Some(import) = self.scratch.import_of[variable.index()].checked_sub(1)
            {
                let is_from = facts.imports[ImportId::from_usize(import as usize)].flags.contains(ImportFlags::FROM);
                if is_from && is_changed(self.text, reference.span) {
                    found.push(self.change(reference, import, reference.span, None));
                }
                let path = dotted_behind(self.text, reference.span.end).map(|path| path.slice(self.text));
                let Some(first) = path.and_then(|path| path.split('.').next()) else { continue };
                let end = reference.span.end + 1 + u32::try_from(first.len()).unwrap_or_default();
                let span = Span::new(reference.span.start, end);
                if is_changed(self.text, span) {
                    found.push(self.change(reference, import, span, Some(first)));
                } else if is_set(self.text, span) {
                    assigned.push(self.change(reference, import, span, Some(first)));
                }
            }
        }
        (found.into(), assigned.into())
    }

    fn change(&mut self, reference: &Reference, import: u32, span: Span, attribute: Option<&str>) -> Change {
        let attribute = attribute.map(|name| self.scratch.names.intern(name));
        Change { import, attribute, site: self.attribute_site(reference, span), span }
    }

    fn rebound(&mut self) -> Box<[NameId]> {
        let facts = self.facts;
        let mut names: Vec<NameId> = facts
            .declarations
            .iter()
            .map(|&declaration| (&facts.refs[declaration], &facts.symbols[facts.refs[declaration].symbol]))
            .filter(|(reference, symbol)| {
                reference.kind == RefKind::Global
                    && symbol.scope != MODULE
                    && symbol.flags.intersects(SymbolFlags::LOCAL | SymbolFlags::IMPORT)
            })
            .map(|(_, symbol)| symbol.name)
            .collect();
        names.sort_unstable();
        names.dedup();
        names.into_iter().map(|name| self.keep(name)).collect()
    }

    fn never_returning(&mut self) -> Box<[NameId]> {
        let facts = self.facts;
        let ends = facts.scopes.iter().filter(|scope| scope.flags.contains(ScopeFlags::NEVER_RETURNS));
        ends.map(|scope| self.keep(scope.name)).collect()
    }

    fn attribute_site(&self, reference: &Reference, path: Span) -> SiteFlags {
        const NOT_RUN: RefFlags = RefFlags::UNEVALUATED.union(RefFlags::TYPE_CHECKING).union(RefFlags::DEAD);
        let mut site = SiteFlags::empty();
        site.set(SiteFlags::GUARDED, is_guarded(self.facts, reference.span.start));
        site.set(SiteFlags::NOT_RUN, reference.flags.intersects(NOT_RUN));
        site.set(SiteFlags::AT_IMPORT, runs_at_import(self.facts, self.facts.symbols[reference.symbol].scope));
        site.set(SiteFlags::WRITTEN, is_written(self.text, reference.span.start, path.end));
        site
    }

    fn flags(&self) -> ModuleFlags {
        let (facts, text) = (self.facts, self.text);
        let mentions = |name: &str| facts.names.find(name).is_some();
        let contains = |words: &str| memmem::find(text.as_bytes(), words.as_bytes()).is_some();
        let itself = mentions("__name__");
        let mut flags = ModuleFlags::empty();
        flags.set(
            ModuleFlags::OPEN,
            ["globals", "exec", "vars", "locals", "setattr", "eval"].into_iter().any(mentions)
                || itself && contains("modules[")
                || contains("__dict__") && contains("modules")
                || contains("_convert_(")
                || contains("global_enum"),
        );
        flags.set(ModuleFlags::HAS_GETATTR, facts.module.has_getattr);
        flags.set(ModuleFlags::MAIN_GUARD, itself && self.has_main_guard());
        flags.set(ModuleFlags::SHEBANG, text.starts_with("#!"));
        flags.set(ModuleFlags::TOUCHES_PATH, mentions("sys") && contains("sys.path"));
        flags.set(ModuleFlags::ALL_IS_DYNAMIC, facts.module.all_is_dynamic);
        flags
    }

    fn has_main_guard(&self) -> bool {
        let is_guard = |branch: &Branch| {
            let test = &self.text[branch.statement as usize..branch.span.start as usize];
            let rest = test.strip_prefix("if").map(|rest| rest.trim_start_matches([' ', '(']));
            rest.is_some_and(|rest| rest.starts_with("__name__") && rest.contains("__main__"))
        };
        self.facts.branches.iter().any(|branch| branch.kind == BranchKind::If && branch.arm == 0 && is_guard(branch))
    }
}

fn import_site(facts: &FileFacts, import: &Import) -> SiteFlags {
    let bound = import.binding.map_or(RefFlags::empty(), |binding| facts.refs[binding].flags);
    let not_run = import.flags.contains(ImportFlags::TYPE_CHECKING) || bound.contains(RefFlags::DEAD);
    let guarded = import.flags.contains(ImportFlags::IN_TRY)
        || import.flags.contains(ImportFlags::CONDITIONAL) && is_guarded(facts, import.statement.start);
    let mut site = SiteFlags::empty();
    site.set(SiteFlags::GUARDED, guarded);
    site.set(SiteFlags::NOT_RUN, not_run);
    site.set(SiteFlags::AT_IMPORT, !import.flags.contains(ImportFlags::IN_FUNCTION));
    site
}

fn is_guarded(facts: &FileFacts, offset: u32) -> bool {
    facts.branches_at(offset).any(|branch| matches!(branch.kind, BranchKind::Try | BranchKind::With))
}

fn runs_at_import(facts: &FileFacts, mut scope: ScopeId) -> bool {
    while let Some(parent) = facts.scopes[scope].parent {
        if !facts.scopes[scope].kind.runs_in_place() {
            return false;
        }
        scope = parent;
    }
    true
}

/// The dotted name that follows an offset directly, without its first dot.
fn dotted_behind(text: &str, offset: u32) -> Option<Span> {
    let bytes = text.as_bytes();
    let start = offset as usize + 1;
    let mut end = offset as usize;
    for _ in 0..KEPT_PARTS {
        let rest = bytes.get(end..).and_then(|rest| rest.strip_prefix(b"."));
        let is_part = |byte: u8| byte == b'_' || byte.is_ascii_alphanumeric() || !byte.is_ascii();
        let length = rest.map_or(0, |rest| rest.iter().take_while(|&&byte| is_part(byte)).count());
        if length == 0 {
            break;
        }
        end += 1 + length;
    }
    let index = |at: usize| u32::try_from(at).ok();
    (end > start).then(|| Some(Span::new(index(start)?, index(end)?)))?
}

/// Methods of lists, dicts and sets that change them.
const CHANGES: [&str; 16] = [
    "append",
    "add",
    "insert",
    "extend",
    "update",
    "pop",
    "popitem",
    "popleft",
    "appendleft",
    "remove",
    "discard",
    "clear",
    "setdefault",
    "sort",
    "reverse",
    "extendleft",
];

/// Whether the text behind a mention calls a method of lists, dicts or sets that changes them: `.append(…`.
pub fn calls_changing_method(behind: &str) -> bool {
    behind.strip_prefix('.').is_some_and(|method| {
        let end = method.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(method.len());
        method[end..].starts_with('(') && CHANGES.contains(&&method[..end])
    })
}

/// Whether what follows a mention changes the object: a method that does, or an item that is assigned or deleted.
fn is_changed(text: &str, mention: Span) -> bool {
    let rest = &text[mention.end as usize..];
    if calls_changing_method(rest) {
        return true;
    }
    let line = rest.lines().next().unwrap_or_default();
    if !line.starts_with('[') {
        return false;
    }
    let mut depth = 0_i32;
    let closing = line.char_indices().find(|&(_, c)| {
        depth += i32::from(c == '[') - i32::from(c == ']');
        depth == 0
    });
    let Some((at, _)) = closing else { return false };
    let end = mention.end + u32::try_from(at + 1).unwrap_or_default();
    let line_start = text[..mention.start as usize].rfind('\n').map_or(0, |at| at + 1);
    let before = text[line_start..mention.start as usize].trim();
    before == "del" || before.is_empty() && is_assigned(&text[end as usize..])
}

/// Whether a statement begins with a mention and gives it another value.
fn is_set(text: &str, mention: Span) -> bool {
    let line_start = text[..mention.start as usize].rfind('\n').map_or(0, |at| at + 1);
    text[line_start..mention.start as usize].trim().is_empty() && is_assigned(&text[mention.end as usize..])
}

/// Whether an assignment follows, plain or augmented.
fn is_assigned(behind: &str) -> bool {
    match behind.trim_start_matches([' ', '\t']).as_bytes() {
        [b'=', next, ..] => *next != b'=',
        [b'+' | b'-' | b'*' | b'/' | b'%' | b'&' | b'|' | b'^' | b'@', b'=', ..] => true,
        _ => false,
    }
}

/// Whether a dotted mention is the target of an assignment, a deletion or the like.
fn is_written(text: &str, start: u32, end: u32) -> bool {
    let line = text[..start as usize].rfind('\n').map_or(0, |at| at + 1);
    let before = text[line..start as usize].trim();
    let behind = text[end as usize..].trim_start_matches([' ', '\t']);
    let assigned = is_assigned(behind) || before.is_empty() && behind.starts_with([':', ',']);
    let is_keyword_argument = assigned && before.ends_with(['(', ',']);
    assigned && !is_keyword_argument
        || before.split_whitespace().next() == Some("del")
        || ["as", "for"].contains(&before.split_whitespace().next_back().unwrap_or_default())
}
