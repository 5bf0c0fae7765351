//! What a single line of a traceback can be. Knows nothing of the lines around it.
//!
//! Sources: `Lib/traceback.py` and `Python/traceback.c`, `Python/pythonrun.c` of CPython 3.8 to 3.15.

/// `Traceback (most recent call last):`, also of an exception group.
pub(super) fn is_head(line: &[u8]) -> bool {
    const HEAD: &[u8] = b"Traceback (most recent call last):";
    let line = line.trim_ascii_end();
    let line = line.strip_prefix(b"  + Exception Group ").unwrap_or(line);
    let line = line.strip_prefix(b"+ Exception Group ").unwrap_or(line);
    line == HEAD || line.strip_prefix(b"Exception Group ") == Some(HEAD)
}

/// A line that names a place.
pub(super) struct FrameLine<'a> {
    pub(super) path: &'a [u8],
    pub(super) line: u32,
    pub(super) name: Option<&'a [u8]>,
}

/// `  File "path", line N, in name`, or without the name for the place of a syntax error.
pub(super) fn frame(line: &[u8]) -> Option<FrameLine<'_>> {
    const LINE: &[u8] = b"\", line ";
    // loguru marks the frame in which an exception was caught.
    let rest = line.strip_prefix(b"  File \"").or_else(|| line.strip_prefix(b"> File \""))?;
    let end = memchr::memmem::rfind(rest, LINE)?;
    let path = &rest[..end];
    let (number, rest) = number(&rest[end + LINE.len()..])?;
    let name = if rest.is_empty() { None } else { Some(rest.strip_prefix(b", in ")?) };
    Some(FrameLine { path, line: number, name })
}

/// The digits at the start, and what follows them.
pub(super) fn number(text: &[u8]) -> Option<(u32, &[u8])> {
    let len = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let number = std::str::from_utf8(&text[..len]).ok()?.parse().ok()?;
    Some((number, &text[len..]))
}

/// The N of `  [Previous line repeated N more times]`.
pub(super) fn repeat(line: &[u8]) -> Option<u64> {
    let rest = line.strip_prefix(b"  [Previous line repeated ")?;
    let (count, rest) = number(rest)?;
    matches!(rest, b" more time]" | b" more times]").then_some(u64::from(count))
}

/// The line that names the exception: its dotted type, and the message behind the colon.
pub(super) fn final_line(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = memchr::memchr(b':', line);
    let name = &line[..end.unwrap_or(line.len())];
    if !is_dotted_name(name) {
        return None;
    }
    let message = end.map_or(&[][..], |end| &line[end + 1..]);
    Some((name, message.strip_prefix(b" ").unwrap_or(message)))
}

/// Identifiers joined by dots, `<locals>` among them.
fn is_dotted_name(name: &[u8]) -> bool {
    if name.is_ascii() {
        // The usual case, without decoding.
        return name.split(|byte| *byte == b'.').all(|part| {
            part == b"<locals>"
                || part.first().is_some_and(|first| first.is_ascii_alphabetic() || *first == b'_')
                    && part.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
        });
    }
    std::str::from_utf8(name).is_ok_and(|name| {
        name.split('.').all(|part| {
            part == "<locals>"
                || part.starts_with(|first: char| first.is_alphabetic() || first == '_')
                    && part.chars().all(|character| character.is_alphanumeric() || character == '_')
        })
    })
}

/// How an exception follows from the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Link {
    Cause,
    Context,
}

/// The sentence between two exceptions of a chain.
pub(super) fn link(line: &[u8]) -> Option<Link> {
    match line.trim_ascii_end() {
        b"The above exception was the direct cause of the following exception:" => Some(Link::Cause),
        b"During handling of the above exception, another exception occurred:" => Some(Link::Context),
        _ => None,
    }
}

/// The lines that draw the tree of an exception group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tree<'a> {
    /// `  +-+---------------- 1 ----------------`: the first member.
    Open,
    /// `    +---------------- 2 ----------------`: the next member.
    Next,
    /// `    +------------------------------------`: no more members.
    Close,
    /// `  | text`.
    Bar(&'a [u8]),
}

pub(super) fn tree(line: &[u8]) -> Option<Tree<'_>> {
    let indent = line.iter().take_while(|byte| **byte == b' ').count();
    let rest = &line[indent..];
    if let Some(text) = rest.strip_prefix(b"|") {
        return if text.is_empty() { Some(Tree::Bar(text)) } else { text.strip_prefix(b" ").map(Tree::Bar) };
    }
    let rest = rest.strip_prefix(b"+-")?;
    if let Some(rest) = rest.strip_prefix(b"+---------------- ") {
        return is_numbered(rest).then_some(Tree::Open);
    }
    if let Some(rest) = rest.strip_prefix(b"--------------- ") {
        return is_numbered(rest).then_some(Tree::Next);
    }
    (rest.len() == 35 && rest.iter().all(|byte| *byte == b'-')).then_some(Tree::Close)
}

/// `1 ----------------` or `... ----------------`.
fn is_numbered(text: &[u8]) -> bool {
    text.strip_suffix(b" ----------------")
        .is_some_and(|number| number == b"..." || !number.is_empty() && number.iter().all(u8::is_ascii_digit))
}

/// What is printed where a group is cut: `and 5 more exceptions`, `... (max_group_depth is 10)`.
pub(super) fn is_elision(text: &[u8]) -> bool {
    if let Some(rest) = text.strip_prefix(b"and ") {
        return number(rest).is_some_and(|(_, rest)| matches!(rest, b" more exception" | b" more exceptions"));
    }
    text.strip_prefix(b"... (max_group_depth is ").and_then(number).is_some_and(|(_, rest)| rest == b")")
}

/// A line that stands before a traceback and says where it comes from, or that begins another block.
pub(super) fn is_intro(line: &[u8]) -> bool {
    let line = line.trim_ascii_end();
    let ends = |text: &[u8]| text.ends_with(b":");
    match line.first() {
        Some(b'E') => {
            line.starts_with(b"Exception in thread ") && ends(line)
                || line.starts_with(b"Exception ignored in")
                || line.starts_with(b"Exception ignored while")
                || matches!(line, b"Error in atexit._run_exitfuncs:" | b"Error in sys.excepthook:")
        }
        Some(b'P') => line.strip_prefix(b"Process ").is_some_and(|name| ends(name) && !name.contains(&b' ')),
        Some(b'T') => line == b"Task exception was never retrieved",
        Some(b'f') => line.starts_with(b"future: <"),
        Some(b'-') => line == b"--- Logging error ---",
        Some(b'C') => line == b"Call stack:",
        Some(b'S') => matches!(line, b"Stack (most recent call last):" | b"Stack (most recent call first):"),
        Some(b'O') => line == b"Original exception was:",
        _ => false,
    }
}

/// The first line of the cause that another process sent.
pub(super) fn is_remote(line: &[u8]) -> bool {
    line.starts_with(b"multiprocessing.pool.RemoteTraceback: ")
        || line.starts_with(b"concurrent.futures.process._RemoteTraceback: ")
}

/// Whether a line begins a traceback or the block around one.
pub(crate) fn is_traceback_start(line: &[u8]) -> bool {
    is_head(line) || is_intro(line) || is_remote(line) || line.starts_with(b"Fatal Python error: ")
}

/// Whether a line is the place of a syntax error in the main file, above which there is no head.
pub(crate) fn is_syntax_error_place(line: &[u8]) -> bool {
    frame(line).is_some_and(|found| found.name.is_none())
}

/// The category of `file:N: Category: text`, as the warnings module prints it.
pub(crate) fn warning_category(line: &[u8]) -> Option<&[u8]> {
    let colon = memchr::memmem::find(line, b": ")?;
    let place = &line[..colon];
    let number = &place[memchr::memrchr(b':', place)? + 1..];
    if number.is_empty() || !number.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let (category, _) = final_line(&line[colon + 2..])?;
    category.ends_with(b"Warning").then_some(category)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_end_at_the_last_mention_of_a_line() {
        let found = frame(b"  File \"/a \", line 1/b.py\", line 12, in <module>").unwrap();
        assert_eq!((found.path, found.line, found.name), (&b"/a \", line 1/b.py"[..], 12, Some(&b"<module>"[..])));
        assert!(frame(b"  File \"a\", line 3").unwrap().name.is_none());
        assert!(frame(b"  File \"a\", line x").is_none());
        assert!(frame(b"File \"a\", line 3").is_none());
    }

    #[test]
    fn the_line_of_the_exception_is_a_dotted_name() {
        assert_eq!(final_line(b"KeyError: 'a'"), Some((&b"KeyError"[..], &b"'a'"[..])));
        assert_eq!(final_line(b"a.f.<locals>.E"), Some((&b"a.f.<locals>.E"[..], &b""[..])));
        assert_eq!(final_line("Größe: x".as_bytes()), Some(("Größe".as_bytes(), &b"x"[..])));
        for line in ["", "two words: x", "1x: y", "a..b"] {
            assert_eq!(final_line(line.as_bytes()), None, "{line}");
        }
    }

    #[test]
    fn the_tree_of_a_group_is_drawn_with_five_lines() {
        assert_eq!(tree(b"  +-+---------------- 1 ----------------"), Some(Tree::Open));
        assert_eq!(tree(b"    +---------------- 12 ----------------"), Some(Tree::Next));
        assert_eq!(tree(b"    +---------------- ... ----------------"), Some(Tree::Next));
        assert_eq!(tree(b"    +------------------------------------"), Some(Tree::Close));
        assert_eq!(tree(b"  |   File"), Some(Tree::Bar(b"  File")));
        assert_eq!(tree(b"  |"), Some(Tree::Bar(b"")));
        assert_eq!(tree(b"    +-----"), None);
        assert_eq!(tree(b"a | b"), None);
    }

    #[test]
    fn warnings_are_told_from_errors() {
        assert_eq!(warning_category(b"/a/b.py:5: DeprecationWarning: old"), Some(&b"DeprecationWarning"[..]));
        assert_eq!(warning_category(b"/a/b.py:5: NameError: old"), None);
    }
}
