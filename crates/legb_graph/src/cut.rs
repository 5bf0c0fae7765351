//! Which arrows to take away so that no cycle is left: a small feedback arc set.
//!
//! The least set is found where few nodes are involved (by dynamic programming over the sets of nodes that come first).
//! Beyond that the problem is too hard; then a good order is built greedily (Eades, Lin and Smyth, Inf. Process. Lett. 47,
//! 1993) and improved node by node until no single node can move to advantage. The arrows that lead back in the order are cut.

use crate::digraph::{Digraph, Node};
use crate::reach::shortest_path;

/// The largest component for which the least set is computed: the work doubles with every node.
const EXACT: usize = 16;

/// How often all nodes are tried for a better place.
const PASSES: usize = 30;

/// Arrows whose removal leaves no cycle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cut {
    /// The numbers of the arrows, in order.
    pub arrows: Vec<usize>,
    /// Whether no set of less weight exists; otherwise one may.
    pub is_least: bool,
}

/// A set of arrows of little weight that all cycles of `graph` go through. `weights` has one for each arrow; an arrow from a node
/// to itself does not count.
pub fn cut(graph: &Digraph, weights: &[u64]) -> Cut {
    let mut order = Order { graph, weights, reversed: graph.reversed() };
    let (places, is_least) = if graph.node_count() <= EXACT {
        (order.best(), true)
    } else {
        let greedy = order.greedy();
        (order.improved(greedy), false)
    };
    let mut place = vec![0; places.len()];
    for (index, &node) in places.iter().enumerate() {
        place[node as usize] = index;
    }
    let leads_back = |(from, to): (Node, Node)| place[to as usize] < place[from as usize];
    let mut arrows: Vec<usize> =
        graph.arrows().enumerate().filter(|(_, arrow)| leads_back(*arrow)).map(|(number, _)| number).collect();
    if !is_least {
        spare(graph, weights, &mut arrows);
    }
    Cut { is_least: is_least || arrows.is_empty(), arrows }
}

/// Takes those arrows out of a cut that close no cycle without the others, the heaviest first.
fn spare(graph: &Digraph, weights: &[u64], arrows: &mut Vec<usize>) {
    let ends: Vec<(Node, Node)> = graph.arrows().collect();
    let mut heaviest_first = arrows.clone();
    heaviest_first.sort_by_key(|&arrow| std::cmp::Reverse(weights[arrow]));
    let mut rest = graph.filtered(|arrow| arrows.binary_search(&arrow).is_err());
    for arrow in heaviest_first {
        let (from, to) = ends[arrow];
        if shortest_path(&rest, &[to], &[from]).is_none() {
            arrows.retain(|other| *other != arrow);
            rest = graph.filtered(|arrow| arrows.binary_search(&arrow).is_err());
        }
    }
}

struct Order<'a> {
    graph: &'a Digraph,
    weights: &'a [u64],
    /// The arrows turned round, and the number of each in `graph`.
    reversed: (Digraph, Vec<u32>),
}

impl Order<'_> {
    fn outgoing(&self, node: Node) -> impl Iterator<Item = (Node, u64)> + '_ {
        let arrows = self.graph.arrows_of(node);
        arrows.map(|arrow| (self.graph.target(arrow), self.weights[arrow])).filter(move |(target, _)| *target != node)
    }

    fn incoming(&self, node: Node) -> impl Iterator<Item = (Node, u64)> + '_ {
        let (reversed, numbers) = &self.reversed;
        let arrows = reversed.arrows_of(node);
        arrows
            .map(|arrow| (reversed.target(arrow), self.weights[numbers[arrow] as usize]))
            .filter(move |(source, _)| *source != node)
    }

    /// The order with the least weight of arrows that lead back.
    fn best(&self) -> Vec<Node> {
        let nodes = self.graph.node_count();
        let mut least = vec![u64::MAX; 1 << nodes];
        let mut last = vec![0 as Node; 1 << nodes];
        least[0] = 0;
        for first in 0..1usize << nodes {
            let so_far = least[first];
            for node in self.graph.nodes().filter(|node| first >> node & 1 == 0) {
                let back: u64 =
                    self.outgoing(node).filter(|(target, _)| first >> target & 1 == 1).map(|(_, weight)| weight).sum();
                let with = first | 1 << node;
                if so_far + back < least[with] {
                    least[with] = so_far + back;
                    last[with] = node;
                }
            }
        }
        let mut order = Vec::with_capacity(nodes);
        let mut rest = (1usize << nodes) - 1;
        while rest != 0 {
            order.push(last[rest]);
            rest &= !(1 << last[rest]);
        }
        order.reverse();
        order
    }

    /// Nodes that nothing leads to come first, those that lead nowhere last; then the one with the greatest surplus of weight
    /// going out.
    fn greedy(&self) -> Vec<Node> {
        let nodes = self.graph.node_count();
        let mut out: Vec<u64> =
            self.graph.nodes().map(|node| self.outgoing(node).map(|(_, weight)| weight).sum()).collect();
        let mut into: Vec<u64> =
            self.graph.nodes().map(|node| self.incoming(node).map(|(_, weight)| weight).sum()).collect();
        let mut is_placed = vec![false; nodes];
        let (mut first, mut last) = (Vec::new(), Vec::new());
        let mut free: Vec<Node> =
            self.graph.nodes().filter(|&node| out[node as usize] == 0 || into[node as usize] == 0).collect();
        while first.len() + last.len() < nodes {
            let node = match free.pop() {
                Some(node) if is_placed[node as usize] => continue,
                Some(node) => node,
                None => self.surplus(&is_placed, &out, &into),
            };
            is_placed[node as usize] = true;
            if out[node as usize] == 0 && into[node as usize] > 0 {
                last.push(node);
            } else {
                first.push(node);
            }
            for (target, weight) in self.outgoing(node) {
                into[target as usize] -= weight;
                if into[target as usize] == 0 {
                    free.push(target);
                }
            }
            for (source, weight) in self.incoming(node) {
                out[source as usize] -= weight;
                if out[source as usize] == 0 {
                    free.push(source);
                }
            }
        }
        first.extend(last.into_iter().rev());
        first
    }

    fn surplus(&self, is_placed: &[bool], out: &[u64], into: &[u64]) -> Node {
        let open = self.graph.nodes().filter(|&node| !is_placed[node as usize]);
        // Of several the first: `max_by_key` would take the last.
        open.rev()
            .max_by_key(|&node| i128::from(out[node as usize]) - i128::from(into[node as usize]))
            .expect("invariant: a node is open")
    }

    /// Moves nodes one at a time to where the least weight leads back, until none gains by moving.
    fn improved(&mut self, mut order: Vec<Node>) -> Vec<Node> {
        let mut place = vec![0usize; order.len()];
        for (index, &node) in order.iter().enumerate() {
            place[node as usize] = index;
        }
        for _ in 0..PASSES {
            let mut moved = false;
            for node in self.graph.nodes() {
                let from = place[node as usize];
                let to = self.better_place(node, &place);
                if to == from {
                    continue;
                }
                moved = true;
                if to < from {
                    order[to..=from].rotate_right(1);
                } else {
                    order[from..=to].rotate_left(1);
                }
                for index in from.min(to)..=from.max(to) {
                    place[order[index] as usize] = index;
                }
            }
            if !moved {
                break;
            }
        }
        order
    }

    /// The place where the least weight of the arrows of `node` leads back; its own if none is better.
    fn better_place(&self, node: Node, place: &[usize]) -> usize {
        let own = place[node as usize];
        // What changes when `node` passes a neighbour: an arrow to an earlier node leads back, one from an earlier does not.
        let outgoing = self.outgoing(node).map(|(other, weight)| (place[other as usize], i128::from(weight)));
        let incoming = self.incoming(node).map(|(other, weight)| (place[other as usize], -i128::from(weight)));
        let mut passed: Vec<(usize, i128)> = outgoing.chain(incoming).collect();
        passed.sort_unstable();
        let (mut best, mut gain, mut change) = (own, 0, 0);
        for &(other, weight) in passed.iter().filter(|(other, _)| *other > own) {
            change += weight;
            if change < gain {
                (best, gain) = (other, change);
            }
        }
        change = 0;
        for &(other, weight) in passed.iter().rev().filter(|(other, _)| *other < own) {
            change -= weight;
            if change < gain {
                (best, gain) = (other, change);
            }
        }
        best
    }
}

/// What is left of `graph` once the arrows of a cut are gone.
pub fn without(graph: &Digraph, cut: &Cut) -> Digraph {
    graph.filtered(|arrow| cut.arrows.binary_search(&arrow).is_err())
}

#[cfg(test)]
mod tests {
    use super::{EXACT, cut, without};
    use crate::components::Components;
    use crate::digraph::tests::random;
    use crate::digraph::{Digraph, number};

    /// The weight of the lightest set of arrows without which no cycle is left, by trying all sets.
    fn least_weight(graph: &Digraph, weights: &[u64]) -> u64 {
        (0..1u32 << graph.arrow_count())
            .filter(|set| Components::of(&graph.filtered(|arrow| set >> arrow & 1 == 0)).cyclic().is_empty())
            .map(|set| (0..graph.arrow_count()).filter(|arrow| set >> arrow & 1 == 1).map(|arrow| weights[arrow]).sum())
            .min()
            .unwrap()
    }

    #[test]
    fn small_graphs_are_cut_at_the_least_weight() {
        for seed in 0..60 {
            let graph = random(6, 11, seed);
            let weights: Vec<u64> = (0..graph.arrow_count() as u64).map(|arrow| 1 + (arrow * 7 + seed) % 4).collect();
            let found = cut(&graph, &weights);
            assert!(found.is_least);
            assert!(Components::of(&without(&graph, &found)).cyclic().is_empty());
            let weight: u64 = found.arrows.iter().map(|&arrow| weights[arrow]).sum();
            assert_eq!(weight, least_weight(&graph, &weights), "seed {seed}");
        }
    }

    #[test]
    fn large_graphs_are_cut_at_few_arrows() {
        for seed in 0..30 {
            let nodes = number(EXACT) + 5 + u32::try_from(seed).unwrap();
            let graph = random(nodes, nodes as usize * 3, seed);
            let weights = vec![1; graph.arrow_count()];
            let found = cut(&graph, &weights);
            assert!(Components::of(&without(&graph, &found)).cyclic().is_empty(), "seed {seed}");
            // Half of the arrows would do in any order or in its reverse.
            assert!(found.arrows.len() <= graph.arrow_count() / 3, "seed {seed}: {}", found.arrows.len());
            // None of them could be spared.
            for spared in &found.arrows {
                let rest = graph.filtered(|arrow| arrow == *spared || found.arrows.binary_search(&arrow).is_err());
                assert!(!Components::of(&rest).cyclic().is_empty(), "seed {seed}: {spared} is cut for nothing");
            }
        }
    }

    #[test]
    fn one_arrow_that_closes_many_rings_is_found_among_many_nodes() {
        let nodes = 40;
        let spokes = (1..nodes)
            .map(|node| (0, node))
            .chain((1..nodes - 1).map(|node| (node, nodes - 1)))
            .chain([(nodes - 1, 0)]);
        let mut arrows: Vec<_> = spokes.collect();
        arrows.sort_unstable();
        arrows.dedup();
        let graph = Digraph::from_sorted(nodes as usize, arrows);
        let found = cut(&graph, &vec![1; graph.arrow_count()]);
        assert_eq!(found.arrows, [graph.arrow(nodes - 1, 0).unwrap()]);
    }
}
