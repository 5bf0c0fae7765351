//! `cargo xtask prove`: what legb promises, measured. Each row prints its figure and its bound.
//!
//! A row is one file of this folder with a `ROW`; it appears in the list below once it measures something.

mod names_stdlib;
mod scope_cases;
mod scopes_stdlib;
mod scopes_wasm;

use std::path::PathBuf;
use std::time::Instant;

use anyhow::bail;

/// A promise.
pub(crate) struct Row {
    /// How it is called on the command line.
    pub(crate) name: &'static str,
    /// Measures it.
    pub(crate) measure: fn(&Options) -> anyhow::Result<Figure>,
}

/// What a row measured.
#[derive(Debug)]
pub(crate) struct Figure {
    /// The figure in words.
    pub(crate) measured: String,
    /// The bound in words.
    pub(crate) bound: &'static str,
    /// Whether the figure is within the bound.
    pub(crate) holds: bool,
}

/// How rows measure.
#[derive(Clone, Debug)]
pub(crate) struct Options {
    /// Take a fixed part of the input, for continuous integration.
    pub(crate) quick: bool,
    /// Interpreters that run at a time.
    pub(crate) jobs: usize,
    /// Folder with `cases.jsonl` and `cases_tables.jsonl`.
    pub(crate) truth: Option<PathBuf>,
}

const ROWS: &[Row] = &[
    scopes_stdlib::ROW,
    scopes_wasm::ROW,
    scope_cases::ROW,
    names_stdlib::ROW,
];

/// The command line of `prove`.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Rows to measure; all by default.
    rows: Vec<String>,
    /// Take a fixed part of the input.
    #[arg(long)]
    quick: bool,
    /// Interpreters that run at a time.
    #[arg(long, default_value_t = 2)]
    jobs: usize,
    /// Folder with `cases.jsonl` and `cases_tables.jsonl`, for the row scope-cases.
    #[arg(long)]
    truth: Option<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let known: Vec<&str> = ROWS.iter().map(|row| row.name).collect();
    if let Some(unknown) = arguments
        .rows
        .iter()
        .find(|row| !known.contains(&row.as_str()))
    {
        bail!("no row `{unknown}`; there are {}", known.join(", "));
    }
    let options = Options {
        quick: arguments.quick,
        jobs: arguments.jobs,
        truth: arguments.truth.clone(),
    };
    let mut violated = Vec::new();
    for row in ROWS.iter().filter(|row| {
        arguments.rows.is_empty() || arguments.rows.iter().any(|name| name == row.name)
    }) {
        let start = Instant::now();
        let figure = (row.measure)(&options)?;
        println!(
            "{}: {}; bound: {}; {} ({:.0} s)",
            row.name,
            figure.measured,
            figure.bound,
            if figure.holds { "holds" } else { "VIOLATED" },
            start.elapsed().as_secs_f64()
        );
        if !figure.holds {
            violated.push(row.name);
        }
    }
    if !violated.is_empty() {
        bail!("violated: {}", violated.join(", "));
    }
    Ok(())
}
