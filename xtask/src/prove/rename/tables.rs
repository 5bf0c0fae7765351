//! Symbol tables of before and after, which must be equal up to the name.

use anyhow::Context;
use legb_base::PyVersion;
use legb_oracle::Interpreter;
use legb_oracle::run::{Request, Script, ask};
use legb_oracle::wire::{Symbol, SymtableRow, Table};

use super::Made;
use crate::legb;

/// What differs in the tables that legb builds of the edited files.
pub(super) fn differences_by_legb(made: &Made, version: PyVersion) -> anyhow::Result<Vec<String>> {
    let mut found = Vec::new();
    for (path, before, after) in &made.files {
        let path = path.to_string_lossy();
        let row = |text: &str| legb::symtable_row(&path, text.as_bytes(), version);
        found.extend(difference(made, &path, &row(before)?, &row(after)?));
    }
    Ok(found)
}

/// What differs in the tables that the interpreter builds of the edited files.
pub(super) fn differences_by_interpreter(made: &Made, interpreter: &Interpreter) -> anyhow::Result<Vec<String>> {
    let request = |path: &std::path::Path, text: &String| Request::Source {
        name: path.to_string_lossy().into_owned(),
        bytes: text.clone().into_bytes(),
    };
    let requests = made.files.iter().flat_map(|(path, before, after)| [request(path, before), request(path, after)]);
    let requests: Vec<Request> = requests.collect();
    let rows: Vec<SymtableRow> = ask(interpreter, Script::Symtable { compile: true }, &requests)?;
    let mut found = Vec::new();
    for (rows, (path, ..)) in rows.chunks(2).zip(&made.files) {
        let [before, after] = rows else { continue };
        found.extend(difference(made, &path.to_string_lossy(), before, after));
    }
    Ok(found)
}

fn difference(made: &Made, path: &str, before: &SymtableRow, after: &SymtableRow) -> Option<String> {
    let tables = before.top.as_ref().zip(after.top.as_ref()).context("no table");
    let what = match tables {
        Ok((before, after)) => table_difference(before, after, made)?,
        Err(_) => after.msg.clone().unwrap_or_else(|| "it does not compile".to_owned()),
    };
    Some(format!("{} in {path}: {what}", made.label))
}

/// The first difference that the name does not explain.
fn table_difference(before: &Table, after: &Table, made: &Made) -> Option<String> {
    let renamed = |a: &str, b: &str| a == b || a == made.old && b == made.new;
    let head = |table: &Table| (table.kind.clone(), table.nested, table.optimized, table.has_children);
    if head(before) != head(after)
        || !renamed(&before.name, &after.name)
        || before.children.len() != after.children.len()
    {
        return Some(format!("the table `{}` became `{}`", before.name, after.name));
    }
    let only = |these: &[Symbol], those: &[Symbol]| -> Vec<Symbol> {
        these.iter().filter(|symbol| !those.contains(symbol)).cloned().collect()
    };
    let (gone, mut come) = (only(&before.symbols, &after.symbols), only(&after.symbols, &before.symbols));
    // A comprehension that is compiled into the code around puts its variable into that table: two variables of one name are
    // one symbol there, and become two where one of them gets another name.
    let shared = before.symbols.iter().any(|symbol| symbol.0 == made.old)
        && after.symbols.iter().any(|symbol| symbol.0 == made.old);
    if shared {
        come.retain(|symbol| symbol.0 != made.old);
    }
    let is_rename = match (&gone[..], &come[..]) {
        ([], []) => true,
        ([], [b]) => shared && b.0 == made.new,
        ([a], [b]) => renamed(&a.0, &b.0) && ((&a.1, &a.2) == (&b.1, &b.2) || shared),
        _ => false,
    };
    if !is_rename {
        return Some(format!("in `{}` {gone:?} became {come:?}", before.name));
    }
    before.children.iter().zip(&after.children).find_map(|(before, after)| table_difference(before, after, made))
}
