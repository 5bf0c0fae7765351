//! Records `data/builtin_calls.tsv`: with how many arguments functions of the interpreter cannot be called, and the words.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;

use anyhow::Context;
use legb_base::PyVersion;
use legb_oracle::Interpreter;
use legb_oracle::run::{Request, Script, ask};
use legb_oracle::wire::BuiltinCallsRow;

use crate::workspace;

const HEAD: &str = "# With how many positional arguments functions of the interpreter cannot be called, and what is said then; recorded by\n\
    # `cargo xtask oracle record`. The owner is the class of a method, or `builtins`.\n\
    # owner\tname\targuments\tfirst version\tlast version\tmessage\n";

/// Records the table, or checks it. Only a machine with every version can do either.
pub(super) fn run(interpreters: &[Interpreter], check: bool) -> anyhow::Result<Vec<String>> {
    if interpreters.len() < PyVersion::ALL.len() {
        println!("data/builtin_calls.tsv is left alone: that needs every version");
        return Ok(Vec::new());
    }
    let mut versions: BTreeMap<(String, String, usize, String), Vec<PyVersion>> = BTreeMap::new();
    for interpreter in interpreters {
        let request = Request::Source { name: "builtin_calls".to_owned(), bytes: Vec::new() };
        let row: Vec<BuiltinCallsRow> = ask(interpreter, Script::BuiltinCalls, &[request])?;
        let row = row.into_iter().next().context("the interpreter gave no row")?;
        for refused in row.refused {
            versions.entry(refused).or_default().push(interpreter.version);
        }
    }
    let mut text = HEAD.to_owned();
    for ((owner, name, count, message), versions) in &versions {
        for run in versions.chunk_by(|a, b| a.index() + 1 == b.index()) {
            if let ([first, ..], [.., last]) = (run, run) {
                let _ = writeln!(text, "{owner}\t{name}\t{count}\t{first}\t{last}\t{message}");
            }
        }
    }
    let path = workspace::root().join("data").join("builtin_calls.tsv");
    if fs::read_to_string(&path).is_ok_and(|old| old == text) {
        return Ok(Vec::new());
    }
    if !check {
        workspace::replace_file(&path, &text)?;
    }
    Ok(vec![path.display().to_string()])
}
