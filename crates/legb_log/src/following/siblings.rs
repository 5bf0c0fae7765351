//! Files beside a log that took its place or took over its content: which are they, and which have been read?
//!
//! A file is known by its first bytes, not by its inode: inodes are used again, and copies have another one.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// So many bytes tell one file of a rotation from the next.
pub(super) const HEAD: usize = 512;

/// So many heads are remembered.
const REMEMBERED: usize = 256;

/// A file beside a log.
pub(super) struct Sibling {
    pub(super) path: PathBuf,
    pub(super) head: Vec<u8>,
    pub(super) len: u64,
    modified: SystemTime,
    /// The number at the end of its name: rotation counts upwards into the past.
    number: u64,
}

/// The first bytes of files that have been read, or that were there before.
#[derive(Default)]
pub(super) struct Known(Vec<Vec<u8>>);

impl Known {
    /// Remembers a file by its first bytes.
    pub(super) fn add(&mut self, head: &[u8]) {
        if head.is_empty() || self.has(head) {
            return;
        }
        if self.0.len() >= REMEMBERED {
            self.0.remove(0);
        }
        self.0.push(head.to_vec());
    }

    /// Whether a file with such a head is known: one head may have been seen when its file was shorter.
    pub(super) fn has(&self, head: &[u8]) -> bool {
        self.0.iter().any(|known| same(known, head))
    }
}

/// Whether two heads are of one file.
pub(super) fn same(one: &[u8], other: &[u8]) -> bool {
    let len = one.len().min(other.len());
    len > 0 && one[..len] == other[..len]
}

/// The files that rotation has put beside the log, the earliest first.
pub(super) fn siblings(log: &Path) -> Vec<Sibling> {
    let target = fs::canonicalize(log).unwrap_or_else(|_| log.to_path_buf());
    let mut names: Vec<(PathBuf, String)> = Vec::new();
    for path in [log, target.as_path()] {
        if let (Some(folder), Some(name)) = (path.parent(), path.file_name()) {
            let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
            let found = (folder.to_path_buf(), name.to_string_lossy().into_owned());
            if !names.contains(&found) {
                names.push(found);
            }
        }
    }
    let mut found: Vec<Sibling> = Vec::new();
    for (folder, name) in names {
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        for entry in entries.flatten() {
            let other = entry.file_name().to_string_lossy().into_owned();
            if other != name && is_rotated(&name, &other) && !found.iter().any(|known| known.path == entry.path()) {
                found.extend(sibling(entry.path(), &other));
            }
        }
    }
    found.sort_by(|a, b| a.modified.cmp(&b.modified).then(b.number.cmp(&a.number)).then_with(|| a.path.cmp(&b.path)));
    found
}

fn sibling(path: PathBuf, name: &str) -> Option<Sibling> {
    let metadata = fs::metadata(&path).ok().filter(fs::Metadata::is_file)?;
    let mut head = Vec::new();
    File::open(&path).ok()?.take(HEAD as u64).read_to_end(&mut head).ok()?;
    let digits = name.rsplit(|c: char| !c.is_ascii_digit()).find(|part| !part.is_empty());
    let number = digits.and_then(|digits| digits.parse().ok()).unwrap_or(0);
    Some(Sibling { path, head, len: metadata.len(), modified: metadata.modified().ok()?, number })
}

/// Whether a name is that of the log after rotation: `app.log.1`, `app.log-20260228`, or another number in the same place.
fn is_rotated(log: &str, other: &str) -> bool {
    if let Some(rest) = other.strip_prefix(log) {
        return rest.starts_with(['.', '-', '_'])
            && rest.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '-' | '_' | ':' | 'T'));
    }
    without_digits(log) == without_digits(other) && log.contains(|c: char| c.is_ascii_digit())
}

fn without_digits(name: &str) -> String {
    let mut out = String::new();
    for character in name.chars() {
        if !character.is_ascii_digit() {
            out.push(character);
        } else if !out.ends_with('#') {
            out.push('#');
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::is_rotated;

    #[test]
    fn rotated_names_are_told_from_others() {
        for other in ["app.log.1", "app.log.12", "app.log-20260228", "app.log.2026-02-28"] {
            assert!(is_rotated("app.log", other), "{other}");
        }
        for other in ["app.log.gz", "app.log.1.gz", "app-error.log", "app.logs", "other.log"] {
            assert!(!is_rotated("app.log", other), "{other}");
        }
        assert!(is_rotated("app-001.log", "app-002.log"));
        assert!(!is_rotated("app-001.log", "web-002.log"));
    }
}
