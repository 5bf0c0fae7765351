//! Arguments of the commands that follow what a program does: `simulate` and `predict`.

use std::path::PathBuf;

use clap::Args;

use super::{TargetArgs, TextFormat};

/// Arguments of `simulate`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  legb simulate app.py                 the script, run as `python app.py`
  legb simulate -m shop.cli            the module, run as `python -m shop.cli`
  legb simulate shop.models            imported as by `python -c \"import shop.models\"` in the working directory
  legb simulate shop.models shop.cli   imported in turn: one story
  legb simulate --format json app.py | jq .verdict

Nothing is run. Exit codes: 0 it works or cannot be told, 1 it crashes, 2 the entry could not be read.")]
pub(crate) struct SimulateArgs {
    /// Scripts (`app.py`), folders with a `__main__.py` (`app/`), or modules (`shop.models`)
    #[arg(value_name = "ENTRY", required_unless_present = "module")]
    pub(crate) entries: Vec<String>,
    /// Run a module as a script, as `python -m` does
    #[arg(short, long, value_name = "MODULE", conflicts_with = "entries")]
    pub(crate) module: Option<String>,
    /// Steps that may be spent
    #[arg(long, value_name = "STEPS")]
    pub(crate) budget: Option<u64>,
    /// Python versions.
    #[command(flatten)]
    pub(crate) target: TargetArgs,
    /// How to print the story
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    pub(crate) format: TextFormat,
}

/// Arguments of `predict`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  legb predict lesson.py                    each print with its text and the names that decided it
  legb predict --target-version 3.8 lesson.py
  legb predict --format json lesson.py | jq '.prints[].text'

Nothing is run. What cannot be told is unknown, with the reason.")]
pub(crate) struct PredictArgs {
    /// The file
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Steps that may be spent
    #[arg(long, value_name = "STEPS")]
    pub(crate) budget: Option<u64>,
    /// Python versions.
    #[command(flatten)]
    pub(crate) target: TargetArgs,
    /// How to print the prediction
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    pub(crate) format: TextFormat,
}
