//! `legb check` gets through large bodies of real code: it ends as it promises, and no rule fails.
//!
//! Whether the findings are true is not asked here; their counts are printed for whoever reads a sample of them.

use std::collections::BTreeMap;
use std::process::Command;

use anyhow::{Context, bail};
use serde::Deserialize;

use super::{Figure, Needs, Options, Row, measured_runs};

pub(super) const ROW: Row = Row {
    name: "check-corpora",
    about: "`legb check` ends well on a standard library, Django and Home Assistant",
    needs: Needs::Corpora,
    measure,
};

/// Folders of the corpora, and what they hold.
const FOLDERS: [(&str, &str); 3] =
    [("std", "standard library"), ("S", "Django"), ("L/homeassistant", "Home Assistant")];

/// What a rule that fails reports.
const INTERNAL_ERROR: &str = "internal-error";

#[derive(Deserialize)]
struct Finding {
    rule: String,
    certainty: String,
    path: String,
    message: String,
}

fn measure(options: &Options) -> anyhow::Result<Figure> {
    let legb = measured_runs::legb()?;
    let (mut findings, mut internal, mut bad_ends) = (0, 0, 0);
    for (folder, label) in FOLDERS {
        let output = Command::new(&legb)
            .args(["check", "--no-cache", "--format", "json"])
            .arg(options.corpus(folder)?)
            .output()
            .context("cannot run legb")?;
        let status = output.status.code();
        if !matches!(status, Some(0 | 1)) {
            bad_ends += 1;
            println!("  {label}: {}: {}", output.status, String::from_utf8_lossy(&output.stderr).trim_end());
        }
        let found: Vec<Finding> =
            serde_json::from_slice(&output.stdout).with_context(|| format!("what legb prints about {label}"))?;
        if (status == Some(0)) != found.is_empty() {
            bail!("{label}: {} findings, but {}", found.len(), output.status);
        }
        println!("{label}: {} findings", found.len());
        let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        for finding in &found {
            *counts.entry((&finding.rule, &finding.certainty)).or_default() += 1;
            if finding.rule == INTERNAL_ERROR {
                internal += 1;
                println!("  {}: {}", finding.path, finding.message);
            }
        }
        for ((rule, certainty), count) in counts {
            println!("  {count:6}  {certainty:8}  {rule}");
        }
        findings += found.len();
    }
    Ok(Figure {
        measured: format!("{internal} of {findings} findings are internal errors, {bad_ends} runs failed"),
        bound: "0 and 0",
        holds: internal == 0 && bad_ends == 0,
    })
}
