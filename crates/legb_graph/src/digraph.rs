//! Arrows between numbered nodes, in two flat vectors, never changed once built.
//!
//! Knows nothing of modules. Nodes are numbers below [`Digraph::node_count`], arrows are numbered in the order of the node
//! they start from, then of the node they lead to. There is at most one arrow from one node to another.

use std::ops::Range;

/// A number of a node.
pub type Node = u32;

/// Which nodes lead to which.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Digraph {
    /// Where the arrows of each node start in `targets`, and one more for the end of the last.
    offsets: Vec<u32>,
    targets: Vec<Node>,
}

impl Digraph {
    /// The graph of these arrows, which must be sorted and all different, between nodes below `nodes`.
    pub fn from_sorted(nodes: usize, arrows: impl IntoIterator<Item = (Node, Node)>) -> Self {
        let mut offsets = Vec::with_capacity(nodes + 1);
        let mut targets = Vec::new();
        let mut last = None;
        for arrow in arrows {
            debug_assert!(last < Some(arrow), "invariant: arrows are sorted and all different");
            last = Some(arrow);
            while offsets.len() <= arrow.0 as usize {
                offsets.push(number(targets.len()));
            }
            targets.push(arrow.1);
        }
        offsets.resize(nodes + 1, number(targets.len()));
        Self { offsets, targets }
    }

    /// How many nodes there are.
    pub fn node_count(&self) -> usize {
        self.offsets.len().saturating_sub(1)
    }

    /// How many arrows there are.
    pub fn arrow_count(&self) -> usize {
        self.targets.len()
    }

    /// The nodes that `node` leads to, in order.
    pub fn successors(&self, node: Node) -> &[Node] {
        &self.targets[self.arrows_of(node)]
    }

    /// The numbers of the arrows that start from `node`.
    pub fn arrows_of(&self, node: Node) -> Range<usize> {
        self.offsets[node as usize] as usize..self.offsets[node as usize + 1] as usize
    }

    /// The node that an arrow leads to.
    pub fn target(&self, arrow: usize) -> Node {
        self.targets[arrow]
    }

    /// The number of the arrow from one node to another.
    pub fn arrow(&self, from: Node, to: Node) -> Option<usize> {
        let arrows = self.arrows_of(from);
        self.targets[arrows.clone()].binary_search(&to).ok().map(|position| arrows.start + position)
    }

    /// All arrows, in order.
    pub fn arrows(&self) -> impl Iterator<Item = (Node, Node)> + '_ {
        self.nodes().flat_map(move |from| self.successors(from).iter().map(move |&to| (from, to)))
    }

    /// All nodes, in order.
    pub fn nodes(&self) -> Range<Node> {
        0..number(self.node_count())
    }

    /// The graph with every arrow turned round, and for each of its arrows the number that it has here.
    pub fn reversed(&self) -> (Self, Vec<u32>) {
        let mut offsets = vec![0u32; self.node_count() + 1];
        for &target in &self.targets {
            offsets[target as usize + 1] += 1;
        }
        for node in 1..offsets.len() {
            offsets[node] += offsets[node - 1];
        }
        let mut next = offsets.clone();
        let mut targets = vec![0; self.targets.len()];
        let mut numbers = vec![0; self.targets.len()];
        for (arrow, (from, to)) in self.arrows().enumerate() {
            let place = next[to as usize] as usize;
            next[to as usize] += 1;
            targets[place] = from;
            numbers[place] = number(arrow);
        }
        (Self { offsets, targets }, numbers)
    }

    /// The graph of those arrows for which `keeps` says so; the nodes stay.
    #[must_use]
    pub fn filtered(&self, mut keeps: impl FnMut(usize) -> bool) -> Self {
        let kept = self.arrows().enumerate().filter(|(arrow, _)| keeps(*arrow)).map(|(_, arrow)| arrow);
        Self::from_sorted(self.node_count(), kept)
    }

    /// The part of the graph that lies between `members`, which must be sorted; they are numbered anew in their order. Also
    /// the number here of each arrow of the part.
    pub fn part(&self, members: &[Node]) -> (Self, Vec<u32>) {
        let mut arrows = Vec::new();
        let mut numbers = Vec::new();
        for (index, &member) in members.iter().enumerate() {
            for arrow in self.arrows_of(member) {
                if let Ok(target) = members.binary_search(&self.target(arrow)) {
                    arrows.push((number(index), number(target)));
                    numbers.push(number(arrow));
                }
            }
        }
        (Self::from_sorted(members.len(), arrows), numbers)
    }
}

/// A count as a 32-bit number. A project has fewer than four thousand million modules and imports.
pub(crate) fn number(count: usize) -> u32 {
    u32::try_from(count).expect("invariant: fewer than 2^32 modules and imports")
}

#[cfg(test)]
pub(crate) mod tests {
    use super::{Digraph, Node};
    use std::collections::BTreeSet;

    /// A graph of `nodes` nodes with about `arrows` arrows, the same for the same seed.
    pub(crate) fn random(nodes: u32, arrows: usize, seed: u64) -> Digraph {
        let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        let mut next = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            u32::try_from(state >> 40).unwrap() % nodes
        };
        let arrows: BTreeSet<(Node, Node)> = (0..arrows).map(|_| (next(), next())).collect();
        Digraph::from_sorted(nodes as usize, arrows)
    }

    #[test]
    fn arrows_are_found_again_in_both_directions() {
        for seed in 0..50 {
            let graph = random(1 + u32::try_from(seed).unwrap() % 13, 20, seed);
            let arrows: Vec<_> = graph.arrows().collect();
            assert_eq!(arrows.len(), graph.arrow_count());
            for (index, &(from, to)) in arrows.iter().enumerate() {
                assert_eq!(graph.arrow(from, to), Some(index));
                assert_eq!(graph.target(index), to);
            }
            let (reversed, numbers) = graph.reversed();
            let mut turned: Vec<_> = arrows.iter().map(|&(from, to)| (to, from)).collect();
            turned.sort_unstable();
            assert_eq!(reversed.arrows().collect::<Vec<_>>(), turned);
            for (arrow, (to, from)) in numbers.iter().zip(reversed.arrows()) {
                assert_eq!(arrows[*arrow as usize], (from, to));
            }
            assert_eq!(reversed.reversed().0, graph);
        }
    }

    #[test]
    fn a_part_keeps_the_arrows_between_its_members() {
        let graph = Digraph::from_sorted(4, [(0, 1), (1, 3), (2, 0), (3, 1), (3, 2)]);
        let (part, numbers) = graph.part(&[1, 2, 3]);
        assert_eq!(part.arrows().collect::<Vec<_>>(), [(0, 2), (2, 0), (2, 1)]);
        assert_eq!(numbers, [1, 3, 4]);
        assert_eq!(graph.filtered(|arrow| arrow != 1).arrow_count(), 4);
        assert_eq!(graph.arrow(0, 3), None);
        assert_eq!(Digraph::from_sorted(0, []).node_count(), 0);
    }
}
