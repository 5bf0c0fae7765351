//! Reads files in parallel and hands each to a worker.
//!
//! Each thread has one buffer and one state that it uses again for every file, so that the heap stays small. A source is
//! gone once its worker returns: nothing here keeps text. A thread that panics is replaced.
//!
//! What a worker returns is copied by the thread that waits, and the original is dropped soon. Small things that stay for
//! the whole run would otherwise lie scattered among the pages of the syntax trees, none of which could be given back
//! whole: every later tree would be built in the gaps, which costs a tenth of the time that parsing takes.

use std::env;
use std::fs::File;
use std::io::{self, Read};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use crate::discover::SourceFile;
use crate::panic::{Panic, report_to};
use crate::problem::Problem;

/// Stack that a thread needs to analyse files, in bytes: analysis recurses over syntax trees as deep as CPython's own
/// parser allows.
pub const STACK_SIZE: usize = 64 << 20;
/// A buffer that one large file has made larger than this is not kept for the next.
const KEPT_BUFFER: usize = 4 << 20;
/// Offsets into a text are 32 bits wide.
const LARGEST_FILE: u64 = u32::MAX as u64;
/// So many outcomes wait to be copied: enough that nobody is woken often, few enough that they scatter little.
const BATCH: usize = 64;
/// So many threads that panicked are replaced; then something is wrong with more than a file.
const REPLACEMENTS: usize = 100;
/// The environment variable that says how many threads to use where nothing else does.
const THREADS_VARIABLE: &str = "RAYON_NUM_THREADS";

/// What became of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome<R> {
    /// The worker's answer.
    Done(R),
    /// The worker panicked.
    Panicked(Panic),
    /// The file could not be read.
    Unreadable(Problem),
}

/// How many threads to use: `asked`, else what `RAYON_NUM_THREADS` says, else one for every processor.
pub fn thread_count(asked: Option<usize>) -> usize {
    let from_environment = || env::var(THREADS_VARIABLE).ok()?.parse().ok();
    asked
        .or_else(from_environment)
        .filter(|count| *count > 0)
        .or_else(|| thread::available_parallelism().ok().map(usize::from))
        .unwrap_or(1)
}

/// Reads every file on `threads` threads and calls `work` with its bytes; the outcomes are in the order of `files`.
///
/// `init` makes the state of a thread. The error is that of the system that has no thread to give.
pub fn load<S, R: Clone + Send + 'static>(
    files: &Arc<[SourceFile]>,
    threads: usize,
    init: impl Fn() -> S + Send + Sync + 'static,
    work: impl Fn(&mut S, &SourceFile, &[u8]) -> R + Send + Sync + 'static,
) -> io::Result<Vec<Outcome<R>>> {
    let jobs = Arc::new((init, work));
    let shared =
        Arc::new(Shared { files: Arc::clone(files), next: AtomicUsize::new(0), fresh: Mutex::new(Vec::new()) });
    let (sender, receiver) = channel();
    let start = || {
        let (shared, jobs, sender) = (Arc::clone(&shared), Arc::clone(&jobs), sender.clone());
        let body = move || work_through(&shared, &jobs.0, &jobs.1, &sender);
        thread::Builder::new().stack_size(STACK_SIZE).spawn(body).map(drop)
    };
    let mut running = 0;
    for _ in 0..threads.clamp(1, files.len().max(1)) {
        match start() {
            Ok(()) => running += 1,
            Err(error) if running == 0 => return Err(error),
            Err(_) => break,
        }
    }
    let mut outcomes: Vec<Option<Outcome<R>>> = files.iter().map(|_| None).collect();
    let mut replaced = 0;
    while running > 0 {
        // A sender lives in `start`, so that the channel cannot be closed.
        let Ok(event) = receiver.recv() else { break };
        match event {
            Event::Batch => {}
            Event::Finished => running -= 1,
            Event::Panicked(index, panic) => {
                outcomes[index] = Some(Outcome::Panicked(panic));
                replaced += 1;
                if replaced > REPLACEMENTS || start().is_err() {
                    running -= 1;
                }
            }
        }
        let fresh = std::mem::take(&mut *shared.lock());
        for (index, outcome) in &fresh {
            outcomes[*index] = Some(outcome.clone());
        }
    }
    let skipped = || {
        let message = "not looked at, because legb had failed on too many files before".to_owned();
        Outcome::Panicked(Panic { message, location: None })
    };
    Ok(outcomes.into_iter().map(|outcome| outcome.unwrap_or_else(skipped)).collect())
}

/// What the threads share.
struct Shared<R> {
    files: Arc<[SourceFile]>,
    /// The file that nobody works on yet.
    next: AtomicUsize,
    /// Outcomes that nobody has copied yet, each with the place of its file.
    fresh: Mutex<Vec<(usize, Outcome<R>)>>,
}

impl<R> Shared<R> {
    /// Whether a batch is full now.
    fn store(&self, index: usize, outcome: Outcome<R>) -> bool {
        let mut fresh = self.lock();
        fresh.push((index, outcome));
        fresh.len() == BATCH
    }

    /// No thread panics while it holds the lock, for it only moves values then.
    fn lock(&self) -> MutexGuard<'_, Vec<(usize, Outcome<R>)>> {
        self.fresh.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a thread tells the one that waits.
enum Event {
    /// A batch of outcomes is to be copied.
    Batch,
    /// No file is left; the thread ends.
    Finished,
    /// The thread panicked while it worked on this file.
    Panicked(usize, Panic),
}

/// What a thread does. The sender may fail only where nobody waits for an answer any more.
fn work_through<S, R>(
    shared: &Shared<R>,
    init: &impl Fn() -> S,
    work: &impl Fn(&mut S, &SourceFile, &[u8]) -> R,
    sender: &Sender<Event>,
) {
    let current = Arc::new(AtomicUsize::new(0));
    let (panicked, at) = (sender.clone(), Arc::clone(&current));
    report_to(move |panic| {
        let _ = panicked.send(Event::Panicked(at.load(Ordering::Relaxed), panic));
    });
    let mut state = init();
    let mut buffer = Vec::new();
    loop {
        let index = shared.next.fetch_add(1, Ordering::Relaxed);
        let Some(file) = shared.files.get(index) else {
            break;
        };
        current.store(index, Ordering::Relaxed);
        let outcome = match bytes(file, &mut buffer) {
            Ok(bytes) => Outcome::Done(work(&mut state, file, bytes)),
            Err(problem) => Outcome::Unreadable(problem),
        };
        if shared.store(index, outcome) {
            let _ = sender.send(Event::Batch);
        }
        if buffer.capacity() > KEPT_BUFFER {
            buffer = Vec::new();
        }
    }
    let _ = sender.send(Event::Finished);
}

/// The content of a file, which may be at hand already.
fn bytes<'a>(file: &'a SourceFile, buffer: &'a mut Vec<u8>) -> Result<&'a [u8], Problem> {
    if let Some(content) = file.content() {
        return Ok(content);
    }
    let path = file.path();
    match read(path, buffer) {
        Ok(true) => Ok(buffer),
        Ok(false) => Err(Problem::error(path, "is larger than 4 GiB", "exclude it with `--extend-exclude`")),
        Err(error) => Err(Problem::reading(path, &error)),
    }
}

/// Fills `buffer` with the content of a file; false if that is too large.
fn read(path: &std::path::Path, buffer: &mut Vec<u8>) -> io::Result<bool> {
    let opened = File::open(path)?;
    let length = opened.metadata()?.len();
    if length > LARGEST_FILE {
        return Ok(false);
    }
    buffer.clear();
    // One byte more than needed lets the read that meets the end of the file do so without growing the buffer. A limit keeps
    // the standard library from asking for the length once more.
    buffer.reserve(usize::try_from(length).unwrap_or_default() + 1);
    opened.take(LARGEST_FILE + 1).read_to_end(buffer)?;
    Ok(buffer.len() as u64 <= LARGEST_FILE)
}

#[cfg(test)]
mod tests {
    use super::{Outcome, REPLACEMENTS, load};
    use crate::discover::SourceFile;
    use std::fs;
    use std::sync::Arc;

    #[test]
    fn outcomes_are_in_order_and_a_panic_or_a_missing_file_ends_nothing() {
        let root = tempfile::tempdir().unwrap();
        let files: Arc<[SourceFile]> = (0..40)
            .map(|number| {
                let path = root.path().join(format!("{number}.py"));
                if number != 7 {
                    fs::write(&path, "x".repeat(number)).unwrap();
                }
                SourceFile::new(path)
            })
            .collect();
        for threads in [1, 3] {
            let outcomes = load(
                &files,
                threads,
                || 0,
                |calls, _, bytes| {
                    *calls += 1;
                    assert!(bytes.len() != 9, "nine");
                    bytes.len()
                },
            );
            for (number, outcome) in outcomes.unwrap().into_iter().enumerate() {
                match outcome {
                    Outcome::Done(length) => assert_eq!(length, number),
                    Outcome::Unreadable(problem) => {
                        assert_eq!((number, problem.what.as_str()), (7, "cannot be read: no such file or directory"));
                    }
                    Outcome::Panicked(panic) => {
                        assert_eq!((number, panic.message.as_str()), (9, "nine"));
                        assert!(panic.location.unwrap().contains("load.rs"));
                    }
                }
            }
        }
    }

    #[test]
    fn content_at_hand_is_not_read() {
        let files: Arc<[SourceFile]> = [SourceFile::with_content("-".into(), b"abc".to_vec())].into();
        let outcomes = load(&files, 1, || (), |(), _, bytes| bytes.to_vec()).unwrap();
        assert_eq!(outcomes, [Outcome::Done(b"abc".to_vec())]);
        assert!(load(&Arc::from([]), 1, || (), |(), _, _| ()).unwrap().is_empty());
    }

    #[test]
    fn panics_without_end_are_not_waited_for() {
        let file = SourceFile::with_content("-".into(), Vec::new());
        let files: Arc<[SourceFile]> = vec![file; REPLACEMENTS * 2].into();
        let outcomes = load(&files, 1, || (), |(), _, _| panic!("always")).unwrap();
        let said = |outcome: &Outcome<()>, start: &str| matches!(outcome, Outcome::Panicked(panic) if panic.message.starts_with(start));
        assert!(outcomes[..=REPLACEMENTS].iter().all(|outcome| said(outcome, "always")));
        assert!(outcomes[REPLACEMENTS + 1..].iter().all(|outcome| said(outcome, "not looked at")));
    }
}
