//! Which names are in a zip archive? All that `zipimport` needs to find a module.
//!
//! Nothing is unpacked: a module in an archive is known by its name.

use std::borrow::Cow;
use std::io::Cursor;
use std::path::{Path, PathBuf};

use rustc_hash::FxHashSet;

use crate::fs::{EntryKind, FileSystem};

/// The names in an archive, folders with a slash at the end.
#[derive(Clone, Debug, Default)]
pub(crate) struct Archive {
    names: FxHashSet<String>,
}

impl Archive {
    /// Reads the directory of an archive; nothing where the bytes are no archive.
    pub(crate) fn read(bytes: Vec<u8>) -> Option<Self> {
        let archive = zip::ZipArchive::new(Cursor::new(bytes)).ok()?;
        Some(Self { names: archive.file_names().flatten().map(Cow::into_owned).collect() })
    }

    /// Whether it has a file of this name.
    pub(crate) fn has_file(&self, name: &str) -> bool {
        self.names.contains(name)
    }

    /// Whether it has a folder of this name. Most versions count only folders that have an entry of their own.
    pub(crate) fn has_folder(&self, name: &str, entry_is_needed: bool) -> bool {
        let folder = format!("{name}/");
        self.names.contains(&folder) || !entry_is_needed && self.names.iter().any(|name| name.starts_with(&folder))
    }
}

/// Splits a path that leads into an archive: the archive itself and the path inside, with `/` and without one at the end.
///
/// Nothing where the path exists outside of archives or leads into none, as `zipimporter.__init__` decides it.
pub(crate) fn split(path: &Path, fs: &dyn FileSystem) -> Option<(PathBuf, String)> {
    let mut inside = Vec::new();
    for candidate in path.ancestors() {
        match fs.kind(candidate) {
            Some(EntryKind::File) => {
                inside.reverse();
                return Some((candidate.to_owned(), inside.join("/")));
            }
            Some(_) => return None,
            None => inside.push(candidate.file_name()?.to_str()?.to_owned()),
        }
    }
    None
}
