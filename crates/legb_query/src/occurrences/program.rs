//! The files of a project, each analysed when a question needs it, and kept.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use legb_base::{Dialect, PyVersion};
use legb_graph::{ModuleId, ModuleTable, Resolver};
use legb_project::{Outcome, Problem, SourceFile, load};
use memchr::memmem;
use rustc_hash::{FxHashMap, FxHashSet};

use super::Mentions;

/// A project that is asked about its names, for one version of Python.
#[derive(Debug)]
pub struct Program {
    resolver: Resolver,
    version: PyVersion,
    threads: usize,
    files: Mutex<FxHashMap<ModuleId, Option<Arc<Mentions>>>>,
    /// Names whose files are all there.
    covered: Mutex<FxHashSet<String>>,
    is_complete: AtomicBool,
    problems: Mutex<Vec<Problem>>,
}

/// What reading one file came to: nothing where it does not hold what is looked for.
type Read = Option<Result<Arc<Mentions>, String>>;

impl Program {
    /// The project whose modules `resolver` knows; `threads` read at a time.
    pub fn new(resolver: Resolver, version: PyVersion, threads: usize) -> Self {
        Self {
            resolver,
            version,
            threads,
            files: Mutex::default(),
            covered: Mutex::default(),
            is_complete: AtomicBool::new(false),
            problems: Mutex::default(),
        }
    }

    /// What finds the modules that imports mean.
    pub fn resolver(&self) -> &Resolver {
        &self.resolver
    }

    /// The modules.
    pub fn table(&self) -> &Arc<ModuleTable> {
        self.resolver.table()
    }

    /// The version that is asked about.
    pub fn version(&self) -> PyVersion {
        self.version
    }

    /// Files that could not be read, of those that a question needed, sorted by path.
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = locked(&self.problems).clone();
        problems.sort_by(|a, b| (&a.path, &a.what).cmp(&(&b.path, &b.what)));
        problems
    }

    /// A file; none for namespaces, and files that cannot be read.
    pub fn mentions(&self, module: ModuleId) -> Option<Arc<Mentions>> {
        if let Some(known) = locked(&self.files).get(&module) {
            return known.clone();
        }
        // Where the system has no thread, the file counts as one that cannot be read.
        let _ = self.read(vec![module], Vec::new());
        locked(&self.files).entry(module).or_default().clone()
    }

    /// Every file that mentions one of the names, and every file with a star import, for that may bring them; sorted.
    pub fn mentioning(&self, names: &[&str]) -> io::Result<Vec<(ModuleId, Arc<Mentions>)>> {
        let missing: Vec<String> =
            names.iter().filter(|name| !locked(&self.covered).contains(**name)).map(ToString::to_string).collect();
        if !missing.is_empty() && !self.is_complete.load(Ordering::Relaxed) {
            let unread = self.unread();
            self.read(unread, missing.clone())?;
            locked(&self.covered).extend(missing);
        }
        let finders: Vec<memmem::Finder<'_>> = names.iter().map(|name| memmem::Finder::new(*name)).collect();
        let files = locked(&self.files);
        let mut found: Vec<(ModuleId, Arc<Mentions>)> = files
            .iter()
            .filter_map(|(&id, file)| Some((id, Arc::clone(file.as_ref()?))))
            .filter(|(_, file)| {
                file.has_star_import() || finders.iter().any(|finder| finder.find(file.text.as_bytes()).is_some())
            })
            .collect();
        found.sort_by_key(|(id, _)| *id);
        Ok(found)
    }

    /// Reads all files now, for those who ask many questions.
    pub fn read_all(&self) -> io::Result<()> {
        self.read(self.unread(), vec![String::new()])?;
        self.is_complete.store(true, Ordering::Relaxed);
        Ok(())
    }

    fn unread(&self) -> Vec<ModuleId> {
        let files = locked(&self.files);
        self.table().iter().map(|(id, _)| id).filter(|id| !files.contains_key(id)).collect()
    }

    /// Reads those of some files that hold one of the names or a star import; all of them if there are no names.
    fn read(&self, modules: Vec<ModuleId>, names: Vec<String>) -> io::Result<()> {
        let table = self.table();
        let (ids, files): (Vec<ModuleId>, Vec<SourceFile>) =
            modules.into_iter().filter_map(|id| Some((id, table.file(id)?.clone()))).unzip();
        let files: Arc<[SourceFile]> = files.into();
        let dialect = Dialect::of(self.version);
        let finders: Vec<memmem::Finder<'static>> =
            names.iter().map(|name| memmem::Finder::new(name.as_bytes()).into_owned()).collect();
        let work = move |(): &mut (), file: &SourceFile, bytes: &[u8]| -> Read {
            let wanted = finders.is_empty()
                || finders.iter().any(|finder| finder.find(bytes).is_some())
                || may_have_star_import(bytes)
                || !bytes.is_ascii() && !names.iter().all(|name| name.is_ascii());
            wanted.then(|| {
                let found = Mentions::of(file.shown().into_owned(), bytes, file.kind(), &dialect);
                found.map(Arc::new).map_err(|error| format!("{}: {}", error.exception, error.message))
            })
        };
        let outcomes = load(&files, self.threads, || (), work)?;
        for ((id, file), outcome) in ids.into_iter().zip(files.iter()).zip(outcomes) {
            let problem = match outcome {
                Outcome::Done(None) => continue,
                Outcome::Done(Some(Ok(mentions))) => {
                    locked(&self.files).insert(id, Some(mentions));
                    continue;
                }
                Outcome::Done(Some(Err(what))) => {
                    Problem::warning(file.path(), format!("has no text: {what}"), "mend its encoding")
                }
                Outcome::Unreadable(problem) => problem,
                Outcome::Panicked(panic) => Problem::error(
                    file.path(),
                    format!("made legb fail: {}", panic.message),
                    "this is a bug in legb; please report it with this file",
                ),
            };
            locked(&self.files).insert(id, None);
            locked(&self.problems).push(problem);
        }
        Ok(())
    }
}

/// What a lock holds; nobody panics while holding one.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whether a text may have `import *`.
fn may_have_star_import(bytes: &[u8]) -> bool {
    memmem::find_iter(bytes, b"import").any(|at| {
        let behind = &bytes[at + 6..];
        let blank =
            behind.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'(' | b'\\' | b'\n' | b'\r')).count();
        behind.get(blank) == Some(&b'*')
    })
}
