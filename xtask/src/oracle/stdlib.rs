//! Records `data/stdlib.tsv`: the modules that each version brings along, and how it has them.
//!
//! WebAssembly builds compile in what other builds have as extension modules, load much at start-up, and leave modules out or
//! put stand-ins in their place. So for versions that only they run, what the newest native version has counts as long as the
//! library's own list of names still has it, and what is compiled in is believed only if that version has it so.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;

use anyhow::Context;
use legb_base::PyVersion;
use legb_oracle::Interpreter;
use legb_oracle::interpreter::Kind;
use legb_oracle::run::{Request, Script, ask};
use legb_oracle::wire::StdlibRow;

use crate::workspace;

const HEAD: &str = "# The modules that come with Python on Linux; recorded by `cargo xtask oracle record`.\n\
    # kind: builtin, frozen, frozen-package, extension, source, package (of source); startup (loaded before the first line of a\n\
    # program); name (top-level name of the library on any platform, which may be absent on this one); alias (put into\n\
    # sys.modules by its parent, and no finder has it: the fifth column names what stands there).\n\
    # Tests are left out. Of 3.14 and 3.15 only WebAssembly builds were asked: where these differ by their nature, 3.13 counts.\n\
    # kind\tname\tfirst version\tlast version\ttarget\n";

/// A fact of one version: kind, name, and what an alias stands for.
type Fact = (&'static str, String, String);

/// The facts of one version.
type Facts = BTreeSet<Fact>;

/// Kinds of modules that lie in files.
const FILES: [&str; 3] = ["source", "package", "extension"];

/// Records the table, or checks it. Only a machine with every version can do either.
pub(super) fn run(interpreters: &[Interpreter], check: bool) -> anyhow::Result<Vec<String>> {
    if interpreters.len() < PyVersion::ALL.len() {
        println!("data/stdlib.tsv is left alone: that needs every version");
        return Ok(Vec::new());
    }
    let mut rows = Vec::new();
    for interpreter in interpreters {
        let request = Request::Source { name: "stdlib".to_owned(), bytes: Vec::new() };
        let row: Vec<StdlibRow> = ask(interpreter, Script::Stdlib, &[request])?;
        let is_native = matches!(interpreter.kind, Kind::Native { .. });
        rows.push((interpreter.version, is_native, row.into_iter().next().context("the interpreter gave no row")?));
    }
    let of_other_platforms = names_of_other_platforms(&rows);
    let native = rows.iter().rev().find(|(_, is_native, _)| *is_native).map(|(_, _, row)| row);
    let native = native.context("no native interpreter")?;
    let mut versions: BTreeMap<Fact, Vec<PyVersion>> = BTreeMap::new();
    for (version, is_native, row) in &rows {
        let mut facts = if *is_native { facts(row) } else { as_if_native(facts(row), &row.listed, native) };
        facts.extend(row.listed.iter().map(|name| fact("name", name)));
        if row.listed.is_empty() {
            facts.extend(of_other_platforms.iter().map(|name| fact("name", name)));
        }
        for fact in facts {
            versions.entry(fact).or_default().push(*version);
        }
    }
    write(&versions, check)
}

fn fact(kind: &'static str, name: &str) -> Fact {
    (kind, name.to_owned(), String::new())
}

fn facts(row: &StdlibRow) -> Facts {
    let mut facts = Facts::new();
    facts.extend(row.names.iter().map(|name| fact("name", name)));
    facts.extend(row.builtin.iter().map(|name| fact("builtin", name)));
    facts.extend(row.startup.iter().map(|name| fact("startup", name)));
    facts.extend(row.aliases.iter().map(|(name, target)| ("alias", name.clone(), target.clone())));
    for (name, is_package) in &row.frozen {
        facts.insert(fact(if *is_package { "frozen-package" } else { "frozen" }, name));
    }
    for (name, kind, is_package) in &row.modules {
        let kind = match (kind.as_str(), is_package) {
            ("extension", _) => "extension",
            (_, true) => "package",
            (_, false) => "source",
        };
        facts.insert(fact(kind, name));
    }
    facts
}

/// Versions before 3.10 do not list the names of other platforms. Those that 3.10 lists and has not itself are taken to be
/// older than that.
fn names_of_other_platforms(rows: &[(PyVersion, bool, StdlibRow)]) -> BTreeSet<String> {
    let listing = rows.iter().find(|(_, _, row)| !row.listed.is_empty());
    let Some((_, _, row)) = listing else { return BTreeSet::new() };
    row.listed.iter().filter(|name| !row.names.contains(name)).cloned().collect()
}

/// What a native build of the version would say, as far as a WebAssembly build and the newest native version tell.
fn as_if_native(mut facts: Facts, listed: &[String], native_row: &StdlibRow) -> Facts {
    let native = &self::facts(native_row);
    let top = |name: &str| name.split('.').next().unwrap_or_default().to_owned();
    // What is for tests is in no list.
    let is_for_tests = |top: &String| native_row.names.contains(top) && !native_row.listed.contains(top);
    let is_listed = |name: &str| listed.contains(&top(name)) || is_for_tests(&top(name));
    let has = |facts: &Facts, kind: &'static str, name: &str| facts.contains(&fact(kind, name));
    let is_extension = |name: &str| has(native, "extension", name);
    facts.retain(|(kind, name, _)| match *kind {
        "builtin" => has(native, kind, name),
        "startup" => false,
        "source" | "package" => is_listed(name) && !is_extension(name),
        "frozen" | "frozen-package" | "alias" => true,
        _ => is_listed(name),
    });
    let found: BTreeSet<String> = facts
        .iter()
        .filter(|(kind, _, _)| *kind == "builtin" || FILES.contains(kind))
        .map(|(_, name, _)| top(name))
        .collect();
    let left_out = native.iter().filter(|(kind, name, _)| {
        let is_module = matches!(*kind, "builtin" | "name") || FILES.contains(kind);
        *kind == "startup" || is_module && is_listed(name) && !found.contains(&top(name))
    });
    let left_out: Vec<Fact> = left_out.cloned().collect();
    facts.extend(left_out);
    facts
}

fn write(versions: &BTreeMap<Fact, Vec<PyVersion>>, check: bool) -> anyhow::Result<Vec<String>> {
    let mut text = HEAD.to_owned();
    for ((kind, name, target), versions) in versions {
        // A name that goes and comes back has a row for each time.
        for run in versions.chunk_by(|a, b| a.index() + 1 == b.index()) {
            if let [first, ..] = run
                && let [.., last] = run
            {
                let _ = write!(text, "{kind}\t{name}\t{first}\t{last}");
                if !target.is_empty() {
                    let _ = write!(text, "\t{target}");
                }
                text.push('\n');
            }
        }
    }
    let path = workspace::root().join("data").join("stdlib.tsv");
    if fs::read_to_string(&path).is_ok_and(|old| old == text) {
        return Ok(Vec::new());
    }
    if !check {
        workspace::replace_file(&path, &text)?;
    }
    Ok(vec![path.display().to_string()])
}
