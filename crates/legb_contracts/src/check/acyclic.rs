//! Acyclic siblings: the children of a package do not import each other in a circle.
//!
//! What is reported are the imports that would have to go, chosen as in grimp: children are put in an order in which few imports
//! lead back (Eades, Lin and Smyth, 1993), and those that do are named. The choice is not always the smallest.

use std::collections::{BTreeMap, BTreeSet};

use legb_graph::digraph::{Digraph, Node};
use legb_graph::reach::shortest_path;

use super::{Found, Subject};
use crate::contract::{AcyclicSiblings, Complaint, Written};
use crate::expression::ModuleExpression;
use crate::verdict::{Chain, Link, Violation};

pub(super) fn check(subject: &mut Subject<'_>, acyclic: &AcyclicSiblings) -> Found {
    for expression in &acyclic.skipped {
        if acyclic.ancestors.iter().any(|ancestor| ancestor.value == expression.value) {
            return Err(vec![Complaint {
                place: expression.place.clone(),
                message: format!("`{}` cannot be skipped, for it is an ancestor too", expression.value),
                help: Some("name it in one of the two".to_owned()),
            }]);
        }
    }
    let (ancestors, skipped) = (existing(subject, &acyclic.ancestors), existing(subject, &acyclic.skipped));
    let (ancestors, skipped) = match (ancestors, skipped) {
        (Ok(ancestors), Ok(skipped)) => (ancestors, skipped),
        (ancestors, skipped) => return Err([ancestors.err(), skipped.err()].into_iter().flatten().flatten().collect()),
    };
    let mut packages = BTreeSet::new();
    for ancestor in ancestors {
        packages_below(subject, ancestor, acyclic.depth, &skipped, &mut packages);
    }
    Ok(packages.into_iter().flat_map(|package| circles(subject, package)).collect())
}

/// The modules that expressions mean; also wildcards have to match.
fn existing(
    subject: &mut Subject<'_>,
    expressions: &[Written<ModuleExpression>],
) -> Result<BTreeSet<Node>, Vec<Complaint>> {
    let known = subject.warnings.len();
    let found = subject.all_modules(expressions);
    let unmatched = subject.warnings.split_off(known);
    match found {
        Ok(found) if unmatched.is_empty() => Ok(found.into_iter().collect()),
        found => Err(found.err().into_iter().flatten().chain(unmatched).collect()),
    }
}

/// A package and those below it, down to some depth.
fn packages_below(
    subject: &Subject<'_>,
    package: Node,
    depth: u32,
    skipped: &BTreeSet<Node>,
    packages: &mut BTreeSet<Node>,
) {
    let children = subject.imports.children(package);
    if children.is_empty() {
        return;
    }
    packages.insert(package);
    if let Some(depth) = depth.checked_sub(1) {
        for child in children.into_iter().filter(|child| !skipped.contains(child)) {
            packages_below(subject, child, depth, skipped, packages);
        }
    }
}

/// The imports between children of a package that lead back, by importing and imported child.
fn circles(subject: &Subject<'_>, package: Node) -> Vec<Violation> {
    let children = subject.imports.children(package);
    let arrows = arrows_between(subject, &children);
    let position = order(children.len(), &arrows);
    let leads_back = arrows.iter().filter(|((importer, imported), _)| position[*imported] < position[*importer]);
    let graph = Digraph::from_sorted(children.len(), arrows.keys().map(|&(a, b)| (number(a), number(b))));
    let violation = |(&(importer, imported), arrows): (&(usize, usize), &Vec<(Node, Node)>)| {
        let name = |child: usize| subject.name(children[child]).to_owned();
        let way_back = shortest_path(&graph, &[number(imported)], &[number(importer)]).unwrap_or_default();
        let circle = [importer].into_iter().chain(way_back.into_iter().map(|node| node as usize));
        let circle: Vec<String> = circle.map(|child| format!(".{}", tail(&name(child)))).collect();
        Violation {
            message: format!("no cycles are allowed in {}: {}", subject.name(package), circle.join(" -> ")),
            importer: Some(name(importer)),
            imported: Some(name(imported)),
            chains: arrows.iter().map(|&(from, to)| Chain::of(Link::new(subject.imports, from, to))).collect(),
            help: format!(
                "remove {} from .{} to .{}, or turn the others of the circle round",
                if arrows.len() == 1 { "the import".to_owned() } else { format!("the {} imports", arrows.len()) },
                tail(&name(importer)),
                tail(&name(imported))
            ),
        }
    };
    leads_back.map(violation).collect()
}

fn tail(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

fn number(child: usize) -> Node {
    Node::try_from(child).expect("invariant: fewer than 2^32 modules")
}

/// The imports between different children, with all that lies below them.
fn arrows_between(subject: &Subject<'_>, children: &[Node]) -> BTreeMap<(usize, usize), Vec<(Node, Node)>> {
    let packages: Vec<_> = children.iter().map(|&child| subject.imports.package(child)).collect();
    let child_of = |node: Node| {
        let index = packages.partition_point(|package| package.end <= node);
        packages.get(index).filter(|package| package.contains(&node)).map(|_| index)
    };
    let mut arrows: BTreeMap<(usize, usize), Vec<(Node, Node)>> = BTreeMap::new();
    for (index, package) in packages.iter().enumerate() {
        for importer in package.clone() {
            for &imported in subject.graph.successors(importer) {
                if let Some(other) = child_of(imported).filter(|&other| other != index) {
                    arrows.entry((index, other)).or_default().push((importer, imported));
                }
            }
        }
    }
    arrows
}

/// The position of each child in an order in which few imports lead back.
fn order(count: usize, arrows: &BTreeMap<(usize, usize), Vec<(Node, Node)>>) -> Vec<usize> {
    let mut remaining = Remaining::new(count, arrows);
    let mut first = Vec::new();
    loop {
        let sources = remaining.of(|importers, _| importers == 0);
        if sources.is_empty() {
            break;
        }
        remaining.remove(&sources);
        first.extend(sources);
    }
    let mut last = Vec::new();
    loop {
        let sinks = remaining.of(|_, imported| imported == 0);
        if sinks.is_empty() {
            break;
        }
        remaining.remove(&sinks);
        last.splice(0..0, sinks);
    }
    while let Some(next) = remaining.most_importing() {
        remaining.remove(&[next]);
        first.push(next);
    }
    let mut position = vec![0; count];
    for (place, child) in first.into_iter().chain(last).enumerate() {
        position[child] = place;
    }
    position
}

/// Children that have no place yet, and the imports between them.
struct Remaining {
    is_left: Vec<bool>,
    /// For each child those that it imports, and how often.
    imported: Vec<Vec<(usize, usize)>>,
    /// For each child those that import it, and how often.
    importers: Vec<Vec<(usize, usize)>>,
}

impl Remaining {
    fn new(count: usize, arrows: &BTreeMap<(usize, usize), Vec<(Node, Node)>>) -> Self {
        let mut remaining =
            Self { is_left: vec![true; count], imported: vec![Vec::new(); count], importers: vec![Vec::new(); count] };
        for (&(importer, imported), arrows) in arrows {
            remaining.imported[importer].push((imported, arrows.len()));
            remaining.importers[imported].push((importer, arrows.len()));
        }
        remaining
    }

    /// Those left that are imported by, and import, so many others as `asks` wants.
    fn of(&self, asks: impl Fn(usize, usize) -> bool) -> Vec<usize> {
        let left = (0..self.is_left.len()).filter(|&child| self.is_left[child]);
        left.filter(|&child| asks(self.importers[child].len(), self.imported[child].len())).collect()
    }

    fn remove(&mut self, children: &[usize]) {
        for &child in children {
            self.is_left[child] = false;
            for (other, _) in std::mem::take(&mut self.imported[child]) {
                self.importers[other].retain(|(importer, _)| *importer != child);
            }
            for (other, _) in std::mem::take(&mut self.importers[child]) {
                self.imported[other].retain(|(imported, _)| *imported != child);
            }
        }
    }

    /// The child whose imports outnumber those of it by most; of several, the first by name.
    fn most_importing(&self) -> Option<usize> {
        let sum = |of: &[(usize, usize)]| of.iter().map(|(_, times)| *times).sum::<usize>();
        let mut best: Option<(usize, usize, usize)> = None;
        for child in (0..self.is_left.len()).filter(|&child| self.is_left[child]) {
            let (out, into) = (sum(&self.imported[child]), sum(&self.importers[child]));
            if best.is_none_or(|(best_out, best_into, _)| out + best_into > best_out + into) {
                best = Some((out, into, child));
            }
        }
        best.map(|(_, _, child)| child)
    }
}
