//! `legb explain`: why a name means what it means, what an import does, what is behind a finding or a traceback.

pub(crate) mod answers;
mod file;
mod finding;
mod import;
mod pasted;
mod picture;

use std::io::Write;

use legb_base::PyVersion;
use legb_report::VersionSet;

use crate::args::{ExplainArgs, ExplainFormat, GlobalArgs, RuleArgs};
use crate::commands::rule;
use crate::question::{self, Question, Target};
use crate::{Exit, output};

use answers::{Answers, Asked, How};

/// Runs the command.
pub(crate) fn run(args: &ExplainArgs, global: &GlobalArgs) -> anyhow::Result<Exit> {
    if let Some(name) = &args.import {
        return import::run(name, args, global);
    }
    if let Some(rule) = &args.finding {
        return finding::run(rule, args, global);
    }
    match question::parse(&args.words)? {
        Target::Traceback => pasted::run(args, global),
        Target::Rule(name) => {
            let format = args.format.without_picture("a rule")?;
            rule::run(&RuleArgs { name: Some(name.to_owned()), all: false, format })
        }
        Target::Names(path, question) => names(path, &question, args, global),
    }
}

fn names(path: &str, question: &Question, args: &ExplainArgs, global: &GlobalArgs) -> anyhow::Result<Exit> {
    let asked = Asked::new(path, question, How::of(args, global))?;
    asked.warn(global);
    match args.format {
        ExplainFormat::Json => output::plain(|out| {
            for explanation in asked.answers.iter().flat_map(|(_, answers)| &answers.explanations) {
                serde_json::to_writer(&mut *out, explanation)?;
                writeln!(out)?;
            }
            Ok(())
        })?,
        ExplainFormat::Text => output::styled(|out| {
            let texts = merged(&asked.answers, |answers| match question {
                Question::File => file::text(path, answers),
                _ => answers.text(),
            });
            writeln!(out, "{}", texts.join("\n\n"))
        })?,
        ExplainFormat::Mermaid | ExplainFormat::Svg => {
            let picture = picture::of(&asked.answers, args.format)?;
            output::plain(|out| out.write_all(picture.as_bytes()))?;
        }
    }
    output::problems(&asked.targets.problem, global.quiet);
    Ok(if asked.targets.problem.is_some() { Exit::Failed } else { Exit::Clean })
}

/// The texts of all versions; what is the same for several but for the version it names is there once and names them all.
fn merged(answers: &[(PyVersion, Answers)], text: impl Fn(&Answers) -> String) -> Vec<String> {
    const ANY_VERSION: &str = "Python \0";
    let mut merged: Vec<(VersionSet, String)> = Vec::new();
    for (version, answers) in answers {
        let text = text(answers).trim_end().replace(&format!("Python {version}"), ANY_VERSION);
        match merged.iter_mut().find(|(_, known)| *known == text) {
            Some((versions, _)) => versions.insert(*version),
            None => merged.push((VersionSet::from_iter([*version]), text)),
        }
    }
    let named = |(versions, text): (VersionSet, String)| text.replace(ANY_VERSION, &format!("Python {versions}"));
    merged.into_iter().map(named).collect()
}
