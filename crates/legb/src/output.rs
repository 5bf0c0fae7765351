//! Standard output and standard error: colours, buffering, and what a failed write means.

use std::io::{self, BufWriter, StdoutLock, Write};

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};
use anyhow::Context;
use legb_project::{Gravity, Problem};

const ERROR: Style = AnsiColor::BrightRed.on_default().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();
const HELP: Style = AnsiColor::BrightCyan.on_default().bold();

/// Buffered standard output that drops colours where they are not wanted.
type Stdout = BufWriter<AutoStream<StdoutLock<'static>>>;

/// Lets `write` write text with colours to standard output.
pub(crate) fn styled(write: impl FnOnce(&mut Stdout) -> io::Result<()>) -> anyhow::Result<()> {
    run(AutoStream::auto(io::stdout().lock()), write)
}

/// Lets `write` write data to standard output, which arrives as it is.
pub(crate) fn plain(write: impl FnOnce(&mut Stdout) -> io::Result<()>) -> anyhow::Result<()> {
    run(AutoStream::new(io::stdout().lock(), ColorChoice::AlwaysAnsi), write)
}

fn run(
    stream: AutoStream<StdoutLock<'static>>,
    write: impl FnOnce(&mut Stdout) -> io::Result<()>,
) -> anyhow::Result<()> {
    let mut out = BufWriter::with_capacity(1 << 16, stream);
    let result = write(&mut out).and_then(|()| out.flush());
    if result.is_err() {
        // What is left in the buffer cannot be written either; dropping it unwritten avoids a second attempt.
        let _ = out.into_parts();
    }
    result.context("cannot write to standard output")
}

/// Tells the user on standard error that something has failed.
pub(crate) fn error(message: &str) {
    line(&format!("{ERROR}error{ERROR:#}: {message}"));
}

/// Tells the user on standard error of something odd.
pub(crate) fn warning(message: &str) {
    line(&format!("{WARNING}warning{WARNING:#}: {message}"));
}

/// Tells the user on standard error what is being done.
pub(crate) fn note(message: &str) {
    line(message);
}

/// Tells of problems with files; of those that left nothing unchecked only if not `quiet`.
pub(crate) fn problems<'a>(problems: impl IntoIterator<Item = &'a Problem>, quiet: bool) {
    for problem in problems {
        let message = format!("{}: {}\n  {HELP}help{HELP:#}: {}", problem.path, problem.what, problem.remedy);
        match problem.gravity {
            Gravity::Error => error(&message),
            Gravity::Warning if quiet => {}
            Gravity::Warning => warning(&message),
        }
    }
}

fn line(text: &str) {
    // When standard error is closed there is nobody left to tell.
    let _ = writeln!(anstream::stderr().lock(), "{text}");
}
