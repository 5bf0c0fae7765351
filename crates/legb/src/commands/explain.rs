//! `legb explain`: why a name means what it means, or what an import does.

mod import;

use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, anyhow, bail};
use legb_base::{LineColumn, PyVersion};
use legb_project::{Outcome, SourceFile, load};
use legb_report::VersionSet;
use legb_scope::explain::{Explanation, NoName, Source, explain_at, explain_line, explain_name, render};

use crate::analysed::{analysed, refusal};
use crate::args::{ExplainArgs, GlobalArgs, TextFormat};
use crate::question::{self, Question};
use crate::targets::Targets;
use crate::{Exit, output};

/// The answers for one version.
#[derive(Clone)]
struct Answers {
    explanations: Vec<Explanation>,
    /// The explanations, written for people.
    texts: Vec<String>,
    /// What this version refuses in the file.
    refusal: Option<String>,
}

/// Runs the command.
pub(crate) fn run(args: &ExplainArgs, global: &GlobalArgs) -> anyhow::Result<Exit> {
    if let Some(name) = &args.import {
        return import::run(name, args, global);
    }
    let (path, question) = question::parse(&args.words)?;
    let targets = Targets::choose(args.how.target.target_version.as_ref(), Path::new(path), global.isolated);
    if global.verbose {
        output::note(&targets.to_string());
    }
    let files: Arc<[SourceFile]> = [SourceFile::new(path.into())].into();
    let versions = targets.versions.clone();
    let work = move |(): &mut (), file: &SourceFile, bytes: &[u8]| {
        versions
            .iter()
            .map(|version| Ok((*version, answer(file, bytes, *version, &question)?)))
            .collect::<Result<Vec<_>, String>>()
    };
    let outcome = load(&files, 1, || (), work).context("cannot start a thread")?.pop();
    let answers = match outcome.context("nothing was looked at")? {
        Outcome::Done(answers) => answers.map_err(|message| anyhow!(message))?,
        Outcome::Unreadable(problem) => bail!("{}: {}", problem.path, problem.what),
        Outcome::Panicked(panic) => bail!("legb failed on {path}: {}", panic.message),
    };
    if !global.quiet {
        let refusals: Vec<_> =
            answers.iter().filter_map(|(version, answers)| Some((version, answers.refusal.as_ref()?))).collect();
        for (version, refusal) in refusals {
            output::warning(&format!("Python {version} refuses the file: {refusal}"));
        }
    }
    match args.format {
        TextFormat::Json => output::plain(|out| {
            for explanation in answers.iter().flat_map(|(_, answers)| &answers.explanations) {
                serde_json::to_writer(&mut *out, explanation)?;
                writeln!(out)?;
            }
            Ok(())
        })?,
        TextFormat::Text => output::styled(|out| {
            let texts = merged(&answers);
            writeln!(out, "{}", texts.join("\n\n"))
        })?,
    }
    output::problems(&targets.problem, global.quiet);
    Ok(if targets.problem.is_some() { Exit::Failed } else { Exit::Clean })
}

/// The texts of all versions; what is the same for several but for the version it names is there once and names them all.
fn merged(answers: &[(PyVersion, Answers)]) -> Vec<String> {
    const ANY_VERSION: &str = "Python \0";
    let mut merged: Vec<(VersionSet, String)> = Vec::new();
    for (version, answers) in answers {
        let text = answers.texts.join("\n");
        let text = text.trim_end().replace(&format!("Python {version}"), ANY_VERSION);
        match merged.iter_mut().find(|(_, known)| *known == text) {
            Some((versions, _)) => versions.insert(*version),
            None => merged.push((VersionSet::from_iter([*version]), text)),
        }
    }
    let named = |(versions, text): (VersionSet, String)| text.replace(ANY_VERSION, &format!("Python {versions}"));
    merged.into_iter().map(named).collect()
}

fn answer(file: &SourceFile, bytes: &[u8], version: PyVersion, question: &Question) -> Result<Answers, String> {
    let path = file.shown();
    analysed(file, bytes, version, |source, error| {
        let explanations = ask(source, question)?;
        let texts = explanations.iter().map(|explanation| render(explanation, source.text)).collect();
        let refusal = error.map(|error| refusal(&path, error, Some(source.lines)));
        Ok(Answers { explanations, texts, refusal })
    })
    .map_err(|error| refusal(&path, &error, None))?
}

fn ask(source: &Source<'_>, question: &Question) -> Result<Vec<Explanation>, String> {
    let path = source.path;
    let last = source.lines.line_count();
    match question {
        Question::Name(name) => {
            let found = explain_name(source, name);
            if found.is_empty() { Err(format!("`{name}` is not mentioned in {path}")) } else { Ok(found) }
        }
        Question::Line(line) | Question::Place(LineColumn { line, .. }) if *line == 0 || *line > last => {
            Err(format!("{path} has no line {line}; the last is {last}"))
        }
        Question::Line(line) => {
            explain_line(source, *line).map_err(|none| nearest(&format!("no name in {path}:{line}"), &none))
        }
        Question::Place(at) => {
            let place = format!("{path}:{}:{}", at.line, at.column);
            let offset =
                source.lines.offset(*at, source.text).ok_or(format!("line {} has no column {}", at.line, at.column))?;
            let found = explain_at(source, offset).map_err(|none| nearest(&format!("no name at {place}"), &none))?;
            Ok(vec![found])
        }
    }
}

fn nearest(message: &str, none: &NoName) -> String {
    let near: Vec<String> = none
        .nearest
        .iter()
        .map(|nearby| format!("`{}` at {}:{}", nearby.name, nearby.range.start.line, nearby.range.start.column))
        .collect();
    if near.is_empty() { message.to_owned() } else { format!("{message}; near it: {}", near.join(", ")) }
}
