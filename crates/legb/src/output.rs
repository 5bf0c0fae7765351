//! Standard output and standard error: colours, buffering, and what a failed write means.

use std::io::{self, BufWriter, StdoutLock, Write};

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};
use anyhow::Context;
use legb_project::{Gravity, Problem};
use rustc_hash::FxHashSet;
use serde::Serialize;

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

/// Tells of problems with files, of each once; of those that left nothing unchecked only if not `quiet`.
///
/// A file that is read for several purposes may be found broken by each, with a remedy for each: the first is told.
pub(crate) fn problems<'a>(problems: impl IntoIterator<Item = &'a Problem>, quiet: bool) {
    let mut told = FxHashSet::default();
    for problem in problems {
        if !told.insert((&problem.path, &problem.what)) {
            continue;
        }
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

/// A number with commas between its thousands.
pub(crate) fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Writes a JSON array, a line for each row; what follows begins on the line of the last bracket.
pub(crate) fn json_lines<T: Serialize>(rows: impl IntoIterator<Item = T>, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "[")?;
    let mut separator = "\n";
    for row in rows {
        write!(out, "{separator}")?;
        serde_json::to_writer(&mut *out, &row)?;
        separator = ",\n";
    }
    write!(out, "{}]", if separator == "\n" { "" } else { "\n" })
}

/// Writes a line of comma-separated values (RFC 4180): fields are quoted where they need it.
pub(crate) fn csv_line(fields: &[&str], out: &mut dyn Write) -> io::Result<()> {
    for (place, field) in fields.iter().enumerate() {
        if place > 0 {
            write!(out, ",")?;
        }
        if field.contains([',', '"', '\n', '\r']) {
            write!(out, "\"{}\"", field.replace('"', "\"\""))?;
        } else {
            write!(out, "{field}")?;
        }
    }
    writeln!(out)
}

#[cfg(test)]
mod tests {
    use super::{csv_line, thousands};

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!([7, 999, 1000, 1_234_567].map(thousands), ["7", "999", "1,000", "1,234,567"]);
    }

    #[test]
    fn fields_are_quoted_where_they_need_it() {
        let mut out = Vec::new();
        csv_line(&["a b", "c,\"d\"", ""], &mut out).unwrap();
        assert_eq!(out, b"a b,\"c,\"\"d\"\"\",\n");
    }
}
