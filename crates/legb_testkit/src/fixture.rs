//! Do the rules say of a page of snippets what the page says they should?
//!
//! A fixture is a Markdown page: prose and, under each heading, one or more blocks of Python. Comments in the code say what
//! is expected on their line:
//!
//! ````markdown
//! ## Augmented assignment makes the name local
//!
//! ```py
//! count = 0
//! def bump():
//!     count += 1   # error: [unbound-local] "local to `bump`"
//! bump()
//! ```
//!
//! ```oracle python=3.8..3.13
//! 3.8..3.10: UnboundLocalError: local variable 'count' referenced before assignment
//! 3.11..3.13: UnboundLocalError: cannot access local variable 'count' where it is not associated with a value
//! ```
//! ````
//!
//! `# error:`, `# warning:` and `# info:` name the rule and, if they like, a part of the message or help; `# ok` says aloud
//! that nothing fires on its line. What is not expected fails. A block `fixed` holds the code after all repairs. A block
//! `oracle` holds what the interpreters say when they run the code, recorded and never typed; legb's own `python` message
//! must be among its findings. Words behind `py`: `path=pkg/__init__.py`, `version=3.13` or `version=3.8..3.13`,
//! `select=rule,rule`, `banned=module,module`.
//!
//! Blocks with `file=pkg/mod.py` below one heading are the files of one project. The `oracle` block behind the last says how
//! it is run: `run=main.py` as a script, `run=-m:pkg.mod`, or `run=-c:pkg.mod`, which imports a module. With the word `apart`
//! the answer is recorded and legb need not foretell its words. Paths in it begin at the project's folder.
//!
//! Nothing here knows a rule: whoever calls [`trials`] hands in what checks a file.

mod expect;
mod oracle;
mod page;
mod project;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use legb_base::{Certainty, Diagnostic, Edit, PyVersion, Severity};
use libtest_mimic::{Failed, Trial};

pub use page::Snippet;
use page::{Case, Page};

/// What a check is given.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// The path that the snippet goes by.
    pub path: &'a Path,
    /// Its text.
    pub text: &'a str,
    /// The version to check for.
    pub version: PyVersion,
    /// The rules to run, parted by commas, where they are not those that are on by default.
    pub select: Option<&'a str>,
    /// Modules that the project bans.
    pub banned: &'a [String],
    /// The folder of the project that the file lies in, where it is not alone.
    pub project: Option<&'a Path>,
}

/// Checks a file.
pub type Check = fn(Source<'_>) -> Vec<Diagnostic>;

/// One test for every heading of every page in a folder, and one for what the interpreters say of the page.
pub fn trials(folder: &Path, target: &Path, check: Check) -> Vec<Trial> {
    let interpreters = Arc::new(oracle::Interpreters::new(target.to_owned()));
    let mut trials = Vec::new();
    for path in pages(folder) {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) => {
                trials.push(Trial::test(name, move || Err(error.into())));
                continue;
            }
        };
        let page = Page::parse(&text);
        if let Some(problem) = &page.problem {
            let problem = format!("{}: {problem}", path.display());
            trials.push(Trial::test(format!("{name}: page"), move || Err(problem.into())));
        }
        for case in &page.cases {
            let (case, path) = (case.clone(), path.clone());
            trials.push(Trial::test(format!("{name}: {}", case.heading), move || run(&case, &path, check)));
        }
        let interpreters = Arc::clone(&interpreters);
        trials.push(Trial::test(format!("{name}: recorded"), move || oracle::compare(&interpreters, &path)));
    }
    trials
}

/// A snippet that is a program by itself.
#[derive(Clone, Debug)]
pub struct Program {
    /// The page and the heading that it stands below.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// The snippets of all pages in a folder that lie in one file.
pub fn programs(folder: &Path) -> Vec<Program> {
    let mut programs = Vec::new();
    for path in pages(folder) {
        let page = Page::parse(&std::fs::read_to_string(&path).unwrap_or_default());
        for case in &page.cases {
            let name = format!("{}: {}", path.file_stem().unwrap_or_default().to_string_lossy(), case.heading);
            let alone = case.snippets.iter().filter(|snippet| !snippet.is_file);
            programs.extend(alone.map(|snippet| Program { name: name.clone(), text: snippet.text.clone() }));
        }
    }
    programs
}

fn pages(folder: &Path) -> Vec<PathBuf> {
    let entries = folder.read_dir().into_iter().flatten().flatten();
    let mut pages: Vec<PathBuf> =
        entries.map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|end| end == "md")).collect();
    pages.sort();
    pages
}

fn run(case: &Case, page: &Path, check: Check) -> Result<(), Failed> {
    let mut problems = Vec::new();
    if case.snippets.iter().any(|snippet| snippet.is_file) {
        problems.extend(project::run(case, page, check)?);
    }
    for snippet in case.snippets.iter().filter(|snippet| !snippet.is_file) {
        for &version in &snippet.versions {
            let source = Source {
                path: &snippet.path,
                text: &snippet.text,
                version,
                select: snippet.select.as_deref(),
                banned: &snippet.banned,
                project: None,
            };
            let found = check(source);
            let mut report = |line: usize, what: String| {
                problems.push(format!("{}:{}: {version}: {what}", page.display(), snippet.line + line));
            };
            expect::compare(&snippet.text, &found, &mut report);
            if let Some(outcome) = snippet.recorded.get(&version) {
                agree_with_python(outcome.as_deref(), &found, &mut report);
            }
            if let Some(fixed) = &snippet.fixed
                && let got = repair(&snippet.text, &found)
                && got.trim_end() != fixed.trim_end()
            {
                report(0, format!("repaired, it is\n{got}"));
            }
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(problems.join("\n").into()) }
}

/// What the interpreter raised must be foretold word for word; where it raised nothing, nothing may be certain to raise.
fn agree_with_python(raised: Option<&str>, found: &[Diagnostic], report: &mut impl FnMut(usize, String)) {
    match raised {
        Some(text) if !found.iter().any(|finding| finding.python.as_deref() == Some(text)) => {
            report(0, format!("Python raises `{text}`, which no finding says"));
        }
        None => {
            let certain =
                |finding: &&Diagnostic| finding.severity == Severity::Error && finding.certainty == Certainty::Certain;
            if let Some(wrong) = found.iter().find(certain) {
                report(0, format!("certain, yet Python raises nothing: {}", wrong.message));
            }
        }
        Some(_) => {}
    }
}

/// The text with the fixes of all findings applied, last first; of fixes that overlap the one further back is kept.
fn repair(text: &str, found: &[Diagnostic]) -> String {
    let mut edits: Vec<&Edit> =
        found.iter().filter_map(|finding| finding.fix.as_ref()).flat_map(|fix| &fix.edits).collect();
    edits.sort_by_key(|edit| std::cmp::Reverse(edit.span));
    let mut fixed = text.to_owned();
    let mut untouched = text.len();
    for edit in edits {
        let (start, end) = (edit.span.start as usize, edit.span.end as usize);
        if end <= untouched {
            fixed.replace_range(start..end, &edit.content);
            untouched = start;
        }
    }
    fixed
}
