//! Modules imported by the interpreter before and after a rename.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail};
use legb_oracle::Interpreter;
use legb_oracle::interpreter::Kind;
use serde::Deserialize;

use super::{Made, Tally, Work};
use crate::workspace;

/// Imports modules and tells what they hold.
const PROBE: &str = include_str!("imported.py");

/// What the libraries import that the copies do not hold.
const NEEDED: [&str; 3] = ["asgiref", "sqlparse", "typing_extensions"];

/// Lets pip put what the libraries need into a folder, once.
pub(super) fn install_needed(interpreter: &Interpreter) -> anyhow::Result<PathBuf> {
    let Kind::Native { program, .. } = &interpreter.kind else { bail!("the interpreter is not native") };
    let folder = workspace::target().join("rename").join("needed");
    if !folder.is_dir() {
        let mut pip = Command::new(program);
        pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--target"])
            .arg(&folder)
            .args(NEEDED);
        if !pip.status().context("cannot start pip")?.success() {
            bail!("pip could not install {}", NEEDED.join(", "));
        }
    }
    Ok(folder)
}

/// What one import came to.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
struct Imported {
    module: String,
    /// Whether the module came from the copy.
    is_ours: bool,
    exception: Option<(String, String)>,
    /// The names of the module, each with the type of its value, sorted.
    names: Vec<(String, String)>,
}

/// Imports the modules that some renames touch, before and after.
pub(super) fn compare(work: &Work, made: &[Made], tally: &mut Tally) -> anyhow::Result<()> {
    for made in made {
        if tally.imported >= work.imports {
            break;
        }
        let modules: Vec<String> = made.files.iter().filter_map(|(path, ..)| dotted(&work.copy, path)).collect();
        let before = import(work, &modules)?;
        if !before.iter().any(|imported| imported.is_ours && imported.exception.is_none()) {
            continue;
        }
        for (path, _, after) in &made.files {
            fs::write(path, after)?;
        }
        let after = import(work, &modules);
        for (path, before, _) in &made.files {
            fs::write(path, before)?;
        }
        let after = after?;
        tally.imported += 1;
        tally.modules += modules.len();
        let renamed: Vec<Imported> = before.iter().map(|imported| with_new_name(imported, &after, made)).collect();
        if let Some((before, after)) = renamed.iter().zip(&after).find(|(before, after)| before != after) {
            let gone: Vec<_> = before.names.iter().filter(|name| !after.names.contains(name)).take(3).collect();
            let come: Vec<_> = after.names.iter().filter(|name| !before.names.contains(name)).take(3).collect();
            let how = format!("{:?} {gone:?} became {:?} {come:?}", before.exception, after.exception);
            tally.wrong.push(format!("{} imported {}: {how}", made.label, before.module));
        }
    }
    Ok(())
}

/// What the import of before would be with the new name, where the module has it after.
fn with_new_name(before: &Imported, after: &[Imported], made: &Made) -> Imported {
    let mut renamed = before.clone();
    let same = after.iter().find(|imported| imported.module == before.module);
    let has_new = same.is_some_and(|after| after.names.iter().any(|(name, _)| *name == made.new));
    let had_new = before.names.iter().any(|(name, _)| *name == made.new);
    if has_new && !had_new {
        renamed.names.iter_mut().filter(|(name, _)| *name == made.old).for_each(|(name, _)| name.clone_from(&made.new));
        renamed.names.sort();
    }
    if let Some((_, message)) = &mut renamed.exception {
        *message = message.replace(&made.old, &made.new);
    }
    renamed
}

fn dotted(root: &Path, file: &Path) -> Option<String> {
    let inside = file.strip_prefix(root).ok()?.with_extension("");
    let parts: Vec<String> = inside.iter().map(|part| part.to_string_lossy().into_owned()).collect();
    let parts = if parts.last()? == "__init__" { &parts[..parts.len() - 1] } else { &parts[..] };
    (parts.iter().all(|part| !part.contains(['-', '.']))).then(|| parts.join("."))
}

fn import(work: &Work, modules: &[String]) -> anyhow::Result<Vec<Imported>> {
    let Kind::Native { program, .. } = &work.interpreter.kind else { bail!("the interpreter is not native") };
    let output = Command::new(program)
        .args(["-I", "-S", "-B", "-c", PROBE])
        .arg(&work.copy)
        .arg(work.needed.as_deref().unwrap_or(Path::new("")))
        .args(modules)
        .output()
        .with_context(|| format!("cannot start {}", program.display()))?;
    let text = String::from_utf8_lossy(&output.stdout);
    let row = text.lines().rev().find_map(|line| line.strip_prefix("IMPORTED "));
    match row {
        Some(row) => Ok(serde_json::from_str(row)?),
        // Some modules end the interpreter: the same must happen after the rename.
        None => Ok(Vec::new()),
    }
}
