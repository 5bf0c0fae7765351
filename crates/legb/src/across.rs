//! The project around a file that is explained: the modules that its imports reach, and the statements of all files that write
//! into it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use legb_base::{Dialect, PyVersion};
use legb_project::problem::shown;
use legb_project::{Outcome, SourceFile, load};
use legb_query::across::{Asked, Lead, LocatedWrite};
use legb_query::definition::{Library, Place};
use legb_query::module_names::ModuleNames;
use legb_query::writes::{ModuleWrite, may_write, module_writes};
use legb_resolve::{Environment, Finder, ImportRoots, Installation, RealFs};
use legb_scope::explain::Explanation;

use crate::analysed::analysed;
use crate::args::{EnvironmentArgs, FileArgs, GlobalArgs};
use crate::evaluation::with_stack;
use crate::project_pass::absolute;
use crate::{described, environment, files};

/// The world around one file.
pub(crate) struct Around<'a> {
    file: PathBuf,
    files: &'a FileArgs,
    global: &'a GlobalArgs,
    src: &'a [PathBuf],
    roots: ImportRoots,
    installation: Option<Installation>,
    fs: RealFs,
    here: PathBuf,
}

/// What is explained for one version.
pub(crate) struct Open<'a> {
    pub(crate) version: PyVersion,
    /// The names of the file.
    pub(crate) names: &'a ModuleNames,
    /// The explanations, each with what it leaves open.
    pub(crate) explanations: Vec<(&'a mut Explanation, &'a Lead)>,
    /// The one name that is asked about; none where many are, for which writes from outside are not looked for.
    pub(crate) name: Option<&'a str>,
}

impl<'a> Around<'a> {
    /// The world around a file.
    pub(crate) fn new(
        file: &Path,
        environment: &'a EnvironmentArgs,
        files: &'a FileArgs,
        global: &'a GlobalArgs,
    ) -> anyhow::Result<Self> {
        let fs = RealFs::new();
        let file = absolute(file);
        let roots = environment::roots(environment, std::slice::from_ref(&file), &fs)?;
        let installation = environment::installation(environment, &file, &fs)?;
        let here = environment::working_directory()?;
        Ok(Self { file, files, global, src: &environment.src, roots, installation, fs, here })
    }

    /// Whether an import root leads to the file.
    pub(crate) fn is_below_roots(&self) -> bool {
        self.roots.iter().any(|root| self.file.starts_with(&root.path))
    }

    /// Completes explanations by what other files say.
    pub(crate) fn complete(&self, open: Open<'_>) -> anyhow::Result<()> {
        let found = match open.name {
            Some(name) if open.explanations.iter().any(|(_, lead)| lead.asks_module()) => {
                self.writes(name, open.version)?
            }
            _ => Vec::new(),
        };
        self.with_library(open.version, |library, finder| {
            let place = Place::of_file(&self.file, &self.roots, finder);
            let writes = self.aimed_at_this(found, library, finder);
            let shown = |path: &Path| self.shown(path);
            let asked = Asked { place: &place, names: open.names, library, shown: &shown };
            for (explanation, lead) in open.explanations {
                asked.complete(explanation, lead, &writes);
            }
        })
    }

    /// The statements of the project that write a name into this module from outside.
    pub(crate) fn outside_writes(&self, name: &str, version: PyVersion) -> anyhow::Result<Vec<LocatedWrite>> {
        let found = self.writes(name, version)?;
        self.with_library(version, |library, finder| self.aimed_at_this(found, library, finder))
    }

    /// Lets `work` ask for modules, on a thread with a large stack.
    fn with_library<R: Send>(
        &self,
        version: PyVersion,
        work: impl FnOnce(&Library<'_>, &Finder<'_>) -> R + Send,
    ) -> anyhow::Result<R> {
        let isolated = self.global.isolated;
        let settings = environment::settings(version, &self.roots, self.installation.clone(), isolated, &self.fs)?;
        with_stack(|| {
            let environment = Environment::new(settings, &self.fs);
            let finder = Finder::new(&environment, &self.fs);
            let dialect = Dialect::of(version);
            work(&Library::new(&finder, &self.fs, &dialect), &finder)
        })
    }

    /// Those writes that go into this module.
    fn aimed_at_this(
        &self,
        found: Vec<(PathBuf, ModuleWrite)>,
        library: &Library<'_>,
        finder: &Finder<'_>,
    ) -> Vec<LocatedWrite> {
        let is_this = |(file, write): &(PathBuf, ModuleWrite)| match &write.module {
            None => *file == self.file,
            Some(module) => {
                let importer = Place::of_file(file, &self.roots, finder);
                let bound = library.module_bound(&importer, module);
                bound.is_some_and(|(_, path)| path.as_deref() == Some(self.file.as_path()))
            }
        };
        let writes = found.into_iter().filter(is_this);
        writes.map(|(file, write)| LocatedWrite { path: self.shown(&file), write }).collect()
    }

    fn shown(&self, path: &Path) -> String {
        shown(path.strip_prefix(&self.here).unwrap_or(path)).into_owned()
    }

    /// The statements of the project that write a name into some module, by their files.
    fn writes(&self, name: &str, version: PyVersion) -> anyhow::Result<Vec<(PathBuf, ModuleWrite)>> {
        let project = described::project(std::slice::from_ref(&self.file), self.src, self.files)?;
        let files: Arc<[SourceFile]> = project.table.files().to_vec().into();
        let is_init = self.file.file_stem().is_some_and(|stem| stem == "__init__");
        let named = if is_init { self.file.parent() } else { Some(self.file.as_path()) };
        let tail = named.and_then(Path::file_stem).map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        let name = name.to_owned();
        let work = move |(): &mut (), file: &SourceFile, bytes: &[u8]| {
            if !may_write(bytes, &name, &tail) {
                return Vec::new();
            }
            analysed(file, bytes, version, |source, _| module_writes(source, Some(&name))).unwrap_or_default()
        };
        let outcomes = load(&files, files::threads(self.files), || (), work).context("cannot start a thread")?;
        let mut found = Vec::new();
        for (file, outcome) in files.iter().zip(outcomes) {
            if let Outcome::Done(writes) = outcome {
                found.extend(writes.into_iter().map(|write| (absolute(file.path()), write)));
            }
        }
        Ok(found)
    }
}
