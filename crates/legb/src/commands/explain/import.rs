//! `legb explain --import`: what an import looks at, what runs, and what it binds.

use std::io::{self, Write};

use legb_report::style::{DIM, EMPHASIS};
use legb_resolve::story::{self, Binding, Run};
use serde_json::{Value, json};

use crate::args::{ExplainArgs, GlobalArgs, TextFormat};
use crate::commands::resolve::{described, write_headline};
use crate::import::{Answer, Asked};
use crate::{Exit, output};

/// Explains the import of one module.
pub(super) fn run(name: &str, args: &ExplainArgs, global: &GlobalArgs) -> anyhow::Result<Exit> {
    let asked = Asked::new(&[name.to_owned()], args.from.as_deref(), &args.how, global)?;
    match args.format.without_picture("an import")? {
        TextFormat::Json => output::plain(|out| {
            for answer in &asked.answers {
                serde_json::to_writer(&mut *out, &told(answer))?;
                writeln!(out)?;
            }
            Ok(())
        })?,
        TextFormat::Text => output::styled(|out| {
            for (index, answer) in asked.merged().iter().enumerate() {
                if index > 0 {
                    writeln!(out)?;
                }
                write_story(answer, out)?;
            }
            Ok(())
        })?,
    }
    Ok(asked.finish(global))
}

/// The JSON of `resolve`, with what runs and what is bound.
fn told(answer: &Answer) -> Value {
    let mut value = described(answer);
    value["runs"] = json!(story::runs(&answer.trace));
    value["binds"] = json!(bindings(answer));
    value
}

/// What the forms of the statement bind; nothing where the module is not found.
fn bindings(answer: &Answer) -> Vec<Binding> {
    if !answer.trace.resolution.kind.is_found() {
        return Vec::new();
    }
    story::bindings(&answer.trace.name)
}

fn write_story(answer: &Answer, out: &mut dyn Write) -> io::Result<()> {
    write_headline(answer, out)?;
    if !answer.steps.is_empty() {
        writeln!(out, "\n{EMPHASIS}What Python looks at, in this order{EMPHASIS:#}")?;
        write!(out, "{DIM}{}{DIM:#}", answer.steps)?;
    }
    let runs = story::runs(&answer.trace);
    if !runs.is_empty() {
        writeln!(out, "\n{EMPHASIS}What runs, unless it is in sys.modules already{EMPHASIS:#}")?;
    }
    for (number, Run { module, loader, what }) in (1..).zip(&runs) {
        let loader = loader.map(|loader| format!(" ({loader})")).unwrap_or_default();
        writeln!(out, "  {number}. {module}: {what}{loader}")?;
    }
    let bindings = bindings(answer);
    if !bindings.is_empty() {
        writeln!(out, "\n{EMPHASIS}What is bound{EMPHASIS:#}")?;
    }
    let width = bindings.iter().map(|binding| binding.statement.len()).max().unwrap_or_default();
    for Binding { statement, name, value } in &bindings {
        writeln!(out, "  {statement:width$}  {name} = {value}")?;
    }
    Ok(())
}
