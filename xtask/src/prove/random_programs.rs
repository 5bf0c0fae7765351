//! Symbol tables and errors of random programs full of scopes equal the interpreter's, for every version that runs natively.
//!
//! Nothing is forgiven: an error counts with its type, message, line, column and end, whichever stage raises it.

use legb_base::{Dialect, PyVersion};
use legb_oracle::Interpreter;
use legb_oracle::interpreter::wasm_package;
use legb_oracle::run::{Request, RunError, Script, ask_each};
use legb_oracle::wire::SymtableRow;
use legb_testkit::program::program;

use super::{Figure, Needs, Options, Row};
use crate::corpus::scopes::in_parallel;
use crate::{legb, workspace};
use legb_oracle::compare::{Verdict, compare};

pub(super) const ROW: Row = Row {
    name: "random-programs",
    about: "tables and errors of random programs v. CPython 3.8 to 3.13",
    needs: Needs::Interpreters,
    measure,
};

/// Programs for each version: six versions make 60,000.
const PROGRAMS: u64 = 10_000;

/// The same of a quick run: 21,000.
const QUICK_PROGRAMS: u64 = 3500;

/// Seeds set apart for each version, so that no two versions share a program's seed.
const SEEDS: u64 = 1_000_000;

/// Differences that are printed with their programs.
const SHOWN: usize = 3;

#[derive(Default)]
struct Tally {
    programs: usize,
    /// Programs that CPython refuses.
    refused: usize,
    /// Programs that break the compiler itself.
    broken: usize,
    differing: Vec<Difference>,
}

struct Difference {
    seed: u64,
    words: String,
    source: String,
}

impl Tally {
    fn merge(&mut self, other: Self) {
        self.programs += other.programs;
        self.refused += other.refused;
        self.broken += other.broken;
        self.differing.extend(other.differing);
        self.differing.sort_unstable_by_key(|difference| difference.seed);
    }
}

fn measure(options: &Options) -> anyhow::Result<Figure> {
    let versions: Vec<PyVersion> =
        PyVersion::ALL.into_iter().filter(|&version| wasm_package(version).is_none()).collect();
    let (mut programs, mut refused, mut differing) = (0, 0, 0);
    for (interpreter, block) in workspace::interpreters(&versions)?.iter().zip(0..) {
        let first = options.first_seed + block * SEEDS;
        let count = if options.quick { QUICK_PROGRAMS } else { PROGRAMS };
        let seeds: Vec<u64> = (first..first + count).collect();
        let tally = in_parallel(&seeds, options.jobs, &|seeds| compare_some(interpreter, seeds), Tally::merge)?;
        println!(
            "{}: {} programs from seed {first}, {} of them refused by CPython, {} break its compiler, {} differ",
            interpreter.version,
            tally.programs,
            tally.refused,
            tally.broken,
            tally.differing.len()
        );
        for Difference { seed, words, source } in tally.differing.iter().take(SHOWN) {
            println!("  {} differs in the program of seed {seed}: {words}", interpreter.version);
            source.lines().for_each(|line| println!("    {line}"));
        }
        programs += tally.programs;
        refused += tally.refused;
        differing += tally.differing.len();
    }
    Ok(Figure {
        measured: format!("{differing} of {programs} programs differ ({refused} are refused by CPython)"),
        bound: "0 programs",
        holds: differing == 0 && programs > 0,
    })
}

/// Whether the compiler of 3.12 met a state that it does not expect (`__class__` in comprehensions of class bodies). Which
/// programs break it depends on its inner order, and the message dumps its tables, so these are counted, not compared.
fn compiler_broke(row: &SymtableRow) -> bool {
    row.exception.as_deref() == Some("SystemError")
}

fn compare_some(interpreter: &Interpreter, seeds: &[u64]) -> anyhow::Result<Tally> {
    let version = interpreter.version;
    let dialect = Dialect::of(version);
    let name = |seed: u64| format!("seed{seed}.py");
    let sources: Vec<String> = seeds.iter().map(|&seed| program(seed, &dialect)).collect();
    let requests: Vec<Request> = seeds
        .iter()
        .zip(&sources)
        .map(|(&seed, source)| Request::Source { name: name(seed), bytes: source.clone().into_bytes() })
        .collect();
    let mut tally = Tally::default();
    let mut failure = None;
    ask_each(
        interpreter,
        Script::Symtable { compile: true },
        &requests,
        |n, answer: Result<SymtableRow, RunError>| {
            let (seed, source) = (seeds[n], &sources[n]);
            tally.programs += 1;
            let verdict = match answer {
                Err(reason) => Verdict::Differs(format!("no answer: {reason}")),
                Ok(truth) => {
                    tally.refused += usize::from(!truth.ok);
                    match legb::symtable_row(&name(seed), source.as_bytes(), version) {
                        Ok(ours) if compiler_broke(&truth) || compiler_broke(&ours) => {
                            tally.broken += 1;
                            Verdict::Identical
                        }
                        Ok(ours) => compare(&truth, &ours),
                        Err(error) => {
                            failure = Some(error);
                            return;
                        }
                    }
                }
            };
            match verdict {
                Verdict::Identical => {}
                Verdict::Alike(words) | Verdict::Grammar(words) | Verdict::Differs(words) => {
                    tally.differing.push(Difference { seed, words, source: source.clone() });
                }
            }
        },
    )?;
    failure.map_or(Ok(tally), Err)
}
