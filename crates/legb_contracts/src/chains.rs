//! By which chains of imports does one set of modules reach another?
//!
//! As in grimp, the shortest chain is taken, its imports are struck out, and so on until nothing is left: no two chains share
//! an import. Of several shortest chains that one comes first whose modules come first by name, where grimp's choice is left
//! to chance. A chain leaves its beginning at once and ends where it first arrives.

use legb_graph::digraph::{Digraph, Node};

/// A set of modules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Modules {
    is_in: Vec<bool>,
}

impl Modules {
    /// The set of `members` among the nodes of `graph`.
    pub(crate) fn new(graph: &Digraph, members: impl IntoIterator<Item = Node>) -> Self {
        let mut set = Self { is_in: vec![false; graph.node_count()] };
        for member in members {
            set.insert(member);
        }
        set
    }

    /// Whether `node` is in the set.
    pub(crate) fn contains(&self, node: Node) -> bool {
        self.is_in[node as usize]
    }

    /// Puts `node` in; whether it was not in before.
    pub(crate) fn insert(&mut self, node: Node) -> bool {
        !std::mem::replace(&mut self.is_in[node as usize], true)
    }

    /// Takes `node` out.
    pub(crate) fn remove(&mut self, node: Node) {
        self.is_in[node as usize] = false;
    }
}

/// The modules that `starts` reach by imports, `starts` included. A barred module is reached, but nothing beyond it is, unless
/// it is a start.
pub(crate) fn reached(graph: &Digraph, starts: impl IntoIterator<Item = Node>, barred: &Modules) -> Modules {
    let mut seen = Modules::new(graph, []);
    let mut queue: Vec<Node> = starts.into_iter().filter(|&start| seen.insert(start)).collect();
    while let Some(node) = queue.pop() {
        let fresh = graph.successors(node).iter().copied().filter(|&next| seen.insert(next));
        queue.extend(fresh.filter(|&next| !barred.contains(next)));
    }
    seen
}

/// Chains from any of `from` to any of `to` that do not lead through `barred` modules, shortest first; each begins in `from`
/// and ends in `to`. The two must have no module in common, and neither may be barred. `reverse` is `graph` turned round.
pub(crate) fn shortest_chains(
    graph: &Digraph,
    reverse: &Digraph,
    from: &[Node],
    to: &[Node],
    barred: &Modules,
) -> Vec<Vec<Node>> {
    // Only modules that lead to the end are worth looking at.
    let useful = reached(reverse, to.iter().copied(), barred);
    let mut search = Search {
        graph,
        useful: &useful,
        barred,
        is_end: Modules::new(graph, to.iter().copied()),
        is_struck_out: vec![false; graph.arrow_count()],
        before: vec![(0, 0); graph.node_count()],
        round: 0,
    };
    let starts: Vec<Node> = from.iter().copied().filter(|&start| useful.contains(start)).collect();
    let mut chains = Vec::new();
    while let Some(chain) = search.next(&starts) {
        chains.push(chain);
    }
    chains
}

struct Search<'a> {
    graph: &'a Digraph,
    useful: &'a Modules,
    barred: &'a Modules,
    is_end: Modules,
    is_struck_out: Vec<bool>,
    /// For each module the round in which it was last found, and the module that it was found from.
    before: Vec<(u32, Node)>,
    round: u32,
}

impl Search<'_> {
    /// The next chain; its imports are struck out.
    fn next(&mut self, starts: &[Node]) -> Option<Vec<Node>> {
        self.round += 1;
        let mut queue = starts.to_vec();
        for &start in starts {
            self.before[start as usize] = (self.round, start);
        }
        let mut position = 0;
        while let Some(&node) = queue.get(position) {
            position += 1;
            for arrow in self.graph.arrows_of(node) {
                let next = self.graph.target(arrow);
                let is_new = self.before[next as usize].0 != self.round;
                if self.is_struck_out[arrow] || !is_new || !self.useful.contains(next) || self.barred.contains(next) {
                    continue;
                }
                self.before[next as usize] = (self.round, node);
                if self.is_end.contains(next) {
                    return Some(self.strike_out(next));
                }
                queue.push(next);
            }
        }
        None
    }

    /// The chain that ends in `end`, whose imports are struck out.
    fn strike_out(&mut self, end: Node) -> Vec<Node> {
        let mut chain = vec![end];
        let mut node = end;
        loop {
            let (_, previous) = self.before[node as usize];
            if previous == node {
                break;
            }
            if let Some(arrow) = self.graph.arrow(previous, node) {
                self.is_struck_out[arrow] = true;
            }
            chain.push(previous);
            node = previous;
        }
        chain.reverse();
        chain
    }
}

#[cfg(test)]
mod tests {
    use super::{Modules, reached, shortest_chains};
    use legb_graph::digraph::{Digraph, Node};

    fn chains(graph: &Digraph, from: &[Node], to: &[Node], barred: &[Node]) -> Vec<Vec<Node>> {
        let barred = Modules::new(graph, barred.iter().copied());
        shortest_chains(graph, &graph.reversed().0, from, to, &barred)
    }

    #[test]
    fn the_shortest_comes_first_and_no_import_comes_twice() {
        let graph = Digraph::from_sorted(6, [(0, 1), (0, 2), (1, 5), (2, 3), (3, 5), (4, 3)]);
        assert_eq!(chains(&graph, &[0], &[5], &[]), [vec![0, 1, 5], vec![0, 2, 3, 5]]);
        assert_eq!(chains(&graph, &[0, 4], &[5], &[]), [vec![0, 1, 5], vec![4, 3, 5]]);
        assert_eq!(chains(&graph, &[0], &[5], &[1]), [vec![0, 2, 3, 5]]);
        assert!(chains(&graph, &[5], &[0], &[]).is_empty());
    }

    #[test]
    fn a_chain_leaves_its_beginning_and_ends_where_it_arrives() {
        let graph = Digraph::from_sorted(5, [(0, 1), (1, 2), (2, 3), (2, 4), (3, 4)]);
        assert_eq!(chains(&graph, &[0, 1], &[3, 4], &[]), [vec![1, 2, 3], vec![1, 2, 4]][..1]);
        let graph = Digraph::from_sorted(4, [(0, 1), (0, 2), (0, 3)]);
        assert_eq!(chains(&graph, &[0], &[1, 2, 3], &[]).len(), 3);
    }

    #[test]
    fn nothing_is_reached_beyond_what_is_barred() {
        let graph = Digraph::from_sorted(4, [(0, 1), (0, 3), (1, 2)]);
        let seen = reached(&graph, [0], &Modules::new(&graph, [1]));
        assert_eq!((0..4).map(|node| seen.contains(node)).collect::<Vec<_>>(), [true, true, false, true]);
    }
}
