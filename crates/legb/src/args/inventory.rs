//! Arguments of `modules` and `api`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{EnvironmentArgs, FileArgs, TargetArgs, TextFormat};

/// Arguments of `modules`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  legb modules                              every module below the working directory
  legb modules src/shop/cli.py              one module in full
  legb modules --view list src              a line for each module
  legb modules --format csv > modules.csv
  legb modules --format json | jq -r '.[] | .path as $p | .effects[] | \"\\($p):\\(.line) \\(.what)\"'")]
pub(crate) struct ModulesArgs {
    /// Files and folders to describe
    #[arg(value_name = "PATH", default_value = ".")]
    pub(crate) paths: Vec<PathBuf>,
    /// Python versions.
    #[command(flatten)]
    pub(crate) target: TargetArgs,
    /// How to print the modules
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    pub(crate) format: ModulesFormat,
    /// How much to say of each module in text [default: what fits their number]
    #[arg(long, value_enum, value_name = "VIEW")]
    pub(crate) view: Option<ModulesView>,
    /// Environment.
    #[command(flatten)]
    pub(crate) environment: EnvironmentArgs,
    /// Files.
    #[command(flatten)]
    pub(crate) files: FileArgs,
}

/// How modules are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ModulesFormat {
    /// Text for people
    #[default]
    Text,
    /// An array of objects, one for each module
    Json,
    /// A line for each module, with a head line
    Csv,
}

/// How much is said of each module.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ModulesView {
    /// Everything
    Full,
    /// A line for each module
    List,
    /// A line for each package, and what is remarkable
    Summary,
}

/// Arguments of `api`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  legb api shop                     what the package `shop` exposes, and who reaches past it
  legb api src/shop/prices          the same, by folder
  legb api --diff shop              which lines `--write` would change
  legb api --write shop             write the re-exports and `__all__` into its `__init__`
  legb api --write --lazy shop      load the modules behind the names only when a name is asked for

With --diff, the exit code is 1 where something would change, and 0 where nothing would.
What --write adds stands between two comments; the rest of the file stays as it is.")]
pub(crate) struct ApiArgs {
    /// The package: a dotted name, or the path of its folder
    #[arg(value_name = "PACKAGE")]
    pub(crate) package: String,
    /// Python versions.
    #[command(flatten)]
    pub(crate) target: TargetArgs,
    /// How to print what is exposed
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    pub(crate) format: TextFormat,
    /// Write the re-exports and `__all__` of the package into its `__init__`
    #[arg(long, conflicts_with = "diff")]
    pub(crate) write: bool,
    /// Show what `--write` would change
    #[arg(long)]
    pub(crate) diff: bool,
    /// Make the names on demand, by a `__getattr__` of the package
    #[arg(long, conflicts_with = "eager")]
    pub(crate) lazy: bool,
    /// Import the names when the package is loaded, even if they were lazy before
    #[arg(long)]
    pub(crate) eager: bool,
    /// Environment.
    #[command(flatten)]
    pub(crate) environment: EnvironmentArgs,
    /// Files.
    #[command(flatten)]
    pub(crate) files: FileArgs,
}
