//! Where the lines of a text begin, and what line and column an offset has.
//!
//! Lines end with `\n`, `\r\n` or a lone `\r`, as CPython's tokenizer reads them; a form feed ends nothing.

use legb_base::{LineColumn, LineRange, Span};

/// Start offsets of all lines of one text.
#[derive(Clone, Debug, Default)]
pub struct LineIndex {
    starts: Vec<u32>,
    end: u32,
}

impl LineIndex {
    /// Finds the lines of `text`.
    pub fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        for at in memchr::memchr2_iter(b'\n', b'\r', bytes) {
            let next = at + 1;
            if bytes[at] == b'\r' && bytes.get(next) == Some(&b'\n') {
                continue;
            }
            starts.push(u32::try_from(next).unwrap_or(u32::MAX));
        }
        Self { starts, end: u32::try_from(bytes.len()).unwrap_or(u32::MAX) }
    }

    /// The line that holds `offset`, from 1.
    pub fn line(&self, offset: u32) -> u32 {
        u32::try_from(self.starts.partition_point(|&start| start <= offset)).unwrap_or(u32::MAX)
    }

    /// The UTF-8 bytes between the start of its line and `offset`.
    pub fn byte_column(&self, offset: u32) -> u32 {
        offset - self.starts[self.line(offset) as usize - 1]
    }

    /// Line and column of `offset`, both from 1, the column in characters of `text`.
    pub fn line_column(&self, offset: u32, text: &str) -> LineColumn {
        let line = self.line(offset);
        let before = Span::new(self.starts[line as usize - 1], offset).slice(text);
        LineColumn { line, column: u32::try_from(before.chars().count()).unwrap_or(u32::MAX - 1) + 1 }
    }

    /// A span as lines and columns.
    pub fn line_range(&self, span: Span, text: &str) -> LineRange {
        LineRange { start: self.line_column(span.start, text), end: self.line_column(span.end, text) }
    }

    /// How many lines there are; a text that ends with a line ending has an empty last line.
    pub fn line_count(&self) -> u32 {
        u32::try_from(self.starts.len()).unwrap_or(u32::MAX)
    }

    /// The bytes of a line (from 1) with its line ending, or nothing where the text has no such line.
    pub fn line_span(&self, line: u32) -> Option<Span> {
        let at = usize::try_from(line).ok()?.checked_sub(1)?;
        let start = *self.starts.get(at)?;
        Some(Span::new(start, self.starts.get(at + 1).copied().unwrap_or(self.end)))
    }

    /// The offset of a position, if `text` has it; a column behind the last character of the line is refused.
    pub fn offset(&self, at: LineColumn, text: &str) -> Option<u32> {
        let span = self.line_span(at.line)?;
        let line = span.slice(text).trim_end_matches(['\n', '\r']);
        let column = usize::try_from(at.column.checked_sub(1)?).ok()?;
        let within = line.char_indices().map(|(i, _)| i).chain([line.len()]).nth(column)?;
        Some(span.start + u32::try_from(within).ok()?)
    }
}

#[cfg(test)]
mod tests {
    use super::LineIndex;
    use legb_base::LineColumn;

    #[test]
    fn every_line_ending_counts() {
        let text = "a\nbé\r\nc\rd\u{c}e";
        let lines = LineIndex::new(text);
        let at = |c: char| lines.line_column(u32::try_from(text.find(c).unwrap()).unwrap(), text);
        assert_eq!(at('a'), LineColumn { line: 1, column: 1 });
        assert_eq!(at('é'), LineColumn { line: 2, column: 2 });
        assert_eq!(at('c'), LineColumn { line: 3, column: 1 });
        assert_eq!(at('d'), LineColumn { line: 4, column: 1 });
        assert_eq!(at('e'), LineColumn { line: 4, column: 3 });
        assert_eq!(lines.line_count(), 4);
    }

    #[test]
    fn offsets_and_positions_agree() {
        let text = "x = 'é'\ny\r\n";
        let lines = LineIndex::new(text);
        for (offset, _) in text.char_indices().filter(|(_, c)| !c.is_control()) {
            let offset = u32::try_from(offset).unwrap();
            assert_eq!(lines.offset(lines.line_column(offset, text), text), Some(offset));
        }
        assert_eq!(lines.offset(LineColumn { line: 2, column: 3 }, text), None);
        assert_eq!(lines.offset(LineColumn { line: 9, column: 1 }, text), None);
        assert_eq!(lines.offset(LineColumn { line: 0, column: 1 }, text), None);
    }
}
