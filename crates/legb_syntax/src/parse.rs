//! Parsing: the one place that calls the parser.

use legb_base::Dialect;
use ruff_python_ast::token::{TokenKind, Tokens};
use ruff_python_ast::{ModModule, PySourceType, PythonVersion, Stmt};
use ruff_python_parser::ParseOptions;
use ruff_text_size::Ranged;

use crate::depth::{self, Depth};
use crate::error::CompileError;
use crate::grammar;
use crate::suspect;

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
    let options =
        ParseOptions::from(source_type).with_target_version(PythonVersion { major: 3, minor: dialect.version.minor() });
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

    /// Whether the byte at an offset belongs to a string or a comment.
    pub fn is_in_text_or_comment(&self, offset: usize) -> bool {
        let tokens = self.tokens();
        let behind = tokens.partition_point(|token| token.start().to_usize() <= offset);
        behind.checked_sub(1).is_some_and(|at| {
            let text = [TokenKind::String, TokenKind::FStringMiddle, TokenKind::TStringMiddle, TokenKind::Comment];
            text.contains(&tokens[at].kind()) && offset < tokens[at].end().to_usize()
        })
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
        let reread_from = if self.too_deep
            || self.depth.is_some_and(|depth| depth.crowded)
            || suspect::is_suspect(text, self.tokens(), dialect)
        {
            0
        } else {
            self.last_sound_line(text)?
        };
        let error = grammar::first_error(text.as_bytes(), reread_from, dialect);
        error.or_else(|| self.depth.filter(|_| self.too_deep).map(|depth| grammar::too_deep(depth, dialect)))
    }

    /// The start of a top-level statement from which on a file with errors must be read again; nothing for other files.
    ///
    /// What is wrong may begin a statement or two before the place where the fast parser notices.
    fn last_sound_line(&self, text: &str) -> Option<usize> {
        let errors = self.inner.errors().iter().map(|error| error.location.start());
        let unsupported = self.inner.unsupported_syntax_errors().iter().map(|error| error.range.start());
        let first = errors.chain(unsupported).min()?;
        let starts_line = |offset: usize| offset == 0 || text.as_bytes()[offset - 1] == b'\n';
        let behind = self.suite().partition_point(|stmt| stmt.start() <= first);
        let mut sound = self.suite()[..behind].iter().rev().skip(2).map(|stmt| stmt.start().to_usize());
        Some(sound.find(|&offset| starts_line(offset)).unwrap_or(0))
    }
}
