//! `legb cycles`: which modules import each other, whether that makes a program fail, and what to cut.

mod text;
mod verdicts;

use std::borrow::Cow;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context;
use legb_base::PyVersion;
use legb_base::fix::LocatedEdit;
use legb_graph::{Asked, Cycle, ModuleId, Network, cycles};
use legb_project::Gravity;
use legb_query::{EntryPoint, entry_points};
use serde::Serialize;
use serde_json::{Value, json};

use crate::args::{CyclesArgs, GlobalArgs, TextFormat};
use crate::evaluation::{World, budget};
use crate::kept::{Answer, Question};
use crate::noted::Note;
use crate::targets::Targets;
use crate::verdicts::entries::Programs;
use crate::verdicts::taken::Takers;
use crate::verdicts::{Judged, Runs, Start};
use crate::{Exit, described as project_of, environment, files, output, rewrite, story};

/// So many of the smallest cycles of a group are shown to people.
const TEXT_LIMIT: usize = 5;
/// So many are given to programs.
const DATA_LIMIT: usize = 100;

/// Runs the command.
pub(crate) fn run(args: &CyclesArgs, global: &GlobalArgs) -> anyhow::Result<Exit> {
    let targets = Targets::choose(args.target.target_version.as_ref(), &args.paths[0], global.isolated);
    let mut project = project_of::project(&args.paths, &args.environment.src, &args.files)?;
    project.problems.extend(targets.problem.clone());
    if global.verbose {
        output::note(&format!("{targets}; modules: {}", project.table.len()));
    }
    let is_empty = project.reported().next().is_none();
    if is_empty && project.problems.is_empty() && !global.quiet {
        output::warning("no Python files below the given paths");
    }
    let (version, threads) = (targets.newest(), files::threads(&args.files));
    let edits = args.fix || args.diff;
    let asked = format!("cycles {args:?} {version} {} {}", targets.told, global.isolated);
    let question = if edits || is_empty { None } else { Question::new(&asked, &project, threads, global)? };
    if let Some(answer) = question.as_ref().and_then(Question::answer) {
        return tell(&answer, args, global);
    }
    let network = Network::read(project, version, threads, false).context("cannot start a thread")?;
    let limit = if args.format == TextFormat::Json { DATA_LIMIT } else { TEXT_LIMIT };
    let asked = Asked { all: args.all, limit: args.limit.unwrap_or(limit), version, threads };
    let (found, unread) = cycles(&network, asked).context("cannot start a thread")?;
    let (judged, notes) = judge(args, global, &network, &found, &targets)?;
    let here = environment::working_directory()?;
    let mut text = Vec::new();
    match args.format {
        _ if args.diff => {}
        TextFormat::Json => {
            let rows = found.iter().zip(&judged);
            output::json_lines(
                rows.map(|(cycle, group)| described(&network, cycle, group, version, &here)),
                &mut text,
            )?;
            writeln!(text)?;
        }
        TextFormat::Text if is_empty => {}
        TextFormat::Text => {
            let view = text::View { network: &network, all: args.all, here: &here };
            text::write(&view, &found, &judged, &mut text)?;
        }
    }
    let problems = network.project.problems.iter().chain(&unread);
    let failed = problems.clone().any(|problem| problem.gravity == Gravity::Error);
    let is_open = judged.iter().any(|group| group.judged.crashes());
    let exit = if failed {
        Exit::Failed
    } else if is_open {
        Exit::Findings
    } else {
        Exit::Clean
    };
    let answer = Answer::new(String::from_utf8(text).context("the answer is no text")?, problems, exit);
    if let Some(question) = question {
        question.keep(&answer, notes, &network.project);
    }
    let exit = tell(&answer, args, global)?;
    if !edits {
        return Ok(exit);
    }
    let open = repair(args, global, &judged)?;
    Ok(match exit {
        Exit::Failed => Exit::Failed,
        _ if open => Exit::Findings,
        _ => Exit::Clean,
    })
}

/// Prints an answer.
fn tell(answer: &Answer, args: &CyclesArgs, global: &GlobalArgs) -> anyhow::Result<Exit> {
    match args.format {
        TextFormat::Json => output::plain(|out| out.write_all(answer.text.as_bytes()))?,
        TextFormat::Text => output::styled(|out| out.write_all(answer.text.as_bytes()))?,
    }
    output::problems(&answer.problems(), global.quiet);
    Ok(answer.exit())
}

/// A group's entries and what became of them.
pub(super) struct Group {
    judged: Judged,
    /// Entry points of the project that were not run.
    left_out: usize,
}

/// Runs every entry of every group; also what the disk was asked for that.
fn judge(
    args: &CyclesArgs,
    global: &GlobalArgs,
    network: &Network,
    found: &[Cycle],
    targets: &Targets,
) -> anyhow::Result<(Vec<Group>, Vec<Note>)> {
    let version = targets.newest();
    if found.is_empty() {
        return Ok((Vec::new(), Vec::new()));
    }
    let here = environment::working_directory()?;
    let around: Vec<PathBuf> = args.paths.iter().map(|path| here.join(path)).collect();
    let world = World::new(&args.environment, global, &around, &around[0])?.assuming_packages();
    let folders = world.roots.iter().map(|root| root.path.clone());
    let mut points: Vec<EntryPoint> = folders.flat_map(|folder| entry_points(&folder).0).collect();
    points.dedup();
    let eager = network.graph.eager();
    let mut programs = Programs::new(network, &world, &points, &here);
    let (starts, left_out): (Vec<Vec<Start>>, Vec<usize>) =
        found.iter().map(|cycle| programs.of(cycle, &eager)).unzip();
    let sizes: Vec<usize> = found.iter().map(|cycle| cycle.modules.len()).collect();
    let takers = Takers::new(network, version, &here);
    let judged = world.evaluate(version, world.all_roots(), |modules| {
        let runs =
            Runs { version, source: modules, budget: budget(args.budget), here: &here, may_be_lazy: targets.told };
        runs.judge(&starts, &sizes, &|path, name| takers.takes(path, name))
    })?;
    let groups = judged.into_iter().zip(left_out).map(|(judged, left_out)| Group { judged, left_out }).collect();
    Ok((groups, world.notes()))
}

/// Shows or writes the edits, where that was asked for; whether a cycle is left that makes an entry crash.
fn repair(args: &CyclesArgs, global: &GlobalArgs, groups: &[Group]) -> anyhow::Result<bool> {
    let crashing = groups.iter().filter(|group| group.judged.crashes());
    let mut open = false;
    let mut written: Vec<&PathBuf> = Vec::new();
    for group in crashing {
        let Some(cut) = group.judged.cut.as_ref().filter(|cut| cut.verified) else {
            open = true;
            if !global.quiet {
                let first = group.judged.entries.iter().find(|entry| entry.circle.is_some());
                let name = first.map_or("", |entry| entry.shown.as_str());
                output::warning(&format!("no edit was found after which every entry of the cycle of `{name}` works"));
            }
            continue;
        };
        if args.diff {
            open = true;
            for (path, after) in &cut.files {
                let before = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
                let shown = legb_project::problem::shown(path).into_owned();
                output::styled(|out| rewrite::diff(&shown, &before, after, out))?;
            }
        } else if cut.files.iter().any(|(path, _)| written.contains(&path)) {
            open = true;
            output::warning("two repairs change one file; run `legb cycles --fix` again for the second");
        } else {
            cut.apply()?;
            written.extend(cut.files.iter().map(|(path, _)| path));
            if args.format == TextFormat::Text {
                output::styled(|out| writeln!(out, "done: {}", cut.title))?;
            }
        }
    }
    Ok(open)
}

/// A group of modules as data.
#[derive(Serialize)]
struct Described<'a> {
    modules: Vec<&'a str>,
    cycles: Vec<Vec<&'a str>>,
    entries: Vec<Value>,
    /// Entry points of the project that were not run.
    entries_left_out: usize,
    cut: DescribedCut<'a>,
}

/// What to cut.
#[derive(Serialize)]
struct DescribedCut<'a> {
    title: String,
    edits: &'a [LocatedEdit],
    /// Whether every entry worked in a run of the edited project.
    verified: bool,
    /// The fewest imports without which there is no cycle.
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

fn described<'n>(
    network: &'n Network,
    cycle: &Cycle,
    group: &'n Group,
    version: PyVersion,
    here: &Path,
) -> Described<'n> {
    let names = |ids: &[ModuleId]| ids.iter().map(|&id| network.name(id)).collect::<Vec<_>>();
    let imports = cycle.cut.iter().map(|import| DescribedImport {
        from: network.name(import.from),
        to: network.name(import.to),
        path: network.path(import.from),
        lines: import.sites.iter().map(|site| site.line).collect(),
        ease: import.ease.word(),
    });
    let cut = group.judged.cut.as_ref();
    let entries = group.judged.entries.iter().map(|ended| {
        let mut row = story::described(&ended.shown, version, &ended.story, here);
        if let Some(first) = &ended.works_after {
            row["because"] =
                format!("{}; works only if `{first}` is imported first", story::because(&ended.story, here)).into();
        }
        if ended.circle.is_some() {
            row["cut"] = cut.map_or(Value::Null, |cut| json!({"title": cut.title, "edits": cut.edits}));
        }
        row
    });
    Described {
        modules: names(&cycle.modules),
        cycles: cycle.smallest.iter().map(|cycle| names(cycle)).collect(),
        entries: entries.collect(),
        entries_left_out: group.left_out,
        cut: DescribedCut {
            title: cut.map_or_else(|| text::title(network, cycle), |cut| cut.title.clone()),
            edits: cut.map_or(&[], |cut| &cut.edits),
            verified: cut.is_some_and(|cut| cut.verified),
            imports: imports.collect(),
            least: cycle.cut_is_least,
        },
    }
}
