//! `legb check`: all findings of files and folders.

use std::io::{self, Read, Write};
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, anyhow, bail};
use legb_base::{RuleId, Severity};
use legb_project::{Discovered, Excerpts, Gravity, Outcome, Problem, SourceFile, internal_error, load};
use legb_report::statistics::{statistics, write_table};
use legb_report::{Entry, Report};
use legb_resolve::interpreter::absolute;
use legb_resolve::{Environment, RealFs};
use legb_rules::{Selection, looks_at_project};

use crate::args::{CheckArgs, GlobalArgs};
use crate::contract_pass::{CONTRACT_BROKEN, Remainder};
use crate::pipeline::{Looked, Pipeline, Worker};
use crate::project_pass::ProjectPass;
use crate::targets::Targets;
use crate::{Exit, contract_pass, environment, files, output};

/// The rule that speaks when legb itself fails.
const INTERNAL_ERROR: RuleId = RuleId { code: "LEGB901", name: "internal-error" };
const STANDARD_INPUT: &str = "-";

/// Runs the command.
pub(crate) fn run(args: &CheckArgs, global: &GlobalArgs) -> anyhow::Result<Exit> {
    let selection = Selection::new(&args.rules.select, &args.rules.extend_select, &args.rules.ignore)
        .map_err(|unknown| anyhow!("{unknown}\n  help: `legb rule` lists all rules"))?;
    let reads_stdin = args.paths.iter().any(|path| path == Path::new(STANDARD_INPUT));
    if reads_stdin && args.paths.len() > 1 {
        bail!("`-` stands for standard input and goes with no other path");
    }
    let stdin_path = args.stdin_filename.as_deref().unwrap_or(Path::new(STANDARD_INPUT));
    let first = if reads_stdin { stdin_path } else { &args.paths[0] };
    let targets = Targets::choose(args.target.target_version.as_ref(), first, global.isolated);
    let Discovered { files, problems } =
        if reads_stdin { standard_input(stdin_path, args)? } else { files::find(&args.paths, &args.files)? };
    if global.verbose {
        output::note(&format!("{targets}; files: {}; threads: {}", files.len(), files::threads(&args.files)));
    }
    if files.is_empty() && problems.is_empty() && !global.quiet {
        output::warning("no Python files below the given paths");
    }
    let shows_source = args.format.shows_source() && !args.statistics;
    let excerpts = if shows_source { Excerpts::Kept } else { Excerpts::Dropped };
    let summarises = looks_at_project(&selection) || selection.contains(CONTRACT_BROKEN.code);
    let pipeline = Pipeline { versions: targets.versions.clone(), selection: selection.clone(), excerpts, summarises };
    let files: Arc<[SourceFile]> = files.into();
    let work = move |worker: &mut Worker, file: &SourceFile, bytes: &[u8]| pipeline.check(worker, file, bytes);
    let mut outcomes =
        load(&files, files::threads(&args.files), Worker::default, work).context("cannot start a thread")?;
    let mut contracts = Remainder::default();
    if summarises {
        let fs = RealFs::new();
        let paths = if reads_stdin { vec![stdin_path.to_owned()] } else { args.paths.clone() };
        let roots = environment::roots(&args.environment, &paths, &fs)?;
        let around = absolute(&paths[0], &environment::working_directory()?);
        let installation = environment::installation(&args.environment, &around, &fs)?;
        let environments = targets.versions.iter().map(|&version| {
            let settings = environment::settings(version, &roots, installation.clone(), global.isolated, &fs)?;
            Ok(Environment::new(settings, &fs))
        });
        let pass = ProjectPass {
            files: &files,
            roots: &roots,
            environments: &environments.collect::<anyhow::Result<Vec<_>>>()?,
            fs: &fs,
            selection: &selection,
            exclusion: &files::exclusion(&args.files)?,
            excerpts,
        };
        pass.add_to(&mut outcomes)?;
        if selection.contains(CONTRACT_BROKEN.code) && !global.isolated {
            let how = (args.environment.src.as_slice(), &args.files);
            contracts = contract_pass::add_to(&mut outcomes, &pass, &paths[0], how, targets.newest())?;
        }
    }
    let mut checked =
        Checked { problems: targets.problem.clone().into_iter().chain(problems).collect(), ..Checked::default() };
    for (file, outcome) in files.iter().zip(outcomes) {
        checked.add(file, outcome);
    }
    checked.problems.append(&mut contracts.problems);
    checked.entries.append(&mut contracts.entries);
    print(args, global, &checked, &targets)?;
    output::problems(&checked.problems, global.quiet);
    let found = checked.entries.iter().any(|entry| entry.finding.severity != Severity::Info);
    Ok(match (checked.is_complete(), found && !args.exit_zero) {
        (false, _) => Exit::Failed,
        (true, true) => Exit::Findings,
        (true, false) => Exit::Clean,
    })
}

/// Standard input as the one file to check, unless it stands for one that is left out.
fn standard_input(path: &Path, args: &CheckArgs) -> anyhow::Result<Discovered> {
    let mut found = Discovered::default();
    if !args.files.force_exclude || !files::exclusion(&args.files)?.matches_or_is_below_match(path) {
        let mut bytes = Vec::new();
        io::stdin().read_to_end(&mut bytes).context("cannot read standard input")?;
        found.files.push(SourceFile::with_content(path.to_owned(), bytes));
    }
    Ok(found)
}

/// What a run came to.
#[derive(Default)]
struct Checked {
    entries: Vec<Entry>,
    problems: Vec<Problem>,
    files: usize,
    /// Whether legb itself failed on a file.
    failed: bool,
}

impl Checked {
    fn add(&mut self, file: &SourceFile, outcome: Outcome<Looked>) {
        match outcome {
            Outcome::Done(mut looked) => self.entries.append(&mut looked.entries),
            Outcome::Unreadable(problem) => {
                self.problems.push(problem);
                return;
            }
            Outcome::Panicked(panic) => {
                self.failed = true;
                let finding = internal_error(INTERNAL_ERROR, file, &panic);
                self.entries.push(Entry { finding, versions: None });
            }
        }
        self.files += 1;
    }

    /// Whether everything that was asked for was done.
    fn is_complete(&self) -> bool {
        !self.failed && self.problems.iter().all(|problem| problem.gravity != Gravity::Error)
    }
}

fn print(args: &CheckArgs, global: &GlobalArgs, checked: &Checked, targets: &Targets) -> anyhow::Result<()> {
    let is_data = args.format.is_data();
    if args.statistics {
        let statistics = statistics(&checked.entries);
        return if is_data {
            output::plain(|out| {
                serde_json::to_writer_pretty(&mut *out, &statistics)?;
                writeln!(out)
            })
        } else {
            output::styled(|out| write_table(&statistics, out))
        };
    }
    let report = Report {
        entries: &checked.entries,
        files: checked.files,
        versions: targets.versions.iter().copied().collect(),
        // A run that missed something must not say that all is clear.
        summary: !global.quiet && (checked.is_complete() || !checked.entries.is_empty()),
    };
    if is_data {
        output::plain(|out| args.format.write(&report, out))
    } else {
        output::styled(|out| args.format.write(&report, out))
    }
}

#[cfg(test)]
mod tests {
    use super::INTERNAL_ERROR;
    use legb_rules::RULES;

    #[test]
    fn the_rule_for_failures_is_documented() {
        assert!(RULES.iter().any(|rule| rule.id() == INTERNAL_ERROR));
    }
}
