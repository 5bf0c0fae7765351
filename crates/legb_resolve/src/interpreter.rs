//! Which files belong to an interpreter or virtual environment? Read off its folders, without starting it.
//!
//! After `Modules/getpath.py` and `site.venv`: a `pyvenv.cfg` beside the program or one folder above makes a virtual
//! environment, whose `home` leads to the installation; `lib/python3.X/os.py` marks the standard library. What a build compiled
//! in and how its extensions end is read from its `_sysconfigdata_*.py`.

use std::ffi::OsStr;
use std::fmt;
use std::path::{Path, PathBuf};

use legb_base::PyVersion;

use crate::environment::{EnvironmentProblem, Origin, PathEntry};
use crate::fs::{EntryKind, FileSystem, normalised};
use crate::literal::{Script, Value};

/// A virtual environment, as its `pyvenv.cfg` describes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Venv {
    /// The file.
    pub config: PathBuf,
    /// Folder of the interpreter it was made with.
    pub home: Option<PathBuf>,
    /// Whether the packages of that interpreter count too.
    pub system_site: bool,
    /// The version it says it has.
    pub version: Option<PyVersion>,
}

/// The files of an interpreter or virtual environment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Installation {
    /// What was named.
    pub named: PathBuf,
    /// `sys.prefix`.
    pub prefix: PathBuf,
    /// Its version, as far as it can be told.
    pub version: Option<PyVersion>,
    /// The virtual environment, if it is one.
    pub venv: Option<Venv>,
    /// Folder of the standard library.
    pub library: Option<PathBuf>,
    /// Folders for installed packages, in order.
    pub site_packages: Vec<PathBuf>,
    /// Those of the interpreter that a virtual environment was made with.
    pub base_site_packages: Vec<PathBuf>,
    /// What its extension modules end with.
    pub extension_suffix: Option<String>,
    /// Modules compiled in, where its build tells.
    pub builtins: Vec<String>,
    /// What is wrong with its files.
    pub problems: Vec<EnvironmentProblem>,
}

/// Why a path is no interpreter and no virtual environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoInstallation {
    path: PathBuf,
    what: String,
}

impl fmt::Display for NoInstallation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path.display(), self.what)
    }
}

impl std::error::Error for NoInstallation {}

/// Finds a program by its name in the folders of a `PATH`.
pub fn on_path(name: &OsStr, path: &OsStr, fs: &dyn FileSystem) -> Option<PathBuf> {
    std::env::split_paths(path).map(|folder| folder.join(name)).find(|file| fs.kind(file) == Some(EntryKind::File))
}

impl Installation {
    /// Looks at a program, at the folder of a virtual environment or at the prefix of an installation.
    pub fn find(named: &Path, fs: &dyn FileSystem) -> Result<Self, NoInstallation> {
        let no = |what: &str| Err(NoInstallation { path: named.to_owned(), what: what.to_owned() });
        let (prefix, program) = match fs.kind(named) {
            None => return no("there is no such file or folder"),
            Some(EntryKind::Folder) => (named.to_owned(), None),
            Some(_) => {
                let is_script = fs.read(named).is_ok_and(|bytes| bytes.starts_with(b"#!"));
                if is_script {
                    return no(
                        "is a script, perhaps a shim of pyenv; name the interpreter itself, or the folder of a \
                        virtual environment",
                    );
                }
                let folder = named.parent().unwrap_or(Path::new("")).to_owned();
                (folder, Some(named))
            }
        };
        let mut installation = Self { named: named.to_owned(), ..Self::default() };
        let above = prefix.parent().filter(|_| program.is_some()).map(Path::to_owned);
        let config = [Some(prefix.clone()), above].into_iter().flatten().find_map(|folder| {
            let file = folder.join("pyvenv.cfg");
            (fs.kind(&file) == Some(EntryKind::File)).then_some((folder, file))
        });
        if let Some((folder, file)) = config {
            // Beside the program it describes the folder above, as for `site`.
            let is_beside = program.is_some() && folder == prefix;
            installation.prefix = if is_beside { folder.parent().unwrap_or(&folder).to_owned() } else { folder };
            installation.read_venv(&file, fs);
        } else {
            let start = program.map_or_else(
                || prefix.clone(),
                |program| fs.real_path(program).parent().unwrap_or(Path::new("")).to_owned(),
            );
            let hint = program.and_then(|program| version_in_name(&fs.real_path(program)));
            let Some(library) = Library::find(&start, hint, fs) else {
                return no(
                    "no standard library belongs to it (`lib/python3.X/os.py`); is it an interpreter, or a folder \
                    with `pyvenv.cfg`?",
                );
            };
            installation.prefix.clone_from(&library.prefix);
            installation.site_packages = library.site_packages(&library.prefix, fs);
            installation.take_library(&library, fs);
        }
        Ok(installation)
    }

    fn take_library(&mut self, library: &Library, fs: &dyn FileSystem) {
        self.version = self.version.or(library.version);
        self.library = Some(library.folder.clone());
        let data = fs.listing(&library.folder).names();
        let data = data.iter().find(|(name, _)| name.starts_with("_sysconfigdata_") && has_suffix(name, "py"));
        let Some((data, _)) = data else { return };
        let variables =
            Script::read(&library.folder.join(data), fs).and_then(|script| script.constant("build_time_vars"));
        let variables = variables.unwrap_or(Value::Other);
        let variable = |name: &str| variables.items().find(|(key, _)| *key == name).and_then(|(_, value)| value.text());
        self.extension_suffix = variable("EXT_SUFFIX").map(ToOwned::to_owned);
        let words = |name: &str| variable(name).unwrap_or_default().split_whitespace().collect::<Vec<_>>();
        // From 3.12 on the first list names what is built at all, the second what is built as a file.
        let shared = words("MODSHARED_NAMES");
        let builtin = words("MODBUILT_NAMES").into_iter().filter(|name| !shared.contains(name));
        self.builtins = builtin.map(ToOwned::to_owned).collect();
    }

    fn read_venv(&mut self, config: &Path, fs: &dyn FileSystem) {
        let mut venv = Venv { config: config.to_owned(), system_site: true, ..Venv::default() };
        match fs.read(config).map(String::from_utf8) {
            Ok(Ok(text)) => {
                for (key, value) in text.lines().filter_map(|line| line.split_once('=')) {
                    let value = value.trim();
                    match key.trim().to_lowercase().as_str() {
                        "home" => venv.home = Some(value.into()),
                        "include-system-site-packages" => venv.system_site = value.eq_ignore_ascii_case("true"),
                        "version" | "version_info" => venv.version = value.parse().ok(),
                        _ => {}
                    }
                }
            }
            Ok(Err(_)) => self.problem(config, "is not UTF-8 text"),
            Err(error) => self.problem(config, &format!("cannot be read: {error}")),
        }
        let library = match &venv.home {
            None => {
                self.problem(config, "does not say `home = …`, the folder of the interpreter it was made with");
                None
            }
            Some(home) => {
                let library = Library::find(home, venv.version, fs);
                let library = library.or_else(|| Library::find(fs.real_path(home).as_path(), venv.version, fs));
                if library.is_none() {
                    let what =
                        format!("says `home = {}`, where there is no Python with its standard library", home.display());
                    self.problem(config, &what);
                }
                library
            }
        };
        self.version = venv.version;
        if let Some(library) = library {
            self.take_library(&library, fs);
            self.site_packages = library.site_packages(&self.prefix, fs);
            self.base_site_packages = library.site_packages(&library.prefix, fs);
        } else {
            self.site_packages = existing_site_packages(&self.prefix, self.version, fs);
            self.version = self.version.or_else(|| self.site_packages.first().and_then(|path| version_in_path(path)));
        }
        self.venv = Some(venv);
    }

    fn problem(&mut self, config: &Path, what: &str) {
        let remedy = "make the virtual environment again (`python -m venv DIR`), or name another with `--python`";
        self.problems.push(EnvironmentProblem {
            path: config.to_owned(),
            what: what.to_owned(),
            remedy: remedy.to_owned(),
        });
    }

    /// Whether packages of the base interpreter count.
    pub fn has_system_site(&self) -> bool {
        self.venv.as_ref().is_some_and(|venv| venv.system_site)
    }

    /// Whether it has the standard library of a version.
    pub fn has_library(&self, version: PyVersion) -> bool {
        self.library.is_some() && self.version == Some(version)
    }

    /// The entries of `sys.path` for the standard library.
    pub(crate) fn library_entries(&self) -> Vec<PathEntry> {
        let Some(library) = &self.library else { return Vec::new() };
        let entry = |path: PathBuf, origin| PathEntry { path, origin };
        let tag = self.version.map(|version| version.to_string().replace('.', "")).unwrap_or_default();
        let folder = library.parent().unwrap_or(library);
        let (archive, extensions) = if library.ends_with("Lib") {
            (folder.join(format!("python{tag}.zip")), folder.join("DLLs"))
        } else {
            (folder.join(format!("python{tag}.zip")), library.join("lib-dynload"))
        };
        vec![
            entry(archive, Origin::LibraryArchive),
            entry(library.clone(), Origin::Library),
            entry(extensions, Origin::ExtensionLibrary),
        ]
    }

    /// Whether its `site` passes over `.pth` files whose name begins with a dot, as its source says.
    pub(crate) fn skips_dot_pth(&self, fs: &dyn FileSystem) -> Option<bool> {
        let source = fs.read(&self.library.as_ref()?.join("site.py")).ok()?;
        let source = String::from_utf8_lossy(&source);
        source.contains("endswith(\".pth\")").then(|| source.contains("not name.startswith(\".\")"))
    }
}

/// A standard library and the installation around it.
struct Library {
    prefix: PathBuf,
    folder: PathBuf,
    version: Option<PyVersion>,
}

impl Library {
    /// The one that a program in `start` uses.
    fn find(start: &Path, hint: Option<PyVersion>, fs: &dyn FileSystem) -> Option<Self> {
        start.ancestors().find_map(|prefix| Self::below(prefix, hint, fs))
    }

    fn below(prefix: &Path, hint: Option<PyVersion>, fs: &dyn FileSystem) -> Option<Self> {
        let is_library = |folder: &Path| fs.listing(folder).get("os.py").is_some();
        for lib in ["lib", "lib64"] {
            let lib = prefix.join(lib);
            let names = fs.listing(&lib).names().into_iter().rev();
            let mut found: Vec<(Option<PyVersion>, PathBuf)> = names
                .filter(|(name, _)| name.starts_with("python3."))
                .map(|(name, _)| (version_in_path(Path::new(&name)), lib.join(name)))
                .filter(|(version, folder)| version.is_some() && is_library(folder))
                .collect();
            found.sort();
            let hinted = found.iter().position(|(version, _)| hint.is_some() && *version == hint);
            let index = hinted.or(if hint.is_none() { found.len().checked_sub(1) } else { None });
            if let Some((version, folder)) = index.map(|index| found.swap_remove(index)) {
                return Some(Self { prefix: prefix.to_owned(), folder, version });
            }
        }
        let folder = prefix.join("Lib");
        let version = || hint.or_else(|| version_of_dll(prefix, fs));
        is_library(&folder).then(|| Self { prefix: prefix.to_owned(), version: version(), folder })
    }

    /// `site.getsitepackages` for a prefix. Debian patches it: its `site.py` speaks of `dist-packages`.
    fn site_packages(&self, prefix: &Path, fs: &dyn FileSystem) -> Vec<PathBuf> {
        if self.folder.ends_with("Lib") {
            return vec![prefix.to_owned(), prefix.join("Lib").join("site-packages")];
        }
        let Some(python) = self.folder.file_name() else { return Vec::new() };
        let source = fs.read(&self.folder.join("site.py")).unwrap_or_default();
        let is_debian = String::from_utf8_lossy(&source).contains("\"dist-packages\"");
        let lib = self.folder.parent().and_then(Path::file_name).unwrap_or(OsStr::new("lib"));
        if is_debian {
            let mut found = Vec::new();
            if prefix != self.prefix {
                found.push(prefix.join("lib").join(python).join("site-packages"));
            }
            found.push(prefix.join("local").join("lib").join(python).join("dist-packages"));
            found.push(prefix.join("lib").join("python3").join("dist-packages"));
            found.push(prefix.join(lib).join(python).join("dist-packages"));
            return found;
        }
        let mut found = vec![prefix.join(lib).join(python).join("site-packages")];
        if lib != "lib" {
            found.push(prefix.join("lib").join(python).join("site-packages"));
        }
        found
    }
}

/// The site-packages folders that a prefix has, where nothing tells their names.
fn existing_site_packages(prefix: &Path, version: Option<PyVersion>, fs: &dyn FileSystem) -> Vec<PathBuf> {
    let lib = prefix.join("lib");
    let mut found: Vec<PathBuf> = fs
        .listing(&lib)
        .names()
        .into_iter()
        .filter(|(name, _)| name.starts_with("python3."))
        .map(|(name, _)| lib.join(name).join("site-packages"))
        .filter(|folder| version.is_none() || version_in_path(folder) == version)
        .collect();
    let windows = prefix.join("Lib").join("site-packages");
    if found.is_empty() && fs.kind(&windows) == Some(EntryKind::Folder) {
        found.push(windows);
    }
    found.truncate(1);
    found
}

/// The version in `…/python3.13t/site-packages` or `python3.13`.
fn version_in_path(path: &Path) -> Option<PyVersion> {
    path.iter().rev().find_map(|part| version_in_word(part.to_str()?.strip_prefix("python3.")?))
}

/// The version in the name of a program: `python3.13`.
fn version_in_name(program: &Path) -> Option<PyVersion> {
    version_in_word(program.file_name()?.to_str()?.strip_prefix("python3.")?)
}

/// The minor version that a text begins with.
fn version_in_word(text: &str) -> Option<PyVersion> {
    let digits = text.find(|c: char| !c.is_ascii_digit()).map_or(text, |end| &text[..end]);
    digits.parse().ok().and_then(PyVersion::from_minor)
}

/// The version in the name of `python313.dll`.
fn version_of_dll(prefix: &Path, fs: &dyn FileSystem) -> Option<PyVersion> {
    let names = fs.listing(prefix).names();
    names.iter().find_map(|(name, _)| version_in_word(name.strip_prefix("python3")?.strip_suffix(".dll")?))
}

fn has_suffix(name: &str, suffix: &str) -> bool {
    Path::new(name).extension().is_some_and(|found| found == suffix)
}

/// A path from a setting, made absolute.
pub fn absolute(path: &Path, working_directory: &Path) -> PathBuf {
    normalised(&working_directory.join(path))
}
