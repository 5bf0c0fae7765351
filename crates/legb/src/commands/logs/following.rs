//! `legb logs --follow`: records as they are written.

use std::io::{self, Write};
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::Instant;

use anyhow::Context;
use legb_log::Record;
use legb_log::following::{Event, Follower, Watch};
use legb_log::parsing::{Input, ReadOptions, Reader};

use crate::args::{GlobalArgs, LogsArgs};
use crate::{Exit, output};

use super::alerting::Alerting;
use super::options::{Verdict, Wanted};
use super::sink::Sink;
use super::sources::Sources;
use super::{conclude, held, report};

/// Follows the files until interrupted.
pub(super) fn run(
    args: &LogsArgs,
    global: &GlobalArgs,
    options: &ReadOptions,
    wanted: &mut Wanted,
    verdict: &mut Verdict,
    mut alerting: Option<&mut Alerting>,
    sources: &Sources,
) -> anyhow::Result<Exit> {
    let mut sink = Sink::new(args)?;
    let (tell, events) = mpsc::channel();
    let (mut readers, mut names) = (Vec::new(), Vec::new());
    for path in &args.files {
        let name = path.display().to_string();
        let input = if path.as_os_str() == "-" {
            Input::stdin().context("cannot read standard input")?
        } else {
            // Only `--tail 0` asks for nothing that is there already.
            let from_end = args.filter.tail == Some(0);
            let follower = Follower::open(path, from_end, tell.clone())
                .with_context(|| format!("cannot read {}", path.display()))?;
            Input { name: name.clone(), bytes: Box::new(follower), written: jiff::Timestamp::now().as_second() }
        };
        readers.push(Reader::new(input, readers.len(), held(options)));
        names.push(name);
    }
    let is_stopped = Arc::new(AtomicBool::new(false));
    let stop = Arc::clone(&is_stopped);
    ctrlc::set_handler(move || stop.store(true, Ordering::Relaxed)).context("cannot wait for an interruption")?;
    let started = Instant::now();
    let mut watch = Watch::new(readers);
    sink.open(|sink, out| {
        let mut pass = |record: &Record, out: &mut dyn Write| {
            verdict.see(record);
            if let Some(alerting) = &mut alerting {
                alerting.see(record, &names[record.file()], Some(started.elapsed()), sources);
            }
            sink.add(record, &names, sources, out)
        };
        while !is_stopped.load(Ordering::Relaxed) {
            let found = watch.poll(|record| {
                let result = wanted.offer(record, &mut |record| pass(record, out));
                step(result)
            });
            for event in events.try_iter() {
                tell_event(&event, global);
            }
            match found {
                ControlFlow::Break(result) => return result,
                ControlFlow::Continue(pause) => {
                    wanted.rest(&mut |record| pass(record, out))?;
                    out.flush()?;
                    thread::sleep(pause);
                }
            }
        }
        if let Some(result) = watch.finish(|record| step(wanted.offer(record, &mut |record| pass(record, out)))) {
            result?;
        }
        Ok(())
    })?;
    let mut failed = false;
    for (reader, name) in watch.readers().zip(&names) {
        failed |= !report(reader, name, global);
    }
    if let Some(alerting) = alerting {
        alerting.finish(global.quiet);
    }
    Ok(conclude(failed, verdict))
}

/// Goes on, ends because no more records are wanted, or ends with a failure.
fn step(result: io::Result<bool>) -> ControlFlow<io::Result<()>> {
    match result {
        Ok(true) => ControlFlow::Continue(()),
        Ok(false) => ControlFlow::Break(Ok(())),
        Err(error) => ControlFlow::Break(Err(error)),
    }
}

fn tell_event(event: &Event, global: &GlobalArgs) {
    match event {
        Event::Truncated(path, None) => output::warning(&format!(
            "{}: was truncated; what was written between the last read and the truncation is lost",
            path.display()
        )),
        _ if global.quiet => {}
        Event::Truncated(path, Some(bytes)) => output::note(&format!(
            "{}: was truncated; {bytes} bytes that had not been read were found in its copy",
            path.display()
        )),
        Event::Missing(path) => output::note(&format!("{}: is not there, waiting for it", path.display())),
        Event::Replaced(path) if global.verbose => {
            output::note(&format!("{}: another file has taken its place", path.display()));
        }
        Event::CaughtUp(path, count) if global.verbose => {
            output::note(&format!(
                "{}: {count} files that took its place in between were read as well",
                path.display()
            ));
        }
        Event::Replaced(_) | Event::CaughtUp(..) => {}
    }
}
