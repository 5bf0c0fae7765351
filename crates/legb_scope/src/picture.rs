//! Scopes as pictures: the ladder of a name and the tree of a file, for Mermaid and as SVG, and a file's source as a page.
//!
//! The colours are one set everywhere: L green, E blue, G orange, B purple. No picture rests on them alone: letters, words and
//! kinds of lines say the same. Pictures stand alone: they name no other file and no address.

mod ladder;
mod page;
mod svg;
mod tree;

pub use ladder::{ladder_mermaid, ladder_svg};
pub use page::page;
pub use tree::{tree_mermaid, tree_svg};

use std::fmt::Write as _;

use crate::explain::Answer;

/// The colour of a letter, as a picture writes it.
const fn colour(answer: Answer) -> &'static str {
    match answer {
        Answer::Local => "#4CAF50",
        Answer::Enclosing => "#2196F3",
        Answer::Global => "#FF9800",
        Answer::Builtin => "#9C27B0",
        Answer::Unresolved => "#D32F2F",
    }
}

/// The colour of text on the colour of a letter: the one of black and white that is read best there.
const fn colour_on(answer: Answer) -> &'static str {
    match answer {
        Answer::Local | Answer::Enclosing | Answer::Global => "#000",
        Answer::Builtin | Answer::Unresolved => "#fff",
    }
}

/// The class of a letter in pictures and pages.
const fn class(answer: Answer) -> &'static str {
    match answer {
        Answer::Local => "L",
        Answer::Enclosing => "E",
        Answer::Global => "G",
        Answer::Builtin => "B",
        Answer::Unresolved => "U",
    }
}

/// What a letter means.
const fn meaning(answer: Answer) -> &'static str {
    match answer {
        Answer::Local => "local",
        Answer::Enclosing => "enclosing",
        Answer::Global => "global",
        Answer::Builtin => "builtin",
        Answer::Unresolved => "not found",
    }
}

/// All letters, in the order of the rule.
const LETTERS: [Answer; 5] = [Answer::Local, Answer::Enclosing, Answer::Global, Answer::Builtin, Answer::Unresolved];

/// Text as XML and HTML hold it; characters that XML knows no way to write become the replacement character.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' => out.push(c),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

/// Text as a Mermaid label holds it: no character of its own syntax, and no Markdown.
fn label(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '`' => out.push('\''),
            '"' | '#' | ';' | '<' | '>' | '&' | '*' | '_' | '[' | ']' | '{' | '}' | '|' | '\\' | '~' => {
                // Writing to a String cannot fail.
                let _ = write!(out, "#{};", u32::from(c));
            }
            '\n' => out.push_str("<br/>"),
            c if c.is_control() => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

/// A sentence in lines of at most `width` characters, broken at spaces where it has some.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let used = lines.last().map_or(0, |line| line.chars().count());
        if used > 0 && used + 1 + word.chars().count() > width {
            lines.push(word.to_owned());
        } else if let Some(line) = lines.last_mut() {
            if used > 0 {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines
}

/// The definitions of Mermaid's classes, one for each letter.
fn mermaid_classes() -> String {
    let define = |answer: Answer| {
        format!("  classDef {} fill:{},color:{},stroke:#333\n", class(answer), colour(answer), colour_on(answer))
    };
    LETTERS.into_iter().map(define).collect::<String>()
        + "  classDef skipped stroke-dasharray:5 5\n  classDef hit stroke-width:4px\n"
}
