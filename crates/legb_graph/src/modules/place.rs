//! Where do the import roots put each file? Searches folders as `importlib` does (`FileFinder.find_spec`).
//!
//! The tree of folders is made of the files alone; nothing is read from the disk.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use legb_project::problem::shown;
use legb_project::{Problem, SourceFile};
use legb_resolve::ImportRoots;
use legb_resolve::fs::normalised;
use legb_syntax::SourceKind;
use rustc_hash::{FxHashMap, FxHashSet};

use super::ModuleKind;
use crate::digraph::number;

const INIT: &str = "__init__";

/// A module with the position of its file.
pub(super) struct Row {
    pub(super) name: Box<str>,
    pub(super) kind: ModuleKind,
    pub(super) file: Option<u32>,
}

/// What the files came to.
#[derive(Default)]
pub(super) struct Placed {
    pub(super) rows: Vec<Row>,
    pub(super) problems: Vec<Problem>,
}

/// The module of every file that is no stub.
pub(super) fn place(files: &[SourceFile], roots: &ImportRoots) -> Placed {
    let here = std::env::current_dir().unwrap_or_default();
    let mut tree = Tree::default();
    // Packages that lie elsewhere than their name says are found before all others, as if a root held them.
    let mapped = tree.folder();
    let mut starts = vec![mapped];
    let mut elsewhere = FxHashSet::default();
    for package in &roots.mapped {
        let folder = tree.folder_at(&normalised(&here.join(&package.path)));
        tree.map(mapped, &package.name, folder);
        elsewhere.insert(folder);
    }
    for root in roots.iter() {
        let folder = tree.folder_at(&normalised(&here.join(&root.path)));
        if !starts.contains(&folder) {
            starts.push(folder);
            elsewhere.insert(folder);
        }
    }
    for (index, file) in files.iter().enumerate() {
        if file.kind() == SourceKind::Python {
            tree.add(&here.join(file.path()), number(index));
        }
    }
    let mut search =
        Search { tree: &tree, files, elsewhere, placed: Placed::default(), is_placed: vec![false; files.len()] };
    search.package("", &starts);
    search.finish()
}

/// Folders with files of Python somewhere below them, and the roots.
#[derive(Default)]
struct Tree {
    folders: Vec<Folder>,
    by_path: FxHashMap<PathBuf, usize>,
}

#[derive(Default)]
struct Folder {
    folders: BTreeMap<String, usize>,
    /// Packages that are mapped to other folders.
    mapped: BTreeMap<String, usize>,
    /// By the name without the ending: a `.py` before a `.pyw`.
    files: BTreeMap<String, Vec<u32>>,
}

impl Tree {
    fn add(&mut self, path: &Path, file: u32) {
        let (Some(folder), Some(stem)) = (path.parent(), path.file_stem()) else { return };
        let is_source = matches!(path.extension().map(OsStr::as_encoded_bytes), Some(b"py" | b"pyw"));
        let folder = self.folder_at(folder);
        // A file of another name can be run, but not imported: it stands where no import looks.
        let name = if is_source { Some(stem) } else { path.file_name() };
        let name = name.unwrap_or_default().to_string_lossy();
        let name = if is_source { name.into_owned() } else { format!("./{name}") };
        // The files come sorted, so that `a.py` is there before `a.pyw`.
        self.folders[folder].files.entry(name).or_default().push(file);
    }

    /// A folder that lies nowhere.
    fn folder(&mut self) -> usize {
        self.folders.push(Folder::default());
        self.folders.len() - 1
    }

    /// Lets the dotted name below `start` mean `folder`.
    fn map(&mut self, start: usize, name: &str, folder: usize) {
        let (above, tail) = name.rsplit_once('.').map_or((None, name), |(above, tail)| (Some(above), tail));
        let mut at = start;
        for part in above.into_iter().flat_map(|above| above.split('.')) {
            let known = self.folders[at].mapped.get(part).copied();
            let next = known.unwrap_or_else(|| self.folder());
            self.folders[at].mapped.insert(part.to_owned(), next);
            at = next;
        }
        self.folders[at].mapped.insert(tail.to_owned(), folder);
    }

    fn folder_at(&mut self, path: &Path) -> usize {
        if let Some(&known) = self.by_path.get(path) {
            return known;
        }
        let id = self.folder();
        self.by_path.insert(path.to_owned(), id);
        if let (Some(parent), Some(name)) = (path.parent(), path.file_name()) {
            let parent = self.folder_at(parent);
            self.folders[parent].folders.insert(name.to_string_lossy().into_owned(), id);
        }
        id
    }
}

struct Search<'a> {
    tree: &'a Tree,
    files: &'a [SourceFile],
    /// Roots and mapped packages: they are no part of the folder around them.
    elsewhere: FxHashSet<usize>,
    placed: Placed,
    is_placed: Vec<bool>,
}

/// What a tail stands for in the folders of a package.
#[derive(Default)]
struct Claims {
    /// The first file of a regular package or module; it wins.
    file: Option<(u32, Option<usize>)>,
    /// Further files.
    hidden: Vec<u32>,
    /// Folders without `__init__`, which count if there is no file.
    portions: Vec<usize>,
}

impl Search<'_> {
    /// Finds what is in the package `name`, whose `__path__` is `folders`.
    fn package(&mut self, name: &str, folders: &[usize]) {
        let tails: std::collections::BTreeSet<&str> = folders
            .iter()
            .map(|&folder| &self.tree.folders[folder])
            .flat_map(|folder| folder.folders.keys().chain(folder.mapped.keys()).chain(folder.files.keys()))
            .map(String::as_str)
            .filter(|tail| !tail.contains('.') && (*tail != INIT || name.is_empty()))
            .collect();
        for tail in tails {
            let claims = self.claims(tail, folders);
            let name = if name.is_empty() { tail.to_owned() } else { format!("{name}.{tail}") };
            self.settle(&name, &claims);
        }
    }

    fn claims(&self, tail: &str, folders: &[usize]) -> Claims {
        let mut claims = Claims::default();
        for &folder in folders {
            let folder = &self.tree.folders[folder];
            let below = folder.folders.get(tail).filter(|below| !self.elsewhere.contains(below));
            let below = folder.mapped.get(tail).or(below).copied();
            let init = below.and_then(|below| self.tree.folders[below].files.get(INIT));
            let as_package = init.into_iter().flatten().map(|&file| (file, below));
            let as_module = folder.files.get(tail).into_iter().flatten().map(|&file| (file, None));
            for claim in as_package.chain(as_module) {
                match claims.file {
                    None => claims.file = Some(claim),
                    Some(_) => claims.hidden.push(claim.0),
                }
            }
            if let Some(below) = below.filter(|_| init.is_none()) {
                claims.portions.push(below);
            }
        }
        claims
    }

    fn settle(&mut self, name: &str, claims: &Claims) {
        let Some((file, folder)) = claims.file else {
            let before = self.placed.rows.len();
            self.package(name, &claims.portions);
            // A folder without modules below it is nothing that the project has.
            if self.placed.rows.len() > before {
                self.row(name, ModuleKind::Namespace, None);
            }
            return;
        };
        let kind = if folder.is_some() { ModuleKind::Package } else { ModuleKind::Module };
        self.row(name, kind, Some(file));
        for &hidden in &claims.hidden {
            self.hide(name, hidden, file);
        }
        if let Some(folder) = folder {
            self.package(name, &[folder]);
        }
    }

    fn row(&mut self, name: &str, kind: ModuleKind, file: Option<u32>) {
        if let Some(file) = file {
            self.is_placed[file as usize] = true;
        }
        self.placed.rows.push(Row { name: name.into(), kind, file });
    }

    fn hide(&mut self, name: &str, hidden: u32, by: u32) {
        let path = |file: u32| self.files[file as usize].path();
        let what = format!("is not what `import {name}` loads: that is {}", shown(path(by)));
        let remedy = "rename one of the two, or remove it";
        self.placed.problems.push(Problem::warning(path(hidden), what, remedy));
    }

    /// What no import reaches is a script: its name is its path.
    fn finish(mut self) -> Placed {
        for (index, file) in self.files.iter().enumerate() {
            if !self.is_placed[index] && file.kind() == SourceKind::Python {
                self.placed.rows.push(Row {
                    name: file.shown().into(),
                    kind: ModuleKind::Script,
                    file: Some(number(index)),
                });
            }
        }
        self.placed.problems.sort_by(|a, b| (&a.path, &a.what).cmp(&(&b.path, &b.what)));
        self.placed
    }
}
