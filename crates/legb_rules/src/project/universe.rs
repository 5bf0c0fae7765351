//! All files of the project, with what they import: who imports a module, and which modules does a module load?
//!
//! Made only when a rule has something to report that depends on it. The files that are reported have summaries already, the
//! others are read by the scanner of imports.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use legb_project::{Discovery, ImportScratch, discover, file_imports};
use legb_resolve::fs::EntryKind;
use legb_resolve::{ImportRoot, Kind, ModuleName, Resolution, RootOrigin, Why, resolve_relative};
use legb_scope::{ImportFlags, SiteFlags};
use legb_syntax::SourceKind;
use rustc_hash::{FxHashMap, FxHashSet};

use super::ProjectCx;

/// All files of the project.
#[derive(Default)]
pub(crate) struct Universe {
    /// The files, sorted by path.
    pub(crate) files: Vec<UniverseFile>,
    /// The names of all modules that are loaded, by number.
    names: Vec<Box<str>>,
    numbers: FxHashMap<Box<str>, u32>,
    /// By module, the file that it lies in.
    file_of: FxHashMap<u32, usize>,
    /// By module, the files that load it.
    importers: Vec<Vec<u32>>,
    /// By top-level package: its modules that are imported and missing, and the files that import them.
    missing: FxHashMap<String, (FxHashSet<String>, FxHashSet<usize>)>,
}

/// A file, and the modules that its imports load.
pub(crate) struct UniverseFile {
    pub(crate) path: PathBuf,
    pub(crate) module: Option<ModuleName>,
    /// The modules that are loaded, parents and submodules taken by `from` included, and when that happens.
    loads: Vec<(u32, When)>,
}

/// The modules that are loaded while a file is imported.
pub(crate) struct Loaded<'u> {
    universe: &'u Universe,
    modules: FxHashSet<u32>,
}

impl<'u> Loaded<'u> {
    /// Whether a module is among them.
    pub(crate) fn contains(&self, module: &str) -> bool {
        self.universe.numbers.get(module).is_some_and(|number| self.modules.contains(number))
    }

    /// Whether something holds for all of them.
    pub(crate) fn all(&self, holds: impl Fn(&'u str) -> bool) -> bool {
        let mut numbers = 0..self.universe.names.len();
        numbers.all(|at| {
            let is_loaded = u32::try_from(at).is_ok_and(|number| self.modules.contains(&number));
            !is_loaded || holds(&self.universe.names[at])
        })
    }
}

/// When a module is loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum When {
    /// Later: by a function, or lazily.
    Later,
    /// While the file is imported, if a condition holds.
    Perhaps,
    /// While the file is imported.
    Always,
}

impl When {
    fn of(at_import: bool, flags: ImportFlags) -> Self {
        if !at_import || flags.contains(ImportFlags::LAZY) {
            Self::Later
        } else if flags.contains(ImportFlags::CONDITIONAL) {
            Self::Perhaps
        } else {
            Self::Always
        }
    }
}

/// One import of a file, as far as it is needed here.
struct Row<'t> {
    module: &'t str,
    name: Option<&'t str>,
    level: u32,
    when: When,
    guarded: bool,
}

/// A tree lacks parts if so many of its modules are missing …
const MISSING_MODULES: usize = 5;
/// … in so many files: a slip of the pen is made in one or two.
const MISSING_FILES: usize = 5;

impl Universe {
    pub(super) fn read(cx: &ProjectCx<'_>) -> Self {
        let mut universe = Self::default();
        let mut scratch = ImportScratch::default();
        for path in paths(cx) {
            universe.add(cx, path, &mut scratch);
        }
        universe
    }

    fn add(&mut self, cx: &ProjectCx<'_>, path: PathBuf, scratch: &mut ImportScratch) {
        let suffixes = &cx.around.finder.environment().suffixes;
        let module = cx.around.roots.module_name(&path, suffixes);
        let mut file = UniverseFile { path, module, loads: Vec::new() };
        let mut loads = Vec::new();
        if let Some(&at) = cx.by_path.get(file.path.as_path()) {
            let Some(summary) = cx.files[at].summary else { return };
            for site in summary.imports.iter().filter(|site| !site.site.contains(SiteFlags::NOT_RUN)) {
                let row = Row {
                    module: site.module.map_or("", |id| summary.text(id)),
                    name: site.name.map(|id| summary.text(id)),
                    level: site.level,
                    when: When::of(site.site.contains(SiteFlags::AT_IMPORT), site.flags),
                    guarded: site.site.contains(SiteFlags::GUARDED),
                };
                self.load(cx, &file, &row, &mut loads);
            }
        } else {
            let bytes = cx.around.fs.read(&file.path).unwrap_or_default();
            let (imports, _) = file_imports(&bytes, SourceKind::Python, cx.around.dialect, scratch);
            for row in imports.rows.iter().filter(|row| !row.flags.contains(ImportFlags::TYPE_CHECKING)) {
                let row = Row {
                    module: row.module.map_or("", |id| imports.names.text(id)),
                    name: row.name.map(|id| imports.names.text(id)),
                    level: row.level,
                    when: When::of(!row.flags.contains(ImportFlags::IN_FUNCTION), row.flags),
                    guarded: row.flags.contains(ImportFlags::IN_TRY),
                };
                self.load(cx, &file, &row, &mut loads);
            }
        }
        // Of several times the earliest counts.
        loads.sort_unstable_by_key(|&(module, when)| (module, std::cmp::Reverse(when)));
        loads.dedup_by_key(|(module, _)| *module);
        let at = self.files.len();
        for &(module, _) in &loads {
            self.importers[module as usize].push(u32::try_from(at).unwrap_or(u32::MAX));
        }
        file.loads = loads;
        if let Some(module) = &file.module {
            let number = self.number(&module.name);
            self.file_of.insert(number, at);
        }
        self.files.push(file);
    }

    /// The number of a module.
    fn number(&mut self, module: &str) -> u32 {
        if let Some(&known) = self.numbers.get(module) {
            return known;
        }
        let number = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        self.names.push(module.into());
        self.numbers.insert(module.into(), number);
        self.importers.push(Vec::new());
        number
    }

    /// Notes the modules that an import loads, and the one that is missing.
    fn load(&mut self, cx: &ProjectCx<'_>, file: &UniverseFile, row: &Row<'_>, loads: &mut Vec<(u32, When)>) {
        let package = file.module.as_ref().map(ModuleName::package);
        let name = match (row.level, package) {
            (0, _) => row.module.to_owned(),
            (level, Some(package)) => match resolve_relative(package, level, row.module, cx.around.dialect) {
                Ok(name) => name,
                Err(_) => return,
            },
            (_, None) => return,
        };
        let resolution = cx.resolve(&name, &file.path);
        self.note_missing(&resolution, row.guarded);
        if let Some(member) = row.name.filter(|name| *name != "*")
            && resolution.is_package
            && let submodule = format!("{name}.{member}")
            && cx.resolve(&submodule, &file.path).kind.is_found()
        {
            loads.push((self.number(&submodule), row.when));
        }
        let ends = name.match_indices('.').map(|(at, _)| at).chain([name.len()]);
        for end in ends {
            loads.push((self.number(&name[..end]), row.when));
        }
    }

    fn note_missing(&mut self, resolution: &Arc<Resolution>, guarded: bool) {
        if resolution.kind == Kind::Missing
            && !guarded
            && let Why::Missing { name, .. } = &resolution.why
            && let Some((top, _)) = name.split_once('.')
        {
            let (modules, files) = self.missing.entry(top.to_owned()).or_default();
            modules.insert(name.clone());
            files.insert(self.files.len());
        }
    }

    /// Whether so much of a package is missing that it looks like a tree which is still to be built.
    pub(crate) fn is_incomplete(&self, top: &str) -> bool {
        self.missing
            .get(top)
            .is_some_and(|(modules, files)| modules.len() >= MISSING_MODULES && files.len() >= MISSING_FILES)
    }

    /// Every module that is loaded while a file is imported, by itself and by those that it loads. What stands under conditions
    /// counts, but for the first file's own.
    pub(crate) fn loaded_by(&self, path: &Path) -> Loaded<'_> {
        let mut modules = FxHashSet::default();
        let at = self.files.binary_search_by(|file| file.path.as_path().cmp(path));
        let mut open: Vec<&UniverseFile> = at.ok().map(|at| &self.files[at]).into_iter().collect();
        let mut is_first = true;
        while let Some(file) = open.pop() {
            let wanted = if std::mem::take(&mut is_first) { When::Always } else { When::Perhaps };
            for &(module, when) in &file.loads {
                if when >= wanted && modules.insert(module) {
                    open.extend(self.file_of.get(&module).map(|&at| &self.files[at]));
                }
            }
        }
        Loaded { universe: self, modules }
    }

    /// The files that load a module, at whatever time, sorted by path.
    pub(crate) fn importers<'u>(&'u self, module: &str) -> impl Iterator<Item = &'u UniverseFile> + use<'u> {
        let files = self.numbers.get(module).map(|&number| self.importers[number as usize].as_slice());
        files.unwrap_or_default().iter().map(|&at| &self.files[at as usize])
    }

    /// Whether a file loads a module, at whatever time.
    pub(crate) fn loads(&self, file: &UniverseFile, module: &str) -> bool {
        let is_it = |number: &u32| file.loads.binary_search_by_key(number, |&(loaded, _)| loaded).is_ok();
        self.numbers.get(module).is_some_and(is_it)
    }
}

/// The folders and files below a root that belong to the project: all, or, where nothing says that there is a project, the
/// packages of the files that are reported and the modules beside them.
fn searched(cx: &ProjectCx<'_>, root: &ImportRoot) -> Vec<PathBuf> {
    if root.origin != RootOrigin::AroundPath {
        return vec![root.path.clone()];
    }
    let inside = cx.files.iter().filter_map(|file| file.path.strip_prefix(&root.path).ok());
    let mut tops: Vec<PathBuf> = inside.filter_map(|path| Some(root.path.join(path.components().next()?))).collect();
    tops.sort();
    tops.dedup();
    if tops.iter().any(|top| top.is_file()) {
        return vec![root.path.clone()];
    }
    let beside = cx.around.fs.listing(&root.path).names().into_iter();
    let modules = beside
        .filter(|(name, kind)| *kind == EntryKind::File && Path::new(name).extension().is_some_and(|end| end == "py"));
    tops.extend(modules.map(|(name, _)| root.path.join(name)));
    tops
}

/// The files of the project, sorted, with those that are reported.
fn paths(cx: &ProjectCx<'_>) -> Vec<PathBuf> {
    let roots: Vec<PathBuf> = cx.around.roots.iter().flat_map(|root| searched(cx, root)).collect();
    let discovery = Discovery { exclusion: cx.around.exclusion, force_exclude: false, threads: 0 };
    let found = discover(&roots, &discovery).files;
    let absolute = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut paths: Vec<PathBuf> = found.iter().map(|file| absolute(file.path())).collect();
    paths.extend(cx.files.iter().map(|file| file.path.to_owned()));
    paths.retain(|path| path.extension().is_none_or(|end| end != "pyi"));
    paths.sort();
    paths.dedup();
    paths
}
