//! `legb predict`: what a file will print, and which names decide it.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use anyhow::{Context, bail};
use legb_eval::{Prediction, Print, PrintKind};
use legb_report::style::{DIM, EMPHASIS};

use crate::args::{GlobalArgs, PredictArgs, TextFormat};
use crate::evaluation::{budget, evaluate};
use crate::targets::Targets;
use crate::{Exit, output};

const SURE: Style = AnsiColor::Green.on_default();
const OPEN: Style = AnsiColor::Yellow.on_default();
const RAISES: Style = AnsiColor::BrightRed.on_default().bold();

/// Runs the command.
pub(crate) fn run(args: &PredictArgs, global: &GlobalArgs) -> anyhow::Result<Exit> {
    let targets = Targets::choose(args.target.target_version.as_ref(), &args.file, global.isolated);
    if global.verbose {
        output::note(&targets.to_string());
    }
    let shown = args.file.to_string_lossy().into_owned();
    if !args.file.is_file() {
        bail!("{shown}: no such file; name a Python file");
    }
    let path = std::path::absolute(&args.file).with_context(|| format!("cannot tell where {shown} lies"))?;
    let folder = path.parent().unwrap_or(&path).to_owned();
    let path = path.to_string_lossy().into_owned();
    let versions = targets.versions.clone();
    let predictions: Vec<Prediction> = evaluate(&folder, |files| {
        let one = |version| legb_eval::predict(&path, &shown, version, files, budget(args.budget));
        versions.iter().map(|&version| one(version)).collect()
    })?;
    match args.format {
        TextFormat::Json => output::plain(|out| {
            for prediction in &predictions {
                serde_json::to_writer(&mut *out, prediction)?;
                writeln!(out)?;
            }
            Ok(())
        })?,
        TextFormat::Text => output::styled(|out| {
            let mut told: Vec<&Prediction> = Vec::new();
            for prediction in &predictions {
                let alike = |known: &&Prediction| {
                    Prediction { python: String::new(), ..(*known).clone() }
                        == Prediction { python: String::new(), ..prediction.clone() }
                };
                if told.iter().any(alike) {
                    continue;
                }
                let same: Vec<&str> =
                    predictions.iter().filter(|other| alike(other)).map(|other| other.python.as_str()).collect();
                write_text(prediction, &same.join(", "), out)?;
                told.push(prediction);
            }
            Ok(())
        })?,
    }
    output::problems(&targets.problem, global.quiet);
    Ok(Exit::Clean)
}

fn write_text(prediction: &Prediction, versions: &str, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{EMPHASIS}{}{EMPHASIS:#} on Python {versions}", prediction.path)?;
    for print in &prediction.prints {
        write_print(print, out)?;
    }
    if let Some(exception) = &prediction.exception {
        let place = exception.line.map(|line| format!("line {line}  ")).unwrap_or_default();
        let message = exception.message.as_deref().map(|message| format!(": {message}")).unwrap_or_default();
        writeln!(out, "  {DIM}{place}{DIM:#}{RAISES}{}{message}{RAISES:#}", exception.kind)?;
    } else if let Some(reason) = &prediction.unknown {
        writeln!(out, "  {OPEN}unknown from here{OPEN:#}: {reason}")?;
    }
    Ok(())
}

fn write_print(print: &Print, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "  {DIM}line {}{DIM:#}  ", print.line)?;
    match (print.kind, &print.text) {
        (PrintKind::Exact, Some(text)) => writeln!(out, "{SURE}{}{SURE:#}", text.replace('\n', "\n          "))?,
        (PrintKind::Pattern, Some(text)) => writeln!(out, "{SURE}{text}{SURE:#} {DIM}(addresses differ){DIM:#}")?,
        _ => writeln!(out, "{OPEN}unknown{OPEN:#}: {}", print.reason.as_deref().unwrap_or_default())?,
    }
    for name in &print.names {
        writeln!(out, "      {EMPHASIS}{}{EMPHASIS:#}  {}: {}", name.name, name.scope, name.because)?;
    }
    Ok(())
}
