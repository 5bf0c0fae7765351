//! The part of an `__init__` that legb writes, between two comments, and where it goes if there is none yet.
//!
//! Everything else stays as it is, byte for byte: encoding, line endings and comments are the author's.

use std::ops::Range;

use legb_syntax::ast::{Expr, Stmt};
use legb_syntax::{LineIndex, Parsed, Ranged};

/// The first line of what legb writes begins so.
pub(super) const BEGIN: &str = "# legb: api begin";
/// The last line of it begins so.
pub(super) const END: &str = "# legb: api end";

/// The lines between the two comments, these included, counted from 0; nothing if there are none.
///
/// The error says what is wrong with the comments.
pub(super) fn marked(text: &str) -> Result<Option<Range<usize>>, String> {
    let at = |mark: &str| -> Vec<usize> {
        let lines = lines(text).enumerate();
        lines.filter(|(_, line)| line.trim_start().starts_with(mark)).map(|(number, _)| number).collect()
    };
    match (&*at(BEGIN), &*at(END)) {
        ([], []) => Ok(None),
        ([begin], [end]) if begin < end => Ok(Some(*begin..end + 1)),
        ([begin, ..], []) => Err(format!("line {}: `{BEGIN}` without `{END}`", begin + 1)),
        ([], [end, ..]) => Err(format!("line {}: `{END}` without `{BEGIN}`", end + 1)),
        ([first, ..], _) => Err(format!("`{BEGIN}` and `{END}` do not pair up (from line {})", first + 1)),
    }
}

/// Lines without their endings, as Python counts them.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive(['\n', '\r'])
        .scan(false, |after_return, piece| {
            // The `\n` of a `\r\n` is no line of its own.
            let is_rest = *after_return && piece == "\n";
            *after_return = piece.ends_with('\r');
            Some((!is_rest).then(|| piece.trim_end_matches(['\n', '\r'])))
        })
        .flatten()
}

/// The text with the marked lines emptied: what the author wrote.
pub(super) fn without(text: &str, marked: Option<&Range<usize>>) -> String {
    let Some(marked) = marked else { return text.to_owned() };
    let kept = lines(text).enumerate().map(|(number, line)| if marked.contains(&number) { "" } else { line });
    kept.flat_map(|line| [line, "\n"]).collect()
}

/// Behind which line a new part goes (0: before the first): after the docstring, the imports and the dunder variables at the
/// top, or after `__all__` if that stands further down.
pub(super) fn insertion_line(parsed: &Parsed, lines: &LineIndex) -> u32 {
    let suite = parsed.suite();
    let head = suite.iter().enumerate().take_while(|(position, stmt)| is_head(stmt, *position == 0));
    let all = suite.iter().filter(|stmt| is_dunder_assignment(stmt, Some("__all__")));
    let last = head.map(|(_, stmt)| stmt).chain(all).map(|stmt| stmt.end().to_u32()).max();
    match last {
        Some(end) => lines.line(end.saturating_sub(1)),
        // Comments at the top (a licence, an encoding) stay at the top.
        None => lines.line_count(),
    }
}

fn is_head(stmt: &Stmt, is_first: bool) -> bool {
    match stmt {
        Stmt::Import(_) | Stmt::ImportFrom(_) => true,
        Stmt::Expr(expr) => is_first && matches!(&*expr.value, Expr::StringLiteral(_)),
        Stmt::Try(stmt) => stmt.body.iter().all(|stmt| is_head(stmt, false)),
        Stmt::If(stmt) => stmt.body.iter().all(|stmt| is_head(stmt, false)) && stmt.elif_else_clauses.is_empty(),
        _ => is_dunder_assignment(stmt, None),
    }
}

fn is_dunder_assignment(stmt: &Stmt, wanted: Option<&str>) -> bool {
    let target = match stmt {
        Stmt::Assign(assign) => assign.targets.first(),
        Stmt::AnnAssign(assign) => Some(&*assign.target),
        Stmt::AugAssign(assign) => Some(&*assign.target),
        Stmt::Expr(expr) => match &*expr.value {
            Expr::Call(call) => match &*call.func {
                Expr::Attribute(method) if wanted.is_some() => Some(&*method.value),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    };
    let Some(Expr::Name(name)) = target else { return false };
    let name = name.id.as_str();
    wanted.map_or_else(|| name.starts_with("__") && name.ends_with("__"), |wanted| wanted == name)
}

/// The ending of the first line; `\n` where there is none.
fn ending(bytes: &[u8]) -> &'static [u8] {
    match bytes.iter().position(|byte| matches!(byte, b'\n' | b'\r')) {
        Some(at) if bytes[at..].starts_with(b"\r\n") => b"\r\n",
        Some(at) if bytes[at] == b'\r' => b"\r",
        _ => b"\n",
    }
}

/// The offsets at which lines start; one more for the end, if the last line has an ending.
fn starts(bytes: &[u8]) -> Vec<usize> {
    let mut starts = vec![0];
    for (at, byte) in bytes.iter().enumerate() {
        if *byte == b'\n' || *byte == b'\r' && bytes.get(at + 1) != Some(&b'\n') {
            starts.push(at + 1);
        }
    }
    starts
}

/// Puts the lines of `part` in place of the marked ones.
pub(super) fn replace(bytes: &[u8], marked: &Range<usize>, part: &[String]) -> Vec<u8> {
    let starts = starts(bytes);
    let offset = |line: usize| starts.get(line).copied().unwrap_or(bytes.len());
    let mut after = bytes[..offset(marked.start)].to_vec();
    write(&mut after, part, ending(bytes));
    let rest = &bytes[offset(marked.end)..];
    after.extend_from_slice(rest);
    after
}

/// Puts the lines of `part` behind a line (counted from 1; 0: before the first), with blank lines around.
pub(super) fn insert(bytes: &[u8], line: u32, part: &[String]) -> Vec<u8> {
    let ending = ending(bytes);
    let starts = starts(bytes);
    let at = starts.get(line as usize).copied().unwrap_or(bytes.len());
    let (before, rest) = bytes.split_at(at);
    let mut after = before.to_vec();
    let bom: &[u8] = b"\xef\xbb\xbf";
    if !before.is_empty() && before != bom {
        if !before.ends_with(b"\n") && !before.ends_with(b"\r") {
            after.extend_from_slice(ending);
        }
        after.extend_from_slice(ending);
    }
    write(&mut after, part, ending);
    let blank = rest.iter().take_while(|byte| matches!(byte, b'\n' | b'\r' | b' ' | b'\t')).count();
    if blank == rest.len() {
        return after;
    }
    if !rest.starts_with(ending) {
        after.extend_from_slice(ending);
    }
    after.extend_from_slice(rest);
    after
}

fn write(out: &mut Vec<u8>, part: &[String], ending: &[u8]) {
    for line in part {
        out.extend_from_slice(line.as_bytes());
        out.extend_from_slice(ending);
    }
}

#[cfg(test)]
mod tests {
    use super::{insert, marked, replace, without};

    #[test]
    fn the_marked_lines_are_found() {
        let text = "a\r\n# legb: api begin (x)\r\nb\r\n# legb: api end\r\nc";
        assert_eq!(marked(text), Ok(Some(1..4)));
        assert_eq!(without(text, Some(&(1..4))), "a\n\n\n\nc\n");
        assert_eq!(marked("a\n"), Ok(None));
        for broken in ["# legb: api begin\n", "# legb: api end\n", "# legb: api end\n# legb: api begin\n"] {
            assert!(marked(broken).is_err(), "{broken}");
        }
    }

    #[test]
    fn bytes_around_are_kept() {
        let part = ["X".to_owned(), "Y".to_owned()];
        for (before, line, after) in [
            ("", 1, "X\nY\n"),
            ("'doc'", 1, "'doc'\n\nX\nY\n"),
            ("'doc'\r\n", 1, "'doc'\r\n\r\nX\r\nY\r\n"),
            ("a\n\nb\n", 1, "a\n\nX\nY\n\nb\n"),
            ("a\nb\n", 1, "a\n\nX\nY\n\nb\n"),
            ("a\n\n\n", 1, "a\n\nX\nY\n"),
            ("a\rb\r", 1, "a\r\rX\rY\r\rb\r"),
        ] {
            assert_eq!(String::from_utf8(insert(before.as_bytes(), line, &part)).unwrap(), after, "{before:?}");
        }
        let latin = b"# coding: latin-1\n'\xe9'\n";
        assert_eq!(insert(latin, 2, &part), b"# coding: latin-1\n'\xe9'\n\nX\nY\n");
        assert_eq!(replace(b"a\nold\nolder\nb", &(1..3), &part), b"a\nX\nY\nb");
    }
}
