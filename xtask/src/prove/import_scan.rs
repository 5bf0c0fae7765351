//! The scanner of imports finds the same rows as the walk over the tree, on random programs, mutated ones and real code.
//!
//! Only files that the parser accepts are compared: of a broken one there is no truth, for CPython imports nothing at all
//! from it. What the scanner does with those is printed, and so is how many files it leaves to the parser.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::bail;
use legb_base::{Dialect, PyVersion};
use legb_project::{FileImports, ImportRow, ImportScratch, Reading, file_imports};
use legb_scope::Analyzer;
use legb_syntax::decode::decode;
use legb_syntax::import_scan::Unsure;
use legb_syntax::{SourceKind, parse};
use legb_testkit::import_program::{import_program, mutated, mutated_import_program};

use super::{Figure, Needs, Options, Row};
use crate::corpus::scopes::in_parallel;
use crate::workspace;

pub(super) const ROW: Row = Row {
    name: "import-scan",
    about: "imports found by scanning text v. by parsing it, on random and mutated programs, with --corpora on real code",
    needs: Needs::Nothing,
    measure,
};

/// Random programs, and as many seeds for mutated ones times [`MUTATED`].
const PROGRAMS: u64 = 150_000;
/// The same of a quick run: with the mutated ones it compares more than 100,000 files too.
const QUICK_PROGRAMS: u64 = 100_000;
/// Three of four mutated programs do not parse.
const MUTATED: u64 = 3;
/// Mutations of each file of the corpora that is not longer than [`LONGEST_MUTATED`] bytes.
const MUTATIONS: u64 = 5;
const LONGEST_MUTATED: usize = 20_000;
/// Folders of the corpora; those that are there are compared.
const FOLDERS: [&str; 4] = ["std", "S", "M", "L"];
/// Differences that are printed of each kind of input.
const SHOWN: usize = 3;
/// Lines of a text that is printed with its difference.
const LONGEST_SHOWN: usize = 60;

/// The program of a seed.
type Program = fn(u64) -> String;

/// What was seen of one kind of input.
#[derive(Default)]
struct Tally {
    /// Files that parse.
    sound: usize,
    /// Imports in them.
    rows: usize,
    /// Sound files that the scanner left to the parser, by reason.
    unsure: BTreeMap<Unsure, usize>,
    /// Files that do not parse.
    broken: usize,
    /// Broken files that the scanner left to the parser.
    broken_unsure: usize,
    /// Broken files of which the scanner read other rows than the parser recovered.
    broken_differing: usize,
    differing: Vec<String>,
}

impl Tally {
    fn merge(&mut self, other: Self) {
        self.sound += other.sound;
        self.rows += other.rows;
        for (reason, count) in other.unsure {
            *self.unsure.entry(reason).or_default() += count;
        }
        self.broken += other.broken;
        self.broken_unsure += other.broken_unsure;
        self.broken_differing += other.broken_differing;
        self.differing.extend(other.differing);
        self.differing.sort_unstable();
    }

    /// Sound files that the scanner judged.
    fn judged(&self) -> usize {
        self.sound - self.unsure.values().sum::<usize>()
    }

    fn print(&self, label: &str) {
        let reasons: Vec<String> = self.unsure.iter().map(|(reason, count)| format!("{reason:?} {count}")).collect();
        println!(
            "{label}: {} files that parse, {} imports; {} left to the parser [{}]; {} differ",
            self.sound,
            self.rows,
            self.sound - self.judged(),
            reasons.join(", "),
            self.differing.len()
        );
        println!(
            "  {} files that do not parse: {} left to the parser, {} with other rows than it recovers",
            self.broken, self.broken_unsure, self.broken_differing
        );
        self.differing.iter().take(SHOWN).for_each(|difference| println!("{difference}"));
    }
}

fn measure(options: &Options) -> anyhow::Result<Figure> {
    let mut all = Tally::default();
    let count = if options.quick { QUICK_PROGRAMS } else { PROGRAMS };
    let kinds: [(&str, Program, u64); 2] =
        [("random programs", import_program, count), ("mutated programs", mutated_import_program, count * MUTATED)];
    for (label, program, count) in kinds {
        let seeds: Vec<u64> = (options.first_seed..options.first_seed + count).collect();
        let some = |seeds: &[u64]| {
            let mut comparison = Comparison::default();
            for &seed in seeds {
                comparison.add(&format!("seed {seed}"), program(seed).as_bytes());
            }
            Ok(comparison.tally)
        };
        let tally = in_parallel(&seeds, options.jobs, &some, Tally::merge)?;
        tally.print(label);
        all.merge(tally);
    }
    let programs = all.judged();
    if options.corpora.is_some() {
        corpora(options, &mut all)?;
    }
    Ok(Figure {
        measured: format!(
            "{} of {} files differ ({programs} of them programs); {} more were left to the parser",
            all.differing.len(),
            all.judged(),
            all.sound - all.judged()
        ),
        bound: "0 files, at least 100,000 programs",
        holds: all.differing.is_empty() && programs >= 100_000,
    })
}

fn corpora(options: &Options, all: &mut Tally) -> anyhow::Result<()> {
    let folders: Vec<(&str, PathBuf)> =
        FOLDERS.into_iter().filter_map(|name| Some((name, options.corpus(name).ok()?))).collect();
    if folders.is_empty() {
        bail!("no folder of {} below --corpora", FOLDERS.join(", "));
    }
    for (name, folder) in folders {
        let files = workspace::files_below(&folder, &[], &|name| {
            Path::new(name).extension().is_some_and(|extension| extension == "py")
        })?;
        let some = |files: &[PathBuf]| {
            let (mut comparison, mut mutations) = (Comparison::default(), Comparison::default());
            for file in files {
                let (label, bytes) = (file.display().to_string(), fs::read(file)?);
                comparison.add(&label, &bytes);
                if let Ok(text) = str::from_utf8(&bytes)
                    && text.len() <= LONGEST_MUTATED
                {
                    for seed in 0..MUTATIONS {
                        mutations.add(&format!("{label}, mutation {seed}"), mutated(text, seed).as_bytes());
                    }
                }
            }
            Ok((comparison.tally, mutations.tally))
        };
        let merge = |all: &mut (Tally, Tally), part: (Tally, Tally)| {
            all.0.merge(part.0);
            all.1.merge(part.1);
        };
        let (tally, mutations) = in_parallel(&files, options.jobs, &some, merge)?;
        tally.print(name);
        mutations.print(&format!("{name}, mutated"));
        all.merge(tally);
        all.merge(mutations);
    }
    Ok(())
}

/// Files compared so far, and memory that is used again.
#[derive(Default)]
struct Comparison {
    tally: Tally,
    scratch: ImportScratch,
    analyzer: Analyzer,
}

impl Comparison {
    fn add(&mut self, label: &str, bytes: &[u8]) {
        let dialect = Dialect::of(PyVersion::NEWEST);
        let kind = SourceKind::Python;
        let tally = &mut self.tally;
        let Ok(text) = decode(bytes, &dialect) else {
            tally.broken += 1;
            return;
        };
        let parsed = parse(&text, kind, &dialect);
        let is_broken = parsed.has_errors();
        let (scanned, reading) = file_imports(bytes, kind, &dialect, &mut self.scratch);
        let truth = FileImports::from_facts(self.analyzer.analyze(&parsed, &text, &dialect, kind), &text);
        if is_broken {
            tally.broken += 1;
            tally.broken_unsure += usize::from(matches!(reading, Reading::Parsed(_)));
            tally.broken_differing += usize::from(truth != scanned);
            return;
        }
        tally.sound += 1;
        tally.rows += truth.rows.len();
        if let Reading::Parsed(reason) = reading {
            *tally.unsure.entry(reason).or_default() += 1;
        }
        if truth != scanned {
            tally.differing.push(difference(label, &text, &truth, &scanned));
        }
    }
}

/// Which rows are missing or too many; with the text, unless that is long.
fn difference(label: &str, text: &str, truth: &FileImports, scanned: &FileImports) -> String {
    let (truth, scanned) = (rows(truth), rows(scanned));
    let mut lines = vec![format!("  differs: {label}")];
    for (who, rows, others) in [("parsed", &truth, &scanned), ("scanned", &scanned, &truth)] {
        let only = rows.iter().filter(|row| !others.contains(row)).take(SHOWN);
        lines.extend(only.map(|row| format!("    only {who}: {row}")));
    }
    if text.lines().count() <= LONGEST_SHOWN {
        lines.extend(text.lines().map(|line| format!("    | {line}")));
    }
    lines.join("\n")
}

fn rows(imports: &FileImports) -> Vec<String> {
    let name = |id| imports.names.text(id);
    let words = |row: &ImportRow| {
        let (module, taken, bound) = (row.module.map(name), row.name.map(name), row.bound.map(name));
        format!("line {}: {module:?} {taken:?} as {bound:?}, level {}, {:?}", row.line, row.level, row.flags)
    };
    imports.rows.iter().map(words).collect()
}
