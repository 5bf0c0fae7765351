//! What is known of a rule besides its findings: identity, group, defaults, documentation.

use legb_base::{RuleId, Severity};
use legb_syntax::CompileError;

use crate::context::FileCx;
use crate::project::{ImportCx, ProjectCx, ProjectSink};
use crate::sink::Sink;
use crate::tree::Nodes;

/// What a rule is about; a group can be selected by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// Which names exist and are used: `LEGB1xx`.
    Names,
    /// Where a name is looked for: `LEGB2xx`.
    Scope,
    /// Imports and what they load: `LEGB3xx`.
    Modules,
    /// Advice on the standard library: `LEGB4xx`.
    Idioms,
    /// legb's own work: `LEGB9xx`.
    Meta,
}

impl Group {
    /// Every group.
    pub const ALL: [Self; 5] = [Self::Names, Self::Scope, Self::Modules, Self::Idioms, Self::Meta];

    /// The name by which it is selected.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Names => "names",
            Self::Scope => "scope",
            Self::Modules => "modules",
            Self::Idioms => "idioms",
            Self::Meta => "meta",
        }
    }
}

/// How a rule comes by its findings.
#[derive(Clone, Copy)]
pub(crate) enum Check {
    /// It looks through the facts of a file that compiles.
    Facts(fn(&FileCx<'_>, &mut Sink<'_>)),
    /// It looks at statements or expressions of a file that compiles.
    Nodes(Nodes),
    /// It takes the errors of CPython's compiler that this accepts, where `syntax-error` would report them otherwise.
    Takes(fn(&CompileError) -> bool),
    /// It looks at each import that runs, and at what the import means in the project.
    Import(fn(&ImportCx<'_, '_>, &mut ProjectSink)),
    /// It looks at the project.
    Project(fn(&ProjectCx<'_>, &mut ProjectSink)),
    /// It looks through the facts of a file, and at the project for what they cannot tell.
    FactsAndProject(fn(&FileCx<'_>, &mut Sink<'_>), fn(&ProjectCx<'_>, &mut ProjectSink)),
    /// Somebody else raises it.
    Elsewhere,
}

/// A rule: who it is, when it speaks, and its page of documentation.
pub struct RuleMeta {
    /// Stable code, for `# noqa` and for output formats that want one.
    pub code: &'static str,
    /// Kebab-case name: the identity of the rule.
    pub name: &'static str,
    /// What it is about.
    pub group: Group,
    /// The gravest that its findings can be.
    pub severity: Severity,
    /// Whether it speaks when nothing is selected.
    pub on_by_default: bool,
    /// What it reports, in one line.
    pub summary: &'static str,
    /// Codes of ruff and pyflakes that mean the same; a `# noqa` for one of them silences this rule too.
    pub twins: &'static [&'static str],
    /// What, why, example, repair and how sure, as Markdown.
    pub doc: &'static str,
    pub(crate) check: Check,
}

impl RuleMeta {
    /// Name and code, as findings carry them.
    pub const fn id(&self) -> RuleId {
        RuleId { code: self.code, name: self.name }
    }

    /// The page about the rule, as Markdown.
    pub fn page(&self) -> String {
        let severity = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "info",
        };
        let default = if self.on_by_default { "on by default" } else { "off by default" };
        let twins = if self.twins.is_empty() {
            String::new()
        } else {
            format!(
                " · `# noqa` also as {}",
                self.twins.iter().map(|twin| format!("`{twin}`")).collect::<Vec<_>>().join(", ")
            )
        };
        let Self { name, code, summary, doc, .. } = self;
        let group = self.group.name();
        let (first, rest) = summary.split_at(summary.chars().next().map_or(0, char::len_utf8));
        let summary = first.to_uppercase() + rest;
        format!("# {name}\n\n{summary}.\n\n`{code}` · group `{group}` · {severity} · {default}{twins}\n\n{doc}")
    }
}

impl std::fmt::Debug for RuleMeta {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RuleMeta").field("code", &self.code).field("name", &self.name).finish_non_exhaustive()
    }
}
