//! What legb says, in the shapes in which comparisons want it.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Context;
use legb_base::{Dialect, PyVersion};
use legb_oracle::wire::SymtableRow;
use legb_scope::{Analyzer, Flow, Reference};
use legb_syntax::{LineIndex, SourceKind, parse};

use crate::corpus::names::NameUse;

/// legb's row about a file, as `legb scopes --format json` prints it; where its parser refuses the file, the stage says so.
pub(crate) fn symtable_row(path: &str, bytes: &[u8], version: PyVersion) -> anyhow::Result<SymtableRow> {
    let mut row = SymtableRow::read(&legb_scope::symtable::row(path, bytes, version))
        .with_context(|| format!("legb's row about {path} cannot be read"))?;
    if row.exception.is_some() && row.top.is_none() && legb_scope::symtable::is_refused_by_parser(bytes, version) {
        row.stage = Some("parser".to_owned());
    }
    Ok(row)
}

/// legb's uses of names in a file; none where it does not compile.
#[expect(clippy::unnecessary_wraps, reason = "others that are asked in its place may fail")]
pub(crate) fn uses_of(_: &Path, bytes: &[u8], version: PyVersion) -> anyhow::Result<Vec<NameUse>> {
    let uses = legb_scope::names::uses(bytes, version).unwrap_or_default();
    let uses = uses
        .into_iter()
        .map(|found| NameUse {
            name: found.name,
            rule: found.rule.as_str(),
            access: found.access.as_str(),
            range: ((found.line, found.column_utf8), (found.end_line, found.end_column_utf8)),
            scope: None,
        })
        .collect();
    Ok(uses)
}

/// The reads of a program that legb is sure of, by line and column from 1: `true` for those of a bound variable, `false` for
/// those of a variable without a value. Reads that fail only because of an early call of their function are left out.
pub(crate) fn sure_reads(text: &str, version: PyVersion) -> BTreeMap<(u32, u32), bool> {
    let dialect = Dialect::of(version);
    let parsed = parse(text, SourceKind::Python, &dialect);
    let lines = LineIndex::new(text);
    let mut analyzer = Analyzer::default();
    let facts = analyzer.analyze(&parsed, text, &dialect, SourceKind::Python);
    let place = |reference: &Reference| {
        let place = lines.line_column(reference.span.start, text);
        (place.line, place.column)
    };
    let bound = facts.refs.iter().filter(|found| found.kind.reads() && found.flow == Flow::Bound);
    let mut sure: BTreeMap<(u32, u32), bool> = bound.map(|found| (place(found), true)).collect();
    for issue in facts.flow_issues.iter().filter(|issue| issue.flow == Flow::Unbound && issue.call.is_none()) {
        sure.insert(place(&facts.refs[issue.reference]), false);
    }
    sure
}
