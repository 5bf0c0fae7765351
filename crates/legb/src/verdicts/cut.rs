//! The cheapest edit after which every entry works, found by running the edited project.
//!
//! The candidates are the imports on the way round the circle. What each could be changed to is the question of
//! `legb_graph::repair`; whether it helps, the runs say.

use std::path::{Path, PathBuf};

use anyhow::Context;
use legb_base::fix::LocatedEdit;
use legb_base::{Dialect, LineColumn, LineRange};
use legb_eval::Verdict;
use legb_graph::{Remedy, Trouble, repairs};
use rustc_hash::FxHashMap;
use similar::{DiffTag, TextDiff};

use super::circle::{Circle, Place};
use super::{Ended, Runs, Start};
use crate::evaluation::Edited;
use crate::rewrite::replace;
use crate::story::relative;

/// So many edits may be needed.
const EDITS: usize = 4;
/// So many candidates are tried for each.
const CANDIDATES: usize = 24;
/// So many of them are tried on all entries.
const CHECKED: usize = 6;

/// Edits of files.
#[derive(Clone, Debug)]
pub(crate) struct Cut {
    /// What they do, in a few words.
    pub(crate) title: String,
    /// The edits.
    pub(crate) edits: Vec<LocatedEdit>,
    /// Whether every entry worked in a run of the edited project, but for those that crash for another reason.
    pub(crate) verified: bool,
    /// The files and their new content.
    pub(crate) files: Vec<(PathBuf, Vec<u8>)>,
}

impl Cut {
    /// Writes the files, each wholly or not at all.
    pub(crate) fn apply(&self) -> anyhow::Result<()> {
        for (path, content) in &self.files {
            replace(path, content).with_context(|| format!("cannot write {}", path.display()))?;
        }
        Ok(())
    }
}

/// A search for edits.
pub(crate) struct Search<'a> {
    /// How programs are run.
    pub(crate) runs: Runs<'a>,
    /// The entries.
    pub(crate) starts: &'a [Start],
    /// Whether another file takes a name from a file.
    pub(crate) is_taken: &'a dyn Fn(&str, &str) -> bool,
}

/// One change of one file.
struct Candidate {
    title: String,
    path: String,
    content: Vec<u8>,
}

/// How all entries end.
struct Outcome {
    /// Entries that still crash for a circle, with it.
    circles: Vec<(usize, Circle)>,
    /// Whether nothing is unknown, and nothing crashes that did not before.
    is_sure: bool,
}

type Files = FxHashMap<String, Vec<u8>>;

impl Search<'_> {
    /// The edits, if an entry crashes because of the cycle and edits are found that help.
    pub(crate) fn cut(&self, entries: &[Ended]) -> Option<Cut> {
        let crashed: Vec<bool> =
            entries.iter().map(|ended| ended.story.verdict == Verdict::Crashes && ended.circle.is_none()).collect();
        let (place, first) = entries.iter().enumerate().find_map(|(place, it)| Some((place, it.circle.clone()?)))?;
        let mut state = Outcome { circles: vec![(place, first)], is_sure: false };
        let left = entries.iter().filter(|ended| ended.circle.is_some()).count();
        let (mut files, mut titles, mut left) = (Files::default(), Vec::new(), left);
        while titles.len() < EDITS {
            let (place, circle) = state.circles.first()?;
            let (title, trial, outcome) = self.step(*place, circle, &files, &crashed, left)?;
            titles.push(title);
            files = trial;
            left = outcome.circles.len();
            if left == 0 {
                return Some(self.finished(&titles, &files, outcome.is_sure));
            }
            state = outcome;
        }
        None
    }

    /// The best change for a circle: the first after which nothing crashes, else the one after which least does.
    fn step(
        &self,
        place: usize,
        circle: &Circle,
        files: &Files,
        crashed: &[bool],
        left: usize,
    ) -> Option<(String, Files, Outcome)> {
        let mut best: Option<(String, Files, Outcome)> = None;
        let mut checked = 0;
        for candidate in self.candidates(circle, files).into_iter().take(CANDIDATES) {
            let mut trial = files.clone();
            trial.insert(candidate.path, candidate.content);
            let source = Edited { modules: self.runs.source, files: &trial };
            let runs = Runs { source: &source, ..self.runs };
            let story = runs.one(&self.starts[place].entry);
            if story.verdict == Verdict::Crashes && Circle::of(&story).is_none_or(|again| again == *circle) {
                continue;
            }
            let outcome = self.outcome(&runs, crashed);
            let is_best = best.as_ref().is_none_or(|(_, _, known)| outcome.circles.len() < known.circles.len());
            let is_done = outcome.circles.is_empty() && outcome.is_sure;
            if is_best && outcome.circles.len() <= left || is_done {
                best = Some((candidate.title, trial, outcome));
            }
            checked += 1;
            if is_done || checked == CHECKED {
                break;
            }
        }
        best
    }

    fn outcome(&self, runs: &Runs<'_>, crashed: &[bool]) -> Outcome {
        let mut outcome = Outcome { circles: Vec::new(), is_sure: true };
        runs.all(self.starts, |place, story| match Circle::of(&story) {
            Some(circle) => outcome.circles.push((place, circle)),
            None => outcome.is_sure &= crashed[place] || story.verdict == Verdict::Works,
        });
        outcome.circles.sort_by_key(|(place, _)| *place);
        outcome
    }

    /// What may be changed: the import that fails, then those that lead to it.
    fn candidates(&self, circle: &Circle, files: &Files) -> Vec<Candidate> {
        let missing = circle.missing.as_deref();
        let mut found = Vec::new();
        let mut add = |place: &Place, name: Option<&str>, needed: Option<&str>| {
            for (rank, candidate) in self.repaired(place, name, needed, files) {
                found.push((rank, candidate));
            }
        };
        add(&circle.closing, missing, None);
        for place in &circle.chain {
            add(place, None, missing);
        }
        found.sort_by_key(|(rank, _)| *rank);
        found.into_iter().map(|(_, candidate)| candidate).collect()
    }

    fn repaired(
        &self,
        (path, line): &Place,
        name: Option<&str>,
        needed: Option<&str>,
        files: &Files,
    ) -> Vec<(usize, Candidate)> {
        let bytes = files.get(path).cloned().or_else(|| self.runs.source.read(path));
        // Other encodings would have to be written again as they were.
        let Some(text) = bytes.and_then(|bytes| String::from_utf8(bytes).ok()) else { return Vec::new() };
        if text.starts_with('\u{feff}') {
            return Vec::new();
        }
        let is_init = Path::new(path).file_stem().is_some_and(|stem| stem == "__init__");
        let trouble = Trouble { line: *line, name, needed };
        let shown = relative(path, self.runs.here);
        let repairs = repairs(&text, trouble, is_init, &Dialect::of(self.runs.version));
        repairs
            .into_iter()
            .filter(|repair| self.runs.may_be_lazy || repair.remedy != Remedy::Lazy)
            .filter(|repair| !repair.gone.iter().any(|name| (self.is_taken)(path, name)))
            .enumerate()
            .map(|(rank, repair)| {
                let mut content = text.clone();
                for edit in repair.edits.iter().rev() {
                    content.replace_range(edit.span.start as usize..edit.span.end as usize, &edit.content);
                }
                let title = format!("{shown}:{line}: {}", repair.title);
                (
                    rank + 8 * repair.remedy as usize,
                    Candidate { title, path: path.clone(), content: content.into_bytes() },
                )
            })
            .collect()
    }

    fn finished(&self, titles: &[String], files: &Files, verified: bool) -> Cut {
        let mut paths: Vec<&String> = files.keys().collect();
        paths.sort();
        let mut edits = Vec::new();
        let mut contents = Vec::new();
        for path in paths {
            let before = self.runs.source.read(path).unwrap_or_default();
            edits.extend(located(&relative(path, self.runs.here), &before, &files[path]));
            contents.push((PathBuf::from(path), files[path].clone()));
        }
        Cut { title: titles.join("; "), edits, verified, files: contents }
    }
}

/// The edits that make one text of another, in whole lines.
fn located(shown: &str, before: &[u8], after: &[u8]) -> Vec<LocatedEdit> {
    let (before, after) = (String::from_utf8_lossy(before), String::from_utf8_lossy(after));
    let diff = TextDiff::from_lines(&*before, &*after);
    let line = |index: usize| LineColumn { line: u32::try_from(index + 1).unwrap_or(u32::MAX), column: 1 };
    let changes = diff.ops().iter().filter(|op| op.tag() != DiffTag::Equal);
    changes
        .map(|op| LocatedEdit {
            path: shown.to_owned(),
            range: LineRange { start: line(op.old_range().start), end: line(op.old_range().end) },
            content: diff.new_slices()[op.new_range()].concat(),
        })
        .collect()
}
