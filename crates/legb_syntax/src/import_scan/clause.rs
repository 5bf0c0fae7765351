//! Import statements.

use legb_base::Span;

use super::cursor::{offset, span};
use super::{End, ScannedImport, Scanner, Unsure};
use crate::imports::ImportFlags;

impl Scanner<'_, '_> {
    /// `import a.b as c, d`; the cursor is at the keyword.
    pub(super) fn import(&mut self, is_lazy: bool) -> Result<End, Unsure> {
        self.skip_word();
        let mut flags = self.flags_here()?;
        flags.set(ImportFlags::LAZY, is_lazy);
        loop {
            self.skip_space();
            let module = self.dotted_name()?;
            self.skip_space();
            let asname = self.asname()?;
            self.row(ScannedImport { module, name: None, asname, level: 0, start: offset(self.statement), flags });
            self.skip_space();
            if !self.eat(b',') {
                return self.end_of_import();
            }
        }
    }

    /// `from ..a.b import c as d, e`; the cursor is at the keyword.
    pub(super) fn from(&mut self, is_lazy: bool) -> Result<End, Unsure> {
        self.skip_word();
        let mut flags = self.flags_here()? | ImportFlags::FROM;
        flags.set(ImportFlags::LAZY, is_lazy);
        self.skip_space();
        let mut level = 0;
        while self.eat(b'.') {
            level += 1;
            self.skip_space();
        }
        let mut module = Span::default();
        if level == 0 || self.word() != b"import" {
            module = self.dotted_name()?;
            self.skip_space();
        }
        if self.word() != b"import" {
            return Err(Unsure::Clause);
        }
        self.skip_word();
        self.skip_space();
        flags.set(ImportFlags::FUTURE, level == 0 && module.slice(self.text) == "__future__");
        let import = ScannedImport { module, name: None, asname: None, level, start: offset(self.statement), flags };
        let star = self.at;
        if self.eat(b'*') {
            let flags = flags | ImportFlags::STAR;
            self.row(ScannedImport { name: Some(span(star, self.at)), flags, ..import });
        } else {
            self.names(import)?;
        }
        self.end_of_import()
    }

    /// The names of a `from` import, in brackets or not.
    fn names(&mut self, import: ScannedImport) -> Result<(), Unsure> {
        let bracketed = self.eat(b'(');
        let skip = if bracketed { Self::skip_blank } else { Self::skip_space };
        loop {
            skip(self);
            let name = Some(self.plain_name()?);
            skip(self);
            let asname = if self.word() == b"as" {
                self.skip_word();
                skip(self);
                Some(self.plain_name()?)
            } else {
                None
            };
            self.row(ScannedImport { name, asname, ..import });
            skip(self);
            let more = self.eat(b',');
            if bracketed {
                skip(self);
                if self.eat(b')') {
                    return Ok(());
                }
            }
            if !more {
                return if bracketed { Err(Unsure::Clause) } else { Ok(()) };
            }
        }
    }

    fn row(&mut self, mut row: ScannedImport) {
        row.flags.set(ImportFlags::ALIASED, row.asname.is_some());
        self.rows.push(row);
    }

    /// Passes blanks, line ends and comments.
    fn skip_blank(&mut self) {
        loop {
            self.skip_space();
            match self.peek() {
                b'\n' | b'\r' => self.at += 1,
                b'#' => self.comment(),
                _ => return,
            }
        }
    }

    fn asname(&mut self) -> Result<Option<Span>, Unsure> {
        if self.word() != b"as" {
            return Ok(None);
        }
        self.skip_word();
        self.skip_space();
        self.plain_name().map(Some)
    }

    fn plain_name(&mut self) -> Result<Span, Unsure> {
        let start = self.at;
        let word = self.word();
        if !word.is_ascii() {
            return Err(Unsure::UnicodeName);
        }
        if word.first().is_none_or(u8::is_ascii_digit) {
            return Err(Unsure::Clause);
        }
        self.at += word.len();
        Ok(span(start, self.at))
    }

    /// A dotted name without blanks in it.
    fn dotted_name(&mut self) -> Result<Span, Unsure> {
        let first = self.plain_name()?;
        while self.eat(b'.') {
            self.plain_name()?;
        }
        Ok(span(first.start as usize, self.at))
    }

    /// Passes the end of an import statement.
    fn end_of_import(&mut self) -> Result<End, Unsure> {
        self.skip_space();
        self.catch_up();
        match self.peek() {
            b';' => {
                self.at += 1;
                return Ok(End::Semicolon);
            }
            b'#' => self.comment(),
            b'\n' | b'\r' => self.newline(),
            _ if self.at == self.bytes.len() => {}
            _ => return Err(Unsure::Clause),
        }
        Ok(End::Line)
    }

    /// Where an import stands that stands at the cursor.
    pub(super) fn flags_here(&mut self) -> Result<ImportFlags, Unsure> {
        let mut flags = ImportFlags::empty();
        for block in &mut self.blocks {
            flags = block.flags(flags, self.text)?;
        }
        Ok(flags)
    }
}
