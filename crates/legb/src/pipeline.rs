//! What happens to one file: from bytes to findings.

use legb_base::{Dialect, Finding, PyVersion};
use legb_project::{Excerpts, SourceFile, locate};
use legb_report::{Entry, merge};
use legb_rules::{FileCx, Selection, check_file, check_undecodable};
use legb_scope::Analyzer;
use legb_syntax::decode::decode;
use legb_syntax::{LineIndex, parse};

/// What stays the same from file to file.
#[derive(Clone, Debug)]
pub(crate) struct Pipeline {
    /// The versions to check for.
    pub(crate) versions: Vec<PyVersion>,
    /// The rules that speak.
    pub(crate) selection: Selection,
    /// Whether findings need source lines.
    pub(crate) excerpts: Excerpts,
}

impl Pipeline {
    /// The findings of one file, sorted, for all versions.
    pub(crate) fn check(&self, analyzer: &mut Analyzer, file: &SourceFile, bytes: &[u8]) -> Vec<Entry> {
        let found = self.versions.iter().map(|version| (*version, self.check_for(*version, analyzer, file, bytes)));
        merge(found.collect())
    }

    fn check_for(&self, version: PyVersion, analyzer: &mut Analyzer, file: &SourceFile, bytes: &[u8]) -> Vec<Finding> {
        let dialect = Dialect::of(version);
        let text = match decode(bytes, &dialect) {
            Ok(text) => text,
            Err(error) => {
                let text = String::from_utf8_lossy(bytes);
                let lines = LineIndex::new(&text);
                let found = check_undecodable(&error, &self.selection).into_iter();
                return found.map(|found| locate(found, &file.shown(), &text, &lines, self.excerpts)).collect();
            }
        };
        let parsed = parse(&text, file.kind(), &dialect);
        let facts = analyzer.analyze(&parsed, &text, &dialect, file.kind());
        let cx = FileCx::new(facts, &parsed, &text, &dialect, file.kind(), file.is_package_init());
        let found = check_file(&cx, &self.selection);
        if found.is_empty() {
            return Vec::new();
        }
        let path = file.shown();
        found.into_iter().map(|found| locate(found, &path, &text, cx.lines(), self.excerpts)).collect()
    }
}
