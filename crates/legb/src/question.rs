//! What `legb explain` is asked, as it is written on the command line.

use anyhow::{Context, bail};
use legb_base::LineColumn;

/// What is asked about, in one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Question {
    /// The name at a position.
    Place(LineColumn),
    /// Every name in a line.
    Line(u32),
    /// Every scope that mentions a name.
    Name(String),
}

/// Reads `FILE:LINE[:COLUMN]`, or `FILE` and `NAME`.
pub(crate) fn parse(words: &[String]) -> anyhow::Result<(&str, Question)> {
    match words {
        [path, name] => Ok((path, Question::Name(name.clone()))),
        [place] => parse_place(place).with_context(|| {
            format!("`{place}` names no place; write `FILE:LINE`, `FILE:LINE:COLUMN`, or a file and a name")
        }),
        _ => bail!("one place, or a file and a name, can be explained at a time"),
    }
}

fn parse_place(place: &str) -> Option<(&str, Question)> {
    let (before, last) = place.rsplit_once(':')?;
    let last = last.parse().ok()?;
    match before.rsplit_once(':').and_then(|(path, line)| Some((path, line.parse().ok()?))) {
        Some((path, line)) => Some((path, Question::Place(LineColumn { line, column: last }))),
        None => Some((before, Question::Line(last))),
    }
}

#[cfg(test)]
mod tests {
    use super::{Question, parse_place};
    use legb_base::LineColumn;

    #[test]
    fn places_are_read_from_the_end() {
        assert_eq!(parse_place("a.py:3"), Some(("a.py", Question::Line(3))));
        let place = Question::Place(LineColumn { line: 3, column: 5 });
        assert_eq!(parse_place("C:\\a.py:3:5"), Some(("C:\\a.py", place)));
        assert_eq!(parse_place("a.py"), None);
        assert_eq!(parse_place("a.py:x"), None);
    }
}
