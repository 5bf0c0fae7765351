//! How fast logs are read: CPU time on one gibibyte, measured in turns with `wc -l` on the same file, and peak memory.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;

use super::super::measured_runs::{command, in_turns, legb, median};
use super::super::{Figure, Needs, Options, Row};
use crate::workspace;

pub(in crate::prove) const ROW: Row = Row {
    name: "log-speed",
    about: "CPU time and memory of `legb logs` on 1 GiB, with `wc -l` in turns",
    needs: Needs::Corpora,
    measure,
};

const ROUNDS: usize = 3;
const SIZE: usize = 1 << 30;

/// MiB.
const MEMORY: f64 = 64.0;

/// A measured command: what it does, its file, its arguments, and the bound in GiB per second of CPU time.
const CASES: [(&str, &str, &[&str], f64); 3] = [
    ("the tutorial's format by level", "tutorial.log", &["--by", "level"], 1.2),
    ("JSON by level", "json.log", &["--by", "level"], 0.5),
    ("JSON summed up, all fields read", "json.log", &["--by", "message"], 0.25),
];

fn measure(options: &Options) -> anyhow::Result<Figure> {
    let folder = workspace::target().join("logs");
    fs::create_dir_all(&folder)?;
    let size = if options.quick { SIZE / 16 } else { SIZE };
    let tutorial = fill(&folder.join("tutorial.log"), size, tutorial_line)?;
    let json = fill(&folder.join("json.log"), size, json_line)?;
    let program = legb()?;
    let mut commands = vec![words(&["wc", "-l"], &tutorial), words(&["wc", "-l"], &json)];
    for (_, file, arguments, _) in CASES {
        let mut all = vec!["logs", "--tz", "utc"];
        all.extend_from_slice(arguments);
        commands.push(command(&program, &all, &folder.join(file)));
    }
    let runs = in_turns(ROUNDS, &commands)?;
    #[expect(clippy::cast_precision_loss, reason = "sizes are far below 2^52")]
    let gib = size as f64 / SIZE as f64;
    let mut measured = Vec::new();
    let mut holds = true;
    for ((name, _, _, bound), runs_of_it) in CASES.iter().zip(&runs[2..]) {
        let speed = gib / median(runs_of_it, |run| run.cpu);
        let peak = median(runs_of_it, |run| run.peak);
        holds &= speed >= *bound && peak <= MEMORY;
        measured.push(format!("{name} {speed:.2} GiB/s ({bound}) with {peak:.0} MiB"));
    }
    let wc = gib / median(&runs[0], |run| run.cpu);
    measured.push(format!("wc -l {wc:.2} GiB/s"));
    Ok(Figure { measured: measured.join("; "), bound: "GiB/s of CPU time as in brackets, 64 MiB", holds })
}

fn words(words: &[&str], file: &Path) -> Vec<std::ffi::OsString> {
    words.iter().map(Into::into).chain([file.as_os_str().to_owned()]).collect()
}

/// Writes a log of a size, unless it is there.
fn fill(path: &Path, size: usize, line: fn(usize) -> String) -> anyhow::Result<PathBuf> {
    let is_there =
        fs::metadata(path).is_ok_and(|metadata| metadata.len() >= size as u64 && metadata.len() < size as u64 + 4_096);
    if !is_there {
        let mut out = BufWriter::new(File::create(path).with_context(|| format!("cannot write {}", path.display()))?);
        let mut written = 0;
        for number in 0.. {
            if written >= size {
                break;
            }
            let line = line(number);
            out.write_all(line.as_bytes())?;
            written += line.len();
        }
        out.flush()?;
    }
    Ok(path.to_path_buf())
}

const LEVELS: [&str; 5] = ["INFO ", "INFO ", "ERROR", "WARN ", "DEBUG"];
const EVENTS: [(&str, &str); 4] = [
    ("auth_service", "Login failed for user=alice"),
    ("auth_service", "Login succeeded for user=bob"),
    ("payment_service", "Timeout connecting to gateway"),
    ("payment_service", "Payment processed for order=12345"),
];

fn time(number: usize) -> String {
    let second = number / 40;
    format!("{:02}:{:02}:{:02}", second / 3_600 % 24, second / 60 % 60, second % 60)
}

fn tutorial_line(number: usize) -> String {
    let (service, message) = EVENTS[number * 7 % EVENTS.len()];
    format!("2026-02-28 {} {} {service}: {message}\n", time(number), LEVELS[number * 3 % LEVELS.len()])
}

fn json_line(number: usize) -> String {
    let (service, message) = EVENTS[number * 7 % EVENTS.len()];
    let level = LEVELS[number * 3 % LEVELS.len()].trim();
    format!(
        "{{\"asctime\": \"2026-02-28 {},{:03}\", \"levelname\": \"{level}\", \"name\": \"{service}\", \"message\": \"{message}\", \
         \"request\": {number}}}\n",
        time(number),
        number % 1_000
    )
}
