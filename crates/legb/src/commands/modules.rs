//! `legb modules`: what each module of a project holds.

mod csv;
mod text;

use std::io::Write;
use std::path::Path;

use legb_graph::Resolver;
use legb_project::{Gravity, Problem};
use legb_query::report::dangling;
use legb_query::{EntryPoint, entry_points, report};

use crate::args::{GlobalArgs, ModulesArgs, ModulesFormat};
use crate::targets::Targets;
use crate::{Exit, described, output};

/// Runs the command.
pub(crate) fn run(args: &ModulesArgs, global: &GlobalArgs) -> anyhow::Result<Exit> {
    let targets = Targets::choose(args.target.target_version.as_ref(), &args.paths[0], global.isolated);
    // What a module holds differs between versions by what they compile at all; one version is asked, the newest of a list.
    let version = targets.newest();
    if global.verbose {
        output::note(&targets.to_string());
    }
    let project = described::project(&args.paths, &args.environment.src, &args.files)?;
    let mut problems: Vec<Problem> = targets.problem.into_iter().chain(project.problems.iter().cloned()).collect();
    let wanted: Vec<u32> = project.reported().filter_map(|id| project.table.get(id).file).collect();
    let mut described = Vec::new();
    described::describe(&project.table, version, &args.files, &wanted, &mut described, &mut problems)?;
    let entry_points = project_entry_points(&args.paths[0], &mut problems);
    problems.extend(dangling(&project.table, &entry_points).into_iter().map(leads_nowhere));
    let resolver = Resolver::new(project.table.clone(), version);
    let rows = report(&resolver, &described, &entry_points);
    match args.format {
        ModulesFormat::Json => output::plain(|out| {
            serde_json::to_writer_pretty(&mut *out, &rows)?;
            writeln!(out)
        })?,
        ModulesFormat::Csv => output::plain(|out| csv::write(&rows, out))?,
        ModulesFormat::Text => output::styled(|out| text::write(&rows, args.view, out))?,
    }
    if rows.is_empty() && problems.is_empty() && !global.quiet {
        output::warning("no Python files below the given paths");
    }
    output::problems(&problems, global.quiet);
    let failed = problems.iter().any(|problem| problem.gravity == Gravity::Error);
    Ok(if failed { Exit::Failed } else { Exit::Clean })
}

/// The entry points of the project around a path.
fn project_entry_points(path: &Path, problems: &mut Vec<Problem>) -> Vec<EntryPoint> {
    let start = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let Some(root) = legb_query::dependencies::project_folder(&start) else { return Vec::new() };
    let here = std::env::current_dir().unwrap_or_default();
    let (entry_points, found) = entry_points(root.strip_prefix(&here).unwrap_or(&root));
    problems.extend(found);
    entry_points
}

fn leads_nowhere(entry: &EntryPoint) -> Problem {
    let what =
        format!("line {}: `{}` leads to the module `{}`, which does not exist", entry.line, entry.name, entry.module);
    Problem::warning(Path::new(&entry.path), what, "correct the name of the module")
}
