//! What a rule can ask about the project around the files it looks at.
//!
//! The files that are reported come with their summaries; other files of the project are read when somebody asks for them,
//! so that a file gets the same findings alone as in a full run. Nothing here reads a configuration.

mod import;
mod target;
mod universe;

use std::cell::OnceCell;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use legb_base::{Diagnostic, Dialect, Span};
use legb_project::Exclusion;
use legb_resolve::fs::NoListing;
use legb_resolve::{FileSystem, Finder, ImportRoots, Kind, ModuleName, Origin, Resolution, Why, mutation};
use legb_scope::facts::MODULE;
use legb_scope::{Analyzer, FileFacts, ImportSite, ModuleSummary, SiteFlags, SummaryScratch};
use legb_syntax::decode::decode;
use legb_syntax::{SourceKind, parse};
use rustc_hash::FxHashMap;

use crate::meta::Check;
use crate::rules::RULES;
use crate::selection::Selection;
use crate::sink::Report;

pub(crate) use import::ImportCx;
pub(crate) use target::{Member, Target};
pub(crate) use universe::{Universe, UniverseFile};

/// A file that findings are reported for.
#[derive(Clone, Copy, Debug)]
pub struct ProjectFile<'a> {
    /// The absolute path.
    pub path: &'a Path,
    /// What it says to others; nothing where it does not compile, or is a stub.
    pub summary: Option<&'a ModuleSummary>,
}

/// What the rules about a project are given.
#[derive(Clone, Copy, Debug)]
pub struct Surroundings<'a> {
    /// The folders that imports start from.
    pub roots: &'a ImportRoots,
    /// Finds modules.
    pub finder: &'a Finder<'a>,
    /// Where files are read.
    pub fs: &'a dyn FileSystem,
    /// What does not belong to the project although it lies in it.
    pub exclusion: &'a Exclusion,
    /// The version of Python.
    pub dialect: &'a Dialect,
}

/// The files that are reported, and the project around them.
pub struct ProjectCx<'a> {
    pub(crate) files: &'a [ProjectFile<'a>],
    pub(crate) around: Surroundings<'a>,
    names: Vec<Option<ModuleName>>,
    by_path: FxHashMap<&'a Path, usize>,
    others: Mutex<FxHashMap<PathBuf, Option<Arc<ModuleSummary>>>>,
    resolved: Mutex<FxHashMap<Box<str>, Arc<Resolution>>>,
    universe: OnceCell<Universe>,
    assigned: OnceCell<FxHashMap<(String, String), (PathBuf, Span)>>,
}

/// A summary, wherever it is kept.
pub(crate) enum Summary<'a> {
    Given(&'a ModuleSummary),
    Read(Arc<ModuleSummary>),
}

impl std::ops::Deref for Summary<'_> {
    type Target = ModuleSummary;

    fn deref(&self) -> &ModuleSummary {
        match self {
            Self::Given(summary) => summary,
            Self::Read(summary) => summary,
        }
    }
}

impl<'a> ProjectCx<'a> {
    /// A project to run rules over.
    pub fn new(files: &'a [ProjectFile<'a>], around: Surroundings<'a>) -> Self {
        let suffixes = &around.finder.environment().suffixes;
        let names = files.iter().map(|file| around.roots.module_name(file.path, suffixes)).collect();
        let by_path = files.iter().enumerate().map(|(at, file)| (file.path, at)).collect();
        Self {
            files,
            around,
            names,
            by_path,
            others: Mutex::default(),
            resolved: Mutex::default(),
            universe: OnceCell::new(),
            assigned: OnceCell::new(),
        }
    }

    /// The dotted name of a reported file; nothing where no import can spell it.
    pub(crate) fn module(&self, file: usize) -> Option<&ModuleName> {
        self.names[file].as_ref()
    }

    /// The dotted name of any file.
    pub(crate) fn module_of(&self, path: &Path) -> Option<String> {
        self.module_name(path).map(|module| module.name)
    }

    fn module_name(&self, path: &Path) -> Option<ModuleName> {
        self.around.roots.module_name(path, &self.around.finder.environment().suffixes)
    }

    /// The summary of a file of the project, read if need be; nothing where it does not compile.
    pub(crate) fn summary(&self, path: &Path) -> Option<Summary<'a>> {
        if let Some(&at) = self.by_path.get(path) {
            return self.files[at].summary.map(Summary::Given);
        }
        let known = held(&self.others).get(path).cloned();
        let summary = known.unwrap_or_else(|| {
            let read = self.read(path).map(Arc::new);
            held(&self.others).insert(path.to_owned(), read.clone());
            read
        });
        summary.map(Summary::Read)
    }

    fn read(&self, path: &Path) -> Option<ModuleSummary> {
        let bytes = self.around.fs.read(path).ok()?;
        let text = decode(&bytes, self.around.dialect).ok()?;
        let parsed = parse(&text, SourceKind::Python, self.around.dialect);
        let mut analyzer = Analyzer::default();
        let facts = analyzer.analyze(&parsed, &text, self.around.dialect, SourceKind::Python);
        let compiles = facts.errors.is_empty() && parsed.grammar_error(&text, self.around.dialect).is_none();
        compiles.then(|| ModuleSummary::of(facts, &text, &mut SummaryScratch::default()))
    }

    /// Which module an absolute name means to a file.
    pub(crate) fn resolve(&self, name: &str, from: &Path) -> Arc<Resolution> {
        let known = held(&self.resolved).get(name).cloned();
        let resolution = known.unwrap_or_else(|| {
            let found = Arc::new(self.around.finder.find(name));
            held(&self.resolved).insert(name.into(), Arc::clone(&found));
            found
        });
        // What is missing from its first part on may lie beside the file.
        let may_lie_beside = match &resolution.why {
            Why::Missing { name: missing, .. } => !missing.contains('.'),
            Why::Unknown(_) => true,
            _ => false,
        };
        match from.parent() {
            Some(folder) if may_lie_beside && self.has_beside(folder, name) => {
                Arc::new(self.around.finder.find_from(name, folder))
            }
            _ => resolution,
        }
    }

    /// Whether anything in a folder has the first part of a module's name.
    fn has_beside(&self, folder: &Path, module: &str) -> bool {
        let top = module.split('.').next().unwrap_or(module);
        !self.around.fs.listing(folder).with_stem(top).is_empty()
    }

    /// Whether a file belongs to the project, not to what is installed in it.
    pub(crate) fn is_ours(&self, path: &Path) -> bool {
        let installed = |origin: &Origin| matches!(origin, Origin::SitePackages | Origin::UserSite | Origin::Library);
        let environment = self.around.finder.environment();
        self.around.roots.iter().any(|root| path.starts_with(&root.path))
            && !environment.sys_path.iter().any(|entry| installed(&entry.origin) && path.starts_with(&entry.path))
            && !path.components().any(|part| part.as_os_str() == "site-packages")
    }

    /// Whether an interpreter or virtual environment is known, so that what is not found is not there.
    pub(crate) fn knows_packages(&self) -> bool {
        self.around.finder.environment().installation.is_some()
    }

    /// Whether all submodules of a package are known: no folder of another distribution joins it, and so many are there that
    /// it cannot be a tree which is still to be built.
    pub(crate) fn has_all_of(&self, package: &str) -> bool {
        let ends = package.match_indices('.').map(|(at, _)| at).chain([package.len()]);
        let joins = |name: &str| {
            let resolution = self.around.finder.find(name);
            match (resolution.kind, resolution.origin) {
                (Kind::Namespace, _) => true,
                (Kind::Source, Some(file)) => {
                    let bytes = self.around.fs.read(&file).unwrap_or_default();
                    mutation::joins_folders(&String::from_utf8_lossy(&bytes))
                }
                _ => false,
            }
        };
        let is_open = !self.knows_packages() && ends.into_iter().any(|end| joins(&package[..end]));
        let top = package.split('.').next().unwrap_or(package);
        !is_open && !self.universe().is_incomplete(top)
    }

    /// Whether something in a package's folders has the name of a module that is not there, so that a build may make it.
    pub(crate) fn may_be_made(&self, package: &str, name: &str) -> bool {
        let package = self.around.finder.find(package);
        package.search_locations.iter().any(|folder| {
            let listing = self.around.fs.listing(folder);
            !listing.with_stem(name).is_empty() || listing.failure() == Some(NoListing::Unreadable)
        })
    }

    /// Where a file first binds a name of its module; the file is read again.
    pub(crate) fn binding(&self, path: &Path, name: &str) -> Option<Span> {
        self.again(path, |facts, _| {
            let symbol = facts.symbol_in(MODULE, facts.names.find(name)?)?;
            let mut bindings = facts.refs_of(symbol).filter(|(_, reference)| reference.kind.binds());
            bindings.next().map(|(_, reference)| reference.span)
        })
    }

    /// Asks something of a file that its summary does not hold: the file is read again, for what is about to be reported.
    pub(crate) fn again<T>(&self, path: &Path, ask: impl FnOnce(&FileFacts, &str) -> Option<T>) -> Option<T> {
        let bytes = self.around.fs.read(path).ok()?;
        let text = decode(&bytes, self.around.dialect).ok()?;
        let parsed = parse(&text, SourceKind::Python, self.around.dialect);
        let mut analyzer = Analyzer::default();
        let facts = analyzer.analyze(&parsed, &text, self.around.dialect, SourceKind::Python);
        ask(facts, &text)
    }

    /// Where a file imports a module, by whatever statement.
    pub(crate) fn import_of(&self, path: &Path, module: &str) -> Option<Span> {
        let summary = self.summary(path)?;
        let name = self.module_name(path);
        let package = name.as_ref().map(ModuleName::package);
        let is_it = |site: &&ImportSite| match self.target(path, package, &summary, site) {
            Target::Module(found, _) => {
                let member = site.name.map(|id| summary.text(id));
                found == module
                    || found.strip_prefix(module).is_some_and(|rest| rest.starts_with('.'))
                    || member.is_some_and(|member| format!("{found}.{member}") == module)
            }
            _ => false,
        };
        summary.imports.iter().find(is_it).map(|site| site.alias)
    }

    /// The functions and methods that never return, by their names, of the modules of the project that a reported file
    /// imports. A name that means another function too does no harm: what follows a call of it is not told.
    pub fn never_returning(&self, file: usize) -> Vec<String> {
        let ProjectFile { path, summary: Some(summary) } = self.files[file] else { return Vec::new() };
        let package = self.module(file).map(ModuleName::package);
        let mut names = Vec::new();
        for site in &summary.imports {
            let Target::Module(module, resolution) = self.target(path, package, summary, site) else { continue };
            let member = site.name.map(|id| self.resolve(&format!("{module}.{}", summary.text(id)), path));
            for found in [Some(resolution), member].into_iter().flatten() {
                let ours = found.origin.as_deref().filter(|file| found.kind == Kind::Source && self.is_ours(file));
                if let Some(other) = ours.and_then(|file| self.summary(file)) {
                    names.extend(other.never_returning().map(str::to_owned));
                }
            }
        }
        names.sort_unstable();
        names.dedup();
        names
    }

    /// Names of modules that functions of the reported files set from outside, `config.debug = True`, and where they do.
    pub(crate) fn assigned(&self) -> &FxHashMap<(String, String), (PathBuf, Span)> {
        self.assigned.get_or_init(|| {
            let mut all = FxHashMap::default();
            for file in self.files {
                for (module, name, span) in self.assigned_in(file.path) {
                    all.entry((module, name)).or_insert_with(|| (file.path.to_owned(), span));
                }
            }
            all
        })
    }

    /// The names of other modules that functions of a file set, each with its module; none where the file holds tests.
    pub(crate) fn assigned_in(&self, path: &Path) -> Vec<(String, String, Span)> {
        let is_test = path.components().any(|part| {
            let part = part.as_os_str().to_string_lossy();
            matches!(&*part, "tests" | "test" | "conftest.py")
                || part.starts_with("test_")
                || part.ends_with("_test.py")
        });
        let Some(summary) = (!is_test).then(|| self.summary(path)).flatten() else { return Vec::new() };
        let name = self.module_name(path);
        let set =
            summary.assigned.iter().filter(|change| !change.site.intersects(SiteFlags::NOT_RUN | SiteFlags::AT_IMPORT));
        let named = set.filter_map(|change| {
            let site = summary.imports.get(change.import as usize)?;
            let Target::Module(module, _) = self.target(path, name.as_ref().map(ModuleName::package), &summary, site)
            else {
                return None;
            };
            let module = site.name.map_or(module.clone(), |id| format!("{module}.{}", summary.text(id)));
            Some((module, summary.text(change.attribute?).to_owned(), change.span))
        });
        named.collect()
    }

    /// All files of the project with their imports; read when first asked for.
    pub(crate) fn universe(&self) -> &Universe {
        self.universe.get_or_init(|| Universe::read(self))
    }
}

/// What a mutex holds. Nobody panics while holding it.
fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A finding of a rule that looks at the project.
#[derive(Clone, Debug)]
pub struct ProjectFinding {
    /// The file, by its place in the list that the rules were given.
    pub file: usize,
    /// What was found there.
    pub diagnostic: Diagnostic,
    /// Places in other files that explain it.
    pub elsewhere: Vec<Elsewhere>,
}

/// A place in another file.
#[derive(Clone, Debug)]
pub struct Elsewhere {
    /// The file.
    pub path: PathBuf,
    /// The place.
    pub span: Span,
    /// What is there.
    pub message: String,
}

/// Where rules about a project put what they find.
#[derive(Default)]
pub(crate) struct ProjectSink {
    found: Vec<ProjectFinding>,
}

impl ProjectSink {
    pub(crate) fn push(&mut self, file: usize, report: Report) {
        self.push_with(file, report, Vec::new());
    }

    pub(crate) fn push_with(&mut self, file: usize, report: Report, elsewhere: Vec<Elsewhere>) {
        self.found.push(ProjectFinding { file, diagnostic: report.into_diagnostic(), elsewhere });
    }
}

/// What the rules say that look beyond one file, in the order of the files and of the places in them.
pub fn check_project(cx: &ProjectCx<'_>, selection: &Selection) -> Vec<ProjectFinding> {
    let mut sink = ProjectSink::default();
    let selected = || RULES.iter().enumerate().filter(|&(at, _)| selection.has(at)).map(|(_, rule)| rule.check);
    let of_imports: Vec<fn(&ImportCx<'_, '_>, &mut ProjectSink)> =
        selected().filter_map(|check| if let Check::Import(check) = check { Some(check) } else { None }).collect();
    if !of_imports.is_empty() {
        for file in 0..cx.files.len() {
            for import in ImportCx::of(cx, file) {
                for check in &of_imports {
                    check(&import, &mut sink);
                }
            }
        }
    }
    for check in selected() {
        if let Check::Project(check) | Check::FactsAndProject(_, check) = check {
            check(cx, &mut sink);
        }
    }
    let mut found = sink.found;
    found.sort_by(|a, b| {
        let key = |finding: &ProjectFinding| (finding.file, finding.diagnostic.span, finding.diagnostic.rule.code);
        key(a).cmp(&key(b))
    });
    found
}

/// Whether any rule that looks beyond one file speaks.
pub fn looks_at_project(selection: &Selection) -> bool {
    let beyond = |check: Check| matches!(check, Check::Import(_) | Check::Project(_) | Check::FactsAndProject(..));
    RULES.iter().enumerate().any(|(at, rule)| selection.has(at) && beyond(rule.check))
}

/// Removes findings about a file that a comment in it silences.
pub fn without_silenced(cx: &crate::FileCx<'_>, mut found: Vec<ProjectFinding>) -> Vec<ProjectFinding> {
    found.retain(|finding| {
        let mut one = vec![finding.diagnostic.clone()];
        crate::suppress::apply_only(cx, &mut one);
        !one.is_empty()
    });
    found
}
