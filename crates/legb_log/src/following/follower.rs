//! The bytes of a log that grows and rotates, each once and in order.
//!
//! The open file is read to its end before another takes its place. While it is open its inode cannot be used again, so that
//! another inode under its name is another file, however it came there: renamed and created, deleted and created, or a link
//! that was turned. A file that became shorter, or whose last bytes are no longer what was read, was truncated: what the copy
//! beside it holds and was not read yet is read from there.
//!
//! Changes are found by looking, not by notification, which network file systems do not send.

use std::collections::VecDeque;
use std::fs::{self, File, Metadata};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::mpsc::Sender;
use std::time::{Duration, Instant};

use super::siblings::{HEAD, Known, same, siblings};

/// So many bytes before the place where reading goes on are compared, to see whether the file is still the same.
const TAIL: usize = 256;

/// A file may be gone for a moment while it is rotated.
const PATIENCE: Duration = Duration::from_secs(1);

/// What happened to a file that is followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// It is not there; it is waited for.
    Missing(PathBuf),
    /// Another file has taken its place.
    Replaced(PathBuf),
    /// Files that had taken its place for a short time were found beside it and read as well.
    CaughtUp(PathBuf, usize),
    /// It was truncated. So many bytes that had not been read were found in a copy beside it; none if there is no copy, and
    /// then what was written between the last read and the truncation is lost.
    Truncated(PathBuf, Option<u64>),
}

/// What tells one file from another.
type Identity = (u64, u64);

#[cfg(unix)]
fn identity(metadata: &Metadata) -> Identity {
    use std::os::unix::fs::MetadataExt;
    (metadata.dev(), metadata.ino())
}

#[cfg(not(unix))]
fn identity(metadata: &Metadata) -> Identity {
    let created = metadata.created().ok().and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok());
    (created.map_or(0, |age| u64::try_from(age.as_nanos()).unwrap_or(u64::MAX)), 0)
}

/// A file that is open.
struct Current {
    file: File,
    identity: Identity,
    offset: u64,
    /// The first bytes of the file.
    head: Vec<u8>,
    /// The last bytes that were read.
    tail: Vec<u8>,
}

impl Current {
    fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        let identity = identity(&file.metadata()?);
        Ok(Self { file, identity, offset: 0, head: Vec::new(), tail: Vec::new() })
    }

    /// Reads what comes next; an error of kind `UnexpectedEof` says that the file is no longer what it was.
    fn read(&mut self, buffer: &mut [u8], scratch: &mut Vec<u8>) -> io::Result<usize> {
        let overlap = self.tail.len();
        scratch.resize(overlap + buffer.len(), 0);
        self.file.seek(SeekFrom::Start(self.offset - overlap as u64))?;
        // One read gives the bytes before and after the place as they were at one moment.
        let count = loop {
            match self.file.read(scratch) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => break other?,
            }
        };
        if count < overlap || scratch[..overlap] != *self.tail {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let fresh = &scratch[overlap..count];
        buffer[..fresh.len()].copy_from_slice(fresh);
        self.advance(fresh);
        Ok(fresh.len())
    }

    fn advance(&mut self, fresh: &[u8]) {
        let missing = HEAD.saturating_sub(self.head.len());
        // The head is known only where the file was read from its start.
        if self.offset == self.head.len() as u64 {
            self.head.extend_from_slice(&fresh[..fresh.len().min(missing)]);
        }
        self.offset += fresh.len() as u64;
        self.tail.extend_from_slice(fresh);
        let surplus = self.tail.len().saturating_sub(TAIL);
        self.tail.drain(..surplus);
    }
}

/// Gives the bytes of a file that is followed. At its end it says so with 0 bytes, and may have more later.
pub struct Follower {
    path: PathBuf,
    current: Option<Current>,
    /// Files to be read before the current one goes on, each from an offset to its end.
    before: VecDeque<File>,
    known: Known,
    events: Sender<Event>,
    scratch: Vec<u8>,
    last_byte: u8,
    missing_since: Option<Instant>,
    is_missing_told: bool,
}

impl Follower {
    /// Follows a file, from its beginning or from where it ends now. It need not exist yet.
    ///
    /// # Errors
    /// If it exists and cannot be read.
    pub fn open(path: &Path, from_end: bool, events: Sender<Event>) -> io::Result<Self> {
        let mut known = Known::default();
        for sibling in siblings(path) {
            known.add(&sibling.head);
        }
        let mut follower = Self {
            path: path.to_path_buf(),
            current: None,
            before: VecDeque::new(),
            known,
            events,
            scratch: Vec::new(),
            last_byte: b'\n',
            missing_since: None,
            is_missing_told: false,
        };
        match Current::open(path) {
            Ok(mut current) => {
                if from_end {
                    skip_to_end(&mut current)?;
                }
                follower.current = Some(current);
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => follower.miss(),
            Err(error) => return Err(error),
        }
        Ok(follower)
    }

    fn tell(&self, event: Event) {
        // Nobody listening is no failure.
        let _ = self.events.send(event);
    }

    fn miss(&mut self) {
        let since = *self.missing_since.get_or_insert_with(Instant::now);
        if !self.is_missing_told && since.elapsed() >= PATIENCE {
            self.is_missing_told = true;
            self.tell(Event::Missing(self.path.clone()));
        }
    }

    fn found(&mut self) {
        self.missing_since = None;
        self.is_missing_told = false;
    }

    /// Looks whether another file has taken the place of the one that was read to its end; true if there is more to read.
    fn look(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let metadata = match fs::metadata(&self.path) {
            Ok(metadata) => metadata,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                self.miss();
                return Ok(0);
            }
            Err(error) => return Err(error),
        };
        let is_same = self.current.as_ref().is_some_and(|current| current.identity == identity(&metadata));
        if is_same {
            self.found();
            return Ok(0);
        }
        // What was written before the change, but after the last read, is still there.
        if let Some(current) = &mut self.current {
            let count = current.read(buffer, &mut self.scratch).unwrap_or(0);
            if count > 0 {
                return Ok(count);
            }
        }
        let next = match Current::open(&self.path) {
            Ok(next) => next,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
            Err(error) => return Err(error),
        };
        if let Some(old) = self.current.take() {
            self.known.add(&old.head);
            self.tell(Event::Replaced(self.path.clone()));
            self.catch_up(&next);
        }
        self.found();
        self.current = Some(next);
        Ok(self.end_line(buffer))
    }

    /// Finds files that were the log for so short a time that they were never open here.
    fn catch_up(&mut self, next: &Current) {
        let mut count = 0;
        for sibling in siblings(&self.path) {
            let is_next = File::open(&sibling.path)
                .and_then(|file| file.metadata())
                .is_ok_and(|metadata| identity(&metadata) == next.identity);
            if is_next || sibling.head.is_empty() || self.known.has(&sibling.head) {
                continue;
            }
            if let Ok(file) = File::open(&sibling.path) {
                self.known.add(&sibling.head);
                self.before.push_back(file);
                count += 1;
            }
        }
        if count > 0 {
            self.tell(Event::CaughtUp(self.path.clone(), count));
        }
    }

    /// The file was truncated: what was not read yet may be in a copy.
    fn truncated(&mut self) {
        let Some(current) = &mut self.current else { return };
        let (head, offset) = (std::mem::take(&mut current.head), current.offset);
        current.offset = 0;
        current.tail.clear();
        self.known.add(&head);
        let mut found = None;
        let mut count = 0;
        for sibling in siblings(&self.path) {
            if found.is_none() && same(&sibling.head, &head) && sibling.len >= offset && !head.is_empty() {
                if let Ok(mut file) = File::open(&sibling.path)
                    && file.seek(SeekFrom::Start(offset)).is_ok()
                {
                    found = Some(sibling.len - offset);
                    self.before.push_back(file);
                }
            } else if !sibling.head.is_empty() && !self.known.has(&sibling.head) && found.is_some() {
                // The log was copied and truncated more than once since the last look.
                if let Ok(file) = File::open(&sibling.path) {
                    self.known.add(&sibling.head);
                    self.before.push_back(file);
                    count += 1;
                }
            }
        }
        self.tell(Event::Truncated(self.path.clone(), found));
        if count > 0 {
            self.tell(Event::CaughtUp(self.path.clone(), count));
        }
    }

    /// Ends a line that the old file left incomplete.
    fn end_line(&mut self, buffer: &mut [u8]) -> usize {
        if self.last_byte == b'\n' {
            return 0;
        }
        buffer[0] = b'\n';
        1
    }

    fn next_bytes(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            if let Some(file) = self.before.front_mut() {
                let count = file.read(buffer)?;
                if count > 0 {
                    return Ok(count);
                }
                self.before.pop_front();
                let ended = self.end_line(buffer);
                if ended > 0 {
                    return Ok(ended);
                }
                continue;
            }
            if let Some(current) = &mut self.current {
                match current.read(buffer, &mut self.scratch) {
                    Ok(0) => {}
                    Ok(count) => return Ok(count),
                    Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                        self.truncated();
                        if self.before.is_empty() {
                            let ended = self.end_line(buffer);
                            if ended > 0 {
                                return Ok(ended);
                            }
                        }
                        continue;
                    }
                    Err(error) => return Err(error),
                }
            }
            let had = self.current.as_ref().map(|current| current.identity);
            let count = self.look(buffer)?;
            let has = self.current.as_ref().map(|current| current.identity);
            if count > 0 || had == has && self.before.is_empty() {
                return Ok(count);
            }
        }
    }
}

impl Read for Follower {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        let count = self.next_bytes(buffer)?;
        if count > 0 {
            self.last_byte = buffer[count - 1];
        }
        Ok(count)
    }
}

/// Goes to the end of a file, remembering what it begins and ends with.
fn skip_to_end(current: &mut Current) -> io::Result<()> {
    let mut head = vec![0; HEAD];
    let count = current.file.read(&mut head)?;
    head.truncate(count);
    let len = current.file.metadata()?.len();
    let start = len.saturating_sub(TAIL as u64);
    current.file.seek(SeekFrom::Start(start))?;
    let mut tail = Vec::new();
    (&current.file).take(len - start).read_to_end(&mut tail)?;
    current.offset = start + tail.len() as u64;
    (current.head, current.tail) = (head, tail);
    Ok(())
}
