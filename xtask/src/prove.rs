//! `cargo xtask prove`: what legb promises, measured. Each row prints its figure and its bound.
//!
//! A row is one file of this folder with a `ROW`; it appears in the list below once it measures something.

mod archive;
mod check_corpora;
mod claims;
mod config_laws;
mod container;
mod contracts_import_linter;
mod cpu_check;
mod cpu_cycles;
mod cpu_graph;
mod cycles_crashes;
mod cycles_truth;
mod docs;
mod eval_cases;
mod eval_cycles;
mod eval_packages;
mod eval_programs;
mod eval_stack;
mod explain_stdlib;
mod fixes;
mod flow_programs;
mod graph_edges;
mod import_scan;
mod logs;
pub(crate) mod measured_runs;
mod memory_check;
mod memory_graph;
mod modules_cycles;
mod names_run;
mod names_stdlib;
mod pictures;
mod pyflakes_bar;
mod random_programs;
mod readme;
mod rename;
mod resolve_importlib;
mod scope_cases;
mod scopes_stdlib;
mod scopes_wasm;
mod seed_blocks;
mod wheel;

use std::path::PathBuf;
use std::time::Instant;

use anyhow::bail;

use crate::workspace;

/// A promise.
pub(crate) struct Row {
    /// How it is called on the command line.
    pub(crate) name: &'static str,
    /// What it compares, in a line.
    pub(crate) about: &'static str,
    /// What it needs besides the repository.
    pub(crate) needs: Needs,
    /// Measures it.
    pub(crate) measure: fn(&Options) -> anyhow::Result<Figure>,
}

/// What a row needs besides the repository.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Needs {
    /// Nothing.
    Nothing,
    /// Interpreters, which the continuous integration has.
    Interpreters,
    /// Folders of real code, which it has not: such a row runs when it or the folder is named.
    Corpora,
    /// Answers recorded elsewhere: such a row runs when it is named.
    Truth,
    /// A package registry, to install what is compared with: such a row runs when it is named.
    Registry,
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
    /// The seed that random programs start from.
    pub(crate) first_seed: u64,
    /// Folder with the folders `std`, `S` and `L`.
    pub(crate) corpora: Option<PathBuf>,
    /// The program to compare memory with.
    pub(crate) ruff: Option<PathBuf>,
}

impl Options {
    /// A folder of the corpora.
    fn corpus(&self, name: &str) -> anyhow::Result<PathBuf> {
        let corpora = self.corpora.clone().unwrap_or_else(|| workspace::target().join("corpora"));
        let folder = corpora.join(name);
        if !folder.is_dir() {
            bail!("no folder {}: CONTRIBUTING.md says what the corpora are (--corpora)", folder.display());
        }
        Ok(folder)
    }
}

const ROWS: &[Row] = &[
    scopes_stdlib::ROW,
    scopes_wasm::ROW,
    scope_cases::ROW,
    names_stdlib::ROW,
    explain_stdlib::ROW,
    names_run::ROW,
    pictures::ROW,
    random_programs::ROW,
    flow_programs::ROW,
    import_scan::ROW,
    config_laws::ROW,
    modules_cycles::ROW,
    contracts_import_linter::ROW,
    resolve_importlib::ROW,
    seed_blocks::ROW,
    cycles_truth::ROW,
    cycles_crashes::ROW,
    cpu_cycles::ROW,
    eval_cases::ROW,
    eval_programs::ROW,
    eval_cycles::ROW,
    eval_packages::ROW,
    check_corpora::ROW,
    pyflakes_bar::ROW,
    fixes::ROW,
    cpu_check::ROW,
    memory_check::ROW,
    logs::formats::ROW,
    logs::tracebacks::ROW,
    logs::reasons::ROW,
    logs::speed::ROW,
    logs::follow::ROW,
    logs::fuzz::ROW,
    rename::ROW,
    graph_edges::ROW,
    cpu_graph::ROW,
    memory_graph::ROW,
    readme::ROW,
    docs::ROW,
    wheel::ROW,
    archive::ROW,
    container::ROW,
];

/// The command line of `prove`.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Rows to measure; all by default, but those that need corpora only with `--corpora`.
    rows: Vec<String>,
    /// List the rows and measure nothing.
    #[arg(long)]
    list: bool,
    /// Take a fixed part of the input.
    #[arg(long)]
    quick: bool,
    /// Interpreters that run at a time.
    #[arg(long, default_value_t = 2)]
    jobs: usize,
    /// Folder with `cases.jsonl` and `cases_tables.jsonl`, for the row scope-cases.
    #[arg(long)]
    truth: Option<PathBuf>,
    /// The seed that random programs start from: another one tries other programs.
    #[arg(long, default_value_t = 0)]
    first_seed: u64,
    /// Folder with the folders `std`, `S` and `L` of real code [default when a row that needs it is named: target/corpora].
    #[arg(long)]
    corpora: Option<PathBuf>,
    /// The ruff to compare with, for the row memory-check.
    #[arg(long)]
    ruff: Option<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    if arguments.list {
        for row in ROWS {
            let needs = match row.needs {
                Needs::Corpora => " (needs corpora)",
                Needs::Truth => " (needs --truth)",
                Needs::Registry => " (needs a package registry)",
                Needs::Nothing | Needs::Interpreters => "",
            };
            println!("{:16} {}{needs}", row.name, row.about);
        }
        return Ok(());
    }
    let known: Vec<&str> = ROWS.iter().map(|row| row.name).collect();
    if let Some(unknown) = arguments.rows.iter().find(|row| !known.contains(&row.as_str())) {
        bail!("no row `{unknown}`; there are {}", known.join(", "));
    }
    let options = Options {
        quick: arguments.quick,
        jobs: arguments.jobs,
        truth: arguments.truth.as_deref().map(std::fs::canonicalize).transpose()?,
        first_seed: arguments.first_seed,
        corpora: arguments.corpora.as_deref().map(std::fs::canonicalize).transpose()?,
        ruff: arguments.ruff.clone(),
    };
    let mut violated = Vec::new();
    for row in ROWS {
        let is_named = arguments.rows.iter().any(|name| name == row.name);
        if !is_named && !arguments.rows.is_empty() {
            continue;
        }
        if !is_named && row.needs == Needs::Corpora && options.corpora.is_none() {
            println!("{}: left out, needs --corpora", row.name);
            continue;
        }
        if !is_named && row.needs == Needs::Registry {
            println!("{}: left out, runs when it is named", row.name);
            continue;
        }
        if !is_named && row.needs == Needs::Truth {
            println!("{}: left out, runs when it is named (--truth)", row.name);
            continue;
        }
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
