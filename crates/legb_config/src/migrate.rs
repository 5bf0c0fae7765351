//! From the settings of other tools to ours: ruff, flake8, pylint, import-linter and tach, as far as they concern names, scopes
//! and imports.
//!
//! Rules that another tool selects do not replace those that are on by default here: those that are off are added. What has no
//! counterpart is told with its place. Each tool is one file of this folder; a [`Draft`] collects what they find.

mod flake8;
mod import_linter;
mod pylint;
mod ruff;
mod rules;
mod tach;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use legb_contracts::config::ini_text;
use legb_contracts::config::section::Section;
use legb_project::problem::shown;

use crate::layers::MANIFEST;
use crate::read::{Syntax, read};
use crate::value::{Data, Entry, LayerKind, Place, Source, Table, Value};
use crate::write::to_toml_document;

/// Settings made from those of other tools.
#[derive(Clone, Debug, Default)]
pub struct Migration {
    /// The settings, as TOML.
    pub text: String,
    /// The files that they come from.
    pub files: Vec<String>,
    /// What has no counterpart, or remains to be done.
    pub notes: Vec<Note>,
}

/// Something that was not taken over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Where it stands.
    pub place: String,
    /// What it is, and why.
    pub what: String,
}

/// Reads the settings of other tools in a folder.
pub fn migrate(folder: &Path) -> Migration {
    let mut draft = Draft::default();
    for read in [ruff::read, flake8::read, pylint::read, import_linter::read, tach::read] {
        read(folder, &mut draft);
    }
    let text = to_toml_document(&draft.table).unwrap_or_default();
    Migration { text, files: draft.files, notes: draft.notes }
}

/// What was found so far.
#[derive(Default)]
struct Draft {
    table: Table,
    files: Vec<String>,
    notes: Vec<Note>,
}

impl Draft {
    /// A TOML file, if it is there and can be read.
    fn toml(&mut self, path: &Path) -> Option<Value> {
        let text = fs::read_to_string(path).ok()?;
        let name = shown(path).into_owned();
        let source = Arc::new(Source { name: name.clone(), folder: PathBuf::new(), layer: LayerKind::Project });
        match read(&text, Syntax::Toml, &source) {
            Ok(document) => Some(document),
            Err(error) => {
                self.notes.push(Note { place: error.place, what: error.what });
                None
            }
        }
    }

    /// A table of a TOML file.
    fn toml_table(&mut self, path: &Path, keys: &[&str]) -> Option<Value> {
        self.toml(path)?.at(keys).cloned()
    }

    /// The first INI file of a folder that has a section.
    fn ini(
        &mut self,
        folder: &Path,
        names: &[&str],
        is_it: fn(&str) -> bool,
    ) -> Option<(String, Vec<(String, Section)>)> {
        for name in names {
            let path = folder.join(name);
            let Ok(text) = fs::read_to_string(&path) else { continue };
            let path = shown(&path).into_owned();
            match ini_text::read(&path, &text) {
                Ok(sections) => {
                    let found: Vec<_> = sections.into_iter().filter(|(name, _)| is_it(name)).collect();
                    if !found.is_empty() {
                        return Some((path, found));
                    }
                }
                // A file of several tools concerns us only if it speaks of the one that is asked for.
                Err(complaint) if *name != "setup.cfg" && *name != "tox.ini" => {
                    self.notes.push(Note { place: complaint.place.to_string(), what: complaint.message });
                }
                Err(_) => {}
            }
        }
        None
    }

    fn took(&mut self, path: &str) {
        if !self.files.iter().any(|known| known == path) {
            self.files.push(path.to_owned());
        }
    }

    fn note(&mut self, place: &impl ToString, what: impl Into<String>) {
        self.notes.push(Note { place: place.to_string(), what: what.into() });
    }

    /// Sets a value, unless another tool has set it.
    fn set(&mut self, key: &str, data: Data, place: &Place) {
        if !self.table.contains_key(key) {
            let value = Value { data, place: place.clone() };
            self.table.insert(key.to_owned(), Entry { key: place.clone(), value });
        }
    }

    /// Adds texts to a list, each once.
    fn add(&mut self, key: &str, texts: impl IntoIterator<Item = String>, place: &Place) {
        let texts: Vec<String> = texts.into_iter().collect();
        if texts.is_empty() {
            return;
        }
        self.set(key, Data::List(Vec::new()), place);
        add_to(&mut self.table, key, texts, place);
    }

    /// Adds rules to what is ignored in some files.
    fn ignore_in(&mut self, glob: &str, rules: Vec<String>, place: &Place) {
        const KEY: &str = "per-file-ignores";
        if rules.is_empty() {
            return;
        }
        self.set(KEY, Data::Table(Table::new()), place);
        let Some(Data::Table(table)) = self.table.get_mut(KEY).map(|entry| &mut entry.value.data) else { return };
        if !table.contains_key(glob) {
            let value = Value { data: Data::List(Vec::new()), place: place.clone() };
            table.insert(glob.to_owned(), Entry { key: place.clone(), value });
        }
        add_to(table, glob, rules, place);
    }

    /// Bans an import.
    fn ban(&mut self, name: &str, reason: &str, place: &Place) {
        const KEY: &str = "banned-imports";
        self.set(KEY, Data::Table(Table::new()), place);
        if let Some(Data::Table(table)) = self.table.get_mut(KEY).map(|entry| &mut entry.value.data) {
            let value = Value::text(reason, place.clone());
            table.insert(name.to_owned(), Entry { key: place.clone(), value });
        }
    }

    /// Adds a contract.
    fn contract(&mut self, contract: Value) {
        let place = contract.place.clone();
        self.set("contracts", Data::List(Vec::new()), &place);
        if let Some(Data::List(items)) = self.table.get_mut("contracts").map(|entry| &mut entry.value.data) {
            items.push(contract);
        }
    }
}

fn add_to(table: &mut Table, key: &str, texts: Vec<String>, place: &Place) {
    let Some(Data::List(items)) = table.get_mut(key).map(|entry| &mut entry.value.data) else { return };
    for text in texts {
        if !items.iter().any(|item| item.as_text() == Some(&text)) {
            items.push(Value::text(text, place.clone()));
        }
    }
}

/// The manifest of a folder.
fn manifest(folder: &Path) -> PathBuf {
    folder.join(MANIFEST)
}

/// A place of an INI file as one of ours.
fn place_of(place: &legb_contracts::Place) -> Place {
    let source = Source { name: place.path.clone(), folder: PathBuf::new(), layer: LayerKind::Project };
    Place { source: Arc::new(source), line: place.line, column: place.column }
}
