//! Contracts of import-linter: `setup.cfg`, `.importlinter`, or `[tool.importlinter]` in `pyproject.toml`. Ours have the same
//! types and keys.

use std::path::Path;

use legb_contracts::config::section::{self, Section};

use super::{Draft, manifest, place_of};
use crate::value::{Data, Entry, Place, Table, Value};

const SECTION: &str = "importlinter";
/// Keys of the whole file that each of our contracts has for itself.
const SHARED: [&str; 2] = ["root_packages", "exclude_type_checking_imports"];
/// Keys whose values are flags.
const FLAGS: [&str; 4] = ["allow_indirect_imports", "as_packages", "exhaustive", "exclude_type_checking_imports"];
/// Keys whose values are numbers.
const NUMBERS: [&str; 1] = ["depth"];
/// Keys whose values are texts.
const TEXTS: [&str; 5] = ["name", "type", "id", "unmatched_ignore_imports_alerting", "broken_contract_guidance"];

/// Reads them.
pub(super) fn read(folder: &Path, draft: &mut Draft) {
    let is_own = |name: &str| name == SECTION || name.starts_with("importlinter:contract:");
    if let Some((path, sections)) = draft.ini(folder, &["setup.cfg", ".importlinter"], is_own) {
        draft.took(&path);
        from_ini(&sections, draft);
        finish(&path, draft);
    } else if let Some(settings) = draft.toml_table(&manifest(folder), &["tool", SECTION]) {
        let path = settings.place.source.name.clone();
        draft.took(&path);
        from_toml(&settings, draft);
        finish(&path, draft);
    }
}

fn finish(path: &str, draft: &mut Draft) {
    draft.note(&path, "its contracts are taken over: delete them here, or they are checked twice");
}

fn from_ini(sections: &[(String, Section)], draft: &mut Draft) {
    let session = sections.iter().find(|(name, _)| name == SECTION).map(|(_, section)| section);
    let shared: Table = session.into_iter().flat_map(entries).filter_map(shared).collect();
    for (_, section) in sections.iter().filter(|(name, _)| name != SECTION) {
        let own: Table = entries(section).collect();
        push(own, &shared, &place_of(&section.place), draft);
    }
}

fn from_toml(settings: &Value, draft: &mut Draft) {
    let table = settings.as_table().into_iter().flatten();
    let shared: Table = table.map(|(name, entry)| (name.clone(), entry.clone())).filter_map(shared).collect();
    let contracts = settings.at(&["contracts"]);
    let Some(Data::List(items)) = contracts.map(|value| &value.data) else { return };
    for item in items {
        if let Some(table) = item.as_table() {
            push(table.clone(), &shared, &item.place, draft);
        }
    }
}

fn push(own: Table, shared: &Table, place: &Place, draft: &mut Draft) {
    let mut contract = own;
    for (name, entry) in shared {
        if !contract.contains_key(name) {
            contract.insert(name.clone(), entry.clone());
        }
    }
    draft.contract(Value { data: Data::Table(contract), place: place.clone() });
}

/// What holds for the whole file, as a contract says it.
fn shared((name, mut entry): (String, Entry)) -> Option<(String, Entry)> {
    if name == "root_package" {
        entry.value.data = Data::List(vec![entry.value.clone()]);
        return Some((SHARED[0].to_owned(), entry));
    }
    SHARED.contains(&name.as_str()).then_some((name, entry))
}

/// The entries of a section, typed by their names.
fn entries(section: &Section) -> impl Iterator<Item = (String, Entry)> {
    section.entries.iter().map(|entry| {
        let (key, place) = (place_of(&entry.key.place), place_of(&entry.value.place));
        let lines = lines(&entry.value.value);
        let name = entry.key.value.as_str();
        let text = lines.first().cloned().unwrap_or_default();
        let data = if FLAGS.contains(&name) {
            Data::Flag(["true", "yes", "on", "1"].contains(&text.to_lowercase().as_str()))
        } else if NUMBERS.contains(&name) {
            Data::Number(text)
        } else if TEXTS.contains(&name) || name == "root_package" {
            Data::Text(lines.join("\n"))
        } else {
            Data::List(lines.into_iter().map(|line| Value::text(line, place.clone())).collect())
        };
        (name.to_owned(), Entry { key, value: Value { data, place } })
    })
}

fn lines(value: &section::Value) -> Vec<String> {
    match value {
        section::Value::Text(text) => vec![text.clone()],
        section::Value::List(items) => items.iter().flat_map(|item| lines(&item.value)).collect(),
        _ => Vec::new(),
    }
    .into_iter()
    .filter(|line| !line.is_empty())
    .collect()
}
