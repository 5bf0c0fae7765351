//! Symbol tables and errors of many files: legb's row against the interpreter's, file by file.

use std::fs;
use std::path::PathBuf;
use std::thread;

use anyhow::{Context, anyhow};
use legb_base::PyVersion;
use legb_oracle::Interpreter;
use legb_oracle::run::{Request, RunError, Script, ask_each};
use legb_oracle::wire::SymtableRow;

use legb_oracle::compare::{Verdict, compare};

/// What legb says of a file: its path, its bytes, a version.
pub(crate) type RowOf = dyn Fn(&str, &[u8], PyVersion) -> anyhow::Result<SymtableRow> + Sync;

/// The columns of [`Tally::line`].
pub(crate) const HEAD: &str = "files  identical  alike  grammar  differing  ";

/// How many files compare how.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) files: usize,
    pub(crate) identical: usize,
    /// Same error, another position field.
    pub(crate) alike: Vec<String>,
    /// Both parsers refuse the file in different words.
    pub(crate) grammar: Vec<String>,
    /// Everything else.
    pub(crate) differing: Vec<String>,
}

impl Tally {
    /// The figures in columns.
    pub(crate) fn line(&self, label: &str) -> String {
        format!(
            "{:5}  {:9}  {:5}  {:7}  {:9}  {label}",
            self.files,
            self.identical,
            self.alike.len(),
            self.grammar.len(),
            self.differing.len()
        )
    }

    /// Prints the first differences of each kind.
    pub(crate) fn print_first(&self, show: usize) {
        for (kind, list) in [("differs", &self.differing), ("grammar", &self.grammar), ("alike", &self.alike)] {
            for difference in list.iter().take(show) {
                println!("  {kind}: {difference}");
            }
        }
    }

    /// Counts one file.
    pub(crate) fn add(&mut self, name: &str, verdict: Verdict) {
        self.files += 1;
        match verdict {
            Verdict::Identical => self.identical += 1,
            Verdict::Alike(words) => self.alike.push(format!("{name}: {words}")),
            Verdict::Grammar(words) => self.grammar.push(format!("{name}: {words}")),
            Verdict::Differs(words) => self.differing.push(format!("{name}: {words}")),
        }
    }

    fn merge(&mut self, other: Self) {
        self.files += other.files;
        self.identical += other.identical;
        self.alike.extend(other.alike);
        self.grammar.extend(other.grammar);
        self.differing.extend(other.differing);
        for list in [&mut self.alike, &mut self.grammar, &mut self.differing] {
            list.sort_unstable();
        }
    }
}

/// Compares files with several interpreters at a time; each of them takes every n-th file.
pub(crate) fn compare_files(
    interpreter: &Interpreter,
    files: &[PathBuf],
    jobs: usize,
    ours: &RowOf,
) -> anyhow::Result<Tally> {
    in_parallel(files, jobs, &|files| compare_some(interpreter, files, ours), Tally::merge)
}

/// Splits inputs (files, seeds of programs) among threads and merges what they find.
pub(crate) fn in_parallel<I: Clone + Sync, T: Default + Send>(
    inputs: &[I],
    jobs: usize,
    some: &(dyn Fn(&[I]) -> anyhow::Result<T> + Sync),
    merge: impl Fn(&mut T, T),
) -> anyhow::Result<T> {
    let jobs = jobs.max(1);
    let shares: Vec<Vec<I>> = (0..jobs).map(|job| inputs.iter().skip(job).step_by(jobs).cloned().collect()).collect();
    thread::scope(|scope| {
        let running: Vec<_> = shares
            .iter()
            .map(|share| {
                // Syntax trees are walked by recursion: test suites hold expressions that need more than a thread's usual stack.
                thread::Builder::new().stack_size(64 << 20).spawn_scoped(scope, move || some(share))
            })
            .collect();
        let mut all = T::default();
        for thread in running {
            let part = thread?.join().map_err(|_| anyhow!("a comparing thread panicked"))??;
            merge(&mut all, part);
        }
        Ok(all)
    })
}

/// As [`in_parallel`], for inputs that are looked at one by one.
pub(crate) fn each_in_parallel<I: Clone + Sync, T: Default + Send>(
    inputs: &[I],
    jobs: usize,
    each: &(dyn Fn(&I) -> anyhow::Result<T> + Sync),
    merge: impl Fn(&mut T, T) + Sync,
) -> anyhow::Result<T> {
    let some = |inputs: &[I]| {
        let mut all = T::default();
        for input in inputs {
            merge(&mut all, each(input)?);
        }
        Ok(all)
    };
    in_parallel(inputs, jobs, &some, &merge)
}

fn compare_some(interpreter: &Interpreter, files: &[PathBuf], ours: &RowOf) -> anyhow::Result<Tally> {
    let requests: Vec<Request> = files.iter().cloned().map(Request::File).collect();
    let mut tally = Tally::default();
    let mut failure = None;
    ask_each(interpreter, Script::Symtable { compile: true }, &requests, |n, answer| {
        match compare_one(&files[n], answer, interpreter.version, ours) {
            Ok(verdict) => tally.add(&files[n].display().to_string(), verdict),
            Err(error) => failure = Some(error),
        }
    })?;
    failure.map_or(Ok(tally), Err)
}

fn compare_one(
    path: &PathBuf,
    answer: Result<SymtableRow, RunError>,
    version: PyVersion,
    ours: &RowOf,
) -> anyhow::Result<Verdict> {
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let ours = ours(&path.display().to_string(), &bytes, version)?;
    Ok(match answer {
        Ok(truth) => compare(&truth, &ours),
        Err(reason) => Verdict::Differs(format!("no answer: {reason}")),
    })
}
