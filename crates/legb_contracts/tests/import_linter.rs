//! Are verdicts and chains those that were recorded from import-linter? One trial for each project in `fixtures/contracts`.

use std::fs;
use std::path::Path;

use legb_base::{Dialect, PyVersion};
use legb_contracts::{check, config, exports_of, named_imports, project, report};
use legb_graph::Project;
use legb_project::{DEFAULT_EXCLUDES, Discovery, Exclusion};
use legb_resolve::RealFs;
use legb_testkit::contracts::{self, answer};
use libtest_mimic::{Arguments, Failed, Trial};

fn main() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/contracts");
    let mut pages: Vec<_> =
        fs::read_dir(folder).expect("there are fixtures").flatten().map(|entry| entry.path()).collect();
    pages.sort();
    let mut trials = Vec::new();
    for page in pages {
        let text = fs::read_to_string(&page).expect("a page can be read");
        let stem = page.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        for project in contracts::projects(&text) {
            trials.push(Trial::test(format!("{stem}: {}", project.heading), move || equals_recorded(&project)));
        }
    }
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

fn equals_recorded(fixture: &contracts::Project) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    fixture.write(folder.path())?;
    let recorded = fixture.recorded.clone().ok_or("nothing is recorded: run `cargo xtask oracle contracts`")?;
    let (found, complaints) = said(folder.path())?;
    // What import-linter finds invalid, legb may refuse to read: then it says so.
    let is_refused = |line: &&str| line.starts_with("invalid ") && !found.contains(*line);
    if complaints == 0 && recorded.lines().any(|line| is_refused(&line)) {
        return Err(format!("nothing is refused, but import-linter says:\n{recorded}").into());
    }
    let checked = recorded.lines().filter(|line| !is_refused(line));
    if found.lines().eq(checked) { Ok(()) } else { Err(format!("import-linter:\n{recorded}\nlegb:\n{found}").into()) }
}

/// What legb says of the contracts in a folder, and of how much in their configuration it complains.
fn said(folder: &Path) -> Result<(String, usize), Failed> {
    let exclusion = Exclusion::new(DEFAULT_EXCLUDES, folder)?;
    let discovery = Discovery { exclusion: &exclusion, force_exclude: false, threads: 1 };
    let opened = Project::open(&[folder.to_owned()], &[], &discovery, &RealFs::default());
    let walked = opened.walk(PyVersion::NEWEST, 1, |_| true, named_imports)?;
    let project = project(&opened.table, walked.answers);
    let config = config::find(folder).ok_or("no contracts are found")?;
    let dialect = Dialect::of(PyVersion::NEWEST);
    let exports = |path: &str| exports_of(&fs::read(path).unwrap_or_default(), &dialect);
    let verdicts = check(&project, &config.contracts, &exports);
    let rows = serde_json::to_value(report::rows(&config.contracts, &verdicts))?;
    Ok((answer(&rows), config.complaints.len()))
}
