//! `legb cycles`: which modules import each other, and which few imports to cut.

mod text;

use std::borrow::Cow;
use std::io::{self, Write};

use anyhow::Context;
use legb_graph::{Asked, Cycle, ModuleId, Network, cycles};
use legb_project::Gravity;
use serde::Serialize;

use crate::args::{CyclesArgs, GlobalArgs, TextFormat};
use crate::targets::Targets;
use crate::{Exit, described as project_of, files, output};

/// So many of the smallest cycles of a group are shown to people.
const TEXT_LIMIT: usize = 5;
/// So many are given to programs.
const DATA_LIMIT: usize = 100;

/// Runs the command.
pub(crate) fn run(args: &CyclesArgs, global: &GlobalArgs) -> anyhow::Result<Exit> {
    let targets = Targets::choose(args.target.target_version.as_ref(), &args.paths[0], global.isolated);
    let mut project = project_of::project(&args.paths, &args.src, &args.files)?;
    project.problems.extend(targets.problem.clone());
    if global.verbose {
        output::note(&format!("{targets}; modules: {}", project.table.len()));
    }
    let is_empty = project.reported().next().is_none();
    if is_empty && project.problems.is_empty() && !global.quiet {
        output::warning("no Python files below the given paths");
    }
    let (version, threads) = (targets.newest(), files::threads(&args.files));
    let network = Network::read(project, version, threads, false).context("cannot start a thread")?;
    let limit = if args.format == TextFormat::Json { DATA_LIMIT } else { TEXT_LIMIT };
    let asked = Asked { all: args.all, limit: args.limit.unwrap_or(limit), version, threads };
    let (found, unread) = cycles(&network, asked).context("cannot start a thread")?;
    match args.format {
        TextFormat::Json => output::plain(|out| write_json(&network, &found, out))?,
        TextFormat::Text if is_empty => {}
        TextFormat::Text => output::styled(|out| text::write(&network, &found, args.all, out))?,
    }
    let problems = network.project.problems.iter().chain(&unread);
    output::problems(problems.clone(), global.quiet);
    let failed = problems.clone().any(|problem| problem.gravity == Gravity::Error);
    Ok(if failed { Exit::Failed } else { Exit::Clean })
}

/// A group of modules as data. The entries get their verdicts from the evaluator.
#[derive(Serialize)]
struct Described<'a> {
    modules: Vec<&'a str>,
    cycles: Vec<Vec<&'a str>>,
    entries: [(); 0],
    cut: DescribedCut<'a>,
}

/// What to cut.
#[derive(Serialize)]
struct DescribedCut<'a> {
    title: String,
    edits: [(); 0],
    /// Whether a run showed that the cycle is gone: nothing is run here.
    verified: bool,
    imports: Vec<DescribedImport<'a>>,
    /// Whether no fewer imports would do.
    least: bool,
}

#[derive(Serialize)]
struct DescribedImport<'a> {
    from: &'a str,
    to: &'a str,
    path: Option<Cow<'a, str>>,
    lines: Vec<u32>,
    ease: &'static str,
}

/// One array; each group has a line.
fn write_json(network: &Network, found: &[Cycle], out: &mut dyn Write) -> io::Result<()> {
    output::json_lines(found.iter().map(|cycle| described(network, cycle)), out)?;
    writeln!(out)
}

fn described<'n>(network: &'n Network, cycle: &Cycle) -> Described<'n> {
    let names = |ids: &[ModuleId]| ids.iter().map(|&id| network.name(id)).collect::<Vec<_>>();
    let imports = cycle.cut.iter().map(|import| DescribedImport {
        from: network.name(import.from),
        to: network.name(import.to),
        path: network.path(import.from),
        lines: import.sites.iter().map(|site| site.line).collect(),
        ease: import.ease.word(),
    });
    Described {
        modules: names(&cycle.modules),
        cycles: cycle.smallest.iter().map(|cycle| names(cycle)).collect(),
        entries: [],
        cut: DescribedCut {
            title: text::title(network, cycle),
            edits: [],
            verified: false,
            imports: imports.collect(),
            least: cycle.cut_is_least,
        },
    }
}
