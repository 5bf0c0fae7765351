//! Records `data/builtin_attributes.tsv`: what the classes of the interpreter have that their first base has not.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;

use anyhow::Context;
use legb_base::PyVersion;
use legb_oracle::Interpreter;
use legb_oracle::run::{Request, Script, ask};
use legb_oracle::wire::BuiltinAttributesRow;

use crate::workspace;

const HEAD: &str = "# Attributes of the classes of the interpreter that their first base has not; recorded by `cargo xtask oracle record`.\n\
    # class\tattribute\tfirst version\tlast version\n";

/// Records the table, or checks it. Only a machine with every version can do either.
pub(super) fn run(interpreters: &[Interpreter], check: bool) -> anyhow::Result<Vec<String>> {
    if interpreters.len() < PyVersion::ALL.len() {
        println!("data/builtin_attributes.tsv is left alone: that needs every version");
        return Ok(Vec::new());
    }
    let mut versions: BTreeMap<(String, String), Vec<PyVersion>> = BTreeMap::new();
    for interpreter in interpreters {
        let request = Request::Source { name: "builtin_attributes".to_owned(), bytes: Vec::new() };
        let row: Vec<BuiltinAttributesRow> = ask(interpreter, Script::BuiltinAttributes, &[request])?;
        let row = row.into_iter().next().context("the interpreter gave no row")?;
        for (class, attributes) in row.attributes {
            for attribute in attributes {
                versions.entry((class.clone(), attribute)).or_default().push(interpreter.version);
            }
        }
    }
    let mut text = HEAD.to_owned();
    for ((class, attribute), versions) in &versions {
        for run in versions.chunk_by(|a, b| a.index() + 1 == b.index()) {
            if let ([first, ..], [.., last]) = (run, run) {
                let _ = writeln!(text, "{class}\t{attribute}\t{first}\t{last}");
            }
        }
    }
    let path = workspace::root().join("data").join("builtin_attributes.tsv");
    if fs::read_to_string(&path).is_ok_and(|old| old == text) {
        return Ok(Vec::new());
    }
    if !check {
        workspace::replace_file(&path, &text)?;
    }
    Ok(vec![path.display().to_string()])
}
