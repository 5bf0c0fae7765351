//! The import graph of a whole project, if asked for with the modules outside of it that it imports.
//!
//! A module outside is its top-level name alone: nothing there is looked at.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io;

use legb_base::PyVersion;
use legb_project::{FileImports, Problem};
use legb_resolve::stdlib;

use crate::graph::{Import, ImportGraph, ImportSite, imports_of};
use crate::modules::{ModuleId, ModuleKind, ModuleTable};
use crate::project::Project;
use crate::resolver::{Resolver, Target};

/// A project and its graph.
#[derive(Debug)]
pub struct Network {
    /// The project.
    pub project: Project,
    /// Who imports whom. Ids beyond the project's table are those of modules outside.
    pub graph: ImportGraph,
    outside: Vec<(Box<str>, ModuleKind)>,
}

/// The imports of one file.
#[derive(Clone)]
struct Found {
    inside: Vec<Import>,
    outside: Vec<(Box<str>, ImportSite)>,
}

impl Network {
    /// Reads the imports of every file of a project. What could not be read is added to the problems of the project.
    pub fn read(mut project: Project, version: PyVersion, threads: usize, outside: bool) -> io::Result<Self> {
        let walked = project.walk(
            version,
            threads,
            |_| true,
            move |resolver, importer, imports| {
                let mut found = Found { inside: Vec::new(), outside: Vec::new() };
                imports_of(resolver, importer, imports, &mut found.inside);
                if outside {
                    found.outside = imports_outside(resolver, importer, imports);
                }
                found
            },
        )?;
        let mut imports: Vec<Import> = Vec::new();
        let mut names: BTreeMap<Box<str>, Vec<(ModuleId, ImportSite)>> = BTreeMap::new();
        for (importer, mut found) in walked.answers {
            imports.append(&mut found.inside);
            for (name, site) in found.outside {
                names.entry(name).or_default().push((importer, site));
            }
        }
        let mut outside = Vec::new();
        for (name, sites) in names {
            let to = ModuleId::from_usize(project.table.len() + outside.len());
            imports.extend(sites.into_iter().map(|(from, site)| Import { from, to, site }));
            outside.push((name.clone(), kind_outside(&name, version)));
        }
        let graph = ImportGraph::new(project.table.len() + outside.len(), imports);
        add_problems(&mut project.problems, walked.problems);
        Ok(Self { project, graph, outside })
    }

    /// The modules of the project.
    pub fn table(&self) -> &ModuleTable {
        &self.project.table
    }

    /// The name of a module, inside or outside.
    pub fn name(&self, id: ModuleId) -> &str {
        match self.outside(id) {
            Some((name, _)) => name,
            None => &self.table().get(id).name,
        }
    }

    /// What a module is made of.
    pub fn kind(&self, id: ModuleId) -> ModuleKind {
        self.outside(id).map_or_else(|| self.table().get(id).kind, |(_, kind)| *kind)
    }

    /// The path of a module as it is printed.
    pub fn path(&self, id: ModuleId) -> Option<Cow<'_, str>> {
        if self.outside(id).is_some() { None } else { self.table().path(id) }
    }

    fn outside(&self, id: ModuleId) -> Option<&(Box<str>, ModuleKind)> {
        self.outside.get(id.index().checked_sub(self.table().len())?)
    }
}

/// Joins two lists of problems, sorted by path.
pub(crate) fn add_problems(problems: &mut Vec<Problem>, more: Vec<Problem>) {
    problems.extend(more);
    problems.sort_by(|a, b| (&a.path, &a.what).cmp(&(&b.path, &b.what)));
}

/// Whether a module that is not of the project is one that Python brings.
pub(crate) fn kind_outside(name: &str, version: PyVersion) -> ModuleKind {
    // `__main__` is the program that runs, whatever that is.
    let is_of_python = stdlib::is_stdlib(name, version) || name == "__main__";
    if is_of_python { ModuleKind::Stdlib } else { ModuleKind::ThirdParty }
}

/// The top-level names outside of the project that a file imports.
fn imports_outside(resolver: &Resolver, importer: ModuleId, imports: &FileImports) -> Vec<(Box<str>, ImportSite)> {
    let mut file = resolver.file(importer, imports);
    let mut found = Vec::new();
    for row in &imports.rows {
        if file.target(row) == Target::External
            && let Some(module) = row.module
        {
            let name = imports.names.text(module).split('.').next().unwrap_or_default();
            found.push((name.into(), ImportSite::new(row.line, row.flags)));
        }
    }
    found
}
