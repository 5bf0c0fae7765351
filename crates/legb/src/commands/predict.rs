//! `legb predict`: what a file will print, and which names decide it.

mod quiz;
mod verify;

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anstyle::{AnsiColor, Style};
use anyhow::{Context, bail};
use legb_base::PyVersion;
use legb_eval::{Prediction, Print, PrintKind};
use legb_oracle::watch::{Program, watch};
use legb_report::style::{DIM, EMPHASIS};

use crate::args::{EnvironmentArgs, GlobalArgs, PredictArgs, TextFormat};
use crate::evaluation::{Modules, World, budget};
use crate::targets::Targets;
use crate::{Exit, oracle, output};

pub(crate) use quiz::ask;
pub(crate) use verify::Marked;

const SURE: Style = AnsiColor::Green.on_default();
const OPEN: Style = AnsiColor::Yellow.on_default();
const RAISES: Style = AnsiColor::BrightRed.on_default().bold();

/// Runs the command.
pub(crate) fn run(args: &PredictArgs, global: &GlobalArgs) -> anyhow::Result<Exit> {
    let targets = Targets::choose(args.target.target_version.as_ref(), &args.file, global.isolated);
    let shown = args.file.to_string_lossy().into_owned();
    if !args.file.is_file() {
        bail!("{shown}: no such file; name a Python file");
    }
    let path = std::path::absolute(&args.file).with_context(|| format!("cannot tell where {shown} lies"))?;
    let path = std::fs::canonicalize(&path).unwrap_or(path);
    let question = Question { args, global, path, shown };
    if args.verify {
        return question.verify(&targets);
    }
    if global.verbose {
        output::note(&targets.to_string());
    }
    let exit = if args.quiz { question.quiz(&targets) } else { question.tell(&targets) }?;
    output::problems(&targets.problem, global.quiet);
    Ok(exit)
}

/// A file whose output is asked for.
struct Question<'a> {
    args: &'a PredictArgs,
    global: &'a GlobalArgs,
    path: PathBuf,
    shown: String,
}

impl Question<'_> {
    fn predict(&self, versions: &[PyVersion]) -> anyhow::Result<Vec<Prediction>> {
        predictions(&self.path, &self.shown, versions, &self.args.environment, self.global, self.args.budget)
    }

    fn tell(&self, targets: &Targets) -> anyhow::Result<Exit> {
        let predictions = self.predict(&targets.versions)?;
        match self.args.format {
            TextFormat::Json => output::plain(|out| {
                for prediction in &predictions {
                    serde_json::to_writer(&mut *out, prediction)?;
                    writeln!(out)?;
                }
                Ok(())
            })?,
            TextFormat::Text => output::styled(|out| write_all(&predictions, out))?,
        }
        Ok(Exit::Clean)
    }

    fn quiz(&self, targets: &Targets) -> anyhow::Result<Exit> {
        let predictions = self.predict(&[targets.newest()])?;
        let bytes = std::fs::read(&self.path).with_context(|| format!("cannot read {}", self.shown))?;
        let text = String::from_utf8_lossy(&bytes);
        for prediction in &predictions {
            output::styled(|out| quiz::ask(prediction, &text, &mut std::io::stdin().lock(), out))?;
        }
        Ok(Exit::Clean)
    }

    /// Runs the file and marks what was predicted.
    fn verify(&self, targets: &Targets) -> anyhow::Result<Exit> {
        let interpreter = oracle::interpreter(&self.args.environment, &self.args.target, targets, true)?;
        let predictions = self.predict(&[interpreter.version])?;
        output::note(&format!("running {} with Python {}", self.shown, interpreter.full_version));
        let folder = self.path.parent().unwrap_or(&self.path);
        let program = Program {
            arguments: vec![self.path.clone().into()],
            folder,
            root: folder,
            main: Some(&self.path),
            limit: Duration::from_secs(self.args.time_limit),
        };
        let seen = watch(&interpreter, &program).with_context(|| format!("{} was not verified", self.shown))?;
        let mut wrong = false;
        for prediction in &predictions {
            let marked = Marked::new(prediction, &seen, &self.path, interpreter.full_version.clone());
            wrong |= marked.is_wrong();
            match self.args.format {
                TextFormat::Json => output::plain(|out| {
                    serde_json::to_writer(&mut *out, &marked.described()?)?;
                    writeln!(out)
                })?,
                TextFormat::Text => output::styled(|out| marked.write(out))?,
            }
        }
        Ok(if wrong { Exit::Findings } else { Exit::Clean })
    }
}

/// What the file at `path` is predicted to print on each version; `shown` is what it is called.
fn predictions(
    path: &Path,
    shown: &str,
    versions: &[PyVersion],
    environment: &EnvironmentArgs,
    global: &GlobalArgs,
    steps: Option<u64>,
) -> anyhow::Result<Vec<Prediction>> {
    let folder = path.parent().unwrap_or(path);
    let world = World::new(environment, global, &[path.to_owned()], folder)?;
    let path = path.to_string_lossy();
    let predictions = versions.iter().map(|&version| {
        let run = |modules: &Modules<'_>| legb_eval::predict(&path, shown, version, modules, budget(steps));
        world.evaluate(version, world.installed_roots(), run)
    });
    predictions.collect()
}

/// What the file at `path`, which is absolute, is predicted to print on a version.
pub(crate) fn predict_file(
    path: &Path,
    shown: &str,
    version: PyVersion,
    environment: &EnvironmentArgs,
    global: &GlobalArgs,
) -> anyhow::Result<Prediction> {
    let found = predictions(path, shown, &[version], environment, global, None)?.pop();
    found.context("nothing was predicted")
}

/// Writes predictions, those of versions that agree once.
fn write_all(predictions: &[Prediction], out: &mut dyn Write) -> io::Result<()> {
    let mut told: Vec<&Prediction> = Vec::new();
    for prediction in predictions {
        let alike = |known: &&Prediction| {
            Prediction { python: String::new(), ..(*known).clone() }
                == Prediction { python: String::new(), ..prediction.clone() }
        };
        if told.iter().any(alike) {
            continue;
        }
        let same: Vec<&str> =
            predictions.iter().filter(|other| alike(other)).map(|other| other.python.as_str()).collect();
        write_prediction(prediction, &same.join(", "), out)?;
        told.push(prediction);
    }
    Ok(())
}

/// Writes a prediction for people.
pub(crate) fn write_prediction(prediction: &Prediction, versions: &str, out: &mut dyn Write) -> io::Result<()> {
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
