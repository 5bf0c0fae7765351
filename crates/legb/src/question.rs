//! What `legb explain` is asked, as it is written on the command line.

use std::path::Path;

use anyhow::bail;
use legb_base::LineColumn;
use legb_rules::RULES;

/// What is asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target<'a> {
    /// Names of a file.
    Names(&'a str, Question),
    /// A rule.
    Rule(&'a str),
    /// The traceback on standard input.
    Traceback,
}

/// Which names of a file are asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Question {
    /// The name at a position.
    Place(LineColumn),
    /// Every name in a line.
    Line(u32),
    /// Every scope that mentions a name.
    Name(String),
    /// Every name of the file.
    File,
}

/// Reads `FILE:LINE[:COLUMN]`, `FILE NAME`, `FILE`, `RULE` or `-`.
pub(crate) fn parse(words: &[String]) -> anyhow::Result<Target<'_>> {
    match words {
        [word] if word == "-" => Ok(Target::Traceback),
        [path, name] => Ok(Target::Names(path, Question::Name(name.clone()))),
        [word] => parse_word(word),
        _ => bail!("one place, or a file and a name, can be explained at a time"),
    }
}

fn parse_word(word: &str) -> anyhow::Result<Target<'_>> {
    let is_file = Path::new(word).is_file();
    let place = parse_place(word);
    let readings = [
        (is_file, "a file"),
        (place.as_ref().is_some_and(|(path, _)| Path::new(path).is_file()), "a place in a file"),
        (is_rule(word), "a rule"),
    ];
    let readings: Vec<&str> = readings.into_iter().filter(|(holds, _)| *holds).map(|(_, what)| what).collect();
    if readings.len() > 1 {
        bail!(
            "`{word}` is ambiguous: it is {}\n  help: write `./{word}` for the file, `legb rule {word}` for a rule, or name the \
             file and the name apart",
            readings.join(" and ")
        );
    }
    match place {
        _ if is_file => Ok(Target::Names(word, Question::File)),
        _ if is_rule(word) => Ok(Target::Rule(word)),
        Some((path, question)) => Ok(Target::Names(path, question)),
        None if Path::new(word).is_dir() => {
            bail!("`{word}` is a folder\n  help: name a file; `legb modules {word}` describes those of a folder")
        }
        None => bail!(
            "`{word}` names no place\n  help: write `FILE:LINE`, `FILE:LINE:COLUMN`, a file and a name, a file, the name of a \
             rule, or `-` for a traceback on standard input"
        ),
    }
}

/// Whether a word is the name or the code of one rule.
fn is_rule(word: &str) -> bool {
    RULES.iter().any(|rule| rule.name == word || rule.code == word)
}

/// Reads `FILE:LINE[:COLUMN]`.
pub(crate) fn parse_place(place: &str) -> Option<(&str, Question)> {
    let (before, last) = place.rsplit_once(':')?;
    let last = last.parse().ok()?;
    match before.rsplit_once(':').and_then(|(path, line)| Some((path, line.parse().ok()?))) {
        Some((path, line)) => Some((path, Question::Place(LineColumn { line, column: last }))),
        None => Some((before, Question::Line(last))),
    }
}

#[cfg(test)]
mod tests {
    use super::{Question, Target, parse, parse_place};
    use legb_base::LineColumn;

    #[test]
    fn places_are_read_from_the_end() {
        assert_eq!(parse_place("a.py:3"), Some(("a.py", Question::Line(3))));
        let place = Question::Place(LineColumn { line: 3, column: 5 });
        assert_eq!(parse_place("C:\\a.py:3:5"), Some(("C:\\a.py", place)));
        assert_eq!(parse_place("a.py"), None);
        assert_eq!(parse_place("a.py:x"), None);
    }

    #[test]
    fn one_word_may_be_a_rule_or_a_traceback() {
        assert_eq!(parse(&["unbound-local".to_owned()]).unwrap(), Target::Rule("unbound-local"));
        assert_eq!(parse(&["-".to_owned()]).unwrap(), Target::Traceback);
        assert!(parse(&["unbound-locale".to_owned()]).is_err());
    }
}
