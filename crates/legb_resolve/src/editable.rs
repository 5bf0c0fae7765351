//! What does an import line of a `.pth` file do? Recognised by what tools write there; nothing is run.
//!
//! Known: the finders of setuptools' editable installs and of the package `editables` (hatchling, pdm), the namespace
//! packages and `easy-install.pth` of older setuptools, its shim for `distutils`, and lines that do not touch the path
//! (virtualenv, coverage, pytest-cov).

use std::path::{Path, PathBuf};

use crate::fs::FileSystem;
use crate::literal::{self, Script, Value};

/// A finder that an editable install appends to `sys.meta_path`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EditableFinder {
    /// The file that defines it.
    pub file: PathBuf,
    /// Modules by name, and where they lie.
    pub modules: Vec<(String, EditableTarget)>,
    /// Namespace packages by name, and their portions.
    pub namespaces: Vec<(String, Vec<PathBuf>)>,
    /// The entry of `sys.path` that stands for the namespace packages.
    pub placeholder: String,
}

/// Where a module of an editable install lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EditableTarget {
    /// A package folder, or a module file without its suffix (setuptools).
    Stem(PathBuf),
    /// The file itself (`editables`).
    File(PathBuf),
}

impl EditableTarget {
    /// The path.
    pub fn path(&self) -> &Path {
        match self {
            Self::Stem(path) | Self::File(path) => path,
        }
    }
}

/// What an import line does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    /// Nothing that matters for finding modules.
    Nothing,
    /// Installs a finder.
    Editable(EditableFinder),
    /// Puts a namespace package into `sys.modules`, with this folder as a portion.
    Namespace(String, PathBuf),
    /// Makes `distutils` mean the copy in setuptools.
    DistutilsShim,
    /// The entries added from here on …
    EasyInstallStart,
    /// … up to here move to the front of `sys.path`.
    EasyInstallEnd,
    /// Not known.
    Unknown,
}

/// What a line does that `site` executes, in the site folder.
pub(crate) fn effect(line: &str, site_folder: &Path, fs: &dyn FileSystem) -> Effect {
    let line = line.trim();
    if line.starts_with("import sys; sys.__plen = len(sys.path)") {
        return Effect::EasyInstallStart;
    }
    if line.starts_with("import sys; new=sys.path[sys.__plen:]") {
        return Effect::EasyInstallEnd;
    }
    if line.contains("_distutils_hack") && line.contains("add_shim") {
        let is_on = line.contains("get(var, 'local')");
        return if is_on { Effect::DistutilsShim } else { Effect::Nothing };
    }
    if line.contains("sys.modules.setdefault(") && line.contains("'__path__'") {
        return namespace(line, site_folder).unwrap_or(Effect::Unknown);
    }
    if is_harmless(line) {
        return Effect::Nothing;
    }
    let module = line["import".len()..].trim_start();
    let end = module.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(module.len());
    let (module, rest) = module.split_at(end);
    let rest = rest.trim_start_matches([';', ' ', '\t']).trim_end_matches([';', ' ']);
    let file = site_folder.join(format!("{module}.py"));
    if rest == format!("{module}.install()") {
        return setuptools_finder(&file, fs).map_or(Effect::Unknown, Effect::Editable);
    }
    if rest.is_empty() && module == "_virtualenv" {
        return Effect::Nothing;
    }
    if rest.is_empty() {
        return editables_finder(&file, site_folder, fs).map_or(Effect::Unknown, Effect::Editable);
    }
    Effect::Unknown
}

/// Lines that start measuring coverage if a variable says so.
fn is_harmless(line: &str) -> bool {
    let measures = line.contains("COVERAGE_PROCESS_START")
        || line.contains("COVERAGE_PROCESS_CONFIG")
        || line.contains("COV_CORE_SOURCE");
    let is_coverage = line.starts_with("import coverage") && line.ends_with("coverage.process_startup()");
    measures || is_coverage
}

/// `…os.path.join(sys._getframe(1).f_locals['sitedir'], *('zope', 'app'))…sys.modules.setdefault('zope.app', …`
fn namespace(line: &str, site_folder: &Path) -> Option<Effect> {
    let (_, rest) = line.split_once("f_locals['sitedir'], *(")?;
    let (tuple, rest) = rest.split_once(')')?;
    let (_, rest) = rest.split_once("sys.modules.setdefault('")?;
    let (name, _) = rest.split_once('\'')?;
    let parts = tuple.split(',').map(|part| part.trim().trim_matches(['\'', '"'])).filter(|part| !part.is_empty());
    Some(Effect::Namespace(name.to_owned(), parts.fold(site_folder.to_owned(), |path, part| path.join(part))))
}

/// A file `__editable___NAME_finder.py` of setuptools.
fn setuptools_finder(file: &Path, fs: &dyn FileSystem) -> Option<EditableFinder> {
    let script = Script::read(file, fs)?;
    let mapping = script.constant("MAPPING")?;
    let namespaces = script.constant("NAMESPACES").unwrap_or(Value::Other);
    let placeholder = script.constant("PATH_PLACEHOLDER").unwrap_or(Value::Other);
    let modules =
        mapping.items().filter_map(|(name, path)| Some((name.to_owned(), EditableTarget::Stem(path.text()?.into()))));
    let namespaces = namespaces
        .items()
        .map(|(name, paths)| (name.to_owned(), paths.texts().into_iter().map(PathBuf::from).collect()));
    Some(EditableFinder {
        file: file.to_owned(),
        modules: modules.collect(),
        namespaces: namespaces.collect(),
        placeholder: placeholder.text().unwrap_or_default().to_owned(),
    })
}

/// A file that calls `map_module` of `editables.redirector.RedirectingFinder`; `add_to_path` lines lie in the `.pth` file.
fn editables_finder(file: &Path, site_folder: &Path, fs: &dyn FileSystem) -> Option<EditableFinder> {
    let script = Script::read(file, fs)?;
    let mut modules = Vec::new();
    for call in script.calls("map_module") {
        let arguments = literal::positional(call);
        let [Value::Text(name), Value::Text(path)] = arguments.as_slice() else { return None };
        modules.push((name.clone(), EditableTarget::File(site_folder.join(path))));
    }
    let is_installed = script.calls("install").next().is_some();
    (is_installed && !modules.is_empty()).then(|| EditableFinder {
        file: file.to_owned(),
        modules,
        ..EditableFinder::default()
    })
}

#[cfg(test)]
mod tests {
    use super::{EditableTarget, Effect, effect};
    use crate::fs::MemoryFs;
    use std::path::Path;

    fn what(line: &str, files: &[(&str, &str)]) -> Effect {
        effect(line, Path::new("/site"), &MemoryFs::new(files.iter().copied()))
    }

    #[test]
    fn a_finder_of_setuptools_is_read() {
        let source = "from __future__ import annotations\nMAPPING: dict[str, str] = {'pkg': '/src/pkg', 'one': '/src/one'}\n\
            NAMESPACES: dict[str, list[str]] = {'ns': ['/src/ns']}\nPATH_PLACEHOLDER = '__editable__.pkg-1.finder' + \".x\"\n";
        let files = [("/site/__editable___pkg_1_finder.py", source)];
        let line = "import __editable___pkg_1_finder; __editable___pkg_1_finder.install()";
        let Effect::Editable(finder) = what(line, &files) else { panic!("not recognised") };
        assert_eq!(finder.modules[0], ("pkg".to_owned(), EditableTarget::Stem("/src/pkg".into())));
        assert_eq!(finder.namespaces, [("ns".to_owned(), vec!["/src/ns".into()])]);
        assert_eq!(finder.placeholder, "__editable__.pkg-1.finder.x");
        assert_eq!(what(line, &[]), Effect::Unknown);
    }

    #[test]
    fn a_redirecting_finder_is_read() {
        let source = "from editables.redirector import RedirectingFinder as F\nF.install()\n\
            F.map_module('pkg', '/src/pkg/__init__.py')\n";
        let Effect::Editable(finder) = what("import _editable_impl_pkg", &[("/site/_editable_impl_pkg.py", source)])
        else {
            panic!("not recognised")
        };
        assert_eq!(finder.modules, [("pkg".to_owned(), EditableTarget::File("/src/pkg/__init__.py".into()))]);
    }

    #[test]
    fn known_lines_are_known_and_others_are_not() {
        let shim = "import os; var = 'SETUPTOOLS_USE_DISTUTILS'; enabled = os.environ.get(var, 'local') == 'local'; \
            enabled and __import__('_distutils_hack').add_shim(); ";
        assert_eq!(what(shim, &[]), Effect::DistutilsShim);
        assert_eq!(what("import _virtualenv", &[]), Effect::Nothing);
        assert_eq!(what("import coverage; coverage.process_startup()", &[]), Effect::Nothing);
        for unknown in ["import site; site.addsitedir('/x')", "import sneaky", "import a, b", "import sys; exec('…')"]
        {
            assert_eq!(what(unknown, &[]), Effect::Unknown, "{unknown}");
        }
    }

    #[test]
    fn a_namespace_of_setuptools_is_read() {
        let line = "import sys, types, os;has_mfs = sys.version_info > (3, 5);p = os.path.join(sys._getframe(1)\
            .f_locals['sitedir'], *('zope', 'app'));importlib = has_mfs and __import__('importlib.util');has_mfs and \
            __import__('importlib.machinery');m = has_mfs and sys.modules.setdefault('zope.app', importlib.util\
            .module_from_spec(importlib.machinery.PathFinder.find_spec('zope.app', [os.path.dirname(p)])));m = m or \
            sys.modules.setdefault('zope.app', types.ModuleType('zope.app'));mp = (m or []) and m.__dict__\
            .setdefault('__path__',[]);(p not in mp) and mp.append(p)";
        assert_eq!(what(line, &[]), Effect::Namespace("zope.app".to_owned(), "/site/zope/app".into()));
    }
}
