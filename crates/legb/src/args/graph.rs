//! Arguments of `graph`, `cycles` and `imports`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{EnvironmentArgs, FileArgs, TargetArgs};

/// Arguments of `graph`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  legb graph                                   a tree, or a summary where there is much to show
  legb graph --from shop.cli --depth 2         what `shop.cli` imports, and what that imports
  legb graph --from shop.db --reverse          who imports `shop.db`, directly or not
  legb graph --path shop.cli shop.db           the shortest chain of imports, with its lines
  legb graph --package shop.orders --external  one package, and what it takes from outside
  legb graph --group 2 --format mermaid        packages instead of modules, as a diagram
  legb graph --format json | jq '.edges | length'

MODULE is a dotted name, `name.*` for a package with all that is below it, or the path of a file.
Imports in functions, under `if TYPE_CHECKING:` and lazy ones count unless --eager-only is given.
Loading a module loads the packages above it first: these arrows are left out unless
--packages-above is given.")]
pub(crate) struct GraphArgs {
    /// Files and folders whose imports are shown
    #[arg(value_name = "PATH", default_value = ".")]
    pub(crate) paths: Vec<PathBuf>,
    /// Python versions.
    #[command(flatten)]
    pub(crate) target: TargetArgs,
    /// How to print the graph
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    pub(crate) format: GraphFormat,
    /// Which part of the graph.
    #[command(flatten)]
    pub(crate) part: PartArgs,
    /// Environment.
    #[command(flatten)]
    pub(crate) environment: EnvironmentArgs,
    /// Files.
    #[command(flatten)]
    pub(crate) files: FileArgs,
}

/// Which part of the graph is shown.
#[derive(Debug, Args)]
#[command(next_help_heading = "Part of the graph")]
pub(crate) struct PartArgs {
    /// Only what these modules import, directly or not
    #[arg(long, value_name = "MODULE", value_delimiter = ',')]
    pub(crate) from: Vec<String>,
    /// Only what imports these modules, directly or not
    #[arg(long, value_name = "MODULE", value_delimiter = ',')]
    pub(crate) to: Vec<String>,
    /// Follow at most so many imports, from --from or to --to, else from modules that nothing imports
    #[arg(long, value_name = "N")]
    pub(crate) depth: Option<u32>,
    /// Only modules of these packages
    #[arg(long, value_name = "PACKAGE", value_delimiter = ',')]
    pub(crate) package: Vec<String>,
    /// The shortest chain of imports from one module to another, anywhere in the project
    #[arg(long, value_names = ["FROM", "TO"], num_args = 2, conflicts_with_all = ["from", "to", "depth", "package"])]
    pub(crate) path: Vec<String>,
    /// Only imports that may run while modules are loaded
    #[arg(long)]
    pub(crate) eager_only: bool,
    /// Also modules outside of the project, by their top-level names
    #[arg(long)]
    pub(crate) external: bool,
    /// Also an arrow to each package above an imported module: Python loads it first
    #[arg(long)]
    pub(crate) packages_above: bool,
    /// Make one of all modules whose names begin with the same so many parts
    #[arg(long, value_name = "LEVEL", value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) group: Option<u16>,
    /// Turn every arrow round: from a module to those that import it
    #[arg(long)]
    pub(crate) reverse: bool,
}

/// How a graph is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum GraphFormat {
    /// A tree, or a summary where there is much to show
    #[default]
    Text,
    /// An object with the modules and the edges
    Json,
    /// A line for each import, with a head line
    Csv,
    /// For Graphviz
    Dot,
    /// A flowchart for Mermaid
    Mermaid,
}

/// Arguments of `cycles`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  legb cycles                     groups of modules that import each other, and which programs crash
  legb cycles --fix               make the cheapest edit after which every entry works
  legb cycles --diff              show that edit
  legb cycles --all               count imports in functions and under `if TYPE_CHECKING:` too
  legb cycles src/shop/orders     only groups with a module below this folder
  legb cycles --format json | jq -r '.[].entries[] | select(.verdict == \"crashes\") | .entry'

An entry is a way to start: each module of a group, imported first in a new program, and the entry
points of the project that reach it: scripts, `__main__` modules, entry points of pyproject.toml,
tests. Nothing is run; what is not of the project is taken to be installed.
Exit codes: 0 no entry crashes because of a cycle, 1 one does, 2 legb could not do its job.")]
pub(crate) struct CyclesArgs {
    /// Files and folders whose cycles are shown
    #[arg(value_name = "PATH", default_value = ".")]
    pub(crate) paths: Vec<PathBuf>,
    /// Python versions.
    #[command(flatten)]
    pub(crate) target: TargetArgs,
    /// How to print the cycles
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    pub(crate) format: super::TextFormat,
    /// Count every import: also those in functions, under `if TYPE_CHECKING:`, and lazy ones
    #[arg(long)]
    pub(crate) all: bool,
    /// Show at most so many of the smallest cycles of each group [default: 5 in text, 100 in JSON]
    #[arg(long, value_name = "N")]
    pub(crate) limit: Option<usize>,
    /// Edit files so that every entry works, where a run of the edited project shows that it does
    #[arg(long, conflicts_with = "diff")]
    pub(crate) fix: bool,
    /// Show what --fix would change
    #[arg(long)]
    pub(crate) diff: bool,
    /// Give up on a program after so many steps of it, and say that its end is unknown
    #[arg(long, value_name = "STEPS")]
    pub(crate) budget: Option<u64>,
    /// Environment.
    #[command(flatten)]
    pub(crate) environment: EnvironmentArgs,
    /// Files.
    #[command(flatten)]
    pub(crate) files: FileArgs,
}

/// Arguments of `imports`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  legb imports                              every module imported, and by how many files
  legb imports --kind third-party --depth 1 what the project uses from elsewhere
  legb imports --top 10 src                 the ten that most files import
  legb imports --not-declared               imported, but no declared dependency brings it
  legb imports --unused-dependencies        declared, but nothing imports it
  legb imports --format csv > imports.csv

`from a import b` counts for `a.b` if that is a module of the project, else for `a`; relative
imports count for what they stand for. A file counts once for a module.")]
pub(crate) struct ImportsArgs {
    /// Files and folders whose imports are counted
    #[arg(value_name = "PATH", default_value = ".")]
    pub(crate) paths: Vec<PathBuf>,
    /// Python versions.
    #[command(flatten)]
    pub(crate) target: TargetArgs,
    /// How to print the modules
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    pub(crate) format: ImportsFormat,
    /// Only modules of these kinds
    #[arg(long, value_enum, value_name = "KIND", value_delimiter = ',')]
    pub(crate) kind: Vec<ImportKind>,
    /// Only the first so many
    #[arg(long, value_name = "N")]
    pub(crate) top: Option<usize>,
    /// Cut names behind so many parts: with 1, `os.path` counts for `os`
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) depth: Option<u16>,
    /// Only third-party modules that no declared dependency brings
    #[arg(long)]
    pub(crate) not_declared: bool,
    /// Show instead the declared dependencies that nothing imports
    #[arg(long, conflicts_with_all = ["kind", "top", "depth", "not_declared"])]
    pub(crate) unused_dependencies: bool,
    /// Environment.
    #[command(flatten)]
    pub(crate) environment: EnvironmentArgs,
    /// Files.
    #[command(flatten)]
    pub(crate) files: FileArgs,
}

/// Where an imported module comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ImportKind {
    /// The project
    FirstParty,
    /// Neither the project nor the standard library
    ThirdParty,
    /// The standard library
    Stdlib,
}

/// How imported modules are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ImportsFormat {
    /// A table for people
    #[default]
    Text,
    /// An array of objects
    Json,
    /// A line for each module, with a head line
    Csv,
}
