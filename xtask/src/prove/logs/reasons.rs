//! The reason in the code of recorded failures about names and imports: the right place, binding or chain for each.
//!
//! Places and frames come from the recorded exceptions. Which lines bind a variable is read off the programs, below.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, bail};
use serde_json::Value;

use super::super::measured_runs::legb;
use super::super::{Figure, Needs, Options, Row};
use super::truth::rows;
use crate::workspace;

pub(in crate::prove) const ROW: Row = Row {
    name: "log-reasons",
    about: "reasons of recorded name and import errors (--truth DIR with truth.jsonl, scenarios/ and text/)",
    needs: Needs::Truth,
    measure,
};

/// Where the recorded programs lay.
const DEPLOYED: &str = "/srv/app/";

/// What is expected of a scenario.
enum Expected {
    /// A name, bound on these lines.
    Name(&'static [&'static str]),
    /// A circular import along these lines, the half-made module first.
    Circle(&'static [&'static str]),
    /// Another failure of an import, by its word.
    Import(&'static str),
    /// The code that failed is none of the project's, and that is said.
    Untied,
}

use Expected::{Circle, Import, Name, Untied};

const SCENARIOS: [(&str, Expected); 22] = [
    ("name_error", Name(&[])),
    ("unbound", Name(&["main.py:3"])),
    ("unbound_branch", Name(&["main.py:3"])),
    ("free_var", Name(&["main.py:5"])),
    ("frames_lambda", Name(&[])),
    ("stdlib_forgot", Name(&[])),
    ("asyncio_await", Name(&[])),
    ("logging_default", Name(&[])),
    ("syntax_nonlocal", Name(&[])),
    ("exec_string", Untied),
    ("no_source", Untied),
    ("circular_attr", Circle(&["alpha.py:1", "beta.py:2"])),
    ("circular_from", Circle(&["models.py:1", "services.py:1"])),
    ("circular_pkg", Circle(&["shop/__init__.py:1", "shop/cart.py:1"])),
    ("import_missing_sub", Import("unresolved-import")),
    ("import_name", Import("name-not-in-module")),
    ("relative_beyond", Import("relative-import-beyond-top")),
    ("relative_no_parent", Import("script-relative-import")),
    ("shadow_self", Import("stdlib-shadowing")),
    ("shadow_stdlib", Import("stdlib-shadowing")),
    ("shadow_stdlib_from", Import("stdlib-shadowing")),
    ("shadow_third", Import("import-self")),
];

fn measure(options: &Options) -> anyhow::Result<Figure> {
    let truth = options.truth.as_deref().context("--truth DIR: the folder with truth.jsonl, scenarios/ and text/")?;
    let truth = fs::canonicalize(truth).context("--truth DIR: there is no such folder")?;
    let program = legb()?;
    let (mut right, mut asked, mut verified, mut repaired) = (0, 0, 0, 0);
    for name in ["truth.jsonl", "truth-wasm-3.14.jsonl", "truth-wasm-3.15.jsonl"] {
        for row in rows::<Value>(&truth.join(name))? {
            let scenario = text(&row["scenario"]);
            let Some((_, expected)) = SCENARIOS.iter().find(|(known, _)| *known == scenario) else { continue };
            let Some(raised) = row["exceptions"].get(0).map(|reported| &reported["exc"]) else { continue };
            let group = ask(&program, &truth, scenario, text(&row["sample"]))?;
            let differences = differences(expected, raised, &group);
            asked += 1;
            right += usize::from(differences.is_empty());
            repaired += usize::from(!group["reason"]["repair"]["title"].is_null());
            verified += usize::from(group["reason"]["repair"]["verified"] == true);
            for difference in differences {
                println!("  {}: {difference}", text(&row["sample"]));
            }
        }
    }
    Ok(Figure {
        measured: format!("{right} of {asked} right, {repaired} with a repair, {verified} of these tried with success"),
        bound: "all right",
        holds: asked > 0 && right == asked,
    })
}

/// The one group of failures in a text, with its reason in a copy of the program.
fn ask(program: &Path, truth: &Path, scenario: &str, sample: &str) -> anyhow::Result<Value> {
    let folder = workspace::target().join("logs").join("reasons").join(scenario);
    if !folder.exists() {
        copy(&truth.join("scenarios").join(scenario), &folder)
            .with_context(|| format!("cannot copy the scenario {scenario}"))?;
    }
    let mut run = Command::new(program);
    run.args(["logs", "--format", "json", "--map", "/srv/app=."]).arg(truth.join(sample)).current_dir(&folder);
    let output = run.output().context("cannot run legb")?;
    let summary: Value = serde_json::from_slice(&output.stdout).with_context(|| format!("{sample}: no JSON"))?;
    match summary["groups"].as_array().and_then(|groups| groups.first()) {
        Some(group) => Ok(group.clone()),
        None => bail!("{sample}: no failure was found"),
    }
}

fn copy(from: &Path, to: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

/// In what a reason differs from what was recorded and is expected.
fn differences(expected: &Expected, raised: &Value, group: &Value) -> Vec<String> {
    let reason = &group["reason"];
    let mut found = Vec::new();
    let mut compare = |what: &str, got: Value, want: Value| {
        if got != want {
            found.push(format!("{what} is {got} instead of {want}"));
        }
    };
    if matches!(expected, Untied) {
        compare("a reason", Value::from(reason.is_null()), Value::from(true));
        compare("why not", Value::from(group["untied"].is_string()), Value::from(true));
        return found;
    }
    let place = |path: &Value, line: &Value| {
        Value::from(format!("{}:{line}", text(path).strip_prefix(DEPLOYED).unwrap_or_else(|| text(path))))
    };
    let own: Vec<Value> = raised["frames"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|frame| text(&frame["file"]).starts_with(DEPLOYED))
        .map(|frame| place(&frame["file"], &frame["line"]))
        .collect();
    let syntax = &raised["syntax"];
    let last = if syntax.is_null() { own.last().cloned() } else { Some(place(&syntax["file"], &syntax["line"])) };
    compare("the place", place(&reason["tied_to"]["path"], &reason["tied_to"]["line"]), last.unwrap_or_default());
    let places = |list: &Value| -> Vec<Value> {
        list.as_array().into_iter().flatten().map(|it| place(&it["path"], &it["line"])).collect()
    };
    let wanted = |places: &[&str]| Value::from(places.iter().map(|it| Value::from(*it)).collect::<Vec<_>>());
    match expected {
        Name(bindings) => {
            compare("the kind", reason["kind"].clone(), "name".into());
            if let Some(name) = raised["name_attr"].as_str() {
                compare("the name", reason["name"].clone(), name.into());
            }
            compare("the bindings", places(&reason["bindings"]).into(), wanted(bindings));
        }
        Circle(chain) => {
            compare("the kind", reason["kind"].clone(), "circular-import".into());
            compare("the chain", places(&reason["chain"]).into(), wanted(chain));
            compare("the frames", places(&reason["frames"]).into(), own.into());
        }
        Import(word) => {
            compare("the kind", reason["kind"].clone(), Value::from(*word));
            compare("the frames", places(&reason["frames"]).into(), own.into());
        }
        Untied => {}
    }
    found
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
