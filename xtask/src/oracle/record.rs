//! Records what interpreters say of the snippets in `fixtures/scope`.
//!
//! Answers of versions that this machine has not are kept as they are.

use std::fs;
use std::path::Path;

use anyhow::{Context, anyhow};
use legb_oracle::Interpreter;
use legb_oracle::recorded::{Answer, Page};
use legb_oracle::run::{Request, Script, ask};
use legb_oracle::wire::SymtableRow;

use crate::workspace;

/// Records every page, or checks it; returns those that were not what the interpreters say.
pub(super) fn run(interpreters: &[Interpreter], check: bool) -> anyhow::Result<Vec<String>> {
    let folder = workspace::root().join("fixtures").join("scope");
    let mut pages = Vec::new();
    for path in workspace::files_below(&folder, &[], &|name| Path::new(name).extension().is_some_and(|x| x == "md"))? {
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let page = Page::parse(&text).map_err(|reason| anyhow!("{}, {reason}", path.display()))?;
        pages.push((path, text, page));
    }
    for interpreter in interpreters {
        let requests: Vec<Request> = pages
            .iter()
            .flat_map(|(_, _, page)| page.snippets())
            .map(|snippet| Request::Source {
                name: "snippet.py".to_owned(),
                bytes: snippet.source.clone().into_bytes(),
            })
            .collect();
        let rows: Vec<SymtableRow> = ask(interpreter, Script::Symtable { compile: true }, &requests)?;
        for (snippet, row) in pages.iter_mut().flat_map(|(_, _, page)| page.snippets_mut()).zip(&rows) {
            snippet.answers.insert(interpreter.version, Answer::of(row));
        }
    }
    let mut stale = Vec::new();
    let mut snippets = 0;
    for (path, text, page) in &pages {
        snippets += page.snippets().count();
        let recorded = page.render();
        if recorded != *text {
            stale.push(format!("{}{}", path.display(), first_difference(text, &recorded)));
            if !check {
                workspace::replace_file(path, &recorded)?;
            }
        }
    }
    println!(
        "{snippets} snippets on {} pages, {} versions: {} pages {}",
        pages.len(),
        interpreters.len(),
        stale.len(),
        if check { "differ" } else { "written" }
    );
    Ok(stale)
}

fn first_difference(old: &str, new: &str) -> String {
    let differs = old.lines().zip(new.lines()).enumerate().find(|(_, (old, new))| old != new);
    differs.map_or_else(String::new, |(n, (old, new))| format!(", line {}:\n  - {old}\n  + {new}", n + 1))
}
