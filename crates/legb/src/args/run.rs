//! Arguments of the commands that follow what a program does: `simulate`, `predict` and `verify`.

use std::path::PathBuf;

use clap::Args;

use super::{EnvironmentArgs, FileArgs, TargetArgs, TextFormat};

/// Arguments of `simulate`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  legb simulate app.py                 the script, run as `python app.py`
  legb simulate -m shop.cli            the module, run as `python -m shop.cli`
  legb simulate shop.models            imported as by `python -c \"import shop.models\"`
  legb simulate shop.models shop.cli   imported in turn: one story
  legb simulate --format json app.py | jq .verdict

Nothing is run; a module named without -m is looked for from the working directory.
Exit codes: 0 it works or cannot be told, 1 it crashes, 2 the entry could not be read.")]
pub(crate) struct SimulateArgs {
    /// Scripts (`app.py`), folders with a `__main__.py` (`app/`), or modules (`shop.models`)
    #[arg(value_name = "ENTRY", required_unless_present = "module")]
    pub(crate) entries: Vec<String>,
    /// Run a module as a script, as `python -m` does
    #[arg(short, long, value_name = "MODULE", conflicts_with = "entries")]
    pub(crate) module: Option<String>,
    /// Give up after so many steps of the program, and say that it is unknown
    #[arg(long, value_name = "STEPS")]
    pub(crate) budget: Option<u64>,
    /// How to print the story
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    pub(crate) format: TextFormat,
    /// Python versions.
    #[command(flatten)]
    pub(crate) target: TargetArgs,
    /// Environment.
    #[command(flatten)]
    pub(crate) environment: EnvironmentArgs,
}

/// Arguments of `predict`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  legb predict lesson.py                    each print with its text and the names that decided it
  legb predict --target-version 3.8 lesson.py
  legb predict --quiz lesson.py             asks first, then shows, explains and scores
  legb predict --verify lesson.py           runs the file, and marks each line right or wrong
  legb predict --verify --python .venv lesson.py
  legb predict --format json lesson.py | jq '.prints[].text'

Nothing is run without --verify. What cannot be told is unknown, with the reason.
Exit codes: 0, or with --verify 1 if a claim was wrong; 2 legb could not do its job.")]
pub(crate) struct PredictArgs {
    /// The file
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Run the file with a real Python, and mark each line
    ///
    /// The interpreter is that of --python, else one of the version that is asked for, else the newest that is found.
    #[arg(long)]
    pub(crate) verify: bool,
    /// Ask what each print writes before it is shown
    #[arg(long, conflicts_with_all = ["verify", "format"])]
    pub(crate) quiz: bool,
    /// Seconds after which a program that is run is ended
    #[arg(long, value_name = "SECONDS", default_value_t = 10, requires = "verify")]
    pub(crate) time_limit: u64,
    /// Give up after so many steps of the program, and say that it is unknown
    #[arg(long, value_name = "STEPS")]
    pub(crate) budget: Option<u64>,
    /// How to print the prediction
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    pub(crate) format: TextFormat,
    /// Python versions.
    #[command(flatten)]
    pub(crate) target: TargetArgs,
    /// Environment.
    #[command(flatten)]
    pub(crate) environment: EnvironmentArgs,
}

/// Arguments of `verify`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  legb verify src                           the scopes of all files below; runs none of them
  legb verify --python .venv app.py
  legb verify --run app.py                  runs the script and compares the story of its imports
  legb verify --run \"-m shop.cli\"           the module, run as `python -m shop.cli`
  legb verify --run shop.models             imported as by `python -c \"import shop.models\"`
  legb verify --names app.py --run          runs it; each name read against `explain`
  legb verify --names shop --run \"-m shop.cli\"   the names of the files below `shop`

A difference is a bug in legb, and is printed as one can report it.
Exit codes: 0 no difference, 1 a difference, 2 legb could not do its job.")]
pub(crate) struct VerifyArgs {
    /// Files and folders whose scopes are compared
    #[arg(value_name = "FILE", required_unless_present = "run")]
    pub(crate) paths: Vec<PathBuf>,
    /// Run this entry with a real Python: a script, a folder with a `__main__.py`, a module, or `-m MODULE`
    ///
    /// With `--names` the entry may be followed by arguments of the program, and is FILE if it is left out.
    #[arg(long, value_name = "ENTRY", allow_hyphen_values = true, num_args = 0..=1, default_missing_value = "")]
    pub(crate) run: Option<String>,
    /// Compare each name that FILE reads in the run with the scope that `legb explain` says
    #[arg(long, requires = "run")]
    pub(crate) names: bool,
    /// Seconds after which the program is ended
    #[arg(long, value_name = "SECONDS", default_value_t = 10, requires = "run")]
    pub(crate) time_limit: u64,
    /// Give up after so many steps of the simulation, and say that it is unknown
    #[arg(long, value_name = "STEPS", requires = "run")]
    pub(crate) budget: Option<u64>,
    /// How to print what was compared
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
