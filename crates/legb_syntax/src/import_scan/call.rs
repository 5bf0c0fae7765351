//! `import` inside other words: `importlib`, and the calls that import.

use super::cursor::{is_name, offset};
use super::{ScannedImport, Scanner, Unsure};
use crate::imports::{ImportBinders, ImportFlags, ImportFunction};

/// A set of functions that import.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Functions(u8);

impl Functions {
    pub(super) fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub(super) fn add(&mut self, others: Self) {
        self.0 |= others.0;
    }

    fn of(function: ImportFunction) -> Self {
        Self(1 << function as u8)
    }

    fn contains(self, function: ImportFunction) -> bool {
        self.0 & Self::of(function).0 != 0
    }
}

/// Leaves out calls of functions that are not those of `importlib`, as far as the imports of the file tell. Gives up if
/// there are `doubts` about calls of those that are.
pub(super) fn settle(text: &str, first: usize, rows: &mut Vec<ScannedImport>, doubts: Functions) -> Result<(), Unsure> {
    let is_call = |row: &ScannedImport| row.flags.contains(ImportFlags::DYNAMIC);
    if doubts.is_empty() && !rows[first..].iter().any(is_call) {
        return Ok(());
    }
    let mut binders = ImportBinders::default();
    for row in rows[first..].iter().filter(|row| !is_call(row)) {
        binders.see(row.module.slice(text), row.name.map(|name| name.slice(text)), row.level, row.asname.is_some());
    }
    if ImportFunction::ALL.into_iter().any(|function| doubts.contains(function) && binders.bind(function)) {
        return Err(Unsure::Call);
    }
    let is_known = |row: &ScannedImport| {
        ImportFunction::at_start(&text[row.start as usize..]).is_some_and(|function| binders.bind(function))
    };
    let mut index = 0;
    rows.retain(|row| {
        index += 1;
        index <= first || !is_call(row) || is_known(row)
    });
    Ok(())
}

impl Scanner<'_, '_> {
    /// Passes the word around the `import` at the cursor, which is no statement.
    pub(super) fn import_word(&mut self) -> Result<(), Unsure> {
        let (start, end) = self.word_around();
        self.at = end;
        match &self.bytes[start..end] {
            b"import" => return Err(Unsure::Keyword),
            b"__import__" => self.call(ImportFunction::Dunder, start)?,
            b"import_module" if self.bytes[..start].ends_with(b"importlib.") => {
                self.call(ImportFunction::Attribute, start - "importlib.".len())?;
            }
            b"import_module" => self.call(ImportFunction::Bare, start)?,
            _ => {}
        }
        self.catch_up();
        Ok(())
    }

    /// The same in a replacement field, where calls that import are left to the parser.
    pub(super) fn import_word_in_field(&mut self, field: usize) -> Result<(), Unsure> {
        let (start, end) = self.word_around();
        match &self.bytes[start.max(field)..end] {
            b"import" => return Err(Unsure::Keyword),
            b"__import__" => self.doubts.add(Functions::of(ImportFunction::Dunder)),
            b"import_module" => {
                self.doubts.add(Functions::of(ImportFunction::Attribute));
                self.doubts.add(Functions::of(ImportFunction::Bare));
            }
            _ => {}
        }
        self.at = end;
        self.catch_up();
        Ok(())
    }

    /// The bounds of the word that holds the `import` at the cursor.
    fn word_around(&self) -> (usize, usize) {
        let before = self.bytes[..self.at].iter().rev().take_while(|&&byte| is_name(byte)).count();
        (self.at - before, self.at + self.word().len())
    }

    /// Notes a call whose callee begins at `start` and ends at the cursor, if it is one with a literal name.
    fn call(&mut self, function: ImportFunction, start: usize) -> Result<(), Unsure> {
        if self.bytes[..start].last().is_some_and(|&byte| is_name(byte)) {
            return Ok(());
        }
        let Some(call) = function.read_arguments(self.text, self.at) else { return Ok(()) };
        match self.is_attribute(start) {
            Some(true) => return Ok(()),
            Some(false) if call.package.is_none() => {}
            _ => {
                self.doubts.add(Functions::of(function));
                return Ok(());
            }
        }
        let flags = self.flags_here()? | ImportFlags::DYNAMIC;
        let (module, start) = (call.module, offset(start));
        self.rows.push(ScannedImport { module, name: None, asname: None, level: call.level, start, flags });
        self.calls.add(Functions::of(function));
        Ok(())
    }

    /// Whether the name at `start` follows a dot; nothing if that is hard to tell.
    fn is_attribute(&self, start: usize) -> Option<bool> {
        let before = &self.bytes[self.statement..start];
        let blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\x0c' | b'\\' | b'\n' | b'\r');
        let length = before.iter().rposition(|byte| !blank(byte)).map_or(0, |last| last + 1);
        let crosses_line = before[length..].iter().any(|byte| matches!(byte, b'\n' | b'\r'));
        if crosses_line && before.contains(&b'#') {
            // What looks like code there may be a comment.
            return None;
        }
        Some(before[..length].ends_with(b"."))
    }

    /// Whether a call in the statement behind the cursor may not run where it stands: in a lambda, a generator, an
    /// annotation, the value of a `type` statement.
    pub(super) fn may_defer(&self) -> bool {
        let statement = &self.bytes[self.statement..self.at];
        let mut words = statement.split(|&byte| !is_name(byte));
        let defers = |word: &[u8]| matches!(word, b"lambda" | b"for");
        statement.contains(&b':') || statement.starts_with(b"type") || words.any(defers)
    }
}
