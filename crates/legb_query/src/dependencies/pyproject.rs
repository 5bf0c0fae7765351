//! `pyproject.toml`: `[project]`, `[dependency-groups]`, and the tables of Poetry, PDM, uv and setuptools.

use std::ops::Range;
use std::path::Path;

use legb_base::invalid_toml;
use legb_project::problem::shown;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Declared, Problem, Purpose, text_of};

/// A TOML file whose values know their line.
pub(crate) struct Toml<'a> {
    text: &'a str,
    table: DeTable<'a>,
}

impl<'a> Toml<'a> {
    /// Reads a text; the error says what is wrong and in which line.
    pub(crate) fn parse(text: &'a str) -> Result<Self, String> {
        match DeTable::parse(text) {
            Ok(table) => Ok(Self { text, table: table.into_inner() }),
            Err(error) => Err(invalid_toml(text, error.span(), error.message())),
        }
    }

    /// The value at a path of keys.
    pub(crate) fn at(&self, keys: &[&str]) -> Option<&Spanned<DeValue<'a>>> {
        let (first, rest) = keys.split_first()?;
        rest.iter().try_fold(self.table.get(*first)?, |value, key| value.get_ref().as_table()?.get(*key))
    }

    /// Keys and values of the table at a path of keys.
    pub(crate) fn entries(&self, keys: &[&str]) -> impl Iterator<Item = (&str, &Spanned<DeValue<'a>>, u32)> {
        let table = self.at(keys).and_then(|value| value.get_ref().as_table());
        table.into_iter().flatten().map(|(key, value)| (&**key.get_ref(), value, line_at(self.text, &key.span())))
    }

    /// The line where a value stands.
    pub(crate) fn line(&self, value: &Spanned<DeValue<'_>>) -> u32 {
        line_at(self.text, &value.span())
    }

    /// The text at a path of keys.
    pub(crate) fn string(&self, keys: &[&str]) -> Option<&str> {
        self.at(keys)?.get_ref().as_str()
    }
}

fn line_at(text: &str, span: &Range<usize>) -> u32 {
    let before = text.get(..span.start).unwrap_or(text);
    u32::try_from(before.matches('\n').count()).unwrap_or(u32::MAX - 1) + 1
}

/// Adds what `pyproject.toml` of `root` requires.
pub(super) fn read(root: &Path, declared: &mut Declared) {
    let path = root.join("pyproject.toml");
    let Some(text) = text_of(&path, &mut declared.problems) else { return };
    let toml = match Toml::parse(&text) {
        Ok(toml) => toml,
        Err(what) => {
            declared.incomplete = true;
            declared.problems.push(Problem::error(&path, what, "mend it"));
            return;
        }
    };
    declared.found = true;
    let name = toml.string(&["project", "name"]).or_else(|| toml.string(&["tool", "poetry", "name"]));
    declared.project = name.map(str::to_owned);
    let mut reader = Reader { toml: &toml, printed: shown(&path).into_owned(), root, declared };
    reader.list(&["project", "dependencies"], &Purpose::Runtime);
    reader.table_of_lists(&["project", "optional-dependencies"], Purpose::Extra);
    reader.table_of_lists(&["dependency-groups"], Purpose::Development);
    reader.list(&["build-system", "requires"], &Purpose::Build);
    reader.dynamic();
    reader.keys(&["tool", "poetry", "dependencies"], &Purpose::Runtime);
    reader.keys(&["tool", "poetry", "dev-dependencies"], &Purpose::Development("dev".to_owned()));
    for (group, ..) in toml.entries(&["tool", "poetry", "group"]) {
        reader.keys(&["tool", "poetry", "group", group, "dependencies"], &Purpose::Development(group.to_owned()));
    }
    reader.list(&["tool", "uv", "dev-dependencies"], &Purpose::Development("dev".to_owned()));
    reader.table_of_lists(&["tool", "pdm", "dev-dependencies"], Purpose::Development);
}

struct Reader<'a> {
    toml: &'a Toml<'a>,
    printed: String,
    root: &'a Path,
    declared: &'a mut Declared,
}

impl Reader<'_> {
    /// A list of requirements.
    fn list(&mut self, keys: &[&str], purpose: &Purpose) {
        if let Some(value) = self.toml.at(keys) {
            self.requirements(value, purpose);
        }
    }

    fn table_of_lists(&mut self, keys: &[&str], purpose: fn(String) -> Purpose) {
        for (name, value, _) in self.toml.entries(keys) {
            self.requirements(value, &purpose(name.to_owned()));
        }
    }

    fn requirements(&mut self, value: &Spanned<DeValue<'_>>, purpose: &Purpose) {
        for element in value.get_ref().as_array().into_iter().flat_map(|array| array.iter()) {
            // Tables in a dependency group include another group, which is read by itself.
            if let Some(requirement) = element.get_ref().as_str() {
                self.declared.add(requirement, &self.printed, self.toml.line(element), purpose);
            }
        }
    }

    /// A table whose keys are the distributions (Poetry).
    fn keys(&mut self, keys: &[&str], purpose: &Purpose) {
        for (name, _, line) in self.toml.entries(keys) {
            if name != "python" {
                self.declared.add(name, &self.printed, line, purpose);
            }
        }
    }

    /// What `[project] dynamic` leaves to setuptools: requirements files, which can be read, or `setup.py`.
    fn dynamic(&mut self) {
        let keys = ["tool", "setuptools", "dynamic"];
        self.files(&[keys[0], keys[1], keys[2], "dependencies", "file"], &Purpose::Runtime);
        for (extra, ..) in self.toml.entries(&[keys[0], keys[1], keys[2], "optional-dependencies"]) {
            let keys = [keys[0], keys[1], keys[2], "optional-dependencies", extra, "file"];
            self.files(&keys, &Purpose::Extra(extra.to_owned()));
        }
    }

    fn files(&mut self, keys: &[&str], purpose: &Purpose) {
        let Some(value) = self.toml.at(keys) else { return };
        let one = value.get_ref().as_str();
        let many = value.get_ref().as_array().into_iter().flat_map(|array| array.iter());
        for file in one.into_iter().chain(many.filter_map(|file| file.get_ref().as_str())) {
            super::requirements_txt::read(&self.root.join(file), purpose, self.declared);
        }
    }
}
