//! The disk, with a note of everything that was asked: an answer that rests on it holds as long as the notes do.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use legb_resolve::fs::{EntryKind, Listing, NoListing};
use legb_resolve::{FileSystem, RealFs};
use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::{Xxh3Default, xxh3_128};

/// What the disk was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
enum Question {
    Listing,
    Kind,
    Bytes,
    RealPath,
}

/// A question and the hash of the answer.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Note {
    question: Question,
    path: PathBuf,
    answer: u128,
}

impl Note {
    /// Whether it is about the content of one of these files.
    pub(crate) fn is_content_of(&self, files: &FxHashSet<PathBuf>) -> bool {
        self.question == Question::Bytes && files.contains(&self.path)
    }

    /// Whether the disk still answers so.
    pub(crate) fn holds(&self, fs: &RealFs) -> bool {
        let answer = match self.question {
            Question::Listing => of_listing(&fs.listing(&self.path)),
            Question::Kind => of_kind(fs.kind(&self.path)),
            Question::Bytes => of_bytes(&fs.read(&self.path)),
            Question::RealPath => of_path(&fs.real_path(&self.path)),
        };
        answer == self.answer
    }
}

/// The disk. What is asked is noted once.
#[derive(Debug, Default)]
pub(crate) struct NotedFs {
    disk: RealFs,
    notes: Mutex<FxHashMap<Question, FxHashMap<PathBuf, u128>>>,
}

impl NotedFs {
    /// The disk, nothing asked yet.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Everything that was asked, sorted.
    pub(crate) fn notes(&self) -> Vec<Note> {
        #[expect(clippy::iter_over_hash_type, reason = "the notes are sorted below")]
        fn all(asked: &FxHashMap<Question, FxHashMap<PathBuf, u128>>) -> Vec<Note> {
            let mut notes = Vec::new();
            for (question, answers) in asked {
                let of = |(path, answer): (&PathBuf, &u128)| Note {
                    question: *question,
                    path: path.clone(),
                    answer: *answer,
                };
                notes.extend(answers.iter().map(of));
            }
            notes
        }
        let mut notes = all(&self.notes.lock().unwrap_or_else(PoisonError::into_inner));
        notes.sort_unstable();
        notes
    }

    fn note(&self, question: Question, path: &Path, answer: impl FnOnce() -> u128) {
        let mut notes = self.notes.lock().unwrap_or_else(PoisonError::into_inner);
        let answers = notes.entry(question).or_default();
        if !answers.contains_key(path) {
            answers.insert(path.to_owned(), answer());
        }
    }
}

impl FileSystem for NotedFs {
    fn listing(&self, folder: &Path) -> Arc<Listing> {
        let listing = self.disk.listing(folder);
        self.note(Question::Listing, folder, || of_listing(&listing));
        listing
    }

    fn kind(&self, path: &Path) -> Option<EntryKind> {
        let kind = self.disk.kind(path);
        self.note(Question::Kind, path, || of_kind(kind));
        kind
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let bytes = self.disk.read(path);
        self.note(Question::Bytes, path, || of_bytes(&bytes));
        bytes
    }

    fn real_path(&self, path: &Path) -> PathBuf {
        let real = self.disk.real_path(path);
        self.note(Question::RealPath, path, || of_path(&real));
        real
    }
}

fn of_listing(listing: &Listing) -> u128 {
    let mut hash = Xxh3Default::new();
    hash.update(match listing.failure() {
        None => b"folder",
        Some(NoListing::Absent) => b"absent",
        Some(NoListing::Unreadable) => b"secret",
    });
    for (name, kind) in listing.names() {
        hash.update(name.as_bytes());
        hash.update(b"/");
        hash.update(&of_kind(Some(kind)).to_le_bytes());
    }
    hash.digest128()
}

const fn of_kind(kind: Option<EntryKind>) -> u128 {
    match kind {
        None => 0,
        Some(EntryKind::File) => 1,
        Some(EntryKind::Folder) => 2,
        Some(EntryKind::Other) => 3,
    }
}

fn of_bytes(bytes: &io::Result<Vec<u8>>) -> u128 {
    bytes.as_ref().map_or(0, |bytes| xxh3_128(bytes))
}

fn of_path(path: &Path) -> u128 {
    xxh3_128(path.as_os_str().as_encoded_bytes())
}

#[cfg(test)]
mod tests {
    use super::NotedFs;
    use legb_resolve::{FileSystem, RealFs};

    #[test]
    fn notes_hold_until_the_disk_answers_otherwise() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.py");
        std::fs::write(&file, "x = 1\n").unwrap();
        let noted = NotedFs::new();
        noted.listing(folder.path());
        noted.read(&file).unwrap();
        noted.kind(&folder.path().join("b.py"));
        let broken = |noted: &NotedFs| noted.notes().iter().filter(|note| !note.holds(&RealFs::new())).count();
        assert_eq!((noted.notes().len(), broken(&noted)), (3, 0));
        std::fs::write(&file, "x = 2\n").unwrap();
        assert_eq!(broken(&noted), 1);
        std::fs::write(folder.path().join("b.py"), "").unwrap();
        assert_eq!(broken(&noted), 3);
    }
}
