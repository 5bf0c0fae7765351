//! What was found out about a contract.

use legb_graph::digraph::Node;
use serde::Serialize;

use crate::contract::Complaint;
use crate::imports::Imports;

/// What became of a contract.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// The contract, as a number in the list that was checked.
    pub contract: usize,
    /// Whether it is kept.
    pub outcome: Outcome,
    /// What is odd about its configuration.
    pub warnings: Vec<Complaint>,
    /// How many imports it ignores.
    pub ignored_imports: usize,
    /// How many modules lie within its scope.
    pub modules: usize,
    /// How many imports between them there are.
    pub imports: usize,
}

/// Whether a contract is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is kept.
    Kept,
    /// It is broken in these ways, at least one.
    Broken(Vec<Violation>),
    /// It cannot be checked, for these reasons, at least one.
    Invalid(Vec<Complaint>),
}

/// One way in which a contract is broken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Violation {
    /// What is wrong, in a sentence without its full stop.
    pub message: String,
    /// The module or package that imports, if it is an import.
    pub importer: Option<String>,
    /// The module or package that is imported, if it is an import.
    pub imported: Option<String>,
    /// By which imports; empty where none is to blame.
    pub chains: Vec<Chain>,
    /// What to do about it, in a sentence.
    pub help: String,
}

/// Imports that lead from one module to another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Chain {
    /// The imports, in order.
    pub links: Vec<Link>,
    /// Other imports that could stand in the place of the first.
    pub extra_firsts: Vec<Link>,
    /// Other imports that could stand in the place of the last.
    pub extra_lasts: Vec<Link>,
}

/// An import of one module by another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Link {
    /// Who imports.
    pub importer: String,
    /// What is imported.
    pub imported: String,
    /// The file of the importer.
    pub path: Option<String>,
    /// The lines of the import, from 1.
    pub lines: Vec<u32>,
}

impl Link {
    /// The import of one module by another.
    pub(crate) fn new(imports: &Imports, importer: Node, imported: Node) -> Self {
        Self {
            importer: imports.name(importer).to_owned(),
            imported: imports.name(imported).to_owned(),
            path: imports.path(importer).map(str::to_owned),
            lines: imports.lines(importer, imported).to_vec(),
        }
    }
}

impl Chain {
    /// The chain through these modules.
    pub(crate) fn through(imports: &Imports, modules: &[Node]) -> Self {
        let links = modules.windows(2).map(|pair| Link::new(imports, pair[0], pair[1])).collect();
        Self { links, extra_firsts: Vec::new(), extra_lasts: Vec::new() }
    }

    /// A chain of one import.
    pub(crate) fn of(link: Link) -> Self {
        Self { links: vec![link], extra_firsts: Vec::new(), extra_lasts: Vec::new() }
    }
}

impl Outcome {
    /// Broken if there are violations.
    pub(crate) fn of(violations: Vec<Violation>) -> Self {
        if violations.is_empty() { Self::Kept } else { Self::Broken(violations) }
    }
}
