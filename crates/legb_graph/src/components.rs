//! Which nodes lead to each other: strongly connected components, by Tarjan's algorithm (SIAM J. Comput. 1, 1972).
//!
//! The algorithm keeps its own stack, so that a chain of a million imports overflows nothing.

use crate::digraph::{Digraph, Node};

/// The component of every node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Components {
    of: Vec<u32>,
    count: u32,
}

/// A node that Tarjan's algorithm has not met.
const UNSEEN: u32 = u32::MAX;

impl Components {
    /// The components of a graph.
    pub fn of(graph: &Digraph) -> Self {
        let nodes = graph.node_count();
        let mut search = Search {
            graph,
            order: vec![UNSEEN; nodes],
            low: vec![0; nodes],
            of: vec![UNSEEN; nodes],
            ..Search::new(graph)
        };
        for node in graph.nodes() {
            if search.order[node as usize] == UNSEEN {
                search.run(node);
            }
        }
        Self { of: search.of, count: search.components }
    }

    /// The number of the component of a node. An arrow between components leads to one of a smaller number.
    pub fn component(&self, node: Node) -> u32 {
        self.of[node as usize]
    }

    /// How many components there are, those of one node included.
    pub fn count(&self) -> usize {
        self.count as usize
    }

    /// The components of more than one node: each sorted, in the order of their first nodes.
    pub fn cyclic(&self) -> Vec<Vec<Node>> {
        let mut sizes = vec![0u32; self.count()];
        for &component in &self.of {
            sizes[component as usize] += 1;
        }
        let mut groups: Vec<Vec<Node>> = Vec::new();
        let mut places = vec![UNSEEN; self.count()];
        for (node, &component) in (0..).zip(&self.of) {
            if sizes[component as usize] < 2 {
                continue;
            }
            let place = &mut places[component as usize];
            if *place == UNSEEN {
                *place = crate::digraph::number(groups.len());
                groups.push(Vec::new());
            }
            groups[*place as usize].push(node);
        }
        groups
    }
}

struct Search<'a> {
    graph: &'a Digraph,
    /// When each node was met.
    order: Vec<u32>,
    /// The earliest node on the stack that each node is known to lead to, by `order`.
    low: Vec<u32>,
    of: Vec<u32>,
    components: u32,
    met: u32,
    /// Nodes whose component is not known yet.
    open: Vec<Node>,
    /// Nodes being looked at, and the arrow of each to follow next.
    calls: Vec<(Node, usize)>,
}

impl<'a> Search<'a> {
    fn new(graph: &'a Digraph) -> Self {
        Self {
            graph,
            order: Vec::new(),
            low: Vec::new(),
            of: Vec::new(),
            components: 0,
            met: 0,
            open: Vec::new(),
            calls: Vec::new(),
        }
    }

    fn run(&mut self, root: Node) {
        self.enter(root);
        while let Some((node, arrow)) = self.calls.last_mut() {
            let node = *node;
            if *arrow < self.graph.arrows_of(node).end {
                let target = self.graph.target(*arrow);
                *arrow += 1;
                if self.order[target as usize] == UNSEEN {
                    self.enter(target);
                } else if self.of[target as usize] == UNSEEN {
                    self.lower(node, self.order[target as usize]);
                }
            } else {
                self.calls.pop();
                self.leave(node);
            }
        }
    }

    fn enter(&mut self, node: Node) {
        self.order[node as usize] = self.met;
        self.low[node as usize] = self.met;
        self.met += 1;
        self.open.push(node);
        self.calls.push((node, self.graph.arrows_of(node).start));
    }

    fn leave(&mut self, node: Node) {
        let low = self.low[node as usize];
        if low == self.order[node as usize] {
            while let Some(member) = self.open.pop() {
                self.of[member as usize] = self.components;
                if member == node {
                    break;
                }
            }
            self.components += 1;
        }
        if let Some(&(caller, _)) = self.calls.last() {
            self.lower(caller, low);
        }
    }

    fn lower(&mut self, node: Node, order: u32) {
        let low = &mut self.low[node as usize];
        *low = order.min(*low);
    }
}

#[cfg(test)]
mod tests {
    use super::Components;
    use crate::digraph::tests::random;
    use crate::digraph::{Digraph, Node};
    use petgraph::algo::tarjan_scc;
    use petgraph::graph::DiGraph;

    fn by_petgraph(graph: &Digraph) -> Vec<Vec<Node>> {
        let mut other = DiGraph::<(), ()>::with_capacity(graph.node_count(), graph.arrow_count());
        let nodes: Vec<_> = graph.nodes().map(|_| other.add_node(())).collect();
        for (from, to) in graph.arrows() {
            other.add_edge(nodes[from as usize], nodes[to as usize], ());
        }
        let mut groups: Vec<Vec<Node>> = tarjan_scc(&other)
            .into_iter()
            .filter(|group| group.len() > 1)
            .map(|group| {
                let mut group: Vec<Node> = group.into_iter().map(|node| crate::digraph::number(node.index())).collect();
                group.sort_unstable();
                group
            })
            .collect();
        groups.sort_unstable();
        groups
    }

    #[test]
    fn components_are_those_that_petgraph_finds() {
        for seed in 0..400 {
            let nodes = 1 + u32::try_from(seed).unwrap() % 40;
            let graph = random(nodes, nodes as usize * (1 + usize::try_from(seed).unwrap() % 4), seed);
            let components = Components::of(&graph);
            assert_eq!(components.cyclic(), by_petgraph(&graph), "seed {seed}");
            for (from, to) in graph.arrows() {
                assert!(components.component(to) <= components.component(from), "seed {seed}");
            }
        }
    }

    #[test]
    fn a_long_chain_overflows_nothing() {
        let length = 1_000_000;
        let chain = (0..length - 1).map(|node| (node, node + 1)).chain([(length - 1, 0)]);
        let components = Components::of(&Digraph::from_sorted(length as usize, chain));
        assert_eq!((components.count(), components.cyclic()[0].len()), (1, length as usize));
    }
}
