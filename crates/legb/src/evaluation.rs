//! How the commands that follow a program start the evaluator: its stack, its budget, its files, what is installed beside them.
//!
//! Modules of the project are run; what is installed is only looked up, so that it is known whether an import finds it.

use std::path::{Path, PathBuf};
use std::thread;

use anyhow::{Context, anyhow};
use legb_base::PyVersion;
use legb_eval::source::{Candidate, Files, ModuleSource, Packages, Roots};
use legb_eval::{Budget, Programs};
use legb_resolve::fs::EntryKind;
use legb_resolve::roots::RootOrigin;
use legb_resolve::{Environment, FileSystem, Finder, ImportRoots, Installation, Kind, RealFs};
use rustc_hash::FxHashMap;

use crate::args::{EnvironmentArgs, GlobalArgs};
use crate::environment;
use crate::noted::{Note, NotedFs};

/// Bytes of stack: calls of the program nest as calls of the evaluator. Only what is used takes memory.
const STACK: usize = 1 << 30;

/// Files beside which a project says what it needs.
const MANIFESTS: [&str; 4] = ["pyproject.toml", "setup.py", "setup.cfg", "requirements.txt"];

/// Folders whose modules are installed, and are none of the project's.
const INSTALLED: [&str; 2] = ["site-packages", "dist-packages"];

/// Where the programs of a project find modules.
#[derive(Debug)]
pub(crate) struct World {
    fs: NotedFs,
    /// The import roots of the project.
    pub(crate) roots: ImportRoots,
    installation: Option<Installation>,
    isolated: bool,
    packages: Packages,
    /// Top-level names that are of the project though they lie among installed packages.
    own: Vec<String>,
}

impl World {
    /// The world around some paths. `start`: the folder of the project; where that declares what it needs, what it lacks is
    /// taken to be installed, unless an environment says what is.
    pub(crate) fn new(
        args: &EnvironmentArgs,
        global: &GlobalArgs,
        paths: &[PathBuf],
        start: &Path,
    ) -> anyhow::Result<Self> {
        let fs = NotedFs::new();
        // Folders far above the project are looked at for its roots; they need not be noted, because the roots are known.
        let roots = environment::roots(args, paths, &RealFs::new())?;
        let installation = environment::installation(args, start, &fs)?;
        let declares = MANIFESTS.iter().any(|file| fs.kind(&start.join(file)) == Some(EntryKind::File));
        let packages = if declares { Packages::Assumed } else { Packages::Perhaps };
        Ok(Self { fs, roots, installation, isolated: global.isolated, packages, own: Vec::new() })
    }

    /// The same where every package that the project lacks is taken to be installed, unless an environment says what is.
    pub(crate) fn assuming_packages(self) -> Self {
        Self { packages: Packages::Assumed, ..self }
    }

    /// The same where modules below these top-level names are of the project, even among installed packages.
    pub(crate) fn with_own(self, names: impl Iterator<Item = String>) -> Self {
        Self { own: names.collect(), ..self }
    }

    /// What the disk was asked for the answers so far; also what the manifests of the project hold.
    pub(crate) fn notes(&self) -> Vec<Note> {
        for root in self.roots.iter() {
            for file in MANIFESTS {
                let _noted = self.fs.read(&root.path.join(file));
            }
        }
        self.fs.notes()
    }

    /// The roots as entries of `sys.path`, for a program as it is started by hand: those that were given, and those that the
    /// build of the project puts there.
    pub(crate) fn installed_roots(&self) -> Roots {
        let of = |wanted: fn(&RootOrigin) -> bool| {
            let roots = self.roots.iter().filter(|root| wanted(&root.origin));
            roots.map(|root| root.path.to_string_lossy().into_owned()).collect()
        };
        let behind =
            of(|origin| !matches!(origin, RootOrigin::Given | RootOrigin::Flat { .. } | RootOrigin::AroundPath));
        Roots { before: of(|origin| *origin == RootOrigin::Given), behind }
    }

    /// All roots as entries of `sys.path`, for a program that starts in a folder.
    pub(crate) fn all_roots(&self) -> Roots {
        let mut roots = self.installed_roots();
        for root in self.roots.iter() {
            let path = root.path.to_string_lossy().into_owned();
            if !roots.before.contains(&path) && !roots.behind.contains(&path) {
                roots.behind.push(path);
            }
        }
        roots
    }

    /// Lets `work` evaluate for a version, on a thread with a large stack.
    pub(crate) fn evaluate<R: Send>(
        &self,
        version: PyVersion,
        roots: Roots,
        work: impl FnOnce(&Modules<'_>) -> R + Send,
    ) -> anyhow::Result<R> {
        let settings = environment::settings(
            version,
            &ImportRoots::default(),
            self.installation.clone(),
            self.isolated,
            &self.fs,
        )?;
        let environment = self.installation.is_some().then(|| Environment::new(settings, &self.fs));
        let finder = environment.as_ref().map(|environment| Finder::new(environment, &self.fs));
        let modules = Modules {
            files: Files { fs: &self.fs, packages: self.packages },
            finder,
            roots,
            own: &self.own,
            programs: Programs::default(),
        };
        with_stack(|| work(&modules))
    }
}

/// Runs `work` on a thread with the stack that the evaluator needs.
pub(crate) fn with_stack<R: Send>(work: impl FnOnce() -> R + Send) -> anyhow::Result<R> {
    thread::scope(|scope| {
        let thread = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work);
        let thread = thread.context("cannot start a thread")?;
        thread.join().map_err(|_| anyhow!("the evaluator failed"))
    })
}

/// Modules of a project on the disk, and what is known of what is installed.
#[derive(Debug)]
pub(crate) struct Modules<'a> {
    files: Files<'a>,
    finder: Option<Finder<'a>>,
    roots: Roots,
    own: &'a [String],
    programs: Programs,
}

impl ModuleSource for Modules<'_> {
    fn candidate(&self, folder: &str, name: &str) -> Candidate {
        if is_installed(folder) && !self.own.iter().any(|own| own == name) {
            return Candidate::Nothing;
        }
        self.files.candidate(folder, name)
    }

    fn read(&self, path: &str) -> Option<Vec<u8>> {
        self.files.read(path)
    }

    fn modules_in(&self, folder: &str) -> Vec<(String, bool)> {
        self.files.modules_in(folder)
    }

    fn packages(&self) -> Packages {
        self.files.packages
    }

    fn installed(&self, name: &str) -> Packages {
        let Some(finder) = &self.finder else { return self.files.packages };
        match finder.find(name).kind {
            Kind::Missing => Packages::None,
            Kind::Unknown => Packages::Perhaps,
            _ => Packages::Present,
        }
    }

    fn roots(&self) -> &Roots {
        &self.roots
    }

    fn programs(&self, _path: &str) -> Option<&Programs> {
        Some(&self.programs)
    }
}

/// Whether a folder is one of installed packages itself.
fn is_installed(folder: &str) -> bool {
    Path::new(folder).file_name().is_some_and(|name| INSTALLED.iter().any(|installed| name == *installed))
}

/// Modules of which some files read as if they had been edited.
pub(crate) struct Edited<'a> {
    /// The modules as they are.
    pub(crate) modules: &'a dyn ModuleSource,
    /// The new content of files.
    pub(crate) files: &'a FxHashMap<String, Vec<u8>>,
}

impl ModuleSource for Edited<'_> {
    fn candidate(&self, folder: &str, name: &str) -> Candidate {
        self.modules.candidate(folder, name)
    }

    fn read(&self, path: &str) -> Option<Vec<u8>> {
        self.files.get(path).cloned().or_else(|| self.modules.read(path))
    }

    fn modules_in(&self, folder: &str) -> Vec<(String, bool)> {
        self.modules.modules_in(folder)
    }

    fn packages(&self) -> Packages {
        self.modules.packages()
    }

    fn installed(&self, name: &str) -> Packages {
        self.modules.installed(name)
    }

    fn roots(&self) -> &Roots {
        self.modules.roots()
    }

    fn programs(&self, path: &str) -> Option<&Programs> {
        if self.files.contains_key(path) { None } else { self.modules.programs(path) }
    }
}

/// The budget, with the steps that were asked for.
pub(crate) fn budget(steps: Option<u64>) -> Budget {
    let standard = Budget::default();
    Budget { steps: steps.unwrap_or(standard.steps), ..standard }
}
