//! Files of settings: the user's, those that are extended, the project's, an environment's.
//!
//! The project's file is `legb.toml`, `legb.json` or the table `[tool.legb]` of `pyproject.toml`, in the nearest folder at or
//! above the place asked about that has one. That of an environment lies beside it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use legb_project::problem::{reason, shown};

use super::{Layer, Layers, Request};
use crate::error::{ConfigError, nearest};
use crate::keys::EXTENDS;
use crate::read::{Syntax, read};
use crate::value::{LayerKind, Place, Source, Value};

/// The names of a file that is about legb alone, the one to keep first.
pub const PROJECT_FILES: [&str; 2] = ["legb.toml", "legb.json"];
/// The file that may have a table about legb.
pub const MANIFEST: &str = "pyproject.toml";
/// The table about legb in that file.
const TABLE: [&str; 2] = ["tool", "legb"];
const STEM: &str = "legb";

/// Adds the layers of all files.
pub(super) fn add(
    request: &Request,
    environment: Option<&(String, &'static str)>,
    layers: &mut Layers,
    errors: &mut Vec<ConfigError>,
) {
    let mut chain = Chain { layers, errors, open: Vec::new(), seen: Vec::new() };
    chain.user(request.user_folder.as_deref());
    let folder = match &request.config {
        Some(path) => {
            chain.named(path);
            Some(path.parent().unwrap_or(Path::new("")).to_owned())
        }
        None => chain.project(&request.start),
    };
    if let Some((name, asked_by)) = environment {
        chain.environment(name, asked_by, folder, &request.start);
    } else {
        let none = "no environment is chosen (--env NAME, or LEGB_ENV)".to_owned();
        chain.layers.absent.push((LayerKind::Environment, none));
    }
}

/// A file, read as far as its document.
struct File {
    path: PathBuf,
    document: Value,
}

/// What goes on while files are read.
struct Chain<'a> {
    layers: &'a mut Layers,
    errors: &'a mut Vec<ConfigError>,
    /// The files that are being read, each extended by the one before it.
    open: Vec<PathBuf>,
    /// The files that have been read.
    seen: Vec<PathBuf>,
}

impl Chain<'_> {
    fn user(&mut self, folder: Option<&Path>) {
        let kind = LayerKind::User;
        let Some(folder) = folder else {
            self.layers.absent.push((kind, "no folder for settings of the user is known".to_owned()));
            return;
        };
        match self.one_of(folder, &PROJECT_FILES, kind) {
            Some(file) => self.add(file, kind),
            None => self.layers.absent.push((kind, format!("{}: no such file", shown(&folder.join(PROJECT_FILES[0]))))),
        }
    }

    /// The file given with `--config`.
    fn named(&mut self, path: &Path) {
        match load(path, LayerKind::Project) {
            Ok(Some(file)) => self.add(file, LayerKind::Project),
            Ok(None) => self.errors.push(nothing_there(path, shown(path), "check the path given with --config")),
            Err(error) => self.errors.push(error),
        }
    }

    /// Adds the file of the project around `start`, and returns its folder.
    fn project(&mut self, start: &Path) -> Option<PathBuf> {
        let kind = LayerKind::Project;
        let [own, own_json] = PROJECT_FILES;
        for folder in folders_above(start) {
            let before = self.errors.len();
            let found = self.one_of(&folder, &[own, own_json, MANIFEST], kind);
            let is_here = found.is_some() || self.errors.len() > before;
            if let Some(file) = found {
                self.add(file, kind);
            }
            if is_here {
                return Some(folder);
            }
        }
        let place = shown(start);
        let place = if place.is_empty() { "." } else { &place };
        let none = format!("no {own}, no {own_json}, and no [tool.legb] in a {MANIFEST}, at or above {place}");
        self.layers.absent.push((kind, none));
        None
    }

    /// The file of an environment: beside the project's, else the nearest.
    fn environment(&mut self, name: &str, asked_by: &str, folder: Option<PathBuf>, start: &Path) {
        let kind = LayerKind::Environment;
        if name.is_empty() || name.contains(['/', '\\']) || name.starts_with('.') {
            let error = ConfigError::new(asked_by, format!("`{name}` is no name of an environment"));
            self.errors.push(error.example("--env production, which reads legb.production.toml"));
            return;
        }
        let names = [format!("{STEM}.{name}.toml"), format!("{STEM}.{name}.json")];
        let names = names.each_ref().map(String::as_str);
        let folders = folder.map_or_else(|| folders_above(start), |folder| vec![folder]);
        let before = self.errors.len();
        for folder in &folders {
            let found = self.one_of(folder, &names, kind);
            let is_here = found.is_some() || self.errors.len() > before;
            if let Some(file) = found {
                self.add(file, kind);
            }
            if is_here {
                return;
            }
        }
        let folder = folders.first().map_or(Path::new(""), PathBuf::as_path);
        self.errors.push(unknown_environment(name, asked_by, folder, names[0]));
    }

    /// The one file of a folder that there is, of several that it may be. Two are an error.
    fn one_of(&mut self, folder: &Path, names: &[&str], kind: LayerKind) -> Option<File> {
        let mut found: Option<File> = None;
        for name in names {
            match load(&folder.join(name), kind) {
                Ok(None) => {}
                Ok(Some(file)) => match &found {
                    None => found = Some(file),
                    Some(first) => {
                        self.errors.push(two_files(first, &file));
                        return None;
                    }
                },
                Err(error) => {
                    self.errors.push(error);
                    return None;
                }
            }
        }
        found
    }

    /// Adds a file, with those that it extends below it.
    fn add(&mut self, file: File, kind: LayerKind) {
        let identity = fs::canonicalize(&file.path).unwrap_or_else(|_| file.path.clone());
        if self.seen.contains(&identity) {
            return;
        }
        self.seen.push(identity.clone());
        self.open.push(identity);
        let extends = file.document.at(&[EXTENDS]).cloned();
        let folder = file.path.parent().unwrap_or(Path::new(""));
        for (target, place) in extends.iter().flat_map(Value::each_text) {
            self.extend(folder, target, place);
        }
        self.open.pop();
        let name = shown(&file.path).into_owned();
        self.layers.layers.push(Layer { kind, name, document: file.document });
    }

    fn extend(&mut self, folder: &Path, target: &str, place: &Place) {
        let path = tidied(&folder.join(target));
        let identity = fs::canonicalize(&path).unwrap_or_else(|_| path.clone());
        if let Some(at) = self.open.iter().position(|open| *open == identity) {
            let names = self.open[at..].iter().chain([&identity]).map(|path| file_name(path));
            let circle: Vec<String> = names.collect();
            let error = ConfigError::at(place, format!("`{EXTENDS}` leads in a circle: {}", circle.join(" → ")));
            self.errors.push(error.help(format!("delete `{EXTENDS}` from one of these files")));
            return;
        }
        match load(&path, LayerKind::Extends) {
            Ok(Some(file)) => self.add(file, LayerKind::Extends),
            Ok(None) => {
                let mut error =
                    nothing_there(&path, place.to_string().into(), "paths start from the folder of this file");
                error.what = format!("`{EXTENDS}` names {target}, but {}: {}", shown(&path), error.what);
                let beside = names_in(path.parent().unwrap_or(Path::new("")));
                let near = nearest(&file_name(&path), beside.iter().map(String::as_str)).map(str::to_owned);
                self.errors.push(error.nearest(near.as_deref()));
            }
            Err(error) => self.errors.push(error),
        }
    }
}

/// Reads a file. Nothing if there is no such file, or if it is a `pyproject.toml` without a table about legb.
fn load(path: &Path, kind: LayerKind) -> Result<Option<File>, ConfigError> {
    let name = shown(path).into_owned();
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) => {
            use io::ErrorKind::{IsADirectory, NotADirectory, NotFound};
            let is_none = matches!(error.kind(), NotFound | NotADirectory) || is_manifest(path);
            if is_none || error.kind() == IsADirectory && kind == LayerKind::Extends {
                return Ok(None);
            }
            let what = format!("cannot be read: {}", reason(&error));
            let help = match error.kind() {
                IsADirectory => "a file of settings would have this name: rename the folder",
                _ => "allow reading it, or pass --isolated to do without",
            };
            return Err(ConfigError::new(name, what).help(help));
        }
    };
    let is_about_legb = |bytes: &[u8]| bytes.windows(STEM.len()).any(|word| word == STEM.as_bytes());
    if is_manifest(path) && !is_about_legb(&bytes) {
        return Ok(None);
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let valid = String::from_utf8_lossy(&error.as_bytes()[..error.utf8_error().valid_up_to()]).into_owned();
        let last = valid.rsplit('\n').next().unwrap_or_default();
        let (line, column) = (valid.matches('\n').count() + 1, last.chars().count() + 1);
        ConfigError::new(format!("{name}:{line}:{column}"), "is not UTF-8").help("save it as UTF-8")
    })?;
    let folder = path.parent().unwrap_or(Path::new("")).to_owned();
    let source = Arc::new(Source { name, folder, layer: kind });
    let document = read(&text, Syntax::of(path), &source)?;
    let document = if is_manifest(path) { document.at(&TABLE).cloned() } else { Some(document) };
    Ok(document.map(|document| File { path: path.to_owned(), document }))
}

fn is_manifest(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name == MANIFEST)
}

/// The error of a file that was named and has no settings.
fn nothing_there(path: &Path, place: std::borrow::Cow<'_, str>, help: &str) -> ConfigError {
    let what = match () {
        () if path.is_dir() => "is a folder, and should be a file",
        () if path.is_file() => "there is no table [tool.legb]",
        () => "no such file",
    };
    ConfigError::new(place, what).help(help)
}

fn two_files(first: &File, second: &File) -> ConfigError {
    let (keep, other) = (shown(&first.path), shown(&second.path));
    let what = format!("there are settings here and in {other}, and only one file may have them");
    let delete = if is_manifest(&second.path) {
        format!("move what [tool.legb] of {other} says into it, and delete that table")
    } else {
        format!("move what {other} says into it, and delete that file")
    };
    let at = if is_manifest(&second.path) { second.document.place.to_string() } else { other.clone().into_owned() };
    ConfigError::new(keep.clone(), what).help(format!("keep {keep}: {delete} ({at})"))
}

fn unknown_environment(name: &str, asked_by: &str, folder: &Path, file: &str) -> ConfigError {
    let known: Vec<String> = names_in(folder).iter().filter_map(|file| environment_of(file)).collect();
    let what = format!("there is no environment `{name}`: {} does not exist", shown(&folder.join(file)));
    let near = nearest(name, known.iter().map(String::as_str)).map(str::to_owned);
    let error = ConfigError::new(asked_by, what).nearest(near.as_deref());
    if known.is_empty() {
        error.help(format!("write {file}, or unset what asks for it"))
    } else {
        error.help(format!("known are {}", known.join(", ")))
    }
}

fn environment_of(file: &str) -> Option<String> {
    let inner = file.strip_prefix(STEM)?.strip_prefix('.')?;
    let name = inner.strip_suffix(".toml").or_else(|| inner.strip_suffix(".json"))?;
    (!name.is_empty()).then(|| name.to_owned())
}

/// Names of the files of a folder, sorted.
fn names_in(folder: &Path) -> Vec<String> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort();
    names
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

/// The folder at a path, or around a file, and those above it; relative where they lie below the working directory.
fn folders_above(start: &Path) -> Vec<PathBuf> {
    let here = std::env::current_dir().unwrap_or_default();
    let start = tidied(&here.join(start));
    let first = if start.is_dir() { start.as_path() } else { start.parent().unwrap_or(&start) };
    first.ancestors().map(|folder| folder.strip_prefix(&here).unwrap_or(folder).to_owned()).collect()
}

/// A path without `.` and without `..` behind a name.
fn tidied(path: &Path) -> PathBuf {
    use std::path::Component::{CurDir, Normal, ParentDir};
    let mut tidied = PathBuf::new();
    for component in path.components() {
        let ends_in_name = matches!(tidied.components().next_back(), Some(Normal(_)));
        match component {
            CurDir => {}
            ParentDir if ends_in_name => {
                tidied.pop();
            }
            other => tidied.push(other),
        }
    }
    tidied
}

/// Where settings may be written in a folder, and what is there already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Writable {
    /// No file has settings.
    Free,
    /// This one has.
    Taken(PathBuf),
}

/// Whether a folder has settings already.
pub fn writable(folder: &Path) -> Result<Writable, ConfigError> {
    for name in [PROJECT_FILES[0], PROJECT_FILES[1], MANIFEST] {
        if let Some(file) = load(&folder.join(name), LayerKind::Project)? {
            return Ok(Writable::Taken(file.path));
        }
    }
    Ok(Writable::Free)
}
