//! What do whole runs of programs cost? Builds the programs that rows run, and measures CPU time and memory of runs in turns.
//!
//! A Python script waits for the programs, because it can ask the system what a process used without unsafe code.

use std::ffi::OsString;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, bail};
use legb_oracle::interpreter::Kind;
use serde::Deserialize;

use crate::workspace;

const MEASURE: &str = include_str!("measure.py");

/// The rules about names and scopes that look at one file alone: what rows about the cost of `legb check` measure.
pub(super) const FILE_RULES: &str = "syntax-error,undefined-name,unbound-local,possibly-unbound,unbound-free-variable,\
    deleted-name,except-name-deleted,used-before-definition,unused-import,unused-variable,redefined-while-unused,\
    global-statement,global-undefined,global-not-assigned,global-at-module-level,nonlocal-without-binding,\
    nonlocal-and-global,used-before-global,class-scope-comprehension";

/// What one run used.
#[derive(Clone, Debug, Deserialize)]
#[serde(from = "(f64, f64, i32, String)")]
pub(super) struct Run {
    /// User and system time, in seconds.
    pub(super) cpu: f64,
    /// Peak resident memory, in MiB.
    pub(super) peak: f64,
    /// Exit status.
    status: i32,
    /// The end of what it wrote on standard error.
    stderr: String,
}

impl From<(f64, f64, i32, String)> for Run {
    fn from((cpu, peak, status, stderr): (f64, f64, i32, String)) -> Self {
        Self { cpu, peak, status, stderr }
    }
}

/// The program that the variable `LEGB` names, or the release build of legb, made now.
pub(crate) fn legb() -> anyhow::Result<PathBuf> {
    if let Some(program) = std::env::var_os("LEGB") {
        return Ok(program.into());
    }
    build(&workspace::root().join("Cargo.toml"), &["--package", "legb"], &workspace::target(), "legb")
}

/// The release build of legb in a clone, with the build folder of that clone, made now.
pub(super) fn legb_of(clone: &Path) -> anyhow::Result<PathBuf> {
    build(&clone.join("Cargo.toml"), &["--package", "legb"], &clone.join("target"), "legb")
}

/// The release build of the program that only reads and parses, made now.
pub(super) fn floor() -> anyhow::Result<PathBuf> {
    let manifest = workspace::root().join("xtask").join("floor").join("Cargo.toml");
    build(&manifest, &[], &workspace::target().join("floor"), "floor")
}

fn build(manifest: &Path, arguments: &[&str], target: &Path, name: &str) -> anyhow::Result<PathBuf> {
    let status = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["build", "--quiet", "--release", "--locked", "--manifest-path"])
        .arg(manifest)
        .args(arguments)
        .arg("--target-dir")
        .arg(target)
        .status()
        .context("cannot run cargo")?;
    if !status.success() {
        bail!("{name} does not build");
    }
    Ok(target.join("release").join(format!("{name}{}", std::env::consts::EXE_SUFFIX)))
}

/// Runs commands in turns, each so many times, and returns the runs of each. A command that ends in another way than "nothing
/// found" or "something found" is an error.
pub(super) fn in_turns(rounds: usize, commands: &[Vec<OsString>]) -> anyhow::Result<Vec<Vec<Run>>> {
    let python = workspace::interpreters(&[])?
        .into_iter()
        .rev()
        .find_map(|interpreter| match interpreter.kind {
            Kind::Native { program, .. } => Some(program),
            Kind::Wasm { .. } => None,
        })
        .context("measuring needs a native Python")?;
    let words: Vec<Vec<String>> = commands
        .iter()
        .map(|command| command.iter().map(|word| word.to_string_lossy().into_owned()).collect())
        .collect();
    let task = serde_json::json!({"rounds": rounds, "commands": words}).to_string();
    let mut child = Command::new(python)
        .args(["-I", "-S", "-B", "-c", MEASURE])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("cannot start the measuring script")?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(task.as_bytes()).context("the measuring script does not listen")?;
    }
    let output = child.wait_with_output()?;
    if !output.status.success() {
        bail!("the measuring script failed, {}", output.status);
    }
    let runs: Vec<Vec<Run>> = serde_json::from_slice(&output.stdout).context("the measuring script's answer")?;
    for (command, runs) in words.iter().zip(&runs) {
        if let Some(bad) = runs.iter().find(|run| !matches!(run.status, 0 | 1)) {
            bail!("`{}` ended with {}: {}", command.join(" "), bad.status, bad.stderr.trim_end());
        }
    }
    Ok(runs)
}

/// The median of a quantity.
pub(super) fn median(runs: &[Run], quantity: fn(&Run) -> f64) -> f64 {
    let mut sorted: Vec<f64> = runs.iter().map(quantity).collect();
    sorted.sort_unstable_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    match sorted.len() {
        0 => f64::NAN,
        n if n % 2 == 1 => sorted[middle],
        _ => f64::midpoint(sorted[middle - 1], sorted[middle]),
    }
}

/// A command line.
pub(super) fn command(program: &Path, arguments: &[&str], folder: &Path) -> Vec<OsString> {
    let mut words = vec![program.as_os_str().to_owned()];
    words.extend(arguments.iter().map(OsString::from));
    words.push(folder.as_os_str().to_owned());
    words
}

#[cfg(test)]
mod tests {
    use super::{Run, median};

    #[test]
    fn the_median_is_that_of_the_sorted_runs() {
        let runs = |values: &[f64]| -> Vec<Run> {
            values.iter().map(|&cpu| Run::from((cpu, 0.0, 0, String::new()))).collect()
        };
        assert!((median(&runs(&[3.0, 1.0, 2.0]), |run| run.cpu) - 2.0).abs() < 1e-9);
        assert!((median(&runs(&[4.0, 1.0, 2.0, 3.0]), |run| run.cpu) - 2.5).abs() < 1e-9);
        assert!(median(&[], |run| run.cpu).is_nan());
    }
}
