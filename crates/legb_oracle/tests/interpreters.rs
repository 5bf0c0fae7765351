//! Do the scripts run, unchanged, on every interpreter of this machine? In continuous integration a missing one is an error.

use std::path::{Path, PathBuf};

use legb_oracle::Interpreter;
use legb_oracle::interpreter::{find_all, must_have_all};
use legb_oracle::run::{Request, RunError, Script, ask, ask_each};
use legb_oracle::wire::{BuiltinsRow, NamesRow, SymtableRow, UnpackRow};

fn interpreters() -> Vec<Interpreter> {
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target");
    let (found, missing) = find_all(&target);
    assert!(!must_have_all() || missing.is_empty(), "{missing:?}");
    found
}

fn source(name: &str, text: &str) -> Request {
    Request::Source { name: name.to_owned(), bytes: text.as_bytes().to_vec() }
}

#[test]
fn every_interpreter_answers_every_script() {
    for interpreter in interpreters() {
        let version = interpreter.version;
        let requests = [
            source("built.py", "# \u{e9}\ndef f(a):\n    return lambda: a\n"),
            source("parser.py", "def f(:\n"),
            source("symtable.py", "def f(x):\n    global x\n"),
            source("compile.py", "return\n"),
            Request::File(PathBuf::from("no such file.py")),
        ];
        let rows: Vec<SymtableRow> =
            ask(&interpreter, Script::Symtable { compile: true }, &requests).expect("an answer each");
        let seen: Vec<_> = rows.iter().map(|row| (row.ok, row.top.is_some(), row.stage.as_deref())).collect();
        let expected = [
            (true, true, None),
            (false, false, Some("symtable")),
            (false, false, Some("symtable")),
            (false, true, Some("compile")),
            (false, false, Some("read")),
        ];
        assert_eq!(seen, expected, "{version}");
        assert_eq!(rows[2].msg.as_deref(), Some("name 'x' is parameter and global"), "{version}");

        let rows: Vec<NamesRow> = ask(&interpreter, Script::Names, &requests[..2]).expect("an answer each");
        let lambda = rows[0].codes.last().expect("the lambda comes last");
        assert_eq!((lambda.kind.as_str(), lambda.names[0].1.as_str()), ("lambda", "free"), "{version}");
        assert!(!rows[1].ok, "{version}");

        let rows: Vec<BuiltinsRow> = ask(&interpreter, Script::Builtins, &[source("", "")]).expect("an answer");
        assert!(rows[0].builtins.contains(&"len".to_owned()), "{version}");
        assert!(rows[0].site.contains(&"exit".to_owned()), "{version}");
        assert!(rows[0].module.contains(&"__file__".to_owned()), "{version}");
    }
}

#[test]
fn an_interpreter_that_dies_names_the_request_and_starts_again() {
    for interpreter in interpreters() {
        // No archive: the script raises and the process ends, with requests still waiting.
        let requests = [source("first.zip", "x"), source("second.zip", "y")];
        let mut seen = Vec::new();
        ask_each(&interpreter, Script::Unpack, &requests, |n, answer: Result<UnpackRow, RunError>| match answer {
            Err(RunError::Died { request, stderr }) => {
                seen.push((n, request, stderr.contains("BadZipFile")));
            }
            other => panic!("{other:?}"),
        })
        .expect("it starts");
        assert_eq!(seen, [(0, "first.zip".to_owned(), true), (1, "second.zip".to_owned(), true)]);
    }
}
