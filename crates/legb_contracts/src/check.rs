//! Holds contracts against the imports of a project.
//!
//! One file below this for each kind of contract. What is ignored is struck out first, for all kinds alike. Verdicts and
//! chains are those of import-linter, where it has the kind.

mod acyclic;
mod boundaries;
mod forbidden;
mod independence;
mod interface;
mod layers;
mod protected;

pub(crate) use layers::parse_layer;

use std::collections::BTreeMap;

use legb_graph::digraph::{Digraph, Node};

use crate::chains::{Modules, reached, shortest_chains};
use crate::contract::{Alert, Complaint, Contract, Demand, Written};
use crate::expression::ModuleExpression;
use crate::imports::{Import, Imports, Project, Scope};
use crate::nearest::help_for_module;
use crate::verdict::{Outcome, Verdict, Violation};

/// What a module exports.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exports {
    /// The names in `__all__`, else those that `import *` would take, sorted.
    pub names: Vec<String>,
    /// Whether there may be others.
    pub open: bool,
}

/// Tells what the file at this path exports, for the kinds of contract that ask.
pub type ExportsOf<'a> = dyn Fn(&str) -> Exports + 'a;

/// What a check found, or why there can be no answer.
type Found = Result<Vec<Violation>, Vec<Complaint>>;

/// Checks each contract; the verdicts are in the order of the contracts.
pub fn check(project: &Project, contracts: &[Contract], exports: &ExportsOf<'_>) -> Vec<Verdict> {
    let mut parts: BTreeMap<&Scope, Imports> = BTreeMap::new();
    let mut verdicts = Vec::new();
    for (number, contract) in contracts.iter().enumerate() {
        let imports = parts.entry(&contract.scope).or_insert_with(|| Imports::new(project, &contract.scope));
        verdicts.push(check_one(number, contract, project, imports, exports));
    }
    verdicts
}

fn check_one(
    number: usize,
    contract: &Contract,
    project: &Project,
    imports: &Imports,
    exports: &ExportsOf<'_>,
) -> Verdict {
    let missing_roots = missing_roots(contract, project);
    let (mut subject, unmatched) = Subject::new(contract, project, imports);
    let found = if !missing_roots.is_empty() {
        Err(missing_roots)
    } else if unmatched.is_empty() {
        match &contract.demand {
            Demand::Layers(layers) => layers::check(&mut subject, layers),
            Demand::Forbidden(forbidden) => forbidden::check(&mut subject, forbidden),
            Demand::Independence(independence) => independence::check(&mut subject, independence),
            Demand::AcyclicSiblings(acyclic) => acyclic::check(&mut subject, acyclic),
            Demand::Protected(protected) => protected::check(&mut subject, protected),
            Demand::Interface(interface) => interface::check(&mut subject, interface, exports),
            Demand::Dependencies(boundaries) => boundaries::check_dependencies(&mut subject, boundaries),
            Demand::Exposure(boundaries) => Ok(boundaries::check_exposure(&mut subject, boundaries, exports)),
            Demand::Declarations(boundaries) => Ok(boundaries::check_declarations(boundaries)),
        }
    } else {
        Err(unmatched)
    };
    let outcome = match found {
        Ok(violations) if violations.is_empty() => Outcome::Kept,
        Ok(violations) => Outcome::Broken(violations),
        Err(complaints) => Outcome::Invalid(complaints),
    };
    Verdict {
        contract: number,
        outcome,
        warnings: subject.warnings,
        ignored_imports: imports.graph().arrow_count() - subject.graph.arrow_count(),
        modules: imports.nodes().len(),
        imports: imports.graph().arrow_count(),
    }
}

/// Root packages that do not exist.
fn missing_roots(contract: &Contract, project: &Project) -> Vec<Complaint> {
    let missing = contract.scope.roots.iter().filter(|root| project.module(root).is_none());
    missing
        .map(|root| Complaint {
            place: contract.place.clone(),
            message: format!("there is no package `{root}` among the modules found"),
            help: help_for_module(root, &project.modules.iter().map(|module| module.name.as_str())),
        })
        .collect()
}

/// What the check of one contract works with.
struct Subject<'a> {
    contract: &'a Contract,
    project: &'a Project,
    imports: &'a Imports,
    /// The imports without those that are ignored.
    graph: Digraph,
    /// The same turned round.
    reverse: Digraph,
    warnings: Vec<Complaint>,
}

impl<'a> Subject<'a> {
    /// Strikes out what the contract ignores; also what is to be said of ignored imports that do not exist.
    fn new(contract: &'a Contract, project: &'a Project, imports: &'a Imports) -> (Self, Vec<Complaint>) {
        let all = imports.graph();
        let mut is_ignored = vec![false; all.arrow_count()];
        let mut unmatched = Vec::new();
        for expression in &contract.ignored {
            let importers = matching(imports, &expression.value.importer);
            let imported = Modules::new(all, matching(imports, &expression.value.imported));
            let arrows = importers.iter().flat_map(|&importer| all.arrows_of(importer));
            let matched: Vec<usize> = arrows.filter(|&arrow| imported.contains(all.target(arrow))).collect();
            if matched.is_empty() {
                unmatched.push(Complaint {
                    place: expression.place.clone(),
                    message: format!("no import matches the ignored `{}`", expression.value),
                    help: Some(
                        "remove it, or set `unmatched_ignore_imports_alerting` to \"warn\" or \"none\"".to_owned(),
                    ),
                });
            }
            for arrow in matched {
                is_ignored[arrow] = true;
            }
        }
        let graph = all.filtered(|arrow| !is_ignored[arrow]);
        let reverse = graph.reversed().0;
        let (warnings, errors) = match contract.unmatched {
            Alert::Error => (Vec::new(), unmatched),
            Alert::Warn => (unmatched, Vec::new()),
            Alert::Silent => (Vec::new(), Vec::new()),
        };
        (Self { contract, project, imports, graph, reverse, warnings }, errors)
    }

    fn name(&self, module: Node) -> &'a str {
        self.imports.name(module)
    }

    /// The imports that count, one for each name that a statement imports, without those that are ignored.
    fn named_imports(&self) -> impl Iterator<Item = &'a Import> + '_ {
        let is_in_scope = |import: &&Import| {
            let importer = &self.project.modules[import.importer].name;
            self.contract.scope.is_internal(self.project, importer) && self.contract.scope.counts(import)
        };
        let is_ignored = |import: &&Import| {
            let importer = &self.project.modules[import.importer].name;
            let ignored = self.contract.ignored.iter().map(|written| &written.value);
            ignored
                .into_iter()
                .any(|ignored| ignored.importer.matches(importer) && ignored.imported.matches(&import.imported))
        };
        self.project.imports.iter().filter(is_in_scope).filter(move |import| !is_ignored(import))
    }

    /// The modules that an expression means, sorted by name; a name that is missing is a complaint, a wildcard that matches
    /// nothing a warning.
    fn modules(&mut self, expression: &Written<ModuleExpression>) -> Result<Vec<Node>, Complaint> {
        if expression.value.has_wildcard() {
            let found = matching(self.imports, &expression.value);
            if found.is_empty() {
                let message = format!("no module matches `{}`", expression.value);
                self.warnings.push(Complaint { place: expression.place.clone(), message, help: None });
            }
            return Ok(found);
        }
        let name = expression.value.as_str();
        match self.imports.find(name) {
            Some(node) => Ok(vec![node]),
            None => Err(self.missing(name, &expression.place)),
        }
    }

    /// The modules that expressions mean, sorted by name, each once; or what is wrong with each of the expressions.
    fn all_modules(&mut self, expressions: &[Written<ModuleExpression>]) -> Result<Vec<Node>, Vec<Complaint>> {
        let mut nodes = Vec::new();
        let mut complaints = Vec::new();
        for expression in expressions {
            match self.modules(expression) {
                Ok(found) => nodes.extend(found),
                Err(complaint) => complaints.push(complaint),
            }
        }
        nodes.sort_unstable();
        nodes.dedup();
        if complaints.is_empty() { Ok(nodes) } else { Err(complaints) }
    }

    /// That there is no module of this name.
    fn missing(&self, name: &str, place: &crate::contract::Place) -> Complaint {
        Complaint {
            place: place.clone(),
            message: format!("there is no module `{name}`"),
            help: help_for_module(name, &self.imports.names()),
        }
    }

    /// The modules that one package reaches without going through barred modules.
    fn reached(&self, package: impl IntoIterator<Item = Node>, barred: &Modules) -> Modules {
        reached(&self.graph, package, barred)
    }

    /// Chains between two sets of modules that do not lead through barred ones.
    fn chains(&self, from: &[Node], to: &[Node], barred: &Modules) -> Vec<Vec<Node>> {
        shortest_chains(&self.graph, &self.reverse, from, to, barred)
    }
}

/// The modules that an expression means, sorted by name.
fn matching(imports: &Imports, expression: &ModuleExpression) -> Vec<Node> {
    if expression.has_wildcard() {
        imports.nodes().filter(|&node| expression.matches(imports.name(node))).collect()
    } else {
        imports.find(expression.as_str()).into_iter().collect()
    }
}
