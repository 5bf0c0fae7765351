//! Which names stand in an annotation that is written as a text, and where? `x: "list[Item]"` names `list` and `Item`.
//!
//! What the names mean is not asked here.

use legb_base::{Dialect, Span};
use ruff_python_ast::visitor::{Visitor, walk_expr};
use ruff_python_ast::{Expr, ExprStringLiteral, Stmt};
use ruff_text_size::Ranged;

use crate::{SourceKind, parse};

/// A name in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnnotationName {
    /// The name.
    pub name: String,
    /// Where it stands in the file; the whole text with its quotes where that is not written plainly.
    pub span: Span,
    /// Whether the place is that of the name alone.
    pub is_exact: bool,
}

/// The names in the texts of an annotation of the file `text`, in the order of the file. What `Literal[…]` holds is no name.
pub fn names_in_annotation(annotation: &Expr, text: &str, dialect: &Dialect) -> Vec<AnnotationName> {
    let mut finder = Finder { text, dialect, found: Vec::new() };
    finder.annotation(annotation);
    finder.found
}

struct Finder<'a> {
    text: &'a str,
    dialect: &'a Dialect,
    found: Vec<AnnotationName>,
}

impl Finder<'_> {
    fn annotation(&mut self, expr: &Expr) {
        match expr {
            Expr::StringLiteral(text) => self.names(text),
            Expr::Subscript(subscript) => match last_part(&subscript.value) {
                Some("Literal") => {}
                Some("Annotated") => match &*subscript.slice {
                    Expr::Tuple(tuple) => tuple.elts.iter().take(1).for_each(|first| self.annotation(first)),
                    other => self.annotation(other),
                },
                _ => self.annotation(&subscript.slice),
            },
            Expr::Tuple(tuple) => tuple.elts.iter().for_each(|element| self.annotation(element)),
            Expr::List(list) => list.elts.iter().for_each(|element| self.annotation(element)),
            Expr::BinOp(operation) => {
                self.annotation(&operation.left);
                self.annotation(&operation.right);
            }
            _ => {}
        }
    }

    /// The names of a text that is an expression.
    fn names(&mut self, text: &ExprStringLiteral) {
        let parsed = parse(text.value.to_str(), SourceKind::Python, self.dialect);
        let [Stmt::Expr(only)] = parsed.suite() else { return };
        if parsed.has_errors() {
            return;
        }
        let mut names = Names { found: Vec::new() };
        names.visit_expr(&only.value);
        for (name, place) in names.found {
            let (span, is_exact) = self.place(text, place);
            self.found.push(AnnotationName { name: name.to_owned(), span, is_exact });
        }
    }

    /// Where a name of the text stands in the file, if the text is written plainly; else the whole text.
    fn place(&self, text: &ExprStringLiteral, name: Span) -> (Span, bool) {
        let whole = span(text);
        let written = whole.slice(self.text);
        let quotes = if written.starts_with("\"\"\"") || written.starts_with("'''") { 3 } else { 1 };
        let plain = written.starts_with(['"', '\'']) && written.len() == text.value.to_str().len() + 2 * quotes;
        let start = whole.start + u32::try_from(quotes).unwrap_or_default();
        if plain { (Span::new(start + name.start, start + name.end), true) } else { (whole, false) }
    }
}

struct Names<'a> {
    found: Vec<(&'a str, Span)>,
}

impl<'a> Visitor<'a> for Names<'a> {
    fn visit_expr(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Name(name) => self.found.push((name.id.as_str(), span(name))),
            Expr::Subscript(subscript) if last_part(&subscript.value) == Some("Literal") => {
                self.visit_expr(&subscript.value);
            }
            Expr::Lambda(_) | Expr::ListComp(_) | Expr::Generator(_) | Expr::SetComp(_) | Expr::DictComp(_) => {}
            _ => walk_expr(self, expr),
        }
    }
}

fn span(node: &impl Ranged) -> Span {
    Span::new(node.start().to_u32(), node.end().to_u32())
}

/// A name, or the last part of a dotted one.
pub fn last_part(expr: &Expr) -> Option<&str> {
    match expr {
        Expr::Name(name) => Some(name.id.as_str()),
        Expr::Attribute(attribute) => Some(attribute.attr.as_str()),
        _ => None,
    }
}
