//! Known violations that may stay for now: their number may only fall.
//!
//! A baseline names each violation by the modules of its chain, never by a line, so that editing a file changes nothing. What it
//! does not name breaks the contract. It is a JSON file, sorted, fit for version control.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::contract::Contract;
use crate::verdict::{Chain, Link, Outcome, Verdict, Violation};

/// The version of the format.
const VERSION: u32 = 1;

/// Known violations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    version: u32,
    /// For each contract, by name, what breaks it.
    contracts: BTreeMap<String, Known>,
}

/// What is known to break a contract.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Known {
    /// How much: the length of the list.
    count: usize,
    /// Each chain as text.
    violations: BTreeSet<String>,
}

/// How the present compares with a baseline.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// For each contract that breaks less than it did, by name: how much was known, and how much of that is left.
    pub fallen: Vec<(String, usize, usize)>,
    /// Contracts that the baseline names and that there are not.
    pub gone: Vec<String>,
}

impl Baseline {
    /// What breaks the contracts now.
    pub fn new(contracts: &[Contract], verdicts: &[Verdict]) -> Self {
        let mut known: BTreeMap<String, Known> = BTreeMap::new();
        for verdict in verdicts {
            let names = keys(verdict);
            if !names.is_empty() {
                let entry = known.entry(contracts[verdict.contract].name.clone()).or_default();
                entry.violations.extend(names);
                entry.count = entry.violations.len();
            }
        }
        Self { version: VERSION, contracts: known }
    }

    /// Reads a baseline; the error says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let baseline: Self = serde_json::from_str(text).map_err(|error| format!("this is no baseline: {error}"))?;
        if baseline.version != VERSION {
            return Err(format!("this is a baseline of version {}; this legb reads {VERSION}", baseline.version));
        }
        Ok(baseline)
    }

    /// The baseline as text.
    pub fn to_text(&self) -> String {
        // Texts and numbers can always be written.
        serde_json::to_string_pretty(self).map_or_else(|error| error.to_string(), |text| text + "\n")
    }

    /// Takes out of the verdicts what is known; contracts that nothing else breaks are kept.
    pub fn apply(&self, contracts: &[Contract], verdicts: &mut [Verdict]) -> Difference {
        let mut difference = Difference::default();
        let names: BTreeSet<&str> = contracts.iter().map(|contract| contract.name.as_str()).collect();
        for (name, known) in &self.contracts {
            if !names.contains(name.as_str()) {
                difference.gone.push(name.clone());
                continue;
            }
            let mut left = BTreeSet::new();
            for verdict in verdicts.iter_mut().filter(|verdict| contracts[verdict.contract].name == *name) {
                left.extend(keys(verdict).intersection(&known.violations).cloned());
                if let Outcome::Broken(violations) = &mut verdict.outcome {
                    let fresh = violations.iter().filter_map(|violation| without(violation, &known.violations));
                    verdict.outcome = Outcome::of(fresh.collect());
                }
            }
            if left.len() < known.violations.len() {
                difference.fallen.push((name.clone(), known.violations.len(), left.len()));
            }
        }
        difference
    }

    /// The contracts, by name, that this breaks more than `older` did, with both counts; and those that it breaks otherwise.
    pub fn risen_over(&self, older: &Self) -> Vec<(String, usize, usize)> {
        let mut risen = Vec::new();
        for (name, known) in &self.contracts {
            let before = older.contracts.get(name).cloned().unwrap_or_default();
            if !known.violations.is_subset(&before.violations) {
                risen.push((name.clone(), before.violations.len(), known.violations.len()));
            }
        }
        risen
    }
}

/// The names of all that breaks a contract.
fn keys(verdict: &Verdict) -> BTreeSet<String> {
    match &verdict.outcome {
        Outcome::Broken(violations) => violations.iter().flat_map(keys_of).map(|(key, _)| key).collect(),
        Outcome::Kept | Outcome::Invalid(_) => BTreeSet::new(),
    }
}

/// What a violation consists of: the name of each chain, with the chain. Where others could stand in the place of the first or
/// last import, the two ends of a chain are named apart, so that one more of them is one more name.
fn keys_of(violation: &Violation) -> Vec<(String, Option<Chain>)> {
    if violation.chains.is_empty() {
        return vec![(violation.message.clone(), None)];
    }
    violation.chains.iter().flat_map(keys_of_chain).map(|(key, chain)| (key, Some(chain))).collect()
}

fn keys_of_chain(chain: &Chain) -> Vec<(String, Chain)> {
    let (Some(first), Some(last)) = (chain.links.first(), chain.links.last()) else { return Vec::new() };
    if chain.links.len() == 1 {
        return vec![(format!("{} -> {}", first.importer, first.imported), chain.clone())];
    }
    let middle: Vec<&str> = chain.links[1..].iter().map(|link| link.importer.as_str()).collect();
    let middle = middle.join(" -> ");
    let plain = |links: Vec<Link>| Chain { links, extra_firsts: Vec::new(), extra_lasts: Vec::new() };
    let mut keys = Vec::new();
    for head in [first].into_iter().chain(&chain.extra_firsts) {
        let mut links = chain.links.clone();
        links[0] = head.clone();
        keys.push((format!("{} -> {middle} -> …", head.importer), plain(links)));
    }
    for tail in [last].into_iter().chain(&chain.extra_lasts) {
        let mut links = chain.links.clone();
        if let Some(end) = links.last_mut() {
            *end = tail.clone();
        }
        keys.push((format!("… -> {middle} -> {}", tail.imported), plain(links)));
    }
    keys
}

/// A violation without what is known of it; nothing if all of it is.
fn without(violation: &Violation, known: &BTreeSet<String>) -> Option<Violation> {
    let keys = keys_of(violation);
    if keys.iter().all(|(key, _)| known.contains(key)) {
        return None;
    }
    if keys.iter().all(|(key, _)| !known.contains(key)) {
        return Some(violation.clone());
    }
    let mut chains: Vec<Chain> = Vec::new();
    for (_, chain) in keys.into_iter().filter(|(key, _)| !known.contains(key)) {
        chains.extend(chain.filter(|chain| !chains.contains(chain)));
    }
    Some(Violation { chains, ..violation.clone() })
}
