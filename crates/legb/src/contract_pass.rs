//! The rule `contract-broken` of `legb check`: contracts that the project's configuration holds.
//!
//! The contracts are checked by `legb_contracts` on the whole project; what is reported here are chains that begin in a file
//! of the run, or in the configuration itself. A comment at the import silences them.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use anyhow::Context;
use legb_base::{Certainty, Diagnostic, Dialect, Finding, PyVersion, RuleId, Severity, Span};
use legb_contracts::{Breach, Complaint, Config, Outcome as Kept, Place, RelatedImport, breaches, config};
use legb_project::{Outcome, Problem, SourceFile, locate};
use legb_report::{Entry, add};
use legb_rules::{Elsewhere, ProjectFinding};
use legb_syntax::LineIndex;
use legb_syntax::decode::decode;

use crate::architecture;
use crate::args::FileArgs;
use crate::pipeline::Looked;
use crate::project_pass::{ProjectPass, absolute};

/// The rule that speaks.
pub(crate) const CONTRACT_BROKEN: RuleId = RuleId { code: "LEGB331", name: "contract-broken" };

/// What belongs to no file of the run.
#[derive(Debug, Default)]
pub(crate) struct Remainder {
    /// Findings in the configuration.
    pub(crate) entries: Vec<Entry>,
    /// What is wrong with the configuration, or with files.
    pub(crate) problems: Vec<Problem>,
}

/// The contracts for `first`: those of the file that is named, else those found around it.
fn contracts_for(first: &Path, named: Option<&Path>) -> anyhow::Result<Option<Config>> {
    let Some(path) = named else { return Ok(config::find(first)) };
    let folder = if first.is_dir() { first } else { first.parent().unwrap_or(first) };
    let read = config::read_file(path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok((!read.files.is_empty()).then(|| Config { folder: folder.to_owned(), ..read }))
}

/// Adds what the contracts around `first` find to what the first pass has left of each file. `how`: import roots that were
/// given, and which files count. `named`: the file given with `--config`.
pub(crate) fn add_to(
    outcomes: &mut [Outcome<Looked>],
    pass: &ProjectPass<'_>,
    first: &Path,
    how: (&[PathBuf], &FileArgs),
    named: Option<&Path>,
    version: PyVersion,
) -> anyhow::Result<Remainder> {
    let mut rest = Remainder::default();
    let Some(config) = contracts_for(first, named)? else { return Ok(rest) };
    let verdicts = architecture::judge(&config, how.0, how.1, version, &mut rest.problems)?;
    let invalid = verdicts.iter().filter_map(|verdict| match &verdict.outcome {
        Kept::Invalid(complaints) => Some(complaints),
        Kept::Kept | Kept::Broken(_) => None,
    });
    rest.problems.extend(config.complaints.iter().chain(invalid.flatten()).map(problem));
    let dialect = Dialect::of(version);
    for breach in breaches(&config.contracts, &verdicts) {
        let file = SourceFile::new(PathBuf::from(&breach.path));
        if breach.in_configuration {
            rest.entries.extend(in_configuration(&breach, pass, &dialect).map(entry));
        } else if let Some(at) = pass.files.iter().position(|known| known.shown() == file.shown())
            && let Outcome::Done(looked) = &mut outcomes[at]
        {
            add(&mut looked.entries, in_code(&breach, at, pass, &dialect).into_iter().map(entry).collect());
        }
    }
    Ok(rest)
}

fn entry(finding: Finding) -> Entry {
    Entry { finding, versions: None }
}

fn problem(complaint: &Complaint) -> Problem {
    let Place { path, line, column } = &complaint.place;
    let place = format!("{path}:{line}:{column}");
    let remedy = complaint.help.as_deref().unwrap_or("`legb contracts --help` tells how contracts are written");
    Problem::error(Path::new(&place), complaint.message.as_str(), remedy)
}

/// The finding about a line of the configuration.
fn in_configuration(breach: &Breach, pass: &ProjectPass<'_>, dialect: &Dialect) -> Option<Finding> {
    let bytes = pass.fs.read(&absolute(Path::new(&breach.path))).ok()?;
    let text = decode(&bytes, dialect).ok()?;
    let diagnostic = diagnostic(breach, line(&text, breach.line)?);
    Some(locate(diagnostic, &breach.path, &text, &LineIndex::new(&text), pass.excerpts))
}

/// The findings about an import, unless a comment silences it.
fn in_code(breach: &Breach, file: usize, pass: &ProjectPass<'_>, dialect: &Dialect) -> Vec<Finding> {
    let source = &pass.files[file];
    let path = absolute(source.path());
    let bytes = source.content().map(Cow::Borrowed).or_else(|| pass.fs.read(&path).ok().map(Cow::Owned));
    let bytes = bytes.unwrap_or_default();
    let span = decode(&bytes, dialect).ok().and_then(|text| line(&text, breach.line));
    let Some(span) = span else { return Vec::new() };
    let elsewhere = breach.related.iter().filter_map(|related| place(related, pass, dialect)).collect();
    let found = ProjectFinding { file, diagnostic: diagnostic(breach, span), elsewhere };
    pass.show(source, &path, vec![found], dialect)
}

fn place(related: &RelatedImport, pass: &ProjectPass<'_>, dialect: &Dialect) -> Option<Elsewhere> {
    let path = absolute(Path::new(&related.path));
    let bytes = pass.fs.read(&path).ok()?;
    let span = line(&decode(&bytes, dialect).ok()?, related.line)?;
    Some(Elsewhere { path, span, message: related.message.clone() })
}

fn diagnostic(breach: &Breach, span: Span) -> Diagnostic {
    Diagnostic {
        rule: CONTRACT_BROKEN,
        severity: Severity::Warning,
        certainty: Certainty::Certain,
        message: breach.message.clone(),
        span,
        related: Vec::new(),
        python: None,
        help: Some(breach.help.clone()),
        fix: None,
    }
}

/// A line, counted from 1, without its indentation and its end.
pub(crate) fn line(text: &str, number: u32) -> Option<Span> {
    let line = LineIndex::new(text).line_span(number)?;
    let written = line.slice(text);
    let length = |part: &str| u32::try_from(part.len()).unwrap_or_default();
    let indent = length(written) - length(written.trim_start());
    Some(Span::new(line.start + indent.min(length(written.trim_end())), line.start + length(written.trim_end())))
}

#[cfg(test)]
mod tests {
    use super::{CONTRACT_BROKEN, line};
    use legb_rules::RULES;

    #[test]
    fn the_rule_is_documented() {
        assert!(RULES.iter().any(|rule| rule.id() == CONTRACT_BROKEN));
    }

    #[test]
    fn a_line_is_what_is_written_on_it() {
        let text = "a\n    import b  \n\n";
        assert_eq!(line(text, 2).map(|span| span.slice(text)), Some("import b"));
        assert_eq!(line(text, 3).map(|span| span.slice(text)), Some(""));
        assert_eq!(line(text, 9), None);
    }
}
