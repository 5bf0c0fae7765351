//! Records `data/builtins.tsv`: names that a module can read without binding them, with the versions that have them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;

use legb_base::PyVersion;
use legb_oracle::Interpreter;
use legb_oracle::run::{Request, Script, ask};
use legb_oracle::wire::BuiltinsRow;

use crate::workspace;

const HEAD: &str = "# Names that a module can read without binding them; recorded by `cargo xtask oracle record`.\n\
    # kind: builtin (in the module `builtins`), site (added to it at start-up), module (in every package before its first line).\n\
    # kind\tname\tfirst version\tlast version\n";

/// Records the table, or checks it. Only a machine with every version can do either.
pub(super) fn run(interpreters: &[Interpreter], check: bool) -> anyhow::Result<Vec<String>> {
    if interpreters.len() < PyVersion::ALL.len() {
        println!("data/builtins.tsv is left alone: that needs every version");
        return Ok(Vec::new());
    }
    let mut versions: BTreeMap<(&str, String), Vec<PyVersion>> = BTreeMap::new();
    for interpreter in interpreters {
        let request = Request::Source { name: "builtins".to_owned(), bytes: Vec::new() };
        let rows: Vec<BuiltinsRow> = ask(interpreter, Script::Builtins, &[request])?;
        for row in rows {
            for (kind, names) in [("builtin", row.builtins), ("site", row.site), ("module", row.module)] {
                for name in names {
                    versions.entry((kind, name)).or_default().push(interpreter.version);
                }
            }
        }
    }
    let mut text = HEAD.to_owned();
    for ((kind, name), versions) in &versions {
        // A name that goes and comes back has a row for each time.
        for run in versions.chunk_by(|a, b| a.index() + 1 == b.index()) {
            if let [first, ..] = run
                && let [.., last] = run
            {
                let _ = writeln!(text, "{kind}\t{name}\t{first}\t{last}");
            }
        }
    }
    let path = workspace::root().join("data").join("builtins.tsv");
    if fs::read_to_string(&path).is_ok_and(|old| old == text) {
        return Ok(Vec::new());
    }
    if !check {
        workspace::replace_file(&path, &text)?;
    }
    Ok(vec![path.display().to_string()])
}
