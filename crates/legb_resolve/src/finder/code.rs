//! What does the code of a module do to the search for its submodules? Its text is looked at where no finder has a submodule.
//!
//! Nothing is understood in full: code that may add submodules makes a missing one unknown.

use crate::answer::Kind;
use crate::fs::EntryKind;
use crate::mutation;

use super::place::Place;
use super::{Finder, Package};

/// What the code of a module does to the search for its submodules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Code {
    Nothing,
    /// It joins the folders of its name on the whole path (`pkgutil.extend_path`, `pkg_resources.declare_namespace`).
    JoinsFolders,
    /// From this line on it does something that legb does not follow.
    Line(u32),
    /// It cannot be read.
    Unreadable,
}

impl Finder<'_> {
    /// What the code of a module does to the search for its submodules.
    pub(super) fn code(&self, package: &Package) -> Code {
        *package.code.get_or_init(|| {
            let resolution = &package.resolution;
            match (resolution.kind, &resolution.origin) {
                // What the standard library puts into `sys.modules` is recorded.
                _ if self.is_library(resolution) => Code::Nothing,
                (Kind::Source, Some(file)) => {
                    let Ok(bytes) = self.fs.read(file) else { return Code::Unreadable };
                    let text = String::from_utf8_lossy(&bytes);
                    if mutation::joins_folders(&text) {
                        return Code::JoinsFolders;
                    }
                    mutation::first_line_below(&text).map_or(Code::Nothing, Code::Line)
                }
                (Kind::Extension | Kind::Sourceless | Kind::Zip, _) => Code::Unreadable,
                _ => Code::Nothing,
            }
        })
    }

    /// The other folders of a package's name, on `sys.path` or on the path of its parent.
    pub(super) fn joined_places(&self, package: &Package, name: &str) -> Vec<Place> {
        let (parent, tail) = name.rsplit_once('.').map_or((None, name), |(parent, tail)| (Some(parent), tail));
        let of_parent = parent.map(|parent| self.package(parent, &mut None));
        let places = of_parent.as_ref().map_or(&self.top, |parent| &parent.places);
        let folders = places.iter().map(|place| place.path().join(tail));
        folders
            .filter(|folder| !package.resolution.search_locations.contains(folder))
            .filter(|folder| self.fs.kind(folder) == Some(EntryKind::Folder))
            .map(|folder| Place::new(folder, self.fs))
            .collect()
    }
}

/// Why a submodule that no finder has may exist all the same.
pub(super) fn reason(code: Code, package: &Package, name: &str) -> Option<String> {
    let file = package.resolution.origin.as_deref().map(|file| file.display().to_string()).unwrap_or_default();
    match code {
        Code::Nothing | Code::JoinsFolders => None,
        Code::Line(line) => Some(format!("no finder has {name}, but {file}:{line} may add it while it runs")),
        Code::Unreadable => Some(format!("no finder has {name}, but {file} may add it, and its code cannot be read")),
    }
}
