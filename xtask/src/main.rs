//! `cargo xtask`: development tasks with logic. `cargo xtask help` lists them.
//!
//! Nothing that the product does lives here; everything that compares the product with a real interpreter does.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program whose result is what it prints")]

mod clone;
mod corpus;
mod findings;
mod import_names;
mod legb;
mod oracle;
mod peers;
mod platform_names;
mod prove;
mod tidy;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Development tasks of legb.
#[derive(Parser)]
#[command(name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Check what the compiler cannot: layers, file docs, names, versions, fixtures.
    Tidy,
    /// Interpreters and the answers recorded from them.
    #[command(subcommand)]
    Oracle(oracle::Task),
    /// Compare legb with interpreters on whole libraries.
    #[command(subcommand)]
    Corpus(corpus::Task),
    /// Print a sample of what `legb check` says of real code, for somebody to read.
    Findings(findings::Arguments),
    /// Record which modules distributions bring whose name does not say so; downloads their wheels through pip.
    ImportNames,
    /// Record which names modules of the library have on platforms other than Linux.
    PlatformNames,
    /// Measure what is promised: prints figure and bound of each row, and fails where a bound is violated.
    Prove(prove::Arguments),
}

fn main() -> ExitCode {
    let done = match Arguments::parse().task {
        Task::Tidy => tidy::run(),
        Task::Oracle(task) => oracle::run(&task),
        Task::Corpus(task) => corpus::run(&task),
        Task::Findings(arguments) => findings::run(&arguments),
        Task::ImportNames => import_names::run(),
        Task::PlatformNames => platform_names::run(),
        Task::Prove(arguments) => prove::run(&arguments),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}
