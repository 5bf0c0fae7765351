//! `legb check` with the rules about names and scopes needs not much more memory than ruff's rules about names do.

use super::measured_runs::{FILE_RULES, command, in_turns, legb, median};
use super::{Figure, Needs, Options, Row};

pub(super) const ROW: Row = Row {
    name: "memory-check",
    about: "peak memory of `legb check` (rules about one file) v. ruff (--ruff PROGRAM), two threads, corpus L",
    needs: Needs::Corpora,
    measure,
};

const ROUNDS: usize = 3;

/// Times ruff's peak.
const BOUND: f64 = 1.5;

/// MiB; where there is no ruff to compare with.
const BOUND_ALONE: f64 = 130.0;

fn measure(options: &Options) -> anyhow::Result<Figure> {
    let corpus = options.corpus("L")?;
    let check = ["check", "--no-cache", "--threads", "2", "--format", "concise", "--select", FILE_RULES];
    let mut commands = vec![command(&legb()?, &check, &corpus)];
    if let Some(ruff) = &options.ruff {
        let names = ["check", "--isolated", "--no-cache", "--quiet", "--select", "F"];
        let mut ruff = command(ruff, &names, &corpus);
        // ruff has no option for its number of threads.
        ruff.splice(0..0, ["env", "RAYON_NUM_THREADS=2"].map(Into::into));
        commands.push(ruff);
    }
    let runs = in_turns(ROUNDS, &commands)?;
    let check = median(&runs[0], |run| run.peak);
    Ok(match runs.get(1) {
        Some(ruff) => {
            let ruff = median(ruff, |run| run.peak);
            let ratio = check / ruff;
            Figure {
                measured: format!("{ratio:.2} times ({check:.0} MiB v. {ruff:.0} MiB, medians of {ROUNDS})"),
                bound: "1.5 times",
                holds: ratio <= BOUND,
            }
        }
        None => Figure {
            measured: format!("{check:.0} MiB (median of {ROUNDS})"),
            bound: "130 MiB",
            holds: check <= BOUND_ALONE,
        },
    })
}
