//! Which modules does a distribution bring?
//!
//! Asked in this order: the metadata of what is installed (`RECORD`, else `top_level.txt`), a table recorded from wheels
//! (`data/import_names.tsv`), and last a guess from the name. A module that lies in a namespace package is named in full
//! (`google.cloud.storage`), because the namespace itself belongs to many.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use serde::Serialize;

use super::requirement::normalised;
use super::{Declared, Dependency, Purpose};

static RECORDED: &str = include_str!("../../../../data/import_names.tsv");

static TABLE: LazyLock<BTreeMap<&'static str, Vec<String>>> = LazyLock::new(|| {
    let rows = RECORDED.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('\t'));
    rows.map(|(name, modules)| (name, modules.split(' ').map(str::to_owned).collect())).collect()
});

/// How the modules of a distribution are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum How {
    /// From the metadata of what is installed.
    Installed,
    /// From the table.
    Recorded,
    /// From the name alone.
    Guessed,
}

/// The modules of a distribution.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Brought {
    /// Dotted names, sorted; whatever is below them is brought too.
    pub modules: Vec<String>,
    /// How they are known.
    pub how: How,
}

/// What is installed: the modules of each distribution, by its normalised name.
#[derive(Clone, Debug, Default)]
pub struct Distributions {
    installed: BTreeMap<String, Vec<String>>,
}

impl Distributions {
    /// Reads the metadata in site-packages folders. A folder or file that cannot be read brings nothing.
    pub fn read(site_packages: &[PathBuf]) -> Self {
        let mut installed = BTreeMap::new();
        for folder in site_packages {
            let Ok(entries) = folder.read_dir() else { continue };
            for entry in entries.filter_map(Result::ok).map(|entry| entry.path()) {
                let name = entry.file_name().unwrap_or_default().to_string_lossy().into_owned();
                let stem = name.strip_suffix(".dist-info").or_else(|| name.strip_suffix(".egg-info"));
                let Some(distribution) = stem.and_then(|stem| stem.split('-').next()) else { continue };
                let modules = modules_of(&entry);
                if !modules.is_empty() {
                    installed.entry(normalised(distribution)).or_insert(modules);
                }
            }
        }
        Self { installed }
    }

    /// The modules that a distribution brings.
    pub fn brings(&self, distribution: &str) -> Brought {
        let normal = normalised(distribution);
        if let Some(modules) = self.installed.get(&normal) {
            return Brought { modules: modules.clone(), how: How::Installed };
        }
        if let Some(modules) = TABLE.get(normal.as_str()) {
            return Brought { modules: modules.clone(), how: How::Recorded };
        }
        let mut modules: BTreeSet<String> = [normal.replace('-', "_")].into();
        if distribution.contains('.') {
            modules.insert(distribution.to_lowercase().replace('-', "_"));
        }
        modules.extend(normal.strip_prefix("python-").map(|rest| rest.replace('-', "_")));
        modules.extend(normal.strip_suffix("-python").map(|rest| rest.replace('-', "_")));
        Brought { modules: modules.into_iter().collect(), how: How::Guessed }
    }
}

/// The modules that a `.dist-info` or `.egg-info` names.
fn modules_of(info: &Path) -> Vec<String> {
    let record = std::fs::read_to_string(info.join("RECORD")).unwrap_or_default();
    let files = record.lines().map(|line| match line.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next().unwrap_or(quoted),
        None => line.split(',').next().unwrap_or(line),
    });
    let mut modules = modules_in(files);
    if modules.is_empty() {
        let text = std::fs::read_to_string(info.join("top_level.txt")).unwrap_or_default();
        modules = text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
    }
    modules.into_iter().collect()
}

/// The outermost modules among installed files: a package with an `__init__`, or a module that is in none.
pub fn modules_in<'a>(files: impl Iterator<Item = &'a str>) -> BTreeSet<String> {
    let mut packages = BTreeSet::new();
    let mut modules = BTreeSet::new();
    for file in files {
        let (folder, name) = file.rsplit_once('/').unwrap_or(("", file));
        let is_reachable = !folder.split('/').any(|part| part == "__pycache__")
            && folder.split('/').all(|part| part.is_empty() || is_identifier(part));
        let stem = name.split('.').next().unwrap_or(name);
        let ending = Path::new(name).extension().and_then(|ending| ending.to_str());
        if !is_reachable || !is_identifier(stem) || !matches!(ending, Some("py" | "so" | "pyd" | "pyc")) {
            continue;
        }
        if stem == "__init__" {
            packages.insert(folder.replace('/', "."));
        } else {
            modules.insert(if folder.is_empty() {
                stem.to_owned()
            } else {
                format!("{}.{stem}", folder.replace('/', "."))
            });
        }
    }
    let within = |name: &str| name.match_indices('.').any(|(at, _)| packages.contains(&name[..at]));
    let outermost = packages.iter().chain(&modules).filter(|name| !within(name));
    outermost.cloned().collect()
}

fn is_identifier(text: &str) -> bool {
    text.starts_with(|c: char| c == '_' || c.is_alphabetic()) && text.chars().all(|c| c == '_' || c.is_alphanumeric())
}

/// A declared dependency that nothing imports.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unused {
    /// The dependency.
    #[serde(flatten)]
    pub dependency: Dependency,
    /// The modules that would show its use.
    #[serde(flatten)]
    pub brought: Brought,
}

/// What a project declares, beside the modules that this brings.
#[derive(Clone, Debug)]
pub struct Coverage {
    dependencies: Vec<(Dependency, Brought)>,
}

impl Coverage {
    /// Looks up the modules of everything declared.
    pub fn new(declared: &Declared, distributions: &Distributions) -> Self {
        let brought = |dependency: &Dependency| (dependency.clone(), distributions.brings(&dependency.name));
        Self { dependencies: declared.dependencies.iter().map(brought).collect() }
    }

    /// Whether some declared dependency brings the module.
    pub fn is_declared(&self, module: &str) -> bool {
        self.dependencies.iter().any(|(_, brought)| brought.modules.iter().any(|name| overlap(name, module)))
    }

    /// The dependencies declared for running, of which nothing is among the imported modules.
    ///
    /// Those for development and building are left out: tools are seldom imported. So are stubs and plugins.
    pub fn unused<'a>(&self, imported: impl IntoIterator<Item = &'a str>) -> Vec<Unused> {
        let imported: Vec<&str> = imported.into_iter().collect();
        let is_used =
            |brought: &Brought| brought.modules.iter().any(|name| imported.iter().any(|module| overlap(name, module)));
        let asked = self.dependencies.iter().filter(|(dependency, _)| {
            let name = normalised(&dependency.name);
            let is_stub = name.starts_with("types-") || name.ends_with("-stubs");
            matches!(dependency.purpose, Purpose::Runtime | Purpose::Extra(_)) && !is_stub
        });
        let unused = asked.filter(|(_, brought)| !is_used(brought));
        unused
            .map(|(dependency, brought)| Unused { dependency: dependency.clone(), brought: brought.clone() })
            .collect()
    }
}

/// Whether one of two modules lies in the other.
fn overlap(a: &str, b: &str) -> bool {
    let within = |outer: &str, inner: &str| {
        inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    within(a, b) || within(b, a)
}

#[cfg(test)]
mod tests {
    use super::{Coverage, Distributions, How, modules_in};
    use crate::dependencies::{Declared, Purpose};
    use std::fs;

    #[test]
    fn the_outermost_modules_are_named() {
        let files = [
            "shop/__init__.py",
            "shop/prices.py",
            "shop/inner/__init__.py",
            "google/cloud/shop/__init__.py",
            "google/cloud/shop/a.py",
            "lonely.py",
            "fast.cpython-313-x86_64-linux-gnu.so",
            "space/module.py",
            "shop-1.0.dist-info/METADATA",
            "../../bin/shop",
            "__pycache__/lonely.cpython-313.pyc",
            "docs/conf-file.py",
        ];
        let expected = ["fast", "google.cloud.shop", "lonely", "shop", "space.module"];
        assert_eq!(modules_in(files.into_iter()).into_iter().collect::<Vec<_>>(), expected);
    }

    #[test]
    fn what_is_installed_is_asked_first_then_the_table_then_the_name() {
        let site = tempfile::tempdir().unwrap();
        let info = site.path().join("My_Shop-1.0.dist-info");
        fs::create_dir(&info).unwrap();
        fs::write(info.join("RECORD"), "store/__init__.py,sha256=x,1\nMy_Shop-1.0.dist-info/RECORD,,\n").unwrap();
        let old = site.path().join("old-2.egg-info");
        fs::create_dir(&old).unwrap();
        fs::write(old.join("top_level.txt"), "ancient\n").unwrap();
        let distributions = Distributions::read(&[site.path().to_owned()]);
        for (name, modules, how) in [
            ("my.shop", "store", How::Installed),
            ("Old", "ancient", How::Installed),
            ("PyYAML", "_yaml yaml", How::Recorded),
            ("some-thing", "some_thing", How::Guessed),
            ("zope.thing", "zope.thing zope_thing", How::Guessed),
            ("python-thing", "python_thing thing", How::Guessed),
        ] {
            let brought = distributions.brings(name);
            assert_eq!((brought.modules.join(" ").as_str(), brought.how), (modules, how), "{name}");
        }
    }

    #[test]
    fn what_is_declared_is_set_against_what_is_imported() {
        let mut declared = Declared::default();
        for (line, name) in (1..).zip(["PyYAML", "requests", "left-pad", "types-requests"]) {
            declared.add(name, "pyproject.toml", line, &Purpose::Runtime);
        }
        declared.add("pytest", "pyproject.toml", 9, &Purpose::Development("dev".to_owned()));
        let coverage = Coverage::new(&declared, &Distributions::default());
        let imported = ["yaml", "requests.adapters", "numpy.linalg"];
        let missing: Vec<&str> = imported.into_iter().filter(|module| !coverage.is_declared(module)).collect();
        assert_eq!(missing, ["numpy.linalg"]);
        let unused = coverage.unused(imported);
        assert_eq!(unused.iter().map(|unused| unused.dependency.name.as_str()).collect::<Vec<_>>(), ["left-pad"]);
        assert_eq!(unused[0].brought.how, How::Guessed);
    }
}
