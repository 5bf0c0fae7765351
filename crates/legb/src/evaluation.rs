//! How the commands that follow a program start the evaluator: its stack, its budget, its files.

use std::path::Path;
use std::thread;

use anyhow::{Context, anyhow};
use legb_eval::Budget;
use legb_eval::source::{Files, Packages};
use legb_resolve::RealFs;

/// Bytes of stack: calls of the program nest as calls of the evaluator. Only what is used takes memory.
const STACK: usize = 1 << 30;

/// Files beside which a project says what it needs.
const MANIFESTS: [&str; 4] = ["pyproject.toml", "setup.py", "setup.cfg", "requirements.txt"];

/// Lets `work` evaluate with files from the disk, on a thread with a large stack. `root` is the folder of the project: where
/// that declares what it needs, what it lacks is taken to be installed.
pub(crate) fn evaluate<R: Send>(root: &Path, work: impl FnOnce(&Files<'_>) -> R + Send) -> anyhow::Result<R> {
    let declares = MANIFESTS.iter().any(|file| root.join(file).is_file());
    let packages = if declares { Packages::Assumed } else { Packages::Perhaps };
    thread::scope(|scope| {
        let thread = thread::Builder::new()
            .stack_size(STACK)
            .spawn_scoped(scope, || {
                let fs = RealFs::new();
                work(&Files { fs: &fs, packages })
            })
            .context("cannot start a thread")?;
        thread.join().map_err(|_| anyhow!("the evaluator failed"))
    })
}

/// The budget, with the steps that were asked for.
pub(crate) fn budget(steps: Option<u64>) -> Budget {
    let standard = Budget::default();
    Budget { steps: steps.unwrap_or(standard.steps), ..standard }
}
