//! Answers that are kept from one run to the next, for questions about a whole project that take long.
//!
//! An answer is kept with everything that it rests on: the arguments, the content of every file of the project, and what the
//! disk said when it was asked for anything else. It is given again only if all of that is as it was; times of files do not
//! count. A file of the cache that is damaged, torn or of another build is not used and is written anew, and a cache that
//! cannot be written is no error.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context;
use legb_graph::project::Project;
use legb_project::{Gravity, Outcome, Problem, SourceFile, load};
use legb_resolve::RealFs;
use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::{Xxh3Default, xxh3_128};

use crate::Exit;
use crate::args::GlobalArgs;
use crate::noted::Note;

/// What a file of the cache begins with; behind it stands the hash of the rest, in hexadecimal digits, and a line end.
const MARK: &str = "legb answer 1 ";
/// How the names of the files of the cache end.
pub(crate) const SUFFIX: &str = ".answer";

/// What is printed, and how the run ends.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Answer {
    /// What goes to standard output.
    pub(crate) text: String,
    problems: Vec<(bool, String, String, String)>,
    failed: bool,
    findings: bool,
}

impl Answer {
    /// An answer with what went wrong on the way to it.
    pub(crate) fn new<'p>(text: String, problems: impl Iterator<Item = &'p Problem>, exit: Exit) -> Self {
        let row = |problem: &Problem| {
            let is_error = problem.gravity == Gravity::Error;
            (is_error, problem.path.clone(), problem.what.clone(), problem.remedy.clone())
        };
        let (failed, findings) = (matches!(exit, Exit::Failed), matches!(exit, Exit::Findings));
        Self { text, problems: problems.map(row).collect(), failed, findings }
    }

    /// What went wrong.
    pub(crate) fn problems(&self) -> Vec<Problem> {
        let problem = |(is_error, path, what, remedy): &(bool, String, String, String)| Problem {
            gravity: if *is_error { Gravity::Error } else { Gravity::Warning },
            path: path.clone(),
            what: what.clone(),
            remedy: remedy.clone(),
        };
        self.problems.iter().map(problem).collect()
    }

    /// How the run ends.
    pub(crate) const fn exit(&self) -> Exit {
        match (self.failed, self.findings) {
            (true, _) => Exit::Failed,
            (_, true) => Exit::Findings,
            _ => Exit::Clean,
        }
    }
}

/// What is in a file of the cache.
#[derive(Serialize, Deserialize)]
struct Stored<A> {
    state: u128,
    notes: Vec<Note>,
    answer: A,
}

/// A question to which an answer may be kept.
#[derive(Debug)]
pub(crate) struct Question {
    file: PathBuf,
    /// The hash of the content of the project.
    state: u128,
}

impl Question {
    /// The question that `asked` spells out, about a project; nothing where no cache is wanted or there is no place for one.
    pub(crate) fn new(
        asked: &str,
        project: &Project,
        threads: usize,
        global: &GlobalArgs,
    ) -> anyhow::Result<Option<Self>> {
        let Some(folder) = folder(global) else { return Ok(None) };
        let mut hash = Xxh3Default::new();
        hash.update(asked.as_bytes());
        hash.update(build().as_bytes());
        hash.update(std::env::current_dir().unwrap_or_default().as_os_str().as_encoded_bytes());
        for variable in ["VIRTUAL_ENV", "PYTHONPATH", "HOME", "PATH", "PYTHONNOUSERSITE", "PYTHONUSERBASE"] {
            hash.update(b"\0");
            hash.update(std::env::var_os(variable).unwrap_or_default().as_encoded_bytes());
        }
        let file = folder.join(format!("{:032x}{SUFFIX}", hash.digest128()));
        let files = project.table.files();
        let work = |(): &mut (), _: &SourceFile, bytes: &[u8]| xxh3_128(bytes);
        let contents = load(&files.iter().cloned().collect(), threads, || (), work).context("cannot start a thread")?;
        let mut state = Xxh3Default::new();
        state.update(format!("{:?}", project.roots).as_bytes());
        for (file, content) in files.iter().zip(contents) {
            let content = if let Outcome::Done(hash) = content { hash } else { 0 };
            state.update(file.path().as_os_str().as_encoded_bytes());
            state.update(&content.to_le_bytes());
        }
        for problem in &project.problems {
            state.update(format!("{problem:?}").as_bytes());
        }
        Ok(Some(Self { file, state: state.digest128() }))
    }

    /// The answer, if one is kept that still holds.
    pub(crate) fn answer(&self) -> Option<Answer> {
        let bytes = std::fs::read(&self.file).ok()?;
        let rest = bytes.strip_prefix(MARK.as_bytes())?;
        let (digits, rest) = (rest.get(..32)?, rest.get(33..)?);
        if format!("{:032x}", xxh3_128(rest)).as_bytes() != digits {
            return None;
        }
        let stored: Stored<Answer> = serde_json::from_slice(rest).ok()?;
        let disk = RealFs::new();
        (stored.state == self.state && stored.notes.iter().all(|note| note.holds(&disk))).then_some(stored.answer)
    }

    /// Keeps an answer. Whether that works is of no consequence to this run.
    pub(crate) fn keep(&self, answer: &Answer, mut notes: Vec<Note>, project: &Project) {
        // The content of the project's own files is part of the state.
        let here = std::env::current_dir().unwrap_or_default();
        let own: FxHashSet<PathBuf> = project.table.files().iter().map(|file| here.join(file.path())).collect();
        notes.retain(|note| !note.is_content_of(&own));
        let stored = Stored { state: self.state, notes, answer };
        // Paths that are no text cannot be written down: then nothing is kept.
        if let Ok(rest) = serde_json::to_vec(&stored) {
            let _unkept = self.write(&rest);
        }
    }

    fn write(&self, rest: &[u8]) -> std::io::Result<()> {
        let folder = self.file.parent().unwrap_or(Path::new("."));
        std::fs::create_dir_all(folder)?;
        let mut draft = tempfile::NamedTempFile::new_in(folder)?;
        writeln!(draft, "{MARK}{:032x}", xxh3_128(rest))?;
        draft.write_all(rest)?;
        draft.persist(&self.file).map(drop).map_err(|error| error.error)
    }
}

/// The folder of the cache; nothing where none is wanted, or where the user has no place for one.
pub(crate) fn folder(global: &GlobalArgs) -> Option<PathBuf> {
    if global.no_cache || global.settings.no_cache {
        return None;
    }
    if let Some(named) = global.cache_dir.clone().or_else(|| global.settings.cache_dir.clone()) {
        return Some(named);
    }
    let variable = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let caches = variable("XDG_CACHE_HOME").or_else(|| Some(variable("HOME")?.join(".cache")));
    Some(caches?.join("legb"))
}

/// What tells this build from others.
fn build() -> String {
    let program = std::env::current_exe().and_then(std::fs::metadata);
    let seen = program.map(|data| (data.len(), data.modified().ok()));
    format!("{} {seen:?}", env!("CARGO_PKG_VERSION"))
}
