//! A source file as it runs: its text, its program, and what is asked of places in it.

use std::sync::Arc;

use legb_base::Dialect;
use legb_scope::Analyzer;
use legb_syntax::ast::Expr;
use legb_syntax::decode::decode;
use legb_syntax::{CompileError, LineIndex, Parsed, Ranged, SourceKind, parse};

use crate::lower::lower;
use crate::program::Code;

/// A source file.
#[derive(Debug)]
pub(crate) struct Unit {
    /// The path, as the program sees it in `__file__`.
    pub(crate) path: Arc<str>,
    /// Whether it is part of what is asked about; the library's own files are not.
    pub(crate) is_first_party: bool,
    pub(crate) text: String,
    pub(crate) lines: LineIndex,
    /// Start and end of every call of something named `print`.
    pub(crate) prints: Vec<(u32, u32)>,
}

impl Unit {
    /// The line of an offset, from 1.
    pub(crate) fn line(&self, offset: u32) -> u32 {
        self.lines.line(offset)
    }
}

/// A file that does not compile.
#[derive(Clone, Debug)]
pub(crate) struct Refused {
    pub(crate) exception: String,
    pub(crate) message: String,
}

impl Refused {
    fn new(error: &CompileError) -> Self {
        Self { exception: error.exception.to_string(), message: error.message.clone() }
    }
}

/// The program of a file.
pub(crate) fn compile(
    path: Arc<str>,
    bytes: &[u8],
    is_first_party: bool,
    dialect: &Dialect,
) -> Result<Arc<Code>, Refused> {
    let text = decode(bytes, dialect).map_err(|error| Refused::new(&error))?.into_owned();
    let parsed = parse(&text, SourceKind::Python, dialect);
    let lines = LineIndex::new(&text);
    if let Some(error) = parsed.grammar_error(&text, dialect) {
        return Err(Refused::new(&error));
    }
    let mut analyzer = Analyzer::default();
    let facts = analyzer.analyze(&parsed, &text, dialect, SourceKind::Python);
    if let Some(error) = facts.errors.first() {
        return Err(Refused::new(error));
    }
    let prints = prints(&parsed);
    let unit = Arc::new(Unit { path, is_first_party, text: text.clone(), lines, prints });
    Ok(lower(&unit, parsed.suite(), facts, dialect))
}

/// The program of a model of a library module: written for the newest version, the same for all.
pub(crate) fn compile_model(path: &str, text: &str) -> Result<Arc<Code>, Refused> {
    let dialect = Dialect::of(legb_base::PyVersion::NEWEST);
    compile(path.into(), text.as_bytes(), false, &dialect)
}

/// Calls of a plain `print`, by their start.
fn prints(parsed: &Parsed) -> Vec<(u32, u32)> {
    use legb_syntax::ast::visitor::{Visitor, walk_expr};
    struct Prints(Vec<(u32, u32)>);
    impl<'a> Visitor<'a> for Prints {
        fn visit_expr(&mut self, expr: &'a Expr) {
            if let Expr::Call(call) = expr
                && matches!(&*call.func, Expr::Name(name) if name.id.as_str() == "print")
            {
                self.0.push((call.range().start().to_u32(), call.range().end().to_u32()));
            }
            walk_expr(self, expr);
        }
    }
    let mut prints = Prints(Vec::new());
    prints.visit_body(parsed.suite());
    prints.0.sort_unstable();
    prints.0
}
