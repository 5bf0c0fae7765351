//! Files of a project, described one by one for the commands that look at what modules hold.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context;
use legb_base::PyVersion;
use legb_graph::ModuleTable;
use legb_graph::project::Project;
use legb_project::{Discovery, Outcome, Problem, SourceFile, load};
use legb_query::{Described, outline};
use legb_resolve::RealFs;

use crate::analysed::{analysed, refusal};
use crate::args::FileArgs;
use crate::files;

/// The project around some paths; `src` are import roots that were given.
pub(crate) fn project(paths: &[PathBuf], src: &[PathBuf], args: &FileArgs) -> anyhow::Result<Project> {
    let exclusion = files::exclusion(args)?;
    let discovery =
        Discovery { exclusion: &exclusion, force_exclude: args.force_exclude, threads: files::threads(args) };
    Ok(Project::open(paths, src, &discovery, &RealFs::new()))
}

/// Describes those files of a table that are `wanted`, by their positions in it; what goes wrong is added to `problems`.
pub(crate) fn describe(
    table: &ModuleTable,
    version: PyVersion,
    args: &FileArgs,
    wanted: &[u32],
    described: &mut Vec<Option<Described>>,
    problems: &mut Vec<Problem>,
) -> anyhow::Result<()> {
    let files = table.files();
    described.resize(files.len(), None);
    let chosen: Arc<[SourceFile]> = wanted.iter().map(|&position| files[position as usize].clone()).collect();
    let work = move |(): &mut (), file: &SourceFile, bytes: &[u8]| describe_one(file, bytes, version);
    let outcomes = load(&chosen, files::threads(args), || (), work).context("cannot start a thread")?;
    for (&position, outcome) in wanted.iter().zip(outcomes) {
        let position = position as usize;
        let problem = match outcome {
            Outcome::Done(done) => {
                described[position] = Some(done);
                continue;
            }
            Outcome::Unreadable(problem) => problem,
            Outcome::Panicked(panic) => files::internal_error(&files[position], &panic),
        };
        described[position] = Some(Described { problem: Some(problem.what.clone()), ..Described::default() });
        problems.push(problem);
    }
    Ok(())
}

fn describe_one(file: &SourceFile, bytes: &[u8], version: PyVersion) -> Described {
    let path = file.shown();
    let found = analysed(file, bytes, version, |source, error| {
        let problem = error.map(|error| {
            let refusal = refusal(&path, error, Some(source.lines));
            // The path is told beside it.
            refusal
                .strip_prefix(&format!("{path}:"))
                .map_or(refusal.clone(), |rest| format!("line {}", rest.trim_start()))
        });
        Described { outline: outline(source), problem }
    });
    found.unwrap_or_else(|error| {
        let problem = Some(format!("{}: {}", error.exception, error.message));
        Described { problem, ..Described::default() }
    })
}
