//! Arguments of `contracts`.

use std::path::PathBuf;

use clap::Args;

use super::{EnvironmentArgs, FileArgs, TargetArgs, TextFormat};

/// Arguments of `contracts`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  legb contracts                               those of the project here
  legb contracts --contract \"Tiers of the shop\"
  legb contracts --format json | jq -r '.[] | select(.verdict == \"broken\") | .name'
  legb contracts --baseline known.json --write-baseline
  legb contracts --baseline known.json         only what is not known yet breaks a contract

A contract says which modules may import which. Contracts stand in legb.toml ([[contracts]]),
legb.json or pyproject.toml ([[tool.legb.contracts]]). Those of import-linter (.importlinter,
setup.cfg, [tool.importlinter]) and of tach (tach.toml, [tool.tach]) are read as they are.
With --config, the contracts of PATH are those of that file, also one of import-linter or tach.

Exit codes: 0 all are kept, 1 one is broken, 2 one cannot be checked.")]
pub(crate) struct ContractsArgs {
    /// Folder of the project: the nearest at or above it that has contracts
    #[arg(value_name = "PATH", default_value = ".")]
    pub(crate) path: PathBuf,
    /// Check only this contract, by its name or id; may be repeated
    #[arg(long, value_name = "NAME")]
    pub(crate) contract: Vec<String>,
    /// Let the violations pass that this file knows
    #[arg(long, value_name = "FILE")]
    pub(crate) baseline: Option<PathBuf>,
    /// Write the violations that there are to the baseline; there must not be more than it knows
    #[arg(long, requires = "baseline")]
    pub(crate) write_baseline: bool,
    /// Python versions.
    #[command(flatten)]
    pub(crate) target: TargetArgs,
    /// How to print the verdicts
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    pub(crate) format: TextFormat,
    /// Environment.
    #[command(flatten)]
    pub(crate) environment: EnvironmentArgs,
    /// Files.
    #[command(flatten)]
    pub(crate) files: FileArgs,
}
