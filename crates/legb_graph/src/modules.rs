//! The modules of a project: which dotted name each file has, and which module each dotted name means.
//!
//! The names are those under which the import system finds the files from the import roots; what lies outside of the roots is
//! not in the table. Stubs are none of it either: nothing loads them at run time.

mod place;

use std::borrow::Cow;
use std::hash::Hasher;
use std::path::Path;
use std::sync::Arc;

use hashbrown::HashTable;
use legb_base::index::IndexVec;
use legb_project::{Problem, SourceFile};
use legb_resolve::ImportRoots;
use rustc_hash::{FxHashMap, FxHasher};

use crate::digraph::number;

legb_base::define_index! {
    /// A module of a project. Ids are in the order of the names.
    pub struct ModuleId;
}

/// What a module is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ModuleKind {
    /// A file.
    Module,
    /// A folder with an `__init__` file.
    Package,
    /// One folder or several without an `__init__` file (PEP 420).
    Namespace,
    /// A file that no import finds: its name has a dot, or another module hides it.
    Script,
    /// Of the standard library.
    Stdlib,
    /// Of neither the project nor the standard library.
    ThirdParty,
}

impl ModuleKind {
    /// The word for it in output.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Module => "module",
            Self::Package => "package",
            Self::Namespace => "namespace",
            Self::Script => "script",
            Self::Stdlib => "stdlib",
            Self::ThirdParty => "third-party",
        }
    }

    /// Whether modules can be below it.
    pub const fn is_package(self) -> bool {
        matches!(self, Self::Package | Self::Namespace)
    }

    /// Whether it is of the project.
    pub const fn is_first_party(self) -> bool {
        !matches!(self, Self::Stdlib | Self::ThirdParty)
    }
}

/// A module of a project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Module {
    /// The dotted name; the path of a [`ModuleKind::Script`].
    pub name: Box<str>,
    /// What it is made of.
    pub kind: ModuleKind,
    /// The package it is in; none at the top.
    pub parent: Option<ModuleId>,
    /// The position of its file in [`ModuleTable::files`]; a namespace has none.
    pub file: Option<u32>,
}

impl Module {
    /// The part of the name behind the last dot.
    pub fn tail(&self) -> &str {
        match self.kind {
            ModuleKind::Script => &self.name,
            _ => self.name.rsplit('.').next().unwrap_or_default(),
        }
    }
}

/// All modules of a project, sorted by name.
#[derive(Clone, Debug, Default)]
pub struct ModuleTable {
    files: Arc<[SourceFile]>,
    modules: IndexVec<ModuleId, Module>,
    /// Those that can be imported, by parent and tail.
    children: HashTable<ModuleId>,
    /// The module of each file.
    of_file: Vec<Option<ModuleId>>,
    problems: Vec<Problem>,
}

impl ModuleTable {
    /// The table of `files`, as they are found from the `roots`. Relative paths start from the working directory.
    ///
    /// A file below several roots belongs to the innermost; one below none is a script.
    pub fn new(files: Arc<[SourceFile]>, roots: &ImportRoots) -> Self {
        let placed = place::place(&files, roots);
        let mut table = Self { of_file: vec![None; files.len()], files, problems: placed.problems, ..Self::default() };
        let mut rows = placed.rows;
        rows.sort_unstable_by(|a, b| (&a.name, a.kind, a.file).cmp(&(&b.name, b.kind, b.file)));
        let ids: FxHashMap<&str, ModuleId> = (0..)
            .zip(&rows)
            .filter(|(_, row)| row.kind != ModuleKind::Script)
            .map(|(index, row)| (&*row.name, ModuleId::from_usize(index)))
            .collect();
        let parents: Vec<Option<ModuleId>> = rows
            .iter()
            .map(
                |row| {
                    if row.kind == ModuleKind::Script { None } else { ids.get(row.name.rsplit_once('.')?.0).copied() }
                },
            )
            .collect();
        drop(ids);
        for (row, parent) in rows.into_iter().zip(parents) {
            let id = ModuleId::from_usize(table.modules.len());
            if let Some(file) = row.file {
                table.of_file[file as usize] = Some(id);
            }
            table.modules.push(Module { name: row.name, kind: row.kind, parent, file: row.file });
            if row.kind != ModuleKind::Script {
                table.index(id);
            }
        }
        table
    }

    fn index(&mut self, id: ModuleId) {
        let modules = &self.modules;
        let hash = |id: &ModuleId| hash(modules[*id].parent, modules[*id].tail());
        self.children.insert_unique(hash(&id), id, hash);
    }

    /// How many modules there are.
    pub fn len(&self) -> usize {
        self.modules.len()
    }

    /// Whether there is no module.
    pub fn is_empty(&self) -> bool {
        self.modules.is_empty()
    }

    /// A module.
    pub fn get(&self, id: ModuleId) -> &Module {
        &self.modules[id]
    }

    /// All modules, in the order of their names.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (ModuleId, &Module)> {
        self.modules.iter_enumerated()
    }

    /// The files that the table was made of.
    pub fn files(&self) -> &Arc<[SourceFile]> {
        &self.files
    }

    /// The file of a module; a namespace has none.
    pub fn file(&self, id: ModuleId) -> Option<&SourceFile> {
        self.modules[id].file.map(|file| &self.files[file as usize])
    }

    /// The path of a module as it is printed.
    pub fn path(&self, id: ModuleId) -> Option<Cow<'_, str>> {
        self.file(id).map(SourceFile::shown)
    }

    /// The module of the file at a position of [`Self::files`].
    pub fn of_file(&self, file: usize) -> Option<ModuleId> {
        self.of_file.get(file).copied().flatten()
    }

    /// The module of the file at a path, written as in [`Self::files`].
    pub fn of_path(&self, path: &Path) -> Option<ModuleId> {
        self.of_file(self.files.iter().position(|file| file.path() == path)?)
    }

    /// The module of this dotted name, if it can be imported.
    pub fn find(&self, name: &str) -> Option<ModuleId> {
        let mut found = None;
        for tail in name.split('.') {
            found = Some(self.child(found, tail)?);
        }
        found
    }

    /// The module `tail` in a package, or at the top.
    pub fn child(&self, parent: Option<ModuleId>, tail: &str) -> Option<ModuleId> {
        let is_it = |id: &ModuleId| self.modules[*id].parent == parent && self.modules[*id].tail() == tail;
        self.children.find(hash(parent, tail), is_it).copied()
    }

    /// The package whose name stands for one leading dot in a module: the module itself if it is a package, else its parent.
    pub fn package_of(&self, id: ModuleId) -> Option<ModuleId> {
        if self.modules[id].kind.is_package() { Some(id) } else { self.modules[id].parent }
    }

    /// The packages above a module, the nearest first. Python loads them all before it.
    pub fn ancestors(&self, id: ModuleId) -> impl Iterator<Item = ModuleId> {
        std::iter::successors(self.modules[id].parent, |id| self.modules[*id].parent)
    }

    /// A module and all below it.
    pub fn subtree(&self, id: ModuleId) -> impl Iterator<Item = ModuleId> {
        self.modules.indices().filter(move |&other| other == id || self.ancestors(other).any(|above| above == id))
    }

    /// What is wrong with the files: several for one name, and those that no import reaches.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// The name of the module that is written most like `unknown`, if one is written much like it.
    pub fn nearest(&self, unknown: &str) -> Option<&str> {
        nearest(unknown, self.modules.iter().map(|module| &*module.name))
    }
}

/// The first of the names that are written most like `unknown`, if one is written much like it.
pub fn nearest<'n>(unknown: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    const ALIKE: f64 = 0.75;
    names
        .map(|name| (strsim::normalized_damerau_levenshtein(unknown, name), name))
        .filter(|(likeness, _)| *likeness >= ALIKE)
        .fold(None, |best: Option<(f64, &str)>, next| best.filter(|best| best.0 >= next.0).or(Some(next)))
        .map(|(_, name)| name)
}

fn hash(parent: Option<ModuleId>, tail: &str) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write_u32(parent.map_or(u32::MAX, |parent| number(parent.index())));
    hasher.write(tail.as_bytes());
    hasher.finish()
}

#[cfg(test)]
mod tests;
