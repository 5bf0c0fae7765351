//! Verdicts and chains of `legb contracts` are those of import-linter, asked now, on projects for each kind of contract and option.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::Context;
use legb_testkit::contracts::{answer, projects};

use super::measured_runs::legb;
use super::{Figure, Needs, Options, Row};
use crate::oracle::contracts;
use crate::workspace;

pub(super) const ROW: Row = Row {
    name: "contracts-import-linter",
    about: "verdicts and chains of contracts v. import-linter",
    needs: Needs::Registry,
    measure,
};

fn measure(_: &Options) -> anyhow::Result<Figure> {
    let legb = legb()?;
    let (mut contracts, mut chains, mut different) = (0, 0, 0);
    for page in contracts::pages()? {
        let text = fs::read_to_string(&page).with_context(|| format!("cannot read {}", page.display()))?;
        let projects = projects(&text);
        for (project, theirs) in projects.iter().zip(contracts::answers(&projects)?) {
            let folder = workspace::target().join("contracts").join("project");
            contracts::write_anew(project, &folder)?;
            let ours = said(&legb, &folder)?;
            contracts += theirs.lines().filter(|line| !line.starts_with("  ")).count();
            chains += theirs.lines().filter(|line| line.starts_with("  ") && line.contains(" => ")).count();
            // What import-linter finds invalid, legb may refuse to read.
            let comparable = |line: &&str| !line.starts_with("invalid ") || ours.lines().any(|ours| ours == *line);
            if theirs.lines().filter(comparable).ne(ours.lines()) {
                different += 1;
                println!("{}: import-linter says\n{theirs}legb says\n{ours}", project.heading);
            }
        }
    }
    Ok(Figure {
        measured: format!("{different} projects differ, of {contracts} contracts with {chains} chains"),
        bound: "0",
        holds: different == 0 && contracts > 0,
    })
}

fn said(legb: &Path, folder: &Path) -> anyhow::Result<String> {
    let output = Command::new(legb)
        .args(["contracts", "--format", "json", "--no-cache"])
        .arg(folder)
        .output()
        .context("cannot run legb")?;
    let rows = serde_json::from_slice(&output.stdout)
        .with_context(|| format!("what legb prints: {}", String::from_utf8_lossy(&output.stderr)))?;
    Ok(answer(&rows))
}
