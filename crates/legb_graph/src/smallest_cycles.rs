//! The smallest cycles of a component: for each of its arrows, the shortest way back.
//!
//! A component of thousands of nodes has more cycles than anyone can count; the smallest through each arrow are at most as
//! many as the arrows, and each of them is short.

use std::collections::BTreeSet;

use crate::digraph::{Digraph, Node};

/// The smallest cycles, at most `limit`, the shortest first and then by their nodes. Each begins with its smallest node, and the
/// last node leads back to the first.
///
/// `graph` is a component of its own: every node leads to every other.
pub fn smallest_cycles(graph: &Digraph, limit: usize) -> Vec<Vec<Node>> {
    let mut found: BTreeSet<(usize, Vec<Node>)> = BTreeSet::new();
    let mut search = Search::new(graph.node_count());
    for start in graph.nodes() {
        // A cycle through `start` longer than the longest that would be shown is not looked for.
        let longest = if found.len() < limit { usize::MAX } else { found.last().map_or(0, |(length, _)| *length) };
        search.through(graph, start, longest, |cycle| {
            found.insert((cycle.len(), cycle));
            if found.len() > limit {
                found.pop_last();
            }
        });
    }
    found.into_iter().map(|(_, cycle)| cycle).collect()
}

struct Search {
    /// The node from which each was reached in this round.
    before: Vec<Node>,
    /// In which round each was reached; a round is the search from one node.
    round: Vec<u32>,
    depth: Vec<u32>,
    queue: Vec<Node>,
    current: u32,
}

impl Search {
    fn new(nodes: usize) -> Self {
        Self { before: vec![0; nodes], round: vec![0; nodes], depth: vec![0; nodes], queue: Vec::new(), current: 0 }
    }

    /// For each arrow that leads to `start`, the shortest cycle through it if it has at most `longest` nodes.
    fn through(&mut self, graph: &Digraph, start: Node, longest: usize, mut found: impl FnMut(Vec<Node>)) {
        self.current += 1;
        self.queue.clear();
        self.reach(start, start, 0);
        let mut next = 0;
        while let Some(&node) = self.queue.get(next) {
            next += 1;
            let depth = self.depth[node as usize];
            if depth as usize >= longest {
                return;
            }
            for &target in graph.successors(node) {
                if target == start {
                    found(self.cycle(start, node));
                } else if self.round[target as usize] != self.current {
                    self.reach(target, node, depth + 1);
                }
            }
        }
    }

    fn reach(&mut self, node: Node, before: Node, depth: u32) {
        self.before[node as usize] = before;
        self.depth[node as usize] = depth;
        self.round[node as usize] = self.current;
        self.queue.push(node);
    }

    /// The way from `start` to `end`, turned so that the smallest node comes first.
    fn cycle(&self, start: Node, end: Node) -> Vec<Node> {
        let mut cycle = vec![end];
        let mut node = end;
        while node != start {
            node = self.before[node as usize];
            cycle.push(node);
        }
        cycle.reverse();
        let smallest = (0..cycle.len()).min_by_key(|&place| cycle[place]).unwrap_or(0);
        cycle.rotate_left(smallest);
        cycle
    }
}

#[cfg(test)]
mod tests {
    use super::smallest_cycles;
    use crate::components::Components;
    use crate::digraph::tests::random;
    use crate::digraph::{Digraph, Node};
    use crate::reach::shortest_path;
    use std::collections::BTreeSet;

    /// By another way: a search for each arrow.
    fn slowly(graph: &Digraph) -> BTreeSet<usize> {
        graph.arrows().filter_map(|(from, to)| Some(shortest_path(graph, &[to], &[from])?.len())).collect()
    }

    #[test]
    fn every_arrow_lies_on_a_cycle_as_short_as_its_shortest_way_back() {
        for seed in 0..200 {
            let graph = random(12, 30, seed);
            for members in Components::of(&graph).cyclic() {
                let (part, _) = graph.part(&members);
                let part = part.filtered(|arrow| part.arrows().nth(arrow).is_some_and(|(from, to)| from != to));
                let cycles = smallest_cycles(&part, usize::MAX);
                for cycle in &cycles {
                    let closed: Vec<Node> = cycle.iter().chain(&cycle[..1]).copied().collect();
                    assert!(closed.windows(2).all(|pair| part.arrow(pair[0], pair[1]).is_some()));
                    assert_eq!(cycle.iter().min(), cycle.first());
                    assert_eq!(cycle.iter().collect::<BTreeSet<_>>().len(), cycle.len());
                }
                assert!(cycles.is_sorted_by_key(|cycle| (cycle.len(), cycle.clone())));
                let lengths: BTreeSet<usize> = cycles.iter().map(Vec::len).collect();
                assert_eq!(lengths, slowly(&part), "seed {seed}");
                for limit in [1, 2, 5] {
                    let few = smallest_cycles(&part, limit);
                    assert_eq!(few.len(), limit.min(cycles.len()));
                    assert_eq!(few.first(), cycles.first());
                    assert!(few.iter().zip(&cycles).all(|(a, b)| a.len() == b.len()), "seed {seed}");
                }
            }
        }
    }

    #[test]
    fn all_pairs_of_a_clique_are_found() {
        let clique = Digraph::from_sorted(3, [(0, 1), (0, 2), (1, 0), (1, 2), (2, 0), (2, 1)]);
        assert_eq!(smallest_cycles(&clique, 10), [[0, 1], [0, 2], [1, 2]]);
        let ring = Digraph::from_sorted(3, [(0, 2), (1, 0), (2, 1)]);
        assert_eq!(smallest_cycles(&ring, 10), [[0, 2, 1]]);
    }
}
