//! Which programs may enter an import cycle: every module of it, and the entry points of the project that reach it.

use std::path::{Path, PathBuf};

use legb_eval::Entry;
use legb_graph::{Cycle, ImportGraph, ModuleId, ModuleKind, Network};
use legb_query::EntryPoint;
use legb_resolve::RootOrigin;
use rustc_hash::{FxHashMap, FxHashSet};

use super::Start;
use crate::evaluation::World;

/// So many entry points of the project are run for a group.
const POINTS: usize = 20;
/// So many are run for all groups together.
const ALL_POINTS: usize = 200;
/// So many files of a group are searched for a main guard.
const SEARCHED: usize = 500;

/// The programs of a project.
pub(crate) struct Programs<'a> {
    network: &'a Network,
    world: &'a World,
    points: &'a [EntryPoint],
    here: &'a Path,
    guards: FxHashMap<ModuleId, bool>,
    /// How many entry points may still be run.
    left: usize,
}

/// What kind of entry point a module is, from the likeliest way into the project to the least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Main,
    Script,
    Test,
}

impl<'a> Programs<'a> {
    /// The programs of a project with these entry points, seen from a working directory.
    pub(crate) fn new(network: &'a Network, world: &'a World, points: &'a [EntryPoint], here: &'a Path) -> Self {
        Self { network, world, points, here, guards: FxHashMap::default(), left: ALL_POINTS }
    }

    /// The programs for a group, and how many were left out. `graph`: the imports that count.
    pub(crate) fn of(&mut self, cycle: &Cycle, graph: &ImportGraph) -> (Vec<Start>, usize) {
        let mut starts: Vec<Start> = cycle.modules.iter().filter_map(|&id| self.module(id)).collect();
        let reaching = reaching(graph, &cycle.modules);
        let mut points = self.declared(&reaching);
        let mut files: Vec<(Kind, ModuleId)> = Vec::new();
        let mut searched = 0;
        for &id in &reaching {
            if let Some(kind) = self.kind(id, &mut searched) {
                files.push((kind, id));
            }
        }
        files.sort_unstable();
        let told = |start: &Start| starts.iter().any(|known| known.entry == start.entry);
        points.extend(files.into_iter().filter_map(|(kind, id)| self.point(kind, id)).filter(|start| !told(start)));
        let kept = points.len().min(POINTS).min(self.left);
        self.left -= kept;
        let left_out = points.len() - kept;
        starts.extend(points.into_iter().take(kept));
        (starts, left_out)
    }

    fn path(&self, id: ModuleId) -> Option<PathBuf> {
        Some(self.here.join(self.network.table().file(id)?.path()))
    }

    /// A module, imported by a program that begins with it.
    fn module(&self, id: ModuleId) -> Option<Start> {
        let path = self.path(id)?;
        let shown = self.network.name(id).to_owned();
        if self.network.kind(id) == ModuleKind::Script {
            return Some(Start { shown, entry: Entry::Script(path.to_string_lossy().into_owned()) });
        }
        let root = self.start_folder(&path);
        Some(Start { entry: Entry::Imports { names: vec![shown.clone()], root }, shown })
    }

    /// The folder of the project around a file: where somebody would start Python.
    fn start_folder(&self, path: &Path) -> String {
        let roots = || self.world.roots.iter().filter(|root| path.starts_with(&root.path));
        let depth = |root: &&legb_resolve::ImportRoot| root.path.components().count();
        let is_plain = |origin: &RootOrigin| matches!(origin, RootOrigin::Flat { .. } | RootOrigin::AroundPath);
        let own = roots().max_by_key(depth).filter(|root| is_plain(&root.origin));
        let around = own.or_else(|| roots().filter(|root| is_plain(&root.origin)).max_by_key(depth));
        around.map_or(self.here, |root| &root.path).to_string_lossy().into_owned()
    }

    /// The entry points that the project declares.
    fn declared(&self, reaching: &[ModuleId]) -> Vec<Start> {
        let table = self.network.table();
        let mut found: Vec<Start> = Vec::new();
        for point in self.points {
            let Some(id) = table.find(&point.module).filter(|id| reaching.contains(id)) else { continue };
            let Some(Start { entry, .. }) = self.module(id) else { continue };
            let shown = match &point.object {
                Some(object) => format!("{}:{object}", point.module),
                None => point.module.clone(),
            };
            if found.iter().all(|known| known.shown != shown) {
                found.push(Start { shown, entry });
            }
        }
        found
    }

    fn kind(&mut self, id: ModuleId, searched: &mut usize) -> Option<Kind> {
        let tail = self.network.table().get(id).tail();
        let stem = tail.rsplit('/').next().unwrap_or(tail).trim_end_matches(".py");
        if stem == "__main__" {
            return Some(Kind::Main);
        }
        if stem.starts_with("test_") || stem.ends_with("_test") || stem == "conftest" {
            return Some(Kind::Test);
        }
        if !self.guards.contains_key(&id) {
            if *searched == SEARCHED {
                return None;
            }
            *searched += 1;
            let bytes = self.path(id).and_then(|path| std::fs::read(path).ok()).unwrap_or_default();
            let text = String::from_utf8_lossy(&bytes);
            let guard = text.contains("__main__") && text.contains("__name__");
            self.guards.insert(id, guard);
        }
        self.guards[&id].then_some(Kind::Script)
    }

    fn point(&self, kind: Kind, id: ModuleId) -> Option<Start> {
        let path = self.path(id)?;
        let module = self.network.table().get(id);
        let name = self.network.name(id);
        let in_package = module.parent.is_some_and(|parent| self.network.kind(parent) == ModuleKind::Package);
        let shown_path = self.network.path(id)?.into_owned();
        let root = self.start_folder(&path);
        Some(match kind {
            Kind::Test => {
                // pytest puts the folder around the packages of a test first, and imports it from there.
                let top = name.split('.').count();
                let around = path.ancestors().nth(if in_package { top } else { 1 });
                let names = vec![if in_package { name.to_owned() } else { module.tail().to_owned() }];
                if module.kind == ModuleKind::Script {
                    return None;
                }
                let root = around.map_or(root, |around| around.to_string_lossy().into_owned());
                Start { shown: shown_path, entry: Entry::Imports { names, root } }
            }
            Kind::Main | Kind::Script if in_package => {
                let name = name.strip_suffix(".__main__").unwrap_or(name).to_owned();
                Start { shown: format!("-m {name}"), entry: Entry::Module { name, root } }
            }
            Kind::Main | Kind::Script => {
                Start { shown: shown_path, entry: Entry::Script(path.to_string_lossy().into_owned()) }
            }
        })
    }
}

/// The modules from which imports lead to some of a group, these included, in the order of their names.
fn reaching(graph: &ImportGraph, group: &[ModuleId]) -> Vec<ModuleId> {
    let mut seen: FxHashSet<ModuleId> = group.iter().copied().collect();
    let mut open: Vec<ModuleId> = group.to_vec();
    while let Some(id) = open.pop() {
        open.extend(graph.importers_of(id).map(|(_, importer)| importer).filter(|importer| seen.insert(*importer)));
    }
    let mut found: Vec<ModuleId> = seen.into_iter().collect();
    found.sort_unstable();
    found
}
