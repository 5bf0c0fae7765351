//! Verdicts as data: what `legb contracts --format json` prints.

use serde::Serialize;

use crate::contract::{Complaint, Contract};
use crate::verdict::{Outcome, Verdict, Violation};

/// A contract and what became of it.
#[derive(Clone, Debug, Serialize)]
pub struct Row<'a> {
    /// What people call it.
    pub name: &'a str,
    /// By what the command line names it besides.
    pub id: Option<&'a str>,
    /// Its kind: `layers`, `forbidden`, `independence`, `acyclic_siblings`, `protected`, `interface`, or one of tach's.
    pub kind: &'static str,
    /// The configuration file.
    pub path: &'a str,
    /// The line where it begins there, from 1.
    pub line: u32,
    /// `kept`, `broken` or `invalid`.
    pub verdict: &'static str,
    /// What breaks it.
    pub violations: &'a [Violation],
    /// Why it cannot be checked.
    pub errors: Vec<Note<'a>>,
    /// What is odd about its configuration.
    pub warnings: Vec<Note<'a>>,
    /// How many imports it ignores.
    pub ignored_imports: usize,
    /// How many modules lie in its scope.
    pub modules: usize,
    /// How many imports between them there are.
    pub imports: usize,
    /// What its authors want to tell whoever breaks it.
    pub guidance: Option<&'a str>,
}

/// Something about a place in the configuration.
#[derive(Clone, Debug, Serialize)]
pub struct Note<'a> {
    /// The file.
    pub path: &'a str,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// What is wrong or odd.
    pub message: &'a str,
    /// What to do about it.
    pub help: Option<&'a str>,
}

impl<'a> Note<'a> {
    fn new(complaint: &'a Complaint) -> Self {
        Self {
            path: &complaint.place.path,
            line: complaint.place.line,
            column: complaint.place.column,
            message: &complaint.message,
            help: complaint.help.as_deref(),
        }
    }
}

/// The rows for these verdicts.
pub fn rows<'a>(contracts: &'a [Contract], verdicts: &'a [Verdict]) -> Vec<Row<'a>> {
    let row = |verdict: &'a Verdict| {
        let contract = &contracts[verdict.contract];
        let (word, violations, errors): (_, &[Violation], &[Complaint]) = match &verdict.outcome {
            Outcome::Kept => ("kept", &[], &[]),
            Outcome::Broken(violations) => ("broken", violations, &[]),
            Outcome::Invalid(complaints) => ("invalid", &[], complaints),
        };
        Row {
            name: &contract.name,
            id: contract.id.as_deref(),
            kind: contract.demand.kind(),
            path: &contract.place.path,
            line: contract.place.line,
            verdict: word,
            violations,
            errors: errors.iter().map(Note::new).collect(),
            warnings: verdict.warnings.iter().map(Note::new).collect(),
            ignored_imports: verdict.ignored_imports,
            modules: verdict.modules,
            imports: verdict.imports,
            guidance: contract.guidance.as_deref(),
        }
    };
    verdicts.iter().map(row).collect()
}
