//! `legb simulate`: the import story of an entry, and how it ends.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anstyle::{AnsiColor, Style};
use anyhow::{Context, bail};
use legb_base::PyVersion;
use legb_eval::{Entry, Simulation, StoryStep, Verdict};
use legb_report::style::{DIM, EMPHASIS};

use crate::args::{GlobalArgs, SimulateArgs, TextFormat};
use crate::evaluation::{Modules, World, budget};
use crate::story::{because, described, relative, shortened, source_line, word};
use crate::targets::Targets;
use crate::{Exit, output};

const WORKS: Style = AnsiColor::Green.on_default().bold();
const CRASHES: Style = AnsiColor::BrightRed.on_default().bold();
const OPEN: Style = AnsiColor::Yellow.on_default().bold();

/// Runs the command.
pub(crate) fn run(args: &SimulateArgs, global: &GlobalArgs) -> anyhow::Result<Exit> {
    let here = std::env::current_dir().context("cannot tell the working directory")?;
    let (entry, shown) = entry(&args.entries, args.module.as_deref(), &here)?;
    let first = args.entries.first().map_or_else(|| here.clone(), |entry| here.join(entry));
    let targets = Targets::choose(args.target.target_version.as_ref(), &first, global.isolated);
    if global.verbose {
        output::note(&targets.to_string());
    }
    let around = match &entry {
        Entry::Script(path) => PathBuf::from(path),
        Entry::Module { .. } | Entry::Imports { .. } => here.clone(),
    };
    let world = World::new(&args.environment, global, &[around], &here)?.with_own(own(&entry));
    let stories = targets.versions.iter().map(|&version| {
        let run = |modules: &Modules<'_>| legb_eval::simulate(&entry, version, modules, budget(args.budget));
        Ok((version, world.evaluate(version, world.installed_roots(), run)?))
    });
    let stories: Vec<(PyVersion, Simulation)> = stories.collect::<anyhow::Result<_>>()?;
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
pub(super) fn entry(entries: &[String], module: Option<&str>, here: &Path) -> anyhow::Result<(Entry, String)> {
    let root = here.to_string_lossy().into_owned();
    if let Some(name) = module {
        return Ok((Entry::Module { name: name.to_owned(), root }, format!("-m {name}")));
    }
    let is_path = |entry: &str| {
        entry.contains(['/', '\\']) || Path::new(entry).extension().is_some_and(|end| end == "py" || end == "pyw")
    };
    if let [only] = entries
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
    if let Some(path) = entries.iter().find(|entry| is_path(entry)) {
        bail!("{path}: a script is simulated alone; of several entries all must be modules");
    }
    let names: Vec<String> = entries.iter().map(|name| name.trim_start_matches("import ").to_owned()).collect();
    let bad = |name: &&String| {
        name.split('.').any(|part| part.is_empty() || part.contains(|c: char| !(c.is_alphanumeric() || c == '_')))
    };
    if let Some(name) = names.iter().find(bad) {
        bail!("`{name}` is no module name; write `pkg.mod`, or a path with a slash");
    }
    let shown = names.join(" ");
    Ok((Entry::Imports { names, root: root_of(here) }, shown))
}

/// The top-level names that an entry is about.
pub(super) fn own(entry: &Entry) -> impl Iterator<Item = String> {
    let names = match entry {
        Entry::Script(_) => Vec::new(),
        Entry::Module { name, .. } => vec![name.clone()],
        Entry::Imports { names, .. } => names.clone(),
    };
    names.into_iter().map(|name| name.split('.').next().unwrap_or_default().to_owned())
}

/// The folder that `import` starts from: the working directory.
fn root_of(here: &Path) -> String {
    here.to_string_lossy().into_owned()
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
        writeln!(out, "  {OPEN}unknown{OPEN:#}: {}", because(story, here))?;
    }
    for doubt in &story.doubts {
        writeln!(out, "  {OPEN}not certain{OPEN:#}: {}", shortened(doubt, here))?;
    }
    for assumption in &story.assumes {
        writeln!(out, "  {DIM}taken for granted: {}{DIM:#}", shortened(assumption, here))?;
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
