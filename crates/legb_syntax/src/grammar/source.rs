//! The text as CPython's tokenizer reads it, and how its positions are counted.
//!
//! Line endings are `\n` and the last line has one. The bytes may be no UTF-8. A [`Source`] may start at a later line of the
//! file: everything before is taken for granted.

use std::borrow::Cow;

use legb_base::Span;

/// Source bytes with `\n` line endings, and where its lines begin in them and in the file.
pub(super) struct Source<'a> {
    pub(super) bytes: Cow<'a, [u8]>,
    /// The number of the first line, from 1.
    pub(super) first_line: usize,
    /// The file imports `barry_as_FLUFL` from `__future__`: inequality is written `<>` (PEP 401).
    pub(super) barry_as_flufl: bool,
    /// Start of each line in `bytes`.
    starts: Vec<usize>,
    /// Start of each line in the file.
    file_starts: Vec<usize>,
}

impl<'a> Source<'a> {
    /// Reads `file` from the line that starts at `offset`.
    pub(super) fn new(file: &'a [u8], offset: usize) -> Self {
        let rest = &file[offset..];
        let first_line = 1 + count_lines(&file[..offset]);
        let bytes = match (memchr::memchr(b'\r', rest), rest.last()) {
            (None, None | Some(b'\n')) => Cow::Borrowed(rest),
            _ => Cow::Owned(with_plain_newlines(rest)),
        };
        let starts = std::iter::once(0).chain(memchr::memchr_iter(b'\n', &bytes).map(|at| at + 1)).collect();
        let barry_as_flufl = imports_barry(file);
        Self { bytes, first_line, barry_as_flufl, starts, file_starts: file_line_starts(rest, offset) }
    }

    /// Reads a piece of a file that is parsed on its own, as if it started on that line.
    pub(super) fn fragment(bytes: &'a [u8], first_line: usize, ends_with_newline: bool) -> Self {
        let whole = Self::new(bytes, 0);
        if ends_with_newline {
            Self { first_line, ..whole }
        } else {
            Self { first_line, bytes: Cow::Borrowed(bytes), ..whole }
        }
    }

    /// The line that starts at `line` (from 1) without its ending.
    pub(super) fn line(&self, line: usize) -> &[u8] {
        let Some(&start) = line.checked_sub(self.first_line).and_then(|index| self.starts.get(index)) else {
            return &[];
        };
        let rest = &self.bytes[start..];
        &rest[..memchr::memchr(b'\n', rest).unwrap_or(rest.len())]
    }

    /// Characters in the first `len` bytes of a line; behind its end, up to `behind` bytes count.
    pub(super) fn characters(&self, line: usize, len: usize, behind: usize) -> usize {
        let line = self.line(line);
        let inside = len.min(line.len());
        characters(&line[..inside]) + (len - inside).min(behind)
    }

    /// The same once the line has been decoded: what was no UTF-8 is a replacement character, which has three bytes.
    pub(super) fn decoded_characters(&self, line: usize, len: usize, behind: usize) -> usize {
        let line = String::from_utf8_lossy(self.line(line));
        let inside = len.min(line.len());
        characters(&line.as_bytes()[..inside]) + (len - inside).min(behind)
    }

    /// The offset in the file of a line (from 1) and a column in bytes (from 0).
    pub(super) fn file_offset(&self, line: usize, column: usize) -> u32 {
        let index = line.saturating_sub(self.first_line);
        let start = self.file_starts.get(index).or(self.file_starts.last()).copied().unwrap_or(0);
        u32::try_from(start + column.min(self.line(line).len())).unwrap_or(u32::MAX)
    }

    /// The span in the file between two positions.
    pub(super) fn span(&self, start: (usize, usize), end: (usize, usize)) -> Span {
        let (from, to) = (self.file_offset(start.0, start.1), self.file_offset(end.0, end.1));
        Span::new(from, to.max(from))
    }
}

/// Characters as decoding with replacement characters counts them.
pub(super) fn characters(bytes: &[u8]) -> usize {
    if bytes.is_ascii() {
        return bytes.len();
    }
    bytes.utf8_chunks().map(|chunk| chunk.valid().chars().count() + usize::from(!chunk.invalid().is_empty())).sum()
}

fn count_lines(bytes: &[u8]) -> usize {
    memchr::memchr2_iter(b'\n', b'\r', bytes)
        .filter(|&at| bytes[at] == b'\n' || bytes.get(at + 1) != Some(&b'\n'))
        .count()
}

fn file_line_starts(rest: &[u8], offset: usize) -> Vec<usize> {
    let ends = memchr::memchr2_iter(b'\n', b'\r', rest)
        .filter(|&at| rest[at] == b'\n' || rest.get(at + 1) != Some(&b'\n'))
        .map(|at| offset + at + 1);
    std::iter::once(offset).chain(ends).collect()
}

fn with_plain_newlines(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() + 1);
    let mut rest = bytes;
    while let Some(at) = memchr::memchr(b'\r', rest) {
        out.extend_from_slice(&rest[..at]);
        out.push(b'\n');
        rest = &rest[at + 1..];
        rest = rest.strip_prefix(b"\n").unwrap_or(rest);
    }
    out.extend_from_slice(rest);
    if out.last() != Some(&b'\n') && !out.is_empty() {
        out.push(b'\n');
    }
    out
}

fn imports_barry(file: &[u8]) -> bool {
    memchr::memmem::find_iter(file, b"barry_as_FLUFL").any(|at| {
        let line_start = memchr::memrchr(b'\n', &file[..at]).map_or(0, |newline| newline + 1);
        file[line_start..at].trim_ascii_start().starts_with(b"from __future__ import")
    })
}
