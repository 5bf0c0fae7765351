//! What do CPython's tokenizer and parser say first about a text?
//!
//! A file that does not compile is read again the way CPython reads it: its tokenizer (`tokenizer`), a grammar per version
//! (`python.peg`, `python38.peg`) with the rules that only look for errors, and a parser that tries alternatives in the same
//! order (`machine`). So the message and the place follow from the version's rules, never from the file.
//!
//! Errors of the symbol table and of code generation are found elsewhere.

mod checks;
mod complain;
mod fstrings;
mod legacy;
mod machine;
mod node;
mod raised;
mod rules;
mod source;
mod strings;
mod token;
mod tokenizer;
mod tree38;

use std::sync::OnceLock;

use legb_base::{Dialect, PyVersion, Span};

use crate::depth::Depth;
use crate::dialect::SyntaxDialect;
use crate::error::{CompileError, ErrorPosition, Place, Stage};

use machine::Machine;
use raised::Raised;
use rules::{Grammar, RuleId};
use source::Source;
use token::Kind;
use tokenizer::Stop;

/// Stack of the thread that parses.
const STACK: usize = 64 << 20;

static GRAMMARS: [OnceLock<Grammar>; PyVersion::ALL.len()] = [const { OnceLock::new() }; PyVersion::ALL.len()];

fn grammar_of(version: PyVersion, dialect: &SyntaxDialect) -> &'static Grammar {
    let text = if dialect.checks_tree_at_end {
        include_str!("grammar/python38.peg")
    } else {
        include_str!("grammar/python.peg")
    };
    GRAMMARS[version.index()].get_or_init(|| Grammar::read(text, dialect))
}

/// The first error of the tokenizer or parser of a version of CPython in `source`, which has no byte order mark; nothing
/// where they accept it. What is before `offset`, the start of a line outside of any block, is taken to be fine.
pub(crate) fn first_error(source: &[u8], offset: usize, dialect: &Dialect) -> Option<CompileError> {
    // The parser may recurse as deeply as CPython lets it, which the stack of a small thread does not hold.
    std::thread::scope(|scope| {
        let deep = std::thread::Builder::new().stack_size(STACK);
        match deep.spawn_scoped(scope, || first_error_here(source, offset, dialect)) {
            Ok(thread) => thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
            Err(_) => first_error_here(source, offset, dialect),
        }
    })
}

fn first_error_here(source: &[u8], offset: usize, dialect: &Dialect) -> Option<CompileError> {
    let syntax = SyntaxDialect::of(dialect);
    let source = Source::new(source, offset);
    let mut machine = Machine::new(&source, &syntax, grammar_of(dialect.version, &syntax));
    let raised = parser_error(&mut machine, "file")?;
    Some(legacy::with_statement_named(raised, &source, &syntax).into_error(&source))
}

/// What CPython's tokenizer and parser say first about `text`, found by reading it the way they do, whatever the fast parser
/// makes of it. Slow: [`Parsed::grammar_error`](crate::Parsed::grammar_error) asks this only of files that are broken.
pub fn reread(text: &str, dialect: &Dialect) -> Option<CompileError> {
    first_error(text.as_bytes(), 0, dialect)
}

/// What is said about a text that should match a rule.
fn parser_error(machine: &mut Machine<'_>, rule: &str) -> Option<Raised> {
    let rule = machine.grammar.find(rule);
    if machine.dialect.checks_tree_at_end {
        return parser_error_38(machine, rule);
    }
    match machine.run(rule) {
        Ok(Some(_)) => return None,
        Ok(None) => {}
        Err(_) => return tokenizer_speaks_first(machine),
    }
    let last = *machine.tokens.last()?;
    machine.restart();
    let second = machine.run(rule);
    if second.is_err() {
        return tokenizer_speaks_first(machine);
    }
    if !machine.dialect.errors_have_ends {
        return Some(old_generic_error(machine));
    }
    match last.kind {
        Kind::INDENT => return Some(machine.raise_last("IndentationError", "unexpected indent")),
        Kind::DEDENT => return Some(machine.raise_last("IndentationError", "unexpected unindent")),
        _ => {}
    }
    machine.raised = Some(machine.raise_tokens("SyntaxError", "invalid syntax", &last, &last));
    tokenizer_speaks_first(machine)
}

/// The same for 3.8: the first token that does not fit, or what the tree is refused for.
fn parser_error_38(machine: &mut Machine<'_>, rule: RuleId) -> Option<Raised> {
    match machine.run(rule) {
        Ok(Some(tree)) => machine.check_tree(tree).err(),
        Err(_) => machine.raised.take(),
        Ok(None) => {
            let token = machine.tokens[machine.farthest];
            let (exception, message) = match token.kind {
                _ if machine.tokenizer.at_end => ("SyntaxError", "unexpected EOF while parsing"),
                _ if machine.wants_only_indent => ("IndentationError", "expected an indented block"),
                Kind::INDENT => ("IndentationError", "unexpected indent"),
                Kind::DEDENT => ("IndentationError", "unexpected unindent"),
                // Refused before its place is known.
                _ if Kind::literal("<>") == Some(token.kind) => {
                    return Some(machine.raise_cursor("SyntaxError", "invalid syntax"));
                }
                _ => ("SyntaxError", "invalid syntax"),
            };
            let mut raised = machine.raise_last(exception, message);
            // The line is the one on which the token ends.
            raised.at.lineno = u32::try_from(token.end_line).ok();
            Some(raised)
        }
    }
}

/// The error of 3.9 when no rule has a better one.
fn old_generic_error(machine: &Machine<'_>) -> Raised {
    let (exception, message) = match machine.tokens.last().map(|token| token.kind) {
        _ if machine.tokenizer.at_end => ("SyntaxError", "unexpected EOF while parsing"),
        Some(Kind::INDENT) => ("IndentationError", "unexpected indent"),
        Some(Kind::DEDENT) => ("IndentationError", "unexpected unindent"),
        _ => ("SyntaxError", "invalid syntax"),
    };
    machine.raise_last(exception, message)
}

/// Reads the rest of the file: an error that the tokenizer itself raises there, or a bracket that was opened on an earlier
/// line and never closed, is reported instead of the parser's error.
fn tokenizer_speaks_first(machine: &mut Machine<'_>) -> Option<Raised> {
    let raised = machine.raised.take()?;
    let parser_raised = machine.stopped.is_none() && raised.exception.ends_with("Error") && raised.at.lineno.is_some();
    let inside_literal = machine.tokenizer.in_interpolation();
    if !parser_raised || inside_literal || !machine.dialect.errors_have_ends || machine.tokenizer.at_end {
        return Some(raised);
    }
    let line = machine.tokens.last().map_or(0, |token| token.line);
    loop {
        match machine.tokenizer.next() {
            Ok(token) if token.kind == Kind::END_MARKER => return Some(raised),
            Ok(_) => {}
            Err((_, Stop::Raised(error))) => return Some(*error),
            Err(_) => {
                let open = machine.tokenizer.brackets.last().copied().filter(|bracket| line > bracket.line);
                return Some(open.map_or(raised, |bracket| machine.never_closed(bracket)));
            }
        }
    }
}

/// What CPython says of an expression that nests too deeply for its compiler.
pub(crate) fn too_deep(depth: Depth, dialect: &Dialect) -> CompileError {
    let (exception, message) = match (depth.by_prefixes, SyntaxDialect::of(dialect).parser_overflow_has_text) {
        (false, _) => ("RecursionError", "maximum recursion depth exceeded during compilation"),
        (true, true) => ("MemoryError", "Parser stack overflowed - Python source too complex to parse"),
        (true, false) => ("MemoryError", ""),
    };
    CompileError {
        stage: Stage::Parser,
        exception,
        message: message.to_owned(),
        span: Span::at(depth.deepest),
        place: Place::Exact(ErrorPosition::default()),
    }
}
