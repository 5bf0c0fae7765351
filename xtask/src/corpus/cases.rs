//! Snippets whose answers are recorded in a folder: `cases.jsonl`, a snippet a line, and `cases_tables.jsonl`, each different
//! table once. Tables write predicates as letters.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, anyhow};
use legb_base::PyVersion;
use legb_oracle::wire::{Symbol, SymtableRow, Table};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::scopes::{RowOf, Tally as FileTally};
use legb_oracle::compare::compare as compare_rows;

/// The predicate behind each letter.
const LETTERS: [(char, &str); 16] = [
    ('r', "is_referenced"),
    ('p', "is_parameter"),
    ('g', "is_global"),
    ('G', "is_declared_global"),
    ('n', "is_nonlocal"),
    ('l', "is_local"),
    ('f', "is_free"),
    ('i', "is_imported"),
    ('a', "is_assigned"),
    ('A', "is_annotated"),
    ('s', "is_namespace"),
    ('t', "is_type_parameter"),
    ('k', "is_free_class"),
    ('c', "is_comp_iter"),
    ('C', "is_comp_cell"),
    ('x', "is_cell"),
];

/// The messages of errors about `__future__` imports.
const FUTURE_ERRORS: [&str; 3] = [": from __future__ imports must", ": future feature ", ": not a chance"];

/// Snippets and their tables.
pub(crate) struct Cases {
    cases: Vec<Case>,
    tables: BTreeMap<String, Table>,
}

#[derive(Deserialize)]
struct Case {
    id: String,
    source: String,
    versions: BTreeMap<String, Recorded>,
}

#[derive(Deserialize)]
struct Recorded {
    table: Option<String>,
    error: Option<RecordedError>,
}

#[derive(Deserialize)]
struct RecordedError {
    stage: String,
    #[serde(rename = "type")]
    exception: String,
    msg: String,
    lineno: Option<i64>,
    offset: Option<i64>,
    end_lineno: Option<i64>,
    end_offset: Option<i64>,
}

#[derive(Deserialize)]
struct KeyedTable {
    table: String,
    top: LetteredTable,
}

#[derive(Deserialize)]
struct LetteredTable {
    #[serde(rename = "type")]
    kind: String,
    name: String,
    lineno: u32,
    nested: bool,
    optimized: bool,
    has_children: bool,
    symbols: Vec<(String, String, String)>,
    children: Vec<LetteredTable>,
}

impl LetteredTable {
    fn spelled_out(self) -> Table {
        let predicates = |letters: String| -> Vec<String> {
            let said = LETTERS.iter().filter(|(letter, _)| letters.contains(*letter));
            said.map(|(_, name)| (*name).to_owned()).collect()
        };
        Table {
            kind: self.kind,
            name: self.name,
            lineno: self.lineno,
            nested: self.nested,
            optimized: self.optimized,
            has_children: self.has_children,
            symbols: self
                .symbols
                .into_iter()
                .map(|(name, letters, scope)| Symbol(name, predicates(letters), scope))
                .collect(),
            children: self.children.into_iter().map(Self::spelled_out).collect(),
        }
    }
}

/// Reads the folder.
pub(crate) fn read(folder: &Path) -> anyhow::Result<Cases> {
    let tables: Vec<KeyedTable> = read_lines(&folder.join("cases_tables.jsonl"))?;
    Ok(Cases {
        cases: read_lines(&folder.join("cases.jsonl"))?,
        tables: tables.into_iter().map(|row| (row.table, row.top.spelled_out())).collect(),
    })
}

fn read_lines<T: DeserializeOwned>(path: &Path) -> anyhow::Result<Vec<T>> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    text.lines()
        .map(|line| serde_json::from_str(line).with_context(|| format!("{} has a row of another kind", path.display())))
        .collect()
}

/// What legb gets right of one version.
pub(crate) struct Tally {
    version: PyVersion,
    total: usize,
    /// Same `__future__` error, another position field.
    pub(crate) alike: Vec<String>,
    /// Snippets with another answer, the first difference in words.
    pub(crate) differing: Vec<String>,
}

impl Tally {
    /// The figures in words.
    pub(crate) fn line(&self) -> String {
        format!(
            "{}: {} of {}, {} of them alike",
            self.version,
            self.total - self.differing.len(),
            self.total,
            self.alike.len()
        )
    }

    /// Prints the first snippets with another answer, and those that are alike.
    pub(crate) fn print_first(&self, show: usize) {
        for (kind, list) in [("differs", &self.differing), ("alike", &self.alike)] {
            for words in list.iter().take(show) {
                println!("  {kind}: {words}");
            }
        }
    }
}

/// Compares legb's answers for one version with the recorded ones.
pub(crate) fn compare(cases: &Cases, version: PyVersion, ours: &RowOf) -> anyhow::Result<Tally> {
    let mut tally = FileTally::default();
    for case in &cases.cases {
        let recorded = case
            .versions
            .get(&version.to_string())
            .with_context(|| format!("{} has no answer for {version}", case.id))?;
        let path = format!("{}.py", case.id);
        let row = ours(&path, case.source.as_bytes(), version)?;
        tally.add(&case.id, compare_rows(&recorded_row(case, recorded, &cases.tables)?, &row));
    }
    // CPython itself is at odds with itself about where errors of `__future__` imports are; elsewhere the place must be right.
    let is_future = |words: &String| FUTURE_ERRORS.iter().any(|message| words.contains(message));
    let (alike, misplaced): (Vec<_>, Vec<_>) = tally.alike.into_iter().partition(is_future);
    let mut differing = tally.differing;
    differing.extend(tally.grammar);
    differing.extend(misplaced);
    Ok(Tally { version, total: cases.cases.len(), alike, differing })
}

fn recorded_row(case: &Case, recorded: &Recorded, tables: &BTreeMap<String, Table>) -> anyhow::Result<SymtableRow> {
    let top = match &recorded.table {
        None => None,
        Some(key) => Some(tables.get(key).ok_or_else(|| anyhow!("{}: no table {key}", case.id))?.clone()),
    };
    let error = recorded.error.as_ref();
    Ok(SymtableRow {
        path: format!("{}.py", case.id),
        ok: error.is_none(),
        top,
        stage: error.map(|error| error.stage.clone()),
        exception: error.map(|error| error.exception.clone()),
        msg: error.map(|error| error.msg.clone()),
        lineno: error.and_then(|error| error.lineno),
        offset: error.and_then(|error| error.offset),
        end_lineno: error.and_then(|error| error.end_lineno),
        end_offset: error.and_then(|error| error.end_offset),
    })
}
