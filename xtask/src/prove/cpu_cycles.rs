//! `legb cycles` gives every entry of every cycle its verdict for a small multiple of what the graph costs, and gives it again
//! for about as much.

use anyhow::Context;

use super::measured_runs::{command, in_turns, legb, median};
use super::{Figure, Needs, Options, Row};

pub(super) const ROW: Row = Row {
    name: "cpu-cycles",
    about: "CPU time of `legb cycles --all` with verdicts, without and with a cache, v. `legb graph`, one thread, corpus L",
    needs: Needs::Corpora,
    measure,
};

const ROUNDS: usize = 3;
/// Times the CPU time of `legb graph`.
const BOUND: f64 = 10.0;
/// The same where the answer is in the cache.
const BOUND_WARM: f64 = 1.2;

fn measure(options: &Options) -> anyhow::Result<Figure> {
    let corpus = options.corpus("L")?;
    let program = legb()?;
    let common = ["--no-cache", "--threads", "1", "--quiet"];
    let graph = [&["graph"][..], &common].concat();
    let all = [&["cycles", "--all"][..], &common].concat();
    let eager = [&["cycles"][..], &common].concat();
    let cache = tempfile::tempdir().context("cannot make a folder")?;
    let folder = cache.path().to_string_lossy().into_owned();
    let warm = ["cycles", "--all", "--cache-dir", &folder, "--threads", "1", "--quiet"].to_vec();
    // The first of these runs fills the cache; the median is of those that find it filled.
    let runs = in_turns(ROUNDS, &[graph, all, eager, warm].map(|words| command(&program, &words, &corpus)))?;
    let [graph, all, eager, warm] = [0, 1, 2, 3].map(|place: usize| median(&runs[place], |run| run.cpu));
    Ok(Figure {
        measured: format!(
            "{:.1} times ({all:.2} s v. {graph:.2} s; cycles of eager imports alone {:.1} times), from the cache {:.2} times; \
             medians of {ROUNDS}",
            all / graph,
            eager / graph,
            warm / graph
        ),
        bound: "10 times, 1.2 from the cache",
        holds: all <= BOUND * graph && warm <= BOUND_WARM * graph,
    })
}
