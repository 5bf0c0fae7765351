//! The same events in many formats and transports: every record with its fields, every traceback, every group.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context;
use legb_log::parsing::{Input, ReadOptions, Reader};
use legb_log::{Record, fp1};
use serde_json::{Map, Value};

use super::super::{Figure, Needs, Options, Row};
use super::truth::{Sample, rows};

pub(in crate::prove) const ROW: Row = Row {
    name: "log-formats",
    about: "records, fields and tracebacks of logs in many formats (--truth DIR with formats-truth.jsonl)",
    needs: Needs::Truth,
    measure,
};

/// So many differences of a file are shown.
const SHOWN: usize = 3;

fn measure(options: &Options) -> anyhow::Result<Figure> {
    let folder = options.truth.as_deref().context("--truth DIR: the folder with formats-truth.jsonl and formats/")?;
    let samples: Vec<Sample> = rows(&folder.join("truth.jsonl"))?;
    let printed: BTreeMap<&str, &Sample> = samples
        .iter()
        .filter(|sample| sample.python == "3.13" && !sample.color)
        .map(|sample| (sample.scenario.as_str(), sample))
        .collect();
    let mut files: BTreeMap<String, Vec<Map<String, Value>>> = BTreeMap::new();
    for row in rows::<Map<String, Value>>(&folder.join("formats-truth.jsonl"))? {
        let file = row.get("file").and_then(Value::as_str).context("a row without a file")?;
        files.entry(file.to_owned()).or_default().push(row.clone());
    }
    let (mut equal, mut records) = (0, 0);
    for (name, truth) in &files {
        let input = Input::open(&folder.join(name)).with_context(|| format!("cannot read {name}"))?;
        let mut reader = Reader::new(input, 0, ReadOptions::default());
        let mut differences = Vec::new();
        let mut groups = (BTreeSet::new(), BTreeSet::new());
        let mut count = 0;
        while let Some(record) = reader.next() {
            match truth.get(count) {
                Some(row) => compare(record, row, &printed, &mut groups, &mut differences),
                None => differences.push("a record too many".to_owned()),
            }
            count += 1;
        }
        records += truth.len();
        if count != truth.len() {
            differences.push(format!("{count} records instead of {}", truth.len()));
        }
        if groups.0.len() != groups.1.len() {
            differences.push(format!("{} groups instead of {}", groups.0.len(), groups.1.len()));
        }
        equal += usize::from(differences.is_empty());
        for difference in differences.iter().take(SHOWN) {
            println!("  {name}: {difference}");
        }
    }
    let measured = format!("{equal} of {} files with {records} records", files.len());
    Ok(Figure { measured, bound: "all", holds: !files.is_empty() && equal == files.len() })
}

/// Compares a record with its row; collects fingerprints and scenarios of tracebacks.
fn compare(
    record: &Record,
    row: &Map<String, Value>,
    printed: &BTreeMap<&str, &Sample>,
    groups: &mut (BTreeSet<String>, BTreeSet<String>),
    differences: &mut Vec<String>,
) {
    let text = |bytes: &[u8]| Value::from(String::from_utf8_lossy(bytes).into_owned());
    let n = record.n();
    for (key, want) in row {
        let got = match key.as_str() {
            "file" | "tz" => continue,
            "n" => Value::from(n),
            "first_line" => Value::from(record.first_line()),
            "lines" => Value::from(record.lines()),
            "ts" => record.time().map_or(Value::Null, |time| Value::from(time.to_string())),
            "level" => record.level().map_or(Value::Null, |level| Value::from(level.as_str())),
            "service" => record.service().map_or(Value::Null, text),
            "message" => text(record.message()),
            "traceback" => {
                compare_trace(record, want, printed, groups, differences);
                continue;
            }
            name => match record.field(name) {
                Some(value) => text(&value.text()),
                None => Value::Null,
            },
        };
        let same =
            got == *want || got.as_str().is_some_and(|got| want.as_u64().is_some_and(|want| got.parse() == Ok(want)));
        if !same {
            differences.push(format!("record {n}: {key} is {got} instead of {want}"));
        }
    }
}

fn compare_trace(
    record: &Record,
    want: &Value,
    printed: &BTreeMap<&str, &Sample>,
    groups: &mut (BTreeSet<String>, BTreeSet<String>),
    differences: &mut Vec<String>,
) {
    let n = record.n();
    match (want.as_str(), record.tracebacks().as_slice()) {
        (None, []) => {}
        (Some(scenario), [trace]) => {
            groups.0.insert(fp1(trace));
            groups.1.insert(scenario.to_owned());
            // The texts of some scenarios are kept elsewhere.
            let Some(reported) = printed.get(scenario).and_then(|sample| sample.exceptions.first()) else { return };
            differences
                .extend(reported.exc.differences(trace).iter().map(|difference| format!("record {n}: {difference}")));
        }
        (want, got) => differences.push(format!("record {n}: {} tracebacks instead of {want:?}", got.len())),
    }
}
