//! Which module does a name mean? The walk that `importlib._bootstrap._find_and_load` makes, without loading anything.
//!
//! `sys.modules` at start-up, `BuiltinImporter`, `FrozenImporter`, `PathFinder`, then the finders of editable installs; parents
//! first. [`Finder::find`] answers, [`Finder::trace`] also tells every step; both take the same way.

mod code;
mod place;

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use legb_base::{Dialect, PyVersion};
use rustc_hash::FxHashMap;

use crate::answer::{Kind, Log, Resolution, Trace, Why};
use crate::editable::EditableTarget;
use crate::environment::{Environment, Origin, RECORDED_LIBRARY, Start};
use crate::fs::{EntryKind, FileSystem};
use crate::stdlib;

use code::{Code, reason};
use place::{Found, Place};

/// Answers for one environment. Packages that were found are remembered, so that each is looked for once.
#[derive(Debug)]
pub struct Finder<'a> {
    environment: &'a Environment,
    fs: &'a dyn FileSystem,
    top: Vec<Place>,
    packages: RwLock<FxHashMap<Box<str>, Arc<Package>>>,
}

/// A module as its submodules see it.
#[derive(Debug)]
struct Package {
    resolution: Resolution,
    places: Vec<Place>,
    /// What its code does to the search for submodules, once somebody had to ask.
    code: OnceLock<Code>,
}

impl<'a> Finder<'a> {
    /// A finder that has looked at nothing yet.
    pub fn new(environment: &'a Environment, fs: &'a dyn FileSystem) -> Self {
        let mut finder = Self { environment, fs, top: Vec::new(), packages: RwLock::default() };
        for entry in &environment.sys_path {
            let place = match &entry.origin {
                Origin::RecordedLibrary => Place::recorded(entry.path.clone()),
                Origin::Editable(_) => Place::placeholder(entry.path.clone()),
                _ => Place::new(entry.path.clone(), fs),
            };
            finder.top.push(place);
        }
        finder
    }

    /// The environment it answers for.
    pub fn environment(&self) -> &'a Environment {
        self.environment
    }

    /// Which module an absolute name means. The name must be one ([`crate::name::parse`]).
    pub fn find(&self, name: &str) -> Resolution {
        self.resolve(name, &mut None)
    }

    /// The same with every step.
    pub fn trace(&self, name: &str) -> Trace {
        let mut log = Some(Log::default());
        let resolution = self.resolve(name, &mut log);
        let Log { steps, parents, .. } = log.unwrap_or_default();
        Trace { name: name.to_owned(), resolution, parents, steps }
    }

    /// Which module a name means in a file of `folder`: what is missing on the path may lie beside the file, if that is run as
    /// a script. Only where no one program is looked at ([`Start::Project`]).
    pub fn find_from(&self, name: &str, folder: &Path) -> Resolution {
        let resolution = self.find(name);
        self.beside(name, folder, &resolution, &mut None).unwrap_or(resolution)
    }

    /// The same with every step.
    pub fn trace_from(&self, name: &str, folder: &Path) -> Trace {
        let mut trace = self.trace(name);
        let mut log = Some(Log::default());
        if let Some(resolution) = self.beside(name, folder, &trace.resolution, &mut log) {
            trace.resolution = resolution;
            trace.parents = log.as_mut().map(|log| std::mem::take(&mut log.parents)).unwrap_or_default();
        }
        trace.steps.extend(log.map(|log| log.steps).unwrap_or_default());
        trace
    }

    /// Looks beside a file for what is missing at the top of the path. Modules of a package are not run as scripts.
    fn beside(&self, name: &str, folder: &Path, answer: &Resolution, log: &mut Option<Log>) -> Option<Resolution> {
        let top = name.split('.').next().unwrap_or_default();
        let is_missing = match &answer.why {
            Why::Missing { name, .. } => name == top,
            Why::Unknown(_) => self.find(top).kind == Kind::Unknown,
            _ => false,
        };
        let is_on_path = self.environment.sys_path.iter().any(|entry| entry.path == folder);
        let is_package = self.fs.listing(folder).get("__init__.py").is_some();
        if !is_missing || is_on_path || is_package || self.environment.start != Start::Project {
            return None;
        }
        let mut places = vec![Place::new(folder.to_owned(), self.fs)];
        let mut names = name.match_indices('.').map(|(dot, _)| &name[..dot]).chain([name]).peekable();
        while let Some(name) = names.next() {
            let tail = name.rsplit('.').next().unwrap_or(name);
            if let Some(log) = log {
                name.clone_into(&mut log.module);
            }
            let mut resolution = self.search(&places, name, tail, log)?;
            resolution.why = Why::Beside(folder.to_owned());
            if names.peek().is_none() {
                return Some(resolution);
            }
            places = self.places_of(&resolution);
            if let Some(log) = log {
                log.parents.push((name.to_owned(), resolution));
            }
        }
        None
    }

    /// Files that have the name of the module found and are never imported by it: later entries of the path, and what comes
    /// later in the same folder.
    pub fn shadowed(&self, trace: &Trace) -> Vec<PathBuf> {
        let mut searched: Vec<&str> = Vec::new();
        let of_name = trace.steps.iter().filter(|step| step.module == trace.name && step.finder == "PathFinder");
        searched.extend(of_name.filter_map(|step| step.path.as_deref()));
        let (parent, tail) = trace.name.rsplit_once('.').map_or((None, trace.name.as_str()), |(p, t)| (Some(p), t));
        let parent = parent.map(|parent| self.package(parent, &mut None));
        let places = parent.as_ref().map_or(&self.top, |parent| &parent.places);
        let Some(origin) = trace.resolution.origin.as_deref().filter(|_| !searched.is_empty()) else {
            return Vec::new();
        };
        let mut found: Vec<PathBuf> =
            places.iter().flat_map(|place| place.files(tail, &self.environment.suffixes, self.fs)).collect();
        found.retain(|file| file != origin);
        found
    }

    fn version(&self) -> PyVersion {
        self.environment.version
    }

    fn resolve(&self, name: &str, log: &mut Option<Log>) -> Resolution {
        let parent = name.rsplit_once('.');
        let Some((parent, tail)) = parent else {
            if let Some(log) = log {
                name.clone_into(&mut log.module);
            }
            return self.top_level(name, log);
        };
        let package = self.package(parent, log);
        if let Some(log) = log {
            if !package.resolution.kind.is_found() {
                return package.resolution.clone();
            }
            log.parents.push((parent.to_owned(), package.resolution.clone()));
            name.clone_into(&mut log.module);
        }
        self.below(&package, parent, name, tail, log)
    }

    /// The package of a name, remembered unless the steps are asked for.
    fn package(&self, name: &str, log: &mut Option<Log>) -> Arc<Package> {
        if log.is_none()
            && let Some(known) = self.packages.read().unwrap_or_else(PoisonError::into_inner).get(name)
        {
            return Arc::clone(known);
        }
        let resolution = self.resolve(name, log);
        let places = self.places_of(&resolution);
        let package = Arc::new(Package { resolution, places, code: OnceLock::new() });
        let mut packages = self.packages.write().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(packages.entry(name.into()).or_insert(package))
    }

    fn places_of(&self, resolution: &Resolution) -> Vec<Place> {
        resolution
            .search_locations
            .iter()
            .map(|path| {
                if path.starts_with(RECORDED_LIBRARY) {
                    Place::recorded(path.clone())
                } else if self.environment.editables.iter().any(|finder| Path::new(&finder.placeholder) == path) {
                    Place::placeholder(path.clone())
                } else {
                    Place::new(path.clone(), self.fs)
                }
            })
            .collect()
    }

    /// A name without dots.
    fn top_level(&self, name: &str, log: &mut Option<Log>) -> Resolution {
        if let Some(loaded) = self.loaded(name, log) {
            return loaded;
        }
        if name == "distutils"
            && self.environment.distutils_shim
            && let Some(mut copy) = Some(self.find("setuptools._distutils")).filter(|copy| copy.kind.is_found())
        {
            if let Some(log) = log {
                log.step("DistutilsMetaFinder", copy.origin.as_deref(), "setuptools puts its own copy in place");
            }
            copy.why = Why::DistutilsShim;
            return copy;
        }
        if let Some(found) = self.compiled_in(name, log) {
            return found;
        }
        if let Some(found) = self.search(&self.top, name, name, log) {
            return found;
        }
        if let Some(found) = self.editable(name, None, log) {
            return found;
        }
        self.not_found(name, None)
    }

    /// What is in `sys.modules` before the program starts.
    fn loaded(&self, name: &str, log: &mut Option<Log>) -> Option<Resolution> {
        if name == "__main__" {
            return Some(self.main());
        }
        let early = self.environment.early_namespaces.iter().find(|(known, _)| known == name);
        if let Some((_, portion)) = early {
            let found = self.search(&self.top, name, name, &mut None).filter(|found| found.kind == Kind::Namespace);
            if let Some(log) = log {
                log.step("sys.modules", None, "put there by a .pth file at start-up, as a namespace package");
            }
            let locations = found.map_or_else(|| vec![portion.clone()], |found| found.search_locations);
            return Some(Resolution {
                kind: Kind::Namespace,
                origin: None,
                is_package: true,
                search_locations: locations,
                why: Why::Loaded,
            });
        }
        let is_loaded = stdlib::is_loaded_at_startup(name, self.version());
        if let Some(log) = log {
            log.step("sys.modules", None, if is_loaded { "loaded at start-up" } else { "not loaded at start-up" });
        }
        if !is_loaded {
            return None;
        }
        // It was loaded before anything was put in front of `PYTHONPATH`, and before `site` added its folders.
        let late = self.environment.late_entries();
        let early = self.environment.sys_path[late..]
            .iter()
            .take_while(|entry| !matches!(entry.origin, Origin::UserSite | Origin::SitePackages | Origin::Pth { .. }));
        let early = &self.top[late..late + early.count()];
        let mut found = self.compiled_in(name, &mut None).or_else(|| self.search(early, name, name, &mut None))?;
        found.why = Why::Loaded;
        Some(found)
    }

    /// `__main__` is the program itself.
    fn main(&self) -> Resolution {
        match &self.environment.start {
            Start::Script(script) if self.fs.kind(script) == Some(EntryKind::File) => Resolution {
                kind: Kind::Source,
                origin: Some(script.clone()),
                is_package: false,
                search_locations: Vec::new(),
                why: Why::Loaded,
            },
            _ => Resolution::unknown("__main__ is the program that is run, whichever that is".to_owned()),
        }
    }

    /// `BuiltinImporter` and `FrozenImporter`.
    fn compiled_in(&self, name: &str, log: &mut Option<Log>) -> Option<Resolution> {
        let found = |kind, is_package, search_locations, why| {
            Some(Resolution { kind, origin: None, is_package, search_locations, why })
        };
        let of_build = self.environment.installation.as_ref().is_some_and(|installation| {
            installation.has_library(self.version()) && installation.builtins.iter().any(|builtin| builtin == name)
        });
        let is_builtin = of_build || stdlib::is_builtin(name, self.version());
        if let Some(log) = log {
            log.step(
                "BuiltinImporter",
                None,
                if is_builtin { "compiled into the interpreter" } else { "not built in" },
            );
        }
        if is_builtin {
            return found(Kind::Builtin, false, Vec::new(), Why::CompiledIn);
        }
        let frozen = stdlib::frozen(name, self.version());
        if let Some(log) = log {
            log.step(
                "FrozenImporter",
                None,
                if frozen.is_some() { "frozen into the interpreter" } else { "not frozen" },
            );
        }
        let is_package = frozen?;
        let folder = self.frozen_folder(name).filter(|_| is_package);
        found(Kind::Frozen, is_package, folder.into_iter().collect(), Why::FrozenIn)
    }

    /// Where the submodules of a frozen package lie.
    fn frozen_folder(&self, name: &str) -> Option<PathBuf> {
        if !Dialect::of(self.version()).frozen_packages_have_folders {
            return None;
        }
        let installation = self.environment.installation.as_ref();
        let library = installation.filter(|installation| installation.has_library(self.version()));
        let library = library.and_then(|installation| installation.library.clone());
        let library = library.unwrap_or_else(|| RECORDED_LIBRARY.into());
        Some(name.split('.').fold(library, |folder, part| folder.join(part)))
    }

    /// A submodule of a package.
    fn below(&self, package: &Package, parent: &str, name: &str, tail: &str, log: &mut Option<Log>) -> Resolution {
        match package.resolution.kind {
            // Python says of a parent that is missing what it says of the name; so does the reason why one is not known.
            Kind::Missing | Kind::Unknown => return package.resolution.clone(),
            _ => {}
        }
        if stdlib::is_loaded_at_startup(name, self.version())
            && package.resolution.why == Why::Loaded
            && let Some(mut found) = self.search(&package.places, name, tail, &mut None)
        {
            if let Some(log) = log {
                log.step("sys.modules", None, "loaded at start-up");
            }
            found.why = Why::Loaded;
            return found;
        }
        if !package.resolution.is_package {
            return self.below_module(package, parent, name, log);
        }
        if let Some(found) = self.compiled_in(name, log) {
            return found;
        }
        if let Some(found) = self.search(&package.places, name, tail, log) {
            return found;
        }
        if let Some(found) = self.editable(name, Some(parent), log) {
            return found;
        }
        if let Some(alias) = self.alias(package, parent, name, log) {
            return alias;
        }
        match self.code(package) {
            Code::JoinsFolders => {
                let places = self.joined_places(package, parent);
                if let Some(found) = self.search(&places, name, tail, log) {
                    return found;
                }
            }
            code => {
                if let Some(reason) = reason(code, package, name) {
                    return Resolution::unknown(reason);
                }
            }
        }
        if package.resolution.why == Why::Recorded && stdlib::is_below_tests(name) {
            let reason = format!("{name} would be a test of the standard library; name an interpreter with --python");
            return Resolution::unknown(reason);
        }
        self.not_found(name, None)
    }

    /// A submodule of a module that is no package: it exists only if the module's code puts it into `sys.modules`.
    fn below_module(&self, package: &Package, parent: &str, name: &str, log: &mut Option<Log>) -> Resolution {
        if let Some(alias) = self.alias(package, parent, name, log) {
            return alias;
        }
        match reason(self.code(package), package, name) {
            Some(reason) => Resolution::unknown(reason),
            None => self.not_found(name, Some(parent)),
        }
    }

    /// What a module of the standard library puts into `sys.modules` below itself: `os.path`.
    fn alias(&self, package: &Package, parent: &str, name: &str, log: &mut Option<Log>) -> Option<Resolution> {
        let target = stdlib::alias(name, self.version()).filter(|_| self.is_library(&package.resolution))?;
        if let Some(log) = log {
            log.step("sys.modules", None, format!("put there by {parent} when it ran"));
        }
        let is_os_of_windows = target == "posixpath" && self.environment.suffixes.is_windows();
        let mut module = self.find(if is_os_of_windows { "ntpath" } else { target });
        module.is_package = false;
        module.search_locations.clear();
        module.why = Why::Alias(parent.to_owned());
        Some(module)
    }

    /// Whether a module is part of the standard library.
    fn is_library(&self, module: &Resolution) -> bool {
        let library = self.environment.installation.as_ref().and_then(|installation| installation.library.as_deref());
        let is_in = |file: &Path| {
            let inside = library.and_then(|library| file.strip_prefix(library).ok());
            inside.is_some_and(|inside| !inside.starts_with("site-packages") && !inside.starts_with("dist-packages"))
        };
        matches!(module.why, Why::Loaded | Why::Recorded) || module.origin.as_deref().is_some_and(is_in)
    }

    /// `PathFinder`: the first entry with a module wins; without one, all portions are joined.
    fn search(&self, places: &[Place], name: &str, tail: &str, log: &mut Option<Log>) -> Option<Resolution> {
        let mut portions = Vec::new();
        let mut count = 0;
        for place in places {
            let found = place.find(name, tail, self.environment, self.fs);
            if let Some(log) = log {
                log.step("PathFinder", Some(place.path()), found.describe(place, self.fs));
            }
            match found {
                Found::Nothing => {}
                Found::Portions(found) => {
                    count += 1;
                    portions.extend(found);
                }
                Found::Module(resolution) => return Some(resolution),
            }
        }
        let is_found = !portions.is_empty();
        is_found.then_some(Resolution {
            kind: Kind::Namespace,
            origin: None,
            is_package: true,
            search_locations: portions,
            why: Why::Portions(count),
        })
    }

    /// The finders that editable installs append to `sys.meta_path`.
    fn editable(&self, name: &str, parent: Option<&str>, log: &mut Option<Log>) -> Option<Resolution> {
        for finder in &self.environment.editables {
            let file = finder.file.file_name().and_then(|file| file.to_str()).unwrap_or("editable install");
            let target = finder.modules.iter().find(|(known, _)| known == name).map(|(_, target)| target);
            let found = match target {
                Some(EditableTarget::Stem(stem)) => place::at_stem(stem, &self.environment.suffixes, self.fs),
                Some(EditableTarget::File(path)) => place::at_file(path, &self.environment.suffixes),
                None => parent.and_then(|parent| {
                    let (_, target) = finder.modules.iter().find(|(known, _)| known == parent)?;
                    let EditableTarget::Stem(folder) = target else { return None };
                    let tail = name.rsplit('.').next().unwrap_or(name);
                    self.search(&[Place::new(folder.clone(), self.fs)], name, tail, &mut None)
                }),
            };
            if let Some(log) = log {
                let result = found.as_ref().and_then(|found| found.origin.as_deref());
                let result = result.map_or("does not know it".to_owned(), |path| path.display().to_string());
                log.step(file, target.map(EditableTarget::path), result);
            }
            if let Some(mut found) = found {
                found.why = Why::Editable(finder.file.clone());
                return Some(found);
            }
        }
        None
    }

    /// Nobody has it: it is missing, unless something may have changed what could not be known.
    fn not_found(&self, name: &str, parent: Option<&str>) -> Resolution {
        if let Some(unknowable) = self.environment.unknowable.first() {
            let why = format!("no finder that legb knows has {name}, but {unknowable}, and may add it");
            return Resolution::unknown(why);
        }
        let has_library = |installation: &crate::interpreter::Installation| installation.has_library(self.version());
        let is_recorded = !self.environment.installation.as_ref().is_some_and(has_library);
        if is_recorded && !name.contains('.') && stdlib::is_stdlib(name, self.version()) {
            let why = format!("{name} is part of the standard library of some builds or platforms only");
            return Resolution::unknown(why + "; name an interpreter with --python");
        }
        Resolution::missing(name, parent)
    }
}

/// The folder of a file, for [`Finder::find_from`].
pub fn folder_of(file: &Path) -> PathBuf {
    file.parent().map(Path::to_owned).unwrap_or_default()
}
