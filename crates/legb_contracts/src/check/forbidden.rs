//! Forbidden: some modules must not import others, by whatever chain or directly.

use legb_graph::digraph::Node;

use super::{Found, Subject, matching};
use crate::chains::Modules;
use crate::contract::{Complaint, Forbidden};
use crate::imports::is_in_package;
use crate::verdict::{Chain, Violation};

pub(super) fn check(subject: &mut Subject<'_>, forbidden: &Forbidden) -> Found {
    let sources = subject.all_modules(&forbidden.sources);
    let targets = targets(subject, forbidden);
    let (sources, targets) = match (sources, targets) {
        (Ok(sources), Ok(targets)) => (sources, targets),
        (sources, targets) => {
            let complaints = [sources.err(), targets.err()].into_iter().flatten().flatten();
            return Err(complaints.collect());
        }
    };
    let nothing = Modules::new(&subject.graph, []);
    let mut violations = Vec::new();
    for &source in &sources {
        let from = members(subject, source, forbidden.as_packages);
        let reached = subject.reached(from.iter().copied(), &nothing);
        for &target in &targets {
            if overlap(subject, source, target, forbidden.as_packages) {
                continue;
            }
            let to = members(subject, target, forbidden.as_packages);
            if !to.iter().any(|&node| reached.contains(node)) {
                continue;
            }
            let mut chains = if forbidden.allow_indirect {
                direct(subject, &from, &to)
            } else {
                subject.chains(&from, &to, &nothing)
            };
            chains.sort_by(|a, b| (a.len(), a).cmp(&(b.len(), b)));
            if !chains.is_empty() {
                let (importer, imported) = (subject.name(source).to_owned(), subject.name(target).to_owned());
                violations.push(Violation {
                    message: format!("{importer} is not allowed to import {imported}"),
                    importer: Some(importer),
                    imported: Some(imported),
                    chains: chains.iter().map(|chain| Chain::through(subject.imports, chain)).collect(),
                    help: "cut each chain at one of its imports".to_owned(),
                });
            }
        }
    }
    violations.sort_by(|a, b| (&a.imported, &a.importer).cmp(&(&b.imported, &b.importer)));
    Ok(violations)
}

/// What is forbidden and exists. A module of the root packages that does not exist is a mistake; of others one cannot know.
fn targets(subject: &mut Subject<'_>, forbidden: &Forbidden) -> Result<Vec<Node>, Vec<Complaint>> {
    let mut nodes = Vec::new();
    let mut complaints = Vec::new();
    let scope = &subject.contract.scope;
    for expression in &forbidden.forbidden {
        let name = expression.value.as_str();
        if expression.value.has_wildcard() {
            nodes.extend(subject.modules(expression).unwrap_or_default());
        } else if is_internal(subject, name) {
            match subject.modules(expression) {
                Ok(found) => nodes.extend(found),
                Err(complaint) => complaints.push(complaint),
            }
        } else if !scope.external {
            complaints.push(Complaint {
                place: expression.place.clone(),
                message: format!(
                    "`{name}` lies outside of the root packages, and imports of such modules are not counted"
                ),
                help: Some("set `include_external_packages = true`".to_owned()),
            });
        } else if name.contains('.') && !forbidden.external_submodules {
            complaints.push(Complaint {
                place: expression.place.clone(),
                message: format!(
                    "`{name}` lies in a package outside of the root packages, of which only the whole counts"
                ),
                help: name.split('.').next().map(|package| format!("forbid `{package}`")),
            });
        } else {
            nodes.extend(matching(subject.imports, &expression.value));
        }
    }
    nodes.sort_unstable();
    nodes.dedup();
    if complaints.is_empty() { Ok(nodes) } else { Err(complaints) }
}

fn is_internal(subject: &Subject<'_>, name: &str) -> bool {
    let roots = &subject.contract.scope.roots;
    if roots.is_empty() {
        let top = name.split('.').next().unwrap_or(name);
        subject.project.module(top).is_some()
    } else {
        roots.iter().any(|root| is_in_package(name, root))
    }
}

fn members(subject: &Subject<'_>, module: Node, as_package: bool) -> Vec<Node> {
    if as_package { subject.imports.package(module).collect() } else { vec![module] }
}

fn overlap(subject: &Subject<'_>, source: Node, target: Node, as_packages: bool) -> bool {
    let (source, target) = (subject.name(source), subject.name(target));
    source == target || as_packages && (is_in_package(source, target) || is_in_package(target, source))
}

fn direct(subject: &Subject<'_>, from: &[Node], to: &[Node]) -> Vec<Vec<Node>> {
    let to = Modules::new(&subject.graph, to.iter().copied());
    let successors =
        |&importer: &Node| subject.graph.successors(importer).iter().map(move |&imported| vec![importer, imported]);
    from.iter().flat_map(successors).filter(|chain| to.contains(chain[1])).collect()
}
