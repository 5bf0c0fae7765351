//! Arguments of `logs`.

use std::fmt::Write as _;
use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use legb_log::Level;
use legb_log::filtering::Condition;
use legb_log::parsing::format_names;

use super::{EnvironmentArgs, TargetArgs};

/// Arguments of `logs`.
#[derive(Debug, Args)]
#[command(after_long_help = help())]
pub(crate) struct LogsArgs {
    /// Logs, plain or packed with gzip or zstd, or `-` for standard input
    ///
    /// Transport and format of each are found out from its content. Several are merged by time.
    #[arg(value_name = "FILE", default_value = "-")]
    pub(crate) files: Vec<PathBuf>,
    /// Read the logs as this instead of finding out
    ///
    /// The name of a format or transport, `plain`, a format string of Python's logging in any style, or a regular expression
    /// with groups named time, level, service and message.
    #[arg(long, value_name = "FORMAT")]
    pub(crate) format_in: Option<String>,
    /// Zone of times without one: `local`, `utc`, an offset such as `+02:00`, or a name such as `Europe/Berlin`
    #[arg(long, value_name = "ZONE", default_value = "local")]
    pub(crate) tz: String,
    /// Which records.
    #[command(flatten)]
    pub(crate) filter: LogFilterArgs,
    /// How to print them.
    #[command(flatten)]
    pub(crate) output: LogOutputArgs,
    /// Goes on reading.
    #[command(flatten)]
    pub(crate) follow: LogFollowArgs,
    /// Python versions.
    #[command(flatten)]
    pub(crate) target: TargetArgs,
    /// Environment.
    #[command(flatten)]
    pub(crate) environment: EnvironmentArgs,
}

/// Which records of a log are wanted.
#[derive(Debug, Args)]
#[command(next_help_heading = "Which records")]
pub(crate) struct LogFilterArgs {
    /// At least this grave: debug, info, warning, error or critical
    #[arg(long, value_name = "LEVEL")]
    pub(crate) level: Option<Level>,
    /// Not earlier: a span before now such as `2h`, or a time such as `2026-02-28 10:15`
    #[arg(long, value_name = "TIME")]
    pub(crate) since: Option<String>,
    /// Not later
    #[arg(long, value_name = "TIME")]
    pub(crate) until: Option<String>,
    /// Whose text matches, traceback included; may be repeated, then all must match
    #[arg(long, value_name = "REGEX")]
    pub(crate) grep: Vec<String>,
    /// Whose text does not match; may be repeated
    #[arg(long = "not", value_name = "REGEX")]
    pub(crate) not: Vec<String>,
    /// Whose field fulfils a condition: `status>=500`, `user=bob`, `path~^/api`, `!=`, `!~`, `<`; may be repeated
    #[arg(long = "where", value_name = "CONDITION")]
    pub(crate) conditions: Vec<Condition>,
    /// From this service, logger or program; may be repeated
    #[arg(long, value_name = "NAME")]
    pub(crate) service: Vec<String>,
    /// With an exception of this type, also as a cause or a member of a group; may be repeated
    #[arg(long, value_name = "TYPE")]
    pub(crate) exc: Vec<String>,
    /// With a frame whose path (or end of it) or name matches; may be repeated
    #[arg(long, value_name = "GLOB")]
    pub(crate) frame: Vec<String>,
    /// With a traceback of this fingerprint, or beginning of one; may be repeated
    #[arg(long, value_name = "HASH")]
    pub(crate) fp: Vec<String>,
    /// Only the first N of them
    #[arg(long, value_name = "N", conflicts_with = "tail")]
    pub(crate) head: Option<usize>,
    /// Only the last N of them; with --follow, only so many of those that are there already
    #[arg(long, value_name = "N")]
    pub(crate) tail: Option<usize>,
}

/// How records are printed.
#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
pub(crate) struct LogOutputArgs {
    /// How to print them [default: summary; table with --follow]
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub(crate) format: Option<LogFormat>,
    /// Print how often each value of a field occurs: level, service, exc, fp, file, or the name of any field
    #[arg(long, value_name = "FIELD", conflicts_with = "over")]
    pub(crate) by: Option<String>,
    /// Print the number of records in each span of this length, such as `5m`
    #[arg(long, value_name = "SPAN")]
    pub(crate) over: Option<String>,
    /// Print tracebacks in full in a table
    #[arg(long)]
    pub(crate) traces: bool,
    /// Exit with 1 if a record is at least this grave, or with `new` if a traceback is not in the baseline
    #[arg(long, value_name = "LEVEL|new")]
    pub(crate) fail_on: Option<String>,
    /// Tracebacks that are known: what `--format json` printed, or a list of fingerprints
    #[arg(long, value_name = "FILE")]
    pub(crate) baseline: Option<PathBuf>,
    /// Take a path that begins with FROM as one that begins with TO, to find frames in the project; may be repeated
    #[arg(long, value_name = "FROM=TO")]
    pub(crate) map: Vec<String>,
}

/// Goes on reading files that grow.
#[derive(Debug, Args)]
#[command(next_help_heading = "Following")]
pub(crate) struct LogFollowArgs {
    /// Go on reading as the files grow and rotate, until interrupted
    #[arg(short, long)]
    pub(crate) follow: bool,
    /// Raise an alert for records that fulfil this condition; may be repeated, then all must hold
    #[arg(long, value_name = "CONDITION")]
    pub(crate) alert: Vec<Condition>,
    /// At most N alerts in any SPAN for each fingerprint
    #[arg(long, value_name = "N/SPAN", default_value = "3/10s", requires = "alert")]
    pub(crate) rate: String,
    /// Run this for an alert, with the record as JSON on its standard input; no shell is involved
    #[arg(long, value_name = "COMMAND", requires = "alert")]
    pub(crate) exec: Option<String>,
    /// Append the record as a line of JSON to this file for an alert
    #[arg(long, value_name = "FILE", requires = "alert")]
    pub(crate) webhook_file: Option<PathBuf>,
    /// Alert commands that may run at the same time
    #[arg(long, value_name = "N", default_value = "8", requires = "exec", hide_short_help = true)]
    pub(crate) exec_limit: NonZeroUsize,
}

/// How records are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    /// Levels, services, the most frequent errors, tracebacks by fingerprint
    Summary,
    /// A line for each record
    Table,
    /// The summary as one JSON object
    Json,
    /// A JSON object for each record
    Jsonl,
    /// A row for each record
    Csv,
    /// The summary as a page
    Html,
    /// The number of records over time as a picture
    Svg,
}

fn help() -> String {
    let mut text = "\
Examples:
  legb logs app.log                                  what happened, on one screen
  legb logs --level error --since 2h app.log*        what went wrong lately, in several files
  legb logs --format table --grep timeout app.log    records, with the end of their tracebacks
  legb logs --format jsonl app.log | jq .traceback   records for other programs
  legb logs --by exc app.log                         which exceptions, how often
  legb logs --over 5m --level warning app.log        when
  kubectl logs deploy/web | legb logs                from standard input
  legb logs --format json app.log > known.json       remember what is known, and later:
  legb logs --baseline known.json --fail-on new app.log
  legb logs -f --alert 'level>=error' --rate 3/10s --exec 'notify --oncall' app.log
  legb logs --format-in '%(asctime)s %(levelname)s %(message)s' app.log
  legb logs --map /srv/app=src crash.log             why a name or import failed, in the code here

Formats that are known by name:
"
    .to_owned();
    for (name, shape) in format_names() {
        // Writing into a string cannot fail.
        let _ = writeln!(text, "  {name:<22} {shape}");
    }
    text.push_str(
        "\nWhat wraps each line is taken off first, colours too: docker-json, cri, compose, kubectl,\n\
         timestamped, syslog, rfc5424, journal-json, journal-export.\n\n\
         Exit codes: 0 done, 1 --fail-on applies, 2 something could not be read to its end.",
    );
    text
}
