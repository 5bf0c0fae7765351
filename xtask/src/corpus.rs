//! `cargo xtask corpus`: legb against interpreters, on whole standard libraries.
//!
//! Prints figures and the first differences in words; writes nothing into the repository.

pub(crate) mod cases;
pub(crate) mod library;
pub(crate) mod names;
pub(crate) mod scopes;

use std::path::PathBuf;

use anyhow::bail;
use clap::Subcommand;
use legb_base::PyVersion;

use crate::{legb, workspace};

/// What to compare.
#[derive(Subcommand)]
pub(crate) enum Task {
    /// Symbol tables and errors, v. `symtable` and `compile()`.
    Scopes {
        /// Versions, with commas between; all that are found by default.
        #[arg(long, value_delimiter = ',')]
        python: Vec<PyVersion>,
        /// Folder of Python files; by default each version's own standard library with its tests.
        #[arg(long)]
        lib: Option<PathBuf>,
        /// Interpreters that run at a time.
        #[arg(long, default_value_t = 2)]
        jobs: usize,
        /// Differences to print.
        #[arg(long, default_value_t = 10)]
        show: usize,
        /// Take every n-th file only.
        #[arg(long, default_value_t = 1)]
        every: usize,
    },
    /// A set of snippets with recorded answers: `cases.jsonl` and `cases_tables.jsonl` in a folder.
    Cases {
        /// The folder.
        #[arg(long)]
        truth: PathBuf,
        /// Versions, with commas between; all by default.
        #[arg(long, value_delimiter = ',')]
        python: Vec<PyVersion>,
        /// Differences to print for each version.
        #[arg(long, default_value_t = 10)]
        show: usize,
    },
    /// The rule of every name use, v. the instruction that the compiler emitted.
    Names {
        /// Versions, with commas between. Before 3.11 instructions have no columns.
        #[arg(long, value_delimiter = ',', default_values = ["3.11", "3.12", "3.13"])]
        python: Vec<PyVersion>,
        /// Folder of Python files; by default each version's own standard library with its tests.
        #[arg(long)]
        lib: Option<PathBuf>,
        /// Interpreters that run at a time.
        #[arg(long, default_value_t = 2)]
        jobs: usize,
        /// Differences to print.
        #[arg(long, default_value_t = 10)]
        show: usize,
        /// Take every n-th file only.
        #[arg(long, default_value_t = 1)]
        every: usize,
    },
}

pub(crate) fn run(task: &Task) -> anyhow::Result<()> {
    let mut bad = 0;
    match task {
        Task::Scopes { python, lib, jobs, show, every } => {
            println!("{}", scopes::HEAD);
            for interpreter in workspace::interpreters(python)? {
                for (label, files) in library::sets(&interpreter, lib.as_deref(), *every)? {
                    let tally = scopes::compare_files(&interpreter, &files, *jobs, &legb::symtable_row)?;
                    println!("{}", tally.line(&label));
                    tally.print_first(*show);
                    bad += tally.differing.len();
                }
            }
        }
        Task::Cases { truth, python, show } => {
            let cases = cases::read(truth)?;
            for version in PyVersion::ALL {
                if python.is_empty() || python.contains(&version) {
                    let tally = cases::compare(&cases, version, &legb::symtable_row)?;
                    println!("{}", tally.line());
                    tally.print_first(*show);
                    bad += tally.differing.len();
                }
            }
        }
        Task::Names { python, lib, jobs, show, every } => {
            println!("{}", names::HEAD);
            for interpreter in workspace::interpreters(python)? {
                for (label, files) in library::sets(&interpreter, lib.as_deref(), *every)? {
                    let tally = names::compare_files(&interpreter, &files, *jobs, &legb::uses_of)?;
                    println!("{}", tally.line(&label));
                    tally.print_first(*show);
                    bad += tally.differing.len() + tally.unmatched.len();
                }
            }
        }
    }
    if bad > 0 {
        bail!("{bad} differences");
    }
    Ok(())
}
