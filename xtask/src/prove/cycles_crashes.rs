//! Published packages work when they are imported: where `legb cycles` says that an entry crashes, it does.
//!
//! pip installs the packages; each entry that is said to crash is imported by a CPython of its own.

use std::process::Command;

use anyhow::{Context, bail};
use serde_json::Value;

use super::measured_runs::legb;
use super::{Figure, Needs, Options, Row};
use crate::peers;

pub(super) const ROW: Row = Row {
    name: "cycles-crashes",
    about: "entries of cycles that are said to crash, replayed on CPython with the packages installed",
    needs: Needs::Registry,
    measure,
};

/// What is looked at: packages with many cycles that all import fine.
const PACKAGES: [&str; 4] = ["django==5.1.4", "sqlalchemy==2.0.36", "flask==3.1.0", "sympy==1.13.3"];
const FOLDERS: [&str; 4] = ["django", "sqlalchemy", "flask", "sympy"];
/// So many crashes are replayed.
const REPLAYED: usize = 500;

fn measure(_options: &Options) -> anyhow::Result<Figure> {
    let bin = peers::installed("cycles-venv", &PACKAGES)?;
    let python = bin.join("python");
    let program = legb()?;
    let site = site_packages(&python)?;
    let (mut entries, mut works, mut crashes, mut false_crashes) = (0, 0, 0, Vec::new());
    for folder in FOLDERS {
        let output = Command::new(&program)
            .args(["cycles", "--all", "--format", "json", "--quiet", "--target-version", "3.13", "--python"])
            .arg(&python)
            .arg(folder)
            .current_dir(&site)
            .output()
            .context("cannot start legb")?;
        let groups: Vec<Value> = serde_json::from_slice(&output.stdout).context("the output of `legb cycles`")?;
        for entry in groups.iter().flat_map(|group| group["entries"].as_array().into_iter().flatten()) {
            entries += 1;
            works += usize::from(entry["verdict"] == "works");
            if entry["verdict"] != "crashes" || crashes == REPLAYED {
                continue;
            }
            let Some(name) = entry["entry"].as_str() else { bail!("an entry without a name: {entry}") };
            crashes += 1;
            let arguments: Vec<String> = match name.strip_prefix("-m ") {
                Some(module) => vec!["-m".to_owned(), module.to_owned()],
                None if name.contains('/') => vec![name.to_owned()],
                None => vec!["-c".to_owned(), format!("import {}", name.split(':').next().unwrap_or(name))],
            };
            let replayed = Command::new(&python).args(&arguments).current_dir(&site).output()?;
            if replayed.status.success() {
                println!("  WRONG: {name}: {}", entry["exception"]);
                false_crashes.push(name.to_owned());
            }
        }
    }
    Ok(Figure {
        measured: format!(
            "{entries} entries: {works} work, {crashes} crashes replayed, {} of them import cleanly",
            false_crashes.len()
        ),
        bound: "none imports cleanly",
        holds: entries > 0 && false_crashes.is_empty(),
    })
}

fn site_packages(python: &std::path::Path) -> anyhow::Result<std::path::PathBuf> {
    let question = "import sysconfig; print(sysconfig.get_paths()['purelib'])";
    let output = Command::new(python).args(["-I", "-c", question]).output().context("cannot start Python")?;
    Ok(String::from_utf8(output.stdout)?.trim().into())
}
