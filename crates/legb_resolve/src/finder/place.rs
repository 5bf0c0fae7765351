//! What does one entry of a path have under a name? The path entry finders: folders, archives, the recorded library.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::answer::{Kind, Resolution, Why};
use crate::archive::{self, Archive};
use crate::environment::Environment;
use crate::fs::{EntryKind, FileSystem, Listing, NoListing};
use crate::platform::{Loader, Suffixes};
use crate::stdlib::{self, Fact};

/// An entry of a path and who finds modules in it.
#[derive(Clone, Debug)]
pub(super) struct Place {
    path: PathBuf,
    finder: EntryFinder,
}

#[derive(Clone, Debug)]
enum EntryFinder {
    /// `FileFinder`.
    Folder(Arc<Listing>),
    /// `zipimporter`, with the path inside the archive: empty, or with a slash at its end.
    Archive(Arc<Archive>, String),
    /// Names recorded from interpreters.
    Recorded,
    /// A name that stands for the namespace packages of an editable install.
    Placeholder,
    /// No hook accepts the path.
    Nobody,
}

/// What an entry has.
#[derive(Debug)]
pub(super) enum Found {
    Nothing,
    /// Folders that count if no entry has more.
    Portions(Vec<PathBuf>),
    Module(Resolution),
}

impl Place {
    pub(super) fn new(path: PathBuf, fs: &dyn FileSystem) -> Self {
        let listing = fs.listing(&path);
        let finder = if listing.failure() != Some(NoListing::Absent) {
            EntryFinder::Folder(listing)
        } else if let Some((file, inside)) = archive::split(&path, fs)
            && let Some(archive) = fs.read(&file).ok().and_then(Archive::read)
        {
            let inside = if inside.is_empty() { inside } else { inside + "/" };
            EntryFinder::Archive(Arc::new(archive), inside)
        } else {
            EntryFinder::Nobody
        };
        Self { path, finder }
    }

    pub(super) fn recorded(path: PathBuf) -> Self {
        Self { path, finder: EntryFinder::Recorded }
    }

    pub(super) fn placeholder(path: PathBuf) -> Self {
        Self { path, finder: EntryFinder::Placeholder }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// What the entry has under the last part of a name.
    pub(super) fn find(&self, name: &str, tail: &str, environment: &Environment, fs: &dyn FileSystem) -> Found {
        match &self.finder {
            EntryFinder::Folder(listing) => self.in_folder(listing, tail, &environment.suffixes, fs),
            EntryFinder::Archive(archive, inside) => {
                self.in_archive(archive, &format!("{inside}{tail}"), environment.zip_folders_need_entries())
            }
            EntryFinder::Recorded => self.in_record(name, tail, environment),
            EntryFinder::Placeholder => self.in_editable(name, environment),
            EntryFinder::Nobody => Found::Nothing,
        }
    }

    /// Every file of a folder that a name could mean, in the order in which they are tried.
    pub(super) fn files(&self, tail: &str, suffixes: &Suffixes, fs: &dyn FileSystem) -> Vec<PathBuf> {
        let EntryFinder::Folder(listing) = &self.finder else { return Vec::new() };
        let package = package_in(&self.path.join(tail), &self.path, suffixes, fs).and_then(|package| package.origin);
        let is_file = |suffix: &&str| listing.get(&format!("{tail}{suffix}")) == Some(EntryKind::File);
        let suffixes = suffixes.iter().map(|(suffix, _)| suffix).filter(is_file);
        package.into_iter().chain(suffixes.map(|suffix| self.path.join(format!("{tail}{suffix}")))).collect()
    }

    /// `FileFinder.find_spec`.
    fn in_folder(&self, listing: &Listing, tail: &str, suffixes: &Suffixes, fs: &dyn FileSystem) -> Found {
        let rests = listing.with_stem(tail);
        if rests.is_empty() {
            return Found::Nothing;
        }
        let is_folder = rests.iter().any(|(rest, kind)| rest.is_empty() && *kind == EntryKind::Folder);
        let folder = || self.path.join(tail);
        if is_folder && let Some(package) = package_in(&folder(), &self.path, suffixes, fs) {
            return Found::Module(package);
        }
        for (suffix, loader) in suffixes.iter() {
            let is_it =
                |(rest, kind): &&(Box<str>, EntryKind)| suffixes.matches(rest, suffix) && *kind == EntryKind::File;
            if rests.iter().find(is_it).is_some() {
                let file = self.path.join(format!("{tail}{suffix}"));
                return Found::Module(module(loader, file, Why::Entry(self.path.clone())));
            }
        }
        if is_folder { Found::Portions(vec![folder()]) } else { Found::Nothing }
    }

    /// `zipimporter.find_spec`.
    fn in_archive(&self, archive: &Archive, inside: &str, entry_is_needed: bool) -> Found {
        const ORDER: [(&str, bool); 4] =
            [("/__init__.pyc", true), ("/__init__.py", true), (".pyc", false), (".py", false)];
        let top = self.top_of_archive(inside);
        for (suffix, is_package) in ORDER {
            let file = format!("{inside}{suffix}");
            if archive.has_file(&file) {
                let folder = || top.join(inside);
                return Found::Module(Resolution {
                    kind: Kind::Zip,
                    origin: Some(top.join(&file)),
                    is_package,
                    search_locations: if is_package { vec![folder()] } else { Vec::new() },
                    why: Why::Entry(self.path.clone()),
                });
            }
        }
        if archive.has_folder(inside, entry_is_needed) {
            Found::Portions(vec![top.join(inside)])
        } else {
            Found::Nothing
        }
    }

    /// The archive itself: the entry without what leads into it.
    fn top_of_archive(&self, inside: &str) -> PathBuf {
        let depth = inside.matches('/').count();
        self.path.ancestors().nth(depth).unwrap_or(&self.path).to_owned()
    }

    fn in_record(&self, name: &str, tail: &str, environment: &Environment) -> Found {
        let (loader, is_package) = match stdlib::file(name, environment.version) {
            Some(Fact::Source { is_package }) => (Loader::Source, is_package),
            Some(Fact::Extension) => (Loader::Extension, false),
            _ => return Found::Nothing,
        };
        let folder = self.path.join(tail);
        let file = if is_package { folder.join("__init__.py") } else { self.path.join(format!("{tail}.py")) };
        Found::Module(Resolution {
            kind: loader.into(),
            // Where an extension lies differs between builds.
            origin: (loader == Loader::Source).then_some(file),
            is_package,
            search_locations: if is_package { vec![folder] } else { Vec::new() },
            why: Why::Recorded,
        })
    }

    /// `_EditableNamespaceFinder.find_spec` of setuptools.
    fn in_editable(&self, name: &str, environment: &Environment) -> Found {
        let finder = environment.editables.iter().find(|finder| Path::new(&finder.placeholder) == self.path);
        let Some(finder) = finder else { return Found::Nothing };
        let Some((_, portions)) = finder.namespaces.iter().find(|(known, _)| known == name) else {
            return Found::Nothing;
        };
        let mut portions = portions.clone();
        if portions.is_empty() {
            let mapped = finder.modules.iter().find(|(known, _)| known == name);
            portions.extend(mapped.map(|(_, target)| target.path().to_owned()));
        }
        portions.push(self.path.clone());
        Found::Portions(portions)
    }
}

impl Found {
    /// What was found, in words.
    pub(super) fn describe(&self, place: &Place, fs: &dyn FileSystem) -> String {
        match self {
            Self::Nothing => match &place.finder {
                EntryFinder::Folder(listing) if listing.failure() == Some(NoListing::Unreadable) => {
                    "the folder may not be read, which counts as empty".to_owned()
                }
                EntryFinder::Nobody if fs.kind(&place.path).is_none() => "does not exist".to_owned(),
                EntryFinder::Nobody => "neither a folder nor an archive".to_owned(),
                _ => "nothing".to_owned(),
            },
            Self::Portions(folders) => {
                let folders: Vec<String> = folders.iter().map(|folder| folder.display().to_string()).collect();
                format!("portion of a namespace package: {}", folders.join(", "))
            }
            Self::Module(found) => {
                let what = match (found.kind, found.is_package) {
                    (kind, true) => format!("package ({})", kind.as_str()),
                    (kind, false) => format!("module ({})", kind.as_str()),
                };
                match &found.origin {
                    Some(file) => format!("{what}: {}", file.display()),
                    None => what,
                }
            }
        }
    }
}

/// The regular package in a folder, if it has an `__init__`.
fn package_in(folder: &Path, entry: &Path, suffixes: &Suffixes, fs: &dyn FileSystem) -> Option<Resolution> {
    let listing = fs.listing(folder);
    let is_file = |name: &str| match listing.failure() {
        None => listing.get(name) == Some(EntryKind::File),
        // A folder that may be entered but not read still gives its files to those who know their names.
        Some(_) => fs.kind(&folder.join(name)) == Some(EntryKind::File),
    };
    let (suffix, loader) = suffixes.iter().find(|(suffix, _)| is_file(&format!("__init__{suffix}")))?;
    let mut found = module(loader, folder.join(format!("__init__{suffix}")), Why::Entry(entry.to_owned()));
    found.is_package = true;
    found.search_locations = vec![folder.to_owned()];
    Some(found)
}

fn module(loader: Loader, file: PathBuf, why: Why) -> Resolution {
    Resolution { kind: loader.into(), origin: Some(file), is_package: false, search_locations: Vec::new(), why }
}

/// `_EditableFinder._find_spec` of setuptools: a package folder, or a file that the suffix is missing of.
pub(super) fn at_stem(stem: &Path, suffixes: &Suffixes, fs: &dyn FileSystem) -> Option<Resolution> {
    let init = stem.join("__init__.py");
    if fs.kind(&init).is_some() {
        return at_file(&init, suffixes);
    }
    // The order is that of `importlib.machinery.all_suffixes`: source, bytecode, extensions.
    let extensions = suffixes.iter().filter(|(_, loader)| *loader == Loader::Extension);
    let others = suffixes.iter().filter(|(_, loader)| *loader != Loader::Extension);
    let mut files = others.chain(extensions).map(|(suffix, _)| stem.with_extension(suffix.trim_start_matches('.')));
    files.find(|file| fs.kind(file).is_some()).and_then(|file| at_file(&file, suffixes))
}

/// The module in a file, which is a package if the file is an `__init__`.
pub(super) fn at_file(file: &Path, suffixes: &Suffixes) -> Option<Resolution> {
    let (stem, loader) = suffixes.split(file.file_name()?.to_str()?)?;
    let is_package = stem == "__init__";
    let folder = file.parent()?.to_owned();
    let mut found = module(loader, file.to_owned(), Why::Entry(folder.clone()));
    found.is_package = is_package;
    if is_package {
        found.search_locations.push(folder);
    }
    Some(found)
}
