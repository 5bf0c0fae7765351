//! Settings of ruff: `ruff.toml`, `.ruff.toml`, or `[tool.ruff]` in `pyproject.toml`.

use std::path::Path;

use super::{Draft, manifest, rules};
use crate::value::{Data, Value};

/// Reads them.
pub(super) fn read(folder: &Path, draft: &mut Draft) {
    let own = ["ruff.toml", ".ruff.toml"].iter().find_map(|name| draft.toml(&folder.join(name)));
    let Some(settings) = own.or_else(|| draft.toml_table(&manifest(folder), &["tool", "ruff"])) else { return };
    draft.took(&settings.place.source.name.clone());
    for (name, entry) in settings.as_table().into_iter().flatten() {
        let (value, place) = (&entry.value, &entry.value.place);
        match (name.as_str(), &value.data) {
            ("target-version", Data::Text(version)) => match python_version(version) {
                Some(version) => draft.set(name, Data::Text(version), place),
                None => draft.note(place, format!("`{version}` is no version that legb knows")),
            },
            ("src" | "exclude" | "extend-exclude", Data::List(_)) => draft.add(name, texts(value), place),
            ("force-exclude", Data::Flag(flag)) => draft.set(name, Data::Flag(*flag), place),
            ("lint", Data::Table(_)) => {}
            ("extend", _) => draft.note(place, "`extend`: migrate that file as well, and name it with `extends`"),
            _ => {}
        }
    }
    // Before `lint` was a table of its own, its keys stood at the top.
    lint(&settings, draft);
    if let Some(inner) = settings.at(&["lint"]) {
        lint(inner, draft);
    }
}

fn lint(settings: &Value, draft: &mut Draft) {
    for (name, entry) in settings.as_table().into_iter().flatten() {
        let (value, place) = (&entry.value, &entry.value.place);
        match name.as_str() {
            "select" | "extend-select" => {
                let (found, _) = codes(value);
                draft.add("extend-select", rules::off_by_default(found), place);
            }
            "ignore" | "extend-ignore" => {
                let (found, others) = codes(value);
                draft.add("ignore", found, place);
                if !others.is_empty() {
                    draft.note(place, format!("`{name}`: nothing that legb reports: {}", others.join(", ")));
                }
            }
            "per-file-ignores" | "extend-per-file-ignores" => {
                for (glob, entry) in value.as_table().into_iter().flatten() {
                    let (found, _) = codes(&entry.value);
                    draft.ignore_in(glob, found, &entry.value.place);
                }
            }
            "flake8-tidy-imports" => {
                for (name, entry) in value.at(&["banned-api"]).and_then(Value::as_table).into_iter().flatten() {
                    let reason = entry.value.at(&["msg"]).and_then(Value::as_text).unwrap_or_default();
                    draft.ban(name, reason, &entry.key);
                }
            }
            _ => {}
        }
    }
}

fn texts(value: &Value) -> Vec<String> {
    value.each_text().map(|(text, _)| text.to_owned()).collect()
}

fn codes(value: &Value) -> (Vec<String>, Vec<&str>) {
    rules::all(value.each_text().map(|(text, _)| text), rules::by_code)
}

/// `py311` as `3.11`.
pub(super) fn python_version(text: &str) -> Option<String> {
    let version = text.strip_prefix("py3").map_or_else(|| text.to_owned(), |minor| format!("3.{minor}"));
    version.parse::<legb_base::PyVersion>().ok().map(|version| version.to_string())
}
