//! What the arguments of `legb logs` ask for: how to read, which records, and when to fail.

use std::collections::VecDeque;
use std::fs;
use std::io;

use anyhow::{Context, anyhow, bail};
use globset::GlobBuilder;
use jiff::tz::{Offset, TimeZone};
use legb_config::LogSettings;
use legb_log::filtering::{Filter, TimeContext};
use legb_log::output::summary::known_fingerprints;
use legb_log::parsing::{FormatChoice, OwnFormat, ReadOptions};
use legb_log::{Level, Record, Timestamp, fp1};
use regex::bytes::{Regex, RegexBuilder};

use crate::args::{LogOutputArgs, LogsArgs};

/// How the logs are to be read, by arguments and settings.
pub(super) fn read_options(args: &LogsArgs, settings: &LogSettings) -> anyhow::Result<ReadOptions> {
    let format = args.format_in.as_deref().map(FormatChoice::parse).transpose();
    let format = format.map_err(|error| anyhow!("--format-in: {error}"))?;
    let own = settings.formats.iter().map(|(name, set)| {
        OwnFormat::new(name, &set.value).map_err(|error| anyhow!("{}: `logs.formats.{name}`: {error}", set.place))
    });
    Ok(ReadOptions { zone: zone(&args.tz)?, format, own: own.collect::<anyhow::Result<_>>()?, hold_incomplete: false })
}

fn zone(text: &str) -> anyhow::Result<TimeZone> {
    match text.to_ascii_lowercase().as_str() {
        "local" => return Ok(TimeZone::system()),
        "utc" | "z" => return Ok(TimeZone::UTC),
        _ => {}
    }
    if let Some(offset) = offset(text) {
        return Ok(TimeZone::fixed(offset));
    }
    TimeZone::get(text).map_err(|_| {
        anyhow!("--tz: `{text}` is no zone; write `local`, `utc`, `+02:00`, or a name such as `Europe/Berlin`")
    })
}

/// `+02:00`, `-0530`, `+2`.
fn offset(text: &str) -> Option<Offset> {
    let sign = match text.chars().next()? {
        '+' => 1,
        '-' => -1,
        _ => return None,
    };
    let digits: String = text[1..].chars().filter(|character| *character != ':').collect();
    let (hours, minutes) = match digits.len() {
        1 | 2 => (digits.parse::<i32>().ok()?, 0),
        4 => (digits[..2].parse().ok()?, digits[2..].parse().ok()?),
        _ => return None,
    };
    Offset::from_seconds(sign * (hours * 3_600 + minutes * 60)).ok()
}

/// Which records are wanted, and how many.
pub(super) struct Wanted {
    filter: Filter,
    head: Option<usize>,
    tail: Option<usize>,
    last: VecDeque<Record>,
    taken: usize,
}

impl Wanted {
    pub(super) fn new(args: &LogsArgs) -> anyhow::Result<Self> {
        let now = jiff::Timestamp::now();
        let now = Timestamp { seconds: now.as_second(), nanos: now.subsec_nanosecond().unsigned_abs(), digits: 9 };
        let context = TimeContext { now, zone: zone(&args.tz)? };
        let wanted = &args.filter;
        let point = |flag: &str, text: &Option<String>| {
            let found = text.as_deref().map(|text| context.point(text)).transpose();
            found.map_err(|error| anyhow!("{flag}: {error}"))
        };
        let frames = wanted.frame.iter().map(|glob| {
            let glob = GlobBuilder::new(glob)
                .literal_separator(false)
                .build()
                .with_context(|| format!("--frame: `{glob}`"))?;
            Ok(glob.compile_matcher())
        });
        let filter = Filter {
            level: wanted.level,
            since: point("--since", &wanted.since)?,
            until: point("--until", &wanted.until)?,
            grep: patterns("--grep", &wanted.grep)?,
            not: patterns("--not", &wanted.not)?,
            conditions: wanted.conditions.clone(),
            services: wanted.service.clone(),
            exceptions: wanted.exc.clone(),
            frames: frames.collect::<anyhow::Result<_>>()?,
            fingerprints: wanted.fp.clone(),
        };
        Ok(Self { filter, head: wanted.head, tail: wanted.tail, last: VecDeque::new(), taken: 0 })
    }

    /// Hands a record to `take` if it is wanted; false when no more are.
    pub(super) fn offer(
        &mut self,
        record: &Record,
        take: &mut dyn FnMut(&Record) -> io::Result<()>,
    ) -> io::Result<bool> {
        if self.head.is_some_and(|head| self.taken >= head) {
            return Ok(false);
        }
        if !self.filter.is_empty() && !self.filter.accepts(record) {
            return Ok(true);
        }
        self.taken += 1;
        let Some(tail) = self.tail else {
            take(record)?;
            return Ok(self.head.is_none_or(|head| self.taken < head));
        };
        // The memory of the record that falls out is used again.
        let mut slot = if self.last.len() >= tail { self.last.pop_front() } else { None }.unwrap_or_default();
        slot.clone_from(record);
        if tail > 0 {
            self.last.push_back(slot);
        }
        Ok(true)
    }

    /// Hands over the last records, if only those were wanted; later ones are wanted as they come.
    pub(super) fn rest(&mut self, take: &mut dyn FnMut(&Record) -> io::Result<()>) -> io::Result<()> {
        self.tail = None;
        std::mem::take(&mut self.last).iter().try_for_each(take)
    }
}

fn patterns(flag: &str, texts: &[String]) -> anyhow::Result<Vec<Regex>> {
    let compile = |text: &String| {
        let regex = RegexBuilder::new(text).multi_line(true).build();
        regex.map_err(|error| anyhow!("{flag}: `{text}` is no regular expression: {error}"))
    };
    texts.iter().map(compile).collect()
}

/// Whether the run is to fail, by what the records say.
pub(super) struct Verdict {
    level: Option<Level>,
    fails_on_new: bool,
    known: Option<Vec<String>>,
    fails: bool,
}

impl Verdict {
    pub(super) fn new(args: &LogOutputArgs) -> anyhow::Result<Self> {
        let known = match &args.baseline {
            Some(path) => {
                let text =
                    fs::read_to_string(path).with_context(|| format!("cannot read the baseline {}", path.display()))?;
                let known = known_fingerprints(&text);
                Some(known.map_err(|error| anyhow!("the baseline {} cannot be used: {error}", path.display()))?)
            }
            None => None,
        };
        let (level, fails_on_new) = match args.fail_on.as_deref() {
            None => (None, false),
            Some("new") if known.is_none() => {
                bail!(
                    "`--fail-on new` needs a baseline: write one with `legb logs --format json FILE > known.json` and name it \
                       with `--baseline known.json`"
                )
            }
            Some("new") => (None, true),
            Some(text) => (Some(text.parse().map_err(|error| anyhow!("--fail-on: {error}, or `new`"))?), false),
        };
        Ok(Self { level, fails_on_new, known, fails: false })
    }

    /// Looks at a record that is wanted.
    pub(super) fn see(&mut self, record: &Record) {
        if self.fails {
            return;
        }
        if self.level.is_some() && record.level() >= self.level {
            self.fails = true;
        }
        if self.fails_on_new {
            self.fails = record.tracebacks().iter().any(|trace| self.is_new(&fp1(trace)));
        }
    }

    /// Whether there is a baseline that does not know a fingerprint.
    pub(super) fn is_new(&self, fingerprint: &str) -> bool {
        self.known.as_ref().is_some_and(|known| !known.iter().any(|known| known == fingerprint))
    }

    pub(super) fn fails(&self) -> bool {
        self.fails
    }
}
