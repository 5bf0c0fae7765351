//! What `legb explain` says of every name use of a standard library equals what the compiler made of it: the rule is that of
//! the instruction, and the scope is one that the instruction and the bindings in the bytecode of the file allow.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, bail};
use legb_base::PyVersion;
use serde::Deserialize;

use super::{Figure, Needs, Options, Row, measured_runs};
use crate::corpus::library;
use crate::corpus::names::{self, NameUse};
use crate::workspace;

pub(super) const ROW: Row = Row {
    name: "explain-stdlib",
    about: "scope and rule of every name use by `legb explain --format json` v. the compiler, library of 3.13",
    needs: Needs::Interpreters,
    measure,
};

const VERSION: &str = "3.13";
/// Every n-th file of a quick run.
const QUICK_STEP: usize = 40;

/// The part of an explanation that is compared.
#[derive(Deserialize)]
struct Told {
    name: String,
    range: Range,
    mention: String,
    scope: String,
    rule: String,
}

#[derive(Deserialize)]
struct Range {
    start: Place,
    end: Place,
}

#[derive(Deserialize)]
struct Place {
    line: u32,
    column: u32,
}

fn measure(options: &Options) -> anyhow::Result<Figure> {
    let version: PyVersion = VERSION.parse().map_err(|_| anyhow::anyhow!("invariant: 3.13 is a version"))?;
    let legb = measured_runs::legb()?;
    println!("{}", names::HEAD);
    let (mut uses, mut wrong) = (0, 0);
    for interpreter in workspace::interpreters(&[version])? {
        for (label, set) in library::sets(&interpreter, None, if options.quick { QUICK_STEP } else { 1 })? {
            let program = legb.clone();
            let ours = move |path: &Path, bytes: &[u8], version: PyVersion| explained(&program, path, bytes, version);
            let tally = names::compare_files(&interpreter, &set, options.jobs, &ours)?;
            println!("{}", tally.line(&label));
            tally.print_first(8);
            uses += tally.uses;
            wrong += tally.differing.len() + tally.unmatched.len();
        }
    }
    Ok(Figure {
        measured: format!("{wrong} of {uses} name uses differ in scope or rule"),
        bound: "0 uses",
        holds: wrong == 0 && uses > 0,
    })
}

/// What the command says of every mention in a file.
fn explained(legb: &Path, path: &Path, bytes: &[u8], version: PyVersion) -> anyhow::Result<Vec<NameUse>> {
    let output = Command::new(legb)
        .args(["explain", "--quiet", "--isolated", "--format", "json", "--target-version", &version.to_string()])
        .arg(path)
        .output()
        .context("cannot run legb")?;
    if !output.status.success() {
        bail!("legb explain {}: {}", path.display(), String::from_utf8_lossy(&output.stderr));
    }
    let text = legb_syntax::decode::decode(bytes, &legb_base::Dialect::of(version));
    let text = text.map_err(|error| anyhow::anyhow!("{}: {}", path.display(), error.message))?;
    let lines: Vec<&str> = python_lines(&text);
    let mut found = Vec::new();
    for line in output.stdout.split(|&byte| byte == b'\n').filter(|line| !line.is_empty()) {
        let told: Told = serde_json::from_slice(line).context("what legb explain prints")?;
        let place = |place: &Place| (place.line, utf8_column(&lines, place));
        let range = (place(&told.range.start), place(&told.range.end));
        for &access in accesses(&told.mention) {
            let rule = rule(&told.rule, access)?;
            let scope = Some(told.scope.clone());
            found.push(NameUse { name: told.name.clone(), rule, access, range, scope });
        }
    }
    Ok(found)
}

fn python_lines(text: &str) -> Vec<&str> {
    let index = legb_syntax::LineIndex::new(text);
    (1..=index.line_count()).map(|line| index.line_span(line).unwrap_or_default().slice(text)).collect()
}

/// UTF-8 bytes before a column, which counts characters from 1.
fn utf8_column(lines: &[&str], place: &Place) -> u32 {
    let line = lines.get(place.line as usize - 1).copied().unwrap_or_default();
    let bytes: usize = line.chars().take(place.column as usize - 1).map(char::len_utf8).sum();
    u32::try_from(bytes).unwrap_or(u32::MAX)
}

/// What a mention compiles to.
fn accesses(mention: &str) -> &'static [&'static str] {
    match mention {
        "read" => &["load"],
        "del" => &["del"],
        "augmented assignment" => &["load", "store"],
        "annotation" | "parameter" | "global declaration" | "nonlocal declaration" => &[],
        _ => &["store"],
    }
}

/// The rule of an access; of an augmented assignment the explanation tells that of its read.
fn rule(rule: &str, access: &str) -> anyhow::Result<&'static str> {
    let known = ["fast", "cell", "free", "global", "name", "class_free", "class_glob"];
    let found = known.into_iter().find(|known| *known == rule).with_context(|| format!("no rule `{rule}`"))?;
    Ok(if found == "class_free" && access != "load" { "free" } else { found })
}
