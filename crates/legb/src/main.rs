//! The `legb` command: arguments in, calls to the libraries, output and exit code out.
//!
//! Exit codes: 0 when nothing was found, 1 when an error or a warning was reported, 2 when legb could not do its job. A reader
//! that closes the pipe is no failure.

mod across;
mod analysed;
mod architecture;
mod args;
mod baseline;
mod commands;
mod configured;
mod contract_pass;
mod described;
mod environment;
mod evaluation;
mod files;
mod import;
mod import_pass;
mod kept;
mod navigation;
mod noted;
mod oracle;
mod output;
mod per_file;
mod pipeline;
mod project_pass;
mod question;
mod repairs;
mod rewrite;
mod story;
mod targets;
mod verdicts;
mod watch;

use std::io;
use std::panic::PanicHookInfo;
use std::process::ExitCode;

use clap::FromArgMatches;
use legb_config::ConfigErrors;

use crate::args::{Cli, Command};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Exit {
    /// Nothing to complain about.
    Clean,
    /// An error or a warning was reported.
    Findings,
    /// Something that was asked for was not done.
    Failed,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Clean => Self::SUCCESS,
            Exit::Findings => Self::from(1),
            Exit::Failed => Self::from(2),
        }
    }
}

fn main() -> ExitCode {
    std::panic::set_hook(Box::new(give_up));
    let matches = args::command().get_matches();
    let mut cli = Cli::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    cli.global.color.choose();
    let result = configured::configure(&mut cli, &matches).and_then(|()| run(&cli));
    match result {
        Ok(exit) => exit.into(),
        Err(error) if is_broken_pipe(&error) => Exit::Clean.into(),
        Err(error) => {
            complain(&error);
            Exit::Failed.into()
        }
    }
}

/// Tells what kept the command from doing its job.
fn complain(error: &anyhow::Error) {
    match error.downcast_ref::<ConfigErrors>() {
        Some(ConfigErrors(errors)) => errors.iter().for_each(|error| output::error(&error.to_string())),
        None => output::error(&format!("{error:#}")),
    }
}

fn run(cli: &Cli) -> anyhow::Result<Exit> {
    let Some(command) = &cli.command else { return commands::overview::run(&cli.global) };
    match command {
        Command::Check(args) => commands::check::run(args, &cli.global),
        Command::Scopes(args) => commands::scopes::run(args, &cli.global),
        Command::Explain(args) => commands::explain::run(args, &cli.global),
        Command::Graph(args) => commands::graph::run(args, &cli.global),
        Command::Cycles(args) => commands::cycles::run(args, &cli.global),
        Command::Imports(args) => commands::imports::run(args, &cli.global),
        Command::Modules(args) => commands::modules::run(args, &cli.global),
        Command::Api(args) => commands::api::run(args, &cli.global),
        Command::Definition(args) => commands::definition::run(args, &cli.global),
        Command::References(args) => commands::references::run(args, &cli.global),
        Command::Rename(args) => commands::rename::run(args, &cli.global),
        Command::Resolve(args) => commands::resolve::run(args, &cli.global),
        Command::Simulate(args) => commands::simulate::run(args, &cli.global),
        Command::Predict(args) => commands::predict::run(args, &cli.global),
        Command::Tour(args) => commands::tour::run(args, &cli.global),
        Command::Verify(args) => commands::verify::run(args, &cli.global),
        Command::Contracts(args) => commands::contracts::run(args, &cli.global),
        Command::Logs(args) => commands::logs::run(args, &cli.global),
        Command::Config(args) => commands::config::run(args, &cli.global),
        Command::Rule(args) => commands::rule::run(args),
        Command::Cache(args) => commands::cache::run(args, &cli.global),
        Command::Completions(args) => commands::completions::run(args),
        Command::Manual(args) => commands::manual::run(args),
    }
}

/// What a panic comes to where no file is to blame: a message that can be reported, and the exit code of a failure.
#[expect(clippy::exit, reason = "release builds abort on panic, with another exit code")]
fn give_up(panic: &PanicHookInfo<'_>) {
    let message = panic.payload_as_str().unwrap_or("unknown panic");
    let place = panic.location().map(|place| format!(" (at {place})")).unwrap_or_default();
    output::error(&format!(
        "legb failed: {message}{place}\n  this is a bug in legb; please report it with this message"
    ));
    std::process::exit(2);
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|cause| cause.kind() == io::ErrorKind::BrokenPipe)
}
