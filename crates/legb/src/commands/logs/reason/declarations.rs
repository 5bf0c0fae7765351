//! Reasons of `nonlocal` and `global` statements that Python refuses: what they would have to find, or where they would have
//! to stand.

use legb_base::{Edit, Span};
use legb_scope::explain::Source;
use legb_scope::facts::MODULE;
use legb_syntax::Ranged;
use legb_syntax::ast::{Expr, Stmt, visitor};

use super::repair::Proposal;

/// Why the statement in a line is refused, and what would repair it, best first.
pub(super) fn refused(
    source: &Source<'_>,
    line: u32,
    name: &str,
    message: &str,
) -> Option<(Vec<String>, Vec<Proposal>)> {
    let found = Declaration::find(source, line)?;
    let word = if found.is_nonlocal { "nonlocal" } else { "global" };
    let function = found.function.as_deref().map_or("the module".to_owned(), |name| format!("`{name}`"));
    let told = if message.starts_with("no binding for nonlocal") {
        found.unbound(source, name, &function)
    } else if message.contains(" declaration") {
        let because = format!(
            "`{word} {name}` on line {line} comes after the first use of `{name}` in {function}: it holds for the whole function \
             and has to stand above all of them"
        );
        (vec![because], found.moved_up(source).into_iter().collect())
    } else {
        let because =
            format!("in {function}, `{name}` is declared by `{word}` and is something else as well ({message})");
        let title = format!("give one of the two another name than `{name}`");
        (vec![because], vec![proposal(source, title, Vec::new())])
    };
    Some(told)
}

/// A `nonlocal` or `global` statement and the function that it stands in.
struct Declaration {
    span: Span,
    is_nonlocal: bool,
    function: Option<String>,
    /// Where the body of the function begins, behind its docstring.
    body: Option<u32>,
    /// Whether the body holds another statement, so that this one may go.
    has_company: bool,
    /// How many names it declares.
    names: usize,
}

impl Declaration {
    fn find(source: &Source<'_>, line: u32) -> Option<Self> {
        struct Search<'s> {
            source: &'s Source<'s>,
            line: u32,
            /// The functions around, with the offset of their first statement and the number of statements.
            around: Vec<(String, u32, usize)>,
            found: Option<Declaration>,
        }
        impl<'a> visitor::Visitor<'a> for Search<'_> {
            fn visit_stmt(&mut self, stmt: &'a Stmt) {
                let (is_nonlocal, names) = match stmt {
                    Stmt::FunctionDef(function) => {
                        let is_text = |stmt: &&Stmt| matches!(stmt, Stmt::Expr(it) if matches!(&*it.value, Expr::StringLiteral(_)));
                        let skipped = usize::from(function.body.first().as_ref().is_some_and(is_text));
                        let first = function.body.get(skipped).map_or(0, |stmt| stmt.start().to_u32());
                        self.around.push((function.name.to_string(), first, function.body.len()));
                        visitor::walk_stmt(self, stmt);
                        self.around.pop();
                        return;
                    }
                    Stmt::Nonlocal(it) => (true, it.names.len()),
                    Stmt::Global(it) => (false, it.names.len()),
                    _ => return visitor::walk_stmt(self, stmt),
                };
                if self.source.lines.line(stmt.start().to_u32()) == self.line {
                    let function = self.around.last();
                    self.found = Some(Declaration {
                        span: Span::new(stmt.start().to_u32(), stmt.end().to_u32()),
                        is_nonlocal,
                        function: function.map(|(name, ..)| name.clone()),
                        body: function.map(|(_, first, _)| *first),
                        has_company: function.is_some_and(|(.., count)| *count > 1),
                        names,
                    });
                }
            }
        }
        let mut search = Search { source, line, around: Vec::new(), found: None };
        visitor::Visitor::visit_body(&mut search, source.parsed.suite());
        search.found
    }

    fn unbound(&self, source: &Source<'_>, name: &str, function: &str) -> (Vec<String>, Vec<Proposal>) {
        let facts = source.facts;
        let mut because = vec![format!(
            "`nonlocal {name}` in {function} asks for a variable of a function around it, and none of them binds `{name}`"
        )];
        let of_module = facts.refs.iter().find(|row| {
            row.kind.binds()
                && facts.symbol_name(row.symbol) == name
                && facts.variable(row.symbol).is_some_and(|id| facts.symbols[id].scope == MODULE)
        });
        let mut proposals = Vec::new();
        if let Some(row) = of_module {
            let line = source.lines.line(row.span.start);
            because.push(format!("the module binds `{name}` on line {line}, which only `global` reaches"));
            if self.names == 1 {
                let end = self.span.start + u32::try_from("nonlocal".len()).unwrap_or(0);
                let edit = Edit { span: Span::new(self.span.start, end), content: "global".to_owned() };
                proposals.push(proposal(source, format!("write `global {name}`"), vec![edit]));
            }
        } else if self.has_company && self.names == 1 {
            let title = format!("take the statement away: then `{name}` is local to {function}");
            proposals.push(proposal(source, title, self.without_line(source).into_iter().collect()));
        }
        proposals.push(proposal(source, format!("bind `{name}` in a function around {function}"), Vec::new()));
        (because, proposals)
    }

    /// The statement moved to the top of its function.
    fn moved_up(&self, source: &Source<'_>) -> Option<Proposal> {
        let body = self.body?;
        let line = source.lines.line_span(source.lines.line(body))?;
        let indent = Span::new(line.start, body).slice(source.text);
        let inserted = format!("{indent}{}\n", self.span.slice(source.text));
        let edits =
            vec![Edit { span: Span::new(line.start, line.start), content: inserted }, self.without_line(source)?];
        let function = self.function.as_deref().unwrap_or_default();
        Some(proposal(source, format!("move the statement to the top of `{function}`"), edits))
    }

    /// The edit that takes the line of the statement away, if nothing else stands in it.
    fn without_line(&self, source: &Source<'_>) -> Option<Edit> {
        let line = source.lines.line_span(source.lines.line(self.span.start))?;
        let rest = &source.text[self.span.end as usize..];
        let end = rest.find('\n').map_or(rest.len(), |at| at + 1);
        let is_alone = Span::new(line.start, self.span.start).slice(source.text).trim().is_empty()
            && rest[..end].trim().is_empty();
        let end = self.span.end + u32::try_from(end).ok()?;
        is_alone.then(|| Edit { span: Span::new(line.start, end), content: String::new() })
    }
}

fn proposal(source: &Source<'_>, title: String, edits: Vec<Edit>) -> Proposal {
    Proposal { title, path: source.path.to_owned(), text: source.text.to_owned(), edits }
}
