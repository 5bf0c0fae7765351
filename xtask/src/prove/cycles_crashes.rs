//! Published packages work when they are imported: where `legb cycles` says that an entry crashes, it does.
//!
//! pip installs the packages; each entry that is said to crash is imported by a CPython of its own.

use std::path::Path;
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

/// What is looked at: packages with many cycles that all import fine, each set in an environment of its own, because what they
/// need does not fit together.
const SETS: [Set; 3] = [
    Set {
        environment: "cycles-venv",
        packages: &["django==5.1.4", "sqlalchemy==2.0.36", "flask==3.1.0", "sympy==1.13.3"],
        folders: &["django", "sqlalchemy", "flask", "sympy"],
    },
    Set { environment: "cycles-airflow-venv", packages: &["apache-airflow-core==3.1.0"], folders: &["airflow"] },
    Set {
        environment: "cycles-homeassistant-venv",
        packages: &["homeassistant==2025.1.4"],
        folders: &["homeassistant"],
    },
];

/// Packages that are installed together.
struct Set {
    environment: &'static str,
    packages: &'static [&'static str],
    /// The folders of those that are looked at.
    folders: &'static [&'static str],
}

/// So many crashes are replayed.
const REPLAYED: usize = 500;

/// What became of all entries.
#[derive(Default)]
struct Counts {
    entries: usize,
    works: usize,
    crashes: usize,
    false_crashes: usize,
}

fn measure(_options: &Options) -> anyhow::Result<Figure> {
    let program = legb()?;
    let mut counts = Counts::default();
    let mut missing: Vec<&str> = Vec::new();
    for set in &SETS {
        match peers::installed(set.environment, set.packages) {
            Ok(bin) => {
                for folder in set.folders {
                    replay(&program, &bin.join("python"), folder, &mut counts)?;
                }
            }
            Err(error) => {
                println!("  left out: {}: {error:#}", set.packages.join(", "));
                missing.extend(set.folders);
            }
        }
    }
    let Counts { entries, works, crashes, false_crashes } = counts;
    let left_out = if missing.is_empty() { String::new() } else { format!("; not installed: {}", missing.join(", ")) };
    Ok(Figure {
        measured: format!(
            "{entries} entries: {works} work, {crashes} crashes replayed, {false_crashes} of them import cleanly{left_out}"
        ),
        bound: "none imports cleanly",
        holds: entries > 0 && false_crashes == 0 && missing.is_empty(),
    })
}

/// Replays the crashes of a package.
fn replay(program: &Path, python: &Path, folder: &str, counts: &mut Counts) -> anyhow::Result<()> {
    let site = site_packages(python)?;
    let output = Command::new(program)
        .args(["cycles", "--all", "--format", "json", "--quiet", "--no-cache", "--target-version", "3.13", "--python"])
        .arg(python)
        .arg(folder)
        .current_dir(&site)
        .output()
        .context("cannot start legb")?;
    let groups: Vec<Value> = serde_json::from_slice(&output.stdout).context("the output of `legb cycles`")?;
    for entry in groups.iter().flat_map(|group| group["entries"].as_array().into_iter().flatten()) {
        counts.entries += 1;
        counts.works += usize::from(entry["verdict"] == "works");
        if entry["verdict"] != "crashes" || counts.crashes == REPLAYED {
            continue;
        }
        let Some(name) = entry["entry"].as_str() else { bail!("an entry without a name: {entry}") };
        counts.crashes += 1;
        let arguments: Vec<String> = match name.strip_prefix("-m ") {
            Some(module) => vec!["-m".to_owned(), module.to_owned()],
            None if name.contains('/') => vec![name.to_owned()],
            None => vec!["-c".to_owned(), format!("import {}", name.split(':').next().unwrap_or(name))],
        };
        let replayed = Command::new(python).args(&arguments).current_dir(&site).output()?;
        if replayed.status.success() {
            println!("  WRONG: {name}: {}", entry["exception"]);
            counts.false_crashes += 1;
        }
    }
    Ok(())
}

fn site_packages(python: &Path) -> anyhow::Result<std::path::PathBuf> {
    let question = "import sysconfig; print(sysconfig.get_paths()['purelib'])";
    let output = Command::new(python).args(["-I", "-c", question]).output().context("cannot start Python")?;
    Ok(String::from_utf8(output.stdout)?.trim().into())
}
