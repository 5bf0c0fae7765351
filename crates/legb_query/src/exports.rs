//! Where is a name that a module offers really defined?
//!
//! Re-exports are followed from module to module: imports, star imports (through `__all__`, else the names without a leading
//! underscore), and names that a module's `__getattr__` makes on demand. What comes from outside of the project is told by the
//! module it is taken from.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use legb_graph::{ModuleId, ModuleTable, Resolver, Target};
use rustc_hash::FxHashSet;
use serde::Serialize;

use crate::outline::{Definition, Outline, WrittenImport, is_public};
use crate::report::{Described, is_own, module_target, target};

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ExportKind {
    /// A function.
    Function,
    /// A class.
    Class,
    /// A variable.
    Variable,
    /// A module of the project.
    Module,
    /// Something from outside of the project.
    External,
    /// Made on demand, or bound in a way that cannot be followed.
    Unknown,
}

/// Where a name leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// What it stands for.
    pub kind: ExportKind,
    /// The module that defines it, or the module itself; none outside of the project.
    pub module: Option<ModuleId>,
    /// The name of that module.
    pub module_name: String,
    /// What it is called there; none where it stands for a module.
    pub name: Option<String>,
    /// The line of its definition, counted from 1.
    pub line: Option<u32>,
    /// The modules between, that only pass it on.
    pub through: Vec<ModuleId>,
    /// Whether it is made on demand by the module that was asked.
    pub lazy: bool,
}

/// The names of the modules of a project.
///
/// Not every file need be described: what was asked for in vain is told by [`Exports::missed`], so that it can be read and
/// the question be put again.
#[derive(Debug)]
pub struct Exports<'a> {
    resolver: &'a Resolver,
    described: &'a [Option<Described>],
    nothing: Outline,
    missed: Mutex<BTreeSet<u32>>,
}

impl<'a> Exports<'a> {
    /// `described` has an entry for every file of the resolver's table.
    pub fn new(resolver: &'a Resolver, described: &'a [Option<Described>]) -> Self {
        Self { resolver, described, nothing: Outline::default(), missed: Mutex::default() }
    }

    /// The files, by their position in the table, that an answer would have needed and that are not described.
    pub fn missed(self) -> Vec<u32> {
        self.missed.into_inner().unwrap_or_else(PoisonError::into_inner).into_iter().collect()
    }

    /// The modules.
    pub fn table(&self) -> &'a ModuleTable {
        self.resolver.table()
    }

    /// What finds the modules that imports mean.
    pub fn resolver(&self) -> &'a Resolver {
        self.resolver
    }

    /// The outline of a module; an empty one for namespaces and files that were not read.
    pub fn outline(&self, module: ModuleId) -> &Outline {
        self.described(module).map_or(&self.nothing, |described| &described.outline)
    }

    /// Why a module could not be read, or is not compiled.
    pub fn problem(&self, module: ModuleId) -> Option<&str> {
        self.described(module)?.problem.as_deref()
    }

    fn described(&self, module: ModuleId) -> Option<&Described> {
        let file = self.resolver.table().get(module).file?;
        let described = self.described.get(file as usize)?.as_ref();
        if described.is_none() {
            self.missed.lock().unwrap_or_else(PoisonError::into_inner).insert(file);
        }
        described
    }

    /// Where a name of a module leads; nothing if the module does not have it, as far as one can tell.
    pub fn find(&self, module: ModuleId, name: &str) -> Option<Origin> {
        self.search(module, name, &mut FxHashSet::default())
    }

    fn search(&self, module: ModuleId, name: &str, seen: &mut FxHashSet<(ModuleId, String)>) -> Option<Origin> {
        if !seen.insert((module, name.to_owned())) {
            return None;
        }
        let outline = self.outline(module);
        let table = self.resolver.table();
        if let Some((kind, definition)) = defined(outline, name) {
            return Some(self.origin(kind, module, Some(name), Some(definition.line)));
        }
        let imports = || outline.imports.iter().filter(|import| import.at_module_level && !import.type_checking);
        if let Some(import) = imports().find(|import| import.bound.as_deref() == Some(name)) {
            return Some(self.imported(module, import, seen));
        }
        for import in imports().filter(|import| import.name.as_deref() == Some("*")) {
            if let Target::Module(from) = target(self.resolver, module, import)
                && self.star_names(from, &mut FxHashSet::default()).contains(name)
                && let Some(origin) = self.search(from, name, seen)
            {
                return Some(through(from, origin));
            }
        }
        if let Some(lazy) = outline.lazy.iter().find(|lazy| lazy.name == name) {
            let made = self.made_on_demand(module, lazy.module.as_deref(), lazy.attribute.as_deref(), seen);
            return Some(Origin { lazy: true, ..made });
        }
        table.child(Some(module), name).map(|child| self.origin(ExportKind::Module, child, None, None))
    }

    fn origin(&self, kind: ExportKind, module: ModuleId, name: Option<&str>, line: Option<u32>) -> Origin {
        Origin {
            kind,
            module: Some(module),
            module_name: self.resolver.table().get(module).name.to_string(),
            name: name.map(str::to_owned),
            line,
            through: Vec::new(),
            lazy: false,
        }
    }

    /// Something that cannot be followed into the project.
    fn outside(kind: ExportKind, module: String, name: Option<&str>) -> Origin {
        let name = name.map(str::to_owned);
        Origin { kind, module: None, module_name: module, name, line: None, through: Vec::new(), lazy: false }
    }

    fn imported(&self, module: ModuleId, import: &WrittenImport, seen: &mut FxHashSet<(ModuleId, String)>) -> Origin {
        let written = import.module.as_deref();
        let Some(name) = import.name.as_deref() else {
            // `import a.b` binds `a`, `import a.b as c` binds `a.b`.
            let written = written.unwrap_or_default();
            let first = written.split('.').next().unwrap_or_default();
            let named = if import.bound.as_deref() == Some(first) { first } else { written };
            return match self.resolver.absolute(module, named) {
                Target::Module(found) => self.origin(ExportKind::Module, found, None, None),
                _ => Self::outside(ExportKind::External, named.to_owned(), None),
            };
        };
        match module_target(self.resolver, module, import) {
            Target::Module(from) if from == module => {
                let child = self.resolver.table().child(Some(module), name);
                child.map_or_else(
                    || Self::outside(ExportKind::Unknown, self.name_of(module), Some(name)),
                    |child| self.origin(ExportKind::Module, child, None, None),
                )
            }
            Target::Module(from) => match self.search(from, name, seen) {
                Some(origin) if origin.module == Some(from) || origin.name.is_none() => origin,
                Some(origin) => through(from, origin),
                None => Self::outside(ExportKind::Unknown, self.name_of(from), Some(name)),
            },
            Target::External => Self::outside(ExportKind::External, written.unwrap_or_default().to_owned(), Some(name)),
            Target::Partial(_) | Target::Nowhere => {
                let full = self.resolver.full_name(module, import.level, written);
                Self::outside(ExportKind::Unknown, full.map(Into::into).unwrap_or_default(), Some(name))
            }
        }
    }

    fn made_on_demand(
        &self,
        module: ModuleId,
        from: Option<&str>,
        attribute: Option<&str>,
        seen: &mut FxHashSet<(ModuleId, String)>,
    ) -> Origin {
        let Some(written) = from else { return Self::outside(ExportKind::Unknown, self.name_of(module), attribute) };
        let dots = written.len() - written.trim_start_matches('.').len();
        let name = Some(&written[dots..]).filter(|name| !name.is_empty());
        let level = u32::try_from(dots).unwrap_or(u32::MAX);
        let found = match level {
            // Tables often leave out the dots: what the package has below it comes first.
            0 => match self.resolver.relative(module, 1, name) {
                Target::Module(found) => Target::Module(found),
                _ => self.resolver.absolute(module, written),
            },
            level => self.resolver.relative(module, level, name),
        };
        match (found, attribute) {
            (Target::Module(found), None) => self.origin(ExportKind::Module, found, None, None),
            (Target::Module(found), Some(attribute)) => self
                .search(found, attribute, seen)
                .unwrap_or_else(|| Self::outside(ExportKind::Unknown, self.name_of(found), Some(attribute))),
            (Target::External, attribute) => Self::outside(ExportKind::External, written.to_owned(), attribute),
            (Target::Partial(_) | Target::Nowhere, attribute) => {
                Self::outside(ExportKind::Unknown, written.to_owned(), attribute)
            }
        }
    }

    fn name_of(&self, module: ModuleId) -> String {
        self.resolver.table().get(module).name.to_string()
    }

    /// The names that `from module import *` brings, as far as the project tells.
    pub(crate) fn star_names(&self, module: ModuleId, seen: &mut FxHashSet<ModuleId>) -> FxHashSet<String> {
        let mut names = FxHashSet::default();
        if !seen.insert(module) {
            return names;
        }
        let outline = self.outline(module);
        if let Some(all) = &outline.all {
            names.extend(all.names.iter().cloned());
            if !all.incomplete {
                return names;
            }
        }
        names.extend(outline.defined_publicly().map(|definition| definition.name.clone()));
        for import in outline.imports.iter().filter(|import| import.at_module_level && !import.type_checking) {
            match (&import.bound, import.name.as_deref()) {
                (Some(bound), _) if is_public(bound) => {
                    names.insert(bound.clone());
                }
                (None, Some("*")) => {
                    if let Target::Module(from) = target(self.resolver, module, import) {
                        names.extend(self.star_names(from, seen).into_iter().filter(|name| is_public(name)));
                    }
                }
                _ => {}
            }
        }
        names
    }

    /// The names that a module offers to others, in the order of the text; those of star imports, which have no order, come
    /// last and are sorted.
    pub fn public(&self, module: ModuleId) -> Vec<String> {
        let outline = self.outline(module);
        let own = |import: &WrittenImport| is_own(self.resolver, module, import);
        let mut names: Vec<String> = outline.public(own).into_iter().map(str::to_owned).collect();
        if outline.all.as_ref().is_none_or(|all| all.incomplete) {
            let mut more = BTreeSet::new();
            let stars = outline.imports.iter().filter(|import| import.name.as_deref() == Some("*"));
            for import in stars.filter(|import| import.at_module_level && !import.type_checking && own(import)) {
                if let Target::Module(from) = target(self.resolver, module, import) {
                    // What the other module itself imports from elsewhere comes along, but nobody offers it.
                    let is_ours =
                        |name: &String| self.find(from, name).is_some_and(|origin| origin.kind != ExportKind::External);
                    more.extend(self.star_names(from, &mut FxHashSet::default()).into_iter().filter(is_ours));
                }
            }
            let mut more: Vec<String> = more.into_iter().filter(|name| !names.contains(name)).collect();
            names.append(&mut more);
        }
        names
    }
}

/// The definition of a name in a module.
fn defined<'o>(outline: &'o Outline, name: &str) -> Option<(ExportKind, &'o Definition)> {
    [
        (ExportKind::Function, &outline.functions),
        (ExportKind::Class, &outline.classes),
        (ExportKind::Variable, &outline.variables),
    ]
    .into_iter()
    .find_map(|(kind, list)| Some((kind, list.iter().find(|definition| definition.name == name)?)))
}

/// The origin, reached through one more module.
fn through(module: ModuleId, mut origin: Origin) -> Origin {
    if origin.module != Some(module) && !origin.through.contains(&module) {
        origin.through.insert(0, module);
    }
    origin
}
