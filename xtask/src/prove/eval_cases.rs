//! Recorded programs about what is hard for an evaluator: every answer is right, or honestly unknown.
//!
//! The programs lie in `fixtures/eval/cases.py`, what CPython 3.8 to 3.13 did with them in `recorded.jsonl` beside
//! (`cargo xtask oracle record`). Each was run with an unknown condition true and false; a claim must hold for both.

use std::fs;

use anyhow::Context;
use legb_eval::source::{Files, Packages};
use legb_eval::{Budget, Prediction, PrintKind, predict};
use legb_resolve::fs::MemoryFs;

use super::claims::percent;
use super::eval_stack::with_stack;
use super::{Figure, Needs, Options, Row};
use crate::oracle::eval_cases::{Case, Outcome, Recorded, cases, recorded};
use crate::workspace;

pub(super) const ROW: Row = Row {
    name: "eval-cases",
    about: "predicted output of recorded programs: unknown conditions, handlers, metaclasses, generators, callbacks…",
    needs: Needs::Nothing,
    measure,
};

#[derive(Default)]
struct Tally {
    runs: usize,
    whole: usize,
    lines: usize,
    claimed: usize,
    wrong: Vec<String>,
}

fn measure(_: &Options) -> anyhow::Result<Figure> {
    let folder = workspace::root().join("fixtures").join("eval");
    let text = fs::read_to_string(folder.join("cases.py")).context("cannot read the cases")?;
    let cases = cases(&text);
    let rows = recorded(&folder.join("recorded.jsonl"))?;
    let count = cases.len();
    let tally = with_stack(move || {
        let mut tally = Tally::default();
        for row in &rows {
            match cases.iter().find(|case| case.title == row.case) {
                Some(case) => judge(case, row, &mut tally),
                None => tally.wrong.push(format!("{}: recorded, but no case", row.case)),
            }
        }
        tally
    })?;
    tally.wrong.iter().for_each(|line| println!("  {line}"));
    Ok(Figure {
        measured: format!(
            "{count} cases, {} runs: {} wrong; {} claimed whole ({:.1} %), {} of {} lines claimed ({:.1} %)",
            tally.runs,
            tally.wrong.len(),
            tally.whole,
            percent(tally.whole, tally.runs),
            tally.claimed,
            tally.lines,
            percent(tally.claimed, tally.lines)
        ),
        bound: "0 wrong; >= 120 cases; >= 85 % of lines claimed",
        holds: tally.wrong.is_empty() && count >= 120 && tally.claimed * 100 >= tally.lines * 85,
    })
}

fn judge(case: &Case, row: &Recorded, tally: &mut Tally) {
    let files: Vec<(String, &str)> = case.files.iter().map(|(name, text)| (format!("/case/{name}"), &**text)).collect();
    let memory = MemoryFs::new(files.iter().map(|(name, text)| (&**name, *text)));
    for outcome in &row.outcomes {
        for version in &outcome.versions {
            let Ok(version) = version.parse() else { continue };
            let source = Files { fs: &memory, packages: Packages::None };
            let prediction = predict("/case/main.py", "main.py", version, &source, Budget::default());
            tally.runs += 1;
            tally.lines += outcome.stdout.lines().count();
            let at = format!("{} on {version}, condition {}", case.title, row.condition);
            if let Err(reason) = compare(&prediction, outcome, case.files.len() == 1, tally) {
                tally.wrong.push(format!("{at}: {reason}"));
            }
        }
    }
}

fn compare(prediction: &Prediction, real: &Outcome, is_alone: bool, tally: &mut Tally) -> Result<(), String> {
    let known = prediction.prints.iter().take_while(|print| print.kind == PrintKind::Exact);
    let mut text = String::new();
    for print in known {
        text.push_str(print.text.as_deref().unwrap_or_default());
        text.push('\n');
    }
    // The prints of other files are not listed.
    if is_alone && !real.stdout.starts_with(&text) {
        return Err(format!("prints {:?}, not {text:?}", real.stdout));
    }
    tally.claimed += text.lines().count();
    let Some(stdout) = &prediction.stdout else { return Ok(()) };
    if *stdout != real.stdout {
        return Err(format!("prints {:?}, not {stdout:?}", real.stdout));
    }
    let is_right = match (&prediction.exception, &real.exception) {
        (None, None) => true,
        (Some(ours), Some((kind, message))) => {
            ours.kind == *kind && ours.message.as_ref().is_none_or(|ours| ours == message)
        }
        _ => false,
    };
    if !is_right {
        return Err(format!("ends with {:?}, not {:?}", real.exception, prediction.exception));
    }
    tally.whole += 1;
    Ok(())
}
