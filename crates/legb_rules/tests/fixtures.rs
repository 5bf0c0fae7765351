//! The rules against `fixtures/rules`: one test for each heading, and one for each page against the interpreters.

use std::path::Path;

use legb_base::{Diagnostic, Dialect};
use legb_rules::{FileCx, Selection, check_file};
use legb_scope::Analyzer;
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
    let is_init = source.path.file_stem().is_some_and(|stem| stem == "__init__");
    let parsed = parse(source.text, kind, &dialect);
    let mut analyzer = Analyzer::default();
    let facts = analyzer.analyze(&parsed, source.text, &dialect, kind);
    let select: Vec<&str> = source.select.map_or_else(Vec::new, |rules| rules.split(',').collect());
    let selection = Selection::new(&select, &[], &[]).expect("fixtures select rules that exist");
    check_file(&FileCx::new(facts, &parsed, source.text, &dialect, kind, is_init), &selection)
}
