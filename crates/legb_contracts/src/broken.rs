//! Broken contracts as places: the import that begins each broken chain, for the rule `contract-broken`.
//!
//! What is no import (a child that no layer names) stands in the configuration.

use crate::contract::Contract;
use crate::verdict::{Chain, Link, Outcome, Verdict, Violation};

/// A place that breaks a contract.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Breach {
    /// The file, as it is printed.
    pub path: String,
    /// The line, from 1.
    pub line: u32,
    /// What breaks which contract.
    pub message: String,
    /// What to do about it.
    pub help: String,
    /// The other imports of the chain.
    pub related: Vec<RelatedImport>,
    /// Whether the place is in the configuration, not in the code.
    pub in_configuration: bool,
}

/// Another import of a broken chain.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RelatedImport {
    /// The file, as it is printed.
    pub path: String,
    /// The line, from 1.
    pub line: u32,
    /// Who imports what.
    pub message: String,
}

/// The places that break contracts, sorted.
pub fn breaches(contracts: &[Contract], verdicts: &[Verdict]) -> Vec<Breach> {
    let mut found = Vec::new();
    for verdict in verdicts {
        let Outcome::Broken(violations) = &verdict.outcome else { continue };
        let contract = &contracts[verdict.contract];
        for violation in violations {
            if violation.chains.is_empty() {
                found.push(in_configuration(contract, violation));
            }
            found.extend(violation.chains.iter().filter_map(|chain| in_code(contract, violation, chain)));
        }
    }
    found.sort();
    found.dedup();
    found
}

fn said(contract: &Contract, violation: &Violation) -> (String, String) {
    let message = format!("contract \"{}\" is broken: {}", contract.name, violation.message);
    (message, contract.guidance.as_ref().unwrap_or(&violation.help).clone())
}

fn in_configuration(contract: &Contract, violation: &Violation) -> Breach {
    let (message, help) = said(contract, violation);
    let (path, line) = (contract.place.path.clone(), contract.place.line);
    Breach { path, line, message, help, related: Vec::new(), in_configuration: true }
}

fn in_code(contract: &Contract, violation: &Violation, chain: &Chain) -> Option<Breach> {
    let (first, last) = (chain.links.first()?, chain.links.last()?);
    let (message, help) = said(contract, violation);
    let way = if chain.links.len() == 1 { " -> " } else { " -> … -> " };
    let others = chain.extra_firsts.iter().chain(&chain.links[1..]).chain(&chain.extra_lasts);
    Some(Breach {
        path: first.path.clone()?,
        line: *first.lines.first()?,
        message: format!("{message} ({}{way}{})", first.importer, last.imported),
        help,
        related: others.filter_map(related).collect(),
        in_configuration: false,
    })
}

fn related(link: &Link) -> Option<RelatedImport> {
    let message = format!("{} imports {}", link.importer, link.imported);
    Some(RelatedImport { path: link.path.clone()?, line: *link.lines.first()?, message })
}
