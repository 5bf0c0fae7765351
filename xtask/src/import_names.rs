//! `cargo xtask import-names`: records which modules distributions bring whose name does not say so.
//!
//! The first column of `data/import_names.tsv` is the list of distributions, kept by hand; the second is read off the wheels
//! that pip downloads.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::{fs, str};

use anyhow::{Context, bail};
use legb_query::dependencies::import_names::modules_in;
use legb_query::dependencies::normalised;

use crate::workspace;

/// Prints the names in a wheel, one a line.
const LIST: &str = "import sys, zipfile\nprint('\\n'.join(zipfile.ZipFile(sys.argv[1]).namelist()))";
pub(crate) const PYTHON: &str = "python3";

pub(crate) fn run() -> anyhow::Result<()> {
    let table = workspace::root().join("data").join("import_names.tsv");
    let text = fs::read_to_string(&table).with_context(|| format!("cannot read {}", table.display()))?;
    let folder = workspace::target().join("import-names");
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let (head, rows): (Vec<&str>, Vec<&str>) = text.lines().partition(|line| line.starts_with('#'));
    let mut names: Vec<String> = rows.iter().map(|row| normalised(row.split('\t').next().unwrap_or(row))).collect();
    names.sort();
    names.dedup();
    download(&names, &folder)?;
    let mut recorded = head.join("\n") + "\n";
    for name in &names {
        let modules = modules_of(&wheel(&folder, name)?)?;
        writeln!(recorded, "{name}\t{}", modules.join(" "))?;
    }
    fs::write(&table, recorded).with_context(|| format!("cannot write {}", table.display()))?;
    println!("{} distributions in {}", names.len(), table.display());
    Ok(())
}

/// Downloads wheels of distributions into a folder.
pub(crate) fn download(names: &[String], folder: &Path) -> anyhow::Result<()> {
    let mut pip = Command::new(PYTHON);
    pip.args(["-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:", "--dest"])
        .arg(folder)
        .args(names);
    if !pip.status().context("cannot start pip")?.success() {
        bail!("pip could not download the wheels");
    }
    Ok(())
}

/// The wheel of a distribution.
pub(crate) fn wheel(folder: &Path, name: &str) -> anyhow::Result<std::path::PathBuf> {
    let entries = fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))?;
    let mut paths: Vec<_> = entries.filter_map(Result::ok).map(|entry| entry.path()).collect();
    paths.sort();
    let is_of = |path: &Path| {
        let file = path.file_name().unwrap_or_default().to_string_lossy();
        file.split('-').next().is_some_and(|start| normalised(start) == name)
    };
    paths.into_iter().rev().find(|path| is_of(path)).with_context(|| format!("pip brought no wheel of {name}"))
}

fn modules_of(wheel: &Path) -> anyhow::Result<Vec<String>> {
    let listed = Command::new(PYTHON).args(["-I", "-c", LIST]).arg(wheel).output().context("cannot start python3")?;
    let files = str::from_utf8(&listed.stdout).context("names in a wheel are UTF-8")?;
    let modules = modules_in(files.lines());
    if modules.is_empty() {
        bail!("{} brings no module", wheel.display());
    }
    Ok(modules.into_iter().collect())
}
