//! Every Mermaid diagram of `legb explain` and `legb scopes` is one that the real parser of Mermaid accepts.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, bail};
use legb_base::PyVersion;

use super::{Figure, Needs, Options, Row, measured_runs};
use crate::corpus::library;
use crate::workspace;

pub(super) const ROW: Row = Row {
    name: "pictures",
    about: "diagrams of `explain` and `scopes` v. the parser of Mermaid, sample of the standard library",
    needs: Needs::Registry,
    measure,
};

const SCRIPT: &str = include_str!("pictures.mjs");
/// The parser, and the document that it asks for outside of a browser.
const PACKAGES: [&str; 2] = ["mermaid@12.3.0", "jsdom@29"];
/// Every n-th file of the library, and in it the names of every n-th line.
const STEP: usize = 60;

fn measure(_: &Options) -> anyhow::Result<Figure> {
    let legb = measured_runs::legb()?;
    let folder = workspace::target().join("mermaid");
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("pictures.mjs"), SCRIPT)?;
    let installed = Command::new("npm")
        .args(["install", "--silent", "--no-audit", "--no-fund"])
        .args(PACKAGES)
        .current_dir(&folder)
        .status()
        .context("cannot run npm")?;
    if !installed.success() {
        bail!("npm cannot install {}", PACKAGES.join(" and "));
    }
    let version: PyVersion = "3.13".parse().map_err(|_| anyhow::anyhow!("invariant: 3.13 is a version"))?;
    let mut drawn = Vec::new();
    for interpreter in workspace::interpreters(&[version])? {
        for (_, files) in library::sets(&interpreter, None, STEP)? {
            for file in files {
                draw(&legb, &file, &folder, &mut drawn)?;
            }
        }
    }
    let output = Command::new("node")
        .arg("pictures.mjs")
        .args(&drawn)
        .current_dir(&folder)
        .output()
        .context("cannot run node")?;
    let told = String::from_utf8_lossy(&output.stdout);
    let refused: Vec<&str> = told.lines().filter(|line| *line != "ok").collect();
    refused.iter().take(10).for_each(|line| println!("  {line}"));
    let parsed = told.lines().count();
    Ok(Figure {
        measured: format!("{} of {parsed} diagrams refused", refused.len()),
        bound: "0 of at least 50",
        holds: refused.is_empty() && parsed == drawn.len() && parsed >= 50,
    })
}

/// Draws the tree of a file and the ladders of some of its lines.
fn draw(legb: &Path, file: &Path, folder: &Path, drawn: &mut Vec<String>) -> anyhow::Result<()> {
    let text = fs::read(file)?;
    let lines = String::from_utf8_lossy(&text).lines().count();
    let places = (1..=lines).step_by(STEP).map(|line| ("explain", format!("{}:{line}", file.display())));
    for (command, target) in places.chain([("scopes", file.display().to_string())]) {
        let output = Command::new(legb)
            .args([command, "--quiet", "--isolated", "--target-version", "3.13", "--format", "mermaid", &target])
            .output()
            .context("cannot run legb")?;
        // A line without a name, or a file that is refused, has no picture.
        if output.status.success() {
            let path = folder.join(format!("{}.mmd", drawn.len()));
            fs::write(&path, &output.stdout)?;
            drawn.push(path.display().to_string());
        }
    }
    Ok(())
}
