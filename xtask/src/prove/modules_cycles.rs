//! `legb modules` has every module that recorded runs of small projects loaded, with its file and kind.
//!
//! A run that changes `sys.path` or `sys.modules`, or starts a script in a folder, may know a file by another name than the
//! project gives it; such names are listed, and their file and kind compared all the same.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, bail};
use legb_base::PyVersion;
use legb_graph::project::Project;
use legb_graph::{ModuleKind, Resolver};
use legb_project::{DEFAULT_EXCLUDES, Discovery, Exclusion};
use legb_query::{Described, ModuleReport, report};
use legb_resolve::RealFs;
use serde::Deserialize;

use super::{Figure, Needs, Options, Row};

pub(super) const ROW: Row = Row {
    name: "modules-cycles",
    about: "modules, files and kinds of recorded runs (--truth)",
    needs: Needs::Truth,
    measure,
};

/// The module that is the program; the project knows its file by another name.
const MAIN: &str = "__main__";
const ROOT: &str = "<ROOT>/";

/// What a run loaded.
#[derive(Deserialize)]
struct Recorded {
    id: String,
    split: String,
    modules: BTreeMap<String, Option<String>>,
}

fn measure(options: &Options) -> anyhow::Result<Figure> {
    let Some(truth) = &options.truth else { bail!("give the folder with `expected.jsonl` by --truth") };
    let path = truth.join("expected.jsonl");
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut cases: BTreeMap<PathBuf, BTreeSet<(String, Option<String>)>> = BTreeMap::new();
    for line in text.lines() {
        let row: Recorded = serde_json::from_str(line).with_context(|| format!("cannot read {}", path.display()))?;
        cases.entry(truth.join(row.split).join(row.id)).or_default().extend(row.modules);
    }
    let (mut compared, mut equal, mut renamed) = (0, 0, Vec::new());
    for (root, modules) in &cases {
        let reports = modules_of(root)?;
        for (name, file) in modules {
            let file = file.as_ref().map(|file| file.strip_prefix(ROOT).unwrap_or(file).to_owned());
            if name == MAIN && file.is_none() {
                continue;
            }
            compared += 1;
            // `sys.modules["a"] = b` gives one more name to a module that the run also knows by its own.
            let others: Vec<&str> = modules
                .iter()
                .filter(|(other, at)| {
                    other != name
                        && at.as_deref().is_some_and(|at| file.as_deref().is_some_and(|file| at.ends_with(file)))
                })
                .map(|(other, _)| other.as_str())
                .collect();
            match matching(&reports, root, name, file.as_deref(), &others) {
                Match::Equal => equal += 1,
                Match::Renamed(ours) => {
                    equal += 1;
                    renamed.push(format!("{}: {name} is {ours}", root.display()));
                }
                Match::Differs(why) => println!("  {}: {name}: {why}", root.display()),
            }
        }
    }
    for line in &renamed {
        println!("  by another name: {line}");
    }
    let measured =
        format!("{equal} of {compared} modules of {} projects, {} of them by another name", cases.len(), renamed.len());
    Ok(Figure { measured, bound: "all", holds: compared > 0 && equal == compared })
}

enum Match {
    Equal,
    Renamed(String),
    Differs(String),
}

fn matching(reports: &[ModuleReport], root: &Path, name: &str, file: Option<&str>, others: &[&str]) -> Match {
    let kind = match file {
        None => ModuleKind::Namespace,
        Some(file) if file.ends_with("__init__.py") => ModuleKind::Package,
        Some(_) => ModuleKind::Module,
    };
    let expected = file.map(|file| root.join(file));
    let found = reports.iter().find(|row| match &row.path {
        Some(path) => expected.as_deref() == Some(Path::new(path)),
        None => expected.is_none() && row.module == name,
    });
    match found {
        None => Match::Differs(format!("no module for {}", file.unwrap_or("it"))),
        Some(row) if row.kind != kind && !(name == MAIN && row.kind == ModuleKind::Script) => {
            Match::Differs(format!("{}, not {}", row.kind.word(), kind.word()))
        }
        Some(row) if row.module == name || name == MAIN => Match::Equal,
        Some(row) if row.module.ends_with(&format!(".{name}")) || others.contains(&&*row.module) => {
            Match::Renamed(row.module.clone())
        }
        Some(row) => Match::Differs(format!("is called {}", row.module)),
    }
}

fn modules_of(root: &Path) -> anyhow::Result<Vec<ModuleReport>> {
    let exclusion = Exclusion::new(DEFAULT_EXCLUDES, root).context("bad exclusion")?;
    let discovery = Discovery { exclusion: &exclusion, force_exclude: false, threads: 1 };
    let paths = [root.to_owned()];
    let project = Project::open(&paths, &paths, &discovery, &RealFs::new());
    let described: Vec<Option<Described>> = project.table.files().iter().map(|_| Some(Described::default())).collect();
    let resolver = Resolver::new(Arc::clone(&project.table), PyVersion::NEWEST);
    Ok(report(&resolver, &described, &[]))
}
