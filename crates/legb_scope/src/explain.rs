//! Which of L, E, G, B answers a name, and why?
//!
//! An *explanation* is the ladder of scopes that Python's rules look at for one mention of a name, from the innermost
//! outwards, each with its outcome and the reason; then the lines that bind the variable, the rule CPython compiles, the
//! paths on which the variable has no value, and what would change the answer.
//!
//! The file alone is looked at. What an import or a star import brings, and who writes into the module from outside, others
//! find out and add as [`Elsewhere`].

mod cell;
mod change;
mod elsewhere;
mod ladder;
mod mentions;
mod order;
mod paths;
mod raises;
pub(crate) mod render;
pub(crate) mod wording;

use legb_base::fix::LocatedEdit;
use legb_base::{Dialect, LineRange};
use legb_syntax::{LineIndex, Parsed};
use serde::{Serialize, Serializer};

use crate::builtins::{self, Provider};
use crate::facts::*;
use crate::names::{Rule, rule_of};
use mentions::Mentions;

pub use cell::{CellStory, Sharer};
pub use elsewhere::{Elsewhere, Hop, OutsideWrite};
pub use raises::{Raised, unbound_exception};
pub use render::{render, style as letter_style};
pub use wording::binding as binding_word;

/// What explanations are made from: one analysed file.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// Path as it is printed.
    pub path: &'a str,
    /// The decoded text.
    pub text: &'a str,
    /// Its lines.
    pub lines: &'a LineIndex,
    /// Its syntax tree.
    pub parsed: &'a Parsed,
    /// Its facts.
    pub facts: &'a FileFacts,
    /// The Python version that is asked about.
    pub dialect: &'a Dialect,
}

impl Source<'_> {
    fn line(&self, reference: RefId) -> u32 {
        self.lines.line(self.facts.refs[reference].span.start)
    }

    fn scope_line(&self, scope: ScopeId) -> u32 {
        let row = &self.facts.scopes[scope];
        self.lines.line(row.line_at.unwrap_or(row.span.start))
    }
}

/// Who answers a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Answer {
    /// L: the function, comprehension or class body in which the name stands.
    Local,
    /// E: a scope around it.
    Enclosing,
    /// G: the module.
    Global,
    /// B: the module `builtins`.
    Builtin,
    /// Nothing that this file knows.
    Unresolved,
}

impl Answer {
    /// The letter of the rule; `?` where nothing answers.
    pub const fn letter(self) -> char {
        match self {
            Self::Local => 'L',
            Self::Enclosing => 'E',
            Self::Global => 'G',
            Self::Builtin => 'B',
            Self::Unresolved => '?',
        }
    }
}

/// What a look into one scope gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// The name is found here.
    Hit,
    /// The scope is asked and does not have it.
    Miss,
    /// The scope is not asked.
    Skipped,
}

/// One scope of the ladder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    /// The scope in words: `function outer`.
    pub scope: String,
    /// What kind of scope it is.
    pub kind: &'static str,
    /// Where it begins; builtins begin nowhere.
    pub line: Option<u32>,
    /// What the look into it gave.
    pub outcome: Outcome,
    /// The reason.
    pub why: String,
    /// Its part in the LEGB rule; none for a class body around, which has no part in it.
    #[serde(skip)]
    pub letter: Option<Answer>,
}

/// A place that binds the variable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BindingSite {
    /// The file.
    pub path: String,
    /// The line.
    pub line: u32,
    /// How it is bound: `assignment`, `parameter`, `import` and so on.
    pub kind: &'static str,
}

/// Something that would give the name another answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// What to do, in a sentence.
    pub title: String,
    /// The edits that do it; none where they depend on what is meant.
    pub edits: Vec<LocatedEdit>,
}

/// Why one mention of a name means what it means. Serialises to the documented JSON of `legb explain`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// The name, mangled where CPython mangles it.
    pub name: String,
    /// The file.
    pub path: String,
    /// The mention.
    pub range: LineRange,
    /// What the mention does: `read`, `assignment`, `parameter` and so on.
    pub mention: &'static str,
    /// The Python version that was asked about.
    pub python: String,
    /// Who answers.
    pub scope: Answer,
    /// What CPython compiles.
    #[serde(serialize_with = "as_word")]
    pub rule: Rule,
    /// The scopes, innermost first.
    pub steps: Vec<Step>,
    /// The lines that bind the variable.
    pub bindings: Vec<BindingSite>,
    /// Paths, as lists of lines, that end at the mention without a value.
    pub unbound_on: Vec<Vec<u32>>,
    /// What would change the answer, best first.
    pub change: Vec<Change>,
    /// The line of the binding that makes the name local in all of its function.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub made_local_by: Option<u32>,
    /// For a name of the module: whether a builtin would answer if it were gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub builtin_if_gone: Option<bool>,
    /// For a variable that several scopes share: its cell.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cell: Option<CellStory>,
    /// What other files have to do with it.
    #[serde(flatten)]
    pub elsewhere: Elsewhere,
    /// The answer in one sentence.
    #[serde(skip)]
    pub verdict: String,
    /// What is compiled, in one sentence.
    #[serde(skip)]
    pub compiled: String,
    /// What the mention raises if the variable has no value there; none for mentions that only bind.
    #[serde(skip)]
    pub raised: Option<Raised>,
    /// Whether the variable has a value there.
    #[serde(skip)]
    pub flow: Flow,
    /// Nothing in the file binds the name, but an `import *` may.
    #[serde(skip)]
    pub may_come_from_star: bool,
    /// The mention.
    #[serde(skip)]
    pub reference: RefId,
    /// The symbol that holds the variable, where one of the file does.
    #[serde(skip)]
    pub variable: Option<SymbolId>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde asks for")]
fn as_word<S: Serializer>(rule: &Rule, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(rule.as_str())
}

/// A mention of a name near a place that has none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nearby {
    /// The name.
    pub name: String,
    /// Where it stands.
    pub range: LineRange,
}

/// There is no name at the place asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoName {
    /// The nearest mentions, nearest first.
    pub nearest: Vec<Nearby>,
}

/// How many mentions a [`NoName`] offers.
const NEAREST: usize = 3;

/// Explains the name at an offset; an offset just behind a name belongs to it.
pub fn explain_at(source: &Source<'_>, offset: u32) -> Result<Explanation, NoName> {
    let touching = || source.facts.refs.iter_enumerated().filter(|(_, row)| row.span.touches(offset));
    let found = touching().find(|(_, row)| offset < row.span.end).or_else(|| touching().next());
    found.map(|(id, _)| explain(source, id)).ok_or_else(|| no_name(source, offset))
}

/// Explains every name in a line, from left to right; of several mentions of one variable that are alike only the first.
pub fn explain_line(source: &Source<'_>, line: u32) -> Result<Vec<Explanation>, NoName> {
    let facts = source.facts;
    let offset = source.lines.line_span(line).map_or(0, |span| span.start);
    let mut found: Vec<RefId> = facts
        .refs
        .iter_enumerated()
        .filter(|(_, row)| source.lines.line(row.span.start) == line)
        .map(|(id, _)| id)
        .collect();
    found.sort_by_key(|&id| facts.refs[id].span);
    let mut seen: Vec<(SymbolId, Flow, bool)> = Vec::new();
    found.retain(|&id| {
        let row = &facts.refs[id];
        let key = (row.symbol, row.flow, row.kind.reads());
        let new = !seen.contains(&key);
        seen.push(key);
        new
    });
    if found.is_empty() {
        return Err(no_name(source, offset));
    }
    Ok(found.into_iter().map(|id| explain(source, id)).collect())
}

/// Explains a name once for each scope that mentions it, in the order of the scopes: there the most telling mention, which
/// is a read without a value, else a read, else a binding. The name is taken as written or as mangled.
pub fn explain_name(source: &Source<'_>, name: &str) -> Vec<Explanation> {
    let facts = source.facts;
    let mut best: Vec<(SymbolId, RefId)> = Vec::new();
    for (id, row) in facts.refs.iter_enumerated() {
        if facts.ref_name(id) != name && row.span.slice(source.text) != name {
            continue;
        }
        match best.iter_mut().find(|(symbol, _)| *symbol == row.symbol) {
            Some((_, chosen)) if telling(row) > telling(&facts.refs[*chosen]) => *chosen = id,
            Some(_) => {}
            None => best.push((row.symbol, id)),
        }
    }
    best.sort_by_key(|&(symbol, _)| facts.symbols[symbol].scope);
    best.into_iter().map(|(_, id)| explain(source, id)).collect()
}

fn telling(row: &Reference) -> u8 {
    match (row.flow, row.kind) {
        (Flow::Unbound, _) => 4,
        (Flow::Maybe, _) => 3,
        (_, kind) if kind.reads() => 2,
        (_, kind) if kind.binds() => 1,
        _ => 0,
    }
}

fn no_name(source: &Source<'_>, offset: u32) -> NoName {
    let mut found: Vec<(u32, &Reference, RefId)> = source
        .facts
        .refs
        .iter_enumerated()
        .map(|(id, row)| (offset.abs_diff(row.span.start).min(offset.abs_diff(row.span.end)), row, id))
        .collect();
    found.sort_by_key(|&(distance, row, _)| (distance, row.span));
    let nearest = found.into_iter().take(NEAREST).map(|(_, row, id)| Nearby {
        name: source.facts.ref_name(id).to_owned(),
        range: source.lines.line_range(row.span, source.text),
    });
    NoName { nearest: nearest.collect() }
}

/// Explains one mention.
pub fn explain(source: &Source<'_>, reference: RefId) -> Explanation {
    let facts = source.facts;
    explained(source, &Mentions::new(source, facts.symbols[facts.refs[reference].symbol].name), reference)
}

/// Explains every mention of the file, in the order of the text.
pub fn explain_all(source: &Source<'_>) -> Vec<Explanation> {
    let mut all: Vec<(RefId, Explanation)> = Vec::with_capacity(source.facts.refs.len());
    for mentions in Mentions::all(source) {
        all.extend(mentions.refs().iter().map(|&id| (id, explained(source, &mentions, id))));
    }
    all.sort_by_key(|&(id, _)| (source.facts.refs[id].span, id));
    all.into_iter().map(|(_, explanation)| explanation).collect()
}

fn explained(source: &Source<'_>, mentions: &Mentions, reference: RefId) -> Explanation {
    let facts = source.facts;
    let row = facts.refs[reference];
    let asked = ask(source, mentions, reference);
    let rule = rule_of(facts, reference, source.dialect);
    let name = facts.ref_name(reference).to_owned();
    let raised = row.kind.reads().then(|| unbound_exception(rule, &name, source.dialect));
    Explanation {
        path: source.path.to_owned(),
        range: source.lines.line_range(row.span, source.text),
        mention: wording::binding(row.kind),
        python: source.dialect.version.to_string(),
        scope: asked.holder.answer(facts, reference),
        rule,
        steps: ladder::steps(source, mentions, asked),
        bindings: mentions.sites(source, asked.holder),
        unbound_on: unbound_paths(source, mentions, reference),
        change: change::changes(source, mentions, asked),
        verdict: wording::verdict(source, mentions, asked),
        compiled: wording::compiled(source, reference, rule),
        made_local_by: made_local_by(source, mentions, asked),
        builtin_if_gone: (asked.holder.answer(facts, reference) == Answer::Global)
            .then(|| builtins::is_builtin(&name, source.dialect.version)),
        cell: cell::story(source, mentions, asked),
        elsewhere: Elsewhere::default(),
        raised,
        flow: asked.judged(facts),
        may_come_from_star: asked.holder == Holder::Nothing && facts.errors.is_empty() && star_import(facts).is_some(),
        reference,
        variable: if let Holder::Variable(variable) = asked.holder { Some(variable) } else { None },
        name,
    }
}

/// Where a mention finds its variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Holder {
    /// A symbol that is bound in its scope.
    Variable(SymbolId),
    /// A class body that provides it to the functions inside (`__class__`).
    Implicit,
    /// A name that nothing in the file binds, but Python does.
    Provided(Provider),
    /// Nothing known.
    Nothing,
}

impl Holder {
    fn answer(self, facts: &FileFacts, reference: RefId) -> Answer {
        match self {
            Self::Variable(symbol) if facts.symbols[symbol].scope == MODULE => Answer::Global,
            Self::Variable(symbol)
                if facts.symbols[symbol].scope == facts.symbols[facts.refs[reference].symbol].scope =>
            {
                Answer::Local
            }
            Self::Variable(_) | Self::Implicit => Answer::Enclosing,
            Self::Provided(Provider::Module) => Answer::Global,
            Self::Provided(Provider::Builtins | Provider::Site) => Answer::Builtin,
            Self::Nothing => Answer::Unresolved,
        }
    }
}

/// A mention with what was found out about it.
#[derive(Clone, Copy, Debug)]
struct Asked {
    reference: RefId,
    /// Whether the variable has a value there.
    flow: Flow,
    holder: Holder,
}

impl Asked {
    /// Whether the variable that answers has a value: where the search went on, another one answers, and it is not judged.
    fn judged(self, facts: &FileFacts) -> Flow {
        let variable = facts.variable(facts.refs[self.reference].symbol);
        match self.holder {
            Holder::Variable(symbol) if variable == Some(symbol) => self.flow,
            Holder::Nothing => self.flow,
            _ => Flow::NotAsked,
        }
    }
}

fn ask(source: &Source<'_>, mentions: &Mentions, reference: RefId) -> Asked {
    let facts = source.facts;
    let row = &facts.refs[reference];
    let symbol = &facts.symbols[row.symbol];
    let flow = if order::not_yet_bound(source, mentions, reference) { Flow::Unbound } else { row.flow };
    // A variable that lives in a dictionary and has no value yet does not stop the search.
    let falls_through = row.kind == RefKind::Load && flow == Flow::Unbound;
    let holder = match symbol.place {
        Place::Local | Place::Cell => match facts.scopes[symbol.scope].kind {
            ScopeKind::Class | ScopeKind::Module if falls_through => {
                global_holder(source, mentions, symbol.scope == MODULE)
            }
            _ => Holder::Variable(row.symbol),
        },
        Place::Free if symbol.owner.is_none() && !is_made_by_class(facts.symbol_name(row.symbol)) => Holder::Nothing,
        Place::Free => symbol.owner.map_or(Holder::Implicit, Holder::Variable),
        Place::GlobalImplicit if let Some(in_class) = seen_class_symbol(facts, row.symbol) => {
            Holder::Variable(in_class)
        }
        Place::GlobalExplicit | Place::GlobalImplicit => global_holder(source, mentions, falls_through),
        Place::Unknown => Holder::Nothing,
    };
    Asked { reference, flow, holder }
}

/// Whether a class body provides the name to the scopes inside: any other free name without an owner is a `nonlocal` that
/// CPython refuses.
fn is_made_by_class(name: &str) -> bool {
    matches!(name, "__class__" | "__classdict__" | "__conditional_annotations__")
}

/// The line of the first binding in the function whose local the name is.
fn made_local_by(source: &Source<'_>, mentions: &Mentions, asked: Asked) -> Option<u32> {
    let facts = source.facts;
    let Holder::Variable(variable) = asked.holder else { return None };
    let kind = facts.scopes[facts.symbols[variable].scope].kind;
    let is_own = facts.refs[asked.reference].symbol == variable && kind.is_function_like();
    let makers = is_own.then(|| mentions.makers(facts, variable))?;
    makers.first().map(|&maker| source.line(maker))
}

/// The `import *` that may bind what nothing else does.
fn star_import(facts: &FileFacts) -> Option<&Import> {
    facts.imports.iter().find(|import| import.flags.contains(ImportFlags::STAR))
}

/// The module's variable, or who else provides the name. `not_yet`: the module has not bound it where it is read.
fn global_holder(source: &Source<'_>, mentions: &Mentions, not_yet: bool) -> Holder {
    let version = source.dialect.version;
    match mentions.module_variable(source.facts) {
        Some(symbol) if !not_yet => Holder::Variable(symbol),
        _ => builtins::provider(mentions.text(source.facts), version).map_or(Holder::Nothing, Holder::Provided),
    }
}

/// The class body's symbol of a name, where the scope looks into that body first and the body binds it.
pub(crate) fn seen_class_symbol(facts: &FileFacts, symbol: SymbolId) -> Option<SymbolId> {
    let row = &facts.symbols[symbol];
    let class = seen_class(facts, row.scope)?;
    facts.symbol_in(class, row.name).filter(|&s| binds_here(&facts.symbols[s]))
}

/// The class body that a scope looks into first.
fn seen_class(facts: &FileFacts, scope: ScopeId) -> Option<ScopeId> {
    let mut at = scope;
    while facts.scopes[at].flags.contains(ScopeFlags::SEES_CLASS) {
        at = facts.scopes[at].parent?;
        if facts.scopes[at].kind == ScopeKind::Class {
            return Some(at);
        }
    }
    None
}

/// Whether the scope of a symbol itself binds it; variables of comprehensions compiled into it do not count.
fn binds_here(symbol: &Symbol) -> bool {
    symbol.flags.intersects(SymbolFlags::BOUND)
        && !symbol.flags.intersects(SymbolFlags::NONLOCAL | SymbolFlags::GLOBAL | SymbolFlags::INLINED)
}

/// Paths on which the mention has no value: the lines that decide, then its own.
fn unbound_paths(source: &Source<'_>, mentions: &Mentions, reference: RefId) -> Vec<Vec<u32>> {
    let issues = source.facts.flow_issues.iter().filter(|issue| issue.reference == reference);
    let mut paths: Vec<Vec<u32>> = issues
        .map(|issue| {
            let turn = issue.witness.map(|witness| source.lines.line(wording::turn(witness)));
            let loss = issue.other.filter(|_| issue.cause != Cause::Never).map(|other| source.line(other));
            let call = issue.call.map(|call| source.lines.line(call.start));
            let mut path: Vec<u32> = [loss, turn, call].into_iter().flatten().collect();
            path.push(source.line(reference));
            path.dedup();
            path
        })
        .collect();
    let is_missed = |issue: &FlowIssue| {
        issue.reference == reference && issue.flow == Flow::Maybe && issue.cause == Cause::Never && issue.call.is_none()
    };
    if source.facts.flow_issues.iter().any(is_missed) {
        let ways = paths::unbound_ways(source, mentions, reference);
        paths = if ways.is_empty() { paths } else { ways };
    }
    paths.sort_unstable();
    paths.dedup();
    paths
}
