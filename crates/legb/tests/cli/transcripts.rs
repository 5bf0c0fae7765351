//! The console blocks of README and documentation are what the commands print. `LEGB_RECORD=1` rewrites them.

use std::path::{Path, PathBuf};
use std::{env, fs};

use legb_base::PyVersion;
use legb_oracle::interpreter::{Kind, find, must_have_all};
use legb_testkit::transcript::{PYTHON, Stage, pages};

/// The folder of that `python3`; none where it is not installed.
fn python() -> Option<PathBuf> {
    let version: PyVersion = PYTHON.parse().ok()?;
    match find(version, Path::new(env!("CARGO_TARGET_TMPDIR"))) {
        Ok(found) => match found.kind {
            Kind::Native { program, .. } => program.parent().map(Path::to_path_buf),
            Kind::Wasm { .. } => None,
        },
        Err(missing) if must_have_all() => panic!("{missing}"),
        Err(_) => None,
    }
}

#[test]
fn pages_show_what_is_printed() {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap();
    let legb = Path::new(env!("CARGO_BIN_EXE_legb")).parent().unwrap().to_path_buf();
    let python = python();
    let stage = Stage {
        repository: repository.clone(),
        programs: [Some(legb), python.clone()].into_iter().flatten().collect(),
    };
    let mut blocks = 0;
    let mut stale = Vec::new();
    for path in pages(&repository).unwrap() {
        let page = fs::read_to_string(&path).unwrap();
        if python.is_none() && page.contains("python3 ") {
            continue;
        }
        let replayed = stage.replay(&page).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        blocks += replayed.blocks;
        if page == replayed.text {
            continue;
        }
        if env::var_os("LEGB_RECORD").is_some() {
            fs::write(&path, replayed.text).unwrap();
        } else {
            stale.push(format!("{}\n{}", path.display(), first_difference(&page, &replayed.text)));
        }
    }
    assert!(blocks > 0);
    assert!(stale.is_empty(), "stale, run with LEGB_RECORD=1:\n{}", stale.join("\n"));
}

/// The first line that differs, as written and as printed.
fn first_difference(written: &str, printed: &str) -> String {
    let mut lines = written.lines().zip(printed.lines()).enumerate();
    lines
        .find(|(_, (old, new))| old != new)
        .map_or_else(String::new, |(line, (old, new))| format!("  line {}\n  - {old}\n  + {new}", line + 1))
}
