//! Which folders of a project do its absolute imports start from, and how is that known?
//!
//! In this order: the folders named with `--src`; what the build backend is told (`pyproject.toml`, `setup.cfg`, `setup.py`;
//! [`crate::backend`]); a folder `src`; the folder of the project itself. Packages of a monorepo are projects inside a
//! project: folders with a `pyproject.toml`, `setup.py` or `setup.cfg` of their own.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::backend;
use crate::environment::EnvironmentProblem;
use crate::fs::{EntryKind, FileSystem};
use crate::platform::Suffixes;

/// How an import root was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RootOrigin {
    /// Named with `--src`.
    Given,
    /// A build backend is told so.
    Backend {
        /// The file.
        file: PathBuf,
        /// The key, with dots between its parts.
        key: &'static str,
    },
    /// The folder `src` of a project.
    SrcLayout,
    /// The folder of a project itself.
    Flat {
        /// The file that makes it a project.
        marker: Option<PathBuf>,
    },
    /// The folder around a package or module that was named.
    AroundPath,
}

impl fmt::Display for RootOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Given => f.write_str("--src"),
            Self::Backend { file, key } => write!(f, "`{key}` in {}", file.display()),
            Self::SrcLayout => f.write_str("folder `src` of the project"),
            Self::Flat { marker: Some(marker) } => write!(f, "folder of {}", marker.display()),
            Self::Flat { marker: None } => f.write_str("folder of the project"),
            Self::AroundPath => f.write_str("folder around what was named"),
        }
    }
}

/// A folder that absolute imports start from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportRoot {
    /// The folder, absolute.
    pub path: PathBuf,
    /// How it was found.
    pub origin: RootOrigin,
}

/// A package that lies in a folder of another name: `package-dir = {pkg = "source"}` of setuptools.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MappedPackage {
    /// Its dotted name.
    pub name: String,
    /// Its folder, absolute.
    pub path: PathBuf,
    /// The file that says so.
    pub file: PathBuf,
}

/// The import roots of a project, in the order in which they are searched.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportRoots {
    roots: Vec<ImportRoot>,
    /// Packages that lie elsewhere than their name says.
    pub mapped: Vec<MappedPackage>,
    /// Files that could not be understood.
    pub problems: Vec<EnvironmentProblem>,
}

/// Files that make a folder a project.
const MARKERS: [&str; 4] = ["pyproject.toml", "setup.py", "setup.cfg", "legb.toml"];
/// Folders below a project that are searched for further projects, in levels.
const MONOREPO_DEPTH: usize = 3;
/// Folders that hold no project of ours.
const SKIPPED: [&str; 8] =
    ["node_modules", "site-packages", "dist-packages", "__pycache__", "venv", "build", "dist", "target"];

impl ImportRoots {
    /// The roots named with `--src`, absolute paths.
    pub fn given(paths: impl IntoIterator<Item = PathBuf>) -> Self {
        let mut roots = Self::default();
        for path in paths {
            roots.add(path, RootOrigin::Given);
        }
        roots
    }

    /// Guesses the roots of the projects around some paths, which must be absolute.
    pub fn guess(paths: &[PathBuf], fs: &dyn FileSystem) -> Self {
        let mut roots = Self::default();
        let mut seen = Vec::new();
        for path in paths {
            let around = around_packages(path, fs);
            let project = around.ancestors().find_map(|folder| {
                let listing = fs.listing(folder);
                MARKERS.iter().find(|marker| listing.get(marker).is_some()).map(|marker| (folder, folder.join(marker)))
            });
            match project {
                Some((folder, marker)) if !seen.contains(&folder.to_owned()) => {
                    seen.push(folder.to_owned());
                    roots.add_project(folder, &marker, MONOREPO_DEPTH, fs);
                }
                _ => {}
            }
            if !roots.roots.iter().any(|root| around.starts_with(&root.path)) {
                roots.add(around, RootOrigin::AroundPath);
            }
        }
        roots
    }

    /// The roots, in the order in which they are searched.
    pub fn iter(&self) -> impl Iterator<Item = &ImportRoot> {
        self.roots.iter()
    }

    fn add(&mut self, path: PathBuf, origin: RootOrigin) {
        if !self.roots.iter().any(|root| root.path == path) {
            self.roots.push(ImportRoot { path, origin });
        }
    }

    /// Adds what a project says of itself, and the projects inside it.
    fn add_project(&mut self, folder: &Path, marker: &Path, depth: usize, fs: &dyn FileSystem) {
        let told = backend::roots(folder, fs);
        self.problems.extend(told.problems);
        self.mapped.extend(told.mapped);
        let is_told = !told.roots.is_empty();
        for root in told.roots {
            self.add(root.path, root.origin);
        }
        let src = folder.join("src");
        let src_listing = fs.listing(&src);
        let is_src = src_listing.failure().is_none() && src_listing.get("__init__.py").is_none();
        if !is_told && is_src {
            self.add(src.clone(), RootOrigin::SrcLayout);
        }
        let inner = projects_inside(folder, depth, fs);
        // The folder itself comes last: tests and scripts lie there, and so do flat packages.
        self.add(folder.to_owned(), RootOrigin::Flat { marker: Some(marker.to_owned()) });
        for (folder, marker) in inner {
            self.add_project(&folder, &marker, 0, fs);
        }
    }

    /// The dotted name of a file, from the root that is closest to it; nothing for files that no import can reach by a name.
    pub fn module_name(&self, path: &Path, suffixes: &Suffixes) -> Option<ModuleName> {
        let mapped = self.mapped.iter().map(|mapped| (&mapped.path, Some(mapped.name.as_str())));
        let roots = self.roots.iter().map(|root| (&root.path, None));
        let (folder, prefix) = mapped
            .chain(roots)
            .filter(|(folder, _)| path.starts_with(folder))
            .max_by_key(|(folder, _)| folder.components().count())?;
        let inside = path.strip_prefix(folder).ok()?;
        name_below(inside, prefix, suffixes)
    }
}

/// The name of a module and whether it is a package.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ModuleName {
    /// The dotted name.
    pub name: String,
    /// Whether the file is the `__init__` of a package.
    pub is_package: bool,
}

impl ModuleName {
    /// What relative imports in the module start from: itself for a package, else its parent, empty at the top.
    pub fn package(&self) -> &str {
        if self.is_package { &self.name } else { self.name.rsplit_once('.').map_or("", |(parent, _)| parent) }
    }
}

/// The dotted name of a file by its path below a root. Stubs (`.pyi`) have the name of the module that they describe.
pub fn name_below(inside: &Path, prefix: Option<&str>, suffixes: &Suffixes) -> Option<ModuleName> {
    let mut parts: Vec<&str> = prefix.into_iter().collect();
    for folder in inside.parent()? {
        parts.push(folder.to_str().filter(|name| is_identifier(name))?);
    }
    let file = inside.file_name()?.to_str()?;
    let stem = file.strip_suffix(".pyi").or_else(|| file.strip_suffix(".pyw"));
    let stem = stem.or_else(|| suffixes.split(file).map(|(stem, _)| stem))?;
    let is_package = stem == "__init__";
    if !is_package {
        parts.push(Some(stem).filter(|stem| is_identifier(stem))?);
    }
    (!parts.is_empty()).then(|| ModuleName { name: parts.join("."), is_package })
}

/// Whether an import statement can spell a name.
fn is_identifier(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(|c| c == '_' || c.is_alphabetic()) && chars.all(|c| c == '_' || c.is_alphanumeric())
}

/// The folder around the packages that a path lies in: the first one upwards without `__init__.py`.
fn around_packages(path: &Path, fs: &dyn FileSystem) -> PathBuf {
    let folder = match fs.kind(path) {
        Some(EntryKind::Folder) => path,
        _ => path.parent().unwrap_or(path),
    };
    let is_package = |folder: &&Path| fs.listing(folder).get("__init__.py").is_some();
    folder.ancestors().find(|folder| !is_package(folder)).unwrap_or(folder).to_owned()
}

/// Folders below a project that are projects themselves, sorted, each with its marker. Packages are not entered.
fn projects_inside(folder: &Path, depth: usize, fs: &dyn FileSystem) -> Vec<(PathBuf, PathBuf)> {
    let mut found = Vec::new();
    if depth == 0 {
        return found;
    }
    for (name, kind) in fs.listing(folder).names() {
        if kind != EntryKind::Folder || name.starts_with('.') || SKIPPED.contains(&name.as_str()) {
            continue;
        }
        let inner = folder.join(&name);
        let listing = fs.listing(&inner);
        if listing.get("__init__.py").is_some() || listing.get("pyvenv.cfg").is_some() {
            continue;
        }
        if let Some(marker) = MARKERS[..3].iter().find(|marker| listing.get(marker).is_some()) {
            found.push((inner.clone(), inner.join(marker)));
        }
        found.extend(projects_inside(&inner, depth - 1, fs));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{ImportRoots, RootOrigin};
    use crate::fs::MemoryFs;
    use crate::platform::{Platform, Suffixes};
    use std::path::{Path, PathBuf};

    fn guess(path: &str, files: &[(&str, &str)]) -> ImportRoots {
        ImportRoots::guess(&[PathBuf::from(path)], &MemoryFs::new(files.iter().copied()))
    }

    fn paths(roots: &ImportRoots) -> Vec<String> {
        roots.iter().map(|root| root.path.display().to_string()).collect()
    }

    #[test]
    fn layouts_are_recognised() {
        let flat = guess("/p", &[("/p/pyproject.toml", ""), ("/p/pkg/__init__.py", "")]);
        assert_eq!(paths(&flat), ["/p"]);
        let src = guess(
            "/p/src/pkg/a.py",
            &[("/p/pyproject.toml", ""), ("/p/src/pkg/__init__.py", ""), ("/p/src/pkg/a.py", "")],
        );
        assert_eq!(paths(&src), ["/p/src", "/p"]);
        assert_eq!(src.iter().next().unwrap().origin, RootOrigin::SrcLayout);
        let loose = guess("/p/pkg/sub", &[("/p/pkg/__init__.py", ""), ("/p/pkg/sub/__init__.py", "")]);
        assert_eq!(paths(&loose), ["/p"]);
        assert_eq!(loose.iter().next().unwrap().origin, RootOrigin::AroundPath);
    }

    #[test]
    fn packages_of_a_monorepo_are_found() {
        let roots = guess(
            "/m",
            &[
                ("/m/pyproject.toml", ""),
                ("/m/packages/one/pyproject.toml", ""),
                ("/m/packages/one/src/one/__init__.py", ""),
                ("/m/packages/two/setup.py", ""),
                ("/m/packages/two/two/__init__.py", ""),
                ("/m/node_modules/x/setup.py", ""),
                ("/m/.venv/lib/setup.py", ""),
            ],
        );
        assert_eq!(paths(&roots), ["/m", "/m/packages/one/src", "/m/packages/one", "/m/packages/two"]);
    }

    #[test]
    fn files_have_the_name_from_the_closest_root() {
        let suffixes = Suffixes::new(&Platform::Linux("x86_64-linux-gnu".to_owned()), "3.13".parse().unwrap(), None);
        let roots = ImportRoots::given(["/p".into(), "/p/src".into()]);
        let name = |path: &str| roots.module_name(Path::new(path), &suffixes).map(|module| module.name);
        assert_eq!(name("/p/src/pkg/__init__.py").as_deref(), Some("pkg"));
        assert_eq!(name("/p/src/pkg/a.py").as_deref(), Some("pkg.a"));
        assert_eq!(name("/p/tests/test_a.pyi").as_deref(), Some("tests.test_a"));
        assert_eq!(name("/p/c.cpython-313-x86_64-linux-gnu.so").as_deref(), Some("c"));
        for none in ["/q/a.py", "/p/my-scripts/a.py", "/p/a-b.py", "/p/src/__init__.py", "/p/a.txt"] {
            assert_eq!(name(none), None, "{none}");
        }
    }
}
