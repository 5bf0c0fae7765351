//! Writes the comments that silence findings: `# legb: ignore[name]` behind a line.

use std::collections::BTreeMap;

use legb_base::Span;
use legb_syntax::ast::token::TokenKind;
use legb_syntax::{LineIndex, Parsed, Ranged};

use crate::fix;
use crate::statement::innermost;

/// Gathers the comments to write into a text.
pub struct Silencer<'a> {
    text: &'a str,
    parsed: &'a Parsed,
    lines: LineIndex,
    /// By line, the rules to silence there.
    wanted: BTreeMap<u32, Vec<&'static str>>,
}

impl std::fmt::Debug for Silencer<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Silencer").field("wanted", &self.wanted).finish_non_exhaustive()
    }
}

impl<'a> Silencer<'a> {
    /// For a text and its tree.
    pub fn new(text: &'a str, parsed: &'a Parsed) -> Self {
        Self { text, parsed, lines: LineIndex::new(text), wanted: BTreeMap::new() }
    }

    /// Silences the finding of a rule on the lines `start` to `end`, counted from 1; says whether a comment can stand there.
    pub fn silence(&mut self, start: u32, end: u32, rule: &'static str) -> bool {
        let mut lines = vec![start, end];
        let begin = self.lines.line_span(start).map(|span| {
            let line = span.slice(self.text);
            span.start + u32::try_from(line.len() - line.trim_start().len()).unwrap_or_default()
        });
        if let Some(found) = begin.and_then(|offset| innermost(self.parsed.suite(), offset)) {
            let whole = fix::span(found.stmt);
            lines.extend([self.lines.line(whole.start), self.lines.line(whole.end)]);
        }
        let Some(line) = lines.into_iter().find(|&line| self.takes_comment(line)) else { return false };
        let rules = self.wanted.entry(line).or_default();
        if !rules.contains(&rule) {
            rules.push(rule);
        }
        true
    }

    /// Whether a comment may stand at the end of a line: not within a string, nor behind a backslash.
    fn takes_comment(&self, line: u32) -> bool {
        let Some(end) = self.end_of(line) else { return false };
        let before = self.lines.line_span(line).map_or("", |span| Span::new(span.start, end).slice(self.text));
        if before.trim_end().ends_with('\\') {
            return false;
        }
        let inside =
            |kind: TokenKind| !matches!(kind, TokenKind::Comment | TokenKind::Newline | TokenKind::NonLogicalNewline);
        !self.parsed.tokens().iter().any(|token| {
            let span = fix::span(&token.range());
            inside(token.kind()) && span.start < end && end < span.end
        })
    }

    /// Where the text of a line ends, its line ending left out.
    fn end_of(&self, line: u32) -> Option<u32> {
        let span = self.lines.line_span(line)?;
        let text = span.slice(self.text);
        Some(span.start + u32::try_from(text.trim_end_matches(['\n', '\r']).len()).ok()?)
    }

    /// The text with its comments. Names go into a comment of that kind that is there already.
    pub fn text(&self) -> String {
        let mut changed = String::with_capacity(self.text.len());
        let mut at = 0;
        for (&line, rules) in &self.wanted {
            let (Some(span), Some(end)) = (self.lines.line_span(line), self.end_of(line)) else { continue };
            let text = Span::new(span.start, end).slice(self.text);
            let known = text.rfind("# legb: ignore[").and_then(|from| Some(from + text[from..].find(']')?));
            if let Some(bracket) = known {
                let bracket = span.start as usize + bracket;
                changed.push_str(&self.text[at..bracket]);
                changed.push_str(", ");
                changed.push_str(&rules.join(", "));
                at = bracket;
            } else {
                changed.push_str(self.text[at..end as usize].trim_end_matches([' ', '\t']));
                changed.push_str("  # legb: ignore[");
                changed.push_str(&rules.join(", "));
                changed.push(']');
                at = end as usize;
            }
        }
        changed.push_str(&self.text[at..]);
        changed
    }
}
