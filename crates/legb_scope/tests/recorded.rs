//! Does legb give the answers that interpreters gave? Compares with the blocks recorded in `fixtures/scope`; needs no
//! interpreter. `cargo xtask oracle record` writes the blocks.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use legb_oracle::recorded::{Answer, Page};
use legb_oracle::wire::SymtableRow;

fn pages() -> Vec<(PathBuf, Page)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/scope");
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder).expect("the folder is there").map(|entry| entry.expect("an entry").path()).collect();
    paths.sort_unstable();
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).expect("a page can be read");
        let page = Page::parse(&text).unwrap_or_else(|reason| panic!("{}, {reason}", path.display()));
        (path, page)
    };
    paths.into_iter().map(read).collect()
}

#[test]
fn answers_equal_the_recorded_ones() {
    let mut compared = 0;
    let mut wrong = String::new();
    for (path, page) in pages() {
        for snippet in page.snippets() {
            for (&version, recorded) in &snippet.answers {
                let row = legb_scope::symtable::row("snippet.py", snippet.source.as_bytes(), version);
                let ours = Answer::of(&SymtableRow::read(&row).expect("a row"));
                compared += 1;
                if ours != *recorded {
                    let _ = writeln!(
                        wrong,
                        "{}:{}: {} ({version})\n  recorded: {recorded:?}\n  legb:     {ours:?}",
                        path.display(),
                        snippet.line,
                        snippet.heading
                    );
                }
            }
        }
    }
    assert!(compared > 0, "no recorded answers were found");
    assert!(wrong.is_empty(), "{wrong}");
}
