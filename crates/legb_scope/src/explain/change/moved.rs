//! Edits that give a variable its value earlier: a binding moved up, or one put before a branch.
//!
//! A line is moved only within its block, where nothing but its place changes.

use legb_base::Span;
use legb_base::fix::LocatedEdit;

use super::Options;

/// Statements that other lines belong to, or that do not bind.
const COMPOUND: [&str; 10] = ["if ", "for ", "while ", "try", "with ", "match ", "async ", "class ", "def ", "@"];

impl Options<'_> {
    /// The binding in line `from` put above line `to` of the same block.
    pub(super) fn moved_above(&self, from: u32, to: u32) -> Vec<LocatedEdit> {
        self.moved(from, to).unwrap_or_default()
    }

    fn moved(&self, from: u32, to: u32) -> Option<Vec<LocatedEdit>> {
        let (text, lines) = (self.source.text, self.source.lines);
        let indent = |line: u32| {
            let text = lines.line_span(line)?.slice(text);
            let bare = text.trim_start();
            (!bare.is_empty() && !bare.starts_with('#')).then(|| text.len() - bare.len())
        };
        let (depth, moved) = (indent(from)?, lines.line_span(from)?);
        let statement = moved.slice(text);
        let is_simple = !COMPOUND.iter().any(|word| statement.trim_start().starts_with(word))
            && !statement.trim_end().ends_with(['\\', '(', '[', '{', ',', ':'])
            && !statement.contains("\"\"\"")
            && statement.ends_with('\n');
        // A line further out between the two would end the block; one that goes on from the line before has brackets open.
        let is_one_block = to < from && (to..from).all(|line| indent(line).is_none_or(|other| other >= depth));
        if !is_simple || !is_one_block || indent(to)? != depth {
            return None;
        }
        let target = lines.line_span(to)?;
        Some(vec![
            self.edit(Span::at(target.start), statement.to_owned()),
            self.edit(Span::new(moved.start, moved.end), String::new()),
        ])
    }

    /// `name = None` before the statement at an offset, if that begins its line.
    pub(super) fn value_before(&self, at: u32) -> Option<LocatedEdit> {
        let line = self.source.lines.line_span(self.source.lines.line(at))?;
        let text = line.slice(self.source.text);
        let statement = text.trim_start();
        let indent = &text[..text.len() - statement.len()];
        let begins = ["if ", "if(", "for ", "while ", "while(", "try:", "with ", "match ", "async "];
        let fits =
            begins.iter().any(|word| statement.starts_with(word)) && self.row.span.slice(self.source.text) == self.name;
        fits.then(|| self.edit(Span::at(line.start), format!("{indent}{} = None\n", self.name)))
    }
}
