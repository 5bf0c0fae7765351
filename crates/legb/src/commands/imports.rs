//! `legb imports`: which modules are imported, and by how many files.

use std::io::{self, Write};
use std::path::PathBuf;

use anstyle::Style;
use anyhow::Context;
use legb_base::PyVersion;
use legb_graph::{ImportCounts, Imported, Origin as ImportOrigin, count_imports};
use legb_project::{Gravity, Problem};
use legb_query::dependencies::import_names::{Coverage, Distributions, How, Unused};
use legb_query::dependencies::{Declared, declared, project_folder};
use legb_resolve::interpreter::absolute;
use legb_resolve::{Environment, Origin, RealFs};
use serde::Serialize;

use crate::args::{GlobalArgs, ImportKind, ImportsArgs, ImportsFormat};
use crate::output::{csv_line, json_lines, thousands};
use crate::targets::Targets;
use crate::{Exit, described, environment, files, output};

const NAME: Style = Style::new().bold();
const QUIET: Style = Style::new().dimmed();

/// An imported module as data.
#[derive(Serialize)]
struct DescribedImport<'a> {
    module: &'a str,
    files: usize,
    kind: &'static str,
}

/// Runs the command.
pub(crate) fn run(args: &ImportsArgs, global: &GlobalArgs) -> anyhow::Result<Exit> {
    let targets = Targets::choose(args.target.target_version.as_ref(), &args.paths[0], global.isolated);
    let project = described::project(&args.paths, &args.environment.src, &args.files)?;
    let mut problems: Vec<Problem> = targets.problem.iter().chain(&project.problems).cloned().collect();
    if global.verbose {
        output::note(&targets.to_string());
    }
    let depth = args.depth.map(usize::from);
    let mut counts = count_imports(&project, targets.newest(), files::threads(&args.files), depth)
        .context("cannot start a thread")?;
    problems.append(&mut counts.problems);
    if counts.files == 0 && problems.is_empty() && !global.quiet {
        output::warning("no Python files below the given paths");
    }
    if args.not_declared || args.unused_dependencies {
        let dependencies = dependencies(args, targets.newest(), global.isolated, &mut problems)?;
        if args.unused_dependencies {
            let imported = counts.modules.iter().map(|imported| imported.module.as_str());
            print_unused(args, &dependencies.1.unused(imported))?;
            return Ok(finish(&problems, global));
        }
        if dependencies.0.found {
            let is_missing = |imported: &Imported| {
                imported.origin == ImportOrigin::ThirdParty && !dependencies.1.is_declared(&imported.module)
            };
            counts.modules.retain(is_missing);
        } else {
            output::warning("no file declares dependencies: all third-party modules are shown");
            counts.modules.retain(|imported| imported.origin == ImportOrigin::ThirdParty);
        }
    }
    print(args, &counts)?;
    Ok(finish(&problems, global))
}

fn finish(problems: &[Problem], global: &GlobalArgs) -> Exit {
    output::problems(problems, global.quiet);
    if problems.iter().any(|problem| problem.gravity == Gravity::Error) { Exit::Failed } else { Exit::Clean }
}

/// What the project around the first path declares, and the modules that this brings.
fn dependencies(
    args: &ImportsArgs,
    version: PyVersion,
    isolated: bool,
    problems: &mut Vec<Problem>,
) -> anyhow::Result<(Declared, Coverage)> {
    let here = environment::working_directory()?;
    let start = absolute(&args.paths[0], &here);
    let mut found = match project_folder(&start) {
        Some(root) => declared(root.strip_prefix(&here).unwrap_or(&root)),
        None => Declared::default(),
    };
    problems.append(&mut found.problems);
    let fs = RealFs::new();
    let roots = environment::roots(&args.environment, &args.paths, &fs)?;
    let installation = environment::installation(&args.environment, &start, &fs)?;
    let settings = environment::settings(version, &roots, installation, isolated, &fs)?;
    let installed = Environment::new(settings, &fs).sys_path.into_iter();
    let site_packages: Vec<PathBuf> = installed
        .filter(|entry| matches!(entry.origin, Origin::SitePackages | Origin::UserSite))
        .map(|entry| entry.path)
        .collect();
    let coverage = Coverage::new(&found, &Distributions::read(&site_packages));
    Ok((found, coverage))
}

fn print(args: &ImportsArgs, counts: &ImportCounts) -> anyhow::Result<()> {
    let is_wanted = |imported: &&Imported| {
        let kind = match imported.origin {
            ImportOrigin::FirstParty => ImportKind::FirstParty,
            ImportOrigin::ThirdParty => ImportKind::ThirdParty,
            ImportOrigin::Stdlib => ImportKind::Stdlib,
        };
        args.kind.is_empty() || args.kind.contains(&kind)
    };
    let mut rows: Vec<&Imported> = counts.modules.iter().filter(is_wanted).collect();
    let all = rows.len();
    rows.truncate(args.top.unwrap_or(all));
    match args.format {
        ImportsFormat::Text => output::styled(|out| write_text(&rows, all, counts.files, out)),
        ImportsFormat::Json => output::plain(|out| {
            let rows = rows.iter().map(|row| DescribedImport {
                module: &row.module,
                files: row.files,
                kind: row.origin.word(),
            });
            json_lines(rows, out)?;
            writeln!(out)
        }),
        ImportsFormat::Csv => output::plain(|out| {
            writeln!(out, "module,files,kind")?;
            rows.iter().try_for_each(|row| csv_line(&[&row.module, &row.files.to_string(), row.origin.word()], out))
        }),
    }
}

fn write_text(rows: &[&Imported], all: usize, files: usize, out: &mut dyn Write) -> io::Result<()> {
    for row in rows {
        writeln!(
            out,
            "{:>7}  {NAME}{}{NAME:#}  {QUIET}{}{QUIET:#}",
            thousands(row.files),
            row.module,
            row.origin.word()
        )?;
    }
    let shown =
        if rows.len() < all { format!("the first {} of {}", rows.len(), thousands(all)) } else { thousands(all) };
    let modules = if all == 1 { "module" } else { "modules" };
    let files_word = if files == 1 { "file" } else { "files" };
    writeln!(out, "\n{QUIET}{shown} imported {modules}, {} {files_word}{QUIET:#}", thousands(files))
}

fn print_unused(args: &ImportsArgs, unused: &[Unused]) -> anyhow::Result<()> {
    match args.format {
        ImportsFormat::Json => output::plain(|out| {
            json_lines(unused, out)?;
            writeln!(out)
        }),
        ImportsFormat::Csv => output::plain(|out| {
            writeln!(out, "name,path,line,modules")?;
            unused.iter().try_for_each(|row| {
                let (line, modules) = (row.dependency.line.to_string(), row.brought.modules.join(" "));
                csv_line(&[&row.dependency.name, &row.dependency.path, &line, &modules], out)
            })
        }),
        ImportsFormat::Text => output::styled(|out| {
            for row in unused {
                let modules = row.brought.modules.join(", ");
                let how = if row.brought.how == How::Guessed { ", going by its name" } else { "" };
                writeln!(
                    out,
                    "{NAME}{}{NAME:#}  {QUIET}{}:{}  would bring {modules}{how}{QUIET:#}",
                    row.dependency.name, row.dependency.path, row.dependency.line
                )?;
            }
            let count = if unused.is_empty() { "no".to_owned() } else { unused.len().to_string() };
            writeln!(out, "\n{QUIET}{count} declared dependencies that nothing imports{QUIET:#}")
        }),
    }
}
