//! A log that is followed while it rotates in five ways: no record comes twice, and none is lost unless that is told.

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow};
use legb_log::following::{Event, Follower, Watch};
use legb_log::parsing::{Input, ReadOptions, Reader};
use rustc_hash::FxHashSet;

use super::super::{Figure, Needs, Options, Row};
use crate::workspace;

pub(in crate::prove) const ROW: Row = Row {
    name: "log-follow",
    about: "a million lines followed while the log rotates every 50,000 in five ways",
    needs: Needs::Nothing,
    measure,
};

const LINES: usize = 1_000_000;
const ROTATE: usize = 50_000;

/// So long nothing must come before the end is taken for the end.
const REST: Duration = Duration::from_secs(2);

/// A way in which logs rotate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rotation {
    Rename,
    CopyTruncate,
    DeleteAndCreate,
    SymlinkSwap,
    InodeReuse,
}

const ROTATIONS: [Rotation; 5] =
    [Rotation::Rename, Rotation::CopyTruncate, Rotation::DeleteAndCreate, Rotation::SymlinkSwap, Rotation::InodeReuse];

fn measure(options: &Options) -> anyhow::Result<Figure> {
    let lines = if options.quick { LINES / 10 } else { LINES };
    let mut measured = Vec::new();
    let mut holds = true;
    for rotation in ROTATIONS {
        let found = follow(rotation, lines)?;
        let may_lose = rotation == Rotation::CopyTruncate && found.truncations > 0;
        holds &= found.doubled == 0 && (found.lost == 0 || may_lose);
        measured.push(format!("{rotation:?}: {} lost, {} doubled", found.lost, found.doubled));
    }
    Ok(Figure {
        measured: format!("{lines} lines; {}", measured.join("; ")),
        bound: "none doubled; none lost but by copytruncate, and then told",
        holds,
    })
}

struct Found {
    lost: usize,
    doubled: usize,
    truncations: usize,
}

fn follow(rotation: Rotation, lines: usize) -> anyhow::Result<Found> {
    let folder = workspace::target().join("logs").join(format!("{rotation:?}"));
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    let log = folder.join("app.log");
    start(rotation, &folder, &log)?;
    let (tell, events) = mpsc::channel();
    let follower = Follower::open(&log, false, tell).context("cannot follow")?;
    let input = Input { name: "app.log".to_owned(), bytes: Box::new(follower), written: 0 };
    let options = ReadOptions { hold_incomplete: true, ..ReadOptions::default() };
    let mut watch = Watch::new(vec![Reader::new(input, 0, options)]);
    let is_done = Arc::new(AtomicBool::new(false));
    let (done, writing) = (Arc::clone(&is_done), folder.clone());
    let writer = thread::spawn(move || {
        let result = write(rotation, &writing, &log, lines);
        done.store(true, Ordering::Release);
        result
    });
    let mut seen = FxHashSet::default();
    let mut found = Found { lost: 0, doubled: 0, truncations: 0 };
    let mut take = |record: &legb_log::Record| -> ControlFlow<()> {
        let message = String::from_utf8_lossy(record.message());
        match message.strip_prefix("line ").and_then(|number| number.parse::<usize>().ok()) {
            Some(number) => found.doubled += usize::from(!seen.insert(number)),
            None => println!("  {rotation:?}: odd record: {message}"),
        }
        ControlFlow::Continue(())
    };
    while let ControlFlow::Continue(pause) = watch.poll(&mut take) {
        if is_done.load(Ordering::Acquire) && pause > Duration::from_millis(10) {
            break;
        }
        thread::sleep(pause);
    }
    let end = Instant::now() + REST;
    while Instant::now() < end {
        let _ = watch.poll(&mut take);
        thread::sleep(Duration::from_millis(20));
    }
    watch.finish(&mut take);
    writer.join().map_err(|_| anyhow!("the writer has failed"))??;
    found.truncations = events.try_iter().filter(|event| matches!(event, Event::Truncated(..))).count();
    found.lost = lines - seen.len();
    Ok(found)
}

fn start(rotation: Rotation, folder: &Path, log: &Path) -> anyhow::Result<()> {
    if rotation == Rotation::SymlinkSwap {
        let target = folder.join("app-0.log");
        File::create(&target)?;
        link(&target, log)?;
    } else {
        File::create(log)?;
    }
    Ok(())
}

#[cfg(unix)]
fn link(target: &Path, link: &Path) -> anyhow::Result<()> {
    Ok(std::os::unix::fs::symlink(target, link)?)
}

#[cfg(not(unix))]
fn link(target: &Path, link: &Path) -> anyhow::Result<()> {
    Ok(std::os::windows::fs::symlink_file(target, link)?)
}

fn write(rotation: Rotation, folder: &Path, log: &Path, lines: usize) -> anyhow::Result<()> {
    let open = || OpenOptions::new().create(true).append(true).open(log);
    let mut out = open()?;
    for number in 0..lines {
        if number > 0 && number % ROTATE == 0 {
            rotate(rotation, folder, log, number / ROTATE)?;
            out = open()?;
        }
        // Each line is a write of its own, as loggers write.
        out.write_all(format!("2026-02-28 10:15:03 INFO  app: line {number}\n").as_bytes())?;
    }
    Ok(())
}

fn rotate(rotation: Rotation, folder: &Path, log: &Path, count: usize) -> anyhow::Result<()> {
    match rotation {
        Rotation::Rename => {
            for number in (1..count).rev() {
                fs::rename(folder.join(format!("app.log.{number}")), folder.join(format!("app.log.{}", number + 1)))?;
            }
            fs::rename(log, folder.join("app.log.1"))?;
        }
        Rotation::CopyTruncate => {
            for number in (1..count).rev() {
                fs::rename(folder.join(format!("app.log.{number}")), folder.join(format!("app.log.{}", number + 1)))?;
            }
            fs::copy(log, folder.join("app.log.1"))?;
            OpenOptions::new().write(true).open(log)?.set_len(0)?;
        }
        Rotation::DeleteAndCreate | Rotation::InodeReuse => {
            fs::remove_file(log)?;
            if rotation == Rotation::InodeReuse {
                // File systems give a fresh file the inode that was freed last.
                File::create(log)?;
            }
        }
        Rotation::SymlinkSwap => {
            let target = folder.join(format!("app-{count}.log"));
            File::create(&target)?;
            let fresh = folder.join("fresh");
            link(&target, &fresh)?;
            fs::rename(&fresh, log)?;
        }
    }
    Ok(())
}
