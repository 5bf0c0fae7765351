//! Which nodes of a view does a question ask for?

use std::fmt;
use std::path::Path;

use super::View;
use crate::digraph::{Digraph, Node};
use crate::reach::{UNREACHED, distances, shortest_path};

/// What to keep of a view. Names are those of modules, `name.*` for a package with all that is below it, or paths of files.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Only what is in one of these packages.
    pub packages: Vec<String>,
    /// Only what can be reached from one of these modules.
    pub from: Vec<String>,
    /// Only what leads to one of these modules.
    pub to: Vec<String>,
    /// At most so many arrows from `from`, or to `to`; without both, from the modules that no arrow leads to.
    pub depth: Option<u32>,
}

/// A name that no module has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    name: String,
    nearest: Option<String>,
}

impl fmt::Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "there is no module `{}` in this graph", self.name)?;
        match &self.nearest {
            Some(nearest) => write!(f, "; did you mean `{nearest}`?"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Unknown {}

impl View<'_> {
    /// The part of the view that a filter keeps.
    pub fn filtered(self, filter: &Filter) -> Result<Self, Unknown> {
        let mut view = self;
        if !filter.packages.is_empty() {
            let mut marks = vec![false; view.nodes.len()];
            for name in &filter.packages {
                let below = format!("{}.*", name.trim_end_matches(".*"));
                for node in view.named(&below)? {
                    marks[node as usize] = true;
                }
            }
            view = view.kept(&marks, |_| true);
        }
        let (from, to) = (view.all_named(&filter.from)?, view.all_named(&filter.to)?);
        if from.is_empty() && to.is_empty() && filter.depth.is_none() {
            return Ok(view);
        }
        let starts = if from.is_empty() && to.is_empty() { view.tops() } else { from };
        let forward = steps(&view.graph, &starts, filter.depth);
        let backward = steps(&view.graph.reversed().0, &to, filter.depth);
        let marks: Vec<bool> =
            forward.iter().zip(&backward).map(|(from, to)| *from != UNREACHED && *to != UNREACHED).collect();
        let ends: Vec<(Node, Node)> = view.graph.arrows().collect();
        let depth = filter.depth.unwrap_or(UNREACHED);
        let view = view.kept(&marks, |arrow| {
            let (from, to) = ends[arrow];
            forward[from as usize] < depth && backward[to as usize] < depth
        });
        Ok(view)
    }

    /// The modules of a shortest chain of arrows from one module to another, if there is one, and the view of that chain alone.
    pub fn chain(&self, from: &str, to: &str) -> Result<Option<(Vec<Node>, Self)>, Unknown> {
        let (starts, ends) = (self.named(from)?, self.named(to)?);
        let Some(way) = shortest_path(&self.graph, &starts, &ends) else { return Ok(None) };
        let mut marks = vec![false; self.nodes.len()];
        for &node in &way {
            marks[node as usize] = true;
        }
        let arrows: Vec<usize> = way.windows(2).filter_map(|pair| self.graph.arrow(pair[0], pair[1])).collect();
        let chain = self.kept(&marks, |arrow| arrows.contains(&arrow));
        let way = way.iter().filter_map(|&node| chain.find(&self.node(node).name)).collect();
        Ok(Some((way, chain)))
    }

    /// Nodes from which all others can be reached: those that no arrow leads to, and the first of each cycle that nothing
    /// else leads to.
    pub fn tops(&self) -> Vec<Node> {
        let components = crate::components::Components::of(&self.graph);
        let mut is_reached = vec![false; components.count()];
        for (from, to) in self.graph.arrows() {
            let (from, to) = (components.component(from), components.component(to));
            is_reached[to as usize] |= from != to;
        }
        let mut tops = Vec::new();
        for node in self.graph.nodes() {
            let taken = &mut is_reached[components.component(node) as usize];
            if !*taken {
                *taken = true;
                tops.push(node);
            }
        }
        tops
    }

    /// The nodes that a filter starts from.
    pub fn starts(&self, filter: &Filter) -> Result<Vec<Node>, Unknown> {
        self.all_named(&filter.from)
    }

    /// The view without anything.
    #[must_use]
    pub fn none(&self) -> Self {
        self.kept(&vec![false; self.nodes.len()], |_| false)
    }

    fn all_named(&self, names: &[String]) -> Result<Vec<Node>, Unknown> {
        let mut found = Vec::new();
        for name in names {
            found.extend(self.named(name)?);
        }
        Ok(found)
    }

    /// The nodes that a name of the command line stands for.
    fn named(&self, name: &str) -> Result<Vec<Node>, Unknown> {
        let (package, with_below) = name.strip_suffix(".*").map_or((name, false), |package| (package, true));
        let prefix = format!("{package}.");
        let is_it = |node: &Node| {
            let known = &*self.node(*node).name;
            known == package || with_below && known.starts_with(&prefix)
        };
        let mut found: Vec<Node> = self.graph.nodes().filter(is_it).collect();
        if found.is_empty()
            && let Some(module) = self.network.table().of_path(Path::new(name.trim_start_matches("./")))
        {
            found.extend(self.graph.nodes().filter(|node| self.node(*node).module == Some(module)));
        }
        if found.is_empty() {
            Err(Unknown { name: package.to_owned(), nearest: self.nearest(package) })
        } else {
            Ok(found)
        }
    }

    /// The name that is written most like `unknown`, if one is written much like it.
    fn nearest(&self, unknown: &str) -> Option<String> {
        crate::modules::nearest(unknown, self.nodes.iter().map(|node| &*node.name)).map(str::to_owned)
    }
}

/// How far each node is; where there is nothing to start from, all are at hand.
fn steps(graph: &Digraph, starts: &[Node], depth: Option<u32>) -> Vec<u32> {
    if starts.is_empty() { vec![0; graph.node_count()] } else { distances(graph, starts, depth) }
}
