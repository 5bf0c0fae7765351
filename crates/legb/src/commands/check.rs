//! `legb check`: all findings of files and folders.

use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, anyhow, bail};
use legb_base::{RuleId, Severity};
use legb_project::{Discovered, Excerpts, Gravity, Outcome, Problem, SourceFile, internal_error, load};
use legb_report::statistics::{statistics, write_table};
use legb_report::{Entry, Report};
use legb_resolve::interpreter::absolute;
use legb_resolve::{Environment, RealFs};
use legb_rules::{Selection, Settings as RuleSettings, looks_at_project};

use crate::args::{CheckArgs, GlobalArgs};
use crate::contract_pass::{CONTRACT_BROKEN, Remainder};
use crate::import_pass::CIRCULAR_IMPORT;
use crate::per_file::PerFile;
use crate::pipeline::{Looked, Pipeline, Worker};
use crate::project_pass::ProjectPass;
use crate::targets::Targets;
use crate::{Exit, baseline, contract_pass, environment, files, import_pass, output, repairs, rewrite, watch};

/// The rule that speaks when legb itself fails.
const INTERNAL_ERROR: RuleId = RuleId { code: "LEGB901", name: "internal-error" };
const STANDARD_INPUT: &str = "-";

/// Runs the command.
pub(crate) fn run(args: &CheckArgs, global: &GlobalArgs) -> anyhow::Result<Exit> {
    let fixes = &args.fixes;
    if fixes.unsafe_fixes && !fixes.fix && !fixes.diff {
        bail!("`--unsafe-fixes` says which fixes to apply\n  help: use it with `--fix` or `--diff`");
    }
    let reads_stdin = args.paths.iter().any(|path| path == Path::new(STANDARD_INPUT));
    if reads_stdin && (args.watch || fixes.add_ignores) {
        bail!("standard input cannot be watched or written\n  help: name the file");
    }
    if args.watch {
        return watch::run(&args.paths, &args.files, || once(args, global));
    }
    once(args, global)
}

/// Checks once.
fn once(args: &CheckArgs, global: &GlobalArgs) -> anyhow::Result<Exit> {
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
    let files: Arc<[SourceFile]> = files.into();
    let mut repaired = Repaired::default();
    if args.fixes.fix || args.fixes.diff {
        let per_file = PerFile::new(&global.settings)?;
        repaired = repair(args, &files, &targets, (&selection, per_file), reads_stdin)?;
        if args.fixes.diff || reads_stdin {
            output::problems(problems.iter().chain(&repaired.problems), global.quiet);
            let failed = problems.iter().chain(&repaired.problems).any(|problem| problem.gravity == Gravity::Error);
            let exit = if repaired.files > 0 && args.fixes.diff { Exit::Findings } else { Exit::Clean };
            return Ok(if failed { Exit::Failed } else { exit });
        }
        if !global.quiet && repaired.files > 0 {
            output::note(&format!("Applied {} fixes in {} files", repaired.count, repaired.files));
        }
    }
    let knows_lines = args.baseline.baseline.is_some() || args.baseline.write_baseline;
    let shows_source = args.format.shows_source() && !args.statistics || knows_lines;
    let excerpts = if shows_source { Excerpts::Kept } else { Excerpts::Dropped };
    let paths = if reads_stdin { vec![stdin_path.to_owned()] } else { args.paths.clone() };
    let asked = Asked { args, global, targets: &targets, selection: &selection, paths: &paths, excerpts };
    let mut checked = asked.check(&files)?;
    checked.problems.splice(0..0, targets.problem.clone().into_iter().chain(problems));
    checked.problems.append(&mut repaired.problems);
    if args.fixes.add_ignores {
        let count = add_ignores(&files, &mut checked, &targets);
        output::problems(&checked.problems, global.quiet);
        if !global.quiet {
            output::note(&format!("Silenced {count} findings"));
        }
        return Ok(if checked.is_complete() { Exit::Clean } else { Exit::Failed });
    }
    let baseline_file = args.baseline.baseline.as_deref().unwrap_or(Path::new(baseline::DEFAULT_FILE));
    if args.baseline.write_baseline {
        baseline::write(baseline_file, &checked.entries)?;
        output::problems(&checked.problems, global.quiet);
        if !global.quiet {
            output::note(&format!("Wrote {} findings to {}", checked.entries.len(), baseline_file.display()));
        }
        return Ok(if checked.is_complete() { Exit::Clean } else { Exit::Failed });
    }
    if args.baseline.baseline.is_some() {
        let known = baseline::apply(baseline_file, &mut checked.entries)?;
        if global.verbose {
            output::note(&format!("left out as known: {known}"));
        }
    }
    print(args, global, &checked, &targets)?;
    output::problems(&checked.problems, global.quiet);
    let found = checked.entries.iter().any(|entry| entry.finding.severity != Severity::Info);
    Ok(match (checked.is_complete(), found && !args.exit_zero) {
        (false, _) => Exit::Failed,
        (true, true) => Exit::Findings,
        (true, false) => Exit::Clean,
    })
}

/// What is to be checked, and how.
struct Asked<'a> {
    args: &'a CheckArgs,
    global: &'a GlobalArgs,
    targets: &'a Targets,
    selection: &'a Selection,
    /// The paths that were named.
    paths: &'a [PathBuf],
    excerpts: Excerpts,
}

impl Asked<'_> {
    /// Runs the rules over the files, and those about the project.
    fn check(&self, files: &Arc<[SourceFile]>) -> anyhow::Result<Checked> {
        let (args, selection) = (self.args, self.selection);
        let elsewhere = [CONTRACT_BROKEN, CIRCULAR_IMPORT];
        let summarises = looks_at_project(selection) || elsewhere.iter().any(|rule| selection.contains(rule.code));
        let versions = self.targets.versions.clone();
        let set = &self.global.settings;
        let settings = RuleSettings {
            banned_imports: set.banned_imports.clone(),
            builtin_arguments: set.builtin_shadowing_arguments,
        };
        let pipeline =
            Pipeline { versions, selection: selection.clone(), excerpts: self.excerpts, settings, summarises };
        let work = move |worker: &mut Worker, file: &SourceFile, bytes: &[u8]| pipeline.check(worker, file, bytes);
        let mut outcomes =
            load(files, files::threads(&args.files), Worker::default, work).context("cannot start a thread")?;
        let mut contracts = Remainder::default();
        if summarises {
            contracts = self.look_at_project(files, &mut outcomes)?;
        }
        let mut checked = Checked::default();
        for (file, outcome) in files.iter().zip(outcomes) {
            checked.add(file, outcome);
        }
        checked.problems.append(&mut contracts.problems);
        checked.entries.append(&mut contracts.entries);
        PerFile::new(&self.global.settings)?.apply(&mut checked.entries);
        Ok(checked)
    }

    fn look_at_project(
        &self,
        files: &Arc<[SourceFile]>,
        outcomes: &mut [Outcome<Looked>],
    ) -> anyhow::Result<Remainder> {
        let (args, fs) = (self.args, RealFs::new());
        let roots = environment::roots(&args.environment, self.paths, &fs)?;
        let around = absolute(&self.paths[0], &environment::working_directory()?);
        let installation = environment::installation(&args.environment, &around, &fs)?;
        let environments = self.targets.versions.iter().map(|&version| {
            let settings = environment::settings(version, &roots, installation.clone(), self.global.isolated, &fs)?;
            Ok(Environment::new(settings, &fs))
        });
        let pass = ProjectPass {
            files,
            roots: &roots,
            environments: &environments.collect::<anyhow::Result<Vec<_>>>()?,
            fs: &fs,
            selection: self.selection,
            exclusion: &files::exclusion(&args.files)?,
            excerpts: self.excerpts,
        };
        pass.add_to(outcomes)?;
        if self.selection.contains(CIRCULAR_IMPORT.code) {
            import_pass::add_to(outcomes, &pass, self.paths, (args, self.global), self.targets)?;
        }
        if self.selection.contains(CONTRACT_BROKEN.code) && !self.global.isolated {
            let how = (args.environment.src.as_slice(), &args.files);
            let named = self.global.config.as_deref();
            return contract_pass::add_to(outcomes, &pass, &self.paths[0], how, named, self.targets.newest());
        }
        Ok(Remainder::default())
    }
}

/// Everything that the rules of `args` say, with the source lines if they are wanted, the number of files, and problems.
pub(crate) fn found(
    args: &CheckArgs,
    global: &GlobalArgs,
    excerpts: Excerpts,
) -> anyhow::Result<(Vec<Entry>, usize, Vec<Problem>)> {
    let selection = Selection::new(&args.rules.select, &args.rules.extend_select, &args.rules.ignore)
        .map_err(|unknown| anyhow!("{unknown}\n  help: `legb rule` lists all rules"))?;
    let targets = Targets::choose(args.target.target_version.as_ref(), &args.paths[0], global.isolated);
    let Discovered { files, problems } = files::find(&args.paths, &args.files)?;
    let paths = &args.paths;
    let asked = Asked { args, global, targets: &targets, selection: &selection, paths, excerpts };
    let mut checked = asked.check(&files.into())?;
    checked.problems.splice(0..0, targets.problem.clone().into_iter().chain(problems));
    Ok((checked.entries, checked.files, checked.problems))
}

/// What `--fix` and `--diff` did.
#[derive(Default)]
struct Repaired {
    files: usize,
    count: usize,
    problems: Vec<Problem>,
}

/// Writes, or shows, what the files become by their fixes; standard input goes to standard output.
fn repair(
    args: &CheckArgs,
    files: &Arc<[SourceFile]>,
    targets: &Targets,
    (selection, per_file): (&Selection, PerFile),
    reads_stdin: bool,
) -> anyhow::Result<Repaired> {
    let how = repairs::How {
        versions: targets.versions.clone(),
        selection: selection.clone(),
        per_file,
        and_unsafe: args.fixes.unsafe_fixes,
    };
    let (changes, problems) = repairs::find(files, files::threads(&args.files), how)?;
    let mut repaired = Repaired { problems, ..Repaired::default() };
    if args.fixes.diff {
        output::styled(|out| {
            changes
                .iter()
                .try_for_each(|(&at, change)| rewrite::diff(&files[at].shown(), &change.before, &change.after, out))
        })?;
        repaired.files = changes.len();
        return Ok(repaired);
    }
    if reads_stdin {
        let content = changes.get(&0).map(|change| change.after.as_slice()).or_else(|| files.first()?.content());
        output::plain(|out| out.write_all(content.unwrap_or_default()))?;
        return Ok(repaired);
    }
    for (at, change) in changes {
        match repairs::write(files[at].path(), &change.after) {
            Ok(()) => {
                repaired.files += 1;
                repaired.count += change.count;
            }
            Err(problem) => repaired.problems.push(problem),
        }
    }
    Ok(repaired)
}

/// Writes a comment behind every finding that silences it; returns how many were silenced.
fn add_ignores(files: &[SourceFile], checked: &mut Checked, targets: &Targets) -> usize {
    let mut count = 0;
    for file in files {
        let shown = file.shown();
        let of_file: Vec<&Entry> = checked.entries.iter().filter(|entry| entry.finding.path == shown).collect();
        if of_file.is_empty() {
            continue;
        }
        let Ok(bytes) = std::fs::read(file.path()) else { continue };
        if let Some((content, silenced)) = repairs::with_ignores(&bytes, file.kind(), targets.newest(), &of_file) {
            match repairs::write(file.path(), &content) {
                Ok(()) => count += silenced,
                Err(problem) => checked.problems.push(problem),
            }
        }
    }
    count
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
    if let Some(path) = &args.output_file {
        let write = || -> io::Result<()> {
            // Data arrives as it is; text in a file has no colours.
            let file = std::fs::File::create(path)?;
            let choice = if is_data { anstream::ColorChoice::AlwaysAnsi } else { anstream::ColorChoice::Never };
            let mut out = io::BufWriter::new(anstream::AutoStream::new(file, choice));
            args.format.write(&report, &mut out)?;
            out.flush()
        };
        return write().with_context(|| format!("cannot write the report to {}", path.display()));
    }
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
