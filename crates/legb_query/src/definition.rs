//! Where is a name really defined? From import to import, through `import *` and `__getattr__`, to the line.
//!
//! Modules are found as `importlib` finds them, and each is read when the search comes to it. So an answer costs the files on
//! its way, needs no list of the project's modules, and goes on into packages and the standard library where these are known.
//! [`Exports`](crate::Exports) asks the same of modules that were all read before.
//!
//! Which of several branches runs is not known here: of several bindings the one is followed that
//! [`ModuleNames::chosen`] tells.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use legb_base::{Dialect, LineRange};
use legb_resolve::{FileSystem, Finder, ImportRoots, Kind, Resolution, folder_of, resolve_relative};
use legb_scope::Analyzer;
use legb_scope::builtins::is_module_attribute;
use legb_scope::explain::{Source, binding_word};
use legb_syntax::decode::decode;
use legb_syntax::{LineIndex, SourceKind, parse};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::module_names::{Imported, ModuleNames};

/// A module whose source can be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its dotted name; empty for a file that no import can name.
    pub module: String,
    /// Its file, absolute.
    pub path: PathBuf,
    /// Whether it is the `__init__` of a package.
    pub is_package: bool,
}

impl Place {
    /// The module that a file is, below the import roots.
    pub fn of_file(path: &Path, roots: &ImportRoots, finder: &Finder<'_>) -> Self {
        let found = roots.module_name(path, &finder.environment().suffixes);
        let is_package = found.as_ref().is_some_and(|module| module.is_package);
        Self { module: found.map(|module| module.name).unwrap_or_default(), path: path.to_owned(), is_package }
    }

    /// What relative imports in it start from.
    fn package(&self) -> &str {
        if self.is_package { &self.module } else { self.module.rsplit_once('.').map_or("", |(parent, _)| parent) }
    }
}

/// One line on the way from a name to its definition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The module in which the line stands.
    pub module: String,
    /// Its file, absolute.
    pub path: PathBuf,
    /// What the name is called there.
    pub name: String,
    /// The name in the line; the statement of an `import *`.
    pub range: LineRange,
    /// What the line does: `import`, `star import`, `__getattr__`, or how else it binds the name.
    pub kind: &'static str,
    /// Other lines of the module that bind the name as well.
    pub also: Vec<u32>,
}

/// Where the way ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// The last link defines the name.
    Defined,
    /// The name stands for a module.
    Module {
        /// Its dotted name.
        name: String,
        /// Its file, if it has one that is known.
        path: Option<PathBuf>,
    },
    /// The module has no source that could be read.
    Closed {
        /// Its dotted name.
        module: String,
        /// What kind of module it is.
        kind: Kind,
    },
    /// The `__getattr__` of the module makes it, or raises.
    Made {
        /// The module's dotted name.
        module: String,
    },
    /// The import system puts it into the module.
    Provided,
    /// The import fails.
    Missing {
        /// What CPython raises.
        error: String,
    },
    /// It cannot be said, and why.
    Unknown(String),
}

/// The way from a name to its definition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chain {
    /// The lines on the way, in order.
    pub links: Vec<Link>,
    /// Where it ends.
    pub end: End,
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Defined => f.write_str("defined there"),
            Self::Module { name, path: None } => write!(f, "the module `{name}`"),
            Self::Module { name, path: Some(path) } => write!(f, "the module `{name}`, {}", path.display()),
            Self::Closed { module, kind: Kind::Builtin } => {
                write!(f, "`{module}` is compiled into the interpreter and has no Python source")
            }
            Self::Closed { module, kind: Kind::Extension } => {
                write!(f, "`{module}` is compiled and has no Python source")
            }
            Self::Closed { module, kind } => write!(f, "the source of `{module}` ({}) is not known", kind.as_str()),
            Self::Made { module } => write!(f, "made by the `__getattr__` of `{module}` when it is asked for"),
            Self::Provided => f.write_str("put there by the import system"),
            Self::Missing { error } => write!(f, "the import raises {error}"),
            Self::Unknown(why) => f.write_str(why),
        }
    }
}

/// Whether `import *` brings a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Offered {
    /// It does.
    Yes,
    /// It does not.
    No,
    /// It cannot be said.
    Perhaps,
}

/// What a module name leads to.
enum Found {
    Readable(Place),
    Other(String, Resolution),
    Refused(String),
}

/// Modules, read when somebody asks for them.
pub struct Library<'a> {
    finder: &'a Finder<'a>,
    fs: &'a dyn FileSystem,
    dialect: &'a Dialect,
    known: Mutex<FxHashMap<PathBuf, Option<Arc<ModuleNames>>>>,
}

/// So many links are followed; nobody passes a name on so often.
const LONGEST: usize = 64;

impl<'a> Library<'a> {
    /// The modules that `finder` finds, for one version of Python.
    pub fn new(finder: &'a Finder<'a>, fs: &'a dyn FileSystem, dialect: &'a Dialect) -> Self {
        Self { finder, fs, dialect, known: Mutex::default() }
    }

    /// The way of a name that other modules take from a module.
    pub fn of_name(&self, module: &Place, name: &str) -> Chain {
        let mut search = Search { library: self, seen: FxHashSet::default(), links: Vec::new() };
        let end = search.name(module, name);
        Chain { links: search.links, end }
    }

    /// The way of what an import in a module takes.
    pub fn of_import(&self, module: &Place, import: &Imported) -> Chain {
        let mut search = Search { library: self, seen: FxHashSet::default(), links: Vec::new() };
        let end = search.imported(module, import);
        Chain { links: search.links, end }
    }

    /// The module that an import names, if its source can be read.
    pub fn module(&self, importer: &Place, import: &Imported) -> Option<Place> {
        match self.find(importer, import.level, &import.module) {
            Found::Readable(place) => Some(place),
            Found::Other(..) | Found::Refused(_) => None,
        }
    }

    /// The file of the module that an import binds a name to, however it is passed on; or its name, if it has no file.
    pub fn module_bound(&self, importer: &Place, import: &Imported) -> Option<(String, Option<PathBuf>)> {
        match self.of_import(importer, import).end {
            End::Module { name, path } => Some((name, path)),
            _ => None,
        }
    }

    /// Whether `from … import *` of what `star` names brings a name into `importer`.
    pub fn offers(&self, importer: &Place, star: &Imported, name: &str) -> Offered {
        self.star(importer, star, name, &mut FxHashSet::default())
    }

    /// The names of a file; nothing where it cannot be read or does not compile.
    pub fn names(&self, path: &Path) -> Option<Arc<ModuleNames>> {
        // Nobody panics while holding it.
        let known = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let found = known().get(path).cloned();
        if let Some(found) = found {
            return found;
        }
        let names = self.read(path).map(Arc::new);
        known().insert(path.to_owned(), names.clone());
        names
    }

    fn read(&self, path: &Path) -> Option<ModuleNames> {
        let bytes = self.fs.read(path).ok()?;
        let text = decode(&bytes, self.dialect).ok()?;
        let parsed = parse(&text, SourceKind::Python, self.dialect);
        if parsed.has_errors() {
            return None;
        }
        let mut analyzer = Analyzer::default();
        let facts = analyzer.analyze(&parsed, &text, self.dialect, SourceKind::Python);
        let lines = LineIndex::new(&text);
        let source = Source { path: "", text: &text, lines: &lines, parsed: &parsed, facts, dialect: self.dialect };
        Some(ModuleNames::of(&source))
    }

    fn find(&self, importer: &Place, level: u32, written: &str) -> Found {
        let name = if level == 0 {
            written.to_owned()
        } else {
            match resolve_relative(importer.package(), level, written, self.dialect) {
                Ok(name) => name,
                Err(error) => return Found::Refused(error.to_string()),
            }
        };
        let resolution = self.finder.find_from(&name, &folder_of(&importer.path));
        match (resolution.kind, &resolution.origin) {
            (Kind::Source, Some(path)) => {
                Found::Readable(Place { module: name, path: path.clone(), is_package: resolution.is_package })
            }
            _ => Found::Other(name, resolution),
        }
    }

    fn star(&self, importer: &Place, star: &Imported, name: &str, seen: &mut FxHashSet<PathBuf>) -> Offered {
        let Found::Readable(place) = self.find(importer, star.level, &star.module) else { return Offered::Perhaps };
        if !seen.insert(place.path.clone()) {
            return Offered::No;
        }
        let Some(names) = self.names(&place.path) else { return Offered::Perhaps };
        match &names.all {
            Some(all) if all.iter().any(|listed| listed == name) => return Offered::Yes,
            Some(_) if !names.all_is_dynamic => return Offered::No,
            _ => {}
        }
        let dynamic = names.all_is_dynamic || names.is_open;
        let unless = if dynamic { Offered::Perhaps } else { Offered::No };
        if name.starts_with('_') {
            return unless;
        }
        if !names.bindings(name).is_empty() {
            return if names.all_is_dynamic { Offered::Perhaps } else { Offered::Yes };
        }
        let through = names.stars.iter().map(|star| self.star(&place, &star.from, name, seen));
        through.fold(unless, |so_far, next| match (so_far, next) {
            (Offered::Yes, _) | (_, Offered::Yes) => Offered::Yes,
            (Offered::Perhaps, _) | (_, Offered::Perhaps) => Offered::Perhaps,
            _ => Offered::No,
        })
    }
}

struct Search<'l, 'a> {
    library: &'l Library<'a>,
    seen: FxHashSet<(PathBuf, String)>,
    links: Vec<Link>,
}

impl Search<'_, '_> {
    fn link(&mut self, at: &Place, name: &str, range: LineRange, kind: &'static str, also: Vec<u32>) {
        self.links.push(Link {
            module: at.module.clone(),
            path: at.path.clone(),
            name: name.to_owned(),
            range,
            kind,
            also,
        });
    }

    fn name(&mut self, at: &Place, name: &str) -> End {
        if !self.seen.insert((at.path.clone(), name.to_owned())) || self.links.len() >= LONGEST {
            return End::Unknown(format!("the modules pass `{name}` on in a circle"));
        }
        let Some(names) = self.library.names(&at.path) else {
            return End::Unknown(format!("{} cannot be read as Python", at.path.display()));
        };
        let chosen = names.chosen(name);
        for star in names.stars.iter().rev() {
            let is_later = chosen.is_none_or(|chosen| star.always && star.range.start > chosen.range.start);
            if is_later && self.library.offers(at, &star.from, name) == Offered::Yes {
                self.link(at, name, star.range, "star import", Vec::new());
                return match self.library.find(at, star.from.level, &star.from.module) {
                    Found::Readable(place) => self.name(&place, name),
                    other => closed(other),
                };
            }
        }
        if let Some(binding) = chosen {
            let mut also: Vec<u32> = names.bindings(name).iter().map(|other| other.range.start.line).collect();
            also.retain(|&line| line != binding.range.start.line);
            self.link(at, name, binding.range, binding_word(binding.kind), also);
            return match &binding.from {
                Some(import) => self.imported(at, import),
                None => End::Defined,
            };
        }
        self.not_bound(at, &names, name)
    }

    /// The name, of a module of which no statement binds it.
    fn not_bound(&mut self, at: &Place, names: &ModuleNames, name: &str) -> End {
        if let (Some(lazy), Some(range)) = (names.lazy.iter().find(|lazy| lazy.name == name), names.getattr) {
            self.link(at, name, range, "__getattr__", Vec::new());
            let Some(written) = &lazy.module else { return End::Made { module: at.module.clone() } };
            let dots = written.len() - written.trim_start_matches('.').len();
            let level = u32::try_from(dots).unwrap_or_default();
            let import = Imported { level, module: written[dots..].to_owned(), name: lazy.attribute.clone() };
            return self.imported(at, &import);
        }
        if at.is_package {
            match self.library.find(at, 0, &format!("{}.{name}", at.module)) {
                Found::Readable(place) => return End::Module { name: place.module, path: Some(place.path) },
                Found::Other(module, resolution) if resolution.kind.is_found() => {
                    return End::Module { name: module, path: resolution.origin };
                }
                _ => {}
            }
        }
        if let Some(range) = names.getattr {
            self.link(at, name, range, "__getattr__", Vec::new());
            return End::Made { module: at.module.clone() };
        }
        if is_module_attribute(name, self.library.dialect.version) {
            return End::Provided;
        }
        let perhaps =
            |star: &&crate::module_names::StarImport| self.library.offers(at, &star.from, name) == Offered::Perhaps;
        if let Some(star) = names.stars.iter().find(perhaps) {
            let written = star.from.written();
            return End::Unknown(format!(
                "`from {written} import *` may bring it, and what `{written}` holds is not known"
            ));
        }
        if names.is_open {
            return End::Unknown(format!("`{}` binds names by other means than statements", at.module));
        }
        let shown = &at.module;
        End::Missing {
            error: format!("ImportError: cannot import name '{name}' from '{shown}' ({})", at.path.display()),
        }
    }

    fn imported(&mut self, at: &Place, import: &Imported) -> End {
        let found = self.library.find(at, import.level, &import.module);
        match (found, &import.name) {
            (Found::Readable(place), Some(name)) => self.name(&place, name),
            (Found::Readable(place), None) => End::Module { name: place.module, path: Some(place.path) },
            (Found::Other(module, resolution), Some(name)) if resolution.kind == Kind::Namespace => {
                self.imported(at, &Imported { level: 0, module: format!("{module}.{name}"), name: None })
            }
            (Found::Other(module, resolution), None) if resolution.kind.is_found() => {
                End::Module { name: module, path: resolution.origin }
            }
            (other, _) => closed(other),
        }
    }
}

/// The end where a module is not one whose source can be read.
fn closed(found: Found) -> End {
    match found {
        Found::Refused(error) => End::Missing { error },
        Found::Other(module, resolution) => match resolution.python_error() {
            Some(error) => End::Missing { error },
            None if resolution.kind.is_found() => End::Closed { module, kind: resolution.kind },
            None => End::Unknown(resolution.why.to_string()),
        },
        Found::Readable(place) => End::Module { name: place.module, path: Some(place.path) },
    }
}
