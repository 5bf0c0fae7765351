//! Which imports does a text have? Found in one pass over its bytes, without tokens or a tree.
//!
//! The pass tells strings, comments, brackets and continued lines apart, keeps a stack of indented blocks, and looks at the
//! first word of each statement. It stops behind the last `import` of the text, and reads what the walk over the tree reads:
//! names, dots, aliases, and whether the import stands in a function, a `try`, under `if TYPE_CHECKING:` and so on.
//!
//! Where it meets what it does not know it gives up with the reason, and the text has to be parsed. It does not look for
//! errors: of a text that is not Python it may return what looks like imports.

mod block;
mod call;
mod clause;
mod cursor;
mod interpolated;

use std::sync::LazyLock;

use legb_base::Span;
use memchr::memmem::{FindIter, Finder};

use crate::imports::ImportFlags;
use block::{Block, Header, Indentation};
use call::Functions;
use cursor::{HEADER, STATEMENT};

/// One name imported, or one module. Ranges are those of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScannedImport {
    /// The module, dotted, without the dots of a relative import; empty in `from . import x`.
    pub module: Span,
    /// The name taken from the module, or `*`, in `from` imports.
    pub name: Option<Span>,
    /// The name behind `as`.
    pub asname: Option<Span>,
    /// Leading dots.
    pub level: u32,
    /// Where the statement or call begins.
    pub start: u32,
    /// How and where.
    pub flags: ImportFlags,
}

/// Why a text has to be parsed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unsure {
    /// A second byte order mark.
    ByteOrderMark,
    /// Indentation that fits no open block, or is missing, or goes on behind a backslash.
    Indentation,
    /// A bracket that closes nothing, or a statement that ends inside brackets.
    Brackets,
    /// A backslash that does not end the line.
    Backslash,
    /// A string without an end.
    OpenString,
    /// A replacement field of an f-string in an unusual form.
    Interpolation,
    /// A compound statement without its colon, or where none may stand.
    Compound,
    /// `import` where no statement begins.
    Keyword,
    /// An import statement in an unusual form.
    Clause,
    /// A name beyond ASCII, which need not be what is written (NFKC).
    UnicodeName,
    /// `TYPE_CHECKING` together with other tests.
    TypeChecking,
    /// A call that imports, where it may run later than the code around it.
    Call,
}

static IMPORT: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("import"));

/// Adds the imports of `text` to `rows`, in the order of the text.
///
/// After an error `rows` has some of them.
pub fn scan(text: &str, rows: &mut Vec<ScannedImport>) -> Result<(), Unsure> {
    let mut words = IMPORT.find_iter(text.as_bytes());
    let Some(next) = words.next() else { return Ok(()) };
    if text.starts_with('\u{feff}') {
        return Err(Unsure::ByteOrderMark);
    }
    let first = rows.len();
    let module = Block::new(Header::Module, Span::default());
    let mut scanner = Scanner {
        text,
        bytes: text.as_bytes(),
        at: 0,
        next,
        words,
        statement: 0,
        code_end: 0,
        blocks: vec![module],
        pending: None,
        calls: Functions::default(),
        doubts: Functions::default(),
        rows,
    };
    scanner.lines()?;
    let doubts = scanner.doubts;
    call::settle(text, first, rows, doubts)
}

/// Where a run of code ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// With the line: the cursor is on the next one, or at the end of the text.
    Line,
    /// At a semicolon, which is passed.
    Semicolon,
    /// At a colon outside of brackets, which is passed.
    Colon,
    /// There is no `import` ahead any more.
    NothingAhead,
}

struct Scanner<'t, 'r> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    /// The first `import` that does not lie behind the cursor, or `usize::MAX`.
    next: usize,
    words: FindIter<'t, 'static>,
    /// Where the statement at the cursor begins.
    statement: usize,
    /// Where the code of the line just passed ended, without a comment.
    code_end: usize,
    /// The blocks around the statement, the module first.
    blocks: Vec<Block>,
    /// A block whose header has been read, and whose first line is awaited.
    pending: Option<Block>,
    /// Functions that the statement calls to import something.
    calls: Functions,
    /// Functions of which some calls are left to the parser, if they turn out to be those that import.
    doubts: Functions,
    rows: &'r mut Vec<ScannedImport>,
}

impl Scanner<'_, '_> {
    /// Line after line, as long as there may be imports.
    fn lines(&mut self) -> Result<(), Unsure> {
        while self.next != usize::MAX {
            let indentation = self.indentation()?;
            match self.peek() {
                b'\n' | b'\r' => self.newline(),
                b'#' => self.comment(),
                _ => {
                    if self.pending.is_some() || self.block().indentation != indentation {
                        self.enter_line(indentation)?;
                    }
                    self.statement()?;
                }
            }
        }
        Ok(())
    }

    fn block(&mut self) -> &mut Block {
        self.blocks.last_mut().expect("invariant: the module's own block is never left")
    }

    /// Opens or closes blocks at a line with other indentation, or at the first one behind a header.
    fn enter_line(&mut self, indentation: Indentation) -> Result<(), Unsure> {
        if let Some(mut block) = self.pending.take() {
            if !indentation.is_deeper_than(self.block().indentation) {
                return Err(Unsure::Indentation);
            }
            block.indentation = indentation;
            self.blocks.push(block);
            return Ok(());
        }
        while self.blocks.len() > 1 && self.block().indentation.is_deeper_than(indentation) {
            self.blocks.pop();
        }
        if self.block().indentation == indentation { Ok(()) } else { Err(Unsure::Indentation) }
    }

    /// A statement at the beginning of a line, and what follows it on the line.
    #[inline]
    fn statement(&mut self) -> Result<(), Unsure> {
        self.statement = self.at;
        let in_match = self.block().header == Header::Match;
        let header = if Header::may_start_with(self.peek()) { Header::of(self.word()) } else { None };
        match header {
            Some(Header::Case) if in_match => self.compound_statement(Header::Case),
            _ if in_match => Err(Unsure::Compound),
            Some(Header::Match) => self.match_statement(),
            Some(Header::Async) => self.async_statement(),
            Some(Header::Case) | None => self.simple_statements(),
            Some(header) => self.compound_statement(header),
        }
    }

    fn async_statement(&mut self) -> Result<(), Unsure> {
        self.skip_word();
        self.skip_space();
        match Header::of(self.word()) {
            Some(header @ (Header::Def | Header::For | Header::With)) => self.compound_statement(header),
            _ => Err(Unsure::Compound),
        }
    }

    /// A compound statement whose keyword is at the cursor, up to its body.
    fn compound_statement(&mut self, header: Header) -> Result<(), Unsure> {
        self.skip_word();
        let test = self.at;
        match self.code(&HEADER)? {
            End::Colon => {}
            End::NothingAhead => return Ok(()),
            _ => return Err(Unsure::Compound),
        }
        // Headers may evaluate a call later, or under another condition.
        self.doubts.add(std::mem::take(&mut self.calls));
        let (test, text) = (cursor::span(test, self.at - 1), self.text);
        let block = self.block().open(header, test, text)?;
        self.skip_space();
        match self.peek() {
            b'#' => self.comment(),
            b'\n' | b'\r' => self.newline(),
            _ => {
                self.blocks.push(block);
                self.simple_statements()?;
                self.blocks.pop();
                return Ok(());
            }
        }
        self.pending = Some(block);
        Ok(())
    }

    /// `match` is a keyword only where the line turns out to be a header.
    fn match_statement(&mut self) -> Result<(), Unsure> {
        match self.code(&STATEMENT)? {
            End::Line if self.line_had_colon_at_end() => {
                self.doubts.add(std::mem::take(&mut self.calls));
                self.pending = Some(Block::new(Header::Match, Span::default()));
                Ok(())
            }
            end => {
                self.settle_statement();
                if end == End::Semicolon { self.simple_statements() } else { Ok(()) }
            }
        }
    }

    /// Statements that are no compound ones, up to the end of the line.
    #[inline]
    fn simple_statements(&mut self) -> Result<(), Unsure> {
        loop {
            self.skip_space();
            self.statement = self.at;
            let end = match self.peek() {
                b'i' if self.at == self.next && self.word() == b"import" => self.import(false)?,
                b'f' if self.word() == b"from" => self.from(false)?,
                b'l' if self.word() == b"lazy" => self.lazy()?,
                _ => {
                    let end = self.code(&STATEMENT)?;
                    self.settle_statement();
                    end
                }
            };
            if end != End::Semicolon {
                return Ok(());
            }
        }
    }

    /// `lazy` is a keyword only in front of an import.
    fn lazy(&mut self) -> Result<End, Unsure> {
        self.skip_word();
        self.skip_space();
        match self.word() {
            b"import" => self.import(true),
            b"from" => self.from(true),
            _ => {
                let end = self.code(&STATEMENT)?;
                self.settle_statement();
                Ok(end)
            }
        }
    }

    /// Leaves calls of the statement just passed to the parser where they may not run where they stand.
    #[inline]
    fn settle_statement(&mut self) {
        if !self.calls.is_empty() {
            let calls = std::mem::take(&mut self.calls);
            if self.may_defer() {
                self.doubts.add(calls);
            }
        }
    }
}

#[cfg(test)]
mod tests;
