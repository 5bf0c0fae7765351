//! Which statement stands at an offset, and which statements stand beside it?
//!
//! Asked only for places that are about to be reported.

use legb_syntax::Ranged;
use legb_syntax::ast::{ExceptHandler, Stmt};

/// A statement and the suite that it belongs to.
#[derive(Clone, Copy)]
pub(crate) struct Found<'a> {
    pub(crate) stmt: &'a Stmt,
    pub(crate) suite: &'a [Stmt],
    pub(crate) at: usize,
}

/// The innermost statement around an offset.
pub(crate) fn innermost(mut suite: &[Stmt], offset: u32) -> Option<Found<'_>> {
    let mut found = None;
    while let Some(at) = position(suite, offset) {
        let stmt = &suite[at];
        found = Some(Found { stmt, suite, at });
        match bodies(stmt).into_iter().find(|body| position(body, offset).is_some()) {
            Some(body) => suite = body,
            None => break,
        }
    }
    found
}

fn position(suite: &[Stmt], offset: u32) -> Option<usize> {
    let after = suite.partition_point(|stmt| stmt.start().to_u32() <= offset);
    let at = after.checked_sub(1)?;
    (offset < suite[at].end().to_u32()).then_some(at)
}

/// The suites directly inside a statement.
pub(crate) fn bodies(stmt: &Stmt) -> Vec<&[Stmt]> {
    match stmt {
        Stmt::FunctionDef(s) => vec![&s.body],
        Stmt::ClassDef(s) => vec![&s.body],
        Stmt::If(s) => {
            let clauses = s.elif_else_clauses.iter().map(|clause| &*clause.body);
            std::iter::once(&*s.body).chain(clauses).collect()
        }
        Stmt::For(s) => vec![&s.body, &s.orelse],
        Stmt::While(s) => vec![&s.body, &s.orelse],
        Stmt::With(s) => vec![&s.body],
        Stmt::Match(s) => s.cases.iter().map(|case| &*case.body).collect(),
        Stmt::Try(s) => {
            let handlers = s.handlers.iter().map(|ExceptHandler::ExceptHandler(handler)| &*handler.body);
            [&*s.body, &*s.orelse, &*s.finalbody].into_iter().chain(handlers).collect()
        }
        _ => Vec::new(),
    }
}
