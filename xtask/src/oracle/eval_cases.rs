//! Records `fixtures/eval/recorded.jsonl`: what native interpreters do with the programs for the evaluator.
//!
//! Each program is run with the variable that its unknown conditions ask for, and without it. Answers of versions that this
//! machine has not are kept as they are.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::Context;
use legb_oracle::Interpreter;
use legb_oracle::interpreter::Kind;
use serde::{Deserialize, Serialize};

use crate::workspace;

/// The variable that unknown conditions ask for.
const CONDITION: &str = "EVAL_CASE";

/// Runs the program that is named, and says on standard error how it ended.
const PROBE: &str = "\
import json, runpy, sys
sys.path.insert(0, sys.argv[1])
row = None
try:
    runpy.run_path(sys.argv[1] + '/main.py', run_name='__main__')
except BaseException as error:
    row = [type(error).__name__, str(error)]
sys.stdout.flush()
sys.stderr.write('\\n' + json.dumps(row))
";

/// A program.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    /// What it is about.
    pub(crate) title: String,
    /// Its files, `main.py` first.
    pub(crate) files: Vec<(String, String)>,
}

/// What interpreters did with a program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Recorded {
    pub(crate) case: String,
    pub(crate) condition: bool,
    pub(crate) outcomes: Vec<Outcome>,
}

/// What some versions did alike.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Outcome {
    pub(crate) versions: Vec<String>,
    pub(crate) stdout: String,
    pub(crate) exception: Option<(String, String)>,
}

/// The programs of a page.
pub(crate) fn cases(text: &str) -> Vec<Case> {
    let parts = text.split("# case: ").skip(1);
    parts
        .map(|part| {
            let (title, body) = part.split_once('\n').unwrap_or((part, ""));
            let mut texts = body.split("# file: ");
            let mut files = vec![("main.py".to_owned(), texts.next().unwrap_or_default().to_owned())];
            files.extend(texts.map(|text| {
                let (name, body) = text.split_once('\n').unwrap_or((text, ""));
                (name.to_owned(), body.to_owned())
            }));
            Case { title: title.to_owned(), files }
        })
        .collect()
}

/// What has been recorded.
pub(crate) fn recorded(path: &Path) -> anyhow::Result<Vec<Recorded>> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(text.lines().map(serde_json::from_str).collect::<Result<_, _>>()?)
}

/// Records the answers, or checks them.
pub(super) fn run(interpreters: &[Interpreter], check: bool) -> anyhow::Result<Vec<String>> {
    let folder = workspace::root().join("fixtures").join("eval");
    let text = fs::read_to_string(folder.join("cases.py")).context("cannot read the cases")?;
    let path = folder.join("recorded.jsonl");
    let old = recorded(&path).unwrap_or_default();
    let natives: Vec<&Interpreter> =
        interpreters.iter().filter(|interpreter| matches!(interpreter.kind, Kind::Native { .. })).collect();
    let asked: Vec<String> = natives.iter().map(|interpreter| interpreter.version.to_string()).collect();
    let mut rows = Vec::new();
    for case in cases(&text) {
        for condition in [false, true] {
            let kept = old.iter().find(|row| row.case == case.title && row.condition == condition);
            let mut outcomes: Vec<Outcome> = Vec::new();
            for outcome in kept.into_iter().flat_map(|row| &row.outcomes) {
                let versions: Vec<&String> =
                    outcome.versions.iter().filter(|version| !asked.contains(version)).collect();
                for version in versions {
                    add(&mut outcomes, version, outcome.clone());
                }
            }
            for interpreter in &natives {
                if let Kind::Native { program, .. } = &interpreter.kind {
                    let outcome = run_case(program.as_os_str(), &case, condition)?;
                    add(&mut outcomes, &interpreter.version.to_string(), outcome);
                }
            }
            rows.push(Recorded { case: case.title.clone(), condition, outcomes });
        }
    }
    if rows == old {
        return Ok(Vec::new());
    }
    if !check {
        let lines: Vec<String> = rows.iter().map(serde_json::to_string).collect::<Result<_, _>>()?;
        workspace::replace_file(&path, &format!("{}\n", lines.join("\n")))?;
    }
    Ok(vec![path.display().to_string()])
}

/// Adds a version to those that did alike.
fn add(outcomes: &mut Vec<Outcome>, version: &str, outcome: Outcome) {
    let same = outcomes.iter_mut().find(|o| o.stdout == outcome.stdout && o.exception == outcome.exception);
    match same {
        Some(same) => same.versions.push(version.to_owned()),
        None => outcomes.push(Outcome { versions: vec![version.to_owned()], ..outcome }),
    }
}

fn run_case(python: &OsStr, case: &Case, condition: bool) -> anyhow::Result<Outcome> {
    let folder = tempfile::tempdir()?;
    for (name, text) in &case.files {
        fs::write(folder.path().join(name), text)?;
    }
    let mut command = Command::new(python);
    command.args(["-I", "-S", "-B", "-c", PROBE]).arg(folder.path()).current_dir(folder.path()).env_remove(CONDITION);
    if condition {
        command.env(CONDITION, "1");
    }
    let output = command.output().context("cannot start the interpreter")?;
    let stderr = String::from_utf8_lossy(&output.stderr);
    let row = stderr.lines().last().unwrap_or_default();
    let exception = serde_json::from_str(row).with_context(|| format!("case {}: {stderr}", case.title))?;
    let shown = folder.path().to_string_lossy();
    let stdout = String::from_utf8_lossy(&output.stdout).replace(&*shown, "/case");
    let exception: Option<(String, String)> = exception;
    let exception = exception.map(|(kind, text)| (kind, text.replace(&*shown, "/case")));
    Ok(Outcome { versions: Vec::new(), stdout, exception })
}
