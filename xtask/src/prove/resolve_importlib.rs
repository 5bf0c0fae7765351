//! `legb resolve` says of every import in real code what importlib says.
//!
//! Three kinds of environment, each with 3.8, 3.11 and 3.13: the standard library's own imports, the corpora from the folder
//! above them, and a virtual environment that a script fills with one of everything ([`venv`]). An answer is kind, origin,
//! whether it is a package, and search locations.
//!
//! importlib is asked for specs; nothing is executed. Where legb knows better because running code would change the answer, or
//! does not know, the question is put again with parents imported.

mod names;
mod venv;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use legb_base::PyVersion;
use legb_oracle::Interpreter;
use legb_oracle::interpreter::Kind as InterpreterKind;
use legb_oracle::run::{Request, Script, ask};
use legb_oracle::wire::{ImportAnswer, ImportsRow};
use legb_resolve::{
    Environment, Finder, ImportRoots, Installation, Kind, Platform, RealFs, Resolution, Settings, Start, Why, stdlib,
};

use super::{Figure, Needs, Options, Row};
use crate::workspace;

pub(super) const ROW: Row = Row {
    name: "resolve-importlib",
    about: "what imports mean v. importlib of 3.8, 3.11 and 3.13: standard library, corpora, a filled venv",
    needs: Needs::Interpreters,
    measure,
};

const VERSIONS: [&str; 3] = ["3.8", "3.11", "3.13"];
/// Names that are put into one request.
const BATCH: usize = 2000;
/// Every n-th file of the standard library in a quick run.
const QUICK_STEP: usize = 4;
/// Differences that are printed of each environment.
const SHOWN: usize = 12;

/// What is compared.
struct Case {
    label: String,
    interpreter: Interpreter,
    /// The folder whose files are read for names, and which comes first on the path if it is no library.
    folder: PathBuf,
    front: Option<PathBuf>,
    /// Whether site-packages and `.pth` files count.
    site: bool,
    every: usize,
}

/// How the answers about one environment compare.
#[derive(Default)]
struct Tally {
    names: usize,
    equal: usize,
    /// Equal once parents were imported: what only running code makes true.
    equal_when_run: usize,
    /// legb says that it cannot know, with the reason cut down to its kind.
    unknown: BTreeMap<String, usize>,
    differing: Vec<String>,
}

fn measure(options: &Options) -> anyhow::Result<Figure> {
    let versions: Vec<PyVersion> = VERSIONS.iter().filter_map(|version| version.parse().ok()).collect();
    let (mut names, mut differing, mut unknown) = (0, 0, 0);
    println!("{:28} {:>8} {:>8} {:>8} {:>8} {:>8}", "environment", "names", "equal", "if run", "unknown", "differ");
    for interpreter in workspace::interpreters(&versions)? {
        for case in cases(&interpreter, options)? {
            let tally = compare(&case)?;
            tally.print(&case.label);
            names += tally.names;
            differing += tally.differing.len();
            unknown += tally.unknown.values().sum::<usize>();
        }
    }
    Ok(Figure {
        measured: format!(
            "{differing} of {names} names differ ({unknown} more are said to be unknown, each with its reason)"
        ),
        bound: "0 names",
        holds: differing == 0 && names > 0,
    })
}

fn cases(interpreter: &Interpreter, options: &Options) -> anyhow::Result<Vec<Case>> {
    let version = interpreter.version;
    let InterpreterKind::Native { library, .. } = &interpreter.kind else {
        bail!("{version} does not run natively here");
    };
    let case = |label: &str, folder: PathBuf, front: Option<PathBuf>| Case {
        label: format!("{version} {label}"),
        interpreter: interpreter.clone(),
        folder,
        front,
        site: false,
        every: 1,
    };
    let mut cases = vec![Case {
        every: if options.quick { QUICK_STEP } else { 1 },
        ..case("standard library", library.clone(), None)
    }];
    if options.corpora.is_some() {
        let (small, large) = (options.corpus("S")?, options.corpus("L")?);
        cases.push(case("Django", small.clone(), Some(small)));
        for (label, package) in [("Home Assistant", "homeassistant"), ("SQLAlchemy", "sqlalchemy")] {
            cases.push(case(label, large.join(package), Some(large.clone())));
        }
    }
    let built = venv::build(interpreter, options.quick)?;
    cases.push(Case { interpreter: built.interpreter, site: true, ..case("virtual environment", built.folder, None) });
    Ok(cases)
}

fn compare(case: &Case) -> anyhow::Result<Tally> {
    let fs = RealFs::new();
    let InterpreterKind::Native { program, .. } = &case.interpreter.kind else { bail!("no native interpreter") };
    let installation = Installation::find(program, &fs)?;
    let settings = Settings {
        version: case.interpreter.version,
        start: Start::Project,
        safe_path: false,
        roots: ImportRoots::given(case.front.clone()),
        python_path: Vec::new(),
        installation: Some(installation),
        user_site: None,
        no_site: !case.site,
        platform: Platform::host(),
    };
    let environment = Environment::new(settings, &fs);
    let finder = Finder::new(&environment, &fs);
    let mut names = names::imported(&case.folder, case.every, &environment)?;
    if case.site {
        names.extend(venv::NAMES.iter().map(|name| (*name).to_owned()));
    }
    let names: Vec<String> = names.into_iter().collect();
    let mut tally = Tally { names: names.len(), ..Tally::default() };
    let loaded = loaded(&environment);
    let row = importlib(case, &names, &loaded, false)?;
    check_path(&environment, row.first().context("no row")?)?;
    let mut again = Vec::new();
    for answer in row.iter().flat_map(|row| &row.answers) {
        let ours = finder.find(&answer.0);
        if is_equal(&ours, answer) {
            tally.equal += 1;
        } else {
            again.push((answer.clone(), ours));
        }
    }
    tally.ask_again(case, &again, &loaded)?;
    Ok(tally)
}

impl Tally {
    /// Puts the questions again that were answered differently, this time with parents imported.
    fn ask_again(&mut self, case: &Case, open: &[(ImportAnswer, Resolution)], loaded: &[String]) -> anyhow::Result<()> {
        let may_run = |ours: &Resolution| case.site || matches!(ours.why, Why::Alias(_));
        let names: Vec<String> =
            open.iter().filter(|(_, ours)| may_run(ours)).map(|(answer, _)| answer.0.clone()).collect();
        let rows = importlib(case, &names, loaded, true)?;
        let run: BTreeMap<&str, &ImportAnswer> =
            rows.iter().flat_map(|row| &row.answers).map(|answer| (answer.0.as_str(), answer)).collect();
        for (answer, ours) in open {
            let when_run = run.get(answer.0.as_str());
            let is_made = |answer: &ImportAnswer| answer.1 == "sys.modules" && matches!(ours.why, Why::Alias(_));
            if when_run.is_some_and(|answer| is_equal(ours, answer) || is_made(answer)) {
                self.equal_when_run += 1;
            } else if let (Kind::Unknown, why) = (ours.kind, ours.why.to_string()) {
                let words: Vec<&str> = why.split(' ').filter(|word| !word.contains(['/', '.'])).collect();
                *self.unknown.entry(words.join(" ")).or_default() += 1;
            } else {
                let when_run = when_run.map(|answer| format!("; when run {}", shown(answer))).unwrap_or_default();
                self.differing.push(format!(
                    "{}: legb {}, importlib {}{when_run}",
                    answer.0,
                    told(ours),
                    shown(answer)
                ));
            }
        }
        Ok(())
    }

    fn print(&self, label: &str) {
        let unknown: usize = self.unknown.values().sum();
        println!(
            "{label:28} {:>8} {:>8} {:>8} {unknown:>8} {:>8}",
            self.names,
            self.equal,
            self.equal_when_run,
            self.differing.len()
        );
        for (reason, count) in &self.unknown {
            println!("    {count} × unknown: {reason}");
        }
        for difference in self.differing.iter().take(SHOWN) {
            println!("    {difference}");
        }
    }
}

/// What legb takes to be loaded when a program starts.
fn loaded(environment: &Environment) -> Vec<String> {
    let early = environment.early_namespaces.iter().map(|(name, _)| name.clone());
    stdlib::loaded_at_startup(environment.version).map(ToOwned::to_owned).chain(early).collect()
}

fn importlib(case: &Case, names: &[String], loaded: &[String], run_parents: bool) -> anyhow::Result<Vec<ImportsRow>> {
    let front: Vec<&Path> = case.front.iter().map(PathBuf::as_path).collect();
    let requests: Vec<Request> = names
        .chunks(BATCH)
        .map(|names| {
            let request =
                serde_json::json!({ "front": front, "names": names, "loaded": loaded, "run_parents": run_parents });
            Request::Source { name: case.label.clone(), bytes: request.to_string().into_bytes() }
        })
        .collect();
    Ok(ask(&case.interpreter, Script::Imports { site: case.site }, &requests)?)
}

/// `sys.path` must be the same before names can be.
fn check_path(environment: &Environment, row: &ImportsRow) -> anyhow::Result<()> {
    let ours: Vec<String> = environment.sys_path.iter().map(|entry| entry.path.display().to_string()).collect();
    if ours != row.sys_path {
        bail!("sys.path differs:\n  legb   {ours:?}\n  Python {:?}", row.sys_path);
    }
    Ok(())
}

fn is_equal(ours: &Resolution, theirs: &ImportAnswer) -> bool {
    let ImportAnswer(_, kind, origin, is_package, locations) = theirs;
    let ours_locations: Vec<String> = ours.search_locations.iter().map(|path| path.display().to_string()).collect();
    let ours_origin = ours.spec_origin().map(|path| path.display().to_string());
    // A frozen package that has no folder is searched nowhere.
    ours.kind.as_str() == kind
        && ours_origin == *origin
        && ours.is_package == *is_package
        && ours_locations == *locations.as_deref().unwrap_or_default()
}

fn told(ours: &Resolution) -> String {
    format!("{} {:?} {:?} ({})", ours.kind.as_str(), ours.spec_origin(), ours.search_locations, ours.why)
}

fn shown(answer: &ImportAnswer) -> String {
    format!("{} {:?} {:?}", answer.1, answer.2, answer.4)
}
