//! Logs that are random and damaged: nothing panics, nothing grows, and what is printed is JSON.

use legb_log::filtering::Filter;
use legb_log::output::counts::Counts;
use legb_log::output::json;
use legb_log::output::summary::Summary;
use legb_log::output::{summary_json, summary_text};
use legb_log::parsing::{Input, ReadOptions, Reader};
use legb_testkit::log_text;
use serde::de::IgnoredAny;

const SEEDS: u64 = 3_000;

#[test]
fn damaged_logs_are_read_to_their_end() {
    for seed in 0..SEEDS {
        let log = log_text::damaged(seed);
        let len = log.len();
        let mut reader = Reader::new(Input::memory("fuzz", log, 0), 0, ReadOptions::default());
        let (mut summary, mut counts, mut out) = (Summary::default(), Counts::new("user"), Vec::new());
        let filter = Filter { exceptions: vec!["KeyError".to_owned()], ..Filter::default() };
        let mut last = None;
        while let Some(record) = reader.next() {
            assert!(record.text().len() <= len * 8 + 64, "seed {seed}: a record larger than its log");
            assert!(last.is_none_or(|last| last < record.n()), "seed {seed}: records out of order");
            last = Some(record.n());
            out.clear();
            json::record(record, "fuzz", &|_| None, &mut out);
            let text = String::from_utf8(out.clone()).unwrap();
            serde_json::from_str::<IgnoredAny>(&text).unwrap_or_else(|error| panic!("seed {seed}: {error}: {text}"));
            filter.accepts(record);
            counts.add(record, "fuzz");
            summary.add(record);
        }
        assert_eq!(summary.records, last.map_or(0, |last| last + 1), "seed {seed}");
        summary_text(&summary, &|_| Vec::new());
        summary_json(&summary, &|_| (serde_json::Value::Null, None));
    }
}

#[test]
fn lines_of_a_log_belong_to_exactly_one_record() {
    for seed in 0..SEEDS {
        let log = log_text::whole(seed);
        let lines = log.split(|byte| *byte == b'\n').count() as u64 - 1;
        let mut reader = Reader::new(Input::memory("whole", log, 0), 0, ReadOptions::default());
        let mut counted = 0;
        while let Some(record) = reader.next() {
            counted += record.lines();
        }
        assert_eq!(counted, lines, "seed {seed}: {:?}", reader.detection());
    }
}

#[test]
fn a_first_line_of_any_length_is_a_record() {
    for len in [300 << 10, 5 << 20, 40 << 20] {
        let mut log = vec![b'x'; len];
        log.extend_from_slice(b"\n2026-02-28 10:15:03 INFO  app: next\n");
        let mut reader = Reader::new(Input::memory("long", log, 0), 0, ReadOptions::default());
        let mut services = Vec::new();
        while let Some(record) = reader.next() {
            services.push(record.service().map(<[u8]>::to_vec));
        }
        assert_eq!(services, [None, Some(b"app".to_vec())], "{len}");
    }
}
