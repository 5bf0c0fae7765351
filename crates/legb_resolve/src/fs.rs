//! What lies on the disk, as the import system looks at it: listings of folders, and the bytes of a few files.
//!
//! [`RealFs`] reads each folder once and keeps its listing, so that a hundred thousand lookups cost a few thousand system
//! calls. [`MemoryFs`] is for tests. Nothing here knows what a module is.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use rustc_hash::FxHashMap;

/// What a name in a folder stands for, links followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EntryKind {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// Neither: a broken link, a link that leads back to itself, a socket.
    Other,
}

/// Why a folder has no listing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoListing {
    /// It does not exist, or is a file.
    Absent,
    /// It exists and may not be read.
    Unreadable,
}

/// The names in a folder, grouped by what stands before their first dot.
#[derive(Clone, Debug, Default)]
pub struct Listing {
    /// From the part before the first dot to the rests, dot included, and what they are. A rest may be empty.
    stems: FxHashMap<Box<str>, Vec<(Box<str>, EntryKind)>>,
    failure: Option<NoListing>,
}

impl Listing {
    /// A listing of these names.
    pub fn new<'a>(names: impl IntoIterator<Item = (&'a str, EntryKind)>) -> Self {
        let mut listing = Self::default();
        for (name, kind) in names {
            listing.add(name, kind);
        }
        listing
    }

    /// The listing of a folder that has none: nothing is found in it.
    pub fn failed(failure: NoListing) -> Self {
        Self { stems: FxHashMap::default(), failure: Some(failure) }
    }

    fn add(&mut self, name: &str, kind: EntryKind) {
        let (stem, rest) = split(name);
        self.stems.entry(stem.into()).or_default().push((rest.into(), kind));
    }

    /// Why there is no listing.
    pub fn failure(&self) -> Option<NoListing> {
        self.failure
    }

    /// What a name stands for.
    pub fn get(&self, name: &str) -> Option<EntryKind> {
        let (stem, rest) = split(name);
        self.with_stem(stem).iter().find(|(known, _)| **known == *rest).map(|(_, kind)| *kind)
    }

    /// What follows `stem` in the names that begin with it and a dot, or are it; in no particular order.
    pub fn with_stem(&self, stem: &str) -> &[(Box<str>, EntryKind)] {
        self.stems.get(stem).map_or(&[], Vec::as_slice)
    }

    /// All names, sorted.
    pub fn names(&self) -> Vec<(String, EntryKind)> {
        #[expect(clippy::iter_over_hash_type, reason = "the names are sorted below")]
        fn all(listing: &Listing) -> Vec<(String, EntryKind)> {
            let mut names = Vec::new();
            for (stem, rests) in &listing.stems {
                names.extend(rests.iter().map(|(rest, kind)| (format!("{stem}{rest}"), *kind)));
            }
            names
        }
        let mut names = all(self);
        names.sort_unstable();
        names
    }
}

fn split(name: &str) -> (&str, &str) {
    name.find('.').map_or((name, ""), |dot| name.split_at(dot))
}

/// A tree of folders and files.
pub trait FileSystem: fmt::Debug + Send + Sync {
    /// The names in a folder; of a folder that cannot be listed, an empty listing that says why.
    ///
    /// Names that are no UTF-8 are left out: no import statement can spell them.
    fn listing(&self, folder: &Path) -> Arc<Listing>;

    /// What a path stands for, links followed; nothing where it does not exist.
    fn kind(&self, path: &Path) -> Option<EntryKind>;

    /// The bytes of a file.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;

    /// The path without links, where it exists; else the path as it is.
    fn real_path(&self, path: &Path) -> PathBuf;
}

/// The disk. Listings are read once and kept.
#[derive(Debug, Default)]
pub struct RealFs {
    listings: RwLock<FxHashMap<PathBuf, Arc<Listing>>>,
}

impl RealFs {
    /// The disk, nothing read yet.
    pub fn new() -> Self {
        Self::default()
    }
}

impl FileSystem for RealFs {
    fn listing(&self, folder: &Path) -> Arc<Listing> {
        if let Some(known) = self.listings.read().unwrap_or_else(PoisonError::into_inner).get(folder) {
            return Arc::clone(known);
        }
        let listing = Arc::new(list(folder));
        let mut listings = self.listings.write().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(listings.entry(folder.to_owned()).or_insert(listing))
    }

    fn kind(&self, path: &Path) -> Option<EntryKind> {
        kind_of(path)
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        fs::read(path)
    }

    fn real_path(&self, path: &Path) -> PathBuf {
        fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
    }
}

fn list(folder: &Path) -> Listing {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => return Listing::failed(NoListing::Unreadable),
        Err(_) => return Listing::failed(NoListing::Absent),
    };
    let mut listing = Listing::default();
    for entry in entries.flatten() {
        let Ok(kind) = entry.file_type() else { continue };
        let kind = if kind.is_file() {
            EntryKind::File
        } else if kind.is_dir() {
            EntryKind::Folder
        } else {
            kind_of(&entry.path()).unwrap_or(EntryKind::Other)
        };
        if let Some(name) = entry.file_name().to_str() {
            listing.add(name, kind);
        }
    }
    listing
}

fn kind_of(path: &Path) -> Option<EntryKind> {
    match fs::metadata(path) {
        Ok(metadata) if metadata.is_file() => Some(EntryKind::File),
        Ok(metadata) if metadata.is_dir() => Some(EntryKind::Folder),
        Ok(_) => Some(EntryKind::Other),
        Err(_) => None,
    }
}

/// Files in memory, for tests. Paths use `/`; the folders are those that the files need.
#[derive(Clone, Debug, Default)]
pub struct MemoryFs {
    files: BTreeMap<PathBuf, Vec<u8>>,
    folders: BTreeMap<PathBuf, Listing>,
}

impl MemoryFs {
    /// Files by path, each with its content. A path that ends with `/` is an empty folder.
    pub fn new<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut memory = Self::default();
        for (path, content) in files {
            let is_folder = path.ends_with('/');
            let path = PathBuf::from(path);
            if is_folder {
                memory.folders.entry(path.clone()).or_default();
            } else {
                memory.files.insert(path.clone(), content.into());
            }
            memory.link(&path, if is_folder { EntryKind::Folder } else { EntryKind::File });
        }
        memory
    }

    /// Puts a path into the listing of its folder, and that folder into the listing of its own.
    fn link(&mut self, path: &Path, kind: EntryKind) {
        let (Some(folder), Some(name)) = (path.parent(), path.file_name().and_then(|name| name.to_str())) else {
            return;
        };
        let listing = self.folders.entry(folder.to_owned()).or_default();
        if listing.get(name).is_none() {
            listing.add(name, kind);
            self.link(folder, EntryKind::Folder);
        }
    }
}

impl FileSystem for MemoryFs {
    fn listing(&self, folder: &Path) -> Arc<Listing> {
        let listing = self.folders.get(&normalised(folder)).cloned();
        Arc::new(listing.unwrap_or_else(|| Listing::failed(NoListing::Absent)))
    }

    fn kind(&self, path: &Path) -> Option<EntryKind> {
        let path = normalised(path);
        if self.files.contains_key(&path) {
            Some(EntryKind::File)
        } else {
            self.folders.contains_key(&path).then_some(EntryKind::Folder)
        }
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.files.get(&normalised(path)).cloned().ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn real_path(&self, path: &Path) -> PathBuf {
        normalised(path)
    }
}

/// The path without `.` and `..`, as `os.path.normpath` has it: links are not looked at.
pub fn normalised(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if matches!(out.components().next_back(), Some(Component::Normal(_))) => {
                out.pop();
            }
            Component::ParentDir if out.has_root() => {}
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{EntryKind, FileSystem, MemoryFs, NoListing, RealFs, normalised};
    use std::path::Path;

    #[test]
    fn both_file_systems_list_the_same() {
        let root = tempfile::tempdir().unwrap();
        for (path, content) in [("p/__init__.py", ""), ("p/a.cpython-313.so", "x"), ("b.py", "1")] {
            let path = root.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, content).unwrap();
        }
        let memory = MemoryFs::new([("/r/p/__init__.py", ""), ("/r/p/a.cpython-313.so", "x"), ("/r/b.py", "1")]);
        let real = RealFs::new();
        for (folder, other) in [(root.path().to_owned(), "/r"), (root.path().join("p"), "/r/p")] {
            assert_eq!(real.listing(&folder).names(), memory.listing(Path::new(other)).names());
        }
        let listing = memory.listing(Path::new("/r/./p/../p"));
        assert_eq!(listing.get("a.cpython-313.so"), Some(EntryKind::File));
        assert_eq!(listing.with_stem("a").len(), 1);
        assert_eq!(real.listing(Path::new("/nowhere")).failure(), Some(NoListing::Absent));
        assert_eq!(memory.read(Path::new("/r/b.py")).unwrap(), b"1");
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed_and_loops_are_neither_file_nor_folder() {
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir(root.path().join("real")).unwrap();
        std::os::unix::fs::symlink("real", root.path().join("link")).unwrap();
        std::os::unix::fs::symlink("loop", root.path().join("loop")).unwrap();
        let listing = RealFs::new().listing(root.path());
        assert_eq!(listing.get("link"), Some(EntryKind::Folder));
        assert_eq!(listing.get("loop"), Some(EntryKind::Other));
    }

    #[test]
    fn dots_are_taken_out_of_paths() {
        for (path, plain) in [("/a/./b/../c", "/a/c"), ("a/../../b", "../b"), ("/..", "/"), ("./a", "a")] {
            assert_eq!(normalised(Path::new(path)), Path::new(plain));
        }
    }
}
