//! What legb says, in the shapes in which comparisons want it.

use anyhow::Context;
use legb_base::{Dialect, PyVersion};
use legb_oracle::wire::SymtableRow;
use legb_syntax::{SourceKind, decode, parse};

use crate::corpus::names::NameUse;

/// legb's row about a file, as `legb scopes --format json` prints it; where its parser refuses the file, the stage says so.
pub(crate) fn symtable_row(
    path: &str,
    bytes: &[u8],
    version: PyVersion,
) -> anyhow::Result<SymtableRow> {
    let mut row = SymtableRow::read(&legb_scope::symtable::row(path, bytes, version))
        .with_context(|| format!("legb's row about {path} cannot be read"))?;
    if row.exception.is_some() && row.top.is_none() && parser_refuses(bytes, version) {
        row.stage = Some("parser".to_owned());
    }
    Ok(row)
}

fn parser_refuses(bytes: &[u8], version: PyVersion) -> bool {
    let dialect = Dialect::of(version);
    decode::decode(bytes, &dialect).is_ok_and(|text| {
        parse(&text, SourceKind::Python, &dialect)
            .grammar_error(&text, &dialect)
            .is_some()
    })
}

/// legb's uses of names in a file; none where it does not compile.
pub(crate) fn name_uses(bytes: &[u8], version: PyVersion) -> Vec<NameUse> {
    let uses = legb_scope::names::uses(bytes, version).unwrap_or_default();
    uses.into_iter()
        .map(|found| NameUse {
            name: found.name,
            rule: found.rule.as_str(),
            access: found.access.as_str(),
            range: (
                (found.line, found.column_utf8),
                (found.end_line, found.end_column_utf8),
            ),
        })
        .collect()
}
