//! Which answers of CPython are recorded in a fixture, and how are they written?
//!
//! A fixture is a Markdown page. A block of Python is followed by what each version says of it, versions with equal answers
//! in one block:
//!
//! ````markdown
//! ```py
//! def f():
//!     return x
//! ```
//!
//! ```symtable python=3.8..3.13
//! module top line 0: f[local: local assigned namespace]
//!   function f line 1 optimized: x[global: referenced global]
//! ```
//! ````
//!
//! A table is a line, indented by its depth: kind, name, first line, and then each symbol with its scope and the predicates
//! that are true of it (`is_` left out). A block `error` gives stage, exception, place and message. A version with both kinds
//! of block builds the tables and fails in `compile()`.
//!
//! The answers are written by `cargo xtask oracle record` and by nobody else.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use legb_base::PyVersion;

use crate::wire::{SymtableRow, Table};

/// A Markdown page with snippets and the answers recorded for them.
#[derive(Clone, Debug)]
pub struct Page {
    parts: Vec<Part>,
}

#[derive(Clone, Debug)]
enum Part {
    /// Lines that are kept as they are.
    Prose(String),
    Snippet(Snippet),
}

/// A block of Python with the answers of the versions.
#[derive(Clone, Debug)]
pub struct Snippet {
    /// The heading above it.
    pub heading: String,
    /// Line of the page on which its block begins.
    pub line: usize,
    /// The whole source file.
    pub source: String,
    /// What each version says.
    pub answers: BTreeMap<PyVersion, Answer>,
}

/// What one version says of a snippet, in the words of the page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// The tables, where they are built.
    pub tables: Option<String>,
    /// The error, where there is one.
    pub error: Option<String>,
}

impl Answer {
    /// An interpreter's row, or legb's own, in the words of a page.
    pub fn of(row: &SymtableRow) -> Self {
        let tables = row.top.as_ref().map(|top| {
            let mut text = String::new();
            write_table(&mut text, top, 0);
            text
        });
        Self { tables, error: row.exception.is_some().then(|| error_line(row)) }
    }

    fn blocks(&self) -> [(&'static str, Option<&str>); 2] {
        [("symtable", self.tables.as_deref()), ("error", self.error.as_deref())]
    }
}

fn write_table(out: &mut String, table: &Table, depth: usize) {
    let _ = write!(out, "{:indent$}{} {} line {}", "", table.kind, table.name, table.lineno, indent = 2 * depth);
    for (word, holds) in [("nested", table.nested), ("optimized", table.optimized)] {
        if holds {
            let _ = write!(out, " {word}");
        }
    }
    for (n, symbol) in table.symbols.iter().enumerate() {
        let scope = match symbol.2.as_str() {
            "L" => "local",
            "C" => "cell",
            "F" => "free",
            "G" => "explicit global",
            "g" => "global",
            other => other,
        };
        let predicates: Vec<&str> = symbol.1.iter().map(|name| name.strip_prefix("is_").unwrap_or(name)).collect();
        let before = if n == 0 { ": " } else { " " };
        let gap = if predicates.is_empty() { "" } else { " " };
        let _ = write!(out, "{before}{}[{scope}:{gap}{}]", symbol.0, predicates.join(" "));
    }
    out.push('\n');
    for child in &table.children {
        write_table(out, child, depth + 1);
    }
}

fn error_line(row: &SymtableRow) -> String {
    let number = |value: Option<i64>| value.map_or_else(|| "?".to_owned(), |value| value.to_string());
    // CPython's module `symtable` runs the parser too, and an interpreter cannot tell the two apart.
    let stage = match row.stage.as_deref() {
        Some("compile") => "compile",
        _ => "symtable",
    };
    let mut line = format!("{stage} {}", row.exception.as_deref().unwrap_or("?"));
    if row.lineno.is_some() {
        let _ = write!(line, " at {}:{}", number(row.lineno), number(row.offset));
    }
    if row.end_lineno.is_some() {
        let _ = write!(line, "..{}:{}", number(row.end_lineno), number(row.end_offset));
    }
    let _ = writeln!(line, ": {}", row.message());
    line
}

impl Page {
    /// Reads a page. The error names the line that is wrong.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut parts: Vec<Part> = Vec::new();
        let mut heading = String::new();
        let mut lines = text.lines().enumerate();
        while let Some((at, line)) = lines.next() {
            if let Some(title) = line.strip_prefix('#') {
                title.trim_start_matches('#').trim().clone_into(&mut heading);
            }
            let Some(info) = line.strip_prefix("```") else {
                // Blank lines around recorded blocks belong to the snippet, which writes its own.
                let follows_snippet = matches!(parts.last(), Some(Part::Snippet(_)));
                if line.is_empty() && follows_snippet {
                    continue;
                }
                match parts.last_mut() {
                    Some(Part::Prose(prose)) => {
                        prose.push_str(line);
                        prose.push('\n');
                    }
                    _ => parts.push(Part::Prose(format!("{line}\n"))),
                }
                continue;
            };
            let mut body = String::new();
            loop {
                match lines.next() {
                    Some((_, "```")) => break,
                    Some((_, inside)) => {
                        body.push_str(inside);
                        body.push('\n');
                    }
                    None => return Err(format!("line {}: the block is not closed", at + 1)),
                }
            }
            let (word, python) = info.split_once(" python=").unwrap_or((info, ""));
            match (word, parts.last_mut()) {
                ("py", _) => parts.push(Part::Snippet(Snippet {
                    heading: heading.clone(),
                    line: at + 1,
                    source: body,
                    answers: BTreeMap::new(),
                })),
                ("symtable" | "error", Some(Part::Snippet(snippet))) => {
                    for version in read_versions(python).map_err(|reason| format!("line {}: {reason}", at + 1))? {
                        let answer = snippet.answers.entry(version).or_default();
                        let block = if word == "error" { &mut answer.error } else { &mut answer.tables };
                        if block.replace(body.clone()).is_some() {
                            return Err(format!("line {}: two answers of {version}", at + 1));
                        }
                    }
                }
                _ => {
                    return Err(format!("line {}: `{info}` is no block of this kind of page", at + 1));
                }
            }
        }
        Ok(Self { parts })
    }

    /// The page as text, recorded blocks grouped by equal answers.
    pub fn render(&self) -> String {
        let mut out = String::new();
        for (n, part) in self.parts.iter().enumerate() {
            match part {
                Part::Prose(prose) => {
                    if n > 0 {
                        out.push('\n');
                    }
                    out.push_str(prose);
                }
                Part::Snippet(snippet) => {
                    if !out.is_empty() && !out.ends_with("\n\n") {
                        out.push('\n');
                    }
                    let _ = write!(out, "```py\n{}```\n", snippet.source);
                    let mut groups: Vec<(&'static str, &str, Vec<PyVersion>)> = Vec::new();
                    for (&version, answer) in &snippet.answers {
                        for (word, body) in answer.blocks() {
                            let Some(body) = body else { continue };
                            match groups.iter_mut().find(|group| (group.0, group.1) == (word, body)) {
                                Some(group) => group.2.push(version),
                                None => groups.push((word, body, vec![version])),
                            }
                        }
                    }
                    for (word, body, versions) in groups {
                        let _ = write!(out, "\n```{word} python={}\n{body}```\n", write_versions(&versions));
                    }
                }
            }
        }
        out
    }

    /// The snippets of the page.
    pub fn snippets(&self) -> impl Iterator<Item = &Snippet> {
        self.parts.iter().filter_map(|part| match part {
            Part::Snippet(snippet) => Some(snippet),
            Part::Prose(_) => None,
        })
    }

    /// The snippets of the page, to record their answers.
    pub fn snippets_mut(&mut self) -> impl Iterator<Item = &mut Snippet> {
        self.parts.iter_mut().filter_map(|part| match part {
            Part::Snippet(snippet) => Some(snippet),
            Part::Prose(_) => None,
        })
    }
}

/// `3.8..3.10,3.13` names 3.8, 3.9, 3.10 and 3.13.
fn read_versions(text: &str) -> Result<Vec<PyVersion>, String> {
    let mut versions = Vec::new();
    for range in text.split(',') {
        let (first, last) = range.split_once("..").unwrap_or((range, range));
        let first: PyVersion = first.trim().parse().map_err(|error| format!("{error}"))?;
        let last: PyVersion = last.trim().parse().map_err(|error| format!("{error}"))?;
        versions.extend(PyVersion::ALL.into_iter().filter(|&version| first <= version && version <= last));
    }
    Ok(versions)
}

fn write_versions(versions: &[PyVersion]) -> String {
    let mut ranges: Vec<(PyVersion, PyVersion)> = Vec::new();
    for &version in versions {
        match ranges.last_mut() {
            Some((_, last)) if last.index() + 1 == version.index() => *last = version,
            _ => ranges.push((version, version)),
        }
    }
    let texts: Vec<String> = ranges
        .into_iter()
        .map(|(first, last)| if first == last { first.to_string() } else { format!("{first}..{last}") })
        .collect();
    texts.join(",")
}

#[cfg(test)]
mod tests {
    use super::{Answer, Page, read_versions, write_versions};
    use crate::wire::SymtableRow;

    const PAGE: &str = "# Title\n\nWhy.\n\n```py\nx = 1\n```\n\n\
        ```symtable python=3.8,3.10..3.15\nmodule top line 0: x[local: local assigned]\n```\n\n\
        ```error python=3.9\nsymtable SyntaxError at 1:1: no\n```\n\n## Next\n\n```py\ny\n```\n";

    #[test]
    fn a_page_is_written_as_it_was_read() {
        let page = Page::parse(PAGE).expect("the page is sound");
        assert_eq!(page.render(), PAGE);
        let snippets: Vec<_> = page.snippets().collect();
        assert_eq!((snippets[0].heading.as_str(), snippets[0].source.as_str()), ("Title", "x = 1\n"));
        assert_eq!((snippets[1].heading.as_str(), snippets[1].answers.len()), ("Next", 0));
        assert_eq!(snippets[0].answers.len(), 8);
    }

    #[test]
    fn a_page_that_is_wrong_names_the_line() {
        for (text, line) in [
            ("```py\nx\n", "line 1"),
            ("a\n```toml\n```\n", "line 2"),
            ("```py\n```\n```error python=3.7\n```\n", "line 3"),
        ] {
            let error = Page::parse(text).expect_err("the page is wrong");
            assert!(error.starts_with(line), "{error}");
        }
    }

    #[test]
    fn version_ranges_come_back() {
        for text in ["3.8..3.15", "3.8", "3.8,3.10", "3.9..3.10,3.12..3.13,3.15"] {
            assert_eq!(write_versions(&read_versions(text).expect("a range")), text);
        }
    }

    #[test]
    fn tables_are_indented_lines() {
        let row = r#"{"path": "a.py", "ok": true, "top": {"type": "module", "name": "top", "lineno": 0, "nested": false,
            "optimized": false, "has_children": true, "symbols": [["f", ["is_local", "is_assigned"], "L"], ["g", [], "-"]],
            "children": [{"type": "function", "name": "f", "lineno": 1, "nested": true, "optimized": true,
            "has_children": false, "symbols": [], "children": []}]}}"#;
        let row: SymtableRow = serde_json::from_str(row).expect("a row");
        assert_eq!(
            Answer::of(&row).tables.as_deref(),
            Some("module top line 0: f[local: local assigned] g[-:]\n  function f line 1 nested optimized\n")
        );
    }
}
