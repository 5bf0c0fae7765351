//! `legb check` with the rules about names and scopes needs little more CPU time than reading and parsing the same files.

use super::measured_runs::{FILE_RULES, command, floor, in_turns, legb, median};
use super::{Figure, Needs, Options, Row};

pub(super) const ROW: Row = Row {
    name: "cpu-check",
    about: "CPU time of `legb check` (rules about one file) v. reading and parsing, one thread, corpus L",
    needs: Needs::Corpora,
    measure,
};

const ROUNDS: usize = 5;

/// Times the CPU time of reading and parsing.
const BOUND: f64 = 1.5;

fn measure(options: &Options) -> anyhow::Result<Figure> {
    let corpus = options.corpus("L")?;
    let check = ["check", "--no-cache", "--threads", "1", "--format", "concise", "--select", FILE_RULES];
    let runs = in_turns(ROUNDS, &[command(&legb()?, &check, &corpus), command(&floor()?, &[], &corpus)])?;
    let (check, floor) = (median(&runs[0], |run| run.cpu), median(&runs[1], |run| run.cpu));
    let ratio = check / floor;
    Ok(Figure {
        measured: format!("{ratio:.2} times ({check:.2} s v. {floor:.2} s, medians of {ROUNDS}), aim 1.35"),
        bound: "1.5 times",
        holds: ratio <= BOUND,
    })
}
