//! The second pass of `legb check`: rules that look beyond one file, over the summaries that the first pass kept.
//!
//! A file with such a finding is read again, for the lines to show and the comments that silence it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::thread;

use anyhow::anyhow;
use legb_base::{Diagnostic, Dialect, Finding, PyVersion, RelatedFinding};
use legb_project::{Excerpts, Exclusion, Outcome, STACK_SIZE, SourceFile, locate, locate_related};
use legb_report::{Entry, add, merge};
use legb_resolve::{Environment, FileSystem, Finder, ImportRoots};
use legb_rules::{
    Elsewhere, FileCx, ProjectCx, ProjectFile, ProjectFinding, Selection, Surroundings, check_file, check_project,
    without_silenced,
};
use legb_scope::{Analyzer, ModuleSummary};
use legb_syntax::decode::decode;
use legb_syntax::{SourceKind, parse};

use crate::pipeline::Looked;

/// What the pass is given.
pub(crate) struct ProjectPass<'a> {
    /// The files of the run.
    pub(crate) files: &'a [SourceFile],
    /// The folders that imports start from.
    pub(crate) roots: &'a ImportRoots,
    /// Where modules are looked for, for each version of the run.
    pub(crate) environments: &'a [Environment],
    /// Where files are read.
    pub(crate) fs: &'a dyn FileSystem,
    /// The rules that speak.
    pub(crate) selection: &'a Selection,
    /// What does not belong to the project.
    pub(crate) exclusion: &'a Exclusion,
    /// Whether findings need source lines.
    pub(crate) excerpts: Excerpts,
}

impl ProjectPass<'_> {
    /// Adds what the rules find to what the first pass has left of each file.
    pub(crate) fn add_to(&self, outcomes: &mut [Outcome<Looked>]) -> anyhow::Result<()> {
        let mut found: BTreeMap<usize, Vec<(PyVersion, Vec<Finding>)>> = BTreeMap::new();
        let mut left: Vec<Left> = Vec::new();
        for (at, environment) in self.environments.iter().enumerate() {
            let version = environment.version;
            let summaries: Vec<Option<&ModuleSummary>> =
                outcomes.iter().map(|outcome| summary_of(outcome, at)).collect();
            // Files that are read on demand need as much stack as those of the first pass.
            let unbound: Vec<usize> = (0..outcomes.len()).filter(|&file| rests_on_flow(&outcomes[file])).collect();
            let (findings, still) = thread::scope(|scope| {
                let run = || self.run(environment, &summaries, &unbound);
                let thread = thread::Builder::new().stack_size(STACK_SIZE).spawn_scoped(scope, run)?;
                thread.join().map_err(|_| anyhow!("the rules about the project failed; please report it"))
            })?;
            left.push(still);
            for (file, finding) in findings {
                let of_file = found.entry(file).or_default();
                match of_file.last_mut() {
                    Some((last, findings)) if *last == version => findings.push(finding),
                    _ => of_file.push((version, vec![finding])),
                }
            }
        }
        for (file, outcome) in outcomes.iter_mut().enumerate() {
            if let Outcome::Done(looked) = outcome {
                looked.entries.retain(|Entry { finding, .. }| {
                    let is_gone = |left: &Left| left.get(&file).is_some_and(|left| !left.contains(&place(finding)));
                    !RESTS_ON_FLOW.contains(&finding.rule) || left.is_empty() || !left.iter().all(is_gone)
                });
            }
        }
        for (file, found) in found {
            if let Outcome::Done(looked) = &mut outcomes[file] {
                add(&mut looked.entries, self.merge(found));
            }
        }
        Ok(())
    }

    /// Joins what was found for several versions; a version for which nothing was found counts as well.
    fn merge(&self, mut found: Vec<(PyVersion, Vec<Finding>)>) -> Vec<Entry> {
        for environment in self.environments {
            if !found.iter().any(|(known, _)| *known == environment.version) {
                found.push((environment.version, Vec::new()));
            }
        }
        found.sort_by_key(|&(version, _)| version);
        merge(found)
    }

    /// The findings for one version, each with the place of its file in the list; `summaries` go with the files.
    ///
    /// Of the files `unbound`, it is also told which reads stay unbound once functions of other modules are known that never
    /// return.
    fn run(
        &self,
        environment: &Environment,
        summaries: &[Option<&ModuleSummary>],
        unbound: &[usize],
    ) -> (Vec<(usize, Finding)>, Left) {
        let absolute: Vec<PathBuf> = self.files.iter().map(|file| absolute(file.path())).collect();
        let finder = Finder::new(environment, self.fs);
        let dialect = Dialect::of(environment.version);
        let files: Vec<ProjectFile<'_>> =
            absolute.iter().zip(summaries).map(|(path, summary)| ProjectFile { path, summary: *summary }).collect();
        let around = Surroundings {
            roots: self.roots,
            finder: &finder,
            fs: self.fs,
            exclusion: self.exclusion,
            dialect: &dialect,
        };
        let project = ProjectCx::new(&files, around);
        let found = check_project(&project, self.selection);
        let mut located = Vec::with_capacity(found.len());
        for found in found.chunk_by(|a, b| a.file == b.file) {
            if let Some(first) = found.first() {
                let file = first.file;
                let shown = self.show(&self.files[file], &absolute[file], found.to_vec(), &dialect);
                located.extend(shown.into_iter().map(|finding| (file, finding)));
            }
        }
        let mut left = Left::new();
        for &file in unbound {
            let names = project.never_returning(file);
            if !names.is_empty() {
                left.insert(file, self.still_unbound(&self.files[file], &absolute[file], &names, &dialect));
            }
        }
        (located, left)
    }

    /// The reads of a file that are unbound although calls of some functions never return.
    fn still_unbound(&self, file: &SourceFile, path: &Path, names: &[String], dialect: &Dialect) -> BTreeSet<Place> {
        let bytes = file.content().map(<[u8]>::to_vec).or_else(|| self.fs.read(path).ok()).unwrap_or_default();
        let Ok(text) = decode(&bytes, dialect) else { return BTreeSet::new() };
        let parsed = parse(&text, file.kind(), dialect);
        let mut analyzer = Analyzer::default();
        let facts = analyzer.analyze_knowing(&parsed, &text, dialect, file.kind(), names);
        let cx = FileCx::new(facts, &parsed, &text, dialect, file.kind(), file.path());
        let found = check_file(&cx, self.selection).into_iter();
        let shown = file.shown();
        found.map(|found| place(&locate(found, &shown, &text, cx.lines(), Excerpts::Dropped))).collect()
    }

    /// Findings of one file, with lines and columns, without those that are silenced.
    pub(crate) fn show(
        &self,
        file: &SourceFile,
        path: &Path,
        found: Vec<ProjectFinding>,
        dialect: &Dialect,
    ) -> Vec<Finding> {
        let bytes = file.content().map(<[u8]>::to_vec).or_else(|| self.fs.read(path).ok()).unwrap_or_default();
        let Ok(text) = decode(&bytes, dialect) else { return Vec::new() };
        let parsed = parse(&text, file.kind(), dialect);
        let mut analyzer = Analyzer::default();
        let facts = analyzer.analyze(&parsed, &text, dialect, file.kind());
        let cx = FileCx::new(facts, &parsed, &text, dialect, file.kind(), file.path());
        let kept = without_silenced(&cx, found).into_iter();
        kept.map(|found| {
            let mut finding = locate(found.diagnostic, &file.shown(), &text, cx.lines(), self.excerpts);
            finding.related.extend(found.elsewhere.iter().filter_map(|place| self.related(place, dialect)));
            finding
        })
        .collect()
    }

    /// Whether a comment at a place in another file silences a finding that has to do with it.
    pub(crate) fn silences(&self, place: &Elsewhere, finding: &Diagnostic, dialect: &Dialect) -> bool {
        let Ok(bytes) = self.fs.read(&place.path) else { return false };
        let Ok(text) = decode(&bytes, dialect) else { return false };
        let parsed = parse(&text, SourceKind::Python, dialect);
        let mut analyzer = Analyzer::default();
        let facts = analyzer.analyze(&parsed, &text, dialect, SourceKind::Python);
        let cx = FileCx::new(facts, &parsed, &text, dialect, SourceKind::Python, &place.path);
        let there = Diagnostic { span: place.span, ..finding.clone() };
        without_silenced(&cx, vec![ProjectFinding { file: 0, diagnostic: there, elsewhere: Vec::new() }]).is_empty()
    }

    /// A place in another file.
    fn related(&self, place: &Elsewhere, dialect: &Dialect) -> Option<RelatedFinding> {
        let bytes = self.fs.read(&place.path).ok()?;
        let text = decode(&bytes, dialect).ok()?;
        let here = std::env::current_dir().unwrap_or_default();
        let path = SourceFile::new(place.path.strip_prefix(here).unwrap_or(&place.path).to_owned());
        Some(locate_related(place.span, place.message.clone(), &path.shown(), &text, self.excerpts))
    }
}

/// Rules that rest on what is bound where: reads that are possibly unbound.
const RESTS_ON_FLOW: [&str; 3] = ["possibly-unbound", "undefined-loop-variable", "unbound-free-variable"];

/// Rule, line and column of a finding.
type Place = (&'static str, u32, u32);

/// By file, the findings that are left where more is known of other modules.
type Left = BTreeMap<usize, BTreeSet<Place>>;

fn place(finding: &Finding) -> Place {
    (finding.rule, finding.range.start.line, finding.range.start.column)
}

fn rests_on_flow(outcome: &Outcome<Looked>) -> bool {
    let Outcome::Done(looked) = outcome else { return false };
    looked.entries.iter().any(|entry| RESTS_ON_FLOW.contains(&entry.finding.rule))
}

/// The summary of a file for the version at a place of the list.
fn summary_of(outcome: &Outcome<Looked>, version: usize) -> Option<&ModuleSummary> {
    match outcome {
        Outcome::Done(looked) => looked.summaries.get(version)?.as_ref(),
        _ => None,
    }
}

/// A path from the root of the file system, without `.` and `..`.
pub(crate) fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).map_or_else(|_| path.to_owned(), |path| legb_resolve::fs::normalised(&path))
}
