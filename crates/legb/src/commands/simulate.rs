//! `legb simulate`: the import story of an entry, and how it ends.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use anstyle::{AnsiColor, Style};
use anyhow::{Context, bail};
use legb_base::PyVersion;
use legb_eval::{Entry, Simulation, StoryStep, Verdict};
use legb_report::style::{DIM, EMPHASIS};
use serde_json::{Value, json};

use crate::args::{GlobalArgs, SimulateArgs, TextFormat};
use crate::evaluation::{budget, evaluate};
use crate::targets::Targets;
use crate::{Exit, output};

const WORKS: Style = AnsiColor::Green.on_default().bold();
const CRASHES: Style = AnsiColor::BrightRed.on_default().bold();
const OPEN: Style = AnsiColor::Yellow.on_default().bold();

/// Runs the command.
pub(crate) fn run(args: &SimulateArgs, global: &GlobalArgs) -> anyhow::Result<Exit> {
    let here = std::env::current_dir().context("cannot tell the working directory")?;
    let (entry, shown) = entry(args, &here)?;
    let first = args.entries.first().map_or_else(|| here.clone(), |entry| here.join(entry));
    let targets = Targets::choose(args.target.target_version.as_ref(), &first, global.isolated);
    if global.verbose {
        output::note(&targets.to_string());
    }
    let versions = targets.versions.clone();
    let stories: Vec<(PyVersion, Simulation)> = evaluate(&here, |files| {
        let one = |version| (version, legb_eval::simulate(&entry, version, files, budget(args.budget)));
        versions.iter().map(|&version| one(version)).collect()
    })?;
    match args.format {
        TextFormat::Json => output::plain(|out| {
            for (version, story) in &stories {
                serde_json::to_writer(&mut *out, &described(&shown, *version, story, &here))?;
                writeln!(out)?;
            }
            Ok(())
        })?,
        TextFormat::Text => output::styled(|out| {
            let mut told: Vec<&Simulation> = Vec::new();
            for (_, story) in &stories {
                if told.contains(&story) {
                    continue;
                }
                let same = stories.iter().filter(|(_, other)| other == story);
                let versions: Vec<String> = same.map(|(version, _)| version.to_string()).collect();
                write_story(&shown, &versions.join(", "), story, &here, out)?;
                told.push(story);
            }
            Ok(())
        })?,
    }
    output::problems(&targets.problem, global.quiet);
    let crashes = stories.iter().any(|(_, story)| story.verdict == Verdict::Crashes);
    Ok(if crashes { Exit::Findings } else { Exit::Clean })
}

/// What the words on the command line start, and how it is called in the answer.
fn entry(args: &SimulateArgs, here: &Path) -> anyhow::Result<(Entry, String)> {
    let root = here.to_string_lossy().into_owned();
    if let Some(name) = &args.module {
        return Ok((Entry::Module { name: name.clone(), root }, format!("-m {name}")));
    }
    let is_path = |entry: &str| {
        entry.contains(['/', '\\']) || Path::new(entry).extension().is_some_and(|end| end == "py" || end == "pyw")
    };
    if let [only] = &args.entries[..]
        && is_path(only)
    {
        let mut path = here.join(only);
        if path.is_dir() {
            path = path.join("__main__.py");
        }
        if !path.is_file() {
            bail!("{only}: no such script; name a .py file, a folder with a __main__.py, or a module (`pkg.mod`)");
        }
        let path = fs::canonicalize(&path).unwrap_or(path);
        return Ok((Entry::Script(path.to_string_lossy().into_owned()), only.clone()));
    }
    if let Some(path) = args.entries.iter().find(|entry| is_path(entry)) {
        bail!("{path}: a script is simulated alone; of several entries all must be modules");
    }
    let names: Vec<String> = args.entries.iter().map(|name| name.trim_start_matches("import ").to_owned()).collect();
    let bad = |name: &&String| {
        name.split('.').any(|part| part.is_empty() || part.contains(|c: char| !(c.is_alphanumeric() || c == '_')))
    };
    if let Some(name) = names.iter().find(bad) {
        bail!("`{name}` is no module name; write `pkg.mod`, or a path with a slash");
    }
    let shown = names.join(" ");
    Ok((Entry::Imports { names, root: root_of(here) }, shown))
}

/// The folder that `import` starts from: the working directory.
fn root_of(here: &Path) -> String {
    here.to_string_lossy().into_owned()
}

/// A path as seen from the working directory.
fn relative(path: &str, here: &Path) -> String {
    Path::new(path).strip_prefix(here).map_or_else(|_| path.to_owned(), |path| path.to_string_lossy().into_owned())
}

const fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Works => "works",
        Verdict::Crashes => "crashes",
        Verdict::Depends => "depends",
        Verdict::Unknown => "unknown",
    }
}

/// The documented JSON of a story.
fn described(shown: &str, version: PyVersion, story: &Simulation, here: &Path) -> Value {
    let at = |path: &str, line: u32| json!({"path": relative(path, here), "line": line});
    let frames: Vec<Value> = story
        .frames
        .iter()
        .map(|frame| json!({"module": frame.module, "path": relative(&frame.path, here), "line": frame.line}))
        .collect();
    let order: Vec<Value> = story
        .order
        .iter()
        .map(|step| {
            let by = step.by.as_ref().map(|(path, line)| at(path, *line));
            json!({"event": step.event, "module": step.module, "by": by})
        })
        .collect();
    json!({
        "entry": shown,
        "python": version.to_string(),
        "verdict": story.verdict,
        "certainty": if story.certain { "certain" } else { "possible" },
        "assumes": story.assumes,
        "doubts": story.doubts,
        "exception": story.exception,
        "raised_at": story.frames.last().map(|frame| at(&frame.path, frame.line)),
        "frames": frames,
        "order": order,
        "because": because(story, here),
        "cut": Value::Null,
        "stdout": story.stdout,
    })
}

/// The verdict in a sentence.
fn because(story: &Simulation, here: &Path) -> String {
    let ran = story.order.iter().filter(|step| step.event == "end").count();
    match story.verdict {
        Verdict::Works => match ran {
            1 => "the one module that runs ends without an exception".to_owned(),
            _ => format!("all {ran} modules that run end without an exception"),
        },
        Verdict::Crashes => {
            let place = story.frames.last().map(|frame| format!(" at {}:{}", relative(&frame.path, here), frame.line));
            let half_made = story.order.iter().rev().find(|step| step.event == "found");
            let cycle = half_made.map(|step| {
                let by = step.by.as_ref().map(|(path, line)| format!(" by {}:{line}", relative(path, here)));
                format!("; `{}` was found half-made{}", step.module, by.unwrap_or_default())
            });
            let kind = story.exception.as_ref().map_or("an exception", |exception| exception.kind.as_str());
            format!("{kind} is raised{}{}", place.unwrap_or_default(), cycle.unwrap_or_default())
        }
        Verdict::Depends => story.doubts.first().cloned().unwrap_or_default(),
        Verdict::Unknown => story.reason.clone().unwrap_or_default(),
    }
}

fn write_story(shown: &str, versions: &str, story: &Simulation, here: &Path, out: &mut dyn Write) -> io::Result<()> {
    let style = match story.verdict {
        Verdict::Works => WORKS,
        Verdict::Crashes => CRASHES,
        Verdict::Depends | Verdict::Unknown => OPEN,
    };
    let sure = if story.certain || story.verdict == Verdict::Unknown { "" } else { " (not certain)" };
    writeln!(out, "{EMPHASIS}{shown}{EMPHASIS:#} on Python {versions}: {style}{}{style:#}{sure}", word(story.verdict))?;
    let mut depth = 1;
    for step in &story.order {
        if matches!(step.event, "end" | "fail") && depth > 1 {
            depth -= 1;
        }
        write_step(step, depth, here, out)?;
        if step.event == "begin" {
            depth += 1;
        }
    }
    if let Some(exception) = &story.exception {
        for frame in &story.frames {
            let path = relative(&frame.path, here);
            let line = source_line(&frame.path, frame.line).unwrap_or_default();
            writeln!(out, "  {DIM}{path}:{}{DIM:#}  {line}", frame.line)?;
        }
        let message = exception.message.as_deref().map(|message| format!(": {message}")).unwrap_or_default();
        writeln!(out, "  {CRASHES}{}{message}{CRASHES:#}", exception.kind)?;
    }
    if story.verdict == Verdict::Unknown {
        writeln!(out, "  {OPEN}unknown{OPEN:#}: {}", story.reason.as_deref().unwrap_or_default())?;
    }
    for doubt in &story.doubts {
        writeln!(out, "  {OPEN}not certain{OPEN:#}: {doubt}")?;
    }
    for assumption in &story.assumes {
        writeln!(out, "  {DIM}taken for granted: {assumption}{DIM:#}")?;
    }
    Ok(())
}

fn write_step(step: &StoryStep, depth: usize, here: &Path, out: &mut dyn Write) -> io::Result<()> {
    let indent = "  ".repeat(depth);
    let by = match &step.by {
        Some((path, line)) => {
            let text = source_line(path, *line).unwrap_or_default();
            format!("  {DIM}{}:{line}  {text}{DIM:#}", relative(path, here))
        }
        None => String::new(),
    };
    match step.event {
        "begin" => writeln!(out, "{indent}{EMPHASIS}{}{EMPHASIS:#} begins{by}", step.module),
        "end" => writeln!(out, "{indent}{} is done", step.module),
        "found" => writeln!(out, "{indent}{OPEN}{}{OPEN:#} is found half-made{by}", step.module),
        _ => writeln!(out, "{indent}{CRASHES}{}{CRASHES:#} fails and is removed", step.module),
    }
}

/// A line of a file, without the space around it.
fn source_line(path: &str, line: u32) -> Option<String> {
    let text = fs::read(path).ok()?;
    let text = String::from_utf8_lossy(&text);
    let at = usize::try_from(line).ok()?.checked_sub(1)?;
    text.lines().nth(at).map(|line| line.trim().to_owned())
}
