//! Edits of a file that may repair a failure: a name respelt, a statement moved, an import added.

use legb_base::{Edit, PyVersion, Span};
use legb_scope::explain::Source;
use legb_syntax::Ranged;
use legb_syntax::ast::{Expr, Stmt, visitor};

use super::frames::Placed;
use super::modules::read;
use super::repair::Proposal;

/// Another name in the place of one that is imported or read as an attribute in the failing line.
pub(super) fn respelt(failing: &Placed<'_>, version: PyVersion, name: &str, near: &str) -> Option<Proposal> {
    edit(failing, version, format!("write `{near}` instead of `{name}`"), |source| {
        let line = source.lines.line_span(failing.line)?;
        let text = line.slice(source.text);
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let mut places = text
            .match_indices(name)
            .filter(|(at, _)| !text[..*at].ends_with(is_word) && !text[at + name.len()..].starts_with(is_word));
        // Where the name stands twice, one of them may be right.
        let (at, _) = places.next().filter(|_| places.next().is_none())?;
        let start = line.start + u32::try_from(at).ok()?;
        let span = Span::new(start, start + u32::try_from(name.len()).ok()?);
        Some(vec![Edit { span, content: near.to_owned() }])
    })
}

/// The relative import in the failing line made absolute: without its dots.
pub(super) fn without_dots(failing: &Placed<'_>, version: PyVersion) -> Option<Proposal> {
    let made = edit(failing, version, String::new(), |source| {
        let row = source
            .facts
            .imports
            .iter()
            .find(|row| row.level > 0 && source.lines.line(row.statement.start) == failing.line)?;
        let text = row.statement.slice(source.text);
        let dots = text.find('.')?;
        let rest = &text[dots..];
        let count = rest.find(|c: char| c != '.' && c != ' ')?;
        let place = |at: usize| u32::try_from(at).ok().map(|at| row.statement.start + at);
        Some(vec![if row.module.is_some() {
            Edit { span: Span::new(place(dots)?, place(dots + count)?), content: String::new() }
        } else {
            // `from . import name` takes the module itself.
            let import = rest.find("import")?;
            Edit { span: Span::new(row.statement.start, place(dots + import)?), content: String::new() }
        }])
    })?;
    let line = made.edited().lines().nth(usize::try_from(failing.line).ok()?.checked_sub(1)?)?.trim().to_owned();
    Some(Proposal { title: format!("write `{line}`"), ..made })
}

/// The statement that begins in one line put above the one around another, where both stand in one block.
pub(super) fn moved_above(source: &Source<'_>, line: u32, above: u32) -> Option<Proposal> {
    struct Blocks<'s> {
        source: &'s Source<'s>,
        line: u32,
        above: u32,
        found: Option<(Span, Span)>,
    }
    impl<'a> visitor::Visitor<'a> for Blocks<'_> {
        fn visit_body(&mut self, body: &'a [Stmt]) {
            let lines = &self.source.lines;
            let span = |stmt: &Stmt| Span::new(stmt.start().to_u32(), stmt.end().to_u32());
            let moved = body.iter().map(span).find(|span| lines.line(span.start) == self.line);
            let target = body
                .iter()
                .map(span)
                .find(|span| (lines.line(span.start)..=lines.line(span.end.saturating_sub(1))).contains(&self.above));
            if let (Some(moved), Some(target)) = (moved, target)
                && target.end <= moved.start
            {
                self.found = Some((moved, target));
            }
            visitor::walk_body(self, body);
        }
    }
    let mut blocks = Blocks { source, line, above, found: None };
    visitor::Visitor::visit_body(&mut blocks, source.parsed.suite());
    let (moved, target) = blocks.found?;
    let first = source.lines.line_span(line)?.start;
    let rest = &source.text[moved.end as usize..];
    let len = rest.find('\n').map_or(rest.len(), |at| at + 1);
    // Whole lines are moved, or nothing.
    let end = moved.end + u32::try_from(len).ok()?;
    if !rest[..len].trim().is_empty() || !Span::new(first, moved.start).slice(source.text).trim().is_empty() {
        return None;
    }
    let at = source.lines.line_span(source.lines.line(target.start))?.start;
    let content = format!("{}\n", Span::new(first, moved.end).slice(source.text));
    let edits =
        vec![Edit { span: Span::new(at, at), content }, Edit { span: Span::new(first, end), content: String::new() }];
    let to = source.lines.line(target.start);
    let title = format!("move line {line} above line {to}, which leads here");
    Some(Proposal { title, path: source.path.to_owned(), text: source.text.to_owned(), edits })
}

/// An import put above the first statement that is no docstring and no import from the future.
pub(super) fn imported(source: &Source<'_>, import: &str) -> Proposal {
    let is_head = |stmt: &&Stmt| match stmt {
        Stmt::Expr(expr) => matches!(&*expr.value, Expr::StringLiteral(_)),
        Stmt::ImportFrom(from) => from.module.as_ref().is_some_and(|module| module.as_str() == "__future__"),
        _ => false,
    };
    let first = source.parsed.suite().iter().find(|stmt| !is_head(stmt));
    let line = first.map_or(1, |stmt| source.lines.line(stmt.start().to_u32()));
    let at = source.lines.line_span(line).map_or(0, |span| span.start);
    Proposal {
        title: format!("add `{import}`"),
        path: source.path.to_owned(),
        text: source.text.to_owned(),
        edits: vec![Edit { span: Span::new(at, at), content: format!("{import}\n") }],
    }
}

/// An import put above the first statement of the file that failed.
pub(super) fn import_above(failing: &Placed<'_>, version: PyVersion, import: &str) -> Option<Proposal> {
    read(&failing.path, version, |source| imported(source, import))
}

/// A repair of the file that failed.
fn edit(
    failing: &Placed<'_>,
    version: PyVersion,
    title: String,
    edits: impl FnOnce(&Source<'_>) -> Option<Vec<Edit>>,
) -> Option<Proposal> {
    let made = read(&failing.path, version, |source| Some((source.text.to_owned(), edits(source)?)));
    let (text, edits) = made??;
    Some(Proposal { title, path: failing.path.clone(), text, edits })
}
