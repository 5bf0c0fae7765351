//! `legb api`: what a package exposes, who reaches past it, and the re-exports of its `__init__`.

mod rehearsal;
mod text;

use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, anyhow, bail};
use legb_base::{Dialect, PyVersion};
use legb_graph::project::Project;
use legb_graph::{ImportGraph, ModuleId, ModuleKind, ModuleTable, Resolver, imports_of};
use legb_project::{FileImports, Gravity, Problem};
use legb_query::api::{Api, Plan, Refused, Request, Style, api, plan};
use legb_query::dependencies::project_folder;
use legb_query::{Described, Exports, entry_points};
use rustc_hash::FxHashSet;

use crate::args::{ApiArgs, GlobalArgs, TextFormat};
use crate::targets::Targets;
use crate::{Exit, described, files, output, rewrite};

/// So often the question is put again with more files read; re-exports are seldom passed on so often.
const ROUNDS: usize = 32;

/// Runs the command.
pub(crate) fn run(args: &ApiArgs, global: &GlobalArgs) -> anyhow::Result<Exit> {
    let named = Path::new(&args.package);
    let is_name = args.package.split('.').all(|part| !part.is_empty() && !part.contains(['/', '\\', '-']));
    let here = Path::new(".");
    let start = if is_name || !named.exists() { here } else { named };
    let targets = Targets::choose(args.target.target_version.as_ref(), start, global.isolated);
    let version = targets.newest();
    if global.verbose {
        output::note(&targets.to_string());
    }
    let mut project = described::project(&[start.to_owned()], &args.environment.src, &args.files)?;
    if is_name && project.table.find(&args.package).is_none() && named.exists() {
        project = described::project(&[named.to_owned()], &args.environment.src, &args.files)?;
    }
    let package = find(&project.table, &args.package, named)?;
    let mut question = Question::new(project, package, version, args)?;
    question.problems.extend(targets.problem);
    let exit = if args.write || args.diff { question.rewrite(args, global)? } else { question.show(args)? };
    let problems = &question.problems;
    output::problems(problems, global.quiet);
    Ok(if problems.iter().any(|problem| problem.gravity == Gravity::Error) { Exit::Failed } else { exit })
}

/// The package that is asked about.
fn find(table: &ModuleTable, written: &str, path: &Path) -> anyhow::Result<ModuleId> {
    let by_name = || table.find(written);
    let here = std::env::current_dir().unwrap_or_default();
    let absolute = |path: &Path| legb_resolve::fs::normalised(&here.join(path));
    let by_path = || {
        let asked = absolute(path);
        table.iter().map(|(id, _)| id).find(|id| {
            let Some(file) = table.file(*id) else { return false };
            let file = absolute(file.path());
            file == asked || table.get(*id).kind == ModuleKind::Package && file.parent() == Some(&asked)
        })
    };
    let found = by_name().or_else(by_path);
    let Some(id) = found else {
        let near = table.nearest(written).map(|name| format!("; did you mean `{name}`?")).unwrap_or_default();
        bail!(
            "no package `{written}` here{near}\n  help: give its dotted name, its folder, or the import root with `--src DIR`"
        );
    };
    let module = table.get(id);
    if !module.kind.is_package() {
        let parent = module.parent.map(|parent| format!("; its package is `{}`", table.get(parent).name));
        bail!("`{written}` is a module, not a package{}", parent.unwrap_or_default());
    }
    Ok(id)
}

/// A question about a package, with what has been read to answer it.
struct Question<'a> {
    resolver: Resolver,
    graph: ImportGraph,
    /// The imports of every file of the table.
    imports: Vec<FileImports>,
    described: Vec<Option<Described>>,
    problems: Vec<Problem>,
    package: ModuleId,
    version: PyVersion,
    args: &'a ApiArgs,
}

impl<'a> Question<'a> {
    fn new(project: Project, package: ModuleId, version: PyVersion, args: &'a ApiArgs) -> anyhow::Result<Self> {
        let threads = files::threads(&args.files);
        let walked = project.walk(
            version,
            threads,
            |_| true,
            |resolver, id, imports| {
                let mut found = Vec::new();
                imports_of(resolver, id, imports, &mut found);
                (imports.clone(), found)
            },
        );
        let walked = walked.context("cannot start a thread")?;
        let table = Arc::clone(&project.table);
        let mut imports = vec![FileImports::default(); table.files().len()];
        let mut edges = Vec::new();
        for (id, (of_file, found)) in walked.answers {
            if let Some(file) = table.get(id).file {
                imports[file as usize] = of_file;
            }
            edges.extend(found);
        }
        let graph = ImportGraph::new(table.len(), edges);
        let wanted: Vec<u32> = table.subtree(package).filter_map(|id| table.get(id).file).collect();
        // What is merely odd elsewhere in the project is not what was asked about.
        let paths: FxHashSet<String> = wanted.iter().map(|file| table.files()[*file as usize].shown().into()).collect();
        let matters = |problem: &Problem| problem.gravity == Gravity::Error || paths.contains(&problem.path);
        let problems = project.problems.into_iter().chain(walked.problems).filter(matters).collect();
        let mut question = Self {
            resolver: Resolver::new(table, version),
            graph,
            imports,
            described: Vec::new(),
            problems,
            package,
            version,
            args,
        };
        question.read(&wanted)?;
        Ok(question)
    }

    fn read(&mut self, wanted: &[u32]) -> anyhow::Result<()> {
        let table = Arc::clone(self.resolver.table());
        described::describe(&table, self.version, &self.args.files, wanted, &mut self.described, &mut self.problems)
    }

    /// Asks until all files that the answer needs are read.
    fn ask<R>(&mut self, ask: impl Fn(&Self, &Exports<'_>) -> R) -> anyhow::Result<R> {
        for _ in 0..ROUNDS {
            let exports = Exports::new(&self.resolver, &self.described);
            let answer = ask(self, &exports);
            let missed = exports.missed();
            if missed.is_empty() {
                return Ok(answer);
            }
            self.read(&missed)?;
        }
        bail!("the names of `{}` are passed on too often to be followed", self.args.package)
    }

    fn show(&mut self, args: &ApiArgs) -> anyhow::Result<Exit> {
        let api: Api = self.ask(|question, exports| api(exports, question.package, &question.imports))?;
        match args.format {
            TextFormat::Json => output::plain(|out| {
                serde_json::to_writer_pretty(&mut *out, &api)?;
                writeln!(out)
            })?,
            TextFormat::Text => output::styled(|out| text::write(&api, out))?,
        }
        Ok(Exit::Clean)
    }

    /// Writes the `__init__`, or shows what would be written.
    fn rewrite(&mut self, args: &ApiArgs, global: &GlobalArgs) -> anyhow::Result<Exit> {
        let Some(path) = self.resolver.table().file(self.package).map(|file| file.path().to_owned()) else {
            bail!("`{}` has no `__init__`\n  help: create an empty `__init__.py` in its folder first", args.package);
        };
        let before = std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let style = match (args.lazy, args.eager) {
            (true, _) => Some(Style::Lazy),
            (_, true) => Some(Style::Eager),
            _ => None,
        };
        let dialect = Dialect::of(self.version);
        let folder = std::path::absolute(&path).ok().and_then(|path| project_folder(&path));
        let entry_points = folder.map(|folder| entry_points(&folder).0).unwrap_or_default();
        let plan = self.ask(|question, exports| {
            let request = Request {
                graph: &question.graph,
                entry_points: &entry_points,
                package: question.package,
                bytes: &before,
                style,
                dialect: &dialect,
            };
            plan(exports, &request)
        })?;
        let shown = legb_project::problem::shown(&path).into_owned();
        let plan = plan.map_err(|Refused { what, remedy }| anyhow!("{shown}: {what}\n  help: {remedy}"))?;
        if let Some(Refused { what, remedy }) = &plan.cycle
            && let Some(harm) = rehearsal::harm(self, &path, &plan.after, global)?
        {
            bail!("{shown}: {what}; {harm}\n  help: {remedy}");
        }
        tell_left_out(&plan, global);
        let changes = plan.after != before;
        if args.diff {
            output::styled(|out| rewrite::diff(&shown, &before, &plan.after, out))?;
            return Ok(if changes { Exit::Findings } else { Exit::Clean });
        }
        if changes {
            rewrite::replace(&path, &plan.after).with_context(|| format!("cannot write {shown}"))?;
        }
        let told = match (changes, plan.names) {
            (false, 0) => format!("{shown} is up to date: no module below it offers a name that it lacks"),
            (false, _) => format!("{shown} is up to date"),
            (true, 1) => format!("{shown}: 1 name re-exported"),
            (true, count) => format!("{shown}: {count} names re-exported"),
        };
        output::styled(|out| writeln!(out, "{told}"))?;
        Ok(Exit::Clean)
    }
}

fn tell_left_out(plan: &Plan, global: &GlobalArgs) {
    if global.quiet {
        return;
    }
    for left_out in &plan.left_out {
        let what = match &left_out.name {
            Some(name) => format!("`{name}` of `{}`", left_out.module),
            None => format!("`{}`", left_out.module),
        };
        output::warning(&format!("{what} is left out: {}", left_out.why));
    }
}
