//! The tutorial's programs: what legb predicts against what CPython printed.
//!
//! Every print that is claimed must be right, and so must the exception. How much must be claimed is said per program.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use legb_base::PyVersion;
use legb_eval::source::{Files, Packages};
use legb_eval::{Budget, Prediction, PrintKind, predict};
use legb_resolve::RealFs;
use serde::Deserialize;

use super::eval_stack::with_stack;
use super::{Figure, Needs, Options, Row};

pub(super) const ROW: Row = Row {
    name: "seed-blocks",
    about: "predicted output of the tutorial's programs (--truth: folder with truth.jsonl)",
    needs: Needs::Truth,
    measure,
};

/// Programs of which every line must be claimed.
const WHOLE: [&str; 12] = ["11", "12", "13", "14", "15", "17", "18", "24", "25", "26", "29", "30"];

#[derive(Deserialize)]
struct Recorded {
    case: String,
    python: String,
    argv: Vec<String>,
    stdout: String,
    exception: Option<RecordedException>,
}

#[derive(Deserialize)]
struct RecordedException {
    #[serde(rename = "type")]
    kind: String,
    message: String,
}

#[derive(Default)]
struct Tally {
    runs: usize,
    whole: usize,
    whole_claimed: usize,
    lines: usize,
    claimed: usize,
    wrong: Vec<String>,
}

fn measure(options: &Options) -> anyhow::Result<Figure> {
    let Some(truth) = options.truth.clone() else { bail!("name the folder with truth.jsonl: --truth DIR") };
    let rows = fs::read_to_string(truth.join("truth.jsonl")).context("cannot read truth.jsonl")?;
    let rows: Vec<Recorded> = rows.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
    let tally = with_stack(move || compare(&rows, &truth))??;
    for line in &tally.wrong {
        println!("  {line}");
    }
    Ok(Figure {
        measured: format!(
            "{} runs; {} of {} lines claimed, {} wrong claims; {} of {} runs that must be whole are",
            tally.runs,
            tally.claimed,
            tally.lines,
            tally.wrong.len(),
            tally.whole_claimed,
            tally.whole
        ),
        bound: "no wrong claim; every run that must be whole",
        holds: tally.wrong.is_empty() && tally.runs > 0 && tally.whole_claimed == tally.whole,
    })
}

fn compare(rows: &[Recorded], truth: &Path) -> anyhow::Result<Tally> {
    let mut tally = Tally::default();
    let mut folders: BTreeMap<String, tempfile::TempDir> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.argv.len() == 1) {
        if !folders.contains_key(&row.case) {
            folders.insert(row.case.clone(), case_folder(truth, &row.case)?);
        }
        let folder = folders[&row.case].path();
        let version: PyVersion = row.python.parse().with_context(|| format!("version {}", row.python))?;
        let fs = RealFs::new();
        let path = folder.join(&row.argv[0]).to_string_lossy().into_owned();
        let prediction =
            predict(&path, &row.argv[0], version, &Files { fs: &fs, packages: Packages::None }, Budget::default());
        judge(row, &prediction, folder, &mut tally);
    }
    Ok(tally)
}

/// A folder as the program found it: the block alone, or the files of its variant.
fn case_folder(truth: &Path, case: &str) -> anyhow::Result<tempfile::TempDir> {
    let folder = tempfile::tempdir()?;
    let variant = truth.join("variants").join(case);
    if variant.is_dir() {
        copy(&variant, folder.path())?;
    } else {
        fs::copy(truth.join(format!("{case}.py")), folder.path().join("block.py"))?;
    }
    Ok(folder)
}

fn copy(from: &Path, to: &Path) -> anyhow::Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target: PathBuf = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            fs::create_dir_all(&target)?;
            copy(&entry.path(), &target)?;
        } else {
            fs::write(&target, fs::read(entry.path())?)?;
        }
    }
    Ok(())
}

fn judge(row: &Recorded, prediction: &Prediction, folder: &Path, tally: &mut Tally) {
    tally.runs += 1;
    let folder = folder.to_string_lossy();
    let real = row.stdout.replace("$DIR", &folder);
    tally.lines += real.lines().count();
    let at = format!("{} on {}", row.case, row.python);
    let exception_right = match (&row.exception, &prediction.exception) {
        (None, None) => true,
        (Some(real), Some(ours)) => {
            let message = real.message.replace("$DIR", &folder);
            real.kind == ours.kind && ours.message.as_ref().is_none_or(|ours| *ours == message)
        }
        _ => false,
    };
    if let Some(stdout) = &prediction.stdout {
        tally.claimed += stdout.lines().count();
        if *stdout != real {
            tally.wrong.push(format!("{at}: the output differs"));
        }
        if !exception_right {
            tally.wrong.push(format!("{at}: the exception differs"));
        }
    } else {
        // Without the whole output a claimed text must at least be printed.
        for print in prediction.prints.iter().filter(|print| print.kind == PrintKind::Exact) {
            let text = print.text.as_deref().unwrap_or_default();
            tally.claimed += text.lines().count().max(1);
            if !real.contains(text) {
                tally.wrong.push(format!("{at}: line {} does not print {text:?}", print.line));
            }
        }
        if prediction.exception.is_some() && !exception_right {
            tally.wrong.push(format!("{at}: the exception differs"));
        }
    }
    if WHOLE.contains(&row.case.as_str()) {
        tally.whole += 1;
        tally.whole_claimed += usize::from(prediction.stdout.as_deref() == Some(&*real) && exception_right);
    }
}
