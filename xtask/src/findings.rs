//! `cargo xtask findings`: a sample of what `legb check` says of real code, with the source around it, for somebody to read.
//!
//! Which findings are true is for the reader to say. The sample depends on the seed and on the findings alone: one that is there
//! after a change was there before it.

use std::fs;
use std::hash::Hasher;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail};
use rustc_hash::FxHasher;
use serde::Deserialize;

use crate::prove::measured_runs;
use crate::workspace;

/// Folders of the corpora whose findings are read.
const FOLDERS: [&str; 6] = ["std", "L/django", "L/sqlalchemy", "L/homeassistant", "L/pandas", "L/twisted"];
/// So many lines are shown before a finding, and behind it.
const AROUND: (usize, usize) = (5, 2);

/// The command line.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Folder with the folders `std` and `L` of real code [default: target/corpora].
    #[arg(long)]
    corpora: Option<PathBuf>,
    /// Folders of it to look at.
    #[arg(long, value_delimiter = ',', default_values = FOLDERS)]
    folders: Vec<String>,
    /// Which sample to draw.
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// How many findings to print.
    #[arg(long, default_value_t = 100)]
    count: usize,
    /// Of those that legb is certain of only.
    #[arg(long)]
    certain: bool,
    /// Of these rules only, with commas between; by default of those that speak by default.
    #[arg(long)]
    select: Option<String>,
}

#[derive(Deserialize)]
struct Finding {
    rule: String,
    severity: String,
    certainty: String,
    message: String,
    path: String,
    range: Range,
    related: Vec<Related>,
}

#[derive(Deserialize)]
struct Related {
    path: String,
    range: Range,
    message: String,
}

#[derive(Deserialize)]
struct Range {
    start: Place,
}

#[derive(Deserialize)]
struct Place {
    line: usize,
    column: usize,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let legb = measured_runs::legb()?;
    let corpora = arguments.corpora.clone().unwrap_or_else(|| workspace::target().join("corpora"));
    let mut all = Vec::new();
    for folder in &arguments.folders {
        let root = corpora.join(folder);
        let mut found = findings(&legb, &root, arguments.select.as_deref())?;
        found.retain(|finding| !arguments.certain || finding.certainty == "certain");
        all.extend(found.into_iter().map(|finding| (lot(arguments.seed, folder, &finding), root.clone(), finding)));
    }
    all.sort_by_key(|(lot, ..)| *lot);
    println!("{} findings, of which {}:", all.len(), all.len().min(arguments.count));
    for (number, (_, root, finding)) in (1..).zip(all.iter().take(arguments.count)) {
        print(number, root, finding);
    }
    Ok(())
}

fn findings(legb: &Path, root: &Path, select: Option<&str>) -> anyhow::Result<Vec<Finding>> {
    let mut command = Command::new(legb);
    command.args(["check", "--isolated", "--no-cache", "--target-version", "3.13", "--format", "json"]);
    if let Some(rules) = select {
        command.args(["--select", rules]);
    }
    let output = command
        .arg(".")
        .current_dir(root)
        .output()
        .with_context(|| format!("cannot run legb in {}", root.display()))?;
    if output.stdout.is_empty() {
        bail!("legb says nothing of {}: {}", root.display(), String::from_utf8_lossy(&output.stderr).trim_end());
    }
    serde_json::from_slice(&output.stdout).context("legb's findings")
}

/// The number that a finding draws.
fn lot(seed: u64, folder: &str, finding: &Finding) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write_u64(seed);
    hasher.write(format!("{folder} {} {} {}", finding.path, finding.rule, finding.message).as_bytes());
    hasher.write_usize(finding.range.start.line);
    // The last step of the hash mixes little.
    hasher.finish().wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(32)
}

fn print(number: usize, root: &Path, finding: &Finding) {
    let Finding { rule, severity, certainty, message, path, range, .. } = finding;
    let (line, column) = (range.start.line, range.start.column);
    let folder = root.file_name().unwrap_or_default().to_string_lossy();
    println!("\n{number}. {folder}/{path}:{line}:{column} {rule} ({severity}, {certainty}): {message}");
    for related in &finding.related {
        println!("   {}:{}: {}", related.path, related.range.start.line, related.message);
    }
    let bytes = fs::read(root.join(path)).unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes);
    let own = finding.related.iter().filter(|related| related.path == *path).map(|related| related.range.start.line);
    // What explains the finding is shown with it, unless it is far away.
    let first =
        own.filter(|&other| other < line && line - other < 40).min().unwrap_or(line).min(line.saturating_sub(AROUND.0));
    for (at, content) in
        (1..).zip(text.lines()).skip(first.saturating_sub(1)).take_while(|&(at, _)| at <= line + AROUND.1)
    {
        println!("{}{at:6} | {content}", if at == line { ">" } else { " " });
    }
}
