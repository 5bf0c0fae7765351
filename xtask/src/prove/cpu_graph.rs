//! `legb graph` needs a fraction of the CPU time of parsing the same files, and of that of ruff's graph.

use super::graph_edges::{ENVIRONMENT, PACKAGES};
use super::measured_runs::{command, floor, in_turns, legb, median};
use super::{Figure, Needs, Options, Row};
use crate::peers;

pub(super) const ROW: Row = Row {
    name: "cpu-graph",
    about: "CPU time of `legb graph` v. reading and parsing, and v. `ruff analyze graph`, one thread, corpus L",
    needs: Needs::Corpora,
    measure,
};

const ROUNDS: usize = 7;
/// Times the CPU time of reading and parsing.
const BOUND: f64 = 0.35;
/// Times faster than ruff.
const FASTER: f64 = 6.0;

fn measure(options: &Options) -> anyhow::Result<Figure> {
    let corpus = options.corpus("L")?;
    let ruff = peers::installed(ENVIRONMENT, &PACKAGES)?.join("ruff");
    let graph = ["graph", "--no-cache", "--threads", "1", "--quiet"];
    let mut theirs = command(&ruff, &["analyze", "graph", "--isolated", "--quiet"], &corpus);
    // ruff has no option for its number of threads.
    theirs.splice(0..0, ["env", "RAYON_NUM_THREADS=1"].map(Into::into));
    let commands = [command(&legb()?, &graph, &corpus), command(&floor()?, &[], &corpus), theirs];
    let runs = in_turns(ROUNDS, &commands)?;
    let [ours, floor, ruff] = [0, 1, 2].map(|place: usize| median(&runs[place], |run| run.cpu));
    let (share, faster) = (ours / floor, ruff / ours);
    Ok(Figure {
        measured: format!(
            "{share:.2} times reading and parsing, {faster:.1} times faster than ruff \
             ({ours:.2} s v. {floor:.2} s and {ruff:.2} s, medians of {ROUNDS})"
        ),
        bound: "0.35 times, 6 times faster",
        holds: share <= BOUND && faster >= FASTER,
    })
}
