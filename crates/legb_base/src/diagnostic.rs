//! What a rule reports, and what reaches the user.
//!
//! A rule makes a [`Diagnostic`]: it speaks of byte ranges in one file. Once the file is done, each becomes a [`Finding`],
//! which knows its path, lines and columns and carries the source lines to show, so that the source itself can be dropped.

use serde::Serialize;

use crate::fix::{Fix, LocatedFix};
use crate::span::{LineRange, Span};

/// Identity of a rule: its name, and the short code that `# noqa` users know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleId {
    /// Stable code such as `LEGB101`; never renumbered.
    pub code: &'static str,
    /// Kebab-case name; reads well after "allow".
    pub name: &'static str,
}

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Certain to raise.
    Error,
    /// May raise, or certainly does something other than it seems to.
    Warning,
    /// Advice.
    Info,
}

/// How sure it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Certainty {
    /// Python will do this whenever the place is reached.
    Certain,
    /// Python does this on some path, which the message names.
    Possible,
}

/// A second place that belongs to a diagnostic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// The place, in the same file.
    pub span: Span,
    /// What is there.
    pub message: String,
}

/// What a rule found in one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The rule that speaks.
    pub rule: RuleId,
    /// How bad it is.
    pub severity: Severity,
    /// How sure it is.
    pub certainty: Certainty,
    /// One terse sentence that stands alone.
    pub message: String,
    /// The place.
    pub span: Span,
    /// Other places that explain it.
    pub related: Vec<Related>,
    /// `Type: message` exactly as CPython prints it, where there is such a message.
    pub python: Option<String>,
    /// What to do about it, in a sentence.
    pub help: Option<String>,
    /// A repair, where one can be right.
    pub fix: Option<Fix>,
}

/// One line of source kept for display.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineExcerpt {
    /// Line number, from 1.
    pub line: u32,
    /// The text of the line without its line ending.
    pub text: String,
}

/// A [`Related`] place with path and lines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RelatedFinding {
    /// Path as it is printed.
    pub path: String,
    /// The place.
    pub range: LineRange,
    /// What is there.
    pub message: String,
    /// The source lines of the place.
    #[serde(skip)]
    pub excerpt: Vec<LineExcerpt>,
}

/// A diagnostic as it reaches the user; serialises to the documented JSON of a finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Name of the rule.
    pub rule: &'static str,
    /// Code of the rule.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// How sure it is.
    pub certainty: Certainty,
    /// One terse sentence that stands alone.
    pub message: String,
    /// Path relative to the working directory, with `/` between its parts.
    pub path: String,
    /// The place.
    pub range: LineRange,
    /// Other places that explain it.
    pub related: Vec<RelatedFinding>,
    /// The exact message CPython prints, where there is one.
    pub python: Option<String>,
    /// A repair, where one can be right.
    pub fix: Option<LocatedFix>,
    /// What to do about it, in a sentence.
    #[serde(skip)]
    pub help: Option<String>,
    /// The source lines of the place, for output that shows them.
    #[serde(skip)]
    pub excerpt: Vec<LineExcerpt>,
}
