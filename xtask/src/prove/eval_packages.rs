//! What is simulated of `import X` is what happens when real packages are imported.
//!
//! The packages lie in a virtual environment that pip fills. The package itself is the project; everything else is taken to be
//! installed and is not run. Each import is compared with one by CPython, outcome and order of modules, through an import hook.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail};
use legb_base::PyVersion;
use legb_eval::source::{Candidate, Files, ModuleSource, Packages};
use legb_eval::{Budget, Entry, Simulation, Verdict, simulate};
use legb_resolve::RealFs;
use serde::{Deserialize, Serialize};

use super::claims::{Reasons, natives, percent};
use super::eval_stack::with_stack;
use super::{Figure, Needs, Options, Row};
use crate::corpus::scopes::in_parallel;
use crate::workspace;

pub(super) const ROW: Row = Row {
    name: "eval-packages",
    about: "simulated imports of published packages and of some of their modules, and real ones (pip installs them)",
    needs: Needs::Registry,
    measure,
};

/// What pip installs.
const NAMES: &str = include_str!("eval_packages.txt");

/// Lists packages and runs imports.
const PROBE: &str = include_str!("eval_packages.py");

/// Modules of a package that are imported besides the package itself.
const SHARE: usize = 12;

/// How an import went.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Real {
    exception: Option<(String, String)>,
    began: Vec<String>,
    ended: Vec<String>,
}

#[derive(Default)]
struct Tally {
    imports: usize,
    claimed: usize,
    certain: usize,
    order: usize,
    false_crashes: Vec<String>,
    wrong: Vec<String>,
    orders: Vec<String>,
    reasons: Reasons,
}

impl Tally {
    fn merge(&mut self, other: Self) {
        self.imports += other.imports;
        self.claimed += other.claimed;
        self.certain += other.certain;
        self.order += other.order;
        self.false_crashes.extend(other.false_crashes);
        self.wrong.extend(other.wrong);
        self.orders.extend(other.orders);
        self.reasons.merge(other.reasons);
    }
}

fn measure(options: &Options) -> anyhow::Result<Figure> {
    let (version, python) = natives()?.pop().context("no native interpreter")?;
    let folder = workspace::target().join("eval-packages");
    let environment = Environment::make(&folder, Path::new(&python))?;
    let packages = environment.packages()?;
    let tasks: Vec<(String, String)> = packages
        .iter()
        .flat_map(|(top, modules)| {
            let taken = if options.quick { 1 } else { modules.len() };
            modules.iter().take(taken).map(|module| (top.clone(), module.clone()))
        })
        .collect();
    let real = environment.outcomes(&tasks, options.jobs)?;
    let tally = in_parallel(
        &tasks,
        options.jobs,
        &|tasks| {
            let mut tally = Tally::default();
            for (top, module) in tasks {
                let Some(real) = real.get(module) else { continue };
                let story = environment.simulate(top, module, version)?;
                judge(module, &story, real, &mut tally);
            }
            Ok(tally)
        },
        Tally::merge,
    )?;
    Ok(figure(packages.len(), tally))
}

fn figure(packages: usize, mut tally: Tally) -> Figure {
    for (what, list) in [
        ("false crash", &mut tally.false_crashes),
        ("wrong certain", &mut tally.wrong),
        ("order differs", &mut tally.orders),
    ] {
        list.sort();
        list.iter().take(40).for_each(|line| println!("  {what}: {line}"));
    }
    tally.reasons.print(25);
    Figure {
        measured: format!(
            "{} imports from {packages} packages: {} claimed ({:.1} %), {} of them certain, order of modules equal in {} of \
             those; {} false crashes, {} wrong certain",
            tally.imports,
            tally.claimed,
            percent(tally.claimed, tally.imports),
            tally.certain,
            tally.order,
            tally.false_crashes.len(),
            tally.wrong.len()
        ),
        bound: "0 false crashes, 0 wrong certain; >= 88 % claimed; >= 80 packages",
        holds: tally.false_crashes.is_empty()
            && tally.wrong.is_empty()
            && tally.claimed * 100 >= tally.imports * 88
            && packages >= 80,
    }
}

fn judge(module: &str, story: &Simulation, real: &Real, tally: &mut Tally) {
    tally.imports += 1;
    if story.verdict == Verdict::Unknown {
        let reason = story.reason.as_deref().unwrap_or_default();
        let reason = reason.split(" (/").next().unwrap_or_default();
        tally.reasons.add(reason);
        return;
    }
    tally.claimed += 1;
    let crashes = story.verdict == Verdict::Crashes;
    let shown = || {
        let raised = story.exception.as_ref().map(|e| format!("{}: {}", e.kind, e.message.as_deref().unwrap_or("?")));
        let at = story.frames.last().map(|frame| format!("{}:{}", frame.path, frame.line)).unwrap_or_default();
        format!("{module}: {} ({at}), really {:?}", raised.unwrap_or_else(|| "works".to_owned()), real.exception)
    };
    if crashes && real.exception.is_none() {
        tally.false_crashes.push(shown());
    }
    if !story.certain {
        return;
    }
    tally.certain += 1;
    let is_right = match (&story.exception, &real.exception) {
        (None, None) => true,
        (Some(ours), Some(real)) => ours.kind == real.0 && ours.message.as_ref().is_none_or(|text| *text == real.1),
        _ => false,
    };
    if !is_right {
        tally.wrong.push(shown());
        return;
    }
    let of = |event: &str| -> Vec<&String> {
        story.order.iter().filter(|step| step.event == event).map(|step| &step.module).collect()
    };
    if of("begin") == real.began.iter().collect::<Vec<_>>() && of("end") == real.ended.iter().collect::<Vec<_>>() {
        tally.order += 1;
    } else {
        let other = of("begin").into_iter().zip(&real.began).find(|(ours, real)| ours != real);
        tally.orders.push(format!("{module}: {} and {} modules, {other:?}", of("begin").len(), real.began.len()));
    }
}

/// A virtual environment.
struct Environment {
    folder: PathBuf,
    python: PathBuf,
    site: String,
}

impl Environment {
    fn make(folder: &Path, python: &Path) -> anyhow::Result<Self> {
        let venv = folder.join("venv");
        let program = venv.join("bin").join("python");
        let stamp = folder.join("names.txt");
        if fs::read_to_string(&stamp).unwrap_or_default() != NAMES {
            fs::create_dir_all(folder)?;
            ensure(Command::new(python).args(["-m", "venv"]).arg(&venv))?;
            let list = folder.join("wanted.txt");
            fs::write(&list, NAMES)?;
            ensure(Command::new(&program).args(["-m", "pip", "install", "--quiet", "--no-compile", "-r"]).arg(&list))?;
            fs::write(&stamp, NAMES)?;
        }
        let output = Command::new(&program).args(["-c", "import sys; print(sys.path[-1])"]).output()?;
        let site = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        Ok(Self { folder: folder.to_owned(), python: program, site })
    }

    fn packages(&self) -> anyhow::Result<Vec<(String, Vec<String>)>> {
        let output = Command::new(&self.python).args(["-c", PROBE, "list", &SHARE.to_string()]).output()?;
        serde_json::from_slice(&output.stdout).context("the list of packages cannot be read")
    }

    /// Real outcomes by module; those of earlier runs are kept beside the environment.
    fn outcomes(&self, tasks: &[(String, String)], jobs: usize) -> anyhow::Result<BTreeMap<String, Real>> {
        let path = self.folder.join("outcomes.json");
        let known = fs::read_to_string(&path).unwrap_or_default();
        let mut known: BTreeMap<String, Real> = serde_json::from_str(&known).unwrap_or_default();
        let missing: Vec<(String, String)> =
            tasks.iter().filter(|(_, module)| !known.contains_key(module)).cloned().collect();
        let found = in_parallel(
            &missing,
            jobs,
            &|tasks| tasks.iter().filter_map(|(top, module)| self.outcome(top, module).transpose()).collect(),
            |all: &mut Vec<(String, Real)>, part| all.extend(part),
        )?;
        if !found.is_empty() {
            known.extend(found);
            fs::write(&path, serde_json::to_string(&known)?)?;
        }
        Ok(known)
    }

    /// How an import goes; nothing where it never ends.
    fn outcome(&self, top: &str, module: &str) -> anyhow::Result<Option<(String, Real)>> {
        let mut command = Command::new("timeout");
        command.arg("20").arg(&self.python).args(["-B", "-c", PROBE, "import", top, module]).current_dir("/");
        let output = command.output().context("cannot start the interpreter")?;
        let text = String::from_utf8_lossy(&output.stdout);
        let Some(row) = text.lines().last().filter(|row| row.starts_with('{')) else { return Ok(None) };
        Ok(Some((module.to_owned(), serde_json::from_str(row)?)))
    }

    fn simulate(&self, top: &str, module: &str, version: PyVersion) -> anyhow::Result<Simulation> {
        let entry = Entry::Imports { names: vec![module.to_owned()], root: self.site.clone() };
        let (site, top) = (self.site.clone(), top.to_owned());
        with_stack(move || {
            let fs = RealFs::new();
            let files = Files { fs: &fs, packages: Packages::Assumed };
            simulate(&entry, version, &OnePackage { files, site: &site, top: &top }, Budget::default())
        })
    }
}

fn ensure(command: &mut Command) -> anyhow::Result<()> {
    let status =
        command.status().with_context(|| format!("cannot start {}", command.get_program().to_string_lossy()))?;
    if !status.success() {
        bail!("{command:?}: {status}");
    }
    Ok(())
}

/// The modules of one package; others are installed, and nothing is known of them.
struct OnePackage<'a> {
    files: Files<'a>,
    site: &'a str,
    top: &'a str,
}

impl ModuleSource for OnePackage<'_> {
    fn candidate(&self, folder: &str, name: &str) -> Candidate {
        if folder == self.site && name != self.top { Candidate::Nothing } else { self.files.candidate(folder, name) }
    }

    fn read(&self, path: &str) -> Option<Vec<u8>> {
        self.files.read(path)
    }

    fn modules_in(&self, folder: &str) -> Vec<(String, bool)> {
        let mut found = self.files.modules_in(folder);
        found.retain(|(name, _)| folder != self.site || name == self.top);
        found
    }

    fn packages(&self) -> Packages {
        self.files.packages()
    }

    fn installed(&self, name: &str) -> Packages {
        let top = name.split('.').next().unwrap_or(name);
        if self.files.candidate(self.site, top) == Candidate::Nothing { Packages::None } else { Packages::Present }
    }
}
