//! pyflakes' own tests with legb behind them: each snippet must give exactly the kinds of findings that its test expects.
//!
//! The runner and the table of rules lie in a folder that is named; what legb says otherwise is listed in `docs/pyflakes.md`.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, bail};

use super::{Figure, Needs, Options, Row, measured_runs};
use crate::workspace;

pub(super) const ROW: Row = Row {
    name: "pyflakes-bar",
    about: "pyflakes' own tests with `legb check` behind them (`--truth` names the folder with pyflakes_suite.py)",
    needs: Needs::Truth,
    measure,
};

const RUNNER: &str = "pyflakes_suite.py";
/// How the runner begins the line with the figure.
const FIGURE: &str = "pyflakes-suite:";
/// Of a thousand tests so many agree.
const LEAST: usize = 980;

fn measure(options: &Options) -> anyhow::Result<Figure> {
    let Some(folder) = &options.truth else { bail!("`--truth DIR` names the folder with {RUNNER}") };
    let output = Command::new(python()?)
        .arg(folder.join(RUNNER))
        .env("LEGB", measured_runs::legb()?)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .output()
        .context("cannot run Python")?;
    let text = String::from_utf8_lossy(&output.stdout);
    let Some(line) = text.lines().find(|line| line.starts_with(FIGURE)) else {
        bail!("{RUNNER} gives no figure: {}", String::from_utf8_lossy(&output.stderr).trim_end());
    };
    let (agree, all) = counts(line).with_context(|| format!("{RUNNER} says `{line}`"))?;
    Ok(Figure {
        measured: format!("{agree} of {all} tests in our domain"),
        bound: "98 %; the others are listed in docs/pyflakes.md",
        holds: agree * 1000 >= all * LEAST,
    })
}

/// The Python of the environment that pyflakes is installed in.
fn python() -> anyhow::Result<PathBuf> {
    let python = workspace::target().join("bars/venv/bin/python");
    if !python.is_file() {
        bail!(
            "no {}: make a virtual environment in target/bars/venv and install pyflakes there with pip",
            python.display()
        );
    }
    Ok(python)
}

/// The two numbers of `pyflakes-suite: 366/395 = 92.7%`.
fn counts(line: &str) -> Option<(usize, usize)> {
    let (agree, all) = line.strip_prefix(FIGURE)?.split_whitespace().next()?.split_once('/')?;
    Some((agree.parse().ok()?, all.parse().ok()?))
}
