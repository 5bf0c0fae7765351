//! Where rules put what they find.

use legb_base::{Applicability, Certainty, Diagnostic, Edit, Fix, Related, Severity, Span};

use crate::meta::RuleMeta;
use crate::selection::Selection;

/// The findings so far, and which rules speak.
pub(crate) struct Sink<'a> {
    found: Vec<Diagnostic>,
    selection: &'a Selection,
}

impl<'a> Sink<'a> {
    pub(crate) fn new(selection: &'a Selection) -> Self {
        Self { found: Vec::new(), selection }
    }

    /// Whether a rule speaks in this run: one that is more exact takes a finding from one that is less so.
    pub(crate) fn hears(&self, rule: &RuleMeta) -> bool {
        self.selection.contains(rule.code)
    }

    /// Whether somebody selected a rule, which then tells what is advice only.
    pub(crate) fn is_asked(&self, rule: &RuleMeta) -> bool {
        self.selection.asks_for(rule.code)
    }

    #[cold]
    pub(crate) fn push(&mut self, report: Report) {
        self.found.push(report.0);
    }

    pub(crate) fn into_found(self) -> Vec<Diagnostic> {
        self.found
    }
}

/// A finding in the making.
pub(crate) struct Report(Diagnostic);

impl Report {
    /// Python raises whenever the place is reached.
    #[cold]
    pub(crate) fn error(rule: &RuleMeta, span: Span, message: String) -> Self {
        Self::new(rule, Severity::Error, Certainty::Certain, span, message)
    }

    /// Python raises on some path, or does certainly something other than it seems to.
    #[cold]
    pub(crate) fn warning(rule: &RuleMeta, certainty: Certainty, span: Span, message: String) -> Self {
        Self::new(rule, Severity::Warning, certainty, span, message)
    }

    /// Advice.
    #[cold]
    pub(crate) fn info(rule: &RuleMeta, span: Span, message: String) -> Self {
        Self::new(rule, Severity::Info, Certainty::Certain, span, message)
    }

    /// Advice on something that happens on some path only.
    #[cold]
    pub(crate) fn possible_info(rule: &RuleMeta, span: Span, message: String) -> Self {
        Self::new(rule, Severity::Info, Certainty::Possible, span, message)
    }

    /// The finding as it leaves the rules.
    pub(crate) fn into_diagnostic(self) -> Diagnostic {
        self.0
    }

    fn new(rule: &RuleMeta, severity: Severity, certainty: Certainty, span: Span, message: String) -> Self {
        Self(Diagnostic {
            rule: rule.id(),
            severity,
            certainty,
            message,
            span,
            related: Vec::new(),
            python: None,
            help: None,
            fix: None,
        })
    }

    /// A second place that explains the finding.
    pub(crate) fn related(mut self, span: Span, message: impl Into<String>) -> Self {
        self.0.related.push(Related { span, message: message.into() });
        self
    }

    /// What CPython prints, as `Type: message`.
    pub(crate) fn python(mut self, text: impl Into<Option<String>>) -> Self {
        self.0.python = text.into();
        self
    }

    /// What to do about it.
    pub(crate) fn help(mut self, text: impl Into<String>) -> Self {
        self.0.help = Some(text.into());
        self
    }

    /// A repair.
    pub(crate) fn fix(mut self, title: impl Into<String>, applicability: Applicability, edits: Vec<Edit>) -> Self {
        if !edits.is_empty() {
            self.0.fix = Some(Fix { title: title.into(), applicability, edits });
        }
        self
    }
}
