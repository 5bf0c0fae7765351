//! `legb resolve`: which file an import would load, with every step that leads there.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use legb_report::style::{DIM, EMPHASIS};
use legb_resolve::{Kind, story};
use serde_json::{Value, json};

use crate::args::{GlobalArgs, ResolveArgs, TextFormat};
use crate::import::{Answer, Asked};
use crate::{Exit, output};

const FOUND: Style = AnsiColor::Green.on_default();
const NOT_FOUND: Style = AnsiColor::BrightRed.on_default().bold();

/// Runs the command.
pub(crate) fn run(args: &ResolveArgs, global: &GlobalArgs) -> anyhow::Result<Exit> {
    let asked = Asked::new(&args.names, args.from.as_deref(), &args.import, global)?;
    match args.format {
        TextFormat::Json => output::plain(|out| {
            serde_json::to_writer_pretty(&mut *out, &asked.answers.iter().map(described).collect::<Vec<_>>())?;
            writeln!(out)
        })?,
        TextFormat::Text => output::styled(|out| {
            for (index, answer) in asked.merged().iter().enumerate() {
                if index > 0 {
                    writeln!(out)?;
                }
                write_text(answer, out)?;
            }
            Ok(())
        })?,
    }
    Ok(asked.finish(global))
}

/// The documented JSON of an answer.
pub(crate) fn described(answer: &Answer) -> Value {
    let found = &answer.trace.resolution;
    let locations: Vec<_> = found.search_locations.iter().map(|path| path.to_string_lossy()).collect();
    json!({
        "name": answer.trace.name,
        "asked": answer.asked,
        "python": answer.version.to_string(),
        "kind": found.kind,
        "origin": found.spec_origin().map(|path| path.to_string_lossy()),
        "is_package": found.is_package,
        "search_locations": locations,
        "steps": answer.trace.steps,
        "why": found.why.to_string(),
        "shadows": answer.shadows.iter().map(|path| path.to_string_lossy()).collect::<Vec<_>>(),
    })
}

fn write_text(answer: &Answer, out: &mut dyn Write) -> io::Result<()> {
    write_headline(answer, out)?;
    write!(out, "{DIM}{}{DIM:#}", answer.steps)
}

/// The name, the answer and why.
pub(crate) fn write_headline(answer: &Answer, out: &mut dyn Write) -> io::Result<()> {
    let trace = &answer.trace;
    let style = if trace.resolution.kind.is_found() { FOUND } else { NOT_FOUND };
    let means = if answer.asked == trace.name { String::new() } else { format!(" means {}", trace.name) };
    writeln!(
        out,
        "{EMPHASIS}{}{EMPHASIS:#}{means}: {style}{}{style:#} (Python {})",
        answer.asked,
        story::headline(trace),
        answer.versions
    )?;
    let why = match trace.resolution.python_error() {
        Some(error) if trace.resolution.kind == Kind::Missing => error,
        _ => trace.resolution.why.to_string(),
    };
    writeln!(out, "  {why}")?;
    for path in &answer.shadows {
        writeln!(out, "  {} has the same name and is never imported", path.display())?;
    }
    Ok(())
}
