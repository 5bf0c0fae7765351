//! The rule `circular-import` of `legb check`: programs that crash because they begin with a module of an import cycle.
//!
//! The verdicts are those of `legb cycles`. A finding stands at the import that fails, if its file is part of the run; a
//! comment there, or at another import of the circle, silences it.

use std::path::{Path, PathBuf};

use anyhow::Context;
use legb_base::{Certainty, Diagnostic, Dialect, RuleId, Severity};
use legb_graph::{Asked, Network, cycles};
use legb_project::Outcome;
use legb_report::{Entry, add};
use legb_rules::{Elsewhere, ProjectFinding};
use legb_syntax::decode::decode;

use crate::args::{CheckArgs, GlobalArgs};
use crate::contract_pass::line;
use crate::described;
use crate::environment::working_directory;
use crate::evaluation::{World, budget};
use crate::files;
use crate::pipeline::Looked;
use crate::project_pass::ProjectPass;
use crate::story::relative;
use crate::targets::Targets;
use crate::verdicts::circle::{Circle, Place};
use crate::verdicts::entries::Programs;
use crate::verdicts::taken::Takers;
use crate::verdicts::{Ended, Judged, Runs, Start};

/// The rule that speaks.
pub(crate) const CIRCULAR_IMPORT: RuleId = RuleId { code: "LEGB301", name: "circular-import" };

/// In larger projects the rule has to be asked for by its name: their cycles take longer than all other rules together.
const MODULES: usize = 2000;

/// Adds what the import cycles around `paths` come to to what the first pass has left of each file.
pub(crate) fn add_to(
    outcomes: &mut [Outcome<Looked>],
    pass: &ProjectPass<'_>,
    paths: &[PathBuf],
    how: (&CheckArgs, &GlobalArgs),
    targets: &Targets,
) -> anyhow::Result<()> {
    let (args, global) = how;
    let version = targets.newest();
    let here = working_directory()?;
    let project = described::project(paths, &args.environment.src, &args.files)?;
    let rules = [&args.rules.select, &args.rules.extend_select];
    let is_named = |name: &String| name == CIRCULAR_IMPORT.name || name == CIRCULAR_IMPORT.code;
    if project.table.len() > MODULES && !rules.into_iter().flatten().any(is_named) {
        return Ok(());
    }
    let threads = files::threads(&args.files);
    let network = Network::read(project, version, threads, false).context("cannot start a thread")?;
    let (found, _) =
        cycles(&network, Asked { all: false, limit: 1, version, threads }).context("cannot start a thread")?;
    if found.is_empty() {
        return Ok(());
    }
    let around: Vec<PathBuf> = paths.iter().map(|path| here.join(path)).collect();
    let world = World::new(&args.environment, global, &around, &around[0])?.assuming_packages();
    let eager = network.graph.eager();
    let mut programs = Programs::new(&network, &world, &[], &here);
    let starts: Vec<Vec<Start>> = found.iter().map(|cycle| programs.of(cycle, &eager).0).collect();
    let sizes: Vec<usize> = found.iter().map(|cycle| cycle.modules.len()).collect();
    let takers = Takers::new(&network, version, &here);
    let judged = world.evaluate(version, world.all_roots(), |modules| {
        let runs = Runs { version, source: modules, budget: budget(None), here: &here, may_be_lazy: targets.told };
        runs.judge(&starts, &sizes, &|path, name| takers.takes(path, name))
    })?;
    let dialect = Dialect::of(version);
    for group in &judged {
        let mut told: Vec<&Place> = Vec::new();
        for (ended, circle) in group.entries.iter().filter_map(|ended| Some((ended, ended.circle.as_ref()?))) {
            if told.contains(&&circle.closing) {
                continue;
            }
            told.push(&circle.closing);
            let shown = relative(&circle.closing.0, &here);
            let at = pass.files.iter().position(|file| file.shown() == shown);
            if let Some(at) = at
                && let Outcome::Done(looked) = &mut outcomes[at]
            {
                let findings = show(group, ended, circle, at, pass, (&here, &dialect));
                let entries = findings.into_iter().map(|finding| Entry { finding, versions: None });
                add(&mut looked.entries, entries.collect());
            }
        }
    }
    Ok(())
}

/// The finding about a circle, unless a comment silences it.
fn show(
    group: &Judged,
    ended: &Ended,
    circle: &Circle,
    file: usize,
    pass: &ProjectPass<'_>,
    (here, dialect): (&Path, &Dialect),
) -> Vec<legb_base::Finding> {
    let place = |at: &Place, message: String| {
        let path = PathBuf::from(&at.0);
        let bytes = pass.fs.read(&path).ok()?;
        let span = line(&decode(&bytes, dialect).ok()?, at.1)?;
        Some(Elsewhere { path, span, message })
    };
    let Some(Elsewhere { path, span, .. }) = place(&circle.closing, String::new()) else { return Vec::new() };
    let message = format!(
        "`{}` is used while its own import is still running; a program that begins with `{}` crashes",
        circle.half_made, ended.shown
    );
    let elsewhere = circle.chain.iter().filter_map(|at| place(at, "the way here leads through this import".to_owned()));
    let raised = ended.story.exception.as_ref();
    let python = raised.and_then(|raised| Some(format!("{}: {}", raised.kind, raised.message.as_ref()?)));
    let verified = group.cut.as_ref().filter(|cut| cut.verified);
    let first = ended.works_after.as_ref().map(|first| format!("it works only if `{first}` is imported first"));
    let repair = verified.map(|cut| format!("{}; `legb cycles --fix` does it", cut.title));
    let next = format!("`legb simulate {}` tells the whole story", ended.started_by());
    let help: Vec<String> = first.into_iter().chain(repair).chain([next]).collect();
    let diagnostic = Diagnostic {
        rule: CIRCULAR_IMPORT,
        severity: if ended.story.certain { Severity::Error } else { Severity::Warning },
        certainty: if ended.story.certain { Certainty::Certain } else { Certainty::Possible },
        message,
        span,
        related: Vec::new(),
        python,
        help: Some(help.join("; ")),
        fix: None,
    };
    let found = ProjectFinding { file, diagnostic, elsewhere: elsewhere.collect() };
    // A comment on any import of the circle silences it.
    if found.elsewhere.iter().any(|place| pass.silences(place, &found.diagnostic, dialect)) {
        return Vec::new();
    }
    let path = if path.is_absolute() { path } else { here.join(path) };
    pass.show(&pass.files[file], &path, vec![found], dialect)
}

#[cfg(test)]
mod tests {
    use super::CIRCULAR_IMPORT;
    use legb_rules::RULES;

    #[test]
    fn the_rule_is_documented() {
        assert!(RULES.iter().any(|rule| rule.id() == CIRCULAR_IMPORT));
    }
}
