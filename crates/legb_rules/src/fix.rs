//! Edits that repairs are made of: taking a statement or an alias out of the text.

use legb_base::{Edit, Span};
use legb_syntax::Ranged;
use legb_syntax::ast::{Alias, Stmt};

use crate::context::FileCx;
use crate::statement::{Found, innermost};

/// Takes a whole statement out; where it is the only one of its block, `pass` stays behind.
pub(crate) fn remove_statement(cx: &FileCx<'_>, found: Found<'_>) -> Edit {
    let span = span(found.stmt);
    let is_module = std::ptr::eq(found.suite, cx.parsed.suite());
    if found.suite.len() == 1 && !is_module {
        return Edit { span, content: "pass".to_owned() };
    }
    let line_of = |offset| cx.lines().line_span(cx.line(offset)).unwrap_or(span);
    let (first, last) = (line_of(span.start), line_of(span.end));
    let before = cx.slice(Span::new(first.start, span.start));
    let after = cx.slice(Span::new(span.end, last.end));
    let rest = after.trim();
    let removed = if before.trim().is_empty() && (rest.is_empty() || rest.starts_with('#')) {
        Span::new(first.start, last.end)
    } else if let Some(next) = found.suite.get(found.at + 1).filter(|next| next.start().to_u32() < last.end) {
        // `import a; b()`: up to the statement that follows on the line.
        Span::new(span.start, next.start().to_u32())
    } else if let Some(previous) = found.at.checked_sub(1).map(|at| &found.suite[at]) {
        Span::new(previous.end().to_u32().max(first.start), span.end)
    } else {
        return Edit { span, content: "pass".to_owned() };
    };
    Edit { span: removed, content: String::new() }
}

/// Takes one alias out of an import statement, which must have others.
pub(crate) fn remove_alias(names: &[Alias], at: usize) -> Edit {
    let own = span(&names[at]);
    let removed = match (names.get(at + 1), at.checked_sub(1)) {
        (Some(next), _) => Span::new(own.start, next.start().to_u32()),
        (None, Some(previous)) => Span::new(names[previous].end().to_u32(), own.end),
        (None, None) => own,
    };
    Edit { span: removed, content: String::new() }
}

/// The aliases of the import statement at an offset, with the statement.
pub(crate) fn import_at<'a>(cx: &FileCx<'a>, offset: u32) -> Option<(Found<'a>, &'a [Alias])> {
    let found = innermost(cx.parsed.suite(), offset)?;
    match found.stmt {
        Stmt::Import(import) => Some((found, &import.names)),
        Stmt::ImportFrom(import) => Some((found, &import.names)),
        _ => None,
    }
}

/// A line with an import, before the first import of the module or behind its docstring.
pub(crate) fn add_import(cx: &FileCx<'_>, line: &str) -> Option<Edit> {
    let suite = cx.parsed.suite();
    let is_future = |stmt: &&Stmt| matches!(stmt, Stmt::ImportFrom(import) if import.module.as_ref().is_some_and(|module| module.as_str() == "__future__"));
    let is_docstring = |stmt: &&Stmt| matches!(stmt, Stmt::Expr(expr) if expr.value.is_string_literal_expr());
    let before = suite.iter().take_while(|stmt| is_docstring(stmt) || is_future(stmt)).count();
    let next = span(suite.get(before)?).start;
    let own_line = cx.lines().line_span(cx.line(next))?.start == next;
    own_line.then(|| Edit { span: Span::at(next), content: format!("{line}\n") })
}

pub(crate) fn span(node: &impl Ranged) -> Span {
    Span::new(node.start().to_u32(), node.end().to_u32())
}
