//! Records `data/stdlib_names.tsv`: what the modules of the library hold in each version.
//!
//! WebAssembly builds lack what their platform has not. So where such a build has less than the newest native version, what
//! is missing is recorded as not known, with `*` for the names of the module.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;

use anyhow::Context;
use legb_base::PyVersion;
use legb_oracle::Interpreter;
use legb_oracle::interpreter::Kind;
use legb_oracle::run::{Request, Script, ask};
use legb_oracle::wire::StdlibNamesRow;

use crate::workspace;

const HEAD: &str = "# What the modules of the library hold; recorded by `cargo xtask oracle record`.\n\
    # Names with two underscores around are left out, but for __all__, __path__ and __getattr__. `*`: perhaps more than is said.\n\
    # module\tfirst version\tlast version\tnames\n";

/// Stands for names that are not known.
const MORE: &str = "*";

type Names = BTreeMap<String, BTreeSet<String>>;

/// Records the table, or checks it. Only a machine with every version can do either.
pub(super) fn run(interpreters: &[Interpreter], check: bool) -> anyhow::Result<Vec<String>> {
    if interpreters.len() < PyVersion::ALL.len() {
        println!("data/stdlib_names.tsv is left alone: that needs every version");
        return Ok(Vec::new());
    }
    let mut versions: Vec<(PyVersion, bool, Names)> = Vec::new();
    for interpreter in interpreters {
        let request = Request::Source { name: "stdlib_names".to_owned(), bytes: Vec::new() };
        let row: Vec<StdlibNamesRow> = ask(interpreter, Script::StdlibNames, &[request])?;
        let row = row.into_iter().next().context("the interpreter gave no row")?;
        let names = row.names.into_iter().map(|(module, names)| (module, names.into_iter().collect())).collect();
        versions.push((interpreter.version, matches!(interpreter.kind, Kind::Native { .. }), names));
    }
    let newest = versions.iter().rev().find(|(_, is_native, _)| *is_native).context("no native interpreter")?.2.clone();
    for (_, is_native, names) in &mut versions {
        if !*is_native {
            mark_incomplete(names, &newest);
        }
    }
    write(&versions, check)
}

/// Marks the modules of a WebAssembly build that lack what a native build has.
fn mark_incomplete(names: &mut Names, native: &Names) {
    for (module, of_native) in native {
        let own = names.entry(module.clone()).or_default();
        if !of_native.is_subset(own) {
            own.insert(MORE.to_owned());
        }
    }
}

fn write(versions: &[(PyVersion, bool, Names)], check: bool) -> anyhow::Result<Vec<String>> {
    let mut having: BTreeMap<(&str, &str), Vec<PyVersion>> = BTreeMap::new();
    for (version, _, modules) in versions {
        for (module, names) in modules {
            for name in names {
                having.entry((module, name)).or_default().push(*version);
            }
        }
    }
    let mut rows: BTreeMap<(&str, PyVersion, PyVersion), Vec<&str>> = BTreeMap::new();
    for ((module, name), versions) in &having {
        for run in versions.chunk_by(|a, b| a.index() + 1 == b.index()) {
            if let ([first, ..], [.., last]) = (run, run) {
                rows.entry((module, *first, *last)).or_default().push(name);
            }
        }
    }
    let mut text = HEAD.to_owned();
    for ((module, first, last), names) in &rows {
        let _ = writeln!(text, "{module}\t{first}\t{last}\t{}", names.join(" "));
    }
    let path = workspace::root().join("data").join("stdlib_names.tsv");
    if fs::read_to_string(&path).is_ok_and(|old| old == text) {
        return Ok(Vec::new());
    }
    if !check {
        workspace::replace_file(&path, &text)?;
    }
    Ok(vec![path.display().to_string()])
}
