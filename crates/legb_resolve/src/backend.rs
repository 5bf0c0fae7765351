//! What is the build backend of a project told about where its modules lie?
//!
//! Read from `pyproject.toml` (setuptools, hatchling, poetry, flit, pdm, maturin, uv, scikit-build-core, and the `pythonpath` of
//! pytest), `setup.cfg` and `setup.py`.

use std::path::{Path, PathBuf};

use legb_base::invalid_toml;
use toml::{Table, Value};

use crate::environment::EnvironmentProblem;
use crate::fs::{EntryKind, FileSystem, normalised};
use crate::literal::{self, Script};
use crate::roots::{ImportRoot, MappedPackage, RootOrigin};

/// What a project says of its layout.
#[derive(Debug, Default)]
pub(crate) struct Told {
    pub(crate) roots: Vec<ImportRoot>,
    pub(crate) mapped: Vec<MappedPackage>,
    pub(crate) problems: Vec<EnvironmentProblem>,
}

/// Reads what the files of a project folder say.
pub(crate) fn roots(folder: &Path, fs: &dyn FileSystem) -> Told {
    let mut reader = Reader { folder, fs, told: Told::default() };
    let listing = fs.listing(folder);
    if listing.get("pyproject.toml") == Some(EntryKind::File) {
        reader.pyproject();
    }
    if listing.get("setup.cfg") == Some(EntryKind::File) {
        reader.setup_cfg();
    }
    if listing.get("setup.py") == Some(EntryKind::File) {
        reader.setup_py();
    }
    reader.told
}

struct Reader<'a> {
    folder: &'a Path,
    fs: &'a dyn FileSystem,
    told: Told,
}

impl Reader<'_> {
    fn pyproject(&mut self) {
        let file = self.folder.join("pyproject.toml");
        let Ok(bytes) = self.fs.read(&file) else { return };
        let text = String::from_utf8_lossy(&bytes);
        let text = text.trim_start_matches('\u{feff}');
        let table: Table = match text.parse() {
            Ok(table) => table,
            Err(error) => {
                let what = invalid_toml(text, error.span(), error.message());
                let remedy = "mend it, or name the import roots with `--src`".to_owned();
                self.told.problems.push(EnvironmentProblem { path: file, what, remedy });
                return;
            }
        };
        let key = |path: &str| look_up(&table, path);
        for (path, key) in [
            ("tool.setuptools.packages.find.where", "tool.setuptools.packages.find.where"),
            ("tool.pdm.build.package-dir", "tool.pdm.build.package-dir"),
            ("tool.maturin.python-source", "tool.maturin.python-source"),
            ("tool.pytest.ini_options.pythonpath", "tool.pytest.ini_options.pythonpath"),
            ("tool.hatch.build.dev-mode-dirs", "tool.hatch.build.dev-mode-dirs"),
        ] {
            for root in look_up(&table, path).map(texts).unwrap_or_default() {
                self.add(&file, root, key);
            }
        }
        if let Some(Value::Table(folders)) = key("tool.setuptools.package-dir") {
            for (name, path) in folders {
                self.package_folder(&file, name, path.as_str(), "tool.setuptools.package-dir");
            }
        }
        for package in key("tool.poetry.packages").and_then(Value::as_array).into_iter().flatten() {
            if let Some(from) = package.get("from").and_then(Value::as_str) {
                self.add(&file, from, "tool.poetry.packages");
            }
        }
        for (path, key) in [
            ("tool.hatch.build.targets.wheel.packages", "tool.hatch.build.targets.wheel.packages"),
            ("tool.hatch.build.packages", "tool.hatch.build.packages"),
            ("tool.scikit-build.wheel.packages", "tool.scikit-build.wheel.packages"),
        ] {
            for package in look_up(&table, path).map(texts).unwrap_or_default() {
                if let Some((folder, _)) = package.trim_end_matches('/').rsplit_once('/') {
                    self.add(&file, folder, key);
                }
            }
        }
        for source in key("tool.hatch.build.targets.wheel.sources").map(texts).unwrap_or_default() {
            self.add(&file, source, "tool.hatch.build.targets.wheel.sources");
        }
        if let Some(Value::Table(sources)) = key("tool.hatch.build.targets.wheel.sources") {
            for (path, name) in sources {
                let name = name.as_str().unwrap_or_default().replace('/', ".");
                self.package_folder(&file, &name, Some(path), "tool.hatch.build.targets.wheel.sources");
            }
        }
        if let Some(root) = key("tool.uv.build-backend.module-root").and_then(Value::as_str) {
            self.add(&file, root, "tool.uv.build-backend.module-root");
        }
        if let Some(name) = key("tool.flit.module.name").and_then(Value::as_str) {
            let is_in_src = self.fs.kind(&self.folder.join("src").join(name)).is_some();
            self.add(&file, if is_in_src { "src" } else { "." }, "tool.flit.module.name");
        }
    }

    /// The sections `options` and `options.packages.find`.
    fn setup_cfg(&mut self) {
        let file = self.folder.join("setup.cfg");
        let Ok(bytes) = self.fs.read(&file) else { return };
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let (mut section, mut key) = (String::new(), String::new());
        for line in text.lines().filter(|line| !line.trim_start().starts_with(['#', ';'])) {
            let is_continued = line.starts_with([' ', '\t']);
            let value = if let Some(name) = line.trim().strip_prefix('[').filter(|_| !is_continued) {
                name.trim_end_matches(']').clone_into(&mut section);
                continue;
            } else if is_continued {
                line.trim()
            } else if let Some((name, value)) = line.split_once(['=', ':']) {
                name.trim().clone_into(&mut key);
                value.trim()
            } else {
                continue;
            };
            match (section.as_str(), key.as_str()) {
                ("options.packages.find", "where") if !value.is_empty() => {
                    self.add(&file, value, "options.packages.find.where");
                }
                ("options", "package_dir" | "package-dir") => {
                    for part in value.split(',') {
                        if let Some((name, path)) = part.split_once('=') {
                            self.package_folder(&file, name.trim(), Some(path.trim()), "options.package_dir");
                        }
                    }
                }
                _ => {}
            }
        }
    }

    /// The arguments of `setup(…)` that are constants.
    fn setup_py(&mut self) {
        let file = self.folder.join("setup.py");
        let Some(script) = Script::read(&file, self.fs) else { return };
        for call in script.calls("setup") {
            let folders = literal::keyword(call, "package_dir");
            for (name, path) in folders.iter().flat_map(literal::Value::items) {
                self.package_folder(&file, name, path.text(), "package_dir");
            }
        }
    }

    /// A package that lies in a folder; the empty name is that of all top-level ones.
    fn package_folder(&mut self, file: &Path, name: &str, path: Option<&str>, key: &'static str) {
        let Some(path) = path else { return };
        if name.is_empty() {
            return self.add(file, path, key);
        }
        let tail: PathBuf = name.split('.').collect();
        let folder = normalised(&self.folder.join(path));
        if folder.ends_with(&tail) {
            let root = folder.ancestors().nth(tail.components().count()).unwrap_or(&folder).to_owned();
            self.push(file, root, key);
        } else if self.fs.kind(&folder) == Some(EntryKind::Folder) {
            let (name, file) = (name.to_owned(), file.to_owned());
            self.told.mapped.push(MappedPackage { name, path: folder, file });
        }
    }

    fn add(&mut self, file: &Path, path: &str, key: &'static str) {
        self.push(file, normalised(&self.folder.join(path)), key);
    }

    /// Adds a root that exists.
    fn push(&mut self, file: &Path, path: PathBuf, key: &'static str) {
        let is_new = self.told.roots.iter().all(|root| root.path != path);
        if is_new && self.fs.kind(&path) == Some(EntryKind::Folder) {
            let origin = RootOrigin::Backend { file: file.to_owned(), key };
            self.told.roots.push(ImportRoot { path, origin });
        }
    }
}

fn look_up<'a>(table: &'a Table, path: &str) -> Option<&'a Value> {
    let mut parts = path.split('.');
    let first = table.get(parts.next()?)?;
    parts.try_fold(first, |value, part| value.get(part))
}

/// A string, or the strings of a list.
fn texts(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) => vec![text],
        Value::Array(values) => values.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::roots;
    use crate::fs::MemoryFs;
    use std::path::Path;

    /// The roots that a file leads to, in a project with the folders `lib`, `src` and `python`.
    fn told(name: &str, text: &str) -> Vec<String> {
        let file = format!("/p/{name}");
        let files = [(file.as_str(), text), ("/p/lib/pkg/a.py", ""), ("/p/src/pkg/a.py", ""), ("/p/python/", "")];
        let told = roots(Path::new("/p"), &MemoryFs::new(files));
        assert!(told.problems.is_empty(), "{:?}", told.problems);
        let mapped = told.mapped.iter().map(|mapped| format!("{}={}", mapped.name, mapped.path.display()));
        told.roots.iter().map(|root| root.path.display().to_string()).chain(mapped).collect()
    }

    #[test]
    fn every_backend_is_understood() {
        for (text, root) in [
            ("[tool.setuptools]\npackage-dir = {'' = 'lib'}", "/p/lib"),
            ("[tool.setuptools.package-dir]\npkg = 'lib/pkg'", "/p/lib"),
            ("[tool.setuptools.package-dir]\nother = 'lib/pkg'", "other=/p/lib/pkg"),
            ("[tool.setuptools.packages.find]\nwhere = ['lib']", "/p/lib"),
            ("[tool.poetry]\npackages = [{include = 'pkg', from = 'lib'}]", "/p/lib"),
            ("[tool.hatch.build.targets.wheel]\npackages = ['src/pkg']", "/p/src"),
            ("[tool.hatch.build.targets.wheel]\nsources = ['src']", "/p/src"),
            ("[tool.hatch.build.targets.wheel.sources]\n'lib/pkg' = 'name'", "name=/p/lib/pkg"),
            ("[tool.flit.module]\nname = 'pkg'", "/p/src"),
            ("[tool.flit.module]\nname = 'flat'", "/p"),
            ("[tool.pdm.build]\npackage-dir = 'src'", "/p/src"),
            ("[tool.maturin]\npython-source = 'python'", "/p/python"),
            ("[tool.uv.build-backend]\nmodule-root = 'lib'", "/p/lib"),
            ("[tool.uv.build-backend]\nmodule-root = ''", "/p"),
            ("[tool.scikit-build]\nwheel.packages = ['python/pkg']", "/p/python"),
            ("[tool.pytest.ini_options]\npythonpath = 'lib'", "/p/lib"),
        ] {
            assert_eq!(told("pyproject.toml", text), [root], "{text}");
        }
        for (text, root) in [
            ("[options]\npackage_dir =\n    = lib\n", "/p/lib"),
            ("[options]\npackage_dir = =lib\n", "/p/lib"),
            ("[options.packages.find]\nwhere = src\n", "/p/src"),
        ] {
            assert_eq!(told("setup.cfg", text), [root], "{text}");
        }
        assert_eq!(told("setup.py", "from setuptools import setup\nsetup(package_dir={'': 'lib'})\n"), ["/p/lib"]);
        assert!(told("setup.py", "setup(package_dir=find())\n").is_empty());
        assert!(told("pyproject.toml", "[tool.setuptools.packages.find]\nwhere = ['absent']").is_empty());
    }

    #[test]
    fn a_file_that_is_no_toml_is_named_with_its_place() {
        let told = roots(Path::new("/p"), &MemoryFs::new([("/p/pyproject.toml", "[tool]\nx = [1\ny = 2\n")]));
        assert!(told.problems[0].what.starts_with("is not valid TOML: line "), "{}", told.problems[0].what);
        assert!(told.problems[0].what.contains("column"));
    }
}
