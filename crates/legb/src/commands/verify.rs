//! `legb verify`: legb's answers held against a real Python.

mod agreement;
mod names;
mod run;

use std::io::{self, Write};
use std::path::Path;

use anstyle::{AnsiColor, Style};
use anyhow::bail;
use legb_base::PyVersion;
use legb_oracle::compare::{Verdict, compare};
use legb_oracle::run::{Script, ask_each};
use legb_oracle::wire::SymtableRow;
use legb_oracle::{Interpreter, Request};
use legb_project::{Gravity, SourceFile};
use legb_report::style::{DIM, EMPHASIS};
use legb_scope::symtable;
use legb_syntax::SourceKind;
use serde_json::json;

use crate::args::{GlobalArgs, TextFormat, VerifyArgs};
use crate::evaluation::with_stack;
use crate::targets::Targets;
use crate::{Exit, files, oracle, output};

const WRONG: Style = AnsiColor::BrightRed.on_default().bold();
const RIGHT: Style = AnsiColor::Green.on_default().bold();
const OPEN: Style = AnsiColor::Yellow.on_default();

/// Runs the command.
pub(crate) fn run(args: &VerifyArgs, global: &GlobalArgs) -> anyhow::Result<Exit> {
    if args.names {
        return names::run(args, global);
    }
    if let Some(entry) = &args.run {
        if entry.is_empty() || !args.paths.is_empty() {
            bail!(
                "`--run ENTRY` compares the story of a run, and goes with no FILE\n  help: `legb verify --run app.py`, or \
                 `legb verify --names app.py --run`"
            );
        }
        return run::run(entry, args, global);
    }
    let targets = Targets::choose(args.target.target_version.as_ref(), &args.paths[0], global.isolated);
    let interpreter = oracle::interpreter(&args.environment, &args.target, &targets, false)?;
    if !global.quiet {
        output::note(&format!("asking the compiler of Python {}; nothing is run", interpreter.full_version));
    }
    let found = files::find(&args.paths, &args.files)?;
    // The compiler does not know what a stub is.
    let sources: Vec<SourceFile> = found.files.into_iter().filter(|file| file.kind() == SourceKind::Python).collect();
    let compared = with_stack(|| compare_all(&interpreter, &sources))??;
    match args.format {
        TextFormat::Json => output::plain(|out| {
            for row in &compared {
                serde_json::to_writer(&mut *out, &row.described(&interpreter))?;
                writeln!(out)?;
            }
            Ok(())
        })?,
        TextFormat::Text => output::styled(|out| write(&compared, &interpreter, out))?,
    }
    output::problems(&found.problems, global.quiet);
    let failed = found.problems.iter().any(|problem| problem.gravity == Gravity::Error);
    Ok(match (failed, compared.iter().any(Compared::is_different)) {
        (true, _) => Exit::Failed,
        (_, true) => Exit::Findings,
        _ => Exit::Clean,
    })
}

/// A file and how legb's answer about it stands to the compiler's.
struct Compared {
    path: String,
    /// The comparison, or why there is none.
    verdict: Result<Verdict, String>,
}

impl Compared {
    fn is_different(&self) -> bool {
        matches!(self.verdict, Ok(Verdict::Differs(_)))
    }

    /// The difference in words, of whatever kind.
    fn difference(&self) -> Option<&str> {
        match &self.verdict {
            Ok(Verdict::Identical) => None,
            Ok(Verdict::Alike(words) | Verdict::Grammar(words) | Verdict::Differs(words)) | Err(words) => Some(words),
        }
    }

    fn described(&self, interpreter: &Interpreter) -> serde_json::Value {
        json!({
            "path": self.path,
            "python": interpreter.version.to_string(),
            "interpreter": interpreter.full_version,
            "claimed": self.verdict.is_ok(),
            // Without an answer nothing is equal or different.
            "equal": self.verdict.is_ok().then(|| !self.is_different()),
            "difference": self.difference(),
        })
    }
}

fn compare_all(interpreter: &Interpreter, sources: &[SourceFile]) -> anyhow::Result<Vec<Compared>> {
    let requests: Vec<Request> = oracle::requests(sources.iter().map(SourceFile::path));
    let mut compared = Vec::with_capacity(sources.len());
    ask_each(interpreter, Script::Symtable { compile: true }, &requests, |place, answer| {
        let verdict = match answer {
            Ok(truth) => Ok(ours(sources[place].path(), interpreter.version).map_or_else(
                |reason| Verdict::Differs(format!("legb's answer cannot be read: {reason}")),
                |ours| compare(&truth, &ours),
            )),
            Err(reason) => Err(format!("the interpreter gave no answer: {reason}")),
        };
        compared.push(Compared { path: sources[place].shown().into_owned(), verdict });
    })?;
    Ok(compared)
}

/// What legb says of a file, in the shape of the interpreter's answer.
fn ours(path: &Path, version: PyVersion) -> anyhow::Result<SymtableRow> {
    let bytes = std::fs::read(path)?;
    let mut row = SymtableRow::read(&symtable::row(&path.to_string_lossy(), &bytes, version))?;
    if row.exception.is_some() && row.top.is_none() && symtable::is_refused_by_parser(&bytes, version) {
        row.stage = Some("parser".to_owned());
    }
    Ok(row)
}

fn write(compared: &[Compared], interpreter: &Interpreter, out: &mut dyn Write) -> io::Result<()> {
    for row in compared {
        let Some(words) = row.difference() else { continue };
        if row.is_different() {
            writeln!(out, "{WRONG}legb is wrong{WRONG:#} about {EMPHASIS}{}{EMPHASIS:#}: {words}", row.path)?;
            writeln!(out, "  please report this with the file, and with: Python {}", interpreter.full_version)?;
        } else if row.verdict.is_err() {
            writeln!(out, "{OPEN}not claimed{OPEN:#}: {EMPHASIS}{}{EMPHASIS:#}: {words}", row.path)?;
        } else {
            writeln!(out, "{DIM}{}: refused by both, in other words: {words}{DIM:#}", row.path)?;
        }
    }
    let wrong = compared.iter().filter(|row| row.is_different()).count();
    let open = compared.iter().filter(|row| row.verdict.is_err()).count();
    let equal = compared.len() - wrong - open;
    let files =
        |count: usize| if count == 1 { "1 file".to_owned() } else { format!("{} files", output::thousands(count)) };
    let style = if wrong == 0 { RIGHT } else { WRONG };
    writeln!(
        out,
        "{style}{} equal{style:#}, {} different{}: scopes and errors against the compiler of Python {}",
        files(equal),
        output::thousands(wrong),
        if open == 0 { String::new() } else { format!(", {} not claimed", output::thousands(open)) },
        interpreter.full_version
    )
}
