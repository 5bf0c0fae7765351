//! The cell of a variable that several scopes share: who made it, who reads it, who writes it, and when it is read.
//!
//! Which value it holds at that time is not known here.

use serde::Serialize;

use super::mentions::Mentions;
use super::{Asked, Holder, Source, wording};
use crate::facts::*;

/// A shared variable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CellStory {
    /// The scope whose variable it is: `function outer`.
    pub owner: String,
    /// Where that scope begins.
    pub line: u32,
    /// The scopes that share it, its owner first.
    pub shared_by: Vec<Sharer>,
    /// When the mention reads it, in a sentence; none where it does not.
    pub read_when: Option<String>,
}

/// What one scope does with a shared variable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Sharer {
    /// The scope.
    pub scope: String,
    /// Where it begins.
    pub line: u32,
    /// Lines that read it.
    pub reads: Vec<u32>,
    /// Lines that bind or delete it.
    pub writes: Vec<u32>,
}

/// The cell of the variable that a mention finds, if it has one.
pub(super) fn story(source: &Source<'_>, mentions: &Mentions, asked: Asked) -> Option<CellStory> {
    let facts = source.facts;
    let Holder::Variable(variable) = asked.holder else { return None };
    let owner = facts.symbols[variable].scope;
    if facts.symbols[variable].place != Place::Cell {
        return None;
    }
    let mut scopes: Vec<ScopeId> =
        mentions.of_variable(facts, variable).map(|id| facts.symbols[facts.refs[id].symbol].scope).collect();
    scopes.push(owner);
    // A parent's id is smaller than its children's, so that the owner comes first.
    scopes.sort_unstable();
    scopes.dedup();
    let sharer = |scope: ScopeId| {
        let lines = |wanted: fn(RefKind) -> bool| {
            let here = mentions.of_variable(facts, variable).filter(|&id| {
                let row = &facts.refs[id];
                facts.symbols[row.symbol].scope == scope && wanted(row.kind)
            });
            let mut lines: Vec<u32> = here.map(|id| source.line(id)).collect();
            lines.dedup();
            lines
        };
        Sharer {
            scope: wording::scope(facts, scope),
            line: source.scope_line(scope),
            reads: lines(|kind| matches!(kind, RefKind::Load | RefKind::AugAssign)),
            writes: lines(|kind| kind.binds() || kind == RefKind::Delete),
        }
    };
    Some(CellStory {
        owner: wording::scope(facts, owner),
        line: source.scope_line(owner),
        shared_by: scopes.into_iter().map(sharer).collect(),
        read_when: read_when(source, asked.reference, owner),
    })
}

fn read_when(source: &Source<'_>, reference: RefId, owner: ScopeId) -> Option<String> {
    let facts = source.facts;
    let row = &facts.refs[reference];
    if !matches!(row.kind, RefKind::Load | RefKind::AugAssign) {
        return None;
    }
    let name = facts.ref_name(reference);
    let around = std::iter::successors(Some(facts.symbols[row.symbol].scope), |&at| facts.scopes[at].parent);
    let later = around.take_while(|&at| at != owner).find(|&at| !facts.scopes[at].kind.runs_in_place());
    let Some(later) = later else {
        return Some(format!("`{name}` is read at once, where the line stands"));
    };
    let what = match facts.scopes[later].kind {
        ScopeKind::GenExpr => "each time the generator is asked for a value".to_owned(),
        ScopeKind::Lambda => "each time the lambda is called".to_owned(),
        ScopeKind::Function => format!("each time {} is called", wording::short(facts, later)),
        _ => format!("when {} is evaluated", wording::the_scope(facts, later)),
    };
    Some(format!("`{name}` is read {what}, not where it is defined: it then has the value that was written last"))
}
