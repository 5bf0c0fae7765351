//! The scopes of a file as a tree for people: what `legb scopes FILE` prints.
//!
//! Each scope is a line with the names it mentions below, grouped by who answers them: L, E, G or B. Names that CPython
//! makes up (`.0`, `__classdict__`) are left out; its own tables are printed by [`symtable`](crate::symtable).

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};

use anstyle::{AnsiColor, Style};
use legb_base::Dialect;
use legb_syntax::LineIndex;

use crate::builtins::{self, Provider};
use crate::explain::render::style;
use crate::explain::{Answer, seen_class_symbol, wording};
use crate::facts::*;

const QUIET: Style = Style::new().dimmed();
const STRONG: Style = Style::new().bold();
const KEYWORD: Style = AnsiColor::Cyan.on_default();

/// Columns that a list of names may take.
const WIDTH: usize = 100;

/// A scope of the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// The scope around it, by its place in the list; none for the module.
    pub parent: Option<usize>,
    /// How many scopes are around it.
    pub depth: usize,
    /// What it is: `function`, `list comprehension`.
    pub kind: &'static str,
    /// The same with its name: `function f`.
    pub title: String,
    /// Where it begins.
    pub line: u32,
    /// What is special about it: `nested`, `async`.
    pub properties: Vec<&'static str>,
    /// Its names, by who answers them, sorted.
    pub groups: Vec<(Answer, Vec<String>)>,
}

/// The scopes of a file, each before those inside it, in CPython's order.
pub fn nodes(facts: &FileFacts, lines: &LineIndex, dialect: &Dialect) -> Vec<Node> {
    Tree::of(facts, lines, dialect).nodes
}

/// The tree with ANSI styles, which a stream that wants none can strip.
pub fn render(facts: &FileFacts, lines: &LineIndex, dialect: &Dialect) -> String {
    let mut tree = Tree::of(facts, lines, dialect);
    // Writing to a String cannot fail.
    let _ = tree.write().and_then(|()| tree.legend());
    tree.out
}

/// Which module symbols something in the file binds.
fn bound_in_module(facts: &FileFacts) -> Vec<SymbolId> {
    let binding = facts.refs.iter().filter(|row| row.kind.binds());
    let mut bound: Vec<SymbolId> = binding
        .filter_map(|row| facts.variable(row.symbol))
        .filter(|&symbol| facts.symbols[symbol].scope == MODULE)
        .collect();
    bound.sort_unstable();
    bound.dedup();
    bound
}

/// Marks that were used, for the legend.
#[derive(Default)]
struct Marks {
    answers: Vec<Answer>,
    used: BTreeMap<&'static str, &'static str>,
}

impl Marks {
    fn mark(&mut self, tags: &mut Vec<&'static str>, tag: &'static str, meaning: &'static str) {
        self.used.insert(tag, meaning);
        tags.push(tag);
    }
}

struct Tree<'a> {
    facts: &'a FileFacts,
    lines: &'a LineIndex,
    dialect: &'a Dialect,
    bound: Vec<SymbolId>,
    marks: Marks,
    nodes: Vec<Node>,
    out: String,
}

impl<'a> Tree<'a> {
    fn of(facts: &'a FileFacts, lines: &'a LineIndex, dialect: &'a Dialect) -> Self {
        let (marks, bound) = (Marks::default(), bound_in_module(facts));
        let mut tree = Tree { facts, lines, dialect, bound, marks, nodes: Vec::new(), out: String::new() };
        tree.scope(MODULE, None);
        tree
    }

    fn scope(&mut self, scope: ScopeId, parent: Option<usize>) {
        let facts = self.facts;
        let mut groups: BTreeMap<Answer, Vec<String>> = BTreeMap::new();
        for (id, symbol) in facts.symbols_of(scope) {
            if is_shown(facts, symbol)
                && let Some(answer) = self.answer(id)
            {
                let name = self.name(id);
                groups.entry(answer).or_default().push(name);
            }
        }
        for names in groups.values_mut() {
            names.sort_unstable();
        }
        let row = &facts.scopes[scope];
        let at = self.nodes.len();
        self.nodes.push(Node {
            parent,
            depth: parent.map_or(0, |parent| self.nodes[parent].depth + 1),
            kind: wording::kind(row.kind),
            title: wording::scope(facts, scope),
            line: self.lines.line(row.line_at.unwrap_or(row.span.start)),
            properties: properties(row),
            groups: groups.into_iter().collect(),
        });
        for child in facts.children_of(scope) {
            if self.has_content(child) {
                self.scope(child, Some(at));
            }
        }
    }

    /// Scopes without a name to show (the annotations of a function that has none) would only fill the screen.
    fn has_content(&self, scope: ScopeId) -> bool {
        let facts = self.facts;
        let listed = matches!(facts.scopes[scope].kind, ScopeKind::Function | ScopeKind::Class);
        listed
            || facts.symbols_of(scope).any(|(_, symbol)| is_shown(facts, symbol))
            || facts.children_of(scope).any(|child| self.has_content(child))
    }

    fn write(&mut self) -> fmt::Result {
        for node in std::mem::take(&mut self.nodes) {
            let Node { depth, kind, title, line, properties, groups, .. } = node;
            let indent = "  ".repeat(depth);
            let rest = title.strip_prefix(kind).unwrap_or_default();
            write!(self.out, "{indent}{KEYWORD}{kind}{KEYWORD:#}{STRONG}{rest}{STRONG:#}  {QUIET}line {line}")?;
            for word in properties {
                write!(self.out, ", {word}")?;
            }
            writeln!(self.out, "{QUIET:#}")?;
            for (answer, names) in groups {
                self.group(answer, &names, depth + 1)?;
            }
        }
        Ok(())
    }

    fn group(&mut self, answer: Answer, names: &[String], depth: usize) -> fmt::Result {
        let indent = "  ".repeat(depth);
        let colour = style(answer);
        if !self.marks.answers.contains(&answer) {
            self.marks.answers.push(answer);
        }
        write!(self.out, "{indent}{colour}{}{colour:#} ", answer.letter())?;
        let mut used = indent.len() + 2;
        for (i, name) in names.iter().enumerate() {
            let length = name.chars().count() + 2;
            if i > 0 && used + length > WIDTH {
                write!(self.out, "\n{indent}  ")?;
                used = indent.len() + 2;
            }
            write!(self.out, " {name}{}", if i + 1 < names.len() { "," } else { "" })?;
            used += length;
        }
        writeln!(self.out)
    }

    /// Who answers a name in its scope. Nothing, for a name that only passes through on its way inwards.
    fn answer(&self, id: SymbolId) -> Option<Answer> {
        let facts = self.facts;
        let symbol = &facts.symbols[id];
        match symbol.place {
            Place::Local | Place::Cell if symbol.scope != MODULE => Some(Answer::Local),
            Place::Free => Some(Answer::Enclosing),
            Place::Unknown => None,
            Place::GlobalImplicit if seen_class_symbol(facts, id).is_some() => Some(Answer::Enclosing),
            _ => {
                let owner = if symbol.scope == MODULE { Some(id) } else { symbol.owner };
                if owner.is_some_and(|owner| self.bound.binary_search(&owner).is_ok()) {
                    return Some(Answer::Global);
                }
                Some(match builtins::provider(facts.symbol_name(id), self.dialect.version) {
                    Some(Provider::Module) => Answer::Global,
                    Some(Provider::Builtins | Provider::Site) => Answer::Builtin,
                    None => Answer::Unresolved,
                })
            }
        }
    }

    /// The name with its marks.
    fn name(&mut self, id: SymbolId) -> String {
        let facts = self.facts;
        let symbol = &facts.symbols[id];
        let mut text = facts.symbol_name(id).to_owned();
        let mut tags = Vec::new();
        let flags = symbol.flags;
        if flags.contains(SymbolFlags::PARAM) {
            self.marks.mark(&mut tags, "parameter", "bound by the call");
        }
        if flags.contains(SymbolFlags::TYPE_PARAM) {
            self.marks.mark(&mut tags, "type parameter", "bound in square brackets");
        }
        if flags.contains(SymbolFlags::IMPORT) {
            self.marks.mark(&mut tags, "import", "bound by an import");
        }
        match symbol.place {
            Place::Cell => self.marks.mark(&mut tags, "cell", "local, and shared with a scope inside"),
            Place::Free if flags.contains(SymbolFlags::PASSED_THROUGH) => {
                self.marks.mark(&mut tags, "passed on", "an enclosing variable that only a scope inside uses");
            }
            Place::Free => {
                self.marks.mark(&mut tags, "free", "the cell of an enclosing function");
                text.push_str(&self.origin(symbol.owner));
            }
            Place::GlobalImplicit => text.push_str(&self.origin(seen_class_symbol(facts, id))),
            Place::GlobalExplicit if flags.contains(SymbolFlags::GLOBAL) && symbol.scope != MODULE => {
                self.marks.mark(&mut tags, "declared global", "`global` sends the name to the module");
            }
            _ => {}
        }
        if flags.contains(SymbolFlags::NONLOCAL) {
            self.marks.mark(&mut tags, "nonlocal", "assigned here, in the scope around");
        }
        if !tags.is_empty() {
            let _ = write!(text, " ({})", tags.join(", "));
        }
        text
    }

    /// The scope whose variable it is.
    fn origin(&self, variable: Option<SymbolId>) -> String {
        let facts = self.facts;
        variable.map_or(String::new(), |symbol| {
            format!(" from {}", facts.names.text(facts.scopes[facts.symbols[symbol].scope].name))
        })
    }

    fn legend(&mut self) -> fmt::Result {
        writeln!(self.out)?;
        self.marks.answers.sort_unstable();
        let answers = std::mem::take(&mut self.marks.answers);
        for answer in answers {
            let meaning = match answer {
                Answer::Local => "local: the scope itself binds it",
                Answer::Enclosing => "enclosing: a scope around binds it",
                Answer::Global => "global: the module binds it",
                Answer::Builtin => "builtin: the module `builtins` has it",
                Answer::Unresolved => "nothing in this file binds it",
            };
            let colour = style(answer);
            writeln!(self.out, "{colour}{}{colour:#}  {meaning}", answer.letter())?;
        }
        for (tag, meaning) in &self.marks.used {
            writeln!(self.out, "{QUIET}({tag}){QUIET:#}  {meaning}")?;
        }
        Ok(())
    }
}

/// What is special about a scope.
fn properties(row: &Scope) -> Vec<&'static str> {
    let all = [
        (ScopeFlags::NESTED, "nested"),
        (ScopeFlags::COROUTINE, "async"),
        (ScopeFlags::GENERATOR, "generator"),
        (ScopeFlags::INLINED, "compiled inline"),
        (ScopeFlags::SEES_CLASS, "sees the class"),
        (ScopeFlags::HIDDEN, "not evaluated"),
        (ScopeFlags::STAR_IMPORT, "star import"),
    ];
    let told_by_kind = |flag: ScopeFlags| flag == ScopeFlags::GENERATOR && row.kind == ScopeKind::GenExpr;
    all.into_iter()
        .filter(|(flag, _)| row.flags.contains(*flag) && !told_by_kind(*flag))
        .map(|(_, word)| word)
        .collect()
}

/// Whether a person wrote the name here. What an inlined comprehension leaves in the tables is shown with the comprehension.
fn is_shown(facts: &FileFacts, symbol: &Symbol) -> bool {
    let name = facts.names.text(symbol.name);
    let made_up = name.starts_with('.')
        || matches!(name, "__classdict__" | "__conditional_annotations__")
        || (name == "__type_params__" && facts.scopes[symbol.scope].kind == ScopeKind::Class);
    !made_up && !symbol.flags.contains(SymbolFlags::INLINED)
}
