//! `legb cycles` gives every entry of every cycle its verdict for a small multiple of what the graph costs.

use super::measured_runs::{command, in_turns, legb, median};
use super::{Figure, Needs, Options, Row};

pub(super) const ROW: Row = Row {
    name: "cpu-cycles",
    about: "CPU time of `legb cycles --all` with verdicts v. `legb graph`, one thread, corpus L",
    needs: Needs::Corpora,
    measure,
};

const ROUNDS: usize = 3;
/// Times the CPU time of `legb graph`.
const BOUND: f64 = 10.0;

fn measure(options: &Options) -> anyhow::Result<Figure> {
    let corpus = options.corpus("L")?;
    let program = legb()?;
    let common = ["--no-cache", "--threads", "1", "--quiet"];
    let graph = [&["graph"][..], &common].concat();
    let all = [&["cycles", "--all"][..], &common].concat();
    let eager = [&["cycles"][..], &common].concat();
    let runs = in_turns(ROUNDS, &[graph, all, eager].map(|words| command(&program, &words, &corpus)))?;
    let [graph, all, eager] = [0, 1, 2].map(|place: usize| median(&runs[place], |run| run.cpu));
    Ok(Figure {
        measured: format!(
            "{:.1} times ({all:.2} s v. {graph:.2} s; cycles of eager imports alone {:.1} times; medians of {ROUNDS})",
            all / graph,
            eager / graph
        ),
        bound: "10 times",
        holds: all <= BOUND * graph,
    })
}
