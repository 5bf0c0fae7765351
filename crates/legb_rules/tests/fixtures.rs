//! The rules against `fixtures/rules`: one test for each heading, and one for each page against the interpreters.

use std::path::Path;

use legb_base::{Diagnostic, Dialect};
use legb_project::Exclusion;
use legb_resolve::{Environment, Finder, ImportRoots, RealFs};
use legb_rules::{
    BannedImport, FileCx, ProjectCx, ProjectFile, Selection, Settings, Surroundings, check_file, check_project,
    without_silenced,
};
use legb_scope::{Analyzer, ModuleSummary, SummaryScratch};
use legb_syntax::{SourceKind, parse};
use legb_testkit::fixture::{Source, trials};

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let arguments = libtest_mimic::Arguments::from_args();
    libtest_mimic::run(&arguments, trials(&root.join("fixtures/rules"), &root.join("target"), check)).exit();
}

fn check(source: Source<'_>) -> Vec<Diagnostic> {
    let dialect = Dialect::of(source.version);
    let is_stub = source.path.extension().is_some_and(|end| end == "pyi");
    let kind = if is_stub { SourceKind::Stub } else { SourceKind::Python };
    let parsed = parse(source.text, kind, &dialect);
    let mut analyzer = Analyzer::default();
    let facts = analyzer.analyze(&parsed, source.text, &dialect, kind);
    let select: Vec<&str> = source.select.map_or_else(Vec::new, |rules| rules.split(',').collect());
    let selection = Selection::new(&select, &[], &[]).expect("fixtures select rules that exist");
    let banned = source.banned.iter().map(|name| BannedImport { name: name.clone(), reason: None });
    let settings = Settings { banned_imports: banned.collect(), builtin_arguments: None };
    let cx = FileCx::new(facts, &parsed, source.text, &dialect, kind, source.path).with_settings(&settings);
    let mut found = check_file(&cx, &selection);
    if let Some(project) = source.project {
        let compiles = facts.errors.is_empty() && !parsed.has_errors();
        let summary = compiles.then(|| ModuleSummary::of(facts, source.text, &mut SummaryScratch::default()));
        found.extend(check_in_project(&cx, summary.as_ref(), project, &selection));
        found.sort_by_key(|finding| finding.span);
    }
    found
}

/// What the rules about the project say of one file in it.
fn check_in_project(
    cx: &FileCx<'_>,
    summary: Option<&ModuleSummary>,
    project: &Path,
    selection: &Selection,
) -> Vec<Diagnostic> {
    let fs = RealFs::new();
    let roots = ImportRoots::guess(&[project.to_owned()], &fs);
    let environment = Environment::new(legb_resolve::Settings::project(cx.dialect.version, roots.clone()), &fs);
    let finder = Finder::new(&environment, &fs);
    let exclusion = Exclusion::new([], project).expect("no pattern is no bad pattern");
    let around = Surroundings { roots: &roots, finder: &finder, fs: &fs, exclusion: &exclusion, dialect: cx.dialect };
    let files = [ProjectFile { path: cx.path, summary }];
    let found = check_project(&ProjectCx::new(&files, around), selection);
    without_silenced(cx, found).into_iter().map(|finding| finding.diagnostic).collect()
}
