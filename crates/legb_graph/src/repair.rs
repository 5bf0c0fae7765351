//! Ways to change a file so that one of its imports runs later, or asks for less while it runs.
//!
//! A repair is text: that nothing between an import and its new place uses what it binds is looked at, what other files take
//! from this one is not. Whether it helps, a run of the edited project has to show.
//!
//! ```python
//! from b import B      # line 1: in a cycle
//! def make():
//!     return B()       # the only use: the import can move in here
//! ```

mod statement;

use legb_base::{Dialect, Edit, Span};
use legb_scope::facts::MODULE;
use legb_scope::{Analyzer, FileFacts, Import, RefFlags, RefKind, Reference, ScopeFlags, ScopeId, ScopeKind, SymbolId};
use legb_syntax::ast::{Expr, Stmt, visitor};
use legb_syntax::{LineIndex, Parsed, Ranged, SourceKind, parse};

use statement::Statement;

/// How an import is changed, from the change that asks least of the reader to the one that asks most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Remedy {
    /// Under `if TYPE_CHECKING:`: only annotations need it.
    TypeChecking,
    /// Into the functions that use it.
    IntoFunctions,
    /// `import m` instead of `from m import x`.
    ModuleImport,
    /// Below what the imported module needs of this one.
    Below,
    /// `lazy` (PEP 810).
    Lazy,
}

/// A change of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repair {
    /// What kind it is.
    pub remedy: Remedy,
    /// What it does, in a few words.
    pub title: String,
    /// The edits, sorted and not overlapping.
    pub edits: Vec<Edit>,
    /// Names that the module no longer has for others.
    pub gone: Vec<String>,
}

/// Which import is to be changed, and why.
#[derive(Clone, Copy, Debug)]
pub struct Trouble<'a> {
    /// A line of the import statement.
    pub line: u32,
    /// The one name of a `from` import that cannot be had; all names of the statement if it is none of them.
    pub name: Option<&'a str>,
    /// The name of this file that the imported module needs while it runs.
    pub needed: Option<&'a str>,
}

/// More functions than these, and other repairs come first.
const FEW_FUNCTIONS: usize = 3;

/// The repairs of an import in a file that stands at module level, outside of all compound statements; the best first.
/// `is_package_init`: the file is there to hand names on, so that they have to stay.
pub fn repairs(text: &str, trouble: Trouble<'_>, is_package_init: bool, dialect: &Dialect) -> Vec<Repair> {
    let parsed = parse(text, SourceKind::Python, dialect);
    let lines = LineIndex::new(text);
    let mut analyzer = Analyzer::default();
    let facts = analyzer.analyze(&parsed, text, dialect, SourceKind::Python);
    let file = File { text, parsed: &parsed, lines: &lines, facts };
    let Some(site) = Site::find(&file, trouble, is_package_init) else { return Vec::new() };
    let mut found: Vec<(bool, Repair)> = Vec::new();
    found.extend(site.type_checking().map(|repair| (false, repair)));
    found.extend(site.function_imports());
    found.extend(site.module_import().map(|repair| (false, repair)));
    found.extend(site.below(trouble.needed).into_iter().map(|repair| (false, repair)));
    if dialect.lazy_imports {
        found.extend(site.lazy().map(|repair| (false, repair)));
    }
    found.sort_by_key(|(late, repair)| (*late, repair.remedy));
    found.into_iter().map(|(_, repair)| repair).collect()
}

/// A file and what is known of it.
#[derive(Clone, Copy)]
struct File<'a> {
    text: &'a str,
    parsed: &'a Parsed,
    lines: &'a LineIndex,
    facts: &'a FileFacts,
}

/// How a name is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Use {
    /// Where nothing is evaluated.
    Typing,
    /// In a function, which runs when it is called.
    InFunction(ScopeId),
    /// While the module runs.
    AtImport,
}

/// The statement, and what the file does with the names in question.
struct Site<'a> {
    file: File<'a>,
    statement: Statement<'a>,
    /// Which aliases are changed, by their positions.
    chosen: Vec<usize>,
    /// Each read of the names, and how it uses them.
    uses: Vec<(&'a Reference, Use)>,
    /// Others may take the names from here.
    handed_on: bool,
    /// Something else binds or deletes one of the names, or reaches it unseen.
    rebound: bool,
    /// Strings that stand for types mention one of the names.
    in_strings: bool,
}

impl<'a> Site<'a> {
    fn find(file: &File<'a>, trouble: Trouble<'_>, is_package_init: bool) -> Option<Self> {
        let suite = file.parsed.suite();
        let line = |stmt: &Stmt| {
            let (start, end) = (stmt.start().to_u32(), stmt.end().to_u32());
            (file.lines.line(start), file.lines.line(end.saturating_sub(1).max(start)))
        };
        let at = suite.iter().position(|stmt| {
            let (first, last) = line(stmt);
            (first..=last).contains(&trouble.line)
        })?;
        let statement = Statement::read(&suite[at], file.text, file.lines)?;
        // Several statements in a line are left alone.
        let shares = |other: Option<&Stmt>| {
            other.is_some_and(|other| {
                let ((first, last), (own_first, own_last)) = (line(other), line(&suite[at]));
                last == own_first || first == own_last
            })
        };
        if shares(at.checked_sub(1).and_then(|before| suite.get(before))) || shares(suite.get(at + 1)) {
            return None;
        }
        let span = statement.span;
        let rows: Vec<&Import> =
            file.facts.imports.iter().filter(|row| row.scope == MODULE && row.statement == span).collect();
        if rows.len() != statement.aliases.len() || rows.iter().any(|row| row.binding.is_none()) {
            return None;
        }
        let chosen: Vec<usize> = match trouble.name {
            Some(name) if statement.aliases.iter().any(|alias| alias.name == name) => {
                (0..rows.len()).filter(|&at| statement.aliases[at].name == name).collect()
            }
            _ => (0..rows.len()).collect(),
        };
        let mut site = Self {
            file: *file,
            statement,
            uses: Vec::new(),
            handed_on: is_package_init || file.facts.module.all_is_dynamic,
            rebound: file.facts.scopes[MODULE].flags.contains(ScopeFlags::DYNAMIC),
            in_strings: false,
            chosen,
        };
        for &at in &site.chosen {
            let binding = rows[at].binding?;
            let symbol = file.facts.refs[binding].symbol;
            let variable = file.facts.variable(symbol).unwrap_or(symbol);
            let name = file.facts.symbols[variable].name;
            site.handed_on |= file.facts.module.all.as_ref().is_some_and(|all| all.iter().any(|(it, _)| *it == name));
            site.handed_on |= site.statement.aliases[at].is_renamed_to_itself();
            site.in_strings |= file.facts.module.string_uses.contains(&name);
            let of_it = |reference: &&Reference| file.facts.variable(reference.symbol) == Some(variable);
            for reference in file.facts.refs.iter().filter(of_it) {
                match reference.kind {
                    RefKind::Load => site.uses.push((reference, usage(file.facts, reference))),
                    _ if reference.span == file.facts.refs[binding].span => {}
                    _ => site.rebound = true,
                }
            }
        }
        Some(site)
    }

    fn is_used(&self, how: impl Fn(Use) -> bool) -> bool {
        self.uses.iter().any(|(_, usage)| how(*usage))
    }

    /// Whether the names may go from the module's namespace.
    fn may_go(&self) -> bool {
        !self.handed_on && !self.rebound
    }

    /// What others no longer find here once the names are moved.
    fn gone(&self) -> Vec<String> {
        self.chosen.iter().map(|&at| self.statement.aliases[at].bound().to_owned()).collect()
    }

    /// The chosen names, imported.
    fn moved(&self) -> String {
        self.statement.written(&self.chosen)
    }

    /// The statement without the chosen names; nothing if none is left.
    fn rest(&self) -> Option<String> {
        let rest: Vec<usize> = (0..self.statement.aliases.len()).filter(|at| !self.chosen.contains(at)).collect();
        (!rest.is_empty()).then(|| self.statement.written(&rest) + self.statement.newline)
    }

    /// The edit that takes the chosen names out of the statement and puts `more` behind it.
    fn replaced(&self, more: &str) -> Edit {
        Edit { span: self.statement.lines, content: self.rest().unwrap_or_default() + more }
    }

    fn type_checking(&self) -> Option<Repair> {
        let only_typing = self.is_used(|usage| usage == Use::Typing) || self.in_strings;
        if !self.may_go() || !only_typing || self.is_used(|usage| usage != Use::Typing) {
            return None;
        }
        let edits = vec![self.replaced(&self.guarded())];
        Some(Repair {
            remedy: Remedy::TypeChecking,
            title: format!("move `{}` under `if TYPE_CHECKING:`", self.moved()),
            edits,
            gone: self.gone(),
        })
    }

    /// The chosen names, imported for annotations only.
    fn guarded(&self) -> String {
        let newline = self.statement.newline;
        let facts = self.file.facts;
        let is_bound = facts.imports.iter().any(|row| {
            row.scope == MODULE
                && row.statement.end <= self.statement.span.start
                && row.binding.is_some_and(|binding| facts.ref_name(binding) == "TYPE_CHECKING")
        });
        let import = if is_bound { String::new() } else { format!("from typing import TYPE_CHECKING{newline}") };
        format!("{import}if TYPE_CHECKING:{newline}    {}{newline}", self.moved())
    }

    fn lazy(&self) -> Option<Repair> {
        if self.rebound || self.is_used(|usage| usage == Use::AtImport) {
            return None;
        }
        let start = self.statement.span.start;
        Some(Repair {
            remedy: Remedy::Lazy,
            title: format!("make `{}` lazy", self.statement.written(&self.all())),
            edits: vec![Edit { span: Span::new(start, start), content: "lazy ".to_owned() }],
            gone: Vec::new(),
        })
    }

    fn all(&self) -> Vec<usize> {
        (0..self.statement.aliases.len()).collect()
    }

    /// The repair, and whether it changes many functions.
    fn function_imports(&self) -> Option<(bool, Repair)> {
        if !self.may_go() || self.is_used(|usage| usage == Use::AtImport) {
            return None;
        }
        let mut scopes: Vec<ScopeId> = Vec::new();
        for (_, usage) in &self.uses {
            if let Use::InFunction(scope) = usage {
                scopes.push(*scope);
            }
        }
        scopes.sort_unstable();
        scopes.dedup();
        // What stands inside another one of them sees its names.
        let facts = self.file.facts;
        let is_inside = |inner: ScopeId, outer: ScopeId| {
            std::iter::successors(facts.scopes[inner].parent, |id| facts.scopes[*id].parent).any(|id| id == outer)
        };
        let outermost: Vec<ScopeId> =
            scopes.iter().copied().filter(|&scope| !scopes.iter().any(|&other| is_inside(scope, other))).collect();
        if outermost.is_empty() {
            return None;
        }
        let bodies = bodies(self.file.parsed);
        let typing = self.in_strings || self.is_used(|usage| usage == Use::Typing);
        let mut edits = vec![self.replaced(&if typing { self.guarded() } else { String::new() })];
        let mut names = Vec::new();
        for &scope in &outermost {
            let span = facts.scopes[scope].span;
            let (_, first) =
                bodies.iter().find(|(function, _)| function.start <= span.start && function.end == span.end)?;
            edits.push(self.inserted(*first)?);
            names.push(format!("`{}`", facts.names.text(facts.scopes[scope].name)));
        }
        edits.sort_by_key(|edit| edit.span.start);
        names.dedup();
        let title = format!("move `{}` into {}", self.moved(), names.join(", "));
        Some((
            outermost.len() > FEW_FUNCTIONS,
            Repair { remedy: Remedy::IntoFunctions, title, edits, gone: self.gone() },
        ))
    }

    /// The import as a line before the statement at an offset; nothing if that is not alone in its line.
    fn inserted(&self, first: u32) -> Option<Edit> {
        let line = self.file.lines.line_span(self.file.lines.line(first))?;
        let indent = Span::new(line.start, first).slice(self.file.text);
        if !indent.chars().all(|c| c == ' ' || c == '\t') {
            return None;
        }
        let content = format!("{indent}{}{}", self.moved(), self.statement.newline);
        Some(Edit { span: Span::new(line.start, line.start), content })
    }

    fn module_import(&self) -> Option<Repair> {
        let (import, prefix) = self.statement.module_import()?;
        let is_simple = self.may_go() && !self.in_strings && !self.uses.is_empty();
        if !is_simple || self.is_used(|usage| usage == Use::AtImport) {
            return None;
        }
        // The name by which the module is reached must mean nothing else, anywhere in the file.
        let top = prefix.split('.').next().unwrap_or_default();
        let facts = self.file.facts;
        if facts.symbols.iter().any(|symbol| facts.names.text(symbol.name) == top) {
            return None;
        }
        let mut edits = vec![self.replaced(&format!("{import}{}", self.statement.newline))];
        for &at in &self.chosen {
            let alias = &self.statement.aliases[at];
            let of_it = self.uses.iter().filter(|(reference, _)| reference.span.slice(self.file.text) == alias.bound());
            edits.extend(
                of_it.map(|(reference, _)| Edit { span: reference.span, content: format!("{prefix}.{}", alias.name) }),
            );
        }
        edits.sort_by_key(|edit| edit.span.start);
        let title = format!("write `{import}` instead of `{}`", self.moved());
        Some(Repair { remedy: Remedy::ModuleImport, title, edits, gone: self.gone() })
    }

    /// Below the definition of what is needed, and at the end of the module.
    fn below(&self, needed: Option<&str>) -> Vec<Repair> {
        let (facts, suite) = (self.file.facts, self.file.parsed.suite());
        let last = suite.iter().rfind(|stmt| !is_main_guard(stmt));
        let definition = needed.and_then(|needed| {
            let binds = |reference: &&Reference| {
                reference.kind.binds()
                    && facts.symbol_name(reference.symbol) == needed
                    && facts.variable(reference.symbol).is_some_and(|id| facts.symbols[id].scope == MODULE)
            };
            let places: Vec<Span> = facts.refs.iter().filter(binds).map(|reference| reference.span).collect();
            suite.iter().rfind(|stmt| {
                places.iter().any(|at| stmt.start().to_u32() <= at.start && at.end <= stmt.end().to_u32())
            })
        });
        let mut found: Vec<Repair> = Vec::new();
        for (stmt, words) in [(definition, needed), (last, None)] {
            let Some(stmt) = stmt else { continue };
            let end = stmt.end().to_u32();
            let too_early =
                |(reference, usage): &(&Reference, Use)| *usage == Use::AtImport && reference.span.start < end;
            if self.rebound || end <= self.statement.span.end || self.uses.iter().any(too_early) {
                continue;
            }
            let line = self.file.lines.line(end.saturating_sub(1));
            let Some(behind) = self.behind(line) else { continue };
            let place =
                words.map_or_else(|| format!("below line {line}"), |name| format!("below the definition of `{name}`"));
            let repair = Repair {
                remedy: Remedy::Below,
                title: format!("move `{}` {place}", self.moved()),
                edits: vec![self.replaced(""), behind],
                gone: Vec::new(),
            };
            if found.iter().all(|known| known.edits != repair.edits) {
                found.push(repair);
            }
        }
        found
    }

    /// The import as a line behind another.
    fn behind(&self, line: u32) -> Option<Edit> {
        let line = self.file.lines.line_span(line)?;
        let newline = self.statement.newline;
        let next = self.file.text.get(line.end as usize..).unwrap_or_default();
        let written = line.slice(self.file.text);
        let ending = [newline, "\n"].into_iter().find(|ending| written.ends_with(ending) || next.starts_with(ending));
        Some(match ending {
            Some(ending) => {
                let at =
                    if written.ends_with(ending) { line.end } else { line.end + u32::try_from(ending.len()).ok()? };
                Edit { span: Span::new(at, at), content: format!("{}{newline}", self.moved()) }
            }
            None => {
                Edit { span: Span::new(line.end, line.end), content: format!("{newline}{}{newline}", self.moved()) }
            }
        })
    }
}

/// How a reference uses the value.
fn usage(facts: &FileFacts, reference: &Reference) -> Use {
    if reference.flags.intersects(RefFlags::UNEVALUATED | RefFlags::TYPE_CHECKING | RefFlags::DEAD) {
        return Use::Typing;
    }
    let mut scope = Some(symbol_scope(facts, reference.symbol));
    while let Some(id) = scope {
        let row = &facts.scopes[id];
        match row.kind {
            _ if row.flags.contains(ScopeFlags::HIDDEN) => return Use::Typing,
            ScopeKind::Annotation | ScopeKind::TypeAlias | ScopeKind::TypeVariable => return Use::Typing,
            ScopeKind::Function => return Use::InFunction(id),
            _ => scope = row.parent,
        }
    }
    Use::AtImport
}

fn symbol_scope(facts: &FileFacts, symbol: SymbolId) -> ScopeId {
    facts.symbols[symbol].scope
}

/// Every function, with the offset of the first statement of its body behind the docstring.
fn bodies(parsed: &Parsed) -> Vec<(Span, u32)> {
    struct Bodies(Vec<(Span, u32)>);
    impl<'a> visitor::Visitor<'a> for Bodies {
        fn visit_stmt(&mut self, stmt: &'a Stmt) {
            if let Stmt::FunctionDef(function) = stmt {
                let is_docstring =
                    |stmt: &&Stmt| matches!(stmt, Stmt::Expr(expr) if matches!(&*expr.value, Expr::StringLiteral(_)));
                let skipped = usize::from(function.body.first().as_ref().is_some_and(is_docstring));
                if let Some(first) = function.body.get(skipped) {
                    let span = Span::new(function.range().start().to_u32(), function.range().end().to_u32());
                    self.0.push((span, first.start().to_u32()));
                }
            }
            visitor::walk_stmt(self, stmt);
        }
    }
    let mut found = Bodies(Vec::new());
    visitor::Visitor::visit_body(&mut found, parsed.suite());
    found.0
}

/// `if __name__ == …:`
fn is_main_guard(stmt: &Stmt) -> bool {
    let Stmt::If(stmt) = stmt else { return false };
    let Expr::Compare(test) = &*stmt.test else { return false };
    matches!(&*test.left, Expr::Name(name) if name.id.as_str() == "__name__")
}

#[cfg(test)]
mod tests;
