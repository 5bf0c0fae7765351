//! Where does Python look for modules, and what else decides about an import? Read off the disk, nothing is run.
//!
//! An [`Environment`] holds `sys.path` with the reason for each entry, what `.pth` files change besides, and what cannot be
//! known without running code. Sources: `Modules/getpath.py`, `Lib/site.py`, and for editable installs the code that build
//! backends write.

use std::fmt;
use std::path::PathBuf;

use legb_base::{Dialect, PyVersion};

use crate::editable::EditableFinder;
use crate::fs::FileSystem;
use crate::interpreter::Installation;
use crate::platform::{Platform, Suffixes};
use crate::roots::{ImportRoots, RootOrigin};
use crate::site::{self, Site};

/// How a program is started: what `sys.path` begins with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Start {
    /// No one program: the import roots of the project, as they are for its tests or once it is installed.
    Project,
    /// `python SCRIPT`: the folder of the script, links followed. A folder or archive is itself the first entry.
    Script(PathBuf),
    /// `python -m MODULE`: the working directory.
    Module(PathBuf),
    /// `python -c …`, standard input or the prompt: the working directory at the time of each import.
    Command(PathBuf),
}

impl Start {
    fn first_entry(&self, fs: &dyn FileSystem) -> Option<PathEntry> {
        let (path, origin) = match self {
            Self::Project => return None,
            Self::Script(script) => match fs.kind(script) {
                Some(crate::fs::EntryKind::Folder) => (script.clone(), Origin::Program),
                _ if script.extension().is_some_and(|suffix| suffix == "zip" || suffix == "pyz") => {
                    (script.clone(), Origin::Program)
                }
                _ => (fs.real_path(script).parent()?.to_owned(), Origin::ScriptFolder),
            },
            Self::Module(folder) | Self::Command(folder) => (folder.clone(), Origin::WorkingDirectory),
        };
        Some(PathEntry { path, origin })
    }
}

/// Why an entry is on `sys.path`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// An import root of the project.
    Root(RootOrigin),
    /// The folder of the script that is run.
    ScriptFolder,
    /// The working directory.
    WorkingDirectory,
    /// The folder or archive that is run.
    Program,
    /// `PYTHONPATH`.
    PythonPath,
    /// The standard library, as one archive.
    LibraryArchive,
    /// The standard library.
    Library,
    /// The extension modules of the standard library.
    ExtensionLibrary,
    /// The standard library as recorded from other interpreters: no interpreter was named, so that there is no folder.
    RecordedLibrary,
    /// The packages of the user.
    UserSite,
    /// Installed packages.
    SitePackages,
    /// A line of a `.pth` file.
    Pth {
        /// The file.
        file: PathBuf,
        /// The line, from 1.
        line: u32,
    },
    /// Not a folder: a finder of an editable install answers for this entry.
    Editable(PathBuf),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root(origin) => write!(f, "import root: {origin}"),
            Self::ScriptFolder => f.write_str("folder of the script"),
            Self::WorkingDirectory => f.write_str("working directory"),
            Self::Program => f.write_str("what is run"),
            Self::PythonPath => f.write_str("PYTHONPATH"),
            Self::LibraryArchive => f.write_str("standard library as an archive"),
            Self::Library => f.write_str("standard library"),
            Self::ExtensionLibrary => f.write_str("extension modules of the standard library"),
            Self::RecordedLibrary => f.write_str("standard library as recorded; no interpreter is named"),
            Self::UserSite => f.write_str("packages of the user"),
            Self::SitePackages => f.write_str("site-packages"),
            Self::Pth { file, line } => write!(f, "{}:{line}", file.display()),
            Self::Editable(file) => write!(f, "editable install: {}", file.display()),
        }
    }
}

/// An entry of `sys.path`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathEntry {
    /// The path; for [`Origin::RecordedLibrary`] and [`Origin::Editable`] a name that stands for it.
    pub path: PathBuf,
    /// Why it is there.
    pub origin: Origin,
}

/// What stands for the folder of the standard library where no interpreter is named.
pub const RECORDED_LIBRARY: &str = "<stdlib>";

/// Code that runs at start-up and may change how modules are found, and that legb does not know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknowable {
    /// The file.
    pub file: PathBuf,
    /// The line, from 1; 0 for the file as a whole.
    pub line: u32,
    /// What it does, in a few words.
    pub what: String,
}

impl fmt::Display for Unknowable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file.display())?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
        }
        write!(f, " {}", self.what)
    }
}

/// Something wrong with a file of the environment. The rest is used all the same.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct EnvironmentProblem {
    /// The file.
    pub path: PathBuf,
    /// What is wrong.
    pub what: String,
    /// What to do about it.
    pub remedy: String,
}

/// What an environment is made from.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The version to answer for.
    pub version: PyVersion,
    /// How the program is started.
    pub start: Start,
    /// `-P`: nothing is put before the entries of `PYTHONPATH`.
    pub safe_path: bool,
    /// The import roots. They come first for [`Start::Project`]; otherwise only those that were named count.
    pub roots: ImportRoots,
    /// The entries of `PYTHONPATH`; empty for `-E` and `-I`.
    pub python_path: Vec<PathBuf>,
    /// The interpreter or virtual environment whose packages count.
    pub installation: Option<Installation>,
    /// Folder of the user's own packages (`site.USER_SITE`); nothing for `-s` and `-I`.
    pub user_site: Option<PathBuf>,
    /// `-S`: without `site`, so that neither site-packages nor `.pth` files count.
    pub no_site: bool,
    /// The platform that the program runs on.
    pub platform: Platform,
}

impl Settings {
    /// A project by itself: its import roots and the recorded standard library, on the platform legb runs on.
    pub fn project(version: PyVersion, roots: ImportRoots) -> Self {
        Self {
            version,
            start: Start::Project,
            safe_path: false,
            roots,
            python_path: Vec::new(),
            installation: None,
            user_site: None,
            no_site: false,
            platform: Platform::host(),
        }
    }
}

/// What decides which file an import loads.
#[derive(Clone, Debug)]
pub struct Environment {
    /// The version answers are for.
    pub version: PyVersion,
    /// How the program is started.
    pub start: Start,
    /// `sys.path`.
    pub sys_path: Vec<PathEntry>,
    /// What file names end with.
    pub suffixes: Suffixes,
    /// The interpreter or virtual environment.
    pub installation: Option<Installation>,
    /// Finders that editable installs append to `sys.meta_path`.
    pub editables: Vec<EditableFinder>,
    /// Namespace packages that a `.pth` file puts into `sys.modules`, each with the folder it names.
    pub early_namespaces: Vec<(String, PathBuf)>,
    /// Whether the shim of setuptools makes `distutils` mean `setuptools._distutils`.
    pub distutils_shim: bool,
    /// Code that runs at start-up, may change how modules are found, and is not known.
    pub unknowable: Vec<Unknowable>,
    /// What was wrong with files of the environment.
    pub problems: Vec<EnvironmentProblem>,
}

impl Environment {
    /// Reads an environment.
    pub fn new(settings: Settings, fs: &dyn FileSystem) -> Self {
        let dialect = Dialect::of(settings.version);
        let mut problems = Vec::new();
        let first = first_entries(&settings, fs);
        let mut base: Vec<PathEntry> = settings
            .python_path
            .iter()
            .map(|path| PathEntry { path: path.clone(), origin: Origin::PythonPath })
            .collect();
        let library = settings.installation.as_ref().filter(|installation| installation.has_library(settings.version));
        match library {
            Some(installation) => base.extend(installation.library_entries()),
            None => base.push(PathEntry { path: RECORDED_LIBRARY.into(), origin: Origin::RecordedLibrary }),
        }
        if let Some(installation) = &settings.installation {
            problems.extend(installation.problems.iter().cloned());
        }
        let mut site = Site::new(base, dialect.skips_dot_pth, fs);
        if !settings.no_site {
            if let Some(installation) = &settings.installation {
                site.skips_dot_pth = installation.skips_dot_pth(fs).unwrap_or(dialect.skips_dot_pth);
            }
            for (folder, origin) in site::folders(settings.installation.as_ref(), settings.user_site.as_deref()) {
                site.add_folder(&folder, origin);
            }
        }
        problems.append(&mut site.problems);
        let extension = library.and_then(|installation| installation.extension_suffix.as_deref());
        let suffixes = Suffixes::new(&settings.platform, settings.version, extension);
        let mut sys_path = first;
        sys_path.append(&mut site.path);
        let mut environment = Self {
            version: settings.version,
            start: settings.start,
            sys_path,
            suffixes,
            installation: settings.installation,
            editables: site.editables,
            early_namespaces: site.early_namespaces,
            distutils_shim: site.distutils_shim,
            unknowable: site.unknowable,
            problems,
        };
        if !settings.no_site {
            environment.look_for_customisation(fs);
        }
        environment
    }

    /// `sitecustomize` and `usercustomize` run at start-up: what they do to the path is not known.
    fn look_for_customisation(&mut self, fs: &dyn FileSystem) {
        for name in ["sitecustomize", "usercustomize"] {
            // What comes first for a program is put there after `site` has run.
            let file = self.sys_path[self.late_entries()..].iter().find_map(|entry| {
                let found = fs.listing(&entry.path).get(&format!("{name}.py"));
                (found == Some(crate::fs::EntryKind::File)).then(|| entry.path.join(format!("{name}.py")))
            });
            let Some(file) = file else { continue };
            let text = fs.read(&file).unwrap_or_default();
            if let Some(line) = crate::mutation::first_line(&String::from_utf8_lossy(&text)) {
                let what = "runs at start-up and changes how modules are found".to_owned();
                self.unknowable.push(Unknowable { file, line, what });
            }
        }
    }

    /// Whether `zipimport` takes a folder of an archive for a namespace package only if it has an entry of its own.
    pub(crate) fn zip_folders_need_entries(&self) -> bool {
        Dialect::of(self.version).zip_folders_need_entries
    }

    /// The entries that a `.pth` file could not yet see: those before `PYTHONPATH`.
    pub fn late_entries(&self) -> usize {
        let is_late = |entry: &PathEntry| {
            matches!(entry.origin, Origin::Root(_) | Origin::ScriptFolder | Origin::WorkingDirectory | Origin::Program)
        };
        self.sys_path.iter().take_while(|entry| is_late(entry)).count()
    }
}

fn first_entries(settings: &Settings, fs: &dyn FileSystem) -> Vec<PathEntry> {
    let root = |root: &crate::roots::ImportRoot| PathEntry {
        path: root.path.clone(),
        origin: Origin::Root(root.origin.clone()),
    };
    let mut first: Vec<PathEntry> =
        settings.start.first_entry(fs).filter(|_| !settings.safe_path).into_iter().collect();
    let roots = settings.roots.iter();
    if settings.start == Start::Project {
        first.extend(roots.map(root));
    } else {
        first.extend(roots.filter(|root| root.origin == RootOrigin::Given).map(root));
    }
    let mut seen: Vec<PathBuf> = Vec::new();
    first.retain(|entry| {
        let is_new = !seen.contains(&entry.path);
        seen.push(entry.path.clone());
        is_new
    });
    first
}
