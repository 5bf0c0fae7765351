//! An import statement as text that can be taken apart: its aliases, its lines, and how it would be written with fewer names.

use legb_base::Span;
use legb_syntax::ast::{Alias as AstAlias, Stmt};
use legb_syntax::{LineIndex, Ranged};

/// A name of an import statement.
pub(super) struct Alias<'a> {
    /// The name in the module, or the module.
    pub(super) name: &'a str,
    /// What is behind `as`.
    rename: Option<&'a str>,
}

impl Alias<'_> {
    /// The name that is bound.
    pub(super) fn bound(&self) -> &str {
        self.rename.unwrap_or(self.name)
    }

    /// `x as x`, which says that the name is there for others.
    pub(super) fn is_renamed_to_itself(&self) -> bool {
        self.rename == Some(self.name)
    }

    fn written(&self) -> String {
        self.rename.map_or_else(|| self.name.to_owned(), |rename| format!("{} as {rename}", self.name))
    }
}

/// An import statement.
pub(super) struct Statement<'a> {
    /// The statement.
    pub(super) span: Span,
    /// Its lines, the last line ending included.
    pub(super) lines: Span,
    /// Its names.
    pub(super) aliases: Vec<Alias<'a>>,
    /// The module of a `from` import as it is written, with its dots.
    from: Option<String>,
    /// How lines end here.
    pub(super) newline: &'static str,
}

/// Longer lines are broken.
const WIDTH: usize = 88;

impl<'a> Statement<'a> {
    /// Reads a statement; nothing if it is no import, is lazy, or imports `*`.
    pub(super) fn read(stmt: &'a Stmt, text: &str, lines: &LineIndex) -> Option<Self> {
        let (names, from) = match stmt {
            Stmt::Import(import) => (&import.names, None),
            Stmt::ImportFrom(import) => {
                let module = import.module.as_ref().map_or("", |module| module.as_str());
                (&import.names, Some(format!("{}{module}", ".".repeat(import.level as usize))))
            }
            _ => return None,
        };
        let span = Span::new(stmt.start().to_u32(), stmt.end().to_u32());
        let is_plain = span.slice(text).starts_with("import") || span.slice(text).starts_with("from");
        if !is_plain || names.iter().any(|alias| alias.name.as_str() == "*") {
            return None;
        }
        let first = lines.line_span(lines.line(span.start))?;
        let last = lines.line_span(lines.line(span.end.saturating_sub(1)))?;
        let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
        // What ends a line may or may not be counted to it.
        let mut end = last.end;
        if !last.slice(text).ends_with('\n') && text.get(end as usize..).is_some_and(|rest| rest.starts_with(newline)) {
            end += u32::try_from(newline.len()).ok()?;
        }
        let alias = |alias: &'a AstAlias| Alias {
            name: alias.name.as_str(),
            rename: alias.asname.as_ref().map(legb_syntax::ast::Identifier::as_str),
        };
        let aliases = names.iter().map(alias).collect();
        Some(Self { span, lines: Span::new(first.start, end), aliases, from, newline })
    }

    /// The statement with these of its names alone.
    pub(super) fn written(&self, chosen: &[usize]) -> String {
        let names: Vec<String> = chosen.iter().map(|&at| self.aliases[at].written()).collect();
        let Some(from) = &self.from else { return format!("import {}", names.join(", ")) };
        let line = format!("from {from} import {}", names.join(", "));
        if line.chars().count() <= WIDTH {
            return line;
        }
        let newline = self.newline;
        let rows = names.join(&format!(",{newline}    "));
        format!("from {from} import ({newline}    {rows},{newline})")
    }

    /// The import of the module itself instead of names from it, and how the module is reached then.
    pub(super) fn module_import(&self) -> Option<(String, String)> {
        let from = self.from.as_deref()?;
        let dots = from.chars().take_while(|c| *c == '.').count();
        let (dots, module) = from.split_at(dots);
        if module.is_empty() {
            return None;
        }
        if dots.is_empty() {
            return Some((format!("import {module}"), module.to_owned()));
        }
        Some(match module.rsplit_once('.') {
            Some((package, tail)) => (format!("from {dots}{package} import {tail}"), tail.to_owned()),
            None => (format!("from {dots} import {module}"), module.to_owned()),
        })
    }
}
