//! Alerts: to standard error, to a file, or to a command that gets the record on its standard input.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow};
use legb_log::Record;
use legb_log::filtering::duration;
use legb_log::following::{Alert, Alerts};
use legb_log::output::json;

use crate::args::LogFollowArgs;
use crate::output;

use super::sources::Sources;

/// Commands that still run at the end are waited for so long.
const LAST_WAIT: Duration = Duration::from_secs(10);

/// Where alerts go.
enum Target {
    Stderr,
    File(PathBuf, File),
    Command(Vec<String>),
}

/// Raises alerts.
pub(super) struct Alerting {
    alerts: Alerts,
    target: Target,
    running: Vec<Child>,
    limit: usize,
    /// The time of the first record, for logs that are read afterwards: their clock is the time of the records.
    first: Option<i64>,
    now: Duration,
}

impl Alerting {
    /// What the arguments ask for; none if no alert is.
    pub(super) fn new(args: &LogFollowArgs) -> anyhow::Result<Option<Self>> {
        if args.alert.is_empty() {
            return Ok(None);
        }
        let usage = || anyhow!("--rate: write N/SPAN, such as `3/10s`, instead of `{}`", args.rate);
        let (count, span) = args.rate.split_once('/').ok_or_else(usage)?;
        let count = count.trim().parse().map_err(|_| usage())?;
        let span = duration(span).map_err(|error| anyhow!("--rate: {error}"))?;
        let target = if let Some(command) = &args.exec {
            let words = shlex::split(command).filter(|words| !words.is_empty());
            Target::Command(words.ok_or_else(|| anyhow!("--exec: `{command}` is no command: a quote is not closed"))?)
        } else if let Some(path) = &args.webhook_file {
            let file = OpenOptions::new().create(true).append(true).open(path);
            Target::File(
                path.clone(),
                file.with_context(|| format!("--webhook-file: cannot write {}", path.display()))?,
            )
        } else {
            Target::Stderr
        };
        let alerts = Alerts::new(args.alert.clone(), count, span);
        let limit = args.exec_limit.get();
        Ok(Some(Self { alerts, target, running: Vec::new(), limit, first: None, now: Duration::ZERO }))
    }

    /// Looks at a record: at a moment of the clock, or at the time of the record itself.
    pub(super) fn see(&mut self, record: &Record, file: &str, now: Option<Duration>, sources: &Sources) {
        let time = now.or_else(|| {
            let time = record.time_or_near()?.as_nanos();
            let first = *self.first.get_or_insert(time);
            u64::try_from(time.saturating_sub(first)).ok().map(Duration::from_nanos)
        });
        // Clocks of logs go back; the window must not.
        self.now = self.now.max(time.unwrap_or_default());
        let Some(alert) = self.alerts.offer(record, self.now) else { return };
        if let Err(error) = self.raise(&alert, record, file, sources) {
            output::warning(&format!("the alert about {} went nowhere: {error}", alert.fingerprint));
        }
    }

    fn raise(&mut self, alert: &Alert, record: &Record, file: &str, sources: &Sources) -> io::Result<()> {
        let mut line = Vec::new();
        json::record(record, file, &|path| sources.module_of(path), &mut line);
        // The record, and what the alert is about.
        line.pop();
        let about = serde_json::json!({"fingerprint": alert.fingerprint, "suppressed": alert.suppressed});
        line.extend_from_slice(format!(", \"alert\": {about}}}\n").as_bytes());
        match &mut self.target {
            Target::Stderr => {
                let held = if alert.suppressed > 0 {
                    format!(" ({} like it held back)", alert.suppressed)
                } else {
                    String::new()
                };
                let level = record.level().map_or("-", legb_log::Level::as_str);
                let what = String::from_utf8_lossy(record.message()).into_owned();
                let trace = record.tracebacks().pop();
                let trace =
                    trace.map_or_else(String::new, |trace| format!(": {}: {}", trace.exception, trace.first_line()));
                output::note(&format!(
                    "alert {}{held}: {file}:{} {level} {what}{trace}",
                    alert.fingerprint,
                    record.first_line()
                ));
                Ok(())
            }
            Target::File(path, out) => out
                .write_all(&line)
                .map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", path.display()))),
            Target::Command(words) => {
                self.running.retain_mut(|child| matches!(child.try_wait(), Ok(None)));
                if self.running.len() >= self.limit {
                    return Err(io::Error::other(format!("{} alert commands still run", self.running.len())));
                }
                let mut child = Command::new(&words[0])
                    .args(&words[1..])
                    .stdin(Stdio::piped())
                    .spawn()
                    .map_err(|error| io::Error::new(error.kind(), format!("cannot run {}: {error}", words[0])))?;
                if let Some(mut input) = child.stdin.take() {
                    // A command that does not read must not stop the log; one that is gone already needs nothing.
                    thread::spawn(move || input.write_all(&line));
                }
                self.running.push(child);
                Ok(())
            }
        }
    }

    /// Waits for commands, and tells what was held back and not told yet.
    pub(super) fn finish(&mut self, quiet: bool) {
        let end = Instant::now() + LAST_WAIT;
        while !self.running.is_empty() && Instant::now() < end {
            self.running.retain_mut(|child| matches!(child.try_wait(), Ok(None)));
            thread::sleep(Duration::from_millis(5));
        }
        if quiet {
            return;
        }
        for (fingerprint, count) in self.alerts.suppressed() {
            output::note(&format!("{count} more alerts about {fingerprint} were held back"));
        }
    }
}
