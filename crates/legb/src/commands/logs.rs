//! `legb logs`: what a log says, and which failures it holds.
//!
//! Everything is done by `legb_log`; this chooses what is asked for and where it is printed.

mod alerting;
mod following;
mod options;
pub(crate) mod reason;
mod sink;
pub(crate) mod sources;

use std::ops::ControlFlow;

use anyhow::Context;
use legb_log::Record;
use legb_log::output::summary::FileSummary;
use legb_log::parsing::{Input, ReadOptions, Reader, merge};

use crate::args::{GlobalArgs, LogsArgs};
use crate::{Exit, output};

use alerting::Alerting;
use options::{Verdict, Wanted};
use reason::Reasons;
use sink::Sink;
use sources::Sources;

/// Runs the command.
pub(crate) fn run(args: &LogsArgs, global: &GlobalArgs) -> anyhow::Result<Exit> {
    let options = options::read_options(args, &global.settings.logs)?;
    let mut wanted = Wanted::new(args)?;
    let mut verdict = Verdict::new(&args.output)?;
    let mut alerting = Alerting::new(&args.follow)?;
    let sources = Sources::new(&args.output.map)?;
    if args.follow.follow {
        return following::run(args, global, &options, &mut wanted, &mut verdict, alerting.as_mut(), &sources);
    }
    let reasons = Reasons::new(&args.target, &args.environment, global, &sources)?;
    let mut failed = false;
    let (mut readers, mut names) = (Vec::new(), Vec::new());
    for path in &args.files {
        let is_stdin = path.as_os_str() == "-";
        let input = if is_stdin { Input::stdin() } else { Input::open(path) };
        match input.with_context(|| format!("cannot read {}", path.display())) {
            Ok(input) => {
                names.push(input.name.clone());
                readers.push(Reader::new(input, readers.len(), options.clone()));
            }
            Err(error) => {
                failed = true;
                output::error(&format!("{error:#}\n  help: check the path, or leave it out"));
            }
        }
    }
    if readers.is_empty() {
        return Ok(Exit::Failed);
    }
    let mut sink = Sink::new(args)?;
    let mut problem = None;
    sink.open(|sink, out| {
        let mut take = |record: &Record| {
            verdict.see(record);
            if let Some(alerting) = &mut alerting {
                alerting.see(record, &names[record.file()], None, &sources);
            }
            sink.add(record, &names, &sources, out)
        };
        problem = each(&mut readers, sink_needs_order(args), &mut wanted, &mut take);
        let files: Vec<FileSummary> =
            readers.iter().zip(&names).map(|(reader, name)| summary_of(reader, name)).collect();
        match problem.take() {
            Some(error) => Err(error),
            None => sink.finish(files, &verdict, &reasons, out),
        }
    })?;
    for (reader, name) in readers.iter().zip(&names) {
        failed |= !report(reader, name, global);
    }
    if let Some(alerting) = &mut alerting {
        alerting.finish(global.quiet);
    }
    Ok(conclude(failed, &verdict))
}

/// How a run ends in which something failed or not, and records came that count as findings or not.
fn conclude(failed: bool, verdict: &Verdict) -> Exit {
    if failed {
        Exit::Failed
    } else if verdict.fails() {
        Exit::Findings
    } else {
        Exit::Clean
    }
}

/// Whether records are printed one by one, so that their order counts.
fn sink_needs_order(args: &LogsArgs) -> bool {
    args.filter.head.is_some()
        || args.filter.tail.is_some()
        || Sink::prints_records(args)
        || !args.follow.alert.is_empty()
}

/// Hands the wanted records to `take`, in the order of time where that counts; what it failed with.
fn each(
    readers: &mut [Reader],
    in_order: bool,
    wanted: &mut Wanted,
    take: &mut dyn FnMut(&Record) -> std::io::Result<()>,
) -> Option<std::io::Error> {
    let mut step = |record: &Record| match wanted.offer(record, take) {
        Ok(true) => ControlFlow::Continue(()),
        Ok(false) => ControlFlow::Break(None),
        Err(error) => ControlFlow::Break(Some(error)),
    };
    let broken = if in_order {
        merge(readers, step)
    } else {
        // What is only counted is read file by file, which needs no copies.
        readers.iter_mut().find_map(|reader| merge(std::slice::from_mut(reader), &mut step))
    };
    if let Some(Some(error)) = broken {
        return Some(error);
    }
    wanted.rest(take).err()
}

fn summary_of(reader: &Reader, name: &str) -> FileSummary {
    FileSummary {
        name: name.to_owned(),
        detection: reader.detection().cloned().unwrap_or_default(),
        problems: reader.problems(),
    }
}

/// Tells what was odd in a log; false where it could not be read to its end.
fn report(reader: &Reader, name: &str, global: &GlobalArgs) -> bool {
    let problems = reader.problems();
    if let Some(error) = &problems.error {
        output::error(&format!(
            "{name}: cannot be read beyond line {}: {error}\n  help: what could be read is reported; get the file again",
            reader.line_number()
        ));
    }
    if !global.quiet {
        let lines = &problems.lines;
        if let Some((count, first)) = lines.cut {
            output::warning(&format!(
                "{name}:{first}: {count} too long {}, cut at 4 MiB; {} bytes were skipped",
                if count == 1 { "line" } else { "lines" },
                lines.skipped
            ));
        }
        if let Some((count, line)) = lines.nuls {
            output::warning(&format!(
                "{name}:{line}: {count} NUL bytes were skipped: the file was truncated while something wrote into it"
            ));
        }
        if problems.cut_records > 0 {
            output::warning(&format!("{name}: {} records were cut at 8 MiB", problems.cut_records));
        }
    }
    if global.verbose {
        if let Some(line) = problems.first_back_step {
            output::note(&format!("{name}:{line}: time goes back here, {} times in all", problems.back_steps));
        }
        if let Some(detection) = reader.detection() {
            output::note(&format!("{name}: {}", legb_log::output::described(detection)));
        }
        if problems.has_naive_times {
            output::note(&format!("{name}: times without a zone are taken as --tz says, by default as local"));
        }
    }
    problems.error.is_none()
}

/// The options for a file that is followed.
fn held(options: &ReadOptions) -> ReadOptions {
    ReadOptions { hold_incomplete: true, ..options.clone() }
}
