//! `legb references`: every place of a project that means the same variable.

use std::io::{self, Write};

use anyhow::Context;
use legb_base::{Certainty, LineRange};
use legb_query::occurrences::{Follow, Meaning};
use legb_report::style::{DIM, EMPHASIS};
use serde::Serialize;

use crate::args::{GlobalArgs, ReferencesArgs, TextFormat};
use crate::navigation::{Navigation, Place};
use crate::{Exit, output};

/// The answer.
#[derive(Serialize)]
struct Answer {
    name: String,
    path: String,
    range: LineRange,
    python: String,
    references: Vec<Reference>,
    /// Why there are none.
    why: Option<String>,
}

#[derive(Serialize)]
struct Reference {
    #[serde(flatten)]
    place: Place,
    /// The name as it is written there.
    name: String,
    kind: &'static str,
    certainty: Certainty,
    reason: Option<String>,
    /// The line, for people.
    #[serde(skip)]
    source: String,
}

/// Runs the command.
pub(crate) fn run(args: &ReferencesArgs, global: &GlobalArgs) -> anyhow::Result<Exit> {
    let navigation = Navigation::open(&args.place, &args.how, global)?;
    let answer = answer(&navigation)?;
    match args.how.format {
        TextFormat::Json => output::plain(|out| {
            serde_json::to_writer(&mut *out, &answer)?;
            writeln!(out)
        })?,
        TextFormat::Text => output::styled(|out| write_text(&answer, out))?,
    }
    if let Some(refusal) = navigation.refusal().filter(|_| !global.quiet) {
        output::warning(&format!("Python {} refuses the file: {refusal}", navigation.program.version()));
    }
    navigation.tell_problems(global.quiet);
    Ok(if answer.references.is_empty() { Exit::Findings } else { Exit::Clean })
}

fn answer(navigation: &Navigation) -> anyhow::Result<Answer> {
    let Place { path, range } = navigation.place(navigation.module, navigation.cursor.span);
    let program = &navigation.program;
    let mut answer = Answer {
        name: navigation.cursor.span.slice(&navigation.file.text).to_owned(),
        path,
        range,
        python: program.version().to_string(),
        references: Vec::new(),
        why: None,
    };
    let variable = match &navigation.cursor.meaning {
        Meaning::Variable(variable) => program.origin(variable),
        Meaning::Module(module) => {
            let name = &program.table().get(*module).name;
            answer.why =
                Some(format!("`{name}` is a module; `legb graph --reverse` and `legb imports` tell who imports it"));
            return Ok(answer);
        }
        Meaning::Outside { module, name } => {
            let name = name.as_ref().map(|name| format!(".{name}")).unwrap_or_default();
            answer.why = Some(format!("`{module}{name}` is not of this project"));
            return Ok(answer);
        }
        Meaning::Builtin(name) => {
            answer.why = Some(format!("`{name}` is a builtin: nothing in this file binds it"));
            return Ok(answer);
        }
        Meaning::Unknown(why) => {
            answer.why = Some(why.clone());
            return Ok(answer);
        }
    };
    let found = program.occurrences(&variable, Follow::All).context("cannot start a thread")?;
    for occurrence in found.places {
        let Some(file) = program.mentions(occurrence.module) else { continue };
        let line = file.lines.line(occurrence.span.start);
        answer.references.push(Reference {
            place: navigation.place(occurrence.module, occurrence.span),
            name: occurrence.span.slice(&file.text).to_owned(),
            kind: occurrence.usage.word(),
            certainty: occurrence.certainty,
            reason: occurrence.reason,
            source: file.lines.line_span(line).map(|span| span.slice(&file.text).trim().to_owned()).unwrap_or_default(),
        });
    }
    answer.references.sort_by(|a, b| (&a.place.path, a.place.range).cmp(&(&b.place.path, b.place.range)));
    Ok(answer)
}

fn write_text(answer: &Answer, out: &mut dyn Write) -> io::Result<()> {
    let mut path = None;
    for reference in &answer.references {
        if path != Some(&reference.place.path) {
            writeln!(out, "{EMPHASIS}{}{EMPHASIS:#}", reference.place.path)?;
            path = Some(&reference.place.path);
        }
        let at = reference.place.range.start;
        writeln!(out, "  {}:{}  {}  {DIM}{}{DIM:#}", at.line, at.column, reference.kind, reference.source)?;
        if let Some(reason) = &reference.reason {
            writeln!(out, "      possible: {reason}")?;
        }
    }
    if let Some(why) = &answer.why {
        writeln!(out, "no references of `{}`: {why}", answer.name)?;
    }
    Ok(())
}
