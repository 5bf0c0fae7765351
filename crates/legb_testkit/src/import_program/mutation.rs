//! What could go wrong while somebody edits a file? A token or a line is missing, doubled, moved, or was never meant to be.

use crate::random::Random;

/// What may be inserted anywhere.
const INSERTIONS: &[&str] = &[
    "'",
    "\"",
    "'''",
    "\"\"\"",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "\\",
    "\\\n",
    ":",
    ";",
    "#",
    ",",
    ".",
    "\n",
    " ",
    "\t",
    "\x0c",
    "\r",
    "import ",
    "import",
    "from ",
    " as ",
    "if ",
    "else",
    "try:",
    "f",
    "r",
    "b",
    "lazy ",
    "async ",
    "match ",
    "=",
    "é",
    "*",
    "lambda: ",
    "1",
    "TYPE_CHECKING",
    "\n    ",
    "\n  ",
];

/// One mutation of a text.
pub(super) fn mutate(text: &str, random: &mut Random) -> String {
    match random.below(10) {
        0..2 => with_parts(tokens(text), random),
        2..4 => with_parts(text.split_inclusive('\n').collect(), random),
        4..8 => insert(text, random),
        _ => indent(text, random),
    }
}

/// Deletes, doubles or swaps parts.
fn with_parts(mut parts: Vec<&str>, random: &mut Random) -> String {
    if parts.len() > 1 {
        let at = random.below(parts.len() - 1);
        match random.below(3) {
            0 => drop(parts.remove(at)),
            1 => parts.insert(at, parts[at]),
            _ => parts.swap(at, at + 1),
        }
    }
    parts.concat()
}

fn insert(text: &str, random: &mut Random) -> String {
    let mut parts = tokens(text);
    let at = random.below(parts.len() + 1);
    parts.insert(at, random.pick(INSERTIONS));
    parts.concat()
}

/// Gives a line another indentation.
fn indent(text: &str, random: &mut Random) -> String {
    let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
    if lines.is_empty() {
        return String::new();
    }
    let at = random.below(lines.len());
    let stripped = lines[at].trim_start_matches([' ', '\t']);
    let blanks =
        random.pick(&["", " ", "    ", "\t", "        ", "  ", "\t    ", "    \t", "\x0c", " \x0c    ", "\\\n    "]);
    let line = format!("{blanks}{stripped}");
    lines[at] = &line;
    lines.concat()
}

/// Words, runs of blanks, and single other characters.
fn tokens(text: &str) -> Vec<&str> {
    let class = |c: char| match c {
        ' ' | '\t' => 1,
        c if c == '_' || c.is_alphanumeric() => 2,
        _ => 0,
    };
    let mut tokens = Vec::new();
    let mut start = 0;
    let mut last = 0;
    for (at, c) in text.char_indices() {
        let now = class(c);
        if at > 0 && (now == 0 || now != last) {
            tokens.push(&text[start..at]);
            start = at;
        }
        last = now;
    }
    tokens.push(&text[start..]);
    tokens
}
