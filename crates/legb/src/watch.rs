//! Does something again whenever a file changes, until somebody ends the program.

use std::collections::BTreeMap;
use std::io::{self, IsTerminal};
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, SystemTime};

use crate::args::FileArgs;
use crate::{Exit, files, output};

/// Between two looks at the files so much time passes.
const PAUSE: Duration = Duration::from_millis(300);
/// Clears a terminal and goes to its first line.
const CLEAR: &str = "\x1b[2J\x1b[3J\x1b[H";

/// When each file was changed last, and how long it was then.
type Snapshot = BTreeMap<PathBuf, (Option<SystemTime>, u64)>;

/// Runs `work` now and after every change of the files below `paths`. Ends only with an error.
pub(crate) fn run(paths: &[PathBuf], args: &FileArgs, work: impl Fn() -> anyhow::Result<Exit>) -> anyhow::Result<Exit> {
    let mut seen = snapshot(paths, args)?;
    loop {
        if io::stdout().is_terminal() {
            output::plain(|out| io::Write::write_all(out, CLEAR.as_bytes()))?;
        }
        work()?;
        output::note("watching for changes; Ctrl-C ends this");
        seen = changed(paths, args, &seen)?;
    }
}

/// Waits until something is different.
fn changed(paths: &[PathBuf], args: &FileArgs, seen: &Snapshot) -> anyhow::Result<Snapshot> {
    loop {
        thread::sleep(PAUSE);
        let now = snapshot(paths, args)?;
        if now != *seen {
            return Ok(now);
        }
    }
}

fn snapshot(paths: &[PathBuf], args: &FileArgs) -> anyhow::Result<Snapshot> {
    let found = files::find(paths, args)?;
    let state = |path: &PathBuf| {
        let metadata = std::fs::metadata(path).ok();
        let length = metadata.as_ref().map_or(0, std::fs::Metadata::len);
        (metadata.and_then(|metadata| metadata.modified().ok()), length)
    };
    let paths = found.files.iter().map(|file| file.path().to_owned());
    Ok(paths.map(|path| (path.clone(), state(&path))).collect())
}
