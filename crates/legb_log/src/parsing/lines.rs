//! Bytes become lines: one buffer that is used again, lines bounded in length, nothing lost that a line holds.
//!
//! A line ends at LF or CRLF. Invalid UTF-8 stays as it is. NUL bytes at the start of a line, which writers leave behind when a
//! file is truncated under them, are skipped and counted.

use std::io::{self, Read};
use std::ops::Range;

use memchr::memchr;

/// What is longer is cut: the rest of such a line is skipped.
pub(crate) const MAX_LINE: usize = 4 << 20;

/// Large enough that system calls do not count, small enough to stay in the cache.
const CHUNK: usize = 256 << 10;

/// What was odd in the lines so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LineProblems {
    /// Lines that were cut, and the number of the first.
    pub cut: Option<(u64, u64)>,
    /// Bytes of cut lines that were skipped.
    pub skipped: u64,
    /// NUL bytes that were skipped, and the line of the first.
    pub nuls: Option<(u64, u64)>,
}

/// Reads lines from a source.
pub(crate) struct Lines {
    source: Box<dyn Read + Send>,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    /// How far the line that begins at `start` is known to hold no line feed.
    scanned: usize,
    /// The number of the line that was handed out last.
    pub(crate) number: u64,
    is_skipping: bool,
    has_escapes: bool,
    pub(crate) problems: LineProblems,
    /// Why the source could not be read to its end.
    pub(crate) error: Option<io::Error>,
}

impl Lines {
    pub(crate) fn new(source: Box<dyn Read + Send>) -> Self {
        Self {
            source,
            buffer: vec![0; CHUNK],
            start: 0,
            end: 0,
            scanned: 0,
            number: 0,
            is_skipping: false,
            has_escapes: false,
            problems: LineProblems::default(),
            error: None,
        }
    }

    /// The range in the buffer of the next whole line; none where the source has no more for now.
    pub(crate) fn next(&mut self) -> Option<Range<usize>> {
        loop {
            let from = self.start + self.scanned;
            if let Some(found) = memchr(b'\n', &self.buffer[from..self.end]) {
                let line = self.start..from + found;
                self.start = line.end + 1;
                self.scanned = 0;
                if std::mem::take(&mut self.is_skipping) {
                    self.problems.skipped += line.len() as u64;
                    continue;
                }
                return Some(self.hand_out(line));
            }
            self.scanned = self.end - self.start;
            if self.scanned >= MAX_LINE {
                if let Some(line) = self.cut() {
                    return Some(line);
                }
                continue;
            }
            if !self.fill() {
                return None;
            }
        }
    }

    /// What stands behind the last line feed, as a line; none where there is nothing.
    pub(crate) fn rest(&mut self) -> Option<Range<usize>> {
        let line = self.start..self.end;
        self.start = self.end;
        self.scanned = 0;
        let is_skipping = std::mem::take(&mut self.is_skipping);
        (!line.is_empty() && !is_skipping).then(|| self.hand_out(line))
    }

    /// The bytes of a line that was handed out.
    pub(crate) fn bytes(&self, line: Range<usize>) -> &[u8] {
        &self.buffer[line]
    }

    /// Whether lines of the buffer may hold escape sequences.
    pub(crate) fn has_escapes(&self) -> bool {
        self.has_escapes
    }

    /// Lines that are in the buffer already, without taking them. Reads once if there is none.
    pub(crate) fn peek(&mut self, count: usize) -> Vec<Vec<u8>> {
        while memchr(b'\n', &self.buffer[self.start..self.end]).is_none()
            && self.end - self.start < MAX_LINE
            && self.fill()
        {}
        let mut lines: Vec<Vec<u8>> = Vec::new();
        let mut bytes = 0;
        let mut split = self.buffer[self.start..self.end].split(|byte| *byte == b'\n').peekable();
        while let Some(line) = split.next() {
            bytes += line.len();
            let is_rest = split.peek().is_none();
            // A line that is not complete yet says little, unless there is nothing else; neither do more lines than fit.
            let is_enough = lines.len() >= count || bytes > CHUNK && !lines.is_empty();
            if is_enough || is_rest && (line.is_empty() || !lines.is_empty()) {
                break;
            }
            lines.push(line.strip_suffix(b"\r").unwrap_or(line).to_vec());
        }
        lines
    }

    /// Hands out the beginning of a line that is too long, once.
    fn cut(&mut self) -> Option<Range<usize>> {
        let line = self.start..self.end;
        self.start = self.end;
        self.scanned = 0;
        if self.is_skipping {
            self.problems.skipped += line.len() as u64;
            return None;
        }
        self.is_skipping = true;
        let (count, first) = self.problems.cut.get_or_insert((0, self.number + 1));
        *count += 1;
        let _ = first;
        let kept = line.start..line.start + MAX_LINE.min(line.len());
        self.problems.skipped += (line.end - kept.end) as u64;
        Some(self.hand_out(kept))
    }

    fn hand_out(&mut self, mut line: Range<usize>) -> Range<usize> {
        self.number += 1;
        if self.buffer[line.clone()].last() == Some(&b'\r') {
            line.end -= 1;
        }
        if self.buffer[line.clone()].first() == Some(&0) {
            let count = self.buffer[line.clone()].iter().take_while(|byte| **byte == 0).count();
            line.start += count;
            self.problems.nuls.get_or_insert((0, self.number)).0 += count as u64;
        }
        line
    }

    /// Reads more; false at the end of the source, for now.
    fn fill(&mut self) -> bool {
        if self.error.is_some() {
            return false;
        }
        self.buffer.copy_within(self.start..self.end, 0);
        self.end -= self.start;
        self.start = 0;
        if self.end == self.buffer.len() {
            self.buffer.resize(self.buffer.len() * 2, 0);
        } else if self.end == 0 && self.buffer.len() > CHUNK {
            // A long line has passed: its memory is given back.
            self.buffer = vec![0; CHUNK];
        }
        loop {
            match self.source.read(&mut self.buffer[self.end..]) {
                Ok(0) => return false,
                Ok(count) => {
                    self.end += count;
                    self.has_escapes = memchr(0x1b, &self.buffer[..self.end]).is_some();
                    return true;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    self.error = Some(error);
                    return false;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(bytes: &[u8]) -> (Vec<Vec<u8>>, LineProblems) {
        let mut lines = Lines::new(Box::new(io::Cursor::new(bytes.to_vec())));
        let mut found = Vec::new();
        while let Some(line) = lines.next().or_else(|| lines.rest()) {
            found.push(lines.bytes(line).to_vec());
        }
        (found, lines.problems)
    }

    #[test]
    fn lines_end_at_line_feeds_with_or_without_carriage_return() {
        let (found, problems) = lines(b"a\r\n\nb\xff\nc");
        assert_eq!(found, [&b"a"[..], b"", b"b\xff", b"c"]);
        assert_eq!(problems, LineProblems::default());
        assert_eq!(lines(b"").0, Vec::<Vec<u8>>::new());
    }

    #[test]
    fn nul_bytes_at_the_start_are_skipped_and_counted() {
        let (found, problems) = lines(b"a\n\0\0\0b\n");
        assert_eq!(found, [b"a", b"b"]);
        assert_eq!(problems.nuls, Some((3, 2)));
    }

    #[test]
    fn a_line_that_is_too_long_is_cut() {
        let mut text = vec![b'x'; MAX_LINE * 5 + 10];
        text.extend_from_slice(b"\nnext\n");
        let (found, problems) = lines(&text);
        assert_eq!(found.len(), 2);
        assert_eq!((found[0].len(), &found[1][..]), (MAX_LINE, &b"next"[..]));
        assert_eq!(problems.cut, Some((1, 1)));
        assert_eq!(problems.skipped, (MAX_LINE * 4 + 10) as u64);
    }
}
