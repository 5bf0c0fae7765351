//! `legb verify --names FILE --run`: a program is run, and each name that it reads is held against what `legb explain` says.
//!
//! What is compared: who answered the read (the variables of the frame, a cell of a function around, the globals, the
//! builtins), and, where legb is sure, whether the variable had a value.

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::PathBuf;
use std::time::Duration;

use anstyle::{AnsiColor, Style};
use anyhow::{Context, bail};
use legb_oracle::Interpreter;
use legb_oracle::watch::{NameRead, Program, watch_reads};
use legb_project::SourceFile;
use legb_report::style::{DIM, EMPHASIS};
use serde_json::{Value, json};

use crate::args::{GlobalArgs, TextFormat, VerifyArgs};
use crate::commands::explain::answers::all_of_file;
use crate::targets::Targets;
use crate::{Exit, environment, files, oracle, output};

use super::agreement::{Agreement, Difference, compare};

const WRONG: Style = AnsiColor::BrightRed.on_default().bold();
const RIGHT: Style = AnsiColor::Green.on_default().bold();
const OPEN: Style = AnsiColor::Yellow.on_default();
/// So many contradictions and exceptions are written out.
const SHOWN: usize = 20;

/// Runs the program and compares.
pub(super) fn run(args: &VerifyArgs, global: &GlobalArgs) -> anyhow::Result<Exit> {
    let here = environment::working_directory()?;
    let named = args.run.as_deref().unwrap_or_default();
    let words = shlex::split(named).with_context(|| format!("--run: `{named}` has an open quote"))?;
    let arguments = arguments(&words, &args.paths)?;
    let script = arguments.first().map(PathBuf::from).filter(|path| path.is_file());
    let paths = if args.paths.is_empty() { script.into_iter().collect() } else { args.paths.clone() };
    if paths.is_empty() {
        bail!(
            "`--names` needs the files whose names are compared\n  help: `legb verify --names FILE --run \"{named}\"`"
        );
    }
    let found = files::find(&paths, &args.files)?;
    let targets = Targets::choose(args.target.target_version.as_ref(), &paths[0], global.isolated);
    let interpreter = oracle::interpreter(&args.environment, &args.target, &targets, true)?;
    let shown: Vec<String> = arguments.iter().map(|word| word.to_string_lossy().into_owned()).collect();
    let shown = shown.join(" ");
    if !global.quiet {
        output::note(&format!("running {shown} with Python {}", interpreter.full_version));
    }
    let real: Vec<(PathBuf, SourceFile)> =
        found.files.into_iter().filter_map(|file| Some((std::fs::canonicalize(file.path()).ok()?, file))).collect();
    let program =
        Program { arguments, folder: &here, root: &here, main: None, limit: Duration::from_secs(args.time_limit) };
    let files: Vec<PathBuf> = real.iter().map(|(path, _)| path.clone()).collect();
    let seen = watch_reads(&interpreter, &program, &files).with_context(|| format!("{shown} was not verified"))?;
    let mut report = Report { shown, interpreter, code: seen.code, agreement: Agreement::default() };
    for (path, file) in &real {
        let reads: Vec<&NameRead> = seen.reads.iter().filter(|read| read.path == *path).collect();
        if reads.is_empty() {
            continue;
        }
        let told = all_of_file(&file.shown(), report.interpreter.version, &args.environment, &args.files, global)?;
        report.agreement.add(compare(&file.shown(), &told.0, &told.1, &reads));
    }
    match args.format {
        TextFormat::Json => output::plain(|out| {
            serde_json::to_writer(&mut *out, &report.described())?;
            writeln!(out)
        })?,
        TextFormat::Text => output::styled(|out| report.write(out))?,
    }
    output::problems(&found.problems, global.quiet);
    Ok(if report.agreement.contradictions.is_empty() { Exit::Clean } else { Exit::Findings })
}

/// What is behind `python` on the command line: `-m MODULE` and its arguments, a script and its arguments, or an import.
fn arguments(words: &[String], paths: &[PathBuf]) -> anyhow::Result<Vec<OsString>> {
    match words {
        [] => match paths {
            [file] if file.is_file() => Ok(vec![file.into()]),
            _ => bail!(
                "`--run` names what is run, unless FILE is the one script\n  help: `--run app.py` or `--run \"-m app\"`"
            ),
        },
        [option, ..] if option.starts_with("--") => {
            bail!(
                "`--run` takes `{option}` for the entry\n  help: write `--run` last, or `--run=` where FILE is what is run"
            )
        }
        [dash, module, ..] if dash == "-m" && !module.is_empty() => Ok(words.iter().map(OsString::from).collect()),
        [entry, ..] if PathBuf::from(entry).exists() => Ok(words.iter().map(OsString::from).collect()),
        [module] if module.split('.').all(|part| !part.is_empty() && !part.contains(['/', '-', ' '])) => {
            Ok(vec!["-c".into(), format!("import {module}").into()])
        }
        [entry, ..] => bail!("--run: `{entry}` is no file, no folder and no module"),
    }
}

/// A comparison of a run.
struct Report {
    shown: String,
    interpreter: Interpreter,
    /// The exit code; none where a signal ended the program.
    code: Option<i32>,
    agreement: Agreement,
}

impl Report {
    fn described(&self) -> Value {
        json!({
            "entry": self.shown,
            "python": self.interpreter.version.to_string(),
            "interpreter": self.interpreter.full_version,
            "exit_code": self.code,
            "equal": self.agreement.contradictions.is_empty(),
            "compared": self.agreement.compared,
            "without_mention": self.agreement.without_mention,
            "exceptions": self.agreement.exceptions,
            "contradictions": self.agreement.contradictions,
        })
    }

    fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let Agreement { compared, without_mention, exceptions, contradictions } = &self.agreement;
        for found in contradictions.iter().take(SHOWN) {
            write!(out, "{WRONG}legb is wrong{WRONG:#} about ")?;
            write_difference(found, out)?;
        }
        for found in exceptions.iter().take(SHOWN) {
            write!(out, "{OPEN}differs{OPEN:#}: ")?;
            write_difference(found, out)?;
        }
        let hidden = contradictions.len().saturating_sub(SHOWN) + exceptions.len().saturating_sub(SHOWN);
        if hidden > 0 {
            writeln!(out, "{DIM}and {hidden} more; `--format json` has all{DIM:#}")?;
        }
        let style = if contradictions.is_empty() { RIGHT } else { WRONG };
        let made: usize = without_mention.values().sum();
        writeln!(
            out,
            "{style}{} reads compared, {} contradictions{style:#}, {} exceptions: {EMPHASIS}{}{EMPHASIS:#} on Python {}  \
             {DIM}{made} reads of the compiler's own have no name in the source{DIM:#}",
            output::thousands(*compared),
            contradictions.len(),
            exceptions.len(),
            self.shown,
            self.interpreter.full_version
        )
    }
}

fn write_difference(found: &Difference, out: &mut dyn Write) -> io::Result<()> {
    let Difference { path, line, column, name, legb, python, because } = found;
    let because = because.map(|because| format!(" ({because})")).unwrap_or_default();
    writeln!(out, "`{name}` at {path}:{line}:{column}: legb says {legb}; the value was {python}{because}")
}
