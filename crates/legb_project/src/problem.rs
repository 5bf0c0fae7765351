//! What keeps a file from being checked, told so that the user can mend it.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// Whether something that was asked for has not been done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gravity {
    /// A file that should have been checked was not.
    Error,
    /// Worth knowing; nothing has gone unchecked.
    Warning,
}

/// Something wrong with a path, and what can be done about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Whether the run can still be called complete.
    pub gravity: Gravity,
    /// The path, as it is printed.
    pub path: String,
    /// What is wrong.
    pub what: String,
    /// What to do about it.
    pub remedy: String,
}

impl Problem {
    /// A problem that leaves something unchecked.
    pub fn error(path: &Path, what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::new(Gravity::Error, path, what, remedy)
    }

    /// A problem that leaves nothing unchecked.
    pub fn warning(path: &Path, what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::new(Gravity::Warning, path, what, remedy)
    }

    fn new(gravity: Gravity, path: &Path, what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { gravity, path: shown(path).into_owned(), what: what.into(), remedy: remedy.into() }
    }

    /// An error of the operating system about a file that is read.
    pub(crate) fn reading(path: &Path, error: &io::Error) -> Self {
        let remedy = match error.kind() {
            io::ErrorKind::NotFound => "it was there when the files were listed; run again once nothing changes them",
            io::ErrorKind::PermissionDenied => "allow reading it, or exclude it with `--extend-exclude`",
            _ => "exclude it with `--extend-exclude` if it is not meant to be checked",
        };
        Self::error(path, format!("cannot be read: {}", reason(error)), remedy)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} ({})", self.path, self.what, self.remedy)
    }
}

/// A path as it is printed: relative where it is under the working directory, `/` between its parts, and with the
/// replacement character for bytes that are not UTF-8.
pub fn shown(path: &Path) -> std::borrow::Cow<'_, str> {
    let text = path.to_string_lossy();
    if cfg!(windows) { text.replace('\\', "/").into() } else { text }
}

/// The text of an operating system error without the error number.
pub fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    match text.find(" (os error ") {
        Some(end) => text[..end].to_lowercase(),
        None => text,
    }
}

/// The working directory; empty where it cannot be told, so that nothing is taken to be under it.
pub(crate) fn working_directory() -> PathBuf {
    std::env::current_dir().unwrap_or_default()
}
