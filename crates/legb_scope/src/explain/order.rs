//! Is a name of a class body or module surely not bound yet where its own code reads it?
//!
//! Flow analysis does not judge class bodies, nor globals named as builtins, because a read without a value is no error
//! there: the search goes on. An explanation has to know all the same. Only straight-line order is looked at; in loops
//! nothing is sure.

use legb_base::Span;
use legb_syntax::Ranged;
use legb_syntax::ast::{ExceptHandler, Stmt};

use super::Source;
use super::mentions::Mentions;
use crate::facts::*;

/// Whether the read runs before every binding of the variable.
pub(super) fn not_yet_bound(source: &Source<'_>, mentions: &Mentions, reference: RefId) -> bool {
    let facts = source.facts;
    let row = &facts.refs[reference];
    let symbol = &facts.symbols[row.symbol];
    let scope = &facts.scopes[symbol.scope];
    let asked = row.kind == RefKind::Load
        && row.flow == Flow::NotAsked
        && matches!(scope.kind, ScopeKind::Module | ScopeKind::Class)
        && matches!(symbol.place, Place::Local | Place::GlobalImplicit)
        && !row.flags.intersects(RefFlags::UNEVALUATED | RefFlags::DEAD)
        && !scope.flags.intersects(ScopeFlags::DYNAMIC | ScopeFlags::STAR_IMPORT);
    if !asked {
        return false;
    }
    let in_loop = facts.branches_at(row.span.start).any(|b| b.kind == BranchKind::Loop && scope.span.contains(b.span));
    let Some(statement) = statement_at(source.parsed.suite(), row.span.start).filter(|_| !in_loop) else {
        return false;
    };
    let makers = mentions.makers(facts, row.symbol);
    !makers.is_empty()
        && makers.iter().all(|&maker| {
            let maker = &facts.refs[maker];
            maker.symbol == row.symbol && runs_later(maker, row.span, statement)
        })
}

/// Whether a binding runs after a read in a statement.
fn runs_later(maker: &Reference, read: Span, statement: Span) -> bool {
    let value_first =
        matches!(maker.kind, RefKind::Assign | RefKind::AnnAssign | RefKind::Def | RefKind::Class | RefKind::For);
    maker.span.start > read.start || (statement.start <= maker.span.start && value_first)
}

/// The innermost statement around an offset.
fn statement_at(suite: &[Stmt], offset: u32) -> Option<Span> {
    let stmt = suite.iter().find(|stmt| {
        let range = stmt.range();
        range.start().to_u32() <= offset && offset < range.end().to_u32()
    })?;
    let within = |suite: &[Stmt]| statement_at(suite, offset);
    let inner = match stmt {
        Stmt::FunctionDef(s) => within(&s.body),
        Stmt::ClassDef(s) => within(&s.body),
        Stmt::For(s) => within(&s.body).or_else(|| within(&s.orelse)),
        Stmt::While(s) => within(&s.body).or_else(|| within(&s.orelse)),
        Stmt::If(s) => within(&s.body).or_else(|| s.elif_else_clauses.iter().find_map(|clause| within(&clause.body))),
        Stmt::With(s) => within(&s.body),
        Stmt::Match(s) => s.cases.iter().find_map(|case| within(&case.body)),
        Stmt::Try(s) => within(&s.body)
            .or_else(|| s.handlers.iter().find_map(|ExceptHandler::ExceptHandler(handler)| within(&handler.body)))
            .or_else(|| within(&s.orelse))
            .or_else(|| within(&s.finalbody)),
        _ => None,
    };
    inner.or_else(|| Some(Span::new(stmt.range().start().to_u32(), stmt.range().end().to_u32())))
}
