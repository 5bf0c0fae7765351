//! Arguments of `definition`, `references`, `rename` and `tour`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{EnvironmentArgs, FileArgs, TargetArgs, TextFormat};

/// Where to look, and how to answer.
#[derive(Debug, Args)]
pub(crate) struct NavigateArgs {
    /// How to print the answer
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    pub(crate) format: TextFormat,
    /// Python versions.
    #[command(flatten)]
    pub(crate) target: TargetArgs,
    /// Environment.
    #[command(flatten)]
    pub(crate) environment: EnvironmentArgs,
    /// Files.
    #[command(flatten)]
    pub(crate) files: FileArgs,
}

/// Arguments of `definition`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  legb definition shop/cli.py:12:9          where the name at line 12, column 9 gets its value
  legb definition --format json app.py:3:1 | jq -r '.definitions[].path'

Imports are followed through re-exports and star imports to the line that defines the name.

Exit codes: 0 there is a definition, 1 nothing binds the name, 2 legb could not do its job.")]
pub(crate) struct DefinitionArgs {
    /// The place of the name: `FILE:LINE:COLUMN`, both counted from 1
    #[arg(value_name = "FILE:LINE:COL")]
    pub(crate) place: String,
    /// How to answer.
    #[command(flatten)]
    pub(crate) how: NavigateArgs,
}

/// Arguments of `references`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  legb references shop/prices.py:7:5        every place of the project that means the name there
  legb references --format json app.py:3:1 | jq -r '.references[].path'

A place is certain where Python must mean this variable, and possible where it may mean another
one; the reason says why.

Exit codes: 0 there are places, 1 nothing binds the name, 2 legb could not do its job.")]
pub(crate) struct ReferencesArgs {
    /// The place of the name: `FILE:LINE:COLUMN`, both counted from 1
    #[arg(value_name = "FILE:LINE:COL")]
    pub(crate) place: String,
    /// How to answer.
    #[command(flatten)]
    pub(crate) how: NavigateArgs,
}

/// Arguments of `rename`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  legb rename --diff shop/prices.py:7:5 net_price   show what renaming the name there would change
  legb rename shop/prices.py:7:5 net_price          write it
  legb rename shop.prices shop.pricing              move a module: its file, and all imports of it
  legb rename --format json app.py:3:1 total        the edits for other programs, written nowhere

A name is renamed in every scope and file that means it. legb refuses, and says why, where another
scope would catch the new name, where it is taken, or where a text may look the old one up.

Exit codes: 0 renamed, 1 refused, or --diff shows a change, 2 legb could not do its job.")]
pub(crate) struct RenameArgs {
    /// What to rename: the place of a name, `FILE:LINE:COLUMN`, or the dotted name of a module
    #[arg(value_name = "FILE:LINE:COL|MODULE")]
    pub(crate) what: String,
    /// The new name
    #[arg(value_name = "NEW")]
    pub(crate) new: String,
    /// Show what would change, and write nothing
    #[arg(long)]
    pub(crate) diff: bool,
    /// How to answer.
    #[command(flatten)]
    pub(crate) how: NavigateArgs,
}

/// Arguments of `tour`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  legb tour                       all stops, one after the other; each asks what its program prints
  legb tour --list                the stops
  legb tour closures late-binding only these
  legb tour --no-quiz | less      read it without being asked

Where a Python is found, the programs of the tour, which come with legb, are run with it, and what
they print is compared.")]
pub(crate) struct TourArgs {
    /// Stops to visit, by name [default: all]
    #[arg(value_name = "STOP")]
    pub(crate) stops: Vec<String>,
    /// List the stops
    #[arg(long)]
    pub(crate) list: bool,
    /// Show the predictions instead of asking for yours
    #[arg(long)]
    pub(crate) no_quiz: bool,
    /// Do not run the programs with a real Python
    #[arg(long)]
    pub(crate) no_verify: bool,
    /// How to print the tour
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    pub(crate) format: TourFormat,
    /// Interpreter to run the programs with [default: the newest that is found]
    #[arg(long, value_name = "PATH", help_heading = "Environment")]
    pub(crate) python: Option<PathBuf>,
    /// Python versions.
    #[command(flatten)]
    pub(crate) target: TargetArgs,
}

/// How the tour is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum TourFormat {
    /// Text for people
    #[default]
    Text,
    /// An object for each stop, one a line
    Json,
}
