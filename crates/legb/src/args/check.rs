//! Arguments of `check` about repairs, baselines, suppressions and where the report goes.

use std::path::PathBuf;

use clap::Args;

/// Repairs of what was found.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Fixes")]
pub(crate) struct FixArgs {
    /// Apply the fixes that never change what a program prints, then report what is left
    #[arg(long)]
    pub(crate) fix: bool,
    /// Apply fixes that may change behaviour as well (with `--fix` or `--diff`)
    #[arg(long)]
    pub(crate) unsafe_fixes: bool,
    /// Show what `--fix` would change, and write nothing
    #[arg(long, conflicts_with_all = ["fix", "add_ignores"])]
    pub(crate) diff: bool,
    /// Write a comment `# legb: ignore[…]` behind every finding
    #[arg(long, conflicts_with_all = ["fix", "unsafe_fixes"])]
    pub(crate) add_ignores: bool,
}

/// Findings that are known and put up with.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Baseline")]
pub(crate) struct BaselineArgs {
    /// Leave out the findings that this file holds; they are known by their text, not by their line
    #[arg(long, value_name = "FILE")]
    pub(crate) baseline: Option<PathBuf>,
    /// Write all findings to the baseline [default file: legb-baseline.json]
    #[arg(long)]
    pub(crate) write_baseline: bool,
}
