//! What a run found, as plain data.

use legb_base::{Finding, PyVersion, Severity};
use serde::Serialize;

use crate::versions::VersionSet;

/// A finding and the versions it holds for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// What was found.
    #[serde(flatten)]
    pub finding: Finding,
    /// The versions asked about for which it was found, where more than one was asked about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub versions: Option<VersionSet>,
}

/// How many findings of each severity there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Certain to raise.
    pub errors: usize,
    /// May raise, or surprising.
    pub warnings: usize,
    /// Advice.
    pub infos: usize,
}

impl Counts {
    /// Counts the findings of `entries`.
    pub fn of(entries: &[Entry]) -> Self {
        let count = |severity| entries.iter().filter(|entry| entry.finding.severity == severity).count();
        Self { errors: count(Severity::Error), warnings: count(Severity::Warning), infos: count(Severity::Info) }
    }
}

/// Everything a format needs.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    /// What was found, sorted by path, range and code.
    pub entries: &'a [Entry],
    /// How many files were looked at.
    pub files: usize,
    /// The versions that were asked about.
    pub versions: VersionSet,
    /// Whether a line for people sums the run up.
    pub summary: bool,
}

/// Joins the findings of one file for several versions: equal ones become one entry. The result is sorted by path, range
/// and code.
pub fn merge(findings: Vec<(PyVersion, Vec<Finding>)>) -> Vec<Entry> {
    let several = findings.len() > 1;
    let mut entries: Vec<Entry> = Vec::new();
    for (version, findings) in findings {
        let known = entries.len();
        for finding in findings {
            match entries[..known].iter_mut().find(|entry| entry.finding == finding) {
                Some(entry) => {
                    if let Some(versions) = &mut entry.versions {
                        versions.insert(version);
                    }
                }
                None => entries.push(Entry { finding, versions: several.then(|| VersionSet::from_iter([version])) }),
            }
        }
    }
    entries.sort_by(|a, b| order(&a.finding).cmp(&order(&b.finding)));
    entries
}

/// Adds findings to those of a file that are known already, in order.
pub fn add(entries: &mut Vec<Entry>, mut more: Vec<Entry>) {
    entries.append(&mut more);
    entries.sort_by(|a, b| order(&a.finding).cmp(&order(&b.finding)));
}

fn order(finding: &Finding) -> impl Ord {
    (finding.path.as_str(), finding.range.start, finding.range.end, finding.code, finding.message.as_str())
}

impl Report<'_> {
    /// The versions an entry is labelled with: none where it holds for all that were asked about.
    pub(crate) fn label(&self, entry: &Entry) -> Option<VersionSet> {
        entry.versions.filter(|versions| *versions != self.versions)
    }
}
