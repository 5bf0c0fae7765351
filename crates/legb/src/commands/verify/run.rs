//! `legb verify --run`: a program is run, and the story that legb tells of it is compared with what happened.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anstyle::{AnsiColor, Style};
use anyhow::Context;
use legb_eval::{Entry, Simulation, Verdict};
use legb_oracle::Interpreter;
use legb_oracle::watch::{Program, Seen, watch};
use legb_report::style::{DIM, EMPHASIS};
use serde_json::{Value, json};

use crate::args::{GlobalArgs, TextFormat, VerifyArgs};
use crate::commands::simulate;
use crate::evaluation::{Modules, World, budget};
use crate::story::{shortened, word};
use crate::targets::Targets;
use crate::{Exit, environment, oracle, output};

const WRONG: Style = AnsiColor::BrightRed.on_default().bold();
const RIGHT: Style = AnsiColor::Green.on_default().bold();
const OPEN: Style = AnsiColor::Yellow.on_default();

/// Runs the entry and compares.
pub(super) fn run(named: &str, args: &VerifyArgs, global: &GlobalArgs) -> anyhow::Result<Exit> {
    let here = environment::working_directory()?;
    let module = named.strip_prefix("-m ").map(str::trim);
    let words: Vec<String> = named.split_whitespace().map(str::to_owned).collect();
    let (entry, shown) = simulate::entry(if module.is_some() { &[] } else { &words }, module, &here)?;
    let targets = Targets::choose(args.target.target_version.as_ref(), &here, global.isolated);
    let interpreter = oracle::interpreter(&args.environment, &args.target, &targets, true)?;
    output::note(&format!("running {shown} with Python {}", interpreter.full_version));
    let root = match &entry {
        Entry::Script(path) => Path::new(path).parent().unwrap_or(&here).to_owned(),
        Entry::Module { .. } | Entry::Imports { .. } => here.clone(),
    };
    let program = Program {
        arguments: arguments(&entry),
        folder: &here,
        root: &root,
        main: None,
        limit: Duration::from_secs(args.time_limit),
    };
    let seen = watch(&interpreter, &program).with_context(|| format!("{shown} was not verified"))?;
    let world = World::new(&args.environment, global, &[root], &here)?.with_own(simulate::own(&entry));
    let run = |modules: &Modules<'_>| legb_eval::simulate(&entry, interpreter.version, modules, budget(args.budget));
    let story = world.evaluate(interpreter.version, world.installed_roots(), run)?;
    let report = Report { shown, here, interpreter, claims: claims(&story, &seen), story };
    match args.format {
        TextFormat::Json => output::plain(|out| {
            serde_json::to_writer(&mut *out, &report.described())?;
            writeln!(out)
        })?,
        TextFormat::Text => output::styled(|out| report.write(out))?,
    }
    Ok(if report.is_equal() { Exit::Clean } else { Exit::Findings })
}

/// What is behind `python` on the command line.
fn arguments(entry: &Entry) -> Vec<std::ffi::OsString> {
    match entry {
        Entry::Script(path) => vec![path.into()],
        Entry::Module { name, .. } => vec!["-m".into(), name.into()],
        Entry::Imports { names, .. } => {
            let imports: Vec<String> = names.iter().map(|name| format!("import {name}")).collect();
            vec!["-c".into(), imports.join("; ").into()]
        }
    }
}

/// One thing that was compared.
struct Claim {
    what: &'static str,
    legb: Value,
    python: Value,
}

impl Claim {
    fn is_equal(&self) -> bool {
        self.legb == self.python
    }
}

/// What legb claims, beside what was seen; nothing where legb says that it cannot tell.
fn claims(story: &Simulation, seen: &Seen) -> Vec<Claim> {
    if !matches!(story.verdict, Verdict::Works | Verdict::Crashes) {
        return Vec::new();
    }
    let is_exit = story.exception.as_ref().is_some_and(|exception| exception.kind == "SystemExit");
    let crashed = seen.exception.is_some() || seen.code != Some(0);
    let mut found = vec![Claim {
        what: "outcome",
        legb: word(story.verdict).into(),
        // An exit with code 0 looks like an end.
        python: if crashed || is_exit && seen.code == Some(0) { "crashes" } else { "works" }.into(),
    }];
    if let (Some(claimed), Some(real)) = (&story.exception, &seen.exception) {
        found.push(Claim { what: "exception", legb: claimed.kind.clone().into(), python: real.kind.clone().into() });
        if let Some(message) = &claimed.message {
            found.push(Claim { what: "message", legb: message.clone().into(), python: real.message.clone().into() });
        }
        let frames = story.frames.iter().map(|frame| json!([frame.module, frame.line])).collect();
        let real = real.frames.iter().map(|(module, _, line)| json!([module, line])).collect();
        found.push(Claim { what: "frames", legb: frames, python: real });
    }
    let is_step = |event: &str| matches!(event, "begin" | "end" | "fail");
    let order = story.order.iter().filter(|step| is_step(step.event) && step.module != "__main__");
    found.push(Claim {
        what: "order",
        legb: order.map(|step| json!([step.event, step.module])).collect(),
        python: seen.order.iter().map(|(event, module)| json!([event, module])).collect(),
    });
    found
}

/// A comparison of a program.
struct Report {
    shown: String,
    here: PathBuf,
    interpreter: Interpreter,
    claims: Vec<Claim>,
    story: Simulation,
}

impl Report {
    fn is_equal(&self) -> bool {
        self.claims.iter().all(Claim::is_equal)
    }

    /// Why nothing is claimed.
    fn reason(&self) -> Option<String> {
        let reason = self.story.reason.as_deref().or(self.story.doubts.first().map(String::as_str));
        self.claims.is_empty().then(|| shortened(reason.unwrap_or_default(), &self.here))
    }

    fn described(&self) -> Value {
        let compared = self.claims.iter().map(
            |claim| json!({"what": claim.what, "legb": claim.legb, "python": claim.python, "equal": claim.is_equal()}),
        );
        json!({
            "entry": self.shown,
            "python": self.interpreter.version.to_string(),
            "interpreter": self.interpreter.full_version,
            "verdict": word(self.story.verdict),
            "certainty": if self.story.certain { "certain" } else { "possible" },
            "claimed": !self.claims.is_empty(),
            // Where nothing is claimed, nothing is equal or different.
            "equal": if self.claims.is_empty() { Value::Null } else { self.is_equal().into() },
            "reason": self.reason(),
            "compared": compared.collect::<Vec<_>>(),
        })
    }

    fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let (shown, python) = (&self.shown, &self.interpreter.full_version);
        if let Some(reason) = self.reason() {
            return writeln!(
                out,
                "{EMPHASIS}{shown}{EMPHASIS:#} on Python {python}: {OPEN}not claimed{OPEN:#}: {reason}"
            );
        }
        for claim in self.claims.iter().filter(|claim| !claim.is_equal()) {
            writeln!(out, "{WRONG}legb is wrong{WRONG:#} about the {} of {EMPHASIS}{shown}{EMPHASIS:#}", claim.what)?;
            let (legb, real) = first_difference(&claim.legb, &claim.python);
            writeln!(out, "  legb says   {legb}\n  Python says {real}")?;
        }
        if self.is_equal() {
            let names: Vec<&str> = self.claims.iter().map(|claim| claim.what).collect();
            return writeln!(
                out,
                "{EMPHASIS}{shown}{EMPHASIS:#} on Python {python}: {RIGHT}as legb says{RIGHT:#}: it {}  {DIM}compared: {}{DIM:#}",
                word(self.story.verdict),
                names.join(", ")
            );
        }
        let sure = if self.story.certain { "certain of it" } else { "not certain of it" };
        writeln!(out, "  legb was {sure}; please report this with the program, and with: Python {python}")
    }
}

/// Where two values part: the first items that differ of two lists, else the values.
fn first_difference(legb: &Value, python: &Value) -> (String, String) {
    if let (Some(legb), Some(python)) = (legb.as_array(), python.as_array()) {
        let at = (0..legb.len().max(python.len())).find(|&at| legb.get(at) != python.get(at)).unwrap_or_default();
        let item = |items: &[Value]| {
            items.get(at).map_or_else(|| "nothing more".to_owned(), |item| format!("{item} (number {})", at + 1))
        };
        return (item(legb), item(python));
    }
    (legb.to_string(), python.to_string())
}
