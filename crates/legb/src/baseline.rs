//! The baseline: findings that are known and put up with, so that only new ones are reported.
//!
//! A finding is known by its path, its rule and the text of its line, so that it stays known when lines move. Of equal ones
//! so many are left out as the baseline holds.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, bail};
use legb_report::Entry;
use serde::{Deserialize, Serialize};

/// The file that is written where none is named.
pub(crate) const DEFAULT_FILE: &str = "legb-baseline.json";
/// The version of the format that is written and read.
const VERSION: u32 = 1;

/// The file as it is written.
#[derive(Debug, Serialize, Deserialize)]
struct Baseline {
    version: u32,
    findings: Vec<Known>,
}

/// Equal findings.
#[derive(Debug, Serialize, Deserialize)]
struct Known {
    path: String,
    rule: String,
    text: String,
    count: usize,
}

type Key = (String, String, String);

fn key(entry: &Entry) -> Key {
    let finding = &entry.finding;
    let line = finding.excerpt.iter().find(|line| line.line == finding.range.start.line);
    let text = line.map_or_else(String::new, |line| line.text.split_whitespace().collect::<Vec<_>>().join(" "));
    (finding.path.clone(), finding.rule.to_owned(), text)
}

/// Writes all findings, which must carry their source lines.
pub(crate) fn write(path: &Path, entries: &[Entry]) -> anyhow::Result<()> {
    let mut counts: BTreeMap<Key, usize> = BTreeMap::new();
    for entry in entries {
        *counts.entry(key(entry)).or_default() += 1;
    }
    let findings = counts.into_iter().map(|((path, rule, text), count)| Known { path, rule, text, count }).collect();
    let mut content = serde_json::to_string_pretty(&Baseline { version: VERSION, findings })?;
    content.push('\n');
    std::fs::write(path, content).with_context(|| format!("cannot write the baseline {}", path.display()))
}

/// Takes the findings out that a baseline holds, and says how many these were.
pub(crate) fn apply(path: &Path, entries: &mut Vec<Entry>) -> anyhow::Result<usize> {
    let name = path.display();
    let content = std::fs::read(path)
        .with_context(|| format!("cannot read the baseline {name}\n  help: `--write-baseline` makes one"))?;
    let value: serde_json::Value = serde_json::from_slice(&content)
        .with_context(|| format!("{name} is no baseline\n  help: `--write-baseline` makes one"))?;
    match value.get("version").and_then(serde_json::Value::as_u64) {
        Some(version) if version == u64::from(VERSION) => {}
        Some(version) => bail!(
            "{name} is a baseline of version {version}; this legb reads version {VERSION}\n  help: write it anew with `--write-baseline`"
        ),
        None => bail!("{name} is no baseline: it has no `version`\n  help: `--write-baseline` makes one"),
    }
    let baseline: Baseline = serde_json::from_value(value).with_context(|| {
        format!("{name} is no baseline that legb can read\n  help: write it anew with `--write-baseline`")
    })?;
    let mut left: BTreeMap<Key, usize> = BTreeMap::new();
    for known in baseline.findings {
        *left.entry((known.path, known.rule, known.text)).or_default() += known.count;
    }
    let before = entries.len();
    entries.retain(|entry| match left.get_mut(&key(entry)) {
        Some(count) if *count > 0 => {
            *count -= 1;
            false
        }
        _ => true,
    });
    Ok(before - entries.len())
}
