//! `legb graph` needs not much more memory than ruff's graph does.

use super::graph_edges::{ENVIRONMENT, PACKAGES};
use super::measured_runs::{command, in_turns, legb, median};
use super::{Figure, Needs, Options, Row};
use crate::peers;

pub(super) const ROW: Row = Row {
    name: "memory-graph",
    about: "peak memory of `legb graph` v. `ruff analyze graph`, two threads, corpus L",
    needs: Needs::Corpora,
    measure,
};

const ROUNDS: usize = 3;
/// Times ruff's peak.
const BOUND: f64 = 1.5;

fn measure(options: &Options) -> anyhow::Result<Figure> {
    let corpus = options.corpus("L")?;
    let ruff = peers::installed(ENVIRONMENT, &PACKAGES)?.join("ruff");
    let graph = ["graph", "--no-cache", "--threads", "2", "--quiet"];
    let mut theirs = command(&ruff, &["analyze", "graph", "--isolated", "--quiet"], &corpus);
    // ruff has no option for its number of threads.
    theirs.splice(0..0, ["env", "RAYON_NUM_THREADS=2"].map(Into::into));
    let runs = in_turns(ROUNDS, &[command(&legb()?, &graph, &corpus), theirs])?;
    let [ours, ruff] = [0, 1].map(|place: usize| median(&runs[place], |run| run.peak));
    let ratio = ours / ruff;
    Ok(Figure {
        measured: format!("{ratio:.2} times ({ours:.0} MiB v. {ruff:.0} MiB, medians of {ROUNDS})"),
        bound: "1.5 times",
        holds: ratio <= BOUND,
    })
}
