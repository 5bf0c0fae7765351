//! Records `data/stdlib_imports.tsv`: who imports whom in the standard library of each version.
//!
//! What no file can stand in for is left out: modules that are compiled in, frozen, or loaded at start-up.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;

use anyhow::Context;
use legb_base::PyVersion;
use legb_oracle::Interpreter;
use legb_oracle::run::{Request, Script, ask};
use legb_oracle::wire::StdlibImportsRow;
use legb_resolve::stdlib;

use crate::workspace;

const HEAD: &str = "# Who imports whom in the standard library while it is imported; recorded by `cargo xtask oracle record`.\n\
    # Imported modules that are compiled in, frozen or loaded at start-up are left out, and so are tests.\n\
    # imported\tfirst version\tlast version\timporters\n";

/// Records the table, or checks it. Only a machine with every version can do either.
pub(super) fn run(interpreters: &[Interpreter], check: bool) -> anyhow::Result<Vec<String>> {
    if interpreters.len() < PyVersion::ALL.len() {
        println!("data/stdlib_imports.tsv is left alone: that needs every version");
        return Ok(Vec::new());
    }
    // For each edge the versions that have it.
    let mut edges: BTreeMap<(String, String), Vec<PyVersion>> = BTreeMap::new();
    for interpreter in interpreters {
        let request = Request::Source { name: "stdlib_imports".to_owned(), bytes: Vec::new() };
        let row: Vec<StdlibImportsRow> = ask(interpreter, Script::StdlibImports, &[request])?;
        let row = row.into_iter().next().context("the interpreter gave no row")?;
        let version = interpreter.version;
        for (importer, imported) in row.imports {
            for imported in imported.into_iter().filter(|name| can_be_replaced(name, version)) {
                edges.entry((imported, importer.clone())).or_default().push(version);
            }
        }
    }
    write(&edges, check)
}

fn can_be_replaced(name: &str, version: PyVersion) -> bool {
    let top = name.split('.').next().unwrap_or(name);
    stdlib::is_stdlib(top, version)
        && !stdlib::is_builtin(top, version)
        && stdlib::frozen(top, version).is_none()
        && !stdlib::is_loaded_at_startup(top, version)
}

fn write(edges: &BTreeMap<(String, String), Vec<PyVersion>>, check: bool) -> anyhow::Result<Vec<String>> {
    // Importers with the same versions share a row.
    let mut rows: BTreeMap<(&str, PyVersion, PyVersion), Vec<&str>> = BTreeMap::new();
    for ((imported, importer), versions) in edges {
        for run in versions.chunk_by(|a, b| a.index() + 1 == b.index()) {
            if let ([first, ..], [.., last]) = (run, run) {
                rows.entry((imported, *first, *last)).or_default().push(importer);
            }
        }
    }
    let mut text = HEAD.to_owned();
    for ((imported, first, last), importers) in &rows {
        let _ = writeln!(text, "{imported}\t{first}\t{last}\t{}", importers.join(" "));
    }
    let path = workspace::root().join("data").join("stdlib_imports.tsv");
    if fs::read_to_string(&path).is_ok_and(|old| old == text) {
        return Ok(Vec::new());
    }
    if !check {
        workspace::replace_file(&path, &text)?;
    }
    Ok(vec![path.display().to_string()])
}
