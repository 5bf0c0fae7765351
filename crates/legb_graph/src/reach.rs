//! What can be reached from where, and by which shortest way.
//!
//! Ways are told apart by their length only; of several shortest ones, that is taken whose nodes have the smallest numbers,
//! looked at from the end.

use crate::digraph::{Digraph, Node};

/// The number of arrows to a node that is not reached.
pub const UNREACHED: u32 = u32::MAX;

/// How many arrows lead from the nearest of `starts` to each node, or [`UNREACHED`]; nothing is looked for beyond `limit`.
pub fn distances(graph: &Digraph, starts: &[Node], limit: Option<u32>) -> Vec<u32> {
    let mut distance = vec![UNREACHED; graph.node_count()];
    let mut queue: Vec<Node> = Vec::new();
    for &start in starts {
        if distance[start as usize] == UNREACHED {
            distance[start as usize] = 0;
            queue.push(start);
        }
    }
    let mut next = 0;
    while let Some(&node) = queue.get(next) {
        next += 1;
        let reached = distance[node as usize];
        if limit.is_some_and(|limit| reached >= limit) {
            break;
        }
        for &target in graph.successors(node) {
            if distance[target as usize] == UNREACHED {
                distance[target as usize] = reached + 1;
                queue.push(target);
            }
        }
    }
    distance
}

/// The nodes of a shortest way from one of `starts` to one of `ends`, both included; a node that is both is a way.
pub fn shortest_path(graph: &Digraph, starts: &[Node], ends: &[Node]) -> Option<Vec<Node>> {
    let mut before: Vec<Option<Node>> = vec![None; graph.node_count()];
    let mut is_end = vec![false; graph.node_count()];
    for &end in ends {
        is_end[end as usize] = true;
    }
    let mut queue: Vec<Node> = Vec::new();
    for &start in starts {
        if before[start as usize].is_none() {
            before[start as usize] = Some(start);
            queue.push(start);
        }
    }
    let mut next = 0;
    while let Some(&node) = queue.get(next) {
        next += 1;
        if is_end[node as usize] {
            return Some(way_back(&before, node));
        }
        for &target in graph.successors(node) {
            if before[target as usize].is_none() {
                before[target as usize] = Some(node);
                queue.push(target);
            }
        }
    }
    None
}

/// From the node that a search began with, which is before itself, to `end`.
fn way_back(before: &[Option<Node>], end: Node) -> Vec<Node> {
    let mut way = vec![end];
    let mut node = end;
    while let Some(previous) = before[node as usize].filter(|previous| *previous != node) {
        way.push(previous);
        node = previous;
    }
    way.reverse();
    way
}

#[cfg(test)]
mod tests {
    use super::{UNREACHED, distances, shortest_path};
    use crate::digraph::Digraph;
    use crate::digraph::tests::random;
    use petgraph::algo::dijkstra;
    use petgraph::graph::{DiGraph, NodeIndex};

    #[test]
    fn distances_and_ways_are_those_that_petgraph_finds() {
        for seed in 0..200 {
            let nodes = 1 + u32::try_from(seed).unwrap() % 30;
            let graph = random(nodes, nodes as usize * 2, seed);
            let other = DiGraph::<(), ()>::from_edges(graph.arrows());
            if other.node_count() == 0 {
                continue;
            }
            let known = dijkstra(&other, NodeIndex::new(0), None, |_| 1u32);
            let found = distances(&graph, &[0], None);
            for node in graph.nodes() {
                let expected = known.get(&NodeIndex::new(node as usize)).copied();
                let expected = if node == 0 { Some(0) } else { expected };
                let reached = found[node as usize];
                assert_eq!((reached != UNREACHED).then_some(reached), expected, "seed {seed}, node {node}");
                let way = shortest_path(&graph, &[0], &[node]);
                assert_eq!(way.as_ref().map(|way| crate::digraph::number(way.len() - 1)), expected);
                if let Some(way) = way {
                    assert!(way.windows(2).all(|pair| graph.arrow(pair[0], pair[1]).is_some()));
                    assert_eq!((way[0], *way.last().unwrap()), (0, node));
                }
            }
        }
    }

    #[test]
    fn a_limit_and_several_ends() {
        let graph = Digraph::from_sorted(6, [(0, 1), (1, 2), (2, 3), (3, 4), (5, 3)]);
        assert_eq!(distances(&graph, &[0, 0], Some(2)), [0, 1, 2, UNREACHED, UNREACHED, UNREACHED]);
        assert_eq!(distances(&graph, &[0, 5], None), [0, 1, 2, 1, 2, 0]);
        assert_eq!(shortest_path(&graph, &[0, 5], &[4]), Some(vec![5, 3, 4]));
        assert_eq!(shortest_path(&graph, &[4], &[0, 5]), None);
        assert_eq!(shortest_path(&graph, &[4], &[4]), Some(vec![4]));
    }
}
