//! Parsing: the one place that calls the parser.

use legb_base::Dialect;
use ruff_python_ast::token::Tokens;
use ruff_python_ast::{ModModule, PySourceType, PythonVersion, Stmt};
use ruff_python_parser::ParseOptions;

use crate::depth::{self, Depth};
use crate::error::CompileError;
use crate::grammar;

/// How a file is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SourceKind {
    /// A program or module: `.py`, `.pyw`.
    Python,
    /// A stub (`.pyi`): names may be used before they are bound, nothing runs.
    Stub,
}

/// A syntax tree with the errors met on the way. Parsing never fails: what could be read is there.
#[derive(Debug)]
pub struct Parsed {
    inner: ruff_python_parser::Parsed<ModModule>,
    depth: Option<Depth>,
    /// The tree is too deep to be walked or dropped, so it was put aside and `inner` is an empty module.
    too_deep: bool,
}

/// Parses `text`; the tree is the same for every version, the errors are not.
pub fn parse(text: &str, kind: SourceKind, dialect: &Dialect) -> Parsed {
    let inner = parse_as(text, kind, dialect);
    let depth = depth::measure(text, inner.tokens());
    let too_deep = depth.is_some_and(|depth| depth.levels > depth::LIMIT);
    if too_deep {
        // Dropping the tree would recurse as deeply as the tree is; a leak of one pathological file is the lesser evil.
        std::mem::forget(inner);
        return Parsed { inner: parse_as("", kind, dialect), depth, too_deep };
    }
    Parsed { inner, depth, too_deep }
}

fn parse_as(text: &str, kind: SourceKind, dialect: &Dialect) -> ruff_python_parser::Parsed<ModModule> {
    let source_type = match kind {
        SourceKind::Python => PySourceType::Python,
        SourceKind::Stub => PySourceType::Stub,
    };
    let options = ParseOptions::from(source_type)
        .with_target_version(PythonVersion { major: 3, minor: dialect.version.minor() });
    ruff_python_parser::parse_unchecked(text, options)
        .try_into_module()
        .expect("invariant: a module is parsed in module mode")
}

impl Parsed {
    /// The statements of the module.
    pub fn suite(&self) -> &[Stmt] {
        &self.inner.syntax().body
    }

    /// The tokens, comments and line endings included.
    pub fn tokens(&self) -> &Tokens {
        self.inner.tokens()
    }

    /// Whether the parser met anything that it, or the target version, does not allow.
    ///
    /// What CPython makes of it says [`Parsed::grammar_error`]: not all of this is an error there.
    pub fn has_errors(&self) -> bool {
        self.too_deep || self.inner.has_syntax_errors()
    }

    /// What CPython's tokenizer and parser say first about `text`, which must be what was parsed; nothing where they
    /// accept it.
    pub fn grammar_error(&self, text: &str, dialect: &Dialect) -> Option<CompileError> {
        if self.has_errors() || self.depth.is_some_and(|depth| depth.crowded) {
            let error = grammar::first_error(text.as_bytes(), 0, dialect);
            if error.is_some() || !self.too_deep {
                return error;
            }
        }
        self.depth.filter(|_| self.too_deep).map(|depth| grammar::too_deep(depth, dialect))
    }
}
