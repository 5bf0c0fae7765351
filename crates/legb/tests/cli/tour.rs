//! `legb tour`: every program of it does what CPython was seen to do. `LEGB_RECORD=1` records that again.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use legb_base::PyVersion;
use legb_oracle::interpreter::{Kind, find, must_have_all};
use serde_json::Value;

use crate::project::Project;

/// The version that the programs were recorded with.
const RECORDED: &str = "3.13";

fn stops(args: &[&str]) -> Vec<Value> {
    let project = Project::new(&[]);
    let run = project.run(&[&["tour", "--isolated", "--no-quiz", "--format", "json"], args].concat());
    assert_eq!(run.code, Some(0), "{}{}", run.stdout, run.stderr);
    run.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn program(stop: &Value) -> PathBuf {
    let name = stop["name"].as_str().unwrap().replace('-', "_");
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/commands/tour/programs").join(name)
}

/// What a program writes, and the last line of what it dies of, on the version that was recorded.
fn record(folder: &Path) {
    let interpreter = find(RECORDED.parse().unwrap(), Path::new("")).unwrap();
    let Kind::Native { program, .. } = interpreter.kind else { panic!("not native") };
    let output = Command::new(program).args(["-E", "-s", "-B", "main.py"]).current_dir(folder).output().unwrap();
    let mut text = String::from_utf8(output.stdout).unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    if let Some(last) = stderr.lines().last() {
        text += &last.replace(&format!("{}/", folder.display()), "");
        text.push('\n');
    }
    fs::write(folder.join("expected.txt"), text).unwrap();
}

#[test]
fn every_program_does_what_was_recorded() {
    let stops = stops(&["--no-verify", "--target-version", RECORDED]);
    for stop in &stops {
        let folder = program(stop);
        if env::var_os("LEGB_RECORD").is_some() {
            record(&folder);
        }
        let expected = fs::read_to_string(folder.join("expected.txt")).unwrap();
        let prediction = &stop["prediction"];
        let mut predicted = prediction["stdout"].as_str().unwrap_or_else(|| panic!("{stop:#}")).to_owned();
        if let Some(message) = prediction["exception"]["message"].as_str() {
            let message = message
                .rsplit_once(" (/")
                .map_or(message.to_owned(), |(before, path)| format!("{before} ({}", path.rsplit('/').next().unwrap()));
            predicted.extend([prediction["exception"]["type"].as_str().unwrap(), ": ", &message, "\n"]);
        }
        assert_eq!(predicted, expected, "{}", stop["name"]);
        assert!(stop["verified"].is_null());
    }
    let of_kind = |kind: &str| stops.iter().filter(|stop| stop["kind"] == kind).count();
    assert_eq!((of_kind("pitfall"), of_kind("exercise")), (5, 5));
    assert!(of_kind("topic") >= 8);
}

#[test]
fn every_interpreter_agrees() {
    for version in PyVersion::ALL {
        let found = find(version, Path::new("")).map(|found| found.kind);
        let Ok(Kind::Native { .. }) = found else {
            assert!(found.is_ok() || !must_have_all() || version > "3.13".parse().unwrap(), "{version} is missing");
            continue;
        };
        for stop in stops(&["--target-version", &version.to_string()]) {
            assert_eq!(stop["verified"], true, "{version}: {stop:#}");
        }
    }
}

#[test]
fn the_quiz_takes_its_answers_from_a_pipe() {
    let project = Project::new(&[]);
    let answers = "(\"inner\", \"outer\")\nwrong\n";
    let run = project.run_with_input(&["tour", "--isolated", "--no-verify", "ladder"], answers);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    for part in
        ["[1/1] L, E, G, B", "no: ('inner', 'outer')", "$ legb explain main.py:12:16", "Score: 0 of 3", "not run"]
    {
        assert!(run.stdout.contains(part), "{part:?} is not in\n{}", run.stdout);
    }
    assert!(!run.stdout.contains("/tmp"), "{}", run.stdout);
}

#[test]
fn stops_are_listed_and_unknown_ones_are_told() {
    let project = Project::new(&[]);
    let run = project.run(&["tour", "--list"]);
    assert_eq!((run.code, run.stdout.lines().count()), (Some(0), 20));
    let run = project.run(&["tour", "late-bindung"]);
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("did you mean `late-binding`?") && run.stderr.contains("help: "), "{}", run.stderr);
    let run = project.run(&["tour", "--python", "/nowhere/python", "ladder"]);
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("/nowhere/python"), "{}", run.stderr);
}
