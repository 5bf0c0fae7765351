//! The program that failed: which entry the first frame tells of, what it does here, and which repair makes it work.

use std::fs;
use std::path::{Path, PathBuf};

use legb_base::PyVersion;
use legb_eval::{Entry, Simulation, StoryFrame, Verdict, simulate};
use legb_log::Failure;
use legb_log::parsing::Frame;
use rustc_hash::FxHashMap;

use crate::evaluation::{Edited, Modules, World, budget};

use super::frames::Placed;
use super::repair::{Choice, Proposal};
use super::{Case, Reasons, is_import_system};

/// How a program was started.
pub(super) struct Started {
    entry: Entry,
    /// How it is called in the answer, and for `legb simulate`.
    pub(super) shown: String,
    /// The folder of the entry.
    folder: PathBuf,
}

/// Programs of so many steps are followed for one version only.
const MANY: usize = 400;

/// A run of the program as it is here.
pub(super) struct Run {
    /// How it was started.
    pub(super) shown: String,
    /// The version of Python.
    pub(super) version: PyVersion,
    /// What happens.
    pub(super) story: Simulation,
    /// Whether that is what happened in the log.
    pub(super) is_same: bool,
    /// Whether it says so in the same words.
    says_same: bool,
    /// The repair that is offered.
    pub(super) choice: Option<Choice>,
}

/// The repair that is offered of several: the first with which the program works, else the first that may help.
pub(super) fn tried(
    reasons: &Reasons<'_>,
    case: &Case<'_>,
    failing: &Placed<'_>,
    proposals: Vec<Proposal>,
) -> Option<Choice> {
    let untried = |proposals: Vec<Proposal>| {
        let with_edits = proposals.iter().position(|proposal| !proposal.edits.is_empty());
        proposals.into_iter().nth(with_edits.unwrap_or(0)).map(|proposal| Choice { proposal, is_verified: false })
    };
    match run(reasons, case, failing, &proposals) {
        Some(Run { is_same: true, choice, .. }) => choice,
        _ => untried(proposals),
    }
}

/// Follows the program of the first frame, and tries the repairs in their order; none where the traceback does not tell how
/// the program was started. Where nothing says which Python ran it, the newest that tells the same story in the same words.
pub(super) fn run(reasons: &Reasons<'_>, case: &Case<'_>, failing: &Placed<'_>, proposals: &[Proposal]) -> Option<Run> {
    let started = started(reasons, case)?;
    let world =
        World::new(reasons.environment, reasons.global, std::slice::from_ref(&started.folder), &started.folder).ok()?;
    let mut best: Option<Run> = None;
    let others = PyVersion::ALL.into_iter().rev().filter(|version| *version != case.version);
    for version in std::iter::once(case.version).chain(others) {
        let follow = |modules: &Modules<'_>| {
            let story = simulate(&started.entry, version, modules, budget(None));
            let is_same = is_same(&story, case, failing);
            let choice = if is_same { choose(&started.entry, version, modules, proposals) } else { None };
            let says_same = is_same && says_same(&story, case);
            Run { shown: started.shown.clone(), version, story, is_same, says_same, choice }
        };
        let run = world.evaluate(version, world.installed_roots(), follow).ok()?;
        let is_long = run.story.order.len() > MANY;
        if best.as_ref().is_none_or(|best| run.rank() > best.rank()) {
            best = Some(run);
        }
        let is_done = best.as_ref().is_some_and(|best| best.rank() == (true, true, true));
        if case.is_version_told || is_done || is_long {
            break;
        }
    }
    best
}

impl Run {
    /// What speaks for it.
    fn rank(&self) -> (bool, bool, bool) {
        let is_verified = self.choice.as_ref().is_some_and(|choice| choice.is_verified);
        (self.is_same, self.says_same, is_verified)
    }
}

/// Whether the message is the one of the log, but for the folders in it and what Python suggests.
fn says_same(story: &Simulation, case: &Case<'_>) -> bool {
    let told = story.exception.as_ref().and_then(|raised| raised.message.as_deref()).unwrap_or_default();
    without_folders(case.trace.first_line()).starts_with(&without_folders(told))
}

/// A message with the paths in it reduced to their last part.
fn without_folders(message: &str) -> String {
    let parts: Vec<&str> = message.split_inclusive(['\'', '(', ')', ' ']).collect();
    parts.iter().map(|part| part.rsplit(['/', '\\']).next().unwrap_or(part)).collect()
}

/// Whether a story ends as the log tells: the same exception at the same line.
fn is_same(story: &Simulation, case: &Case<'_>, failing: &Placed<'_>) -> bool {
    let is_type = story.exception.as_ref().is_some_and(|raised| raised.kind == case.trace.short_type());
    let is_here = |frame: &StoryFrame| fs::canonicalize(&frame.path).ok() == fs::canonicalize(&failing.path).ok();
    let is_place = match case.failure {
        // What does not compile has no frame of its own.
        Failure::Declaration(_) => says_same(story, case),
        // How deep the calls were, and where they were cut, is by chance.
        Failure::Recursion => story.frames.iter().any(is_here),
        _ => story.frames.last().is_some_and(|last| last.line == failing.line && is_here(last)),
    };
    story.verdict == Verdict::Crashes && is_type && is_place
}

/// The first repair with which the program works; else the first of which that cannot be told. What is known not to help is
/// not offered.
fn choose(entry: &Entry, version: PyVersion, modules: &Modules<'_>, proposals: &[Proposal]) -> Option<Choice> {
    let mut open: Option<&Proposal> = None;
    for proposal in proposals {
        if proposal.edits.is_empty() {
            continue;
        }
        let path = fs::canonicalize(&proposal.path).ok()?;
        let mut files = FxHashMap::default();
        files.insert(path.to_string_lossy().into_owned(), proposal.edited().into_bytes());
        let edited = Edited { modules, files: &files };
        let story = simulate(entry, version, &edited, budget(None));
        match story.verdict {
            Verdict::Works if story.doubts.is_empty() => {
                return Some(Choice { proposal: proposal.clone(), is_verified: true });
            }
            Verdict::Crashes => {}
            Verdict::Works | Verdict::Depends | Verdict::Unknown => {
                open.get_or_insert(proposal);
            }
        }
    }
    let words = proposals.iter().find(|proposal| proposal.edits.is_empty());
    open.or(words).map(|proposal| Choice { proposal: proposal.clone(), is_verified: false })
}

/// What the first frames tell of the start: a script, `-m`, or an import by something that is not of the project.
fn started(reasons: &Reasons<'_>, case: &Case<'_>) -> Option<Started> {
    // A script that does not compile has the place of the error instead of a frame.
    let first = case.placed.iter().find(|placed| placed.is_module_code()).or(match &case.placed[..] {
        [only] if only.frame.name.is_none() && case.trace.frames.len() == 1 => Some(only),
        _ => None,
    })?;
    let before = &case.trace.frames[..first.at];
    let path = fs::canonicalize(&first.path).ok()?;
    let folder = path.parent()?.to_path_buf();
    let is_runpy = |frame: &Frame| frame.path.contains("runpy");
    if before.is_empty() {
        let entry = Entry::Script(path.to_string_lossy().into_owned());
        return Some(Started { entry, shown: first.path.clone(), folder });
    }
    let module = reasons.sources.module_of_file(&first.path)?;
    let root = root(&path, &module)?;
    let root_text = root.to_string_lossy().into_owned();
    if before.iter().all(is_runpy) {
        let name = module.strip_suffix(".__main__").unwrap_or(&module).to_owned();
        let shown = format!("-m {name}");
        return Some(Started { entry: Entry::Module { name: module, root: root_text }, shown, folder: root });
    }
    // A frame of the project that is not of a module may have imported at any time; something else imports at the start.
    let by_import =
        before.iter().all(|frame| !case.is_placed(frame)) || before.iter().any(|it| is_import_system(&it.path));
    by_import.then(|| Started {
        entry: Entry::Imports { names: vec![module.clone()], root: root_text },
        shown: module,
        folder: root,
    })
}

impl Case<'_> {
    fn is_placed(&self, frame: &Frame) -> bool {
        self.placed.iter().any(|placed| std::ptr::eq(placed.frame, frame))
    }
}

/// The folder that the name of a module starts from.
fn root(path: &Path, module: &str) -> Option<PathBuf> {
    let is_init = path.file_stem().is_some_and(|stem| stem == "__init__");
    let up = module.split('.').count() + usize::from(is_init);
    path.ancestors().nth(up).map(Path::to_path_buf)
}
