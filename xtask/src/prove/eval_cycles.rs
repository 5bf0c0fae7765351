//! What is simulated of random projects full of circular imports is what CPython 3.8 to 3.13 does with them.
//!
//! A third of their conditions ask for a variable of the environment. Every entry is run with the variable set and not set, and
//! an answer without doubt must hold for both.

use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::Context;
use legb_base::PyVersion;
use legb_eval::source::{Files, Packages};
use legb_eval::{Budget, Entry, Simulation, Verdict, simulate};
use legb_resolve::RealFs;
use legb_testkit::eval_cycle::{CycleProject, FLAG, eval_cycle};
use serde::Deserialize;

use super::claims::{Reasons, natives, percent, print_program};
use super::eval_stack::with_stack;
use super::{Figure, Needs, Options, Row};
use crate::corpus::scopes::each_in_parallel;

pub(super) const ROW: Row = Row {
    name: "eval-cycles",
    about: "simulated imports of random cycles with unknown conditions, 3,000 runs (--quick: 480) by CPython 3.8 to 3.13",
    needs: Needs::Interpreters,
    measure,
};

const RUNS: usize = 3000;
const QUICK: usize = 480;

/// Wrong answers that are printed with their projects.
const SHOWN: usize = 3;

/// Imports the module that is named, and says on standard error how that went.
const PROBE: &str = "\
import json, sys, importlib
name = sys.argv[1]
try:
    __import__(name)
except RecursionError:
    row = ['skipped', None]
except BaseException as error:
    row = [type(error).__name__, str(error)]
else:
    row = None
sys.stderr.write(json.dumps(row))
";

/// How a run ended: exception type and message; and what it printed.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
struct Ran {
    exception: Option<(String, Option<String>)>,
    stdout: String,
}

#[derive(Default)]
struct Tally {
    runs: usize,
    claimed: usize,
    wrong: Vec<(u64, String)>,
    reasons: Reasons,
}

impl Tally {
    fn merge(&mut self, other: Self) {
        self.runs += other.runs;
        self.claimed += other.claimed;
        self.wrong.extend(other.wrong);
        self.wrong.sort();
        self.reasons.merge(other.reasons);
    }
}

fn measure(options: &Options) -> anyhow::Result<Figure> {
    let runs = if options.quick { QUICK } else { RUNS };
    let natives = natives()?;
    // Each version has projects of its own, so that more of them are seen. A project has at least two entries.
    let projects = u64::try_from(runs.div_ceil(2)).unwrap_or(u64::MAX);
    let mut tasks: Vec<(u64, PyVersion, OsString)> = Vec::new();
    let mut planned = 0;
    for (seed, (version, program)) in (options.first_seed..options.first_seed + projects).zip(natives.iter().cycle()) {
        if planned >= runs {
            break;
        }
        planned += 2 * eval_cycle(seed).entries.len();
        tasks.push((seed, *version, program.clone()));
    }
    let run = |(seed, version, python): &(u64, PyVersion, OsString)| run_project(*seed, *version, python);
    let tally = each_in_parallel(&tasks, options.jobs, &run, Tally::merge)?;
    show(&tally);
    Ok(Figure {
        measured: format!(
            "{} projects, {} runs: {} claimed without doubt ({:.1} %), {} wrong",
            tasks.len(),
            tally.runs,
            tally.claimed,
            percent(tally.claimed, tally.runs),
            tally.wrong.len()
        ),
        bound: "0 wrong; >= 85 % claimed",
        holds: tally.wrong.is_empty() && tally.runs > 0 && tally.claimed * 100 >= tally.runs * 85,
    })
}

fn show(tally: &Tally) {
    for (seed, words) in tally.wrong.iter().take(SHOWN) {
        println!("  wrong about the project of seed {seed}: {words}");
        for (path, text) in eval_cycle(*seed).files {
            println!("    # {path}");
            print_program(&text);
        }
    }
    tally.reasons.print(8);
}

fn run_project(seed: u64, version: PyVersion, python: &OsString) -> anyhow::Result<Tally> {
    let CycleProject { files, entries } = eval_cycle(seed);
    let folder = tempfile::tempdir()?;
    for (path, text) in &files {
        let path = folder.path().join(path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(path, text)?;
    }
    let mut tally = Tally::default();
    for entry in entries {
        let with = run_entry(python, folder.path(), &entry, true)?;
        let without = run_entry(python, folder.path(), &entry, false)?;
        let root = fs::canonicalize(folder.path())?.to_string_lossy().into_owned();
        let started = Entry::Imports { names: vec![entry.clone()], root };
        let story = with_stack(move || {
            let disk = RealFs::new();
            simulate(&started, version, &Files { fs: &disk, packages: Packages::None }, Budget::default())
        })?;
        for (flag, real) in [("set", &with), ("not set", &without)] {
            if real.exception.as_ref().is_some_and(|(kind, _)| kind == "skipped") {
                continue;
            }
            tally.runs += 1;
            if let Err(reason) = judge(&story, real, &mut tally) {
                tally.wrong.push((seed, format!("`import {entry}` on {version}, variable {flag}: {reason}")));
            }
        }
    }
    Ok(tally)
}

/// Whether an answer without doubt is right about a run.
fn judge(story: &Simulation, real: &Ran, tally: &mut Tally) -> Result<(), String> {
    if story.verdict == Verdict::Unknown || !story.doubts.is_empty() {
        let reason = story.reason.as_ref().or(story.doubts.first());
        tally.reasons.add(reason.and_then(|reason| reason.split(" (/").next()).unwrap_or_default());
        return Ok(());
    }
    tally.claimed += 1;
    let exception = story.exception.as_ref().map(|raised| (raised.kind.clone(), raised.message.clone()));
    let is_right = match (&exception, &real.exception) {
        (None, None) => true,
        (Some(ours), Some(real)) => ours.0 == real.0 && (ours.1.is_none() || ours.1 == real.1),
        _ => false,
    };
    if !is_right {
        return Err(format!("ends with {:?}, not {exception:?}", real.exception));
    }
    match &story.stdout {
        Some(stdout) if *stdout != real.stdout => Err(format!("prints {:?}, not {stdout:?}", real.stdout)),
        _ => Ok(()),
    }
}

fn run_entry(python: &OsString, folder: &Path, entry: &str, is_set: bool) -> anyhow::Result<Ran> {
    let mut command = Command::new(python);
    command.args(["-S", "-B", "-c", PROBE, entry]).current_dir(folder).env_remove(FLAG).env_remove("PYTHONPATH");
    if is_set {
        command.env(FLAG, "1");
    }
    let output = command.output().context("cannot start the interpreter")?;
    let stderr = String::from_utf8_lossy(&output.stderr);
    // Warnings may come before.
    let row = stderr.lines().last().unwrap_or_default();
    let exception = serde_json::from_str(row).with_context(|| format!("the interpreter said: {stderr}"))?;
    Ok(Ran { exception, stdout: String::from_utf8_lossy(&output.stdout).into_owned() })
}
