//! Repairs of whole files: `check --fix`, `--diff` and `--add-ignores`.
//!
//! A file is read, repaired until nothing is left to repair, and written beside its place and renamed, in the encoding and
//! with the line endings, byte order mark and mode that it had. What must not be written is told and left alone.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use legb_base::{Diagnostic, Dialect, PyVersion};
use legb_project::{Outcome, Problem, SourceFile, load};
use legb_report::Entry;
use legb_rules::{FileCx, Selection, Silencer, check_file, repair};
use legb_scope::Analyzer;
use legb_syntax::decode::decode;
use legb_syntax::{SourceKind, parse};

use crate::per_file::PerFile;
use crate::rewrite;

const BOM: &[u8] = b"\xef\xbb\xbf";

/// What a file becomes.
#[derive(Clone, Debug)]
pub(crate) struct Change {
    /// What it held.
    pub(crate) before: Vec<u8>,
    /// What it is to hold.
    pub(crate) after: Vec<u8>,
    /// How many repairs that takes.
    pub(crate) count: usize,
}

/// How files are repaired.
#[derive(Clone, Debug)]
pub(crate) struct How {
    /// A repair must be right for all of these.
    pub(crate) versions: Vec<PyVersion>,
    /// The rules that speak.
    pub(crate) selection: Selection,
    /// Where some of them are silent.
    pub(crate) per_file: PerFile,
    /// Whether repairs are wanted that may change behaviour.
    pub(crate) and_unsafe: bool,
}

/// What the files become, by their place in the list, and what kept others from being repaired.
pub(crate) fn find(
    files: &Arc<[SourceFile]>,
    threads: usize,
    how: How,
) -> anyhow::Result<(BTreeMap<usize, Change>, Vec<Problem>)> {
    let work = move |analyzer: &mut Analyzer, file: &SourceFile, bytes: &[u8]| change(analyzer, file, bytes, &how);
    let outcomes = load(files, threads, Analyzer::default, work).context("cannot start a thread")?;
    let (mut changes, mut problems) = (BTreeMap::new(), Vec::new());
    for (at, outcome) in outcomes.into_iter().enumerate() {
        match outcome {
            Outcome::Done(Ok(Some(change))) => {
                changes.insert(at, change);
            }
            Outcome::Done(Err(problem)) => problems.push(problem),
            // What cannot be read, and what legb fails on, the check that follows tells.
            Outcome::Done(Ok(None)) | Outcome::Unreadable(_) | Outcome::Panicked(_) => {}
        }
    }
    Ok((changes, problems))
}

fn change(analyzer: &mut Analyzer, file: &SourceFile, bytes: &[u8], how: &How) -> Result<Option<Change>, Problem> {
    let dialects: Vec<Dialect> = how.versions.iter().map(|&version| Dialect::of(version)).collect();
    let Some(text) = dialects.last().and_then(|dialect| decode(bytes, dialect).ok()) else { return Ok(None) };
    let repaired = repair(&text, how.and_unsafe, |text| {
        let mut found: Option<Vec<Diagnostic>> = None;
        for dialect in &dialects {
            let own = findings(analyzer, file, text, dialect, how)?;
            // What is to be repaired for all versions must be found for all.
            found = Some(match found {
                None => own,
                Some(known) => known.into_iter().filter(|finding| own.contains(finding)).collect(),
            });
        }
        found
    });
    if repaired.is_unsettled {
        let what = "fixes undo each other: the file is left as it is";
        return Err(Problem::error(file.path(), what, "this is a bug in legb; please report it with the file"));
    }
    if repaired.text == text {
        return Ok(None);
    }
    match encode(bytes, &text, &repaired.text) {
        Some(after) => Ok(Some(Change { before: bytes.to_owned(), after, count: repaired.count() })),
        None => Err(Problem::error(
            file.path(),
            "not repaired: legb cannot write the encoding of this file",
            "save it as UTF-8, and repair it then",
        )),
    }
}

/// The findings of a text that compiles; nothing for one that does not.
fn findings(
    analyzer: &mut Analyzer,
    file: &SourceFile,
    text: &str,
    dialect: &Dialect,
    how: &How,
) -> Option<Vec<Diagnostic>> {
    let parsed = parse(text, file.kind(), dialect);
    let facts = analyzer.analyze(&parsed, text, dialect, file.kind());
    if !facts.errors.is_empty() || parsed.grammar_error(text, dialect).is_some() {
        return None;
    }
    let cx = FileCx::new(facts, &parsed, text, dialect, file.kind(), file.path());
    let mut found = check_file(&cx, &how.selection);
    found.retain(|finding| !how.per_file.ignores(file.path(), finding.rule.code));
    Some(found)
}

/// A changed text in the encoding that the bytes of the file are in; nothing where that is not known.
pub(crate) fn encode(bytes: &[u8], before: &str, after: &str) -> Option<Vec<u8>> {
    let (bom, body) = match bytes.strip_prefix(BOM) {
        Some(body) => (BOM, body),
        None => (&[][..], bytes),
    };
    if body == before.as_bytes() {
        return Some([bom, after.as_bytes()].concat());
    }
    // An encoding with one byte for each character tells by the text itself which byte is which.
    let mut byte_of: BTreeMap<char, u8> = (0..128_u8).map(|byte| (char::from(byte), byte)).collect();
    if before.chars().count() != body.len() {
        return None;
    }
    for (character, &byte) in before.chars().zip(body) {
        if *byte_of.entry(character).or_insert(byte) != byte || character == char::REPLACEMENT_CHARACTER {
            return None;
        }
    }
    after.chars().map(|character| byte_of.get(&character).copied()).collect()
}

/// Puts changed content in the place of a file.
pub(crate) fn write(path: &Path, content: &[u8]) -> Result<(), Problem> {
    let refused = |error: &io::Error| {
        let remedy = "allow writing the file and its folder, or leave it out with `--extend-exclude`";
        Problem::error(path, format!("not written: {error}"), remedy)
    };
    // A rename would replace a file that its owner has protected.
    let metadata = std::fs::metadata(path).map_err(|error| refused(&error))?;
    if metadata.permissions().readonly() {
        return Err(refused(&io::Error::new(io::ErrorKind::PermissionDenied, "the file is read-only")));
    }
    rewrite::replace(path, content).map_err(|error| refused(&error))
}

/// The content of a file with a comment `# legb: ignore[…]` for each finding, and how many findings that silences.
pub(crate) fn with_ignores(
    bytes: &[u8],
    kind: SourceKind,
    version: PyVersion,
    entries: &[&Entry],
) -> Option<(Vec<u8>, usize)> {
    let dialect = Dialect::of(version);
    let text = decode(bytes, &dialect).ok()?;
    let parsed = parse(&text, kind, &dialect);
    let mut silencer = Silencer::new(&text, &parsed);
    let places: BTreeSet<(u32, u32, &'static str)> = entries
        .iter()
        .map(|entry| (entry.finding.range.start.line, entry.finding.range.end.line, entry.finding.rule))
        .collect();
    let count = places.into_iter().filter(|&(start, end, rule)| silencer.silence(start, end, rule)).count();
    let after = silencer.text();
    let compiles = !parse(&after, kind, &dialect).has_errors() || parsed.has_errors();
    (count > 0 && compiles).then(|| encode(bytes, &text, &after).map(|after| (after, count)))?
}
