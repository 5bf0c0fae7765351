//! The explanations of names of one file, for every version that is asked about, completed by what other files say.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, anyhow, bail};
use legb_base::{LineColumn, PyVersion};
use legb_graph::nearest;
use legb_project::{Outcome, SourceFile, load};
use legb_query::across::Lead;
use legb_query::module_names::ModuleNames;
use legb_scope::explain::{Explanation, NoName, Source, explain_all, explain_at, explain_line, explain_name, render};

use crate::across::{Around, Open};
use crate::analysed::{analysed, refusal};
use crate::args::{EnvironmentArgs, ExplainArgs, FileArgs, GlobalArgs, TargetArgs};
use crate::output;
use crate::question::Question;
use crate::targets::{Targets, VersionList};

/// A question about names of a file, answered.
pub(super) struct Asked {
    pub(super) targets: Targets,
    /// For each version.
    pub(super) answers: Vec<(PyVersion, Answers)>,
    /// Why what other files say may be missing.
    aside: Option<String>,
}

/// For which versions, and in which surroundings, a question is asked.
#[derive(Clone, Copy)]
pub(super) struct How<'a> {
    pub(super) target: &'a TargetArgs,
    pub(super) environment: &'a EnvironmentArgs,
    pub(super) files: &'a FileArgs,
    pub(super) global: &'a GlobalArgs,
}

impl<'a> How<'a> {
    /// As the arguments of `explain` say.
    pub(super) fn of(args: &'a ExplainArgs, global: &'a GlobalArgs) -> Self {
        Self { target: &args.how.target, environment: &args.how.environment, files: &args.files, global }
    }
}

/// Every name of a file, explained for one version.
pub(crate) fn all_of_file(
    path: &str,
    version: PyVersion,
    environment: &EnvironmentArgs,
    files: &FileArgs,
    global: &GlobalArgs,
) -> anyhow::Result<(Vec<Explanation>, Arc<str>)> {
    let target = TargetArgs { target_version: Some(VersionList::of(version)) };
    let asked = Asked::new(path, &Question::File, How { target: &target, environment, files, global })?;
    let answers = asked.answers.into_iter().next().context("nothing was looked at")?.1;
    Ok((answers.explanations, answers.source))
}

/// The answers for one version.
#[derive(Clone)]
pub(super) struct Answers {
    pub(super) explanations: Vec<Explanation>,
    leads: Vec<Lead>,
    names: ModuleNames,
    /// The text of the file.
    source: Arc<str>,
    /// What this version refuses in the file.
    refusal: Option<String>,
}

impl Answers {
    /// The explanations, written for people.
    pub(super) fn text(&self) -> String {
        let texts: Vec<String> = self.explanations.iter().map(|it| render(it, &self.source)).collect();
        texts.join("\n")
    }
}

impl Asked {
    /// Answers a question.
    pub(super) fn new(path: &str, question: &Question, how: How<'_>) -> anyhow::Result<Self> {
        let How { target, environment, files, global } = how;
        let targets = Targets::choose(target.target_version.as_ref(), Path::new(path), global.isolated);
        if global.verbose {
            output::note(&targets.to_string());
        }
        let answers = explained(path, question, &targets.versions);
        let around = Around::new(Path::new(path), environment, files, global)?;
        let mut answers = match (answers, question) {
            (Err(error), Question::Name(name)) => {
                let writes = around.outside_writes(name, targets.newest()).unwrap_or_default();
                let places: Vec<String> =
                    writes.iter().map(|it| format!("{}:{}", it.path, it.write.range.start.line)).collect();
                let told = if places.is_empty() {
                    String::new()
                } else {
                    format!("\n  it is written from outside: {}", places.join(", "))
                };
                return Err(anyhow!("{error}{told}"));
            }
            (answers, _) => answers?,
        };
        let aside = (!around.is_below_roots()).then(|| {
            format!(
                "{path} lies outside of the import roots, so that no import can name it: writes from other files are not \
                 looked for\n  help: name the root with `--src DIR`"
            )
        });
        for (version, answers) in &mut answers {
            let Answers { explanations, leads, names, .. } = answers;
            let name = explanations.first().map(|it| it.name.clone());
            let is_one = name.is_some() && explanations.iter().all(|it| Some(&it.name) == name.as_ref());
            if !matches!(question, Question::File) && !is_one {
                // Of several names each asks the project for its own writes.
                for (explanation, lead) in explanations.iter_mut().zip(&*leads) {
                    let name = explanation.name.clone();
                    let explanations = vec![(explanation, lead)];
                    around.complete(Open { version: *version, names, explanations, name: Some(&name) })?;
                }
                continue;
            }
            let name = name.as_deref().filter(|_| is_one);
            let explanations = explanations.iter_mut().zip(&*leads).collect();
            around.complete(Open { version: *version, names, explanations, name })?;
        }
        Ok(Self { targets, answers, aside })
    }

    /// Tells what versions refuse in the file, and what could not be asked.
    pub(super) fn warn(&self, global: &GlobalArgs) {
        if global.quiet {
            return;
        }
        for (version, answers) in &self.answers {
            if let Some(refusal) = &answers.refusal {
                output::warning(&format!("Python {version} refuses the file: {refusal}"));
            }
        }
        if let Some(aside) = &self.aside {
            output::warning(aside);
        }
    }
}

/// What the file alone says, for each version.
fn explained(path: &str, question: &Question, versions: &[PyVersion]) -> anyhow::Result<Vec<(PyVersion, Answers)>> {
    let files: Arc<[SourceFile]> = [SourceFile::new(path.into())].into();
    let (versions, question) = (versions.to_vec(), question.clone());
    let work = move |(): &mut (), file: &SourceFile, bytes: &[u8]| {
        versions
            .iter()
            .map(|version| Ok((*version, answer(file, bytes, *version, &question)?)))
            .collect::<Result<Vec<_>, String>>()
    };
    let outcome = load(&files, 1, || (), work).context("cannot start a thread")?.pop();
    match outcome.context("nothing was looked at")? {
        Outcome::Done(answers) => answers.map_err(|message| anyhow!(message)),
        Outcome::Unreadable(problem) => {
            let near = near_file(path).map(|near| format!("\n  help: did you mean `{near}`?")).unwrap_or_default();
            bail!("{}: {}{near}", problem.path, problem.what)
        }
        Outcome::Panicked(panic) => bail!("legb failed on {path}: {}", panic.message),
    }
}

/// The file beside a missing one whose name is written much like its name.
fn near_file(path: &str) -> Option<String> {
    let path = Path::new(path);
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .ok()?
        .flatten()
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| Path::new(name).extension().is_some_and(|end| end == "py"))
        .collect();
    names.sort_unstable();
    let near = nearest(path.file_name()?.to_str()?, names.iter().map(String::as_str))?;
    Some(path.with_file_name(near).to_string_lossy().into_owned())
}

fn answer(file: &SourceFile, bytes: &[u8], version: PyVersion, question: &Question) -> Result<Answers, String> {
    let path = file.shown();
    analysed(file, bytes, version, |source, error| {
        let explanations = ask(source, question)?;
        let names = ModuleNames::of(source);
        let leads = explanations.iter().map(|explanation| Lead::of(source, &names, explanation)).collect();
        let refusal = error.map(|error| refusal(&path, error, Some(source.lines)));
        Ok(Answers { explanations, leads, names, source: source.text.into(), refusal })
    })
    .map_err(|error| refusal(&path, &error, None))?
}

fn ask(source: &Source<'_>, question: &Question) -> Result<Vec<Explanation>, String> {
    let path = source.path;
    let last = source.lines.line_count();
    match question {
        Question::File => Ok(explain_all(source)),
        Question::Name(name) => {
            let found = explain_name(source, name);
            if !found.is_empty() {
                return Ok(found);
            }
            let facts = source.facts;
            let mut names: Vec<&str> = facts.refs.iter().map(|row| facts.symbol_name(row.symbol)).collect();
            names.sort_unstable();
            names.dedup();
            let near = nearest(name, names.into_iter());
            let near = near.map(|near| format!("\n  help: did you mean `{near}`?")).unwrap_or_default();
            Err(format!("`{name}` is not mentioned in {path}{near}"))
        }
        Question::Line(line) | Question::Place(LineColumn { line, .. }) if *line == 0 || *line > last => {
            Err(format!("{path} has no line {line}; the last is {last}"))
        }
        Question::Line(line) => {
            explain_line(source, *line).map_err(|none| near_names(&format!("no name in {path}:{line}"), &none))
        }
        Question::Place(at) => {
            let place = format!("{path}:{}:{}", at.line, at.column);
            let offset =
                source.lines.offset(*at, source.text).ok_or(format!("line {} has no column {}", at.line, at.column))?;
            let found = explain_at(source, offset).map_err(|none| near_names(&format!("no name at {place}"), &none))?;
            Ok(vec![found])
        }
    }
}

fn near_names(message: &str, none: &NoName) -> String {
    let near: Vec<String> = none
        .nearest
        .iter()
        .map(|nearby| format!("`{}` at {}:{}", nearby.name, nearby.range.start.line, nearby.range.start.column))
        .collect();
    if near.is_empty() { message.to_owned() } else { format!("{message}; near it: {}", near.join(", ")) }
}
