//! What the merged settings mean: typed, with paths that start from the working directory.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use legb_base::PyVersion;
use legb_rules::BannedImport;

use crate::check::ALL_VERSIONS;
use crate::error::ConfigErrors;
use crate::fold::{Merged, fold};
use crate::keys::{EXTEND, LOGS};
use crate::layers::{Layers, Request};
use crate::value::{Data, Place, Table, Value};

/// A setting that somebody made, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Set<T> {
    /// What it says.
    pub value: T,
    /// Where.
    pub place: Place,
}

/// Rules that do not speak of some files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PerFileIgnore {
    /// The pattern, from the working directory or the root of the file system where it has a slash.
    pub pattern: String,
    /// The rules.
    pub rules: Vec<String>,
}

/// What is about logs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogSettings {
    /// `logs.tz`: the zone of times without one.
    pub tz: Option<String>,
    /// `logs.format-in`: what logs are read as.
    pub format_in: Option<Set<String>>,
    /// `logs.formats`: formats by name, each with what describes it.
    pub formats: Vec<(String, Set<String>)>,
    /// `logs.map`: what paths in logs begin with, and what that is in the project.
    pub map: Vec<(String, PathBuf)>,
    /// `logs.rate`: how many alerts in which span.
    pub rate: Option<String>,
}

/// The settings of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// `target-version`, oldest first, each once.
    pub target_version: Option<Set<Vec<PyVersion>>>,
    /// `src`.
    pub src: Vec<Set<PathBuf>>,
    /// `python`.
    pub python: Option<Set<PathBuf>>,
    /// `exclude`, with all that was added; patterns with a slash start from the working directory.
    pub exclude: Vec<String>,
    /// `force-exclude`.
    pub force_exclude: bool,
    /// `select`; nothing for the rules that are on by default.
    pub select: Vec<String>,
    /// What is added to the rules that are on by default.
    pub extend_select: Vec<String>,
    /// `ignore`.
    pub ignore: Vec<String>,
    /// `per-file-ignores`.
    pub per_file_ignores: Vec<PerFileIgnore>,
    /// `banned-imports`.
    pub banned_imports: Vec<BannedImport>,
    /// `builtin-shadowing-arguments`.
    pub builtin_shadowing_arguments: Option<bool>,
    /// `format`.
    pub format: Option<String>,
    /// `threads`.
    pub threads: Option<NonZeroUsize>,
    /// `cache-dir`.
    pub cache_dir: Option<PathBuf>,
    /// `no-cache`.
    pub no_cache: bool,
    /// `baseline`.
    pub baseline: Option<PathBuf>,
    /// `logs.*`.
    pub logs: LogSettings,
}

/// Settings, and how they came about.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The settings.
    pub settings: Settings,
    /// The table that they were read from.
    pub merged: Merged,
    /// The layers that it was folded from.
    pub layers: Layers,
}

/// Reads, merges and types the settings of a run.
pub fn load(request: &Request) -> Result<Loaded, ConfigErrors> {
    let layers = Layers::read(request)?;
    let merged = fold(&layers);
    Ok(Loaded { settings: Settings::of(&merged.value), merged, layers })
}

impl Settings {
    /// Reads a table of settings, all of which are of their kind.
    fn of(merged: &Value) -> Self {
        let from = From { table: merged };
        Self {
            target_version: from
                .value("target-version")
                .map(|value| Set { value: versions(value), place: value.place.clone() }),
            src: from.each("src").map(path).collect(),
            python: from.value("python").and_then(|value| value.each_text().next()).map(path),
            exclude: from.each("exclude").map(|(text, place)| pattern(text, place)).collect(),
            force_exclude: from.flag("force-exclude"),
            select: from.texts("select"),
            extend_select: from.texts(&format!("{EXTEND}select")),
            ignore: from.texts("ignore"),
            per_file_ignores: from.entries("per-file-ignores").map(per_file_ignore).collect(),
            banned_imports: banned_imports(from.value("banned-imports")),
            builtin_shadowing_arguments: from
                .value("builtin-shadowing-arguments")
                .map(|_| from.flag("builtin-shadowing-arguments")),
            format: from.text("format"),
            threads: from.count("threads"),
            cache_dir: from.path("cache-dir"),
            no_cache: from.flag("no-cache"),
            baseline: from.path("baseline"),
            logs: LogSettings::of(merged.at(&[LOGS])),
        }
    }
}

impl LogSettings {
    fn of(table: Option<&Value>) -> Self {
        let Some(table) = table else { return Self::default() };
        let from = From { table };
        let set = |value: &Value| Some(Set { value: value.as_text()?.to_owned(), place: value.place.clone() });
        Self {
            tz: from.text("tz"),
            format_in: from.value("format-in").and_then(set),
            formats: from
                .entries("formats")
                .filter_map(|(name, _, value)| Some((name.to_owned(), set(value)?)))
                .collect(),
            map: from
                .entries("map")
                .filter_map(|(from, _, value)| {
                    let to = value.as_text()?;
                    Some((from.to_owned(), value.place.source.folder.join(to)))
                })
                .collect(),
            rate: from.text("rate"),
        }
    }
}

/// Reads values of a table, which has been checked.
struct From<'a> {
    table: &'a Value,
}

impl<'a> From<'a> {
    fn value(&self, key: &str) -> Option<&'a Value> {
        self.table.at(&[key])
    }

    fn each(&self, key: &str) -> impl Iterator<Item = (&'a str, &'a Place)> {
        self.value(key).into_iter().flat_map(Value::each_text)
    }

    fn texts(&self, key: &str) -> Vec<String> {
        self.each(key).map(|(text, _)| text.to_owned()).collect()
    }

    fn text(&self, key: &str) -> Option<String> {
        Some(self.value(key)?.as_text()?.to_owned())
    }

    fn path(&self, key: &str) -> Option<PathBuf> {
        self.each(key).next().map(|at| path(at).value)
    }

    fn flag(&self, key: &str) -> bool {
        self.value(key).is_some_and(|value| matches!(value.data, Data::Flag(true)))
    }

    fn count(&self, key: &str) -> Option<NonZeroUsize> {
        match &self.value(key)?.data {
            Data::Number(number) => number.parse().ok(),
            _ => None,
        }
    }

    fn entries(&self, key: &str) -> impl Iterator<Item = (&'a str, &'a Place, &'a Value)> {
        let table: Option<&Table> = self.value(key).and_then(Value::as_table);
        table.into_iter().flatten().map(|(name, entry)| (name.as_str(), &entry.key, &entry.value))
    }
}

fn versions(value: &Value) -> Vec<PyVersion> {
    if value.each_text().any(|(text, _)| text == ALL_VERSIONS) {
        return PyVersion::ALL.to_vec();
    }
    let mut versions: Vec<PyVersion> = value.each_text().filter_map(|(text, _)| text.parse().ok()).collect();
    versions.sort_unstable();
    versions.dedup();
    versions
}

fn path((text, place): (&str, &Place)) -> Set<PathBuf> {
    Set { value: place.source.folder.join(text), place: place.clone() }
}

/// A pattern as it means the same from the working directory.
fn pattern(text: &str, place: &Place) -> String {
    let folder: &Path = &place.source.folder;
    let bare = text.strip_prefix("./").unwrap_or(text).trim_end_matches('/');
    if folder.as_os_str().is_empty() || !bare.contains('/') || Path::new(bare).is_absolute() {
        return text.to_owned();
    }
    format!("{}/{bare}", globset::escape(&folder.to_string_lossy()))
}

fn per_file_ignore((glob, place, rules): (&str, &Place, &Value)) -> PerFileIgnore {
    let rules = rules.each_text().map(|(rule, _)| rule.to_owned()).collect();
    PerFileIgnore { pattern: pattern(glob, place), rules }
}

fn banned_imports(value: Option<&Value>) -> Vec<BannedImport> {
    let Some(value) = value else { return Vec::new() };
    match &value.data {
        Data::Table(table) => table
            .iter()
            .map(|(name, entry)| {
                let reason = entry.value.as_text().filter(|reason| !reason.is_empty());
                BannedImport { name: name.clone(), reason: reason.map(str::to_owned) }
            })
            .collect(),
        _ => value.each_text().map(|(name, _)| BannedImport { name: name.to_owned(), reason: None }).collect(),
    }
}
