//! Can every module of a package still be imported first once its `__init__` is rewritten?
//!
//! Asked only where the new re-exports close an import cycle: the evaluator imports each module with the old and with the new
//! `__init__`. Nothing is written here.

use std::path::{Path, PathBuf};

use legb_eval::source::ModuleSource;
use legb_eval::{Entry, Simulation, Verdict, simulate_each};
use legb_graph::ModuleKind;
use rustc_hash::FxHashMap;

use super::Question;
use crate::args::GlobalArgs;
use crate::evaluation::{Edited, World, budget};

/// What would go wrong, or might; nothing where every module is imported as well as before.
pub(super) fn harm(
    question: &Question<'_>,
    init: &Path,
    after: &[u8],
    global: &GlobalArgs,
) -> anyhow::Result<Option<String>> {
    let table = question.resolver.table();
    let name = &table.get(question.package).name;
    let init = legb_resolve::fs::normalised(&std::path::absolute(init)?);
    // The folder of the package has as many folders above it, up to the root, as its name has parts.
    let Some(root) = init.ancestors().nth(name.split('.').count() + 1) else { return Ok(None) };
    let root = root.to_string_lossy().into_owned();
    let names: Vec<&str> = table
        .subtree(question.package)
        .map(|id| table.get(id))
        .filter(|module| matches!(module.kind, ModuleKind::Module | ModuleKind::Package))
        .map(|module| &*module.name)
        .collect();
    let import = |name: &&str| Entry::Imports { names: vec![(*name).to_owned()], root: root.clone() };
    let entries: Vec<Entry> = names.iter().map(import).collect();
    let folder = PathBuf::from(&root);
    let world = World::new(&question.args.environment, global, std::slice::from_ref(&folder), &folder)?;
    let world = world.assuming_packages();
    let files = FxHashMap::from_iter([(init.to_string_lossy().into_owned(), after.to_vec())]);
    world.evaluate(question.version, world.installed_roots(), |modules| {
        let run = |source: &dyn ModuleSource| {
            let mut stories: Vec<Option<Simulation>> = vec![None; entries.len()];
            simulate_each(&entries, question.version, source, budget(None), &mut |place, story| {
                stories[place] = Some(story);
            });
            stories
        };
        let (old, new) = (run(modules), run(&Edited { modules, files: &files }));
        let harm = |((name, old), new): ((&&str, Option<Simulation>), Option<Simulation>)| harm_to(name, &old?, &new?);
        names.iter().zip(old).zip(new).find_map(harm)
    })
}

/// What is worse than before for the import of one module.
fn harm_to(name: &str, old: &Simulation, new: &Simulation) -> Option<String> {
    match (old.verdict, new.verdict) {
        (_, Verdict::Works) | (Verdict::Crashes, Verdict::Crashes) => None,
        (_, Verdict::Crashes) => {
            let raised = new.exception.as_ref().map(|raised| match &raised.message {
                Some(message) => format!("{}: {message}", raised.kind),
                None => raised.kind.clone(),
            });
            Some(format!("importing `{name}` first would raise {}", raised.unwrap_or_default()))
        }
        (_, Verdict::Depends | Verdict::Unknown) => {
            let reason = new.reason.as_deref().unwrap_or("too much is unknown");
            Some(format!("whether `{name}` could still be imported first cannot be told: {reason}"))
        }
    }
}
