//! What is worth telling about one file? The rules, one file each, over the facts of `legb_scope`; which of them speak, and
//! which findings a comment in the source silences.
//!
//! [`check_file`] is the way in. Rules read tables that were made before and look at the syntax tree only for a place they
//! are about to report, so a file without findings costs next to nothing. Nothing here knows another file.

mod canonical;
mod context;
mod escape;
mod fix;
mod flow;
mod meta;
mod project;
mod repair;
mod rules;
mod selection;
mod settings;
mod silencer;
mod sink;
mod statement;
mod string_annotations;
mod suppress;
mod tree;
mod typing_strings;
mod uses;
mod written;

pub use context::FileCx;
pub use meta::{Group, RuleMeta};
pub use project::{
    Elsewhere, ProjectCx, ProjectFile, ProjectFinding, Surroundings, check_project, looks_at_project, without_silenced,
};
pub use repair::{Repaired, repair};
pub use rules::RULES;
pub use selection::{Selection, UnknownSelector};
pub use settings::{BannedImport, Settings};
pub use silencer::Silencer;

use legb_base::Diagnostic;
use legb_syntax::{CompileError, Stage};

use meta::Check;
use sink::Sink;

/// The findings of one file, in the order of their places.
///
/// A file that does not compile never runs, so only that is said of it: what CPython's parser says, or, where that accepts
/// the file, each error of the passes behind it.
pub fn check_file(cx: &FileCx<'_>, selection: &Selection) -> Vec<Diagnostic> {
    let mut sink = Sink::new(selection);
    let errors = &cx.facts.errors;
    if let Some(error) = cx.parsed.grammar_error(cx.text, cx.dialect) {
        rules::syntax_error::report(&error, true, &mut sink);
    } else if let Some((first, others)) = errors.split_first() {
        rules::syntax_error::report(first, true, &mut sink);
        if first.stage >= Stage::Symtable {
            for error in others {
                rules::syntax_error::report(error, false, &mut sink);
            }
        }
    } else {
        for (at, rule) in RULES.iter().enumerate() {
            if let Check::Facts(check) | Check::FactsAndProject(check, _) = rule.check
                && selection.has(at)
            {
                check(cx, &mut sink);
            }
        }
        let lookers: Vec<_> = RULES
            .iter()
            .enumerate()
            .filter_map(|(at, rule)| match rule.check {
                Check::Nodes(nodes) if selection.has(at) && (nodes.wanted)(cx) => Some(nodes.look),
                _ => None,
            })
            .collect();
        if !lookers.is_empty() {
            tree::walk(cx, &lookers, &mut sink);
        }
    }
    let mut found = sink.into_found();
    let compiles = cx.facts.errors.is_empty() && !cx.parsed.has_errors();
    if !found.is_empty() || compiles {
        suppress::apply(cx, selection, &mut found);
        found.sort_by(|a, b| (a.span, a.rule.code).cmp(&(b.span, b.rule.code)));
    }
    found
}

/// The finding of a file whose bytes are no text in the encoding they claim.
pub fn check_undecodable(error: &CompileError, selection: &Selection) -> Vec<Diagnostic> {
    let mut sink = Sink::new(selection);
    rules::syntax_error::report(error, true, &mut sink);
    sink.into_found()
}
