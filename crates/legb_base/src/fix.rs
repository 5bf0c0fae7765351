//! Repairs that a finding may carry.

use serde::Serialize;

use crate::span::{LineRange, Span};

/// Whether a fix may be applied without a look at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Applicability {
    /// Never changes what the program prints.
    Safe,
    /// May change behaviour; the user decides.
    Unsafe,
}

/// Replaces the text of one range.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The range replaced; empty to insert.
    pub span: Span,
    /// The new text; empty to delete.
    pub content: String,
}

/// A repair made of edits to the file of the finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What the fix does, in a few words.
    pub title: String,
    /// How sure the fix is.
    pub applicability: Applicability,
    /// The edits, sorted and not overlapping.
    pub edits: Vec<Edit>,
}

/// An [`Edit`] with its file and its range as people count it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LocatedEdit {
    /// Path as it is printed.
    pub path: String,
    /// The range replaced.
    pub range: LineRange,
    /// The new text.
    pub content: String,
}

/// A [`Fix`] whose edits are located.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LocatedFix {
    /// What the fix does, in a few words.
    pub title: String,
    /// How sure the fix is.
    pub applicability: Applicability,
    /// The edits.
    pub edits: Vec<LocatedEdit>,
}
