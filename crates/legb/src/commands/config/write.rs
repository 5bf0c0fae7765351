//! `legb config init` and `legb config migrate`: files of settings to start from.

use std::fs;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, bail};
use legb_config::layers::{MANIFEST, PROJECT_FILES, Writable, writable};
use legb_config::migrate::{Migration, Note};
use legb_config::{ConfigErrors, template};
use legb_project::problem::shown;

use crate::args::{ConfigWriteArgs, GlobalArgs};
use crate::{Exit, output};

/// Runs `init`.
pub(crate) fn init(args: &ConfigWriteArgs, global: &GlobalArgs) -> anyhow::Result<Exit> {
    write(args, global, &template())?;
    Ok(Exit::Clean)
}

/// Runs `migrate`.
pub(crate) fn migrate(args: &ConfigWriteArgs, global: &GlobalArgs) -> anyhow::Result<Exit> {
    check_folder(&args.path)?;
    let Migration { text, files, notes } = legb_config::migrate::migrate(&args.path);
    if files.is_empty() {
        bail!(
            "{}: no settings of ruff, flake8, pylint, import-linter or tach here\n  help: `legb config init` writes a file \
             to start from",
            args.path.display()
        );
    }
    let text = format!("# Settings of legb, from those of {}.\n{text}", files.join(", "));
    write(args, global, &text)?;
    if !global.quiet {
        for Note { place, what } in &notes {
            output::note(&format!("{place}: {what}"));
        }
    }
    Ok(Exit::Clean)
}

fn check_folder(path: &Path) -> anyhow::Result<()> {
    if !path.is_dir() {
        bail!("{}: there is no such folder\n  help: name the folder of the project", path.display());
    }
    Ok(())
}

/// Writes settings where there are none yet, or prints them.
fn write(args: &ConfigWriteArgs, global: &GlobalArgs, text: &str) -> anyhow::Result<()> {
    let text = if args.pyproject { in_manifest(text) } else { text.to_owned() };
    if args.dry_run {
        return output::plain(|out| out.write_all(text.as_bytes()));
    }
    check_folder(&args.path)?;
    if let Writable::Taken(file) = writable(&args.path).map_err(ConfigErrors::from)? {
        bail!(
            "{}: there are settings already, and they are left alone\n  help: --dry-run prints what would be written",
            shown(&file)
        );
    }
    let path = args.path.join(if args.pyproject { MANIFEST } else { PROJECT_FILES[0] });
    let path = path.strip_prefix(".").unwrap_or(&path);
    let before = if args.pyproject && path.exists() {
        let before = fs::read_to_string(path).with_context(|| format!("cannot read {}", shown(path)))?;
        format!("{}\n\n", before.trim_end())
    } else {
        String::new()
    };
    fs::write(path, before + &text).with_context(|| format!("cannot write {}", shown(path)))?;
    if !global.quiet {
        output::note(&format!("wrote {}", shown(path)));
    }
    Ok(())
}

/// The same text below the table of legb in `pyproject.toml`.
fn in_manifest(text: &str) -> String {
    let nested = text.lines().map(|line| match line.strip_prefix('[') {
        Some(rest) if !line.starts_with("[[") => format!("[tool.legb.{rest}"),
        _ => match line.strip_prefix("[[") {
            Some(rest) => format!("[[tool.legb.{rest}"),
            None => line.to_owned(),
        },
    });
    format!("[tool.legb]\n{}\n", nested.collect::<Vec<_>>().join("\n"))
}
