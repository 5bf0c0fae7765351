//! Which distributions does a project say it depends on, and which modules do these bring?
//!
//! Read from `pyproject.toml` (PEP 621 and 735, Poetry, PDM, uv), `setup.cfg`, literal arguments of `setup()` in `setup.py`,
//! and `requirements*.txt`, all in one folder. Nothing is run: what a `setup.py` computes stays unknown, and is said so.

pub mod import_names;
mod ini;
mod pyproject;
mod requirement;
mod requirements_txt;
mod setup_cfg;
mod setup_py;

use std::path::{Path, PathBuf};

use legb_project::Problem;
use serde::Serialize;

pub(crate) use ini::Ini;
pub(crate) use pyproject::Toml;
pub use requirement::normalised;

/// What a distribution is needed for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// To run.
    Runtime,
    /// For an extra that the user chooses.
    Extra(String),
    /// For development: a dependency group, or a requirements file of another name than `requirements.txt`.
    Development(String),
    /// To build the project.
    Build,
}

/// A distribution that the project declares.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Dependency {
    /// As it is written: `PyYAML`.
    pub name: String,
    /// The file that says so, as it is printed.
    pub path: String,
    /// The line, counted from 1.
    pub line: u32,
    /// What it is for.
    pub purpose: Purpose,
}

/// What a project declares.
#[derive(Clone, Debug, Default)]
pub struct Declared {
    /// In the order of the files and lines.
    pub dependencies: Vec<Dependency>,
    /// The name of the project's own distribution.
    pub project: Option<String>,
    /// Whether any file was found that could declare something.
    pub found: bool,
    /// Whether there may be others, which only running something would tell; the problems say what.
    pub incomplete: bool,
    /// What could not be read.
    pub problems: Vec<Problem>,
}

impl Declared {
    fn add(&mut self, requirement: &str, path: &str, line: u32, purpose: &Purpose) {
        match requirement::name(requirement) {
            Some(name) => {
                let (name, path) = (name.to_owned(), path.to_owned());
                self.dependencies.push(Dependency { name, path, line, purpose: purpose.clone() });
            }
            None => self.trouble(
                path,
                format!("line {line}: `{requirement}` names no distribution"),
                "write a name, then a version: `requests >= 2`",
            ),
        }
    }

    fn trouble(&mut self, path: &str, what: String, remedy: &str) {
        self.problems.push(Problem::warning(Path::new(path), what, remedy));
    }
}

/// Reads what the project in `root` declares.
pub fn declared(root: &Path) -> Declared {
    let mut declared = Declared::default();
    pyproject::read(root, &mut declared);
    setup_cfg::read(root, &mut declared);
    setup_py::read(root, &mut declared);
    for path in requirements_txt::files_of(root) {
        requirements_txt::read(&path, &requirements_txt::purpose(&path), &mut declared);
    }
    declared.dependencies.dedup();
    declared
}

/// The folder, at or above `start`, that holds a file which may declare dependencies: where the project begins.
pub fn project_folder(start: &Path) -> Option<PathBuf> {
    let names = ["pyproject.toml", "setup.cfg", "setup.py", "requirements.txt"];
    let folder = start.ancestors().find(|folder| names.iter().any(|name| folder.join(name).is_file()))?;
    Some(folder.to_owned())
}

/// The text of a file, or nothing where there is none; what keeps it from being read becomes a problem.
pub(crate) fn text_of(path: &Path, problems: &mut Vec<Problem>) -> Option<String> {
    match std::fs::read(path) {
        Ok(bytes) => Some(String::from_utf8_lossy(&bytes).trim_start_matches('\u{feff}').to_owned()),
        Err(error) if matches!(error.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory) => None,
        Err(error) => {
            problems.push(Problem::warning(path, format!("cannot be read: {error}"), "check its permissions"));
            None
        }
    }
}
