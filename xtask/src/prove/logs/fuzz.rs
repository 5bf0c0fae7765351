//! No input breaks the reader of logs: random logs, and known ones damaged at random, for as long as is asked for.

use std::time::{Duration, Instant};

use legb_log::parsing::{Input, ReadOptions, Reader};
use legb_testkit::log_text;

use super::super::{Figure, Needs, Options, Row};

pub(in crate::prove) const ROW: Row = Row {
    name: "log-fuzz",
    about: "random and damaged logs for 30 minutes (--quick: ten seconds), other ones with --first-seed",
    needs: Needs::Truth,
    measure,
};

const LONG: Duration = Duration::from_mins(30);
const SHORT: Duration = Duration::from_secs(10);

/// Records take no more than this many times the bytes of their log.
const GROWTH: usize = 8;

fn measure(options: &Options) -> anyhow::Result<Figure> {
    let end = Instant::now() + if options.quick { SHORT } else { LONG };
    let (mut logs, mut records, mut bytes, mut grown) = (0_u64, 0_u64, 0_u64, 0_u64);
    let mut seed = options.first_seed;
    while Instant::now() < end {
        let log = log_text::damaged(seed);
        let len = log.len();
        let mut reader = Reader::new(Input::memory("fuzz", log, 0), 0, ReadOptions::default());
        let mut out = Vec::new();
        while let Some(record) = reader.next() {
            out.clear();
            legb_log::output::json::record(record, "fuzz", &|_| None, &mut out);
            serde_json::from_slice::<serde::de::IgnoredAny>(&out)
                .map_err(|error| anyhow::anyhow!("seed {seed}: what is printed is no JSON: {error}"))?;
            grown += u64::from(record.text().len() > GROWTH * len + 64);
            records += 1;
        }
        logs += 1;
        bytes += len as u64;
        seed += 1;
    }
    Ok(Figure {
        measured: format!(
            "{logs} logs, {records} records, {} MiB, no panic, {grown} records larger than their log",
            bytes >> 20
        ),
        bound: "no panic, no record larger than its log",
        holds: grown == 0 && logs > 0,
    })
}
