//! What will a file print? Every `print` in order, exact, as a pattern, or unknown with the reason.

use legb_base::{Dialect, LineColumn, PyVersion};
use legb_syntax::LineIndex;
use serde::Serialize;

use crate::budget::Budget;
use crate::event::Printed;
use crate::machine::{Machine, Stop};
use crate::simulate::{Entry, start};
use crate::source::ModuleSource;
use crate::value::Value;

/// How much is claimed of a print.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum PrintKind {
    /// Exactly this text.
    Exact,
    /// This text, with `0x…` for addresses.
    Pattern,
    /// Nothing.
    Unknown,
}

/// A name that decided about a print.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PrintName {
    /// The name.
    pub name: String,
    /// `L`, `E`, `G` or `B`.
    pub scope: char,
    /// Why this scope answered.
    pub because: String,
}

/// A print as it is met while the program runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Print {
    /// Line of the call, from 1.
    pub line: u32,
    /// Column of the call, from 1.
    pub column: u32,
    /// How much is claimed.
    pub kind: PrintKind,
    /// What is written, without the newline at its end.
    pub text: Option<String>,
    /// Why nothing is claimed.
    pub reason: Option<String>,
    /// The names that decided.
    pub names: Vec<PrintName>,
}

/// The exception that ends the program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PredictedException {
    /// The name of its class.
    #[serde(rename = "type")]
    pub kind: String,
    /// `str()` of it; nothing where it is not known.
    pub message: Option<String>,
    /// The line that runs, from 1.
    pub line: Option<u32>,
}

/// What a file will print.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Prediction {
    /// The file.
    pub path: String,
    /// The version.
    pub python: String,
    /// The prints, in order.
    pub prints: Vec<Print>,
    /// The exception that nothing catches.
    pub exception: Option<PredictedException>,
    /// The whole output, where all of it is known.
    pub stdout: Option<String>,
    /// Why what comes later is not known.
    pub unknown: Option<String>,
}

/// Predicts what running `path` prints. `shown` is how the file is called in the answer.
pub fn predict(path: &str, shown: &str, version: PyVersion, source: &dyn ModuleSource, budget: Budget) -> Prediction {
    let dialect = Dialect::of(version);
    let mut machine = Machine::new(&dialect, source, budget);
    machine.events.keep_reads = true;
    let result = start(&mut machine, &Entry::Script(path.to_owned()));
    let text = source.read(path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
    let lines = LineIndex::new(&text);
    let mut known = machine.events.other_output.is_none() && machine.doubts.is_empty();
    let mut stdout = String::new();
    let printed = std::mem::take(&mut machine.events.prints);
    for printed in &printed {
        match &printed.text {
            Ok(text) if !printed.is_pattern => stdout.push_str(text),
            _ => known = false,
        }
    }
    let prints = printed.into_iter().filter(|p| *p.path == *path).map(|p| print(&machine, p, &lines, &text)).collect();
    let mut unknown = None;
    let exception = match result {
        Ok(()) => None,
        Err(Stop::Raise(id)) => {
            let line = machine.heap.exception(id).and_then(|data| {
                let entry = data.trace.iter().find(|entry| *entry.code.unit.path == *path)?;
                Some(entry.code.unit.line(entry.offset))
            });
            let message = match machine.exception_text(id) {
                Value::Str(text) => Some(text.replace('\u{fffd}', "…")),
                _ => None,
            };
            let kind = machine.type_name(&Value::Obj(id)).to_string();
            if machine.doubts.is_empty() {
                Some(PredictedException { kind, message, line })
            } else {
                unknown = machine.doubts.first().map(|reason| machine.reasons.text(*reason).to_owned());
                None
            }
        }
        Err(Stop::Halt(reason)) => {
            known = false;
            unknown = Some(machine.reasons.text(reason).to_owned());
            None
        }
    };
    if unknown.is_none() {
        unknown = machine.output_unknown.map(|reason| machine.reasons.text(reason).to_owned());
    }
    Prediction {
        path: shown.to_owned(),
        python: version.to_string(),
        prints,
        exception,
        stdout: known.then_some(stdout),
        unknown,
    }
}

fn print(machine: &Machine<'_>, printed: Printed, lines: &LineIndex, text: &str) -> Print {
    let LineColumn { line, column } = lines.line_column(printed.at, text);
    let names = printed
        .names
        .into_iter()
        .map(|read| PrintName { name: read.name.to_string(), scope: read.scope, because: read.because })
        .collect();
    let (kind, written, reason) = match printed.text {
        Ok(text) => {
            let kind = if printed.is_pattern { PrintKind::Pattern } else { PrintKind::Exact };
            let text = text.strip_suffix('\n').unwrap_or(&text).replace('\u{fffd}', "…");
            (kind, Some(text), None)
        }
        Err(reason) => (PrintKind::Unknown, None, Some(machine.reasons.text(reason).to_owned())),
    };
    Print { line, column, kind, text: written, reason, names }
}
