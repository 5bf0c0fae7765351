//! Which findings does a comment in the source silence?
//!
//! `# legb: ignore[name]` and `# noqa: CODE` act on the line they stand on, which is any line of a statement that spans
//! several, but for those of a block. `# legb: ignore[name]` on a line of its own acts on the statement that follows, with its
//! whole block. `# legb: disable[name]` acts from there on, until `# legb: enable[name]` or the end of the file.
//! `# legb: ignore-file[name]`, `# flake8: noqa` and `# ruff: noqa: CODE` act on the whole file.
//! A `# noqa` also knows the codes by which other tools report the same thing.
//!
//! Looked at only in files that have findings, or such comments where it is asked which of them silence nothing.

use legb_base::{Applicability, Diagnostic, Edit, Span};
use legb_syntax::Ranged;
use legb_syntax::ast::Stmt;
use legb_syntax::ast::token::TokenKind;
use memchr::{memchr2_iter, memmem};

use crate::context::FileCx;
use crate::fix;
use crate::meta::{Check, RuleMeta};
use crate::rules::{RULES, unused_suppression};
use crate::selection::Selection;
use crate::sink::Report;
use crate::statement::innermost;

/// A comment that silences something.
#[derive(Debug, PartialEq, Eq)]
struct Pragma<'a> {
    /// Where `legb:`, `noqa` or `flake8:` stands.
    offset: u32,
    reach: Reach,
    what: What<'a>,
}

/// On what a comment acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reach {
    /// Its line.
    Line,
    /// The whole file.
    File,
    /// All that follows.
    From,
    /// Ends what acts on all that follows.
    Until,
}

/// What a comment silences.
#[derive(Debug, PartialEq, Eq)]
enum What<'a> {
    /// Everything; `# noqa` may be meant for other tools.
    Everything { ours: bool },
    /// Names or codes of ours: `# legb: ignore[…]`.
    Rules(Vec<&'a str>),
    /// Codes, ours or of other tools, or their beginnings: `# noqa: …`.
    Codes(Vec<&'a str>),
}

/// A comment with the lines that it acts on.
struct Placed<'a> {
    pragma: Pragma<'a>,
    /// First and last line.
    lines: (u32, u32),
    /// The comment.
    comment: Span,
}

/// Removes the findings that are silenced, and adds those about comments that silence nothing.
pub(crate) fn apply(cx: &FileCx<'_>, selection: &Selection, found: &mut Vec<Diagnostic>) {
    let asks = selection.contains(unused_suppression::META.code) && may_have_pragmas(cx.text);
    if found.is_empty() && !asks {
        return;
    }
    let pragmas = placed(cx);
    if pragmas.is_empty() {
        return;
    }
    let mut used: Vec<Vec<&'static str>> = vec![Vec::new(); pragmas.len()];
    silence(cx, &pragmas, found, &mut used);
    if asks {
        let mut unused: Vec<Diagnostic> = pragmas
            .iter()
            .zip(&used)
            .filter_map(|(pragma, used)| report_unused(cx, pragma, used, selection))
            .map(Report::into_diagnostic)
            .collect();
        unused.retain(|finding| !is_wanted(cx, &pragmas, finding));
        found.append(&mut unused);
    }
}

/// Whether a comment says by name that comments which silence nothing are wanted.
fn is_wanted(cx: &FileCx<'_>, pragmas: &[Placed<'_>], finding: &Diagnostic) -> bool {
    let lines = lines_of(cx, finding.span);
    pragmas.iter().any(|placed| {
        let named =
            matches!(&placed.pragma.what, What::Rules(_) if placed.pragma.what.covers(&unused_suppression::META));
        named && lines.iter().any(|line| (placed.lines.0..=placed.lines.1).contains(line))
    })
}

/// Removes findings of rules about the project that are silenced.
pub(crate) fn apply_only(cx: &FileCx<'_>, found: &mut Vec<Diagnostic>) {
    let pragmas = placed(cx);
    let mut used = vec![Vec::new(); pragmas.len()];
    silence(cx, &pragmas, found, &mut used);
}

fn may_have_pragmas(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_noqa = |q: usize| q.checked_sub(2).and_then(|start| bytes.get(start..q + 2)).is_some_and(is_noqa);
    memmem::find(bytes, b"legb:").is_some() || memchr2_iter(b'q', b'Q', bytes).any(is_noqa)
}

/// Removes what is silenced, and notes for each comment the codes of the rules that it silences.
fn silence(cx: &FileCx<'_>, pragmas: &[Placed<'_>], found: &mut Vec<Diagnostic>, used: &mut [Vec<&'static str>]) {
    if pragmas.is_empty() {
        return;
    }
    found.retain(|finding| {
        let Some(rule) = RULES.iter().find(|rule| rule.code == finding.rule.code) else {
            return true;
        };
        let mut lines = None;
        let mut keep = true;
        for (placed, used) in pragmas.iter().zip(&mut *used) {
            let hit = placed.pragma.what.covers(rule) && placed.pragma.reach != Reach::Until && {
                let lines = lines.get_or_insert_with(|| lines_of(cx, finding.span));
                lines.iter().any(|line| (placed.lines.0..=placed.lines.1).contains(line))
            };
            if hit {
                used.push(rule.code);
                keep = false;
            }
        }
        keep
    });
}

/// The finding about a comment that silences nothing, or names something that it does not silence.
fn report_unused(cx: &FileCx<'_>, placed: &Placed<'_>, used: &[&'static str], selection: &Selection) -> Option<Report> {
    let judged = |rule: &RuleMeta| {
        selection.contains(rule.code)
            && matches!(rule.check, Check::Facts(_) | Check::Nodes(_) | Check::FactsAndProject(..))
            || rule.code == unused_suppression::META.code
    };
    let rule_of = |name: &str| RULES.iter().copied().find(|rule| rule.name == name || rule.code == name);
    let (idle, all): (Vec<&str>, usize) = match &placed.pragma.what {
        _ if placed.pragma.reach == Reach::Until => return None,
        What::Everything { ours } => {
            let imports = || {
                let within = |span: Span| (placed.lines.0..=placed.lines.1).contains(&cx.line(span.start));
                cx.facts.imports.iter().any(|import| within(import.statement) || within(import.alias))
            };
            if !ours || !used.is_empty() || imports() || placed.pragma.reach != Reach::Line {
                return None;
            }
            (Vec::new(), 0)
        }
        What::Rules(names) => {
            let idle = |name: &&&str| match rule_of(name) {
                Some(rule) => judged(rule) && !used.contains(&rule.code),
                None => true,
            };
            (names.iter().filter(idle).copied().collect(), names.len())
        }
        What::Codes(codes) => {
            let idle = |code: &&&str| {
                let code = code.to_ascii_uppercase();
                let mut meant =
                    RULES.iter().filter(|rule| rule.code == code || rule.twins.contains(&code.as_str())).peekable();
                let is_ours = meant.peek().is_some_and(|rule| rule.code == code);
                meant.peek().is_some()
                    && meant.all(|rule| judged(rule) && !used.contains(&rule.code))
                    && (is_ours || selection.asks_for(unused_suppression::META.code) || helps_nobody(cx, placed, &code))
            };
            (codes.iter().filter(idle).copied().collect(), codes.len())
        }
    };
    let whole = idle.len() == all;
    if idle.is_empty() && all > 0 {
        return None;
    }
    let names = idle.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    let unknown = idle.iter().any(|name| matches!(placed.pragma.what, What::Rules(_)) && rule_of(name).is_none());
    let message = match (names.is_empty(), unknown) {
        (true, _) => "this comment silences nothing".to_owned(),
        (false, true) => format!("no rule has the name {names}"),
        (false, false) => format!("this comment silences nothing for {names}"),
    };
    let others = matches!(placed.pragma.what, What::Codes(_));
    let report = if others {
        Report::possible_info(&unused_suppression::META, placed.comment, message)
    } else {
        Report::warning(&unused_suppression::META, legb_base::Certainty::Certain, placed.comment, message)
    };
    // Other tools may need a code of theirs.
    let applicability = if others { Applicability::Unsafe } else { Applicability::Safe };
    Some(match removal(cx, placed, &idle, whole) {
        Some(edit) => report.fix("remove what silences nothing", applicability, vec![edit]),
        None => report,
    })
}

/// Whether no tool that knows a code can have anything to say on the lines: only of imports that are read that is sure.
fn helps_nobody(cx: &FileCx<'_>, placed: &Placed<'_>, code: &str) -> bool {
    let within = |span: Span| (placed.lines.0..=placed.lines.1).contains(&cx.line(span.start));
    let is_read = |import: &legb_scope::Import| {
        let variable = import.binding.and_then(|binding| cx.facts.variable(cx.facts.refs[binding].symbol));
        variable.is_some_and(|variable| cx.uses().reads(variable))
    };
    let mut imports = cx.facts.imports.iter().filter(|import| within(import.statement) || within(import.alias));
    code == "F401" && placed.pragma.reach == Reach::Line && imports.all(is_read)
}

/// Takes the whole pragma out of its comment, or the names in it that silence nothing.
fn removal(cx: &FileCx<'_>, placed: &Placed<'_>, idle: &[&str], whole: bool) -> Option<Edit> {
    let comment = cx.slice(placed.comment);
    let from = (placed.pragma.offset - placed.comment.start) as usize;
    let part_start = comment[..from].rfind('#')?;
    let part_end = comment[from..].find('#').map_or(comment.len(), |at| from + at);
    let offset = |at: usize| u32::try_from(at).ok().map(|at| placed.comment.start + at);
    if whole {
        let mut start = offset(part_start)?;
        let end = offset(part_end)?;
        if part_start == 0 && part_end == comment.len() {
            let before = &cx.text[..start as usize];
            let kept = before.trim_end_matches([' ', '\t']);
            let own_line = kept.is_empty() || kept.ends_with(['\n', '\r']);
            if own_line {
                let line = cx.lines().line_span(cx.line(start))?;
                return Some(Edit { span: line, content: String::new() });
            }
            start = u32::try_from(kept.len()).ok()?;
        }
        return Some(Edit { span: Span::new(start, end), content: String::new() });
    }
    let names = match &placed.pragma.what {
        What::Rules(names) | What::Codes(names) => names,
        What::Everything { .. } => return None,
    };
    let (first, last) = (names.first()?, names.last()?);
    let base = cx.text.as_ptr() as usize;
    let at = |name: &str| u32::try_from(name.as_ptr() as usize - base).ok();
    let end = at(last)? + u32::try_from(last.len()).ok()?;
    let left: Vec<&str> = names.iter().filter(|name| !idle.contains(name)).copied().collect();
    Some(Edit { span: Span::new(at(first)?, end), content: left.join(", ") })
}

impl What<'_> {
    fn covers(&self, rule: &RuleMeta) -> bool {
        match self {
            Self::Everything { .. } => true,
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

/// The comments that silence something, with the lines that they act on.
fn placed<'a>(cx: &FileCx<'a>) -> Vec<Placed<'a>> {
    let mut found: Vec<Placed<'a>> = Vec::new();
    let mut pragmas = Vec::new();
    if !may_have_pragmas(cx.text) {
        return found;
    }
    for token in cx.parsed.tokens().iter().filter(|token| token.kind() == TokenKind::Comment) {
        let comment = fix::span(&token.range());
        let text = cx.slice(comment);
        if mentions(text) {
            parse(text, comment.start, &mut pragmas);
            for pragma in pragmas.drain(..) {
                let lines = match pragma.reach {
                    Reach::Line => reach_of_line(cx, comment, &pragma),
                    Reach::File => (0, u32::MAX),
                    Reach::From | Reach::Until => (cx.line(comment.start), u32::MAX),
                };
                if pragma.reach == Reach::Until {
                    close(&mut found, &pragma, lines.0);
                }
                found.push(Placed { pragma, lines, comment });
            }
        }
    }
    found
}

/// Ends what `# legb: disable` began, for the same rules or, where none are named, for all.
fn close(found: &mut [Placed<'_>], end: &Pragma<'_>, line: u32) {
    for placed in found.iter_mut().filter(|placed| placed.pragma.reach == Reach::From && placed.lines.1 == u32::MAX) {
        let same = match (&placed.pragma.what, &end.what) {
            (_, What::Everything { .. }) => true,
            (What::Rules(begun), What::Rules(ended)) => begun.iter().all(|name| ended.contains(name)),
            _ => false,
        };
        if same {
            placed.lines.1 = line;
        }
    }
}

/// The lines of a comment that acts on its line: alone on it, the statement that follows.
fn reach_of_line(cx: &FileCx<'_>, comment: Span, pragma: &Pragma<'_>) -> (u32, u32) {
    let line = cx.line(comment.start);
    let ours = matches!(pragma.what, What::Rules(_) | What::Everything { ours: true });
    let before = cx.lines().line_span(line).map_or("", |span| cx.slice(Span::new(span.start, comment.start)));
    if !ours || !before.trim().is_empty() {
        return (line, line);
    }
    let next = cx.text[comment.end as usize..].char_indices().scan(false, |in_comment, (at, c)| {
        *in_comment = c == '#' || *in_comment && c != '\n';
        Some((at, c, *in_comment))
    });
    let mut next = next.filter(|&(_, c, in_comment)| !in_comment && !c.is_whitespace());
    let Some(offset) = next.next().and_then(|(at, ..)| u32::try_from(at).ok()).map(|at| comment.end + at) else {
        return (line, line);
    };
    match innermost(cx.parsed.suite(), offset).map(|found| fix::span(found.stmt)) {
        Some(span) if span.start == offset => (line, cx.line(span.end)),
        _ => (line, line),
    }
}

fn is_noqa(word: &[u8]) -> bool {
    word.eq_ignore_ascii_case(b"noqa")
}

fn mentions(comment: &str) -> bool {
    comment.contains("legb:") || comment.as_bytes().windows(4).any(is_noqa)
}

/// The words behind `legb:`; of two that begin alike the longer one comes first.
const WORDS: [(&str, Reach); 4] =
    [("ignore-file", Reach::File), ("ignore", Reach::Line), ("disable", Reach::From), ("enable", Reach::Until)];

/// Reads one comment, which may hold several pragmas, each behind a `#` of its own; `start` is where the comment begins.
fn parse<'a>(comment: &'a str, start: u32, pragmas: &mut Vec<Pragma<'a>>) {
    let place =
        |part: &str| start + u32::try_from(part.as_ptr() as usize - comment.as_ptr() as usize).unwrap_or_default();
    for part in comment.split('#').map(str::trim_start) {
        let offset = place(part);
        if let Some(rest) = part.strip_prefix("legb:") {
            let rest = rest.trim_start();
            let known = WORDS.iter().find_map(|(word, reach)| Some((*reach, rest.strip_prefix(word)?)));
            let Some((reach, rest)) = known else { continue };
            let what = match rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
                Some((names, _)) => {
                    What::Rules(names.split(',').map(str::trim).filter(|name| !name.is_empty()).collect())
                }
                None => What::Everything { ours: true },
            };
            pragmas.push(Pragma { offset, reach, what });
            continue;
        }
        let (reach, rest) = match part.strip_prefix("flake8:").or_else(|| part.strip_prefix("ruff:")) {
            Some(rest) => (Reach::File, rest.trim_start()),
            None => (Reach::Line, part),
        };
        let Some(rest) = rest.get(..4).filter(|word| word.eq_ignore_ascii_case("noqa")).map(|_| &rest[4..]) else {
            continue;
        };
        if rest.starts_with(|c: char| c.is_alphanumeric() || c == '_') {
            continue;
        }
        let codes = rest.trim_start().strip_prefix(':').map(codes).unwrap_or_default();
        let what = if codes.is_empty() { What::Everything { ours: false } } else { What::Codes(codes) };
        pragmas.push(Pragma { offset, reach, what });
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
    use super::{Pragma, Reach, What, parse};

    fn read(comment: &str) -> Vec<(bool, What<'_>)> {
        let mut pragmas = Vec::new();
        parse(comment, 0, &mut pragmas);
        pragmas.into_iter().map(|Pragma { reach, what, .. }| (reach == Reach::File, what)).collect()
    }

    #[test]
    fn comments_are_read_as_their_authors_mean_them() {
        for comment in ["# noqa", "#noqa", "# NOQA", "# noqa because", "# noqa: because"] {
            assert_eq!(read(comment), [(false, What::Everything { ours: false })], "{comment}");
        }
        assert_eq!(read("# noqa: F401,E501 kept for users"), [(false, What::Codes(vec!["F401", "E501"]))]);
        assert_eq!(read("# type: ignore # noqa:F401"), [(false, What::Codes(vec!["F401"]))]);
        assert_eq!(read("# flake8: noqa"), [(true, What::Everything { ours: false })]);
        assert_eq!(read("# ruff: noqa: F821"), [(true, What::Codes(vec!["F821"]))]);
        assert_eq!(
            read("# legb: ignore[unused-import, LEGB101] -- reason"),
            [(false, What::Rules(vec!["unused-import", "LEGB101"]))]
        );
        assert_eq!(read("# legb: ignore-file[unused-import]"), [(true, What::Rules(vec!["unused-import"]))]);
        assert_eq!(read("# legb: ignore"), [(false, What::Everything { ours: true })]);
        assert_eq!(read("# noqaish"), []);
        assert_eq!(read("# about noqa comments"), []);
    }
}
