//! `legb graph`: who imports whom.

mod csv;
mod diagram;
mod json;
mod text;

use anyhow::Context;
use legb_graph::{Filter, Network, Shape, View};
use legb_project::Gravity;

use crate::args::{GlobalArgs, GraphArgs, GraphFormat, PartArgs};
use crate::targets::Targets;
use crate::{Exit, described, files, output};

/// Runs the command.
pub(crate) fn run(args: &GraphArgs, global: &GlobalArgs) -> anyhow::Result<Exit> {
    let targets = Targets::choose(args.target.target_version.as_ref(), &args.paths[0], global.isolated);
    let mut project = described::project(&args.paths, &args.environment.src, &args.files)?;
    project.problems.extend(targets.problem.clone());
    if global.verbose {
        let roots: Vec<String> = project.roots.iter().map(|root| root.path.display().to_string()).collect();
        output::note(&format!("{targets}; import roots: {}; modules: {}", roots.join(", "), project.table.len()));
    }
    if project.reported().next().is_none() && project.problems.is_empty() && !global.quiet {
        output::warning("no Python files below the given paths");
    }
    let network = Network::read(project, targets.newest(), files::threads(&args.files), args.part.external)
        .context("cannot start a thread")?;
    match args.part.path.as_slice() {
        [from, to] => chain(args, &network, from, to)?,
        _ => print(args, &network)?,
    }
    let problems = &network.project.problems;
    output::problems(problems, global.quiet);
    let failed = problems.iter().any(|problem| problem.gravity == Gravity::Error);
    Ok(if failed { Exit::Failed } else { Exit::Clean })
}

fn shape(part: &PartArgs) -> Shape {
    Shape {
        eager_only: part.eager_only,
        with_packages: part.packages_above,
        group: part.group.map(usize::from),
        reverse: part.reverse,
        whole_project: !part.path.is_empty(),
    }
}

fn print(args: &GraphArgs, network: &Network) -> anyhow::Result<()> {
    let part = &args.part;
    let filter =
        Filter { packages: part.package.clone(), from: part.from.clone(), to: part.to.clone(), depth: part.depth };
    let view = View::new(network, shape(part)).filtered(&filter)?;
    write(args, &view, |view, out| {
        let starts = if part.from.is_empty() { None } else { view.starts(&filter).ok() };
        let is_chosen = starts.is_some() || !part.to.is_empty() || part.depth.is_some();
        text::write(view, starts.as_deref(), is_chosen, out)
    })
}

fn chain(args: &GraphArgs, network: &Network, from: &str, to: &str) -> anyhow::Result<()> {
    let whole = View::new(network, shape(&args.part));
    let Some((way, view)) = whole.chain(from, to)? else {
        let none = whole.none();
        let other_way = whole.chain(to, from)?.is_some();
        return write(args, &none, |_, out| text::write_no_chain(from, to, other_way, out));
    };
    write(args, &view, |view, out| text::write_chain(view, &way, out))
}

/// Writes a view in the format asked for; text is written by `as_text`.
fn write(
    args: &GraphArgs,
    view: &View<'_>,
    as_text: impl FnOnce(&View<'_>, &mut dyn std::io::Write) -> std::io::Result<()>,
) -> anyhow::Result<()> {
    match args.format {
        GraphFormat::Text => output::styled(|out| as_text(view, out)),
        GraphFormat::Json => output::plain(|out| json::write(view, out)),
        GraphFormat::Csv => output::plain(|out| csv::write(view, out)),
        GraphFormat::Dot => output::plain(|out| diagram::write_dot(view, out)),
        GraphFormat::Mermaid => output::plain(|out| diagram::write_mermaid(view, out)),
    }
}
