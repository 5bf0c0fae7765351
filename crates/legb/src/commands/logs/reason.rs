//! Why a failure of a log happened: the traceback tied to the code here, to a binding, a scope, or a chain of imports.
//!
//! Only what the code here bears out is told. Where the traceback and the code do not fit together, that is said instead.

mod chain;
mod declarations;
mod edits;
mod entry;
mod frames;
mod imports;
mod modules;
mod names;
mod repair;
mod told;

use std::cell::Cell;
use std::path::PathBuf;

use legb_base::PyVersion;
use legb_log::Failure;
use legb_log::parsing::Traceback;
use legb_project::{TargetOrigin, default_target};
use serde_json::{Map, Value};

use crate::args::{EnvironmentArgs, GlobalArgs, TargetArgs};
use crate::environment;
use crate::targets::Targets;

use super::sources::Sources;
use frames::{Difference, Placed};
use repair::Mended;

/// The reasons of so many failures are looked for: each may need a simulation.
const MOST: usize = 200;

/// What became of the attempt to tie a failure to the code.
pub(crate) enum Tie {
    /// The failure is not about names or imports.
    NotAsked,
    /// It could not be tied, and why.
    Untied(String),
    /// It is tied.
    Tied(Box<Reason>),
}

/// The reason of a failure.
pub(crate) struct Reason {
    /// The place in the project.
    place: (String, u32),
    /// The reason in sentences, the answer first.
    because: Vec<String>,
    /// What repairs it.
    repair: Option<Mended>,
    /// A command that tells more, or verifies it.
    command: String,
    /// The JSON of `explain` or `simulate`.
    data: Map<String, Value>,
    /// Where the code here is not the code that ran.
    differences: Vec<Difference>,
}

/// Looks for reasons in the project around the working directory.
pub(crate) struct Reasons<'a> {
    sources: &'a Sources,
    target: &'a TargetArgs,
    environment: &'a EnvironmentArgs,
    global: &'a GlobalArgs,
    here: PathBuf,
    targets: Targets,
    /// Whether the project says which Python it is for.
    is_project_told: bool,
    asked: Cell<usize>,
}

/// A failure with its frames in the project.
struct Case<'a> {
    trace: &'a Traceback,
    failure: Failure<'a>,
    /// Frames of the project, outermost first.
    placed: Vec<Placed<'a>>,
    version: PyVersion,
    /// Whether something says which version it is.
    is_version_told: bool,
}

impl<'a> Reasons<'a> {
    pub(crate) fn new(
        target: &'a TargetArgs,
        environment: &'a EnvironmentArgs,
        global: &'a GlobalArgs,
        sources: &'a Sources,
    ) -> anyhow::Result<Self> {
        let here = environment::working_directory()?;
        let targets = Targets::choose(target.target_version.as_ref(), &here, global.isolated);
        let is_project_told = !global.isolated && default_target(&here).origin != TargetOrigin::Newest;
        Ok(Self { sources, target, environment, global, here, targets, is_project_told, asked: Cell::new(0) })
    }

    /// The reason of a failure: of the exception that was reported, else of the nearest one before it that is about names or
    /// imports, else of a member of its group.
    pub(crate) fn of(&self, trace: &Traceback) -> Tie {
        let Some((about, failure)) = about(trace) else { return Tie::NotAsked };
        if self.asked.get() >= MOST {
            return Tie::Untied(format!("only the {MOST} most frequent failures are looked at"));
        }
        self.asked.set(self.asked.get() + 1);
        let placed = frames::placed(self.sources.map(), about);
        let (version, is_version_told) = self.version(about);
        let case = Case { trace: about, failure, placed, version, is_version_told };
        match failure {
            Failure::Name(_) | Failure::Declaration(_) | Failure::NotCallable(_) => names::reason(self, &case),
            _ => imports::reason(self, &case),
        }
    }

    /// The version that ran, where the library in the traceback tells it, else the one of the project; and whether it is known.
    fn version(&self, trace: &Traceback) -> (PyVersion, bool) {
        let project = self.targets.newest();
        if self.target.target_version.is_some() {
            return (project, true);
        }
        let told = trace.frames.iter().find_map(|frame| {
            let parts = frame.path.split(['/', '\\']);
            parts.filter_map(|part| part.strip_prefix("python")).find_map(|version| version.parse().ok())
        });
        match told {
            Some(version) => (version, true),
            None => (project, self.is_project_told),
        }
    }
}

/// The exception of a traceback that is about names or imports.
fn about(trace: &Traceback) -> Option<(&Traceback, Failure<'_>)> {
    let mut next = Some(trace);
    while let Some(link) = next {
        if let Some(failure) = Failure::of(link) {
            return Some((link, failure));
        }
        next = link.previous();
    }
    trace.group.iter().find_map(about)
}

impl<'a> Case<'a> {
    /// The innermost frame of the project, if what failed is in it: below it only the import system may have run.
    fn failing(&self) -> Result<&Placed<'a>, String> {
        let Some(last) = self.trace.frames.last() else { return Err("the traceback has no frame".to_owned()) };
        let inner = self.trace.frames.iter().enumerate().rfind(|(_, frame)| !is_import_system(&frame.path));
        let Some((at, frame)) = inner else {
            return Err(format!("`{}` is no file of this project", last.path));
        };
        match self.placed.iter().find(|placed| placed.at == at) {
            Some(placed) => Ok(placed),
            None if frame.path.starts_with('<') => {
                Err(format!("the code that failed, `{}`, is in no file", frame.path))
            }
            None => {
                Err(format!("`{}` is no file of this project (`--map FROM=TO` says where it lies here)", frame.path))
            }
        }
    }
}

/// Whether a frame is one of those that `importlib` puts between an import and its module.
fn is_import_system(path: &str) -> bool {
    path.starts_with("<frozen importlib") || path.replace('\\', "/").ends_with("/importlib/__init__.py")
}
