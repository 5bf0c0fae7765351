//! Layers: a module may import from its own layer and from lower ones, by whatever chain.
//!
//! A chain that leads through a third layer is left to the contract between that layer and its neighbours, as in
//! import-linter: it breaks there or nowhere.

use legb_graph::digraph::Node;

use super::{Found, Subject};
use crate::chains::Modules;
use crate::contract::{Complaint, Layer, Layers, Written};
use crate::expression::ModuleExpression;
use crate::verdict::{Chain, Link, Violation};

pub(super) fn check(subject: &mut Subject<'_>, layers: &Layers) -> Found {
    let containers = if layers.containers.is_empty() {
        vec![None]
    } else {
        subject.all_modules(&layers.containers)?.into_iter().map(Some).collect()
    };
    let mut complaints = Vec::new();
    let mut stacks = Vec::new();
    for container in &containers {
        match levels(subject, layers, *container) {
            Ok(found) => stacks.push(found),
            Err(mut missing) => complaints.append(&mut missing),
        }
    }
    if !complaints.is_empty() {
        return Err(complaints);
    }
    let mut violations = Vec::new();
    for levels in &stacks {
        violations.extend(broken_between(subject, levels)?);
    }
    if layers.exhaustive {
        violations
            .extend(containers.into_iter().flatten().flat_map(|container| undeclared(subject, layers, container)));
    }
    Ok(violations)
}

/// The modules of one layer that exist.
pub(super) struct Level {
    pub(super) modules: Vec<Node>,
    pub(super) independent: bool,
    pub(super) closed: bool,
}

fn levels(subject: &Subject<'_>, layers: &Layers, container: Option<Node>) -> Result<Vec<Level>, Vec<Complaint>> {
    let mut complaints = Vec::new();
    let mut level = |layer: &Layer| {
        let mut modules = Vec::new();
        for module in &layer.modules {
            let name = match container {
                Some(container) => format!("{}.{}", subject.name(container), module.name.value),
                None => module.name.value.clone(),
            };
            match subject.imports.find(&name) {
                Some(node) => modules.push(node),
                None if module.optional => {}
                None => {
                    let mut complaint = subject.missing(&name, &module.name.place);
                    let advice = format!("or mark it as optional: `({})`", module.name.value);
                    complaint.help = Some(complaint.help.map_or(advice.clone(), |help| format!("{help}, {advice}")));
                    complaints.push(complaint);
                }
            }
        }
        modules.sort_unstable();
        Level { modules, independent: layer.independent, closed: layer.closed }
    };
    let levels = layers.layers.iter().map(&mut level).collect();
    if complaints.is_empty() { Ok(levels) } else { Err(complaints) }
}

/// How the rules between these levels, highest first, are broken, by importer and imported.
pub(super) fn broken_between(subject: &Subject<'_>, levels: &[Level]) -> Found {
    let imports = subject.imports;
    let everywhere = levels.iter().flat_map(|level| &level.modules).flat_map(|&module| imports.package(module));
    let all = Modules::new(&subject.graph, everywhere);
    let mut pairs = forbidden_pairs(levels);
    pairs.sort_unstable();
    let mut violations = Vec::new();
    for pairs in pairs.chunk_by(|a, b| a.0 == b.0) {
        let from: Vec<Node> = imports.package(pairs[0].0).collect();
        let reached = subject.reached(from.iter().copied(), &all);
        for &(importer, imported, why) in pairs {
            let to: Vec<Node> = imports.package(imported).collect();
            if from.contains(&imported) || to.contains(&importer) {
                return Err(vec![overlap(subject, importer, imported)]);
            }
            if !to.iter().any(|&node| reached.contains(node)) {
                continue;
            }
            let mut barred = all.clone();
            for &node in from.iter().chain(&to) {
                barred.remove(node);
            }
            let chains = routes(subject, &from, &to, &subject.chains(&from, &to, &barred));
            if !chains.is_empty() {
                violations.push(violation(subject, (importer, imported, why), chains));
            }
        }
    }
    Ok(violations)
}

fn violation(subject: &Subject<'_>, (importer, imported, why): Forbidden, chains: Vec<Chain>) -> Violation {
    let (importer, imported) = (subject.name(importer).to_owned(), subject.name(imported).to_owned());
    let help = match why {
        Why::Upwards if chains.iter().any(|chain| chain.links.len() == 1) => {
            "move what is imported to a lower layer, or hand it in from above"
        }
        Why::Upwards => "cut each chain at one of its imports",
        Why::Sideways => "move what both need to a lower layer: modules side by side are independent",
        Why::Past => "go through the closed layer between the two",
    };
    let message = format!("{importer} is not allowed to import {imported}");
    Violation { message, importer: Some(importer), imported: Some(imported), chains, help: help.to_owned() }
}

/// Who must not import whom, and why.
type Forbidden = (Node, Node, Why);

/// Why a module must not import another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Why {
    /// It is in a lower layer.
    Upwards,
    /// The two are independent.
    Sideways,
    /// A closed layer lies between them.
    Past,
}

/// Who must not import whom.
fn forbidden_pairs(levels: &[Level]) -> Vec<Forbidden> {
    let mut pairs = Vec::new();
    for (index, level) in levels.iter().enumerate() {
        for &module in &level.modules {
            let lower = levels[index + 1..].iter().flat_map(|level| &level.modules);
            pairs.extend(lower.map(|&lower| (lower, module, Why::Upwards)));
            if level.independent {
                let siblings = level.modules.iter().filter(|&&sibling| sibling != module);
                pairs.extend(siblings.map(|&sibling| (module, sibling, Why::Sideways)));
            }
            // A closed layer in between hides this one from those above it.
            let hidden_from = levels[..index].iter().rposition(|level| level.closed).unwrap_or(0);
            let higher = levels[..hidden_from].iter().flat_map(|level| &level.modules);
            pairs.extend(higher.map(|&higher| (higher, module, Why::Past)));
        }
    }
    pairs
}

/// Chains with the same middle, put together: whoever imports its beginning, and whatever its end imports.
fn routes(subject: &Subject<'_>, from: &[Node], to: &[Node], chains: &[Vec<Node>]) -> Vec<Chain> {
    let imports = subject.imports;
    let has_import = |importer: Node, imported: Node| subject.graph.arrow(importer, imported).is_some();
    let mut middles: Vec<&[Node]> = Vec::new();
    let mut routes = Vec::new();
    for chain in chains {
        let middle = &chain[1..chain.len() - 1];
        let (Some(&first), Some(&last)) = (middle.first(), middle.last()) else {
            routes.push(Chain::through(imports, chain));
            continue;
        };
        if middles.contains(&middle) {
            continue;
        }
        middles.push(middle);
        let mut heads =
            from.iter().filter(|&&head| has_import(head, first)).map(|&head| Link::new(imports, head, first));
        let mut tails = to.iter().filter(|&&tail| has_import(last, tail)).map(|&tail| Link::new(imports, last, tail));
        let mut links: Vec<Link> = heads.next().into_iter().collect();
        links.extend(middle.windows(2).map(|pair| Link::new(imports, pair[0], pair[1])));
        links.extend(tails.next());
        routes.push(Chain { links, extra_firsts: heads.collect(), extra_lasts: tails.collect() });
    }
    routes.sort_by_key(|chain| chain.links.len());
    routes
}

fn overlap(subject: &Subject<'_>, importer: Node, imported: Node) -> Complaint {
    let (one, other) = (subject.name(importer.min(imported)), subject.name(importer.max(imported)));
    Complaint {
        place: subject.contract.place.clone(),
        message: format!("`{other}` lies in `{one}`, so that the two cannot be kept apart"),
        help: Some("name packages of which none contains another".to_owned()),
    }
}

/// Children of a container that no layer names.
fn undeclared(subject: &Subject<'_>, layers: &Layers, container: Node) -> Vec<Violation> {
    let declared = |tail: &str| {
        let mut modules = layers.layers.iter().flat_map(|layer| &layer.modules);
        modules.any(|module| module.name.value == tail) || layers.exhaustive_ignores.iter().any(|name| name == tail)
    };
    let is_undeclared = |&child: &Node| !declared(subject.name(child).rsplit('.').next().unwrap_or_default());
    let children = subject.imports.children(container);
    let violation = |child: Node| Violation {
        message: format!("{} is not listed as a layer", subject.name(child)),
        importer: None,
        imported: None,
        chains: Vec::new(),
        help: "add it to `layers` or to `exhaustive_ignores`: the contract is exhaustive".to_owned(),
    };
    children.into_iter().filter(is_undeclared).map(violation).collect()
}

/// The layers that a single list of independent modules makes.
pub(super) fn one_independent_level(modules: Vec<Node>) -> Vec<Level> {
    vec![Level { modules, independent: true, closed: false }]
}

/// A layer as it is written: `a`, `(a)`, `a | b` or `a : b`; the error says what is wrong with it.
pub(crate) fn parse_layer(text: &Written<String>) -> Result<Layer, String> {
    let raw = text.value.as_str();
    let independent = !raw.contains(':');
    if raw.contains('|') && !independent {
        return Err(
            "a layer has either `|` (independent modules) or `:` (modules that may import each other)".to_owned()
        );
    }
    let mut layer = Layer { modules: Vec::new(), independent, closed: false };
    for part in raw.split(if independent { '|' } else { ':' }).map(str::trim) {
        let inner = part.strip_prefix('(').and_then(|part| part.strip_suffix(')'));
        let name = inner.unwrap_or(part);
        let expression = ModuleExpression::parse(name)?;
        if expression.has_wildcard() {
            return Err(format!("`{name}`: layers take no wildcards"));
        }
        if layer.modules.iter().any(|module| module.name.value == name) {
            return Err(format!("`{name}` stands twice in one layer"));
        }
        let name = Written { value: name.to_owned(), place: text.place.clone() };
        layer.modules.push(crate::contract::LayerModule { name, optional: inner.is_some() });
    }
    Ok(layer)
}
