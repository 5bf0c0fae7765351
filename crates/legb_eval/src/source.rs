//! Where the machine gets modules from: files, and what is known of the library that is not run.

use std::path::Path;

use legb_base::PyVersion;
use legb_resolve::fs::{EntryKind, FileSystem};
use legb_resolve::stdlib;

use crate::programs::Programs;

/// What a name stands for in one entry of `sys.path` or `__path__`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Candidate {
    /// A file with source text.
    Source(String),
    /// The `__init__` file of a package, and its folder.
    Package(String, String),
    /// A folder without `__init__`.
    Portion(String),
    /// A file that is no source text: compiled, or without its source.
    Compiled(String),
    /// Nothing.
    Nothing,
}

/// Where modules come from.
pub trait ModuleSource {
    /// What a folder has under a name: `FileFinder.find_spec`.
    fn candidate(&self, folder: &str, name: &str) -> Candidate;
    /// The bytes of a file.
    fn read(&self, path: &str) -> Option<Vec<u8>>;
    /// The names of the modules in a folder, sorted, and whether each is a package: what `pkgutil` lists.
    fn modules_in(&self, folder: &str) -> Vec<(String, bool)>;
    /// What is known of packages that are installed beside the project.
    fn packages(&self) -> Packages;
    /// Whether a module that the project does not have is installed.
    fn installed(&self, _name: &str) -> Packages {
        self.packages()
    }
    /// Folders on `sys.path` besides the one that the program starts in.
    fn roots(&self) -> &Roots {
        const NONE: &Roots = &Roots { before: Vec::new(), behind: Vec::new() };
        NONE
    }
    /// Where the program of a file is kept; nowhere if it is to be made anew.
    fn programs(&self, _path: &str) -> Option<&Programs> {
        None
    }
}

/// Folders of the project on `sys.path`, besides the one that the program starts in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Roots {
    /// Before the library, as `PYTHONPATH` has them.
    pub before: Vec<String>,
    /// Behind it, as the `.pth` file of an editable install has them.
    pub behind: Vec<String>,
}

/// What is known of packages that are installed beside a project.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packages {
    /// There are none: what neither the project nor the library has is missing.
    None,
    /// Nothing is known: what is missing here may be installed all the same.
    Perhaps,
    /// What the project imports and does not have is taken to be installed.
    Assumed,
    /// It has been found installed.
    Present,
}

/// Modules from a file system.
#[derive(Debug)]
pub struct Files<'a> {
    /// The files.
    pub fs: &'a dyn FileSystem,
    /// What is installed beside them.
    pub packages: Packages,
}

impl ModuleSource for Files<'_> {
    fn candidate(&self, folder: &str, name: &str) -> Candidate {
        let listing = self.fs.listing(Path::new(folder));
        let join = |file: &str| format!("{}/{file}", folder.trim_end_matches('/'));
        if listing.get(name) == Some(EntryKind::Folder) {
            let inner = join(name);
            let inside = self.fs.listing(Path::new(&inner));
            if let Some(found) = compiled(&inside, "__init__") {
                return Candidate::Compiled(format!("{inner}/{found}"));
            }
            if inside.get("__init__.py") == Some(EntryKind::File) {
                return Candidate::Package(format!("{inner}/__init__.py"), inner);
            }
            if inside.get("__init__.pyc") == Some(EntryKind::File) {
                return Candidate::Compiled(format!("{inner}/__init__.pyc"));
            }
        }
        if let Some(found) = compiled(&listing, name) {
            return Candidate::Compiled(join(&found));
        }
        if listing.get(&format!("{name}.py")) == Some(EntryKind::File) {
            return Candidate::Source(join(&format!("{name}.py")));
        }
        if listing.get(&format!("{name}.pyc")) == Some(EntryKind::File) {
            return Candidate::Compiled(join(&format!("{name}.pyc")));
        }
        if listing.get(name) == Some(EntryKind::Folder) { Candidate::Portion(join(name)) } else { Candidate::Nothing }
    }

    fn read(&self, path: &str) -> Option<Vec<u8>> {
        self.fs.read(Path::new(path)).ok()
    }

    fn modules_in(&self, folder: &str) -> Vec<(String, bool)> {
        let listing = self.fs.listing(Path::new(folder));
        let mut found = Vec::new();
        for (name, kind) in listing.names() {
            match kind {
                EntryKind::File => {
                    if let Some(stem) = name.strip_suffix(".py")
                        && stem != "__init__"
                        && !stem.contains('.')
                    {
                        found.push((stem.to_owned(), false));
                    }
                }
                EntryKind::Folder if !name.contains('.') && name != "__pycache__" => {
                    let inside = self.fs.listing(Path::new(&format!("{folder}/{name}")));
                    if inside.get("__init__.py").is_some() {
                        found.push((name, true));
                    }
                }
                _ => {}
            }
        }
        found.sort();
        found
    }

    fn packages(&self) -> Packages {
        self.packages
    }
}

/// A compiled extension under a name.
fn compiled(listing: &legb_resolve::fs::Listing, name: &str) -> Option<String> {
    let found = listing.with_stem(name).iter().find(|(file, kind)| *kind == EntryKind::File && file.ends_with(".so"));
    found.map(|(file, _)| file.to_string())
}

/// What is known of a module of the library.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Library {
    /// Found before any file: built in, frozen, or loaded at start-up.
    First,
    /// A file of the library.
    File,
    /// Of the library, but not of every build or system: `winreg`.
    Perhaps,
    /// Not part of it.
    No,
}

/// What the library has under a dotted name.
pub(crate) fn library(name: &str, version: PyVersion) -> Library {
    if stdlib::is_builtin(name, version)
        || stdlib::frozen(name, version).is_some()
        || stdlib::is_loaded_at_startup(name, version)
    {
        return Library::First;
    }
    if stdlib::file(name, version).is_some() || stdlib::alias(name, version).is_some() || stdlib::is_below_tests(name) {
        return Library::File;
    }
    if !name.contains('.') && stdlib::is_stdlib(name, version) { Library::Perhaps } else { Library::No }
}

/// Whether a module of the library has submodules.
pub(crate) fn library_package(name: &str, version: PyVersion) -> bool {
    matches!(stdlib::file(name, version), Some(stdlib::Fact::Source { is_package: true }))
        || stdlib::frozen(name, version) == Some(true)
}
