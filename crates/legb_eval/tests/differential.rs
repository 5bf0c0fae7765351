//! What is claimed about programs must be what the interpreters do with them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

use legb_base::PyVersion;
use legb_eval::source::{Files, Packages};
use legb_eval::{Budget, predict};
use legb_oracle::interpreter::{Kind, find, must_have_all};
use legb_resolve::RealFs;

fn target() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target")
}

/// The programs, each with what it shows: a line `# program: …` begins one.
fn programs() -> Vec<(String, String)> {
    let text = include_str!("programs.py");
    text.split("# program: ")
        .skip(1)
        .map(|part| {
            let (title, body) = part.split_once('\n').expect("a title is a line");
            (title.to_owned(), body.to_owned())
        })
        .collect()
}

#[test]
fn every_claimed_output_is_the_real_one() {
    let mut compared = 0;
    for version in PyVersion::ALL {
        let interpreter = match find(version, &target()) {
            Ok(interpreter) => interpreter,
            Err(missing) => {
                assert!(!must_have_all(), "{missing:?}");
                continue;
            }
        };
        let Kind::Native { program, .. } = &interpreter.kind else { continue };
        for (title, body) in programs() {
            let folder = tempfile::tempdir().expect("a temporary folder");
            let file = folder.path().join("program.py");
            fs::write(&file, &body).expect("the folder can be written");
            let run = Command::new(program).args(["-I", "-S"]).arg(&file).output().expect("the interpreter starts");
            let real = String::from_utf8_lossy(&run.stdout).into_owned();
            let path = file.to_string_lossy().into_owned();
            let prediction = thread::Builder::new()
                .stack_size(256 << 20)
                .spawn(move || {
                    let disk = RealFs::new();
                    predict(
                        &path,
                        "program.py",
                        version,
                        &Files { fs: &disk, packages: Packages::None },
                        Budget::default(),
                    )
                })
                .expect("a thread starts")
                .join()
                .expect("the evaluator does not panic");
            let claimed = prediction.stdout.unwrap_or_else(|| panic!("{title} on {version}: {:?}", prediction.unknown));
            assert_eq!(claimed, real, "{title} on {version}");
            let crashed = run.status.code() != Some(0);
            assert_eq!(prediction.exception.is_some(), crashed, "{title} on {version}");
            compared += 1;
        }
    }
    assert!(compared > 0 || !must_have_all());
}
