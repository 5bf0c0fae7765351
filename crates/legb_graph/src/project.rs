//! The project around some paths: its import roots, its files, its modules, and a walk over all imports.
//!
//! The paths choose what is reported. What belongs to the project, the import roots say.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use legb_base::{Dialect, PyVersion};
use legb_project::{
    Discovered, Discovery, FileImports, ImportScratch, Outcome, Problem, Reading, SourceFile, discover, file_imports,
    load,
};
use legb_resolve::fs::normalised;
use legb_resolve::{FileSystem, ImportRoots};
use legb_syntax::SourceKind;
use rustc_hash::FxHashMap;

use crate::modules::{ModuleId, ModuleKind, ModuleTable};
use crate::resolver::Resolver;

/// A project, as far as the names of its files tell.
#[derive(Debug)]
pub struct Project {
    /// Where its absolute imports start from.
    pub roots: ImportRoots,
    /// Its modules.
    pub table: Arc<ModuleTable>,
    /// What went wrong, sorted by path.
    pub problems: Vec<Problem>,
    /// Whether each module is below the paths.
    reported: Vec<bool>,
}

/// What a walk over the imports of modules came to.
#[derive(Debug)]
pub struct Walked<R> {
    /// The answer for each module that could be read, in order.
    pub answers: Vec<(ModuleId, R)>,
    /// Files that could not be read, and those on which legb failed.
    pub problems: Vec<Problem>,
}

impl Project {
    /// The project around `paths`, whose import roots are `src`, or are guessed if that is empty.
    pub fn open(paths: &[PathBuf], src: &[PathBuf], discovery: &Discovery<'_>, fs: &dyn FileSystem) -> Self {
        let here = std::env::current_dir().unwrap_or_default();
        let absolute = |path: &PathBuf| normalised(&here.join(path));
        let (there, missing): (Vec<&PathBuf>, Vec<&PathBuf>) = paths.iter().partition(|path| fs.kind(path).is_some());
        // What is wrong with a path that is missing, the walk says best.
        let mut problems = discover(&missing.into_iter().cloned().collect::<Vec<_>>(), discovery).problems;
        let named: Vec<PathBuf> = there.iter().map(|path| absolute(path)).collect();
        let roots =
            if src.is_empty() { ImportRoots::guess(&named, fs) } else { ImportRoots::given(src.iter().map(absolute)) };
        problems.extend(roots.problems.iter().map(|problem| {
            let path = problem.path.strip_prefix(&here).unwrap_or(&problem.path);
            Problem::error(path, &problem.what, &problem.remedy)
        }));
        let found = files(&there, &named, &roots, discovery, &here);
        problems.extend(found.problems);
        let files: Arc<[SourceFile]> =
            found.files.into_iter().filter(|file| file.kind() == SourceKind::Python).collect();
        let table = Arc::new(ModuleTable::new(files, &roots));
        problems.extend_from_slice(table.problems());
        problems.sort_by(|a, b| (&a.path, &a.what).cmp(&(&b.path, &b.what)));
        problems.dedup();
        let reported = reported(&table, &named, &here);
        Self { roots, table, problems, reported }
    }

    /// Whether a module is below the paths.
    pub fn reports(&self, id: ModuleId) -> bool {
        self.reported.get(id.index()).copied().unwrap_or(false)
    }

    /// The modules below the paths, in order.
    pub fn reported(&self) -> impl Iterator<Item = ModuleId> {
        self.table.iter().map(|(id, _)| id).filter(|id| self.reports(*id))
    }

    /// Reads the imports of those modules for which `wanted` says so, on `threads` threads, and calls `work` for each.
    pub fn walk<R: Clone + Send + 'static>(
        &self,
        version: PyVersion,
        threads: usize,
        wanted: impl Fn(ModuleId) -> bool,
        work: impl Fn(&Resolver, ModuleId, &FileImports) -> R + Send + Sync + 'static,
    ) -> io::Result<Walked<R>> {
        let ids: Vec<ModuleId> = self.table.iter().map(|(id, _)| id).filter(|&id| wanted(id)).collect();
        let (ids, files): (Vec<ModuleId>, Vec<SourceFile>) =
            ids.into_iter().filter_map(|id| Some((id, self.table.file(id)?.clone()))).unzip();
        let files: Arc<[SourceFile]> = files.into();
        let resolver = Resolver::new(Arc::clone(&self.table), version);
        let dialect = Dialect::of(version);
        let by_path = Arc::new(by_path(&self.table));
        let outcomes = load(&files, threads, ImportScratch::default, move |scratch, file, bytes| {
            let (imports, reading) = file_imports(bytes, SourceKind::Python, &dialect, scratch);
            let id = by_path.get(file.path()).copied();
            (id.map(|id| work(&resolver, id, &imports)), reading)
        })?;
        let mut walked = Walked { answers: Vec::with_capacity(ids.len()), problems: Vec::new() };
        for ((id, file), outcome) in ids.into_iter().zip(files.iter()).zip(outcomes) {
            match outcome {
                Outcome::Done((answer, reading)) => {
                    if let Reading::Undecodable(error) = reading {
                        let what = format!("has no text: {}: {}", error.exception, error.message);
                        walked.problems.push(Problem::warning(
                            file.path(),
                            what,
                            "Python cannot import it; mend its encoding",
                        ));
                    }
                    walked.answers.extend(answer.map(|answer| (id, answer)));
                }
                Outcome::Unreadable(problem) => walked.problems.push(problem),
                Outcome::Panicked(panic) => {
                    let what = format!("made legb fail: {}", panic.message);
                    let remedy = "this is a bug in legb; please report it with this file";
                    walked.problems.push(Problem::error(file.path(), what, remedy));
                }
            }
        }
        Ok(walked)
    }
}

/// The files of the project, and those of `paths` that it would leave out.
fn files(
    paths: &[&PathBuf],
    named: &[PathBuf],
    roots: &ImportRoots,
    discovery: &Discovery<'_>,
    here: &Path,
) -> Discovered {
    let folders: Vec<&Path> = roots
        .iter()
        .map(|root| &root.path)
        .chain(roots.mapped.iter().map(|mapped| &mapped.path))
        .map(PathBuf::as_path)
        .collect();
    let outermost = |folder: &&Path| !folders.iter().any(|other| *folder != *other && folder.starts_with(other));
    let starts: Vec<PathBuf> =
        folders.iter().filter(|folder| outermost(folder)).map(|folder| folder.to_path_buf()).collect();
    let mut found = if starts.is_empty() { Discovered::default() } else { discover(&starts, discovery) };
    // What is named is looked at even where a walk from the roots leaves it out.
    let is_covered = |path: &Path| found.files.iter().any(|file| here.join(file.path()).starts_with(path));
    let uncovered: Vec<PathBuf> = paths
        .iter()
        .zip(named)
        .filter(|(_, absolute)| !is_covered(absolute))
        .map(|(path, _)| (*path).clone())
        .collect();
    if !uncovered.is_empty() {
        let more = discover(&uncovered, discovery);
        found.problems.extend(more.problems);
        found.files.extend(more.files);
        found.files.sort_unstable_by(|a, b| a.path().cmp(b.path()));
        found.files.dedup();
    }
    found
}

/// Marks the modules whose files lie below the paths, and the namespaces around them.
fn reported(table: &ModuleTable, named: &[PathBuf], here: &Path) -> Vec<bool> {
    let mut marks = vec![false; table.len()];
    for (id, _) in table.iter() {
        let Some(file) = table.file(id) else { continue };
        let path = here.join(file.path());
        if !named.iter().any(|named| path.starts_with(named)) {
            continue;
        }
        marks[id.index()] = true;
        for above in table.ancestors(id) {
            marks[above.index()] |= table.get(above).kind == ModuleKind::Namespace;
        }
    }
    marks
}

/// The module of each path.
fn by_path(table: &ModuleTable) -> FxHashMap<PathBuf, ModuleId> {
    table.iter().filter_map(|(id, _)| Some((table.file(id)?.path().to_owned(), id))).collect()
}
