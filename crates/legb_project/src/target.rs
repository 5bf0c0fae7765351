//! Which Python a project is meant for.
//!
//! The nearest `pyproject.toml` at or above the first path that has `requires-python` decides, with the lowest version it
//! allows; else the nearest `.python-version`; else the newest version. Versions out of range count as the nearest in range.

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use legb_base::{PyVersion, invalid_toml};

use crate::problem::{Problem, reason, shown, working_directory};
use crate::specifier::Specifiers;

/// The version to check for, and why it is that one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The version.
    pub version: PyVersion,
    /// Where it comes from.
    pub origin: TargetOrigin,
    /// What kept a file from being understood.
    pub problem: Option<Problem>,
}

/// Where a target version comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TargetOrigin {
    /// `requires-python` in this file.
    RequiresPython(String),
    /// This `.python-version`.
    PythonVersionFile(String),
    /// Nothing says anything.
    Newest,
}

impl fmt::Display for TargetOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RequiresPython(path) => {
                write!(f, "the lowest that `requires-python` in {path} allows")
            }
            Self::PythonVersionFile(path) => write!(f, "from {path}"),
            Self::Newest => write!(f, "the newest that legb knows"),
        }
    }
}

/// The version that the project around `first` is meant for.
pub fn default_target(first: &Path) -> Target {
    let here = working_directory();
    let start = here.join(first);
    let folders: Vec<&Path> = start.ancestors().collect();
    let mut problem = None;
    let find = |name: &str, read: fn(&str) -> Result<Option<PyVersion>, Unclear>, problem: &mut Option<Problem>| {
        folders.iter().find_map(|folder| {
            let path = folder.join(name);
            let printed = path.strip_prefix(&here).map_or_else(|_| path.clone(), PathBuf::from);
            match version_in(&path, read) {
                Ok(version) => version.map(|version| (version, shown(&printed).into_owned())),
                Err(Unclear { what, remedy }) => {
                    problem.get_or_insert_with(|| Problem::error(&printed, what, remedy));
                    None
                }
            }
        })
    };
    if let Some((version, path)) = find("pyproject.toml", requires_python, &mut problem) {
        return Target { version, origin: TargetOrigin::RequiresPython(path), problem };
    }
    if let Some((version, path)) = find(".python-version", |text| Ok(python_version_file(text)), &mut problem) {
        return Target { version, origin: TargetOrigin::PythonVersionFile(path), problem };
    }
    Target { version: PyVersion::NEWEST, origin: TargetOrigin::Newest, problem }
}

/// Why a file that should name a version does not.
#[derive(Debug)]
struct Unclear {
    what: String,
    remedy: &'static str,
}

fn version_in(path: &Path, read: fn(&str) -> Result<Option<PyVersion>, Unclear>) -> Result<Option<PyVersion>, Unclear> {
    match fs::read(path) {
        Ok(bytes) => read(String::from_utf8_lossy(&bytes).trim_start_matches('\u{feff}')),
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory | io::ErrorKind::IsADirectory
            ) =>
        {
            Ok(None)
        }
        Err(error) => Err(Unclear { what: format!("cannot be read: {}", reason(&error)), remedy: OVERRIDE }),
    }
}

const OVERRIDE: &str = "mend it, or pass `--target-version`";

fn requires_python(text: &str) -> Result<Option<PyVersion>, Unclear> {
    let table: toml::Table = text.parse().map_err(|error: toml::de::Error| Unclear {
        what: invalid_toml(text, error.span(), error.message()),
        remedy: OVERRIDE,
    })?;
    let Some(value) = table.get("project").and_then(|project| project.get("requires-python")) else {
        return Ok(None);
    };
    let Some(value) = value.as_str() else {
        return Err(Unclear { what: "has a `requires-python` that is not a string".to_owned(), remedy: OVERRIDE });
    };
    let specifiers = Specifiers::parse(value).map_err(|clause| Unclear {
        what: format!("has `requires-python = \"{value}\"`, in which `{clause}` is not a version specifier"),
        remedy: OVERRIDE,
    })?;
    let allowed = |version: &PyVersion| specifiers.allow_minor(u32::from(version.minor()));
    if let Some(version) = PyVersion::ALL.into_iter().find(allowed) {
        return Ok(Some(version));
    }
    let is_old = (0..PyVersion::OLDEST.minor()).any(|minor| specifiers.allow_minor(u32::from(minor)));
    Ok(Some(if is_old { PyVersion::OLDEST } else { PyVersion::NEWEST }))
}

/// Reads `3.12`, `3.12.1`, `3.13t`, `cpython-3.12` or `pypy3.10-7.3` from the first line that is no comment.
fn python_version_file(text: &str) -> Option<PyVersion> {
    let line = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#'))?;
    let (_, numbers) = line.split_once("3.")?;
    let digits = numbers.find(|c: char| !c.is_ascii_digit()).map_or(numbers, |end| &numbers[..end]);
    let minor: u32 = digits.parse().ok()?;
    Some(PyVersion::nearest(minor))
}

#[cfg(test)]
mod tests {
    use super::{TargetOrigin, default_target};
    use std::fs;
    use std::path::Path;

    fn write(root: &Path, name: &str, text: &str) {
        let path = root.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    #[test]
    fn the_nearest_statement_wins() {
        let root = tempfile::tempdir().unwrap();
        let root = root.path();
        write(root, "pyproject.toml", "[project]\nrequires-python = '>=3.9,<4'\n");
        write(root, ".python-version", "3.12.1\n");
        write(root, "inner/pyproject.toml", "[project]\nname = 'x'\n");
        write(root, "inner/deep/pyproject.toml", "[project]\nrequires-python = '~=3.11'\n");
        write(root, "inner/a.py", "");
        assert_eq!(default_target(&root.join("inner/a.py")).version.to_string(), "3.9");
        assert_eq!(default_target(&root.join("inner/deep")).version.to_string(), "3.11");
        fs::remove_file(root.join("pyproject.toml")).unwrap();
        let target = default_target(&root.join("inner"));
        assert_eq!(target.version.to_string(), "3.12");
        assert!(matches!(target.origin, TargetOrigin::PythonVersionFile(_)));
    }

    #[test]
    fn versions_out_of_range_are_moved_into_it() {
        for (text, version) in [(">=3.6", "3.8"), ("==2.7.*", "3.15"), ("==3.7.*", "3.8"), (">=3.99", "3.15")] {
            let root = tempfile::tempdir().unwrap();
            write(root.path(), "pyproject.toml", &format!("[project]\nrequires-python = '{text}'\n"));
            assert_eq!(default_target(root.path()).version.to_string(), version, "{text}");
        }
    }

    #[test]
    fn a_broken_file_is_a_problem_and_the_search_goes_on() {
        let root = tempfile::tempdir().unwrap();
        write(root.path(), "pyproject.toml", "[project]\nrequires-python = '>=3.9'\n");
        write(root.path(), "inner/pyproject.toml", "[project\n");
        let target = default_target(&root.path().join("inner"));
        assert_eq!(target.version.to_string(), "3.9");
        assert!(target.problem.unwrap().what.contains("line 1"));
    }
}
