//! Turns byte ranges into paths, lines and columns, and keeps the source lines that will be shown.

use legb_base::fix::{LocatedEdit, LocatedFix};
use legb_base::{Certainty, Diagnostic, Finding, LineExcerpt, LineRange, RelatedFinding, RuleId, Severity, Span};
use legb_syntax::LineIndex;

use crate::discover::SourceFile;
use crate::panic::Panic;

/// Of a longer place, so many lines are kept at its start and as many at its end.
const KEPT_LINES: u32 = 3;
/// Of a longer line, so many characters are kept.
const KEPT_CHARACTERS: usize = 500;

/// Whether the source lines of a place are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Excerpts {
    /// For output that shows them.
    Kept,
    /// For output that does not.
    Dropped,
}

/// The finding that a diagnostic about the file at `path` is.
pub fn locate(diagnostic: Diagnostic, path: &str, text: &str, lines: &LineIndex, excerpts: Excerpts) -> Finding {
    let excerpt = |span: Span| match excerpts {
        Excerpts::Kept => excerpt(span, text, lines),
        Excerpts::Dropped => Vec::new(),
    };
    Finding {
        rule: diagnostic.rule.name,
        code: diagnostic.rule.code,
        severity: diagnostic.severity,
        certainty: diagnostic.certainty,
        message: diagnostic.message,
        path: path.to_owned(),
        range: lines.line_range(diagnostic.span, text),
        related: diagnostic
            .related
            .into_iter()
            .map(|related| RelatedFinding {
                path: path.to_owned(),
                range: lines.line_range(related.span, text),
                message: related.message,
                excerpt: excerpt(related.span),
            })
            .collect(),
        python: diagnostic.python,
        fix: diagnostic.fix.map(|fix| LocatedFix {
            title: fix.title,
            applicability: fix.applicability,
            edits: fix
                .edits
                .into_iter()
                .map(|edit| LocatedEdit {
                    path: path.to_owned(),
                    range: lines.line_range(edit.span, text),
                    content: edit.content,
                })
                .collect(),
        }),
        help: diagnostic.help,
        excerpt: excerpt(diagnostic.span),
    }
}

/// A place in another file than the one a finding is about.
pub fn locate_related(span: Span, message: String, path: &str, text: &str, excerpts: Excerpts) -> RelatedFinding {
    let lines = LineIndex::new(text);
    RelatedFinding {
        path: path.to_owned(),
        range: lines.line_range(span, text),
        message,
        excerpt: if excerpts == Excerpts::Kept { excerpt(span, text, &lines) } else { Vec::new() },
    }
}

/// The finding that a panic of legb's own is.
pub fn internal_error(rule: RuleId, file: &SourceFile, panic: &Panic) -> Finding {
    let place = panic.location.as_deref().unwrap_or("an unknown place");
    Finding {
        rule: rule.name,
        code: rule.code,
        severity: Severity::Error,
        certainty: Certainty::Certain,
        message: format!("legb failed on this file: {} (at {place})", panic.message),
        path: file.shown().into_owned(),
        range: LineRange {
            start: legb_base::LineColumn { line: 1, column: 1 },
            end: legb_base::LineColumn { line: 1, column: 1 },
        },
        related: Vec::new(),
        python: None,
        fix: None,
        help: Some(
            "this is a bug in legb, not in your code; please report it with this message and, if you may, the file"
                .to_owned(),
        ),
        excerpt: Vec::new(),
    }
}

/// The lines of a place; of a long one only the first and the last.
fn excerpt(span: Span, text: &str, lines: &LineIndex) -> Vec<LineExcerpt> {
    let (first, last) = (lines.line(span.start), lines.line(span.end.max(span.start)));
    (first..=last)
        .filter(|line| line - first < KEPT_LINES || last - line < KEPT_LINES)
        .filter_map(|line| {
            let text = lines.line_span(line)?.slice(text).trim_end_matches(['\n', '\r']);
            let end = text.char_indices().nth(KEPT_CHARACTERS).map_or(text.len(), |(end, _)| end);
            Some(LineExcerpt { line, text: text[..end].to_owned() })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Excerpts, locate};
    use legb_base::{Certainty, Diagnostic, RuleId, Severity, Span};
    use legb_syntax::LineIndex;

    fn located(span: Span, text: &str) -> legb_base::Finding {
        let diagnostic = Diagnostic {
            rule: RuleId { code: "LEGB101", name: "unbound-local" },
            severity: Severity::Error,
            certainty: Certainty::Certain,
            message: String::new(),
            span,
            related: Vec::new(),
            python: None,
            help: None,
            fix: None,
        };
        locate(diagnostic, "a.py", text, &LineIndex::new(text), Excerpts::Kept)
    }

    #[test]
    fn a_place_keeps_its_line() {
        let finding = located(Span::new(7, 8), "a\r\nbé = c\r\nd");
        assert_eq!((finding.range.start.line, finding.range.start.column), (2, 4));
        assert_eq!(finding.excerpt.len(), 1);
        assert_eq!(finding.excerpt[0].text, "bé = c");
    }

    #[test]
    fn a_long_place_keeps_both_ends() {
        let text = "x\n".repeat(100);
        let finding = located(Span::new(0, 198), &text);
        let lines: Vec<u32> = finding.excerpt.iter().map(|line| line.line).collect();
        assert_eq!(lines, [1, 2, 3, 98, 99, 100]);
    }
}
