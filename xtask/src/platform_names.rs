//! `cargo xtask platform-names`: records which names modules of the library have on other platforms than the recorded ones.
//!
//! `data/stdlib_names.tsv` comes from interpreters on Linux. What typeshed promises besides, for whatever platform, is read
//! off the copy of it that the wheel of mypy brings.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::process::Command;

use anyhow::{Context, bail};

use crate::import_names::{PYTHON, download, wheel};
use crate::workspace;

const LIST: &str = include_str!("platform_names.py");
const STUBS: &str = "mypy";

pub(crate) fn run() -> anyhow::Result<()> {
    let folder = workspace::target().join("platform-names");
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    download(&[STUBS.to_owned()], &folder)?;
    let wheel = wheel(&folder, STUBS)?;
    let listed = Command::new(PYTHON).args(["-I", "-c", LIST]).arg(&wheel).output().context("cannot start python3")?;
    if !listed.status.success() {
        bail!("{} cannot be read: {}", wheel.display(), String::from_utf8_lossy(&listed.stderr));
    }
    let recorded = recorded()?;
    let file = wheel.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let source = file.splitn(3, '-').take(2).collect::<Vec<_>>().join(" ");
    let mut text = format!(
        "# What modules of the library have on platforms other than Linux: what typeshed promises and no row of stdlib_names.tsv \
         has.\n# Recorded by `cargo xtask platform-names` from {source}.\n# module\tnames\n"
    );
    let mut count = 0;
    for line in String::from_utf8_lossy(&listed.stdout).lines() {
        let Some((module, names)) = line.split_once('\t') else { continue };
        let Some(known) = recorded.get(module) else { continue };
        let more: Vec<&str> = names.split(' ').filter(|name| !name.is_empty() && !known.contains(*name)).collect();
        if !more.is_empty() {
            writeln!(text, "{module}\t{}", more.join(" "))?;
            count += more.len();
        }
    }
    let table = workspace::root().join("data").join("platform_names.tsv");
    workspace::replace_file(&table, &text)?;
    println!("{count} names in {}", table.display());
    Ok(())
}

/// The names of each module in any recorded version.
fn recorded() -> anyhow::Result<BTreeMap<String, BTreeSet<String>>> {
    let path = workspace::root().join("data").join("stdlib_names.tsv");
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut names: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for row in text.lines().filter(|row| !row.starts_with('#')) {
        let mut fields = row.split('\t');
        if let (Some(module), Some(row)) = (fields.next(), fields.nth(2)) {
            names.entry(module.to_owned()).or_default().extend(row.split(' ').map(str::to_owned));
        }
    }
    Ok(names)
}
