//! The import cycles of a project: which modules import each other, in which smallest cycles, and which few imports to cut.
//!
//! Whether a cycle makes Python fail is not asked here.

use std::io;
use std::sync::Arc;

use legb_base::PyVersion;
use legb_project::{Outcome, Problem, SourceFile, load};
use rustc_hash::FxHashMap;

use crate::components::Components;
use crate::cut::cut;
use crate::digraph::Node;
use crate::ease::{Ease, Wanted, eases};
use crate::graph::{EdgeId, ImportGraph, ImportSite, module, node};
use crate::modules::{ModuleId, ModuleKind};
use crate::network::Network;
use crate::resolver::Resolver;
use crate::smallest_cycles::smallest_cycles;

/// Modules that import each other, directly or through others of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cycle {
    /// The modules, in the order of their names.
    pub modules: Vec<ModuleId>,
    /// The smallest cycles, the shortest first. Each module imports the next, the last imports the first.
    pub smallest: Vec<Vec<ModuleId>>,
    /// Whether there are more than were asked for.
    pub has_more: bool,
    /// Imports without which no cycle is left, the easiest to do without first.
    pub cut: Vec<CutImport>,
    /// Whether no fewer statements would do. Otherwise fewer may: the search was not exhaustive.
    pub cut_is_least: bool,
}

/// All imports of one module by another, as part of a cut.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CutImport {
    /// The importing module.
    pub from: ModuleId,
    /// The imported module.
    pub to: ModuleId,
    /// The statements.
    pub sites: Vec<ImportSite>,
    /// How easily the hardest of them can be moved or removed.
    pub ease: Ease,
}

/// Which imports count, and how much is told.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    /// Also imports in functions, under `if TYPE_CHECKING:` and lazy ones.
    pub all: bool,
    /// At most so many of the smallest cycles.
    pub limit: usize,
    /// The version that files are analysed for.
    pub version: PyVersion,
    /// Threads that analyse files.
    pub threads: usize,
}

/// The weight of an import statement in a cut; that of its ease is less, so that it only decides between cuts of the same size.
const STATEMENT: u64 = 1 << 20;

/// The groups of modules that import each other, in the order of their first modules, and files that could not be read. Only
/// groups with a module below the paths of the project.
pub fn cycles(network: &Network, asked: Asked) -> io::Result<(Vec<Cycle>, Vec<Problem>)> {
    let eager;
    let graph = if asked.all {
        &network.graph
    } else {
        eager = network.graph.eager();
        &eager
    };
    let groups: Vec<Vec<Node>> = Components::of(graph.arrows())
        .cyclic()
        .into_iter()
        .filter(|group| group.iter().any(|&member| network.project.reports(module(member))))
        .collect();
    let (eases, problems) = edge_eases(network, graph, &groups, asked)?;
    let found = groups.into_iter().map(|group| cycle(graph, group, &eases, asked.limit)).collect();
    Ok((found, problems))
}

/// How easily each edge can be done without; edges that are not there are hard.
type Eases = FxHashMap<EdgeId, Ease>;

fn cycle(graph: &ImportGraph, group: Vec<Node>, eases: &Eases, limit: usize) -> Cycle {
    let (part, edges) = graph.arrows().part(&group);
    let modules: Vec<ModuleId> = group.into_iter().map(module).collect();
    let edge = |arrow: usize| EdgeId::from_usize(edges[arrow] as usize);
    let ease = |arrow: usize| eases.get(&edge(arrow)).copied().unwrap_or(Ease::AtImport);
    let weights: Vec<u64> = (0..part.arrow_count())
        .map(|arrow| graph.sites(edge(arrow)).len() as u64 * STATEMENT + 2 * ease(arrow) as u64 + 1)
        .collect();
    let found = cut(&part, &weights);
    let ends: Vec<(Node, Node)> = part.arrows().collect();
    let mut cut: Vec<CutImport> = found
        .arrows
        .iter()
        .map(|&arrow| CutImport {
            from: modules[ends[arrow].0 as usize],
            to: modules[ends[arrow].1 as usize],
            sites: graph.sites(edge(arrow)).to_vec(),
            ease: ease(arrow),
        })
        .collect();
    cut.sort_by_key(|import| (import.ease, import.sites.len()));
    let named = |cycle: Vec<Node>| cycle.into_iter().map(|member| modules[member as usize]).collect();
    let mut smallest: Vec<_> = smallest_cycles(&part, limit.saturating_add(1)).into_iter().map(named).collect();
    let has_more = smallest.len() > limit;
    smallest.truncate(limit);
    Cycle { smallest, has_more, cut, cut_is_least: found.is_least, modules }
}

/// Analyses the files whose imports are part of a cycle.
fn edge_eases(
    network: &Network,
    graph: &ImportGraph,
    groups: &[Vec<Node>],
    asked: Asked,
) -> io::Result<(Eases, Vec<Problem>)> {
    let mut group_of: FxHashMap<Node, usize> = FxHashMap::default();
    for (index, group) in groups.iter().enumerate() {
        group_of.extend(group.iter().map(|&member| (member, index)));
    }
    let is_inside = |from: ModuleId, to: ModuleId| {
        let group = group_of.get(&node(from));
        group.is_some() && group == group_of.get(&node(to))
    };
    let table = &network.project.table;
    let mut wanted: FxHashMap<ModuleId, Vec<(EdgeId, Wanted)>> = FxHashMap::default();
    for (edge, from, to) in graph.edges().filter(|(_, from, to)| is_inside(*from, *to)) {
        for site in graph.sites(edge).iter().filter(|site| site.eager) {
            wanted.entry(from).or_default().push((edge, (to, site.line)));
        }
    }
    let mut importers: Vec<ModuleId> = wanted.keys().copied().filter(|id| table.file(*id).is_some()).collect();
    importers.sort_unstable();
    let files: Arc<[SourceFile]> = importers.iter().filter_map(|id| table.file(*id).cloned()).collect();
    let resolver = Resolver::new(Arc::clone(table), asked.version);
    let tasks: FxHashMap<std::path::PathBuf, (ModuleId, Vec<Wanted>)> = importers
        .iter()
        .zip(files.iter())
        .map(|(id, file)| (file.path().to_owned(), (*id, wanted[id].iter().map(|(_, wanted)| *wanted).collect())))
        .collect();
    let version = asked.version;
    let work = move |(): &mut (), file: &SourceFile, bytes: &[u8]| {
        let (importer, wanted) = tasks.get(file.path())?;
        Some(eases(&resolver, *importer, file, bytes, version, wanted))
    };
    let (mut found, mut problems) = (Eases::default(), Vec::new());
    for (id, outcome) in importers.iter().zip(load(&files, asked.threads, || (), work)?) {
        match outcome {
            Outcome::Done(answers) => {
                for ((edge, _), ease) in wanted[id].iter().zip(answers.into_iter().flatten()) {
                    let hardest = found.entry(*edge).or_insert(ease);
                    *hardest = ease.max(*hardest);
                }
            }
            Outcome::Unreadable(problem) => problems.push(problem),
            // The graph stands; how easily this file's imports could be moved stays unknown.
            Outcome::Panicked(_) => {}
        }
    }
    Ok((found, problems))
}

impl Cycle {
    /// The packages with most modules of the group, so many, with their numbers: the largest first, then by name. `depth` is how
    /// many parts of a name count.
    pub fn packages(&self, network: &Network, depth: usize) -> Vec<(String, usize)> {
        let mut counts: std::collections::BTreeMap<&str, usize> = std::collections::BTreeMap::new();
        for &id in &self.modules {
            let name = network.name(id);
            let name =
                if network.kind(id) == ModuleKind::Script { name } else { crate::counts::shortened(name, Some(depth)) };
            *counts.entry(name).or_default() += 1;
        }
        let mut counts: Vec<(String, usize)> =
            counts.into_iter().map(|(name, count)| (name.to_owned(), count)).collect();
        counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        counts
    }
}
