//! `python app.py 2>&1 | legb explain -`: why the program failed whose traceback is on standard input.

use std::io::Write;

use anyhow::{Context, bail};
use legb_log::parsing::{Input, ReadOptions, Reader, Traceback};
use legb_report::style::EMPHASIS;
use serde_json::{Value, json};

use crate::args::{ExplainArgs, GlobalArgs, TextFormat};
use crate::commands::logs::reason::{Reasons, Tie};
use crate::commands::logs::sources::Sources;
use crate::{Exit, output};

/// Runs the command.
pub(super) fn run(args: &ExplainArgs, global: &GlobalArgs) -> anyhow::Result<Exit> {
    let format = args.format.without_picture("a traceback")?;
    let input = Input::stdin().context("cannot read standard input")?;
    let mut reader = Reader::new(input, 0, ReadOptions::default());
    let mut traces = Vec::new();
    while let Some(record) = reader.next() {
        traces.extend(record.tracebacks());
    }
    if traces.is_empty() {
        bail!(
            "there is no traceback on standard input\n  help: `python app.py 2>&1 | legb explain -`; tracebacks go to standard \
             error, which `2>&1` joins"
        );
    }
    let sources = Sources::new(&[])?;
    let reasons = Reasons::new(&args.how.target, &args.how.environment, global, &sources)?;
    let ties: Vec<(&Traceback, Tie)> = traces.iter().map(|trace| (trace, reasons.of(trace))).collect();
    match format {
        TextFormat::Json => output::plain(|out| {
            for (trace, tie) in &ties {
                serde_json::to_writer(&mut *out, &described(trace, tie))?;
                writeln!(out)?;
            }
            Ok(())
        })?,
        TextFormat::Text => output::styled(|out| {
            for (at, (trace, tie)) in ties.iter().enumerate() {
                if at > 0 {
                    writeln!(out)?;
                }
                writeln!(out, "{EMPHASIS}{}{EMPHASIS:#}", headline(trace))?;
                let lines = match tie {
                    Tie::NotAsked => not_asked(trace),
                    tie => tie.lines(),
                };
                for line in lines {
                    writeln!(out, "  {line}")?;
                }
            }
            Ok(())
        })?,
    }
    let untied: Vec<String> =
        ties.iter().filter_map(|(_, tie)| if let Tie::Untied(why) = tie { Some(why.clone()) } else { None }).collect();
    if untied.len() < ties.len() {
        return Ok(Exit::Clean);
    }
    output::error(&format!("no reason is told: {}\n  help: run it in the folder of the project", untied.join("; ")));
    Ok(Exit::Failed)
}

/// `NameError: name 'x' is not defined`.
fn headline(trace: &Traceback) -> String {
    let message = trace.first_line();
    if message.is_empty() { trace.exception.clone() } else { format!("{}: {message}", trace.exception) }
}

/// A failure that neither a name nor an import is the reason of: the names of its line may help.
fn not_asked(trace: &Traceback) -> Vec<String> {
    let mut lines = vec!["why     neither a name nor an import is the reason: it lies in the values".to_owned()];
    let frame = trace.frames.iter().rev().find(|frame| std::path::Path::new(&frame.path).is_file());
    lines.extend(frame.map(|frame| format!("more    legb explain {}:{}", frame.path, frame.line)));
    lines
}

fn described(trace: &Traceback, tie: &Tie) -> Value {
    let (reason, untied) = tie.data();
    json!({
        "type": trace.exception,
        "message": trace.message,
        "reason": reason,
        "untied": untied,
    })
}
