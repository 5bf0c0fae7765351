//! The part of an import graph that a question is about: filtered, grouped, turned round, with the names and lines to show.

mod select;

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::counts::shortened;
use crate::digraph::{Digraph, Node, number};
use crate::graph::ImportSite;
use crate::modules::{ModuleId, ModuleKind};
use crate::network::Network;

pub use select::{Filter, Unknown};

/// A module, or a group of modules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ViewNode {
    /// The dotted name.
    pub name: Box<str>,
    /// What it is made of; a group is what the module of its name is, or a namespace.
    pub kind: ModuleKind,
    /// The module of that name; a group need not have one.
    pub module: Option<ModuleId>,
    /// How many modules it stands for.
    pub size: usize,
}

/// An import that makes an arrow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ViewSite {
    /// The importing module.
    pub importer: ModuleId,
    /// Where in its file.
    pub site: ImportSite,
}

/// An import between two nodes.
type Row = (Node, Node, ViewSite);

/// Modules and who imports whom, in the order in which they are shown.
#[derive(Clone, Debug)]
pub struct View<'n> {
    network: &'n Network,
    /// The modules, sorted by name.
    pub nodes: Vec<ViewNode>,
    /// Who imports whom, or the other way round if the view is reversed.
    pub graph: Digraph,
    /// Where the sites of each arrow start in `sites`, and one more for the end of the last.
    offsets: Vec<u32>,
    sites: Vec<ViewSite>,
}

/// What goes into a view before anything is filtered.
#[derive(Clone, Copy, Debug, Default)]
pub struct Shape {
    /// Only imports that may run while a module is executed for the first time.
    pub eager_only: bool,
    /// The packages above imported modules as well.
    pub with_packages: bool,
    /// Modules whose names have the same first parts, so many, are one.
    pub group: Option<usize>,
    /// Arrows lead from a module to those that import it.
    pub reverse: bool,
    /// The imports of the whole project, not only those in files below the paths.
    pub whole_project: bool,
}

impl<'n> View<'n> {
    /// All of a network, in a shape.
    pub fn new(network: &'n Network, shape: Shape) -> Self {
        let Shape { eager_only, with_packages, group, reverse, whole_project } = shape;
        let packages;
        let graph = if with_packages {
            packages = network.graph.with_packages(network.table());
            &packages
        } else {
            &network.graph
        };
        let shows = |id: ModuleId| whole_project || network.project.reports(id);
        let mut is_shown = vec![false; graph.module_count()];
        for (id, _) in network.table().iter() {
            is_shown[id.index()] = shows(id);
        }
        let kept = || graph.imports().filter(|import| shows(import.from) && (import.site.eager || !eager_only));
        for import in kept() {
            is_shown[import.to.index()] = true;
        }
        let (nodes, place) = nodes(network, &is_shown, group);
        let mut rows: Vec<Row> = kept()
            .map(|import| {
                let (from, to) = (place[import.from.index()], place[import.to.index()]);
                let site = ViewSite { importer: import.from, site: import.site };
                if reverse { (to, from, site) } else { (from, to, site) }
            })
            .filter(|(from, to, _)| from != to)
            .collect();
        rows.sort_unstable();
        Self::assemble(network, nodes, rows)
    }

    /// A view of these nodes, sorted by name, and these imports, sorted.
    fn assemble(network: &'n Network, nodes: Vec<ViewNode>, rows: Vec<Row>) -> Self {
        let mut offsets = Vec::new();
        let mut arrows: Vec<(Node, Node)> = Vec::new();
        for (index, (from, to, _)) in rows.iter().enumerate() {
            if arrows.last() != Some(&(*from, *to)) {
                arrows.push((*from, *to));
                offsets.push(number(index));
            }
        }
        offsets.push(number(rows.len()));
        let graph = Digraph::from_sorted(nodes.len(), arrows);
        Self { network, nodes, graph, offsets, sites: rows.into_iter().map(|(_, _, site)| site).collect() }
    }

    /// A node.
    pub fn node(&self, node: Node) -> &ViewNode {
        &self.nodes[node as usize]
    }

    /// The node of a name.
    pub fn find(&self, name: &str) -> Option<Node> {
        self.nodes.binary_search_by(|node| (*node.name).cmp(name)).ok().map(number)
    }

    /// The path of a node's own file as it is printed.
    pub fn path(&self, node: Node) -> Option<Cow<'n, str>> {
        self.network.path(self.node(node).module?)
    }

    /// The imports that make an arrow, by importing module and line.
    pub fn sites(&self, arrow: usize) -> &[ViewSite] {
        &self.sites[self.offsets[arrow] as usize..self.offsets[arrow + 1] as usize]
    }

    /// The file of an import as it is printed.
    pub fn site_path(&self, site: &ViewSite) -> Cow<'n, str> {
        self.network.path(site.importer).unwrap_or_default()
    }

    /// All imports.
    pub fn all_sites(&self) -> &[ViewSite] {
        &self.sites
    }

    /// The view of those nodes and arrows for which the marks say so; an arrow needs both of its nodes.
    fn kept(&self, nodes: &[bool], arrows: impl Fn(usize) -> bool) -> Self {
        let mut place = vec![0; self.nodes.len()];
        let mut kept = Vec::new();
        for (index, node) in self.nodes.iter().enumerate().filter(|(index, _)| nodes[*index]) {
            place[index] = number(kept.len());
            kept.push(node.clone());
        }
        let mut rows = Vec::new();
        for (arrow, (from, to)) in self.graph.arrows().enumerate() {
            if nodes[from as usize] && nodes[to as usize] && arrows(arrow) {
                let sites = self.sites(arrow).iter();
                rows.extend(sites.map(|&site| (place[from as usize], place[to as usize], site)));
            }
        }
        Self::assemble(self.network, kept, rows)
    }
}

/// The nodes of the modules that are shown, sorted by name, and the node of each module.
fn nodes(network: &Network, is_shown: &[bool], group: Option<usize>) -> (Vec<ViewNode>, Vec<Node>) {
    let ids = || (0..is_shown.len()).filter(|&id| is_shown[id]).map(ModuleId::from_usize);
    let group_of = |id: ModuleId| match network.kind(id) {
        ModuleKind::Script => network.name(id),
        _ => shortened(network.name(id), group),
    };
    let mut groups: BTreeMap<&str, ViewNode> = BTreeMap::new();
    for id in ids() {
        let name = group_of(id);
        let node = groups.entry(name).or_insert_with(|| {
            let module = network.table().find(name);
            let kind = module.map_or(ModuleKind::Namespace, |module| network.kind(module));
            ViewNode { name: name.into(), kind, module, size: 0 }
        });
        node.size += 1;
        if network.name(id) == name {
            (node.kind, node.module) = (network.kind(id), Some(id));
        }
    }
    let numbers: BTreeMap<&str, Node> = groups.keys().zip(0..).map(|(name, node)| (*name, node)).collect();
    let mut place = vec![Node::MAX; is_shown.len()];
    for id in ids() {
        place[id.index()] = numbers[group_of(id)];
    }
    (groups.into_values().collect(), place)
}
