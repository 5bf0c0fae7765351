//! Which module of the project does an import mean?
//!
//! `import a.b.c` means `a.b.c`; `from a import b` means `a.b` if that is a module, else `a`. Python loads the packages above
//! first, which [`ModuleTable::ancestors`] names. An import of what the project does not have means the last package or module
//! on the way to it that the project has, for so far Python gets.

use std::borrow::Cow;
use std::sync::Arc;

use legb_base::{NameId, PyVersion};
use legb_project::{FileImports, ImportRow};
use legb_resolve::stdlib;
use rustc_hash::FxHashSet;

use crate::modules::{ModuleId, ModuleKind, ModuleTable};

/// What an import means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// A module of the project.
    Module(ModuleId),
    /// A module that is not of the project: the module that the row names.
    External,
    /// As much of a dotted name as the project has; the rest is missing, or is found by other means than files of source.
    Partial(ModuleId),
    /// Nothing: a relative import with more dots than there are packages.
    Nowhere,
}

impl Target {
    /// The module of the project that is loaded, or the last that is before the import fails.
    pub fn module(self) -> Option<ModuleId> {
        match self {
            Self::Module(id) | Self::Partial(id) => Some(id),
            Self::External | Self::Nowhere => None,
        }
    }
}

/// Finds the modules that imports mean.
#[derive(Clone, Debug)]
pub struct Resolver {
    table: Arc<ModuleTable>,
    version: PyVersion,
    /// Modules at the top that Python finds elsewhere before it looks at the project.
    not_ours: FxHashSet<ModuleId>,
}

/// A module name that was looked up, as in the row before.
type Known = (u32, Option<NameId>, Target);

/// The resolver on the rows of one file.
#[derive(Debug)]
pub struct FileResolver<'r> {
    resolver: &'r Resolver,
    importer: ModuleId,
    imports: &'r FileImports,
    known: Option<Known>,
}

impl Resolver {
    /// A resolver for a version of Python: what is built into it or loaded at its start is not taken from the project.
    pub fn new(table: Arc<ModuleTable>, version: PyVersion) -> Self {
        let top = |name: &str| table.child(None, name);
        // The standard library looked at as a project is where these modules come from.
        let is_library = ["os", "site", "encodings"].into_iter().all(|name| top(name).is_some());
        let is_found_before = |name: &str| {
            stdlib::is_builtin(name, version)
                || !is_library
                    && (stdlib::frozen(name, version).is_some() || stdlib::is_loaded_at_startup(name, version))
        };
        let not_ours = table
            .iter()
            .filter(|(_, module)| module.parent.is_none() && module.kind != ModuleKind::Script)
            .filter(|(_, module)| is_found_before(&module.name))
            .map(|(id, _)| id)
            .collect();
        Self { table, version, not_ours }
    }

    /// The table.
    pub fn table(&self) -> &Arc<ModuleTable> {
        &self.table
    }

    /// The resolver on the imports of a module.
    pub fn file<'r>(&'r self, importer: ModuleId, imports: &'r FileImports) -> FileResolver<'r> {
        FileResolver { resolver: self, importer, imports, known: None }
    }

    /// What an absolute name means in a module.
    pub fn absolute(&self, importer: ModuleId, name: &str) -> Target {
        let mut tails = name.split('.');
        let first = tails.next().unwrap_or_default();
        let top = self.table.child(None, first).filter(|id| !self.not_ours.contains(id));
        match top.or_else(|| self.beside(importer, first)) {
            Some(top) => self.below(top, tails),
            None => Target::External,
        }
    }

    /// The module `name` in the folder of a file, if that is no regular package: when the file is run as a script, Python
    /// looks there first. Names of the standard library are left out: they mean the library when the file is imported.
    fn beside(&self, importer: ModuleId, name: &str) -> Option<ModuleId> {
        let folder = self.table.get(importer).parent?;
        let is_loose = self.table.get(folder).kind == ModuleKind::Namespace;
        (is_loose && !stdlib::is_stdlib(name, self.version)).then(|| self.table.child(Some(folder), name))?
    }

    fn below<'n>(&self, start: ModuleId, tails: impl Iterator<Item = &'n str>) -> Target {
        let mut found = start;
        for tail in tails {
            match self.table.child(Some(found), tail) {
                Some(child) => found = child,
                None => return Target::Partial(found),
            }
        }
        Target::Module(found)
    }

    /// What a relative name means in a module.
    pub fn relative(&self, importer: ModuleId, level: u32, name: Option<&str>) -> Target {
        let mut package = self.table.package_of(importer);
        for _ in 1..level {
            package = package.and_then(|package| self.table.get(package).parent);
        }
        match (package, name) {
            (None, _) => Target::Nowhere,
            (Some(package), None) => Target::Module(package),
            (Some(package), Some(name)) => self.below(package, name.split('.')),
        }
    }

    /// `name` taken from what `target` means: the submodule of that name if there is one.
    pub fn from(&self, target: Target, name: &str) -> Target {
        match target {
            Target::Module(module) => self.table.child(Some(module), name).map_or(target, Target::Module),
            _ => target,
        }
    }

    /// The dotted name that a relative or absolute name stands for, if it stands for any.
    pub fn full_name<'n>(&self, importer: ModuleId, level: u32, name: Option<&'n str>) -> Option<Cow<'n, str>> {
        if level == 0 {
            return name.map(Cow::Borrowed);
        }
        let package = self.relative(importer, level, None).module()?;
        let package = &self.table.get(package).name;
        Some(Cow::Owned(match name {
            Some(name) => format!("{package}.{name}"),
            None => package.to_string(),
        }))
    }
}

impl FileResolver<'_> {
    /// What a row means.
    pub fn target(&mut self, row: &ImportRow) -> Target {
        let names = &self.imports.names;
        let module = match self.known {
            Some((level, module, target)) if (level, module) == (row.level, row.module) => target,
            _ => {
                let name = row.module.map(|module| names.text(module));
                let target = match (row.level, name) {
                    (0, Some(name)) => self.resolver.absolute(self.importer, name),
                    (0, None) => Target::Nowhere,
                    (level, name) => self.resolver.relative(self.importer, level, name),
                };
                self.known = Some((row.level, row.module, target));
                target
            }
        };
        match row.name {
            Some(name) => self.resolver.from(module, names.text(name)),
            None => module,
        }
    }
}
