//! `legb tour`: scopes and imports on small programs that come with legb.
//!
//! Each stop shows a program, asks what it prints, answers with legb's own commands, and runs the program with a real Python
//! where there is one. The programs are written into a folder that is removed afterwards.

mod stops;

use std::fs;
use std::io::{self, BufRead, Write};
use std::path::{MAIN_SEPARATOR, Path};
use std::process::Command;
use std::time::Duration;

use anstyle::{AnsiColor, Style};
use anyhow::{Context, bail};
use legb_base::PyVersion;
use legb_eval::Prediction;
use legb_graph::modules::nearest;
use legb_oracle::Interpreter;
use legb_oracle::watch::{Program, watch};
use legb_report::style::{DIM, EMPHASIS};
use serde_json::{Value, json};

use crate::args::{EnvironmentArgs, GlobalArgs, TourArgs, TourFormat};
use crate::commands::predict::{Marked, ask, predict_file, write_prediction};
use crate::targets::Targets;
use crate::{Exit, oracle, output};
use stops::{STOPS, Stop};

const RIGHT: Style = AnsiColor::Green.on_default().bold();
const WRONG: Style = AnsiColor::BrightRed.on_default().bold();

/// A program of the tour that runs longer is ended.
const LIMIT: Duration = Duration::from_secs(20);

/// A tour with what it needs.
struct Tour<'a> {
    args: &'a TourArgs,
    global: &'a GlobalArgs,
    interpreter: Option<Interpreter>,
    version: PyVersion,
}

/// Runs the command.
pub(crate) fn run(args: &TourArgs, global: &GlobalArgs) -> anyhow::Result<Exit> {
    if args.list {
        output::styled(list)?;
        return Ok(Exit::Clean);
    }
    let chosen = chosen(&args.stops)?;
    let targets = Targets::choose(args.target.target_version.as_ref(), Path::new("."), global.isolated);
    let environment = EnvironmentArgs { python: args.python.clone(), src: Vec::new() };
    let found = (!args.no_verify).then(|| oracle::interpreter(&environment, &args.target, &targets, true));
    let interpreter = match found {
        Some(Ok(interpreter)) => Some(interpreter),
        // Who names an interpreter wants that one.
        Some(Err(error)) if args.python.is_some() => return Err(error),
        Some(Err(_)) | None => None,
    };
    let version = interpreter.as_ref().map_or(targets.newest(), |interpreter| interpreter.version);
    let tour = Tour { args, global, interpreter, version };
    let mut wrong = 0;
    for (number, stop) in chosen.iter().enumerate() {
        wrong += usize::from(!tour.visit(stop, number + 1, chosen.len())?);
    }
    Ok(if wrong > 0 { Exit::Findings } else { Exit::Clean })
}

fn chosen(names: &[String]) -> anyhow::Result<Vec<&'static Stop>> {
    if names.is_empty() {
        return Ok(STOPS.iter().collect());
    }
    let find = |name: &String| {
        STOPS.iter().find(|stop| stop.name == name).with_context(|| {
            let near = nearest(name, STOPS.iter().map(|stop| stop.name));
            let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            format!("no stop `{name}`{near}\n  help: `legb tour --list` lists them")
        })
    };
    names.iter().map(find).collect()
}

fn list(out: &mut impl Write) -> io::Result<()> {
    for stop in STOPS {
        writeln!(out, "{EMPHASIS}{:18}{EMPHASIS:#}  {DIM}{:8}{DIM:#}  {}", stop.name, stop.kind, stop.title)?;
    }
    Ok(())
}

impl Tour<'_> {
    /// One stop; whether everything that was claimed is right.
    fn visit(&self, stop: &Stop, number: usize, count: usize) -> anyhow::Result<bool> {
        let folder = tempfile::tempdir().context("cannot make a folder for the program")?;
        // Paths that are compared with those of a run must be the ones that the system gives.
        let root = fs::canonicalize(folder.path()).context("cannot tell where the program lies")?;
        let root = root.as_path();
        for file in stop.files {
            let path = root.join(file.path);
            fs::create_dir_all(path.parent().unwrap_or(root))?;
            fs::write(&path, file.text).with_context(|| format!("cannot write {}", path.display()))?;
        }
        let main = root.join(stop.files.first().map_or("main.py", |file| file.path));
        let environment = EnvironmentArgs { python: None, src: Vec::new() };
        let shown = stop.files.first().map_or("main.py", |file| file.path);
        let prediction = predict_file(&main, shown, self.version, &environment, self.global)?;
        let seen = self.interpreter.as_ref().map(|interpreter| {
            let arguments = vec![main.clone().into()];
            let program = Program { arguments, folder: root, root, main: Some(&main), limit: LIMIT };
            watch(interpreter, &program).map(|seen| (seen, interpreter.full_version.clone()))
        });
        let seen = seen.transpose().with_context(|| format!("the program of `{}` was not run", stop.name))?;
        let marked = seen.as_ref().map(|(seen, python)| Marked::new(&prediction, seen, &main, python.clone()));
        let is_right = marked.as_ref().is_none_or(|marked| !marked.is_wrong());
        let answers = self.answers(stop, root)?;
        match self.args.format {
            TourFormat::Json => {
                let verified = marked.as_ref().map(|_| is_right);
                let row = json(stop, &prediction, &answers, verified)?;
                output::plain(|out| writeln!(out, "{row}"))?;
            }
            TourFormat::Text => output::styled(|out| {
                introduce(stop, number, count, self.args.no_quiz, out)?;
                if self.args.no_quiz {
                    write_prediction(&prediction, &self.version.to_string(), out)?;
                } else {
                    ask(&prediction, stop.files.first().map_or("", |file| file.text), &mut answered(), out)?;
                }
                for (words, text) in &answers {
                    writeln!(out, "\n{DIM}$ legb {}{DIM:#}", words.join(" "))?;
                    out.write_all(text.as_bytes())?;
                }
                match &seen {
                    Some((_, python)) if is_right => {
                        writeln!(out, "\n{RIGHT}verified{RIGHT:#}: Python {python} prints the same")?;
                    }
                    Some((_, python)) => {
                        writeln!(
                            out,
                            "\n{WRONG}wrong{WRONG:#}: Python {python} prints something else; please report it"
                        )?;
                    }
                    None => writeln!(out, "\n{DIM}not run: no Python was asked{DIM:#}")?,
                }
                writeln!(out, "\n{}", wrapped(stop.outro))
            })?,
        }
        Ok(is_right)
    }

    /// What legb's own commands say of the program, run in its folder.
    fn answers(&self, stop: &Stop, root: &Path) -> anyhow::Result<Vec<(Vec<&'static str>, String)>> {
        let legb = std::env::current_exe().context("cannot tell where legb lies")?;
        let colour = match anstream::AutoStream::choice(&io::stdout()) {
            anstream::ColorChoice::Never => "never",
            _ if self.args.format == TourFormat::Json => "never",
            _ => "always",
        };
        let mut answers = Vec::new();
        for words in stop.answers {
            let mut command = Command::new(&legb);
            command.args(*words).args(["--isolated", "--quiet", "--color", colour]).current_dir(root);
            if !matches!(words.first(), Some(&"config")) {
                command.args(["--target-version", &self.version.to_string()]);
            }
            let output = command.output().with_context(|| format!("cannot run `legb {}`", words.join(" ")))?;
            if output.stdout.is_empty() {
                bail!("`legb {}` says nothing: {}", words.join(" "), String::from_utf8_lossy(&output.stderr));
            }
            // The folder is another one each time, and nobody's.
            let text = String::from_utf8_lossy(&output.stdout);
            let folder = root.to_string_lossy();
            let text = text.replace(&format!("{folder}{MAIN_SEPARATOR}"), "").replace(&*folder, ".");
            answers.push((words.to_vec(), text));
        }
        Ok(answers)
    }
}

/// Where answers come from: the terminal or a pipe. Line by line, so that nothing is taken from later stops.
fn answered() -> impl BufRead {
    io::stdin().lock()
}

/// Shows what a stop is about. `whole`: with the file that is started, which a quiz shows itself.
fn introduce(stop: &Stop, number: usize, count: usize, whole: bool, out: &mut dyn Write) -> io::Result<()> {
    if number > 1 {
        writeln!(out)?;
    }
    writeln!(out, "{EMPHASIS}[{number}/{count}] {}{EMPHASIS:#}  {DIM}{}{DIM:#}", stop.title, stop.name)?;
    writeln!(out, "{}\n", wrapped(stop.intro))?;
    let first = usize::from(!whole);
    for file in stop.files.iter().skip(first).filter(|file| !file.text.is_empty()) {
        writeln!(out, "{EMPHASIS}{}{EMPHASIS:#}", file.path)?;
        for (number, line) in (1..).zip(file.text.lines()) {
            writeln!(out, "  {DIM}{number:>3}{DIM:#}  {line}")?;
        }
        writeln!(out)?;
    }
    Ok(())
}

/// Words in lines of at most this many characters.
const WIDTH: usize = 90;

fn wrapped(text: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= WIDTH => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines.join("\n")
}

fn json(
    stop: &Stop,
    prediction: &Prediction,
    answers: &[(Vec<&str>, String)],
    verified: Option<bool>,
) -> anyhow::Result<Value> {
    let files: Vec<Value> = stop.files.iter().map(|file| json!({"path": file.path, "text": file.text})).collect();
    let answers: Vec<Value> = answers.iter().map(|(words, text)| json!({"command": words, "text": text})).collect();
    Ok(json!({
        "name": stop.name,
        "kind": stop.kind,
        "title": stop.title,
        "intro": stop.intro,
        "files": files,
        "prediction": serde_json::to_value(prediction)?,
        "answers": answers,
        "verified": verified,
        "outro": stop.outro,
    }))
}
