//! How many files import each module?

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use legb_base::PyVersion;
use legb_project::{FileImports, Problem};

use crate::modules::{ModuleId, ModuleKind};
use crate::network::kind_outside;
use crate::project::Project;
use crate::resolver::{Resolver, Target};

/// Where an imported module comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// The project.
    FirstParty,
    /// Neither the project nor the standard library.
    ThirdParty,
    /// The standard library.
    Stdlib,
}

impl Origin {
    /// The word for it in output.
    pub const fn word(self) -> &'static str {
        match self {
            Self::FirstParty => "first-party",
            Self::ThirdParty => "third-party",
            Self::Stdlib => "stdlib",
        }
    }
}

/// An imported module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// Its dotted name.
    pub module: String,
    /// How many files import it.
    pub files: usize,
    /// Where it comes from.
    pub origin: Origin,
}

/// The modules that files import.
#[derive(Debug)]
pub struct ImportCounts {
    /// The modules, those that most files import first, then by name.
    pub modules: Vec<Imported>,
    /// How many files were read.
    pub files: usize,
    /// Files that could not be read.
    pub problems: Vec<Problem>,
}

/// Counts the files below the paths of a project that import each module. Names have at most `depth` parts.
///
/// A name counts once in a file, however often and whenever the file imports it. `from a import b` counts for `a.b` if that is a
/// module of the project, else for `a`; relative names count as what they stand for, unless they stand for nothing.
pub fn count_imports(
    project: &Project,
    version: PyVersion,
    threads: usize,
    depth: Option<usize>,
) -> io::Result<ImportCounts> {
    let walked = project.walk(
        version,
        threads,
        |id| project.reports(id),
        move |resolver, importer, imports| names(resolver, importer, imports, version, depth),
    )?;
    let files = walked.answers.len();
    let mut counts: BTreeMap<(Box<str>, Origin), usize> = BTreeMap::new();
    for name in walked.answers.into_iter().flat_map(|(_, names)| names) {
        *counts.entry(name).or_default() += 1;
    }
    let mut modules: Vec<Imported> =
        counts.into_iter().map(|((module, origin), files)| Imported { module: module.into(), files, origin }).collect();
    // A stable sort: the names stay in order.
    modules.sort_by_key(|imported| std::cmp::Reverse(imported.files));
    Ok(ImportCounts { modules, files, problems: walked.problems })
}

/// What a file imports.
fn names(
    resolver: &Resolver,
    importer: ModuleId,
    imports: &FileImports,
    version: PyVersion,
    depth: Option<usize>,
) -> BTreeSet<(Box<str>, Origin)> {
    let mut file = resolver.file(importer, imports);
    let mut found = BTreeSet::new();
    for row in &imports.rows {
        let written = row.module.map(|module| imports.names.text(module));
        let (name, origin) = match file.target(row) {
            Target::Module(id) => ((&*resolver.table().get(id).name).into(), Origin::FirstParty),
            Target::Partial(_) => match resolver.full_name(importer, row.level, written) {
                Some(name) => (name, Origin::FirstParty),
                None => continue,
            },
            Target::External => match written {
                Some(name) => (name.into(), origin_outside(name, version)),
                None => continue,
            },
            Target::Nowhere => continue,
        };
        found.insert((shortened(&name, depth).into(), origin));
    }
    found
}

fn origin_outside(name: &str, version: PyVersion) -> Origin {
    match kind_outside(name, version) {
        ModuleKind::Stdlib => Origin::Stdlib,
        _ => Origin::ThirdParty,
    }
}

/// The first `depth` parts of a dotted name.
pub(crate) fn shortened(name: &str, depth: Option<usize>) -> &str {
    match depth.and_then(|depth| name.match_indices('.').nth(depth.max(1) - 1)) {
        Some((end, _)) => &name[..end],
        None => name,
    }
}

#[cfg(test)]
mod tests {
    use super::shortened;

    #[test]
    fn names_are_cut_behind_their_parts() {
        assert_eq!(shortened("a.b.c", Some(1)), "a");
        assert_eq!(shortened("a.b.c", Some(2)), "a.b");
        assert_eq!(shortened("a.b.c", Some(3)), "a.b.c");
        assert_eq!(shortened("a.b.c", None), "a.b.c");
    }
}
