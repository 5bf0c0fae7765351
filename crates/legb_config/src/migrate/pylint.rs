//! Settings of pylint: `.pylintrc`, `pylintrc`, `setup.cfg`, or `[tool.pylint]` in `pyproject.toml`.

use std::path::Path;

use legb_contracts::config::section::{Entry, Section};

use super::flake8::words;
use super::ruff::python_version;
use super::{Draft, manifest, place_of, rules};
use crate::value::{Data, Place, Value};

/// Reads them.
pub(super) fn read(folder: &Path, draft: &mut Draft) {
    let is_own = |name: &str| ["MASTER", "MAIN", "MESSAGES CONTROL"].contains(&name) || name.starts_with("pylint");
    if let Some((path, sections)) = draft.ini(folder, &[".pylintrc", "pylintrc", "setup.cfg"], is_own) {
        draft.took(&path);
        for entry in sections.iter().flat_map(|(_, section): &(String, Section)| &section.entries) {
            ini_entry(entry, draft);
        }
        return;
    }
    if let Some(settings) = draft.toml_table(&manifest(folder), &["tool", "pylint"]) {
        draft.took(&settings.place.source.name.clone());
        toml_entries(&settings, draft);
    }
}

fn ini_entry(entry: &Entry, draft: &mut Draft) {
    setting(&entry.key.value, &words(entry), &place_of(&entry.value.place), draft);
}

/// Settings stand in tables of any name.
fn toml_entries(settings: &Value, draft: &mut Draft) {
    for (name, entry) in settings.as_table().into_iter().flatten() {
        let value = &entry.value;
        if let Data::Table(_) = &value.data {
            toml_entries(value, draft);
        } else {
            let texts: Vec<String> = value.each_text().map(|(text, _)| text.to_owned()).collect();
            setting(name, &texts, &value.place, draft);
        }
    }
}

fn setting(name: &str, words: &[String], place: &Place, draft: &mut Draft) {
    let messages = || words.iter().map(String::as_str);
    match name.replace('_', "-").as_str() {
        "disable" => {
            let (found, others) = rules::all(messages().filter(|message| *message != "all"), rules::by_message);
            draft.add("ignore", found, place);
            if !others.is_empty() {
                draft.note(place, format!("`disable`: nothing that legb reports: {}", others.join(", ")));
            }
        }
        "enable" => {
            let (found, _) = rules::all(messages(), rules::by_message);
            draft.add("extend-select", rules::off_by_default(found), place);
        }
        "ignore" => draft.add("extend-exclude", words.to_vec(), place),
        "ignore-paths" | "ignore-patterns" => {
            draft
                .note(place, format!("`{name}` has regular expressions: write them as patterns into `extend-exclude`"));
        }
        "py-version" => {
            if let Some(version) = words.first().and_then(|version| python_version(version)) {
                draft.set("target-version", Data::Text(version), place);
            }
        }
        "source-roots" => draft.add("src", words.to_vec(), place),
        _ => {}
    }
}
