//! Recorded import runs: verdict, exception, frames and order of modules against what legb simulates.

use std::fs;
use std::path::Path;

use anyhow::{Context, bail};
use legb_base::PyVersion;
use legb_eval::source::{Files, Packages};
use legb_eval::{Budget, Entry, Simulation, Verdict, simulate};
use legb_resolve::RealFs;
use serde::Deserialize;

use super::eval_stack::with_stack;
use super::{Figure, Needs, Options, Row};

pub(super) const ROW: Row = Row {
    name: "cycles-truth",
    about: "simulated imports against recorded ones (--truth: folder with expected.jsonl and dev/)",
    needs: Needs::Truth,
    measure,
};

#[derive(Deserialize)]
struct Recorded {
    id: String,
    entry: String,
    version: String,
    outcome: String,
    exc_type: Option<String>,
    message: Option<String>,
    message_exact: bool,
    displayed: String,
    frames: Vec<String>,
    began: Vec<String>,
    ended: Vec<String>,
    stdout: String,
}

#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    entries: usize,
    equal: usize,
    wrong: usize,
    unknown: usize,
    failing: usize,
    message: usize,
    frames: usize,
    order: usize,
    wrong_output: usize,
}

impl Tally {
    fn add(&mut self, other: Self) {
        self.entries += other.entries;
        self.equal += other.equal;
        self.wrong += other.wrong;
        self.unknown += other.unknown;
        self.failing += other.failing;
        self.message += other.message;
        self.frames += other.frames;
        self.order += other.order;
        self.wrong_output += other.wrong_output;
    }

    fn holds(self) -> bool {
        let share = |part: usize, whole: usize, percent: usize| part * 1000 >= whole * percent;
        self.entries > 0
            && self.wrong == 0
            && self.wrong_output == 0
            && share(self.equal, self.entries, 995)
            && share(self.message, self.failing, 990)
            && share(self.frames, self.failing, 980)
            && share(self.order, self.entries, 990)
    }
}

fn measure(options: &Options) -> anyhow::Result<Figure> {
    let Some(truth) = options.truth.clone() else { bail!("name the folder with expected.jsonl: --truth DIR") };
    let rows = fs::read_to_string(truth.join("expected.jsonl")).context("cannot read expected.jsonl")?;
    let rows: Vec<Recorded> = rows.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
    let tallies = with_stack(move || {
        let of = |version: PyVersion| {
            let name = version.to_string();
            let mut tally = Tally::default();
            rows.iter().filter(|row| row.version == name).for_each(|row| tally.add(compare(row, version, &truth)));
            tally
        };
        PyVersion::ALL.map(|version| (version, of(version)))
    })?;
    let mut all = Tally::default();
    let mut holds = true;
    for (version, tally) in tallies {
        println!(
            "  {version}: {} entries, verdict equal {}, wrong {}, unknown {}; of {} failing: message {}, frames {}; order {}",
            tally.entries,
            tally.equal,
            tally.wrong,
            tally.unknown,
            tally.failing,
            tally.message,
            tally.frames,
            tally.order
        );
        holds &= tally.holds();
        all.add(tally);
    }
    Ok(Figure {
        measured: format!(
            "verdict equal {} of {}, wrong {}, unknown {}; of {} failing: message {}, frames {}; order {}; wrong output {}",
            all.equal,
            all.entries,
            all.wrong,
            all.unknown,
            all.failing,
            all.message,
            all.frames,
            all.order,
            all.wrong_output
        ),
        bound: "each version: verdict >= 99.5 %, wrong 0; message >= 99 %, frames >= 98 %, order >= 99 %",
        holds,
    })
}

fn compare(row: &Recorded, version: PyVersion, truth: &Path) -> Tally {
    let folder = truth.join("dev").join(&row.id);
    let root = folder.to_string_lossy().into_owned();
    let entry = if let Some(name) = row.entry.strip_prefix("-m ") {
        Entry::Module { name: name.to_owned(), root: root.clone() }
    } else if let Some(name) = row.entry.strip_prefix("import ") {
        Entry::Imports { names: vec![name.to_owned()], root: root.clone() }
    } else {
        let path = folder.join(&row.entry);
        let path = if path.is_dir() { path.join("__main__.py") } else { path };
        Entry::Script(path.to_string_lossy().into_owned())
    };
    let fs = RealFs::new();
    let story = simulate(&entry, version, &Files { fs: &fs, packages: Packages::None }, Budget::default());
    let mut tally = Tally { entries: 1, ..Tally::default() };
    let real = if row.outcome == "ok" { Verdict::Works } else { Verdict::Crashes };
    let at = format!("{} `{}` on {version}", row.id, row.entry);
    if story.verdict == Verdict::Unknown {
        tally.unknown = 1;
        println!("  unknown: {at}: {}", story.reason.as_deref().unwrap_or_default());
        return tally;
    }
    if story.verdict != real {
        tally.wrong = 1;
        println!("  WRONG: {at}: {:?}, in reality {}", story.verdict, row.outcome);
        return tally;
    }
    tally.equal = 1;
    if real == Verdict::Crashes {
        judge_failure(row, &story, &root, &at, &mut tally);
    }
    let names = |event: &str| -> Vec<String> {
        story
            .order
            .iter()
            .filter(|step| step.event == event)
            .map(|step| step.module.clone())
            .filter(|m| m != "__main__")
            .collect()
    };
    let without_main = |all: &[String]| -> Vec<String> { all.iter().filter(|m| *m != "__main__").cloned().collect() };
    tally.order = usize::from(names("begin") == without_main(&row.began) && names("end") == without_main(&row.ended));
    if story.stdout.as_ref().is_some_and(|out| out.replace(&root, "<ROOT>") != row.stdout) {
        tally.wrong_output = 1;
        println!("  WRONG output: {at}");
    }
    tally
}

fn judge_failure(row: &Recorded, story: &Simulation, root: &str, at: &str, tally: &mut Tally) {
    tally.failing = 1;
    let Some(raised) = &story.exception else { return };
    let message = raised.message.as_deref().unwrap_or_default().replace(root, "<ROOT>");
    let right = if row.outcome == "exit" {
        raised.kind == "SystemExit" && (message == row.displayed || row.message.as_ref() == Some(&message))
    } else {
        Some(&raised.kind) == row.exc_type.as_ref() && Some(&message) == row.message.as_ref()
    };
    tally.message = usize::from(right || !row.message_exact);
    if tally.message == 0 {
        println!("  message: {at}: {}: {message}", raised.kind);
    }
    let frames: Vec<String> = story.frames.iter().map(|frame| format!("{}:{}", frame.module, frame.line)).collect();
    tally.frames = usize::from(frames == row.frames);
}
