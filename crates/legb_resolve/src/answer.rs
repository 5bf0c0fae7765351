//! What is said about an import: the module, where it lies, why, and each step that led there.

use std::fmt;
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::name::RelativeError;
use crate::platform::Loader;

/// What kind of module an import loads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Compiled into the interpreter.
    Builtin,
    /// Frozen into the interpreter.
    Frozen,
    /// A source file.
    Source,
    /// A `.pyc` without its source.
    Sourceless,
    /// A shared library.
    Extension,
    /// Folders without `__init__`, joined.
    Namespace,
    /// A file in a zip archive.
    Zip,
    /// There is none: the import raises.
    Missing,
    /// It depends on something that cannot be known without running code.
    Unknown,
}

impl Kind {
    /// The word of the kind.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Builtin => "builtin",
            Self::Frozen => "frozen",
            Self::Source => "source",
            Self::Sourceless => "sourceless",
            Self::Extension => "extension",
            Self::Namespace => "namespace",
            Self::Zip => "zip",
            Self::Missing => "missing",
            Self::Unknown => "unknown",
        }
    }

    /// Whether there is such a module.
    pub fn is_found(self) -> bool {
        !matches!(self, Self::Missing | Self::Unknown)
    }
}

impl From<Loader> for Kind {
    fn from(loader: Loader) -> Self {
        match loader {
            Loader::Extension => Self::Extension,
            Loader::Source => Self::Source,
            Loader::Bytecode => Self::Sourceless,
        }
    }
}

/// Why an import means what it means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// It is in `sys.modules` before the first line of the program.
    Loaded,
    /// It is compiled into the interpreter.
    CompiledIn,
    /// It is frozen into the interpreter.
    FrozenIn,
    /// An entry of the path has it, and no entry before has.
    Entry(PathBuf),
    /// The standard library has it, as recorded.
    Recorded,
    /// So many entries of the path have a portion, and none has a package or module.
    Portions(usize),
    /// The finder of an editable install knows it.
    Editable(PathBuf),
    /// setuptools puts its own copy in place of `distutils`.
    DistutilsShim,
    /// This module puts it into `sys.modules` while it runs; no finder has it.
    Alias(String),
    /// It lies beside the importing file, which is on the path when that file is run as a script.
    Beside(PathBuf),
    /// There is no module of this name; `parent` is one that is not a package.
    Missing {
        /// The first name, from the left, that is not found.
        name: String,
        /// What is before it, if that is a module and no package.
        parent: Option<String>,
    },
    /// As the first says, unless what the second names puts another module before it.
    Unless(Box<Why>, String),
    /// CPython raises this before it looks for anything.
    Refused(String),
    /// What cannot be known.
    Unknown(String),
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Loaded => f.write_str("already in sys.modules when the program starts; no file of this name can win"),
            Self::CompiledIn => f.write_str("compiled into the interpreter; no file of this name can win"),
            Self::FrozenIn => f.write_str("frozen into the interpreter; no file of this name can win"),
            Self::Entry(entry) => write!(f, "first found in {}", entry.display()),
            Self::Recorded => {
                f.write_str("part of the standard library; its folder is not known, because no interpreter is named")
            }
            Self::Portions(1) => {
                f.write_str("a folder without __init__; no package or module of this name is on the path")
            }
            Self::Portions(count) => {
                write!(f, "{count} folders without __init__, joined; no package or module of this name is on the path")
            }
            Self::Editable(file) => write!(f, "installed as editable; {} says where it lies", file.display()),
            Self::DistutilsShim => f.write_str("setuptools puts its own copy in place of distutils at start-up"),
            Self::Alias(parent) => write!(f, "{parent} puts it into sys.modules while it runs; no finder has it"),
            Self::Beside(folder) => {
                write!(
                    f,
                    "beside the importing file in {}, which is sys.path[0] when that file is run",
                    folder.display()
                )
            }
            Self::Missing { name, parent: Some(parent) } => {
                write!(f, "No module named '{name}'; '{parent}' is not a package")
            }
            Self::Missing { name, parent: None } => write!(f, "No module named '{name}'"),
            Self::Unless(why, what) => write!(f, "{why}, unless {what}, puts another before it"),
            Self::Refused(reason) | Self::Unknown(reason) => f.write_str(reason),
        }
    }
}

/// Which module an import means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolution {
    /// Its kind.
    pub kind: Kind,
    /// The file it is loaded from; nothing for builtin and frozen modules and for namespace packages.
    pub origin: Option<PathBuf>,
    /// Whether it may have submodules.
    pub is_package: bool,
    /// Where its submodules are searched: `__path__`.
    pub search_locations: Vec<PathBuf>,
    /// Why it is this one.
    pub why: Why,
}

impl Resolution {
    pub(crate) fn missing(name: &str, parent: Option<&str>) -> Self {
        Self::nothing(Kind::Missing, Why::Missing { name: name.to_owned(), parent: parent.map(ToOwned::to_owned) })
    }

    pub(crate) fn unknown(reason: String) -> Self {
        Self::nothing(Kind::Unknown, Why::Unknown(reason))
    }

    fn nothing(kind: Kind, why: Why) -> Self {
        Self { kind, origin: None, is_package: false, search_locations: Vec::new(), why }
    }

    /// `__spec__.origin` as importlib has it: the file, `built-in` or `frozen`.
    pub fn spec_origin(&self) -> Option<&Path> {
        match self.kind {
            Kind::Builtin => Some(Path::new("built-in")),
            Kind::Frozen => Some(Path::new("frozen")),
            _ => self.origin.as_deref(),
        }
    }

    /// What CPython prints where the module is missing: `ModuleNotFoundError: No module named 'x'`.
    pub fn python_error(&self) -> Option<String> {
        match &self.why {
            Why::Missing { .. } => Some(format!("ModuleNotFoundError: {}", self.why)),
            Why::Refused(error) => Some(error.clone()),
            _ => None,
        }
    }
}

/// One thing that the import system looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    /// The module that was looked for: each parent comes before its children.
    pub module: String,
    /// Who looked: `sys.modules`, `BuiltinImporter`, `FrozenImporter`, `PathFinder`, or the finder of an editable install.
    pub finder: String,
    /// The entry of the path that was looked at.
    pub path: Option<String>,
    /// What was found there.
    pub result: String,
}

/// An answer with every step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    /// The name that was asked for, absolute.
    pub name: String,
    /// The answer.
    pub resolution: Resolution,
    /// The modules before it, outermost first: each is imported before it. They end at the first that is missing.
    pub parents: Vec<(String, Resolution)>,
    /// Every step, in order.
    pub steps: Vec<Step>,
}

impl Trace {
    /// The answer for a relative name that means nothing: CPython raises before it looks for anything.
    pub fn refused(written: &str, error: &RelativeError) -> Self {
        let mut resolution = Resolution::missing(written, None);
        resolution.why = Why::Refused(error.to_string());
        Self { name: written.to_owned(), resolution, parents: Vec::new(), steps: Vec::new() }
    }
}

/// Collects steps.
#[derive(Debug, Default)]
pub(crate) struct Log {
    pub(crate) module: String,
    pub(crate) steps: Vec<Step>,
    pub(crate) parents: Vec<(String, Resolution)>,
}

impl Log {
    pub(crate) fn step(&mut self, finder: &str, path: Option<&Path>, result: impl Into<String>) {
        self.steps.push(Step {
            module: self.module.clone(),
            finder: finder.to_owned(),
            path: path.map(|path| path.to_string_lossy().into_owned()),
            result: result.into(),
        });
    }
}
