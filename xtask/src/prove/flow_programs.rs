//! What legb is sure of about the reads of local variables never fails to be so when random functions run.
//!
//! An interpreter runs each function over many paths and counts how each read went. A read that legb calls unbound must never
//! succeed, one that it calls bound must never fail. Reads that no path came to say nothing, nor do those that legb is not
//! sure of.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::thread;

use anyhow::{Context, anyhow, bail};
use legb_base::{Dialect, PyVersion};
use legb_oracle::interpreter::Kind;
use legb_testkit::flow_program::{DRIVER, FlowProgram, ReadSite, flow_program};
use serde::Deserialize;

use super::claims::print_program;
use super::{Figure, Needs, Options, Row};
use crate::corpus::scopes::each_in_parallel;
use crate::{legb, workspace};

pub(super) const ROW: Row = Row {
    name: "flow-programs",
    about: "reads that legb calls bound or unbound, v. 2,000 random functions run by CPython 3.13",
    needs: Needs::Interpreters,
    measure,
};

const VERSION: &str = "3.13";

const PROGRAMS: u64 = 2000;

/// Programs that one process runs.
const BATCH: usize = 50;

/// Contradictions that are printed with their programs.
const SHOWN: usize = 3;

/// A read that fails raises, as it does in the program: what comes behind it is another path.
const MODE: &str = "--stop";

/// What the driver saw of one program.
#[derive(Deserialize)]
struct Counts {
    key: u64,
    /// How often each read succeeded and failed.
    #[serde(default)]
    reads: BTreeMap<usize, (u64, u64)>,
    #[serde(default)]
    error: Option<String>,
}

#[derive(Default)]
struct Tally {
    programs: usize,
    reads: usize,
    /// Reads that legb calls bound and that some path came to.
    bound: usize,
    /// Reads that legb calls unbound and that some path came to.
    unbound: usize,
    contradictions: Vec<Contradiction>,
}

struct Contradiction {
    seed: u64,
    words: String,
    source: String,
}

impl Tally {
    fn merge(&mut self, other: Self) {
        self.programs += other.programs;
        self.reads += other.reads;
        self.bound += other.bound;
        self.unbound += other.unbound;
        self.contradictions.extend(other.contradictions);
        self.contradictions.sort_unstable_by_key(|contradiction| contradiction.seed);
    }
}

fn measure(options: &Options) -> anyhow::Result<Figure> {
    let version: PyVersion = VERSION.parse().map_err(|_| anyhow!("{VERSION} is no version"))?;
    let interpreters = workspace::interpreters(&[version])?;
    let Some(Kind::Native { program, .. }) = interpreters.first().map(|interpreter| &interpreter.kind) else {
        bail!("probes run on a native CPython {version} only");
    };
    let seeds: Vec<u64> = (options.first_seed..options.first_seed + PROGRAMS).collect();
    let batches: Vec<&[u64]> = seeds.chunks(BATCH).collect();
    let run = |batch: &&[u64]| run_some(program.as_os_str(), version, batch);
    let tally = each_in_parallel(&batches, options.jobs, &run, Tally::merge)?;
    for Contradiction { seed, words, source } in tally.contradictions.iter().take(SHOWN) {
        println!("  contradiction in the program of seed {seed}: {words}");
        print_program(source);
    }
    Ok(Figure {
        measured: format!(
            "{} contradictions in {} programs with {} reads; of those that were run legb calls {} bound and {} unbound",
            tally.contradictions.len(),
            tally.programs,
            tally.reads,
            tally.bound,
            tally.unbound
        ),
        bound: "0 contradictions",
        holds: tally.contradictions.is_empty() && tally.bound > 0 && tally.unbound > 0,
    })
}

fn run_some(python: &OsStr, version: PyVersion, seeds: &[u64]) -> anyhow::Result<Tally> {
    let dialect = Dialect::of(version);
    let programs: BTreeMap<u64, FlowProgram> = seeds.iter().map(|&seed| (seed, flow_program(seed, &dialect))).collect();
    let mut ran = run_probes(python, &programs)?;
    let mut tally = Tally::default();
    for (&seed, program) in &programs {
        let sure = legb::sure_reads(&program.plain, version);
        let counts = ran.remove(&seed).unwrap_or_default();
        tally.programs += 1;
        tally.reads += program.reads.len();
        for read in &program.reads {
            let Some(&is_bound) = sure.get(&(read.line, read.column)) else {
                continue;
            };
            let Some(&(succeeded, failed)) = counts.get(&read.id) else {
                continue;
            };
            if is_bound {
                tally.bound += 1;
            } else {
                tally.unbound += 1;
            }
            if (is_bound && failed > 0) || (!is_bound && succeeded > 0) {
                let words = describe(read, is_bound, (succeeded, failed));
                tally.contradictions.push(Contradiction { seed, words, source: program.plain.clone() });
            }
        }
    }
    Ok(tally)
}

fn describe(read: &ReadSite, is_bound: bool, (succeeded, failed): (u64, u64)) -> String {
    format!(
        "line {}, column {}: legb calls `{}` {}, but it succeeded {succeeded} times and failed {failed} times",
        read.line,
        read.column,
        read.name,
        if is_bound { "bound" } else { "unbound" }
    )
}

type Reads = BTreeMap<usize, (u64, u64)>;

/// Runs the probes of programs in one process, and returns how their reads went.
fn run_probes(python: &OsStr, programs: &BTreeMap<u64, FlowProgram>) -> anyhow::Result<BTreeMap<u64, Reads>> {
    let mut child = Command::new(python)
        .args(["-I", "-S", "-B", "-c", DRIVER, MODE])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("cannot start the interpreter")?;
    let (Some(mut stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
        bail!("the interpreter's streams are not piped");
    };
    let tasks: Vec<String> = programs
        .iter()
        .map(|(seed, program)| format!("{}\n", serde_json::json!({"key": seed, "probe": program.probe})))
        .collect();
    // A process that dies closes the pipe; then rows are missing, which is noticed below.
    let writer = thread::spawn(move || tasks.iter().try_for_each(|task| stdin.write_all(task.as_bytes())));
    let mut reads = BTreeMap::new();
    for line in BufReader::new(stdout).lines() {
        let counts: Counts = serde_json::from_str(&line?).context("a row of the driver cannot be read")?;
        if let Some(error) = counts.error {
            bail!("the probe of seed {} does not run: {error}", counts.key);
        }
        reads.insert(counts.key, counts.reads);
    }
    let status = child.wait()?;
    let _ = writer.join();
    if !status.success() || reads.len() != programs.len() {
        bail!("the driver answered for {} of {} programs, {status}", reads.len(), programs.len());
    }
    Ok(reads)
}
