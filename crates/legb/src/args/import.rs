//! Arguments about the environment, and those of `resolve` and `explain --import`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{TargetArgs, TextFormat};

/// Where modules are looked for.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Environment")]
pub(crate) struct EnvironmentArgs {
    /// Interpreter or virtual environment whose packages count: a program, or a folder
    ///
    /// It is looked at, never started. Default: `VIRTUAL_ENV`, else a folder `.venv` in the project or above it, else none: then
    /// the standard library is taken as recorded from interpreters.
    #[arg(long, value_name = "PATH")]
    pub(crate) python: Option<PathBuf>,
    /// Folder that absolute imports start from
    ///
    /// May be repeated, or hold several separated by commas. Default: what pyproject.toml, setup.cfg or setup.py tell the build
    /// backend, else the folder `src`, and the folder of the project.
    #[arg(long, value_name = "DIR", value_delimiter = ',')]
    pub(crate) src: Vec<PathBuf>,
}

/// How an import is looked for.
#[derive(Debug, Args)]
pub(crate) struct ImportArgs {
    /// How the program is started, which decides what comes first on `sys.path`
    #[arg(id = "as", long = "as", value_enum, value_name = "START", default_value_t, help_heading = "Environment")]
    pub(crate) start: StartAs,
    /// As `python -P`: put no folder of the program first
    #[arg(long, help_heading = "Environment")]
    pub(crate) safe_path: bool,
    /// As `python -S`: without site-packages and .pth files
    #[arg(long, help_heading = "Environment")]
    pub(crate) no_site: bool,
    /// Environment.
    #[command(flatten)]
    pub(crate) environment: EnvironmentArgs,
    /// Python versions.
    #[command(flatten)]
    pub(crate) target: TargetArgs,
}

/// How a program is started.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum StartAs {
    /// No one program: the import roots of the project come first
    #[default]
    Project,
    /// `python FILE`, with the file of `--from`: its folder comes first, and it is in no package
    Script,
    /// `python -m MODULE`: the working directory comes first
    Module,
    /// `python -c …`: the working directory comes first
    Command,
}

/// Arguments of `resolve`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  legb resolve json yaml app.models          which file each loads, and every step
  legb resolve ..db.session --from app/api/users.py
  legb resolve random --from tools/report.py --as script
  legb resolve --python .venv requests       with the packages of that environment
  legb resolve --format json --target-version 3.8,3.13 distutils

Exit codes: 0 every module is found, 1 one is missing or unknown, 2 legb could not do its job.")]
pub(crate) struct ResolveArgs {
    /// Modules: `a.b.c`, or `.x` and `..x.y` as the file of `--from` writes them
    #[arg(value_name = "NAME", required = true)]
    pub(crate) names: Vec<String>,
    /// The file that imports
    ///
    /// Relative names start from its package, and what is missing elsewhere may lie beside it.
    #[arg(long, value_name = "FILE")]
    pub(crate) from: Option<PathBuf>,
    /// How to print the answers
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    pub(crate) format: TextFormat,
    /// How the import is looked for.
    #[command(flatten)]
    pub(crate) import: ImportArgs,
}
