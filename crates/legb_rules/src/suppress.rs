//! Which findings does a comment in the source silence?
//!
//! `# legb: ignore[name]` and `# noqa: CODE` act on the line they stand on, which is any line of a statement that spans
//! several, but for those of a block. `# legb: ignore-file[name]`, `# flake8: noqa` and `# ruff: noqa: CODE` act on the whole file.
//! A `# noqa` also knows the codes by which other tools report the same thing.
//!
//! Looked at only in files that have findings.

use legb_base::{Diagnostic, Span};
use legb_syntax::Ranged;
use legb_syntax::ast::Stmt;
use legb_syntax::ast::token::TokenKind;

use crate::context::FileCx;
use crate::fix;
use crate::meta::RuleMeta;
use crate::rules::RULES;
use crate::statement::innermost;

/// A comment that silences something.
#[derive(Debug, PartialEq, Eq)]
struct Pragma<'a> {
    line: u32,
    whole_file: bool,
    what: What<'a>,
}

/// What a comment silences.
#[derive(Debug, PartialEq, Eq)]
enum What<'a> {
    Everything,
    /// Names or codes of ours: `# legb: ignore[…]`.
    Rules(Vec<&'a str>),
    /// Codes, ours or of other tools, or their beginnings: `# noqa: …`.
    Codes(Vec<&'a str>),
}

/// Removes the findings that are silenced.
pub(crate) fn apply(cx: &FileCx<'_>, found: &mut Vec<Diagnostic>) {
    let pragmas = pragmas(cx);
    if pragmas.is_empty() {
        return;
    }
    found.retain(|finding| {
        let Some(rule) = RULES.iter().find(|rule| rule.code == finding.rule.code) else {
            return true;
        };
        let mut lines = None;
        !pragmas.iter().filter(|pragma| pragma.what.covers(rule)).any(|pragma| {
            pragma.whole_file || lines.get_or_insert_with(|| lines_of(cx, finding.span)).contains(&pragma.line)
        })
    });
}

impl What<'_> {
    fn covers(&self, rule: &RuleMeta) -> bool {
        match self {
            Self::Everything => true,
            Self::Rules(names) => names.iter().any(|name| *name == rule.name || *name == rule.code),
            Self::Codes(codes) => {
                let own =
                    |code: &str| rule.code.starts_with(code) || rule.twins.iter().any(|twin| twin.starts_with(code));
                codes.iter().any(|code| own(&code.to_ascii_uppercase()))
            }
        }
    }
}

/// The lines on which a comment may stand that silences a finding.
fn lines_of(cx: &FileCx<'_>, span: Span) -> [u32; 4] {
    let (start, end) = (cx.line(span.start), cx.line(span.end));
    match innermost(cx.parsed.suite(), span.start).map(|found| found.stmt) {
        Some(stmt) if !is_compound(stmt) => {
            let whole = fix::span(stmt);
            [start, end, cx.line(whole.start), cx.line(whole.end)]
        }
        _ => [start, end, start, end],
    }
}

fn is_compound(stmt: &Stmt) -> bool {
    matches!(
        stmt,
        Stmt::FunctionDef(_)
            | Stmt::ClassDef(_)
            | Stmt::If(_)
            | Stmt::For(_)
            | Stmt::While(_)
            | Stmt::With(_)
            | Stmt::Try(_)
            | Stmt::Match(_)
    )
}

fn pragmas<'a>(cx: &FileCx<'a>) -> Vec<Pragma<'a>> {
    let mut pragmas = Vec::new();
    for token in cx.parsed.tokens().iter().filter(|token| token.kind() == TokenKind::Comment) {
        let span = fix::span(&token.range());
        let text = cx.slice(span);
        if mentions(text) {
            parse(text, cx.line(span.start), &mut pragmas);
        }
    }
    pragmas
}

fn mentions(comment: &str) -> bool {
    comment.contains("legb:") || comment.as_bytes().windows(4).any(|word| word.eq_ignore_ascii_case(b"noqa"))
}

/// Reads one comment, which may hold several pragmas, each behind a `#` of its own.
fn parse<'a>(comment: &'a str, line: u32, pragmas: &mut Vec<Pragma<'a>>) {
    for part in comment.split('#').map(str::trim_start) {
        if let Some(rest) = part.strip_prefix("legb:") {
            let rest = rest.trim_start();
            let (whole_file, rest) = match (rest.strip_prefix("ignore-file"), rest.strip_prefix("ignore")) {
                (Some(rest), _) => (true, rest),
                (None, Some(rest)) => (false, rest),
                (None, None) => continue,
            };
            let what = match rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
                Some((names, _)) => {
                    What::Rules(names.split(',').map(str::trim).filter(|name| !name.is_empty()).collect())
                }
                None => What::Everything,
            };
            pragmas.push(Pragma { line, whole_file, what });
            continue;
        }
        let (whole_file, rest) = match part.strip_prefix("flake8:").or_else(|| part.strip_prefix("ruff:")) {
            Some(rest) => (true, rest.trim_start()),
            None => (false, part),
        };
        let Some(rest) = rest.get(..4).filter(|word| word.eq_ignore_ascii_case("noqa")).map(|_| &rest[4..]) else {
            continue;
        };
        if rest.starts_with(|c: char| c.is_alphanumeric() || c == '_') {
            continue;
        }
        let codes = rest.trim_start().strip_prefix(':').map(codes).unwrap_or_default();
        let what = if codes.is_empty() { What::Everything } else { What::Codes(codes) };
        pragmas.push(Pragma { line, whole_file, what });
    }
}

/// The codes at the beginning of a text: letters and then digits, parted by commas or spaces.
fn codes(text: &str) -> Vec<&str> {
    text.split([',', ' ', '\t'])
        .filter(|word| !word.is_empty())
        .take_while(|word| {
            let digits = word.trim_start_matches(|c: char| c.is_ascii_alphabetic());
            digits.len() < word.len() && !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Pragma, What, parse};

    fn read(comment: &str) -> Vec<(bool, What<'_>)> {
        let mut pragmas = Vec::new();
        parse(comment, 1, &mut pragmas);
        pragmas.into_iter().map(|Pragma { whole_file, what, .. }| (whole_file, what)).collect()
    }

    #[test]
    fn comments_are_read_as_their_authors_mean_them() {
        for comment in ["# noqa", "#noqa", "# NOQA", "# noqa because", "# noqa: because"] {
            assert_eq!(read(comment), [(false, What::Everything)], "{comment}");
        }
        assert_eq!(read("# noqa: F401,E501 kept for users"), [(false, What::Codes(vec!["F401", "E501"]))]);
        assert_eq!(read("# type: ignore # noqa:F401"), [(false, What::Codes(vec!["F401"]))]);
        assert_eq!(read("# flake8: noqa"), [(true, What::Everything)]);
        assert_eq!(read("# ruff: noqa: F821"), [(true, What::Codes(vec!["F821"]))]);
        assert_eq!(
            read("# legb: ignore[unused-import, LEGB101] -- reason"),
            [(false, What::Rules(vec!["unused-import", "LEGB101"]))]
        );
        assert_eq!(read("# legb: ignore-file[unused-import]"), [(true, What::Rules(vec!["unused-import"]))]);
        assert_eq!(read("# legb: ignore"), [(false, What::Everything)]);
        assert_eq!(read("# noqaish"), []);
        assert_eq!(read("# about noqa comments"), []);
    }
}
