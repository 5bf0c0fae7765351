//! `legb config merge`: files of JSON or TOML, folded from the left.

use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, bail};
use legb_config::{ConfigErrors, KindChange, LayerKind, Lists, Null, Rules, Source, Syntax, Value};
use legb_project::problem::{reason, shown};

use crate::args::{ConfigMergeArgs, GlobalArgs, ListsHow, MergeFormat, NullHow};
use crate::{Exit, output};

/// Runs the command.
pub(crate) fn run(args: &ConfigMergeArgs, global: &GlobalArgs) -> anyhow::Result<Exit> {
    let rules = Rules {
        lists: match args.lists {
            ListsHow::Replace => Lists::Replace,
            ListsHow::Append => Lists::Append,
            ListsHow::Union => Lists::Union,
        },
        null: match args.null {
            NullHow::Delete => Null::Delete,
            NullHow::Keep => Null::Keep,
        },
    };
    let mut changes = Vec::new();
    let mut merged: Option<Value> = None;
    for path in &args.files {
        let value = read(path)?;
        merged = Some(match merged {
            None => value,
            Some(lower) => legb_config::merge(&lower, &value, rules, &mut changes),
        });
    }
    let merged = merged.context("no file was named")?;
    if global.verbose {
        let names: Vec<String> = args.files.iter().map(|path| shown(path).into_owned()).collect();
        output::note(&format!("merged from the left, each over those before it: {}", names.join(" < ")));
    }
    if !global.quiet {
        changes.iter().for_each(warn);
    }
    let text = match (args.format, merged.as_table()) {
        (MergeFormat::Json, _) => format!("{}\n", legb_config::to_json_text(&merged)),
        (MergeFormat::Toml, Some(table)) => legb_config::to_toml_document(table).map_err(ConfigErrors::from)?,
        (MergeFormat::Toml, None) => bail!("a TOML document is a table, and the result is {}", merged.data.kind()),
    };
    output::plain(|out| out.write_all(text.as_bytes()))?;
    Ok(Exit::Clean)
}

fn warn(change: &KindChange) {
    let ((from, below), (to, above)) = (&change.from, &change.to);
    let name = change.keys.iter().map(|key| legb_config::quoted(key)).collect::<Vec<_>>().join(".");
    let name = if name.is_empty() { "the whole document".to_owned() } else { format!("`{name}`") };
    output::warning(&format!("{above}: {name} becomes {to}, and replaces {from} from {below}"));
}

fn read(path: &PathBuf) -> anyhow::Result<Value> {
    let text = if path == Path::new("-") {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).context("cannot read standard input")?;
        text
    } else {
        let help = "check the path; every file that is named has to be there";
        let cannot = |why: String| format!("{}: {why}\n  help: {help}", shown(path));
        let bytes = match fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) => bail!(cannot(format!("cannot be read: {}", reason(&error)))),
        };
        match String::from_utf8(bytes) {
            Ok(text) => text,
            Err(_) => bail!("{}: is not UTF-8\n  help: save it as UTF-8", shown(path)),
        }
    };
    let folder = path.parent().unwrap_or(Path::new("")).to_owned();
    let source = Arc::new(Source { name: shown(path).into_owned(), folder, layer: LayerKind::Project });
    Ok(legb_config::read(&text, syntax(path, &text), &source).map_err(ConfigErrors::from)?)
}

/// How a file is written: by its name, and standard input by its first letter.
fn syntax(path: &Path, text: &str) -> Syntax {
    let is_stdin = path == Path::new("-");
    if is_stdin && text.trim_start().starts_with(['{', '"']) { Syntax::Json } else { Syntax::of(path) }
}
