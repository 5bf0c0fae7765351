//! Which contracts does a project have? Finds and reads the files that say so.
//!
//! In the folder asked about, or the nearest above it that has any: contracts of legb itself (the first of
//! `legb.toml`, `legb.json` and `[tool.legb.contracts]` in `pyproject.toml` that has any), those of import-linter (the first of `setup.cfg`, `.importlinter` and
//! `pyproject.toml` that has its section, as import-linter itself looks for them), and those of tach (`tach.toml`, else
//! `[tool.tach]`). What is wrong is told with its place; the rest is used.

mod demand;
mod importlinter;
pub mod ini_text;
mod json_text;
mod own;
pub mod section;
mod tach;
mod toml_text;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use legb_project::problem::shown;

use crate::contract::{Complaint, Contract, Demand, Place, Written};
use crate::imports::Scope;
use section::{Options, Section};

/// The contracts of a project.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// The contracts, file by file, in the order of each.
    pub contracts: Vec<Contract>,
    /// The files that they were read from, as they are printed.
    pub files: Vec<String>,
    /// The folder of these files.
    pub folder: PathBuf,
    /// Import roots that the files name; empty where they name none.
    pub source_roots: Vec<PathBuf>,
    /// What is wrong; the contracts concerned are missing above.
    pub complaints: Vec<Complaint>,
    /// What is odd.
    pub warnings: Vec<Complaint>,
}

/// What was read from one file.
#[derive(Debug, Default)]
pub(crate) struct Read {
    contracts: Vec<Contract>,
    complaints: Vec<Complaint>,
    warnings: Vec<Complaint>,
    source_roots: Vec<Written<String>>,
    /// Types of contracts that only import-linter can check.
    custom_types: Vec<String>,
}

impl Read {
    fn failed(complaint: Complaint) -> Self {
        Self { complaints: vec![complaint], ..Self::default() }
    }

    fn complain(&mut self, place: &Place, message: String, help: Option<String>) {
        self.complaints.push(Complaint { place: place.clone(), message, help });
    }

    fn warn(&mut self, place: &Place, message: &str, help: &str) {
        let (message, help) = (message.to_owned(), Some(help.to_owned()));
        self.warnings.push(Complaint { place: place.clone(), message, help });
    }

    fn push(&mut self, contract: Result<Contract, Vec<Complaint>>) {
        match contract {
            Ok(contract) => self.contracts.push(contract),
            Err(complaints) => self.complaints.extend(complaints),
        }
    }
}

/// The contracts for `start`, a folder or file: of the nearest folder at or above it that has any; nothing if none has.
pub fn find(start: &Path) -> Option<Config> {
    let start = if start.is_dir() { start.to_owned() } else { start.parent().unwrap_or(Path::new("")).to_owned() };
    let here = std::env::current_dir().unwrap_or_default();
    let absolute = here.join(&start);
    for folder in absolute.ancestors() {
        // Paths are printed from the working directory, if they lie below it.
        let folder = folder.strip_prefix(&here).unwrap_or(folder);
        let config = in_folder(folder);
        if !config.files.is_empty() {
            return Some(config);
        }
    }
    None
}

/// The contracts in one file, whose name tells what it is: `pyproject.toml`, `tach.toml`, a `.json` or another `.toml` as
/// legb's own, else INI.
pub fn read_file(path: &Path) -> io::Result<Config> {
    let text = fs::read_to_string(path)?;
    let folder = path.parent().unwrap_or(Path::new(""));
    let mut config = Config { folder: folder.to_owned(), ..Config::default() };
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let is = |end: &str| path.extension().is_some_and(|extension| extension == end);
    let (is_toml, is_json) = (is("toml"), is("json"));
    let reads: &[Reader] = match name {
        "pyproject.toml" => &[own_in_pyproject, importlinter_in_pyproject, tach_in_pyproject],
        "tach.toml" => &[tach],
        _ if is_json => &[own_in_json],
        _ if is_toml => &[own, importlinter_in_pyproject],
        _ => &[importlinter_ini],
    };
    let file = File { path: shown(path).into_owned(), folder: shown(folder).into_owned(), text };
    for read in reads {
        config.take(&file, read(&file));
    }
    if config.files.is_empty() {
        let place = Place { path: file.path.clone(), line: 1, column: 1 };
        let message = "there are no contracts in this file".to_owned();
        config.complaints.push(Complaint { place, message, help: None });
    }
    Ok(config)
}

/// Reads the contracts of a file; nothing if it has none of the kind.
type Reader = fn(&File) -> Option<Read>;

/// A configuration file.
struct File {
    path: String,
    folder: String,
    text: String,
}

fn in_folder(folder: &Path) -> Config {
    let mut config = Config { folder: folder.to_owned(), ..Config::default() };
    let file = |name: &str| {
        let path = folder.join(name);
        let text = fs::read_to_string(&path).ok()?;
        Some(File { path: shown(&path).into_owned(), folder: shown(folder).into_owned(), text })
    };
    let pyproject = file("pyproject.toml");
    let first_of = |choices: Vec<(Option<File>, Reader)>, config: &mut Config| {
        for (file, read) in choices {
            let found = file.as_ref().and_then(|file| Some((file, read(file)?)));
            if let Some((file, read)) = found {
                config.take(file, Some(read));
                break;
            }
        }
    };
    let again = || file("pyproject.toml");
    let own_files: Vec<(Option<File>, Reader)> =
        vec![(file("legb.toml"), own), (file("legb.json"), own_in_json), (pyproject, own_in_pyproject)];
    first_of(own_files, &mut config);
    let of_importlinter: Vec<(Option<File>, Reader)> = vec![
        (file("setup.cfg"), importlinter_ini),
        (file(".importlinter"), importlinter_ini),
        (again(), importlinter_in_pyproject),
    ];
    first_of(of_importlinter, &mut config);
    first_of(vec![(file("tach.toml"), tach), (again(), tach_in_pyproject)], &mut config);
    config
}

impl Config {
    fn take(&mut self, file: &File, read: Option<Read>) {
        let Some(read) = read else { return };
        if !self.files.contains(&file.path) {
            self.files.push(file.path.clone());
        }
        self.contracts.extend(read.contracts);
        let is_custom = |complaint: &Complaint| {
            let quoted = |name: &String| complaint.message.contains(&format!("type of contract `{name}`"));
            read.custom_types.iter().any(quoted)
        };
        self.complaints.extend(read.complaints.into_iter().filter(|complaint| !is_custom(complaint)));
        self.warnings.extend(read.warnings);
        self.source_roots.extend(read.source_roots.iter().map(|root| self.folder.join(&root.value)));
    }
}

/// A table of a TOML file, by the keys that lead to it. A file of another tool that cannot be read is that tool's business,
/// unless it has the word.
fn table(file: &File, keys: &[&str], word: &str, read: impl FnOnce(&Section) -> Option<Read>) -> Option<Read> {
    if !file.text.contains(word) {
        return None;
    }
    match toml_text::read(&file.path, &file.text) {
        Ok(section) => {
            let section = keys.iter().try_fold(&section, |section, key| section.table(key))?;
            read(section)
        }
        Err(complaint) => Some(Read::failed(complaint)),
    }
}

fn contracts_of(section: &Section) -> Option<Read> {
    Some(own::read(&section.get("contracts")?.value))
}

fn own(file: &File) -> Option<Read> {
    table(file, &[], "contracts", contracts_of)
}

fn own_in_json(file: &File) -> Option<Read> {
    if !file.text.contains("contracts") {
        return None;
    }
    match json_text::read(&file.path, &file.text) {
        Ok(section) => contracts_of(&section),
        Err(complaint) => Some(Read::failed(complaint)),
    }
}

fn own_in_pyproject(file: &File) -> Option<Read> {
    table(file, &["tool", "legb"], "legb", contracts_of)
}

fn importlinter_in_pyproject(file: &File) -> Option<Read> {
    table(file, &["tool", "importlinter"], "importlinter", |section| Some(importlinter::read_table(section)))
}

fn importlinter_ini(file: &File) -> Option<Read> {
    importlinter::read_ini(&file.path, &file.text)
}

fn tach(file: &File) -> Option<Read> {
    table(file, &[], "", |section| Some(tach::read(section, &file.folder)))
}

fn tach_in_pyproject(file: &File) -> Option<Read> {
    table(file, &["tool", "tach"], "tach", |section| Some(tach::read(section, &file.folder)))
}

/// A contract with what all kinds have in common; the error are the complaints.
pub(crate) fn contract(
    mut options: Options<'_>,
    name: Option<Written<String>>,
    id: Option<String>,
    scope: Scope,
    demand: impl FnOnce(&mut Options<'_>) -> Option<Demand>,
) -> Result<Contract, Vec<Complaint>> {
    let ignored = options.imports("ignore_imports");
    let unmatched = options.alert("unmatched_ignore_imports_alerting", ["error", "warn", "none"]);
    let guidance = options.lines("broken_contract_guidance").map(|text| text.trim().to_owned());
    let place = options.place();
    let demand = demand(&mut options);
    // An unknown type has unknown keys.
    let complaints = match &demand {
        Some(_) => options.finish(),
        None => options.finish_known(),
    };
    match (name, demand) {
        (Some(name), Some(demand)) if complaints.is_empty() => Ok(Contract {
            id,
            name: name.value,
            place,
            scope,
            demand,
            ignored,
            unmatched,
            guidance: guidance.filter(|text| !text.is_empty()),
        }),
        _ => Err(complaints),
    }
}
