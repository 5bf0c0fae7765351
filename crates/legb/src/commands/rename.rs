//! `legb rename`: a name gets another one in every scope and file that means it, or a module moves.
//!
//! Nothing is written before all edits are known. Each file is written beside its place and renamed.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use legb_base::Edit;
use legb_base::fix::LocatedEdit;
use legb_graph::ModuleId;
use legb_query::dependencies::project_folder;
use legb_query::occurrences::Program;
use legb_query::rename::{EntryEdit, Refusal, applied, move_module, rename};
use legb_query::{EntryPoint, entry_points};
use legb_report::style::{DIM, EMPHASIS};
use serde::Serialize;

use crate::args::{GlobalArgs, RenameArgs, TextFormat};
use crate::navigation::{self, Navigation, Place, located, place_in};
use crate::repairs::{encode, write};
use crate::{Exit, output, rewrite};

/// The answer.
#[derive(Serialize)]
struct Answer {
    old: String,
    new: String,
    python: String,
    edits: Vec<LocatedEdit>,
    moves: Vec<Moved>,
    /// Texts that spell the old name and are left alone.
    left: Vec<Place>,
    refused: Option<Refused>,
}

#[derive(Serialize)]
struct Moved {
    from: String,
    to: String,
}

#[derive(Serialize)]
struct Refused {
    reason: &'static str,
    message: String,
    places: Vec<Place>,
}

/// What is to be changed on the disk.
#[derive(Default)]
struct Changes {
    files: BTreeMap<ModuleId, Vec<Edit>>,
    entries: Vec<EntryEdit>,
    moved: Option<(PathBuf, PathBuf)>,
    left: Vec<Place>,
}

/// One file before and after.
struct Rewritten {
    path: PathBuf,
    shown: String,
    before: Vec<u8>,
    after: Vec<u8>,
}

/// Runs the command.
pub(crate) fn run(args: &RenameArgs, global: &GlobalArgs) -> anyhow::Result<Exit> {
    let is_module = args.what.split('.').all(|part| !part.is_empty() && part.chars().all(is_word))
        && Path::new(&args.what).extension().is_none_or(|end| end != "py");
    if is_module { of_module(args, global) } else { of_name(args, global) }
}

fn is_word(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

fn of_name(args: &RenameArgs, global: &GlobalArgs) -> anyhow::Result<Exit> {
    let navigation = Navigation::open(&args.what, &args.how, global)?;
    let program = &navigation.program;
    let entries = entry_points_around(Path::new(&navigation.file.path));
    let found = rename(program, &entries, &navigation.cursor, &args.new).context("cannot start a thread")?;
    let old = navigation.cursor.span.slice(&navigation.file.text).to_owned();
    let changes = found.map(|plan| Changes { files: plan.files, entries: plan.entries, ..Changes::default() });
    let exit = finish(program, &old, changes, args)?;
    navigation.tell_problems(global.quiet);
    Ok(exit)
}

fn of_module(args: &RenameArgs, global: &GlobalArgs) -> anyhow::Result<Exit> {
    let here = args.how.environment.src.first().map_or(Path::new("."), PathBuf::as_path);
    let (program, problem) = navigation::open(here, &args.how, global)?;
    let entries = entry_points_around(here);
    let found = move_module(&program, &entries, &args.what, &args.new).context("cannot start a thread")?;
    let changes = found.map(|plan| Changes {
        files: plan.files,
        entries: plan.entries,
        moved: Some((plan.from, plan.to)),
        left: plan.texts.into_iter().map(|(module, span)| place_in(&program, module, span)).collect(),
    });
    let exit = finish(&program, &args.what, changes, args)?;
    output::problems(program.problems().iter().chain(&problem), global.quiet);
    Ok(exit)
}

/// The entry points of the project around a path; their files as they are printed.
fn entry_points_around(path: &Path) -> Vec<EntryPoint> {
    let here = std::env::current_dir().unwrap_or_default();
    let Some(folder) = project_folder(&here.join(path)) else { return Vec::new() };
    entry_points(folder.strip_prefix(&here).unwrap_or(&folder)).0
}

/// Shows, writes or tells what a rename came to.
fn finish(program: &Program, old: &str, changes: Result<Changes, Refusal>, args: &RenameArgs) -> anyhow::Result<Exit> {
    let python = program.version().to_string();
    let mut answer = Answer {
        old: old.to_owned(),
        new: args.new.clone(),
        python,
        edits: Vec::new(),
        moves: Vec::new(),
        left: Vec::new(),
        refused: None,
    };
    let changes = match changes {
        Ok(changes) => changes,
        Err(refusal) => {
            let places = refusal.places.iter().map(|&(module, span)| place_in(program, module, span)).collect();
            answer.refused = Some(Refused { reason: refusal.reason.word(), message: refusal.message, places });
            tell_refusal(&answer, args.how.format)?;
            return Ok(Exit::Findings);
        }
    };
    for (&module, edits) in &changes.files {
        answer.edits.extend(program.mentions(module).iter().flat_map(|file| located(file, edits)));
    }
    let shown = |path: &Path| legb_project::problem::shown(path).into_owned();
    answer.moves = changes.moved.iter().map(|(from, to)| Moved { from: shown(from), to: shown(to) }).collect();
    answer.left = changes.left;
    let mut files = Vec::new();
    for (&module, edits) in &changes.files {
        files.extend(rewritten(program, module, edits)?);
    }
    files.extend(rewritten_entries(&changes.entries)?);
    files.sort_by(|a, b| a.shown.cmp(&b.shown));
    match args.how.format {
        TextFormat::Json => output::plain(|out| {
            serde_json::to_writer(&mut *out, &answer)?;
            writeln!(out)
        })?,
        TextFormat::Text if args.diff => output::styled(|out| write_diff(&files, &answer, out))?,
        TextFormat::Text => {
            for file in &files {
                write(&file.path, &file.after).map_err(|problem| {
                    anyhow::anyhow!("{}: {}\n  help: {}", problem.path, problem.what, problem.remedy)
                })?;
            }
            if let Some((from, to)) = &changes.moved {
                std::fs::rename(from, to).with_context(|| format!("cannot move {} to {}", shown(from), shown(to)))?;
            }
            output::styled(|out| tell(&files, &answer, out))?;
        }
    }
    let changed = !files.is_empty() || !answer.moves.is_empty();
    Ok(if args.diff && changed { Exit::Findings } else { Exit::Clean })
}

fn rewritten(program: &Program, module: ModuleId, edits: &[Edit]) -> anyhow::Result<Option<Rewritten>> {
    let (Some(file), Some(source)) = (program.mentions(module), program.table().file(module)) else { return Ok(None) };
    let shown = file.path.clone();
    let before = std::fs::read(source.path()).with_context(|| format!("cannot read {shown}"))?;
    let text = applied(&file.text, edits);
    let Some(after) = encode(&before, &file.text, &text) else {
        bail!("{shown}: legb cannot write the encoding of this file\n  help: save it as UTF-8, and rename then");
    };
    Ok((after != before).then(|| Rewritten { path: source.path().to_owned(), shown, before, after }))
}

/// Files with entry points, which are changed line by line.
fn rewritten_entries(entries: &[EntryEdit]) -> anyhow::Result<Vec<Rewritten>> {
    let mut files: BTreeMap<&str, Vec<&EntryEdit>> = BTreeMap::new();
    for entry in entries {
        files.entry(&entry.path).or_default().push(entry);
    }
    let mut rewritten = Vec::new();
    for (path, entries) in files {
        let before = std::fs::read_to_string(path).with_context(|| format!("cannot read {path}"))?;
        let mut lines: Vec<String> = before.split_inclusive('\n').map(str::to_owned).collect();
        for entry in entries {
            let line = usize::try_from(entry.line).ok().and_then(|line| lines.get_mut(line.checked_sub(1)?));
            let Some(line) = line.filter(|line| line.contains(&entry.old)) else {
                bail!("{path}:{}: legb does not find `{}` there\n  help: write it in one piece", entry.line, entry.old);
            };
            *line = line.replacen(&entry.old, &entry.new, 1);
        }
        rewritten.push(Rewritten {
            path: path.into(),
            shown: path.to_owned(),
            after: lines.concat().into_bytes(),
            before: before.into_bytes(),
        });
    }
    Ok(rewritten)
}

fn write_diff(files: &[Rewritten], answer: &Answer, out: &mut dyn Write) -> io::Result<()> {
    for moved in &answer.moves {
        writeln!(out, "{EMPHASIS}rename from {}\nrename to {}{EMPHASIS:#}", moved.from, moved.to)?;
    }
    for file in files {
        rewrite::diff(&file.shown, &file.before, &file.after, out)?;
    }
    tell_left(answer, out)
}

fn tell(files: &[Rewritten], answer: &Answer, out: &mut dyn Write) -> io::Result<()> {
    for moved in &answer.moves {
        writeln!(out, "{} is now {}", moved.from, moved.to)?;
    }
    for file in files {
        writeln!(out, "{EMPHASIS}{}{EMPHASIS:#}  changed", file.shown)?;
    }
    let count = answer.edits.len();
    let places = if count == 1 { "1 place".to_owned() } else { format!("{count} places") };
    writeln!(out, "`{}` is `{}` now, in {places}", answer.old, answer.new)?;
    tell_left(answer, out)
}

fn tell_left(answer: &Answer, out: &mut dyn Write) -> io::Result<()> {
    for place in &answer.left {
        let at = place.range.start;
        writeln!(
            out,
            "{DIM}left alone{DIM:#}: {}:{}:{} is a text that spells the old name",
            place.path, at.line, at.column
        )?;
    }
    Ok(())
}

fn tell_refusal(answer: &Answer, format: TextFormat) -> anyhow::Result<()> {
    let Some(refused) = &answer.refused else { return Ok(()) };
    if format == TextFormat::Json {
        return output::plain(|out| {
            serde_json::to_writer(&mut *out, answer)?;
            writeln!(out)
        });
    }
    output::styled(|out| {
        writeln!(out, "{EMPHASIS}not renamed{EMPHASIS:#} ({}): {}", refused.reason, refused.message)?;
        for place in &refused.places {
            let at = place.range.start;
            writeln!(out, "  {}:{}:{}", place.path, at.line, at.column)?;
        }
        Ok(())
    })
}
