//! What is predicted of random programs is what CPython 3.8 to 3.13 prints when it runs them.
//!
//! Each call of `print` is compared in its order, and the exception that ends the program. A claim that does not hold is shown
//! with its seed and program.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::thread;

use anyhow::{Context, bail};
use legb_base::PyVersion;
use legb_eval::source::{Files, Packages};
use legb_eval::{Budget, Prediction, PrintKind, predict};
use legb_resolve::fs::MemoryFs;
use legb_testkit::eval_program::{DRIVER, eval_program};
use serde::Deserialize;

use super::claims::{Reasons, natives, percent, print_program};
use super::eval_stack::with_stack;
use super::{Figure, Needs, Options, Row};
use crate::corpus::scopes::each_in_parallel;

pub(super) const ROW: Row = Row {
    name: "eval-programs",
    about: "predicted output of 5,000 random programs (--quick: 600), run by CPython 3.8 to 3.13",
    needs: Needs::Interpreters,
    measure,
};

const PROGRAMS: u64 = 5000;
const QUICK: u64 = 600;

/// Programs that one process runs.
const BATCH: usize = 100;

/// Wrong claims that are printed.
const SHOWN: usize = 60;

/// What the driver saw of one program.
#[derive(Deserialize)]
struct Ran {
    key: u64,
    #[serde(default)]
    prints: Vec<(u32, String)>,
    #[serde(default)]
    exception: Option<(String, Option<String>)>,
    #[serde(default)]
    skipped: Option<String>,
}

#[derive(Default)]
struct Tally {
    runs: usize,
    prints: usize,
    claimed: usize,
    whole: usize,
    wrong: Vec<Wrong>,
    /// Why nothing more was claimed, with how often.
    reasons: Reasons,
}

struct Wrong {
    seed: u64,
    words: String,
}

impl Tally {
    fn merge(&mut self, other: Self) {
        self.runs += other.runs;
        self.prints += other.prints;
        self.claimed += other.claimed;
        self.whole += other.whole;
        self.wrong.extend(other.wrong);
        self.wrong.sort_by_key(|wrong| wrong.seed);
        self.reasons.merge(other.reasons);
    }
}

fn measure(options: &Options) -> anyhow::Result<Figure> {
    let programs = if options.quick { QUICK } else { PROGRAMS };
    let natives = natives()?;
    let seeds: Vec<u64> = (options.first_seed..options.first_seed + programs).collect();
    let tasks: Vec<(PyVersion, OsString, Vec<u64>)> = natives
        .iter()
        .flat_map(|(version, program)| seeds.chunks(BATCH).map(|batch| (*version, program.clone(), batch.to_vec())))
        .collect();
    let run = |(version, program, seeds): &(PyVersion, OsString, Vec<u64>)| run_some(program, *version, seeds);
    let tally = each_in_parallel(&tasks, options.jobs, &run, Tally::merge)?;
    show(&tally);
    Ok(Figure {
        measured: format!(
            "{} programs, {} runs: {} of {} prints claimed ({:.1} %), {} runs whole; {} wrong claims",
            programs,
            tally.runs,
            tally.claimed,
            tally.prints,
            percent(tally.claimed, tally.prints),
            tally.whole,
            tally.wrong.len()
        ),
        bound: "0 wrong claims; >= 90 % of prints claimed",
        holds: tally.wrong.is_empty() && tally.runs > 0 && tally.claimed * 100 >= tally.prints * 90,
    })
}

fn show(tally: &Tally) {
    for Wrong { seed, words } in tally.wrong.iter().take(SHOWN) {
        println!("  wrong about the program of seed {seed}: {words}");
    }
    let shortest = tally.wrong.iter().min_by_key(|wrong| eval_program(wrong.seed).len());
    if let Some(Wrong { seed, .. }) = shortest {
        println!("  the program of seed {seed}:");
        print_program(&eval_program(*seed));
    }
    tally.reasons.print(8);
}

fn run_some(python: &OsStr, version: PyVersion, seeds: &[u64]) -> anyhow::Result<Tally> {
    let programs: BTreeMap<u64, String> = seeds.iter().map(|&seed| (seed, eval_program(seed))).collect();
    let ran = run_programs(python, &programs)?;
    let predictions = with_stack(move || -> Vec<(u64, Prediction)> {
        let of = |text: &str| {
            let fs = MemoryFs::new([("/program.py", text)]);
            let files = Files { fs: &fs, packages: Packages::None };
            predict("/program.py", "program.py", version, &files, Budget::default())
        };
        programs.iter().map(|(&seed, text)| (seed, of(text))).collect()
    })?;
    let mut tally = Tally::default();
    for ((seed, prediction), ran) in predictions.iter().zip(&ran) {
        if ran.skipped.is_some() {
            continue;
        }
        judge(*seed, version, prediction, ran, &mut tally);
    }
    Ok(tally)
}

fn judge(seed: u64, version: PyVersion, prediction: &Prediction, ran: &Ran, tally: &mut Tally) {
    tally.runs += 1;
    tally.prints += ran.prints.len();
    let mut wrong = |words: String| tally.wrong.push(Wrong { seed, words: format!("on {version}, {words}") });
    let mut known = true;
    for (at, print) in prediction.prints.iter().enumerate() {
        if print.kind == PrintKind::Unknown {
            known = false;
            continue;
        }
        let claimed = (print.line, without_addresses(print.text.as_deref().unwrap_or_default()));
        let real = ran.prints.get(at).map(|(line, text)| (*line, without_addresses(text.trim_end_matches('\n'))));
        if real.as_ref().is_some_and(|real| real.0 == claimed.0 && real.1 == claimed.1.trim_end_matches('\n')) {
            tally.claimed += 1;
        } else {
            return wrong(format!("print {at} is not {claimed:?} but {real:?}"));
        }
    }
    if prediction.unknown.is_none() && known {
        tally.whole += 1;
        if prediction.prints.len() != ran.prints.len() {
            return wrong(format!("it prints {} times, not {}", ran.prints.len(), prediction.prints.len()));
        }
        let claimed =
            prediction.exception.as_ref().map(|e| (e.kind.clone(), e.message.as_deref().map(without_addresses)));
        let real = ran.exception.as_ref().map(|(kind, text)| (kind.clone(), text.as_deref().map(without_addresses)));
        let is_right = match (&claimed, &real) {
            (None, None) => true,
            (Some(ours), Some(real)) => ours.0 == real.0 && (ours.1.is_none() || real.1.is_none() || ours.1 == real.1),
            _ => false,
        };
        if !is_right {
            wrong(format!("it ends with {real:?}, not {claimed:?}"));
        }
    } else if let Some(reason) =
        prediction.unknown.as_ref().or_else(|| prediction.prints.iter().find_map(|print| print.reason.as_ref()))
    {
        let reason = reason.split(" (/program").next().unwrap_or_default();
        tally.reasons.add(reason);
    }
}

/// Addresses, written by an interpreter or left open by a prediction, are all alike.
fn without_addresses(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("0x") {
        let digits = after.len() - after.trim_start_matches(|c: char| c.is_ascii_hexdigit()).len();
        out.push_str(before);
        if let Some(after) = after.strip_prefix('…') {
            out.push('…');
            rest = after;
        } else if digits >= 6 {
            out.push('…');
            rest = &after[digits..];
        } else {
            out.push_str("0x");
            rest = after;
        }
    }
    out + rest
}

/// Runs programs in one process, and returns what they did in the order of their seeds.
fn run_programs(python: &OsStr, programs: &BTreeMap<u64, String>) -> anyhow::Result<Vec<Ran>> {
    let mut child = Command::new(python)
        .args(["-I", "-S", "-B", "-c", DRIVER])
        .env("PYTHONHASHSEED", "0")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("cannot start the interpreter")?;
    let (Some(mut stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
        bail!("the interpreter's streams are not piped");
    };
    let tasks: Vec<String> = programs
        .iter()
        .map(|(seed, source)| format!("{}\n", serde_json::json!({"key": seed, "source": source})))
        .collect();
    // A process that dies closes the pipe; then rows are missing, which is noticed below.
    let writer = thread::spawn(move || tasks.iter().try_for_each(|task| stdin.write_all(task.as_bytes())));
    let mut rows = Vec::new();
    for line in BufReader::new(stdout).lines() {
        let row: Ran = serde_json::from_str(&line?).context("a row of the driver cannot be read")?;
        rows.push(row);
    }
    let status = child.wait()?;
    let _ = writer.join();
    if !rows.iter().map(|row| row.key).eq(programs.keys().copied()) {
        bail!("the driver answered for {} of {} programs, {status}", rows.len(), programs.len());
    }
    Ok(rows)
}
