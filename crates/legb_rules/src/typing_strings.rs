//! Which names do texts mention that type checkers read as types?
//!
//! Annotations are known from the facts. What is left are texts elsewhere: `cast("Queue[str]", x)`, `Optional["Queue"]`,
//! `TypeVar("T", bound="Queue")`, `alias: TypeAlias = "Queue"`, and comments
//! `# type: Queue`. Asked only for an import that nothing else uses, so a name too many does no harm.

use legb_base::Dialect;
use legb_syntax::annotation_texts::last_part;
use legb_syntax::ast::visitor::{Visitor, walk_expr, walk_stmt};
use legb_syntax::ast::{Expr, Stmt};
use memchr::memmem;
use rustc_hash::FxHashSet;

/// Functions of `typing` that take types, as texts too.
const TAKES_TYPES: [&str; 8] =
    ["cast", "TypeVar", "NewType", "NamedTuple", "TypedDict", "ParamSpec", "TypeVarTuple", "assert_type"];

/// The words of all texts and comments in a file that may stand for types.
pub(crate) fn words<'a>(suite: &'a [Stmt], text: &'a str, dialect: &Dialect) -> FxHashSet<&'a str> {
    let takes_keywords = dialect.typed_dict_keywords;
    let mut collector = Collector { words: FxHashSet::default(), renamed: Vec::new(), depth: 0, takes_keywords };
    for stmt in suite {
        collector.visit_stmt(stmt);
    }
    for at in memmem::find_iter(text.as_bytes(), "# type:") {
        collector.take(text[at..].lines().next().unwrap_or_default());
    }
    collector.words
}

struct Collector<'a> {
    words: FxHashSet<&'a str>,
    /// Functions of [`TAKES_TYPES`] under other names.
    renamed: Vec<&'a str>,
    /// Above zero: texts met now may be types.
    depth: u32,
    /// `TypedDict` takes types by keyword.
    takes_keywords: bool,
}

impl<'a> Collector<'a> {
    fn take(&mut self, text: &'a str) {
        self.words.extend(text.split(|c: char| !(c.is_alphanumeric() || c == '_')));
    }

    fn inside(&mut self, visit: impl FnOnce(&mut Self)) {
        self.depth += 1;
        visit(self);
        self.depth -= 1;
    }

    fn takes_types(&self, function: &str) -> bool {
        TAKES_TYPES.contains(&function) || self.renamed.contains(&function)
    }
}

impl<'a> Visitor<'a> for Collector<'a> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::ImportFrom(import) => {
                for alias in &import.names {
                    if let Some(asname) = &alias.asname
                        && TAKES_TYPES.contains(&alias.name.as_str())
                    {
                        self.renamed.push(asname.as_str());
                    }
                }
            }
            Stmt::AnnAssign(assign) if last_part(&assign.annotation) == Some("TypeAlias") => {
                self.inside(|this| walk_stmt(this, stmt));
            }
            _ => walk_stmt(self, stmt),
        }
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        match expr {
            Expr::StringLiteral(text) if self.depth > 0 => {
                self.take(text.value.to_str());
            }
            Expr::Subscript(subscript) if last_part(&subscript.value).is_some_and(looks_like_a_type) => {
                self.inside(|this| walk_expr(this, expr));
            }
            Expr::Call(call) if !self.takes_keywords && last_part(&call.func) == Some("TypedDict") => {
                self.inside(|this| call.arguments.args.iter().for_each(|argument| this.visit_expr(argument)));
            }
            Expr::Call(call) if last_part(&call.func).is_some_and(|name| self.takes_types(name)) => {
                self.inside(|this| walk_expr(this, expr));
            }
            _ => walk_expr(self, expr),
        }
    }
}

fn looks_like_a_type(name: &str) -> bool {
    name.starts_with(char::is_uppercase) || matches!(name, "list" | "dict" | "set" | "tuple" | "type" | "frozenset")
}
