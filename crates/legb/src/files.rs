//! From the arguments about files to the files, and how many threads work on them.

use std::path::PathBuf;

use anyhow::Context;
use legb_project::{Discovered, Discovery, Exclusion, Panic, Problem, SourceFile, discover, thread_count};

use crate::args::FileArgs;

/// How many threads to use.
pub(crate) fn threads(args: &FileArgs) -> usize {
    thread_count(args.threads.map(usize::from))
}

/// Compiles what is left out: what the settings came to, of which the options are a part.
pub(crate) fn exclusion(args: &FileArgs) -> anyhow::Result<Exclusion> {
    let here = std::env::current_dir().context("cannot tell the working directory")?;
    Exclusion::new(args.exclude.iter().map(String::as_str), &here).context("bad exclusion pattern")
}

/// Finds the files that `paths` stand for.
pub(crate) fn find(paths: &[PathBuf], args: &FileArgs) -> anyhow::Result<Discovered> {
    let exclusion = exclusion(args)?;
    let discovery = Discovery { exclusion: &exclusion, force_exclude: args.force_exclude, threads: threads(args) };
    Ok(discover(paths, &discovery))
}

/// What is said where legb itself fails on a file.
pub(crate) fn internal_error(file: &SourceFile, panic: &Panic) -> Problem {
    let place = panic.location.as_deref().unwrap_or("an unknown place");
    let what = format!("legb failed on this file: {} (at {place})", panic.message);
    Problem::error(
        file.path(),
        what,
        "this is a bug in legb; please report it with this message and, if you may, the file",
    )
}
