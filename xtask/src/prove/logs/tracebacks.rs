//! Every recorded exception is read from the text that the interpreter printed.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::Context;
use legb_log::parsing::{Input, ReadOptions, Reader, Traceback};

use super::super::{Figure, Needs, Options, Row};
use super::truth::{Sample, rows};

pub(in crate::prove) const ROW: Row = Row {
    name: "log-tracebacks",
    about: "exceptions read from what CPython 3.8 to 3.15 printed (--truth DIR with truth.jsonl)",
    needs: Needs::Truth,
    measure,
};

/// So many differences are shown.
const SHOWN: usize = 5;

fn measure(options: &Options) -> anyhow::Result<Figure> {
    let folder = options.truth.as_deref().context("--truth DIR: the folder with truth.jsonl and text/")?;
    let (mut all, mut good, mut texts) = (0, 0, 0);
    let mut bad: BTreeMap<String, usize> = BTreeMap::new();
    for name in ["truth.jsonl", "truth-wasm-3.14.jsonl", "truth-wasm-3.15.jsonl"] {
        for sample in rows::<Sample>(&folder.join(name))? {
            let traces = tracebacks(&folder.join(&sample.path))?;
            texts += 1;
            for reported in &sample.exceptions {
                all += 1;
                let differences: Vec<Vec<String>> =
                    traces.iter().map(|trace| reported.exc.differences(trace)).collect();
                if differences.iter().any(Vec::is_empty) {
                    good += 1;
                    continue;
                }
                let nearest = differences.into_iter().min_by_key(Vec::len).unwrap_or_default();
                if bad.values().sum::<usize>() < SHOWN {
                    println!("  {} ({}): {nearest:?}", sample.path, sample.python);
                }
                *bad.entry(sample.scenario.clone()).or_default() += 1;
            }
        }
    }
    Ok(Figure {
        measured: format!("{good} of {all} exceptions in {texts} texts"),
        bound: "all",
        holds: all > 0 && good == all,
    })
}

/// All tracebacks in a file.
fn tracebacks(path: &Path) -> anyhow::Result<Vec<Traceback>> {
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut reader = Reader::new(Input::memory("sample", bytes, 0), 0, ReadOptions::default());
    let mut found = Vec::new();
    while let Some(record) = reader.next() {
        found.extend(record.tracebacks());
    }
    Ok(found)
}
