//! Recorded exceptions, and how they compare with tracebacks that were read from text.
//!
//! The truth comes from live exceptions. The text says more in places (a suggestion behind the message) and less in others:
//! frames of the interpreter itself are not printed, repeated frames are folded, and groups are cut at fifteen members and ten
//! levels.

use std::fs;
use std::path::Path;

use anyhow::Context;
use legb_log::parsing::Traceback;
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// A text and what was reported while it was written.
#[derive(Debug, Deserialize)]
pub(super) struct Sample {
    #[serde(rename = "sample")]
    pub(super) path: String,
    pub(super) scenario: String,
    pub(super) python: String,
    pub(super) color: bool,
    pub(super) exceptions: Vec<Reported>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Reported {
    pub(super) exc: Exception,
}

/// A recorded exception.
#[derive(Debug, Deserialize)]
pub(super) struct Exception {
    #[serde(rename = "type")]
    name: String,
    module: String,
    message: Option<String>,
    frames: Vec<Frame>,
    frames_total: Option<u64>,
    cause: Option<Box<Exception>>,
    context: Option<Box<Exception>>,
    group: Option<Vec<Exception>>,
    #[serde(default)]
    notes: Vec<String>,
    syntax: Option<Syntax>,
}

#[derive(Debug, Deserialize)]
struct Frame {
    file: String,
    line: u32,
    name: String,
}

#[derive(Debug, Deserialize)]
struct Syntax {
    file: Option<String>,
    line: Option<u32>,
}

/// The rows of a file of JSON lines.
pub(super) fn rows<T: DeserializeOwned>(path: &Path) -> anyhow::Result<Vec<T>> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {} (--truth)", path.display()))?;
    text.lines()
        .map(|line| serde_json::from_str(line).with_context(|| format!("a row of {}", path.display())))
        .collect()
}

impl Exception {
    /// In what a traceback differs; nothing where it is the recorded exception.
    pub(super) fn differences(&self, trace: &Traceback) -> Vec<String> {
        let mut found = Vec::new();
        self.compare(trace, "", &mut found);
        found
    }

    fn compare(&self, trace: &Traceback, path: &str, found: &mut Vec<String>) {
        let full = format!("{}.{}", self.module, self.name);
        let last = self.name.rsplit('.').next().unwrap_or_default();
        let short = format!("{}.{last}", self.module);
        // Up to 3.10 the main module is named, and 3.8 leaves the outer class out.
        let names = match self.module.as_str() {
            "builtins" => vec![self.name.as_str(), last],
            "__main__" => vec![full.as_str(), short.as_str(), self.name.as_str()],
            _ => vec![full.as_str(), short.as_str()],
        };
        if !names.contains(&trace.exception.as_str()) {
            found.push(format!("{path}type {} instead of {full}", trace.exception));
        }
        self.compare_message(trace, path, found);
        self.compare_frames(trace, path, found);
        for (name, want, got) in [("cause", &self.cause, &trace.cause), ("context", &self.context, &trace.context)] {
            match (want, got) {
                (Some(want), Some(got)) => want.compare(got, &format!("{path}{name}/"), found),
                (None, None) => {}
                _ => found.push(format!("{path}{name}: {} instead of {}", got.is_some(), want.is_some())),
            }
        }
        if let Some(group) = &self.group {
            for (index, (want, got)) in group.iter().zip(&trace.group).enumerate() {
                want.compare(got, &format!("{path}{index}/"), found);
            }
            if group.len() != trace.group.len() && trace.elided.is_none() {
                found.push(format!("{path}{} members instead of {}", trace.group.len(), group.len()));
            }
        }
    }

    fn compare_message(&self, trace: &Traceback, path: &str, found: &mut Vec<String>) {
        let (Some(message), None) = (&self.message, &self.syntax) else { return };
        let want = [std::slice::from_ref(message), self.notes.as_slice()].concat().join("\n");
        let (want, got) = (want.trim_end_matches('\n'), trace.message.trim_end_matches('\n'));
        if got != want && !is_suggestion(got, want) {
            found.push(format!("{path}message {got:?} instead of {want:?}"));
        }
    }

    fn compare_frames(&self, trace: &Traceback, path: &str, found: &mut Vec<String>) {
        let mut got = trace.frames.as_slice();
        if let Some(syntax) = &self.syntax {
            let place = got.split_last().map(|(last, rest)| {
                got = rest;
                (Some(last.path.clone()), Some(last.line))
            });
            if place != Some((syntax.file.clone(), syntax.line)) {
                found.push(format!("{path}place of the syntax error {place:?}"));
            }
        }
        let want: Vec<&Frame> = self.frames.iter().filter(|frame| !frame.file.starts_with("<frozen")).collect();
        let count: u64 = got.iter().map(|frame| 1 + frame.repeated).sum();
        let total = self.frames_total.unwrap_or(want.len() as u64);
        if count != total {
            found.push(format!("{path}{count} frames instead of {total}"));
        } else if self.frames_total.is_none() {
            let shown = got
                .iter()
                .flat_map(|frame| std::iter::repeat_n(frame, 1 + usize::try_from(frame.repeated).unwrap_or(0)));
            let differs = shown.zip(want).find(|(got, want)| {
                got.path != want.file || got.line != want.line || got.name.as_deref() != Some(want.name.as_str())
            });
            found.extend(differs.map(|(got, want)| format!("{path}frame {got:?} instead of {want:?}")));
        }
    }
}

/// Whether a message is another one with the suggestion that is only printed.
fn is_suggestion(got: &str, want: &str) -> bool {
    got.strip_prefix(want).is_some_and(|rest| {
        rest.ends_with('?')
            && [". Did you mean", ". Did you forget to import", ", or did you forget to import"]
                .iter()
                .any(|start| rest.starts_with(start))
    })
}
