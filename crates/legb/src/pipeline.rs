//! What happens to one file: from bytes to findings.

use legb_base::{Dialect, Finding, PyVersion};
use legb_project::{Excerpts, SourceFile, locate};
use legb_report::{Entry, merge};
use legb_rules::{FileCx, Selection, Settings, check_file, check_undecodable};
use legb_scope::{Analyzer, ModuleSummary, SummaryScratch};
use legb_syntax::decode::decode;
use legb_syntax::{LineIndex, SourceKind, parse};

/// What stays the same from file to file.
#[derive(Clone, Debug)]
pub(crate) struct Pipeline {
    /// The versions to check for.
    pub(crate) versions: Vec<PyVersion>,
    /// The rules that speak.
    pub(crate) selection: Selection,
    /// Whether findings need source lines.
    pub(crate) excerpts: Excerpts,
    /// What the project tells rules.
    pub(crate) settings: Settings,
    /// Whether rules look beyond one file, so that summaries are wanted.
    pub(crate) summarises: bool,
}

/// Memory that is used again from file to file.
#[derive(Debug, Default)]
pub(crate) struct Worker {
    analyzer: Analyzer,
    summaries: SummaryScratch,
}

/// What is left of a file.
#[derive(Clone, Debug)]
pub(crate) struct Looked {
    /// Its findings, sorted, for all versions.
    pub(crate) entries: Vec<Entry>,
    /// Its summary for each version; nothing where it does not compile, is a stub, or nobody wants them.
    pub(crate) summaries: Box<[Option<ModuleSummary>]>,
}

impl Pipeline {
    /// Looks at one file.
    pub(crate) fn check(&self, worker: &mut Worker, file: &SourceFile, bytes: &[u8]) -> Looked {
        let mut found = Vec::with_capacity(self.versions.len());
        let mut summaries = Vec::new();
        for &version in &self.versions {
            let (findings, summary) = self.check_for(version, worker, file, bytes);
            found.push((version, findings));
            summaries.push(summary);
        }
        Looked { entries: merge(found), summaries: summaries.into() }
    }

    fn check_for(
        &self,
        version: PyVersion,
        worker: &mut Worker,
        file: &SourceFile,
        bytes: &[u8],
    ) -> (Vec<Finding>, Option<ModuleSummary>) {
        let dialect = Dialect::of(version);
        let text = match decode(bytes, &dialect) {
            Ok(text) => text,
            Err(error) => {
                let text = String::from_utf8_lossy(bytes);
                let lines = LineIndex::new(&text);
                let found = check_undecodable(&error, &self.selection).into_iter();
                return (found.map(|found| locate(found, &file.shown(), &text, &lines, self.excerpts)).collect(), None);
            }
        };
        let parsed = parse(&text, file.kind(), &dialect);
        let facts = worker.analyzer.analyze(&parsed, &text, &dialect, file.kind());
        let cx = FileCx::new(facts, &parsed, &text, &dialect, file.kind(), file.path()).with_settings(&self.settings);
        let found = check_file(&cx, &self.selection);
        let compiles = facts.errors.is_empty() && !parsed.has_errors();
        let summary = (self.summarises && compiles && file.kind() == SourceKind::Python)
            .then(|| ModuleSummary::of(facts, &text, &mut worker.summaries));
        if found.is_empty() {
            return (Vec::new(), summary);
        }
        let path = file.shown();
        let found = found.into_iter().map(|found| locate(found, &path, &text, cx.lines(), self.excerpts)).collect();
        (found, summary)
    }
}
