//! Questions about imports, as `legb resolve` and `legb explain --import` ask them: from the command line to traces.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use legb_base::{Dialect, PyVersion};
use legb_project::Problem;
use legb_report::VersionSet;
use legb_resolve::fs::EntryKind;
use legb_resolve::interpreter::absolute;
use legb_resolve::{
    Environment, FileSystem, Finder, ImportRoots, Installation, RealFs, Settings, Start, Trace, folder_of, mutation,
    name, resolve_relative, story,
};

use crate::args::{GlobalArgs, ImportArgs, StartAs};
use crate::environment;
use crate::targets::Targets;
use crate::{Exit, output};

/// An answer for one name.
#[derive(Clone)]
pub(crate) struct Answer {
    /// The name as it was written.
    pub(crate) asked: String,
    /// The version, the first of those that answer so.
    pub(crate) version: PyVersion,
    /// Every version that answers so.
    pub(crate) versions: VersionSet,
    /// The answer.
    pub(crate) trace: Trace,
    /// The steps, as text.
    pub(crate) steps: String,
    /// Files of the same name that no import reaches.
    pub(crate) shadows: Vec<PathBuf>,
}

/// What was asked, answered.
pub(crate) struct Asked {
    /// For each name and version; for text, versions that answer alike are one.
    pub(crate) answers: Vec<Answer>,
    problems: Vec<Problem>,
    /// Names that are none, and why.
    refused: Vec<String>,
}

/// The file that imports.
struct Importer {
    path: PathBuf,
    text: String,
}

impl Asked {
    /// Answers every name, for every version.
    pub(crate) fn new(
        names: &[String],
        from: Option<&Path>,
        args: &ImportArgs,
        global: &GlobalArgs,
    ) -> anyhow::Result<Self> {
        let fs = RealFs::new();
        let here = environment::working_directory()?;
        let importer = from.map(|file| read_importer(file, &here, &fs)).transpose()?;
        let around = importer.as_ref().map_or_else(|| here.clone(), |importer| importer.path.clone());
        let roots = environment::roots(&args.environment, std::slice::from_ref(&around), &fs)?;
        let installation = environment::installation(&args.environment, &around, &fs)?;
        let mut asked = Self { answers: Vec::new(), problems: Vec::new(), refused: Vec::new() };
        let versions = versions(args, global, installation.as_ref(), &around, &mut asked.problems);
        asked.problems.extend(roots.problems.iter().map(environment::problem));
        for version in versions {
            let settings = settings(version, args, global, &roots, installation.clone(), importer.as_ref(), &fs)?;
            let environment = Environment::new(settings, &fs);
            asked.note_problems(&environment, version);
            let finder = Finder::new(&environment, &fs);
            for name in names {
                match answer(name, importer.as_ref(), &roots, &finder, &fs) {
                    Ok(trace) => asked.add(name, version, trace, &finder),
                    Err(reason) if asked.refused.contains(&reason) => {}
                    Err(reason) => asked.refused.push(reason),
                }
            }
        }
        Ok(asked)
    }

    fn note_problems(&mut self, environment: &Environment, version: PyVersion) {
        let mut found: Vec<Problem> = environment.problems.iter().map(environment::problem).collect();
        if let Some(installation) = &environment.installation
            && installation.library.is_some()
            && !installation.has_library(version)
        {
            let own = installation.version.map_or("another version".to_owned(), |own| format!("Python {own}"));
            let what = format!("is {own}: for {version} the standard library is taken as recorded");
            found.push(Problem::warning(
                &installation.named,
                what,
                "name an interpreter of that version with `--python`",
            ));
        }
        found.retain(|problem| !self.problems.contains(problem));
        self.problems.append(&mut found);
    }

    fn add(&mut self, asked: &str, version: PyVersion, trace: Trace, finder: &Finder<'_>) {
        let steps = story::steps(&trace, finder.environment());
        let shadows = finder.shadowed(&trace);
        let versions = VersionSet::from_iter([version]);
        self.answers.push(Answer { asked: asked.to_owned(), version, versions, trace, steps, shadows });
    }

    /// The answers for people: by name, and versions that answer alike together.
    pub(crate) fn merged(&self) -> Vec<Answer> {
        let mut merged: Vec<Answer> = Vec::new();
        for answer in &self.answers {
            let same = |known: &&mut Answer| {
                known.asked == answer.asked
                    && known.trace.resolution == answer.trace.resolution
                    && known.steps == answer.steps
            };
            match merged.iter_mut().find(same) {
                Some(known) => known.versions.insert(answer.version),
                None => merged.push(answer.clone()),
            }
        }
        let position = |answer: &Answer| self.answers.iter().position(|other| other.asked == answer.asked);
        merged.sort_by_key(position);
        merged
    }

    /// Tells of problems and says how the run ended: 1 if something is missing or unknown, 2 if a name is none.
    pub(crate) fn finish(&self, global: &GlobalArgs) -> Exit {
        output::problems(&self.problems, global.quiet);
        for reason in &self.refused {
            output::error(reason);
        }
        if !self.refused.is_empty() {
            Exit::Failed
        } else if self.answers.iter().any(|answer| !answer.trace.resolution.kind.is_found()) {
            Exit::Findings
        } else {
            Exit::Clean
        }
    }
}

fn read_importer(file: &Path, here: &Path, fs: &RealFs) -> anyhow::Result<Importer> {
    if fs.kind(file) == Some(EntryKind::Folder) {
        bail!("--from {}: is a folder; name the file that imports", file.display());
    }
    let bytes = fs.read(file).with_context(|| format!("--from {}: cannot be read", file.display()))?;
    Ok(Importer { path: absolute(file, here), text: String::from_utf8_lossy(&bytes).into_owned() })
}

/// The versions asked for; else that of the interpreter; else that of the project.
fn versions(
    args: &ImportArgs,
    global: &GlobalArgs,
    installation: Option<&Installation>,
    around: &Path,
    problems: &mut Vec<Problem>,
) -> Vec<PyVersion> {
    if args.target.target_version.is_none()
        && let Some(version) = installation.and_then(|installation| installation.version)
    {
        if global.verbose {
            output::note(&format!("Python {version} (the interpreter's)"));
        }
        return vec![version];
    }
    let targets = Targets::choose(args.target.target_version.as_ref(), around, global.isolated);
    if global.verbose {
        output::note(&targets.to_string());
    }
    problems.extend(targets.problem);
    targets.versions
}

fn settings(
    version: PyVersion,
    args: &ImportArgs,
    global: &GlobalArgs,
    roots: &ImportRoots,
    installation: Option<Installation>,
    importer: Option<&Importer>,
    fs: &RealFs,
) -> anyhow::Result<Settings> {
    let here = environment::working_directory()?;
    let start = match (args.start, importer) {
        (StartAs::Project, _) => Start::Project,
        (StartAs::Script, Some(importer)) => Start::Script(importer.path.clone()),
        (StartAs::Script, None) => bail!("--as script: name the script with `--from`"),
        (StartAs::Module, _) => Start::Module(here),
        (StartAs::Command, _) => Start::Command(here),
    };
    let of_project = environment::settings(version, roots, installation, global.isolated, fs)?;
    Ok(Settings { start, safe_path: args.safe_path, no_site: args.no_site, ..of_project })
}

/// The answer for a name as it is written; the error says why it is none.
fn answer(
    written: &str,
    importer: Option<&Importer>,
    roots: &ImportRoots,
    finder: &Finder<'_>,
    fs: &RealFs,
) -> Result<Trace, String> {
    let (level, tail) = name::parse(written).map_err(|error| error.to_string())?;
    let environment = finder.environment();
    let Some(importer) = importer else {
        if level > 0 {
            return Err(format!("`{written}` is relative: say with `--from FILE` which file imports it"));
        }
        return Ok(doubted(finder.trace(tail), None, environment, fs));
    };
    let absolute = if level == 0 {
        tail.to_owned()
    } else {
        let dialect = Dialect::of(environment.version);
        match resolve_relative(&package_of(importer, roots, environment)?, level, tail, &dialect) {
            Ok(name) => name,
            Err(error) => return Ok(Trace::refused(written, &error)),
        }
    };
    let trace = finder.trace_from(&absolute, &folder_of(&importer.path));
    Ok(doubted(trace, Some(importer), environment, fs))
}

/// What relative imports in the file start from: nothing for a script.
fn package_of(importer: &Importer, roots: &ImportRoots, environment: &Environment) -> Result<String, String> {
    if matches!(environment.start, Start::Script(_)) {
        return Ok(String::new());
    }
    let module = roots.module_name(&importer.path, &environment.suffixes).ok_or_else(|| {
        format!(
            "{}: no import root leads to this file under a name that an import can spell; name the root with `--src`",
            importer.path.display()
        )
    })?;
    Ok(module.package().to_owned())
}

/// The answer, doubted where the importing file, or a `conftest.py` above it, changes how modules are found.
fn doubted(trace: Trace, importer: Option<&Importer>, environment: &Environment, fs: &RealFs) -> Trace {
    let mut trace = trace;
    if let Some(importer) = importer
        && let Some(edit) = mutation::edit(&importer.path, &importer.text)
    {
        trace.resolution = edit.doubt(trace.resolution, &trace.name);
    }
    for entry in environment.sys_path.iter().take(environment.late_entries()) {
        let file = entry.path.join("conftest.py");
        if importer.is_some_and(|importer| importer.path == file) || trace.resolution.kind.is_found() {
            continue;
        }
        let text = fs.read(&file).unwrap_or_default();
        if let Some(edit) = mutation::edit(&file, &String::from_utf8_lossy(&text)) {
            trace.resolution = edit.doubt(trace.resolution, &trace.name);
        }
    }
    trace
}
