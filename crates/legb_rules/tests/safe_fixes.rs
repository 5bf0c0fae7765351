//! A safe fix never changes what a program prints: every fixture that lies in one file is run before and after all safe fixes
//! of all rules, and must print and raise the same.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use legb_base::{Diagnostic, Dialect, PyVersion};
use legb_oracle::interpreter::{Kind, find, must_have_all};
use legb_rules::{FileCx, Selection, check_file, repair};
use legb_scope::Analyzer;
use legb_syntax::{SourceKind, parse};
use legb_testkit::fixture::programs;

/// Runs each line of standard input, the JSON text of a program, and prints what it printed and raised.
const RUN: &str = r#"
import io, json, sys, types
out, programs = sys.stdout, [json.loads(line) for line in sys.stdin]
for program in programs:
    sys.stdout = sys.stderr = printed = io.StringIO()
    raised = None
    try:
        module = sys.modules["__main__"] = types.ModuleType("__main__")
        exec(compile(program, "snippet.py", "exec"), module.__dict__)
    except BaseException as e:
        raised = type(e).__name__ + ": " + (e.msg if isinstance(e, SyntaxError) else str(e))
    print(json.dumps([printed.getvalue(), raised]), file=out, flush=True)
"#;

fn findings(text: &str, version: PyVersion) -> Option<Vec<Diagnostic>> {
    let dialect = Dialect::of(version);
    let parsed = parse(text, SourceKind::Python, &dialect);
    let mut analyzer = Analyzer::default();
    let facts = analyzer.analyze(&parsed, text, &dialect, SourceKind::Python);
    let compiles = facts.errors.is_empty() && parsed.grammar_error(text, &dialect).is_none();
    let cx = FileCx::new(facts, &parsed, text, &dialect, SourceKind::Python, Path::new("snippet.py"));
    compiles.then(|| check_file(&cx, &Selection::new(&["all"], &[], &[]).unwrap()))
}

/// What each program prints and raises.
fn outcomes(python: &Path, programs: &[&str]) -> Vec<serde_json::Value> {
    let mut child = Command::new(python)
        .args(["-I", "-S", "-B", "-W", "ignore", "-c", RUN])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines: Vec<String> = programs.iter().map(|program| serde_json::to_string(program).unwrap()).collect();
    child.stdin.take().unwrap().write_all(lines.join("\n").as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let answers = String::from_utf8(output.stdout).unwrap();
    answers.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn a_safe_fix_never_changes_what_a_program_prints() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut fixed_programs = 0;
    for version in [PyVersion::ALL[0], PyVersion::ALL[5]] {
        let python = match find(version, &root.join("target")).map(|found| found.kind) {
            Ok(Kind::Native { program, .. }) => program,
            _ if must_have_all() => panic!("CPython {version} is missing"),
            _ => continue,
        };
        let mut pairs = Vec::new();
        for program in programs(&root.join("fixtures/rules")) {
            let repaired = repair(&program.text, false, |text| findings(text, version));
            assert!(!repaired.is_unsettled, "{}: its fixes undo each other", program.name);
            if repaired.text != program.text {
                pairs.push((program, repaired.text));
            }
        }
        let before = outcomes(&python, &pairs.iter().map(|(program, _)| program.text.as_str()).collect::<Vec<_>>());
        let after = outcomes(&python, &pairs.iter().map(|(_, fixed)| fixed.as_str()).collect::<Vec<_>>());
        assert_eq!((before.len(), after.len()), (pairs.len(), pairs.len()), "a program ended the interpreter");
        for (((program, fixed), before), after) in pairs.iter().zip(before).zip(after) {
            assert_eq!(before, after, "{}: {version}: fixed, it is\n{fixed}", program.name);
        }
        fixed_programs += pairs.len();
    }
    assert!(fixed_programs > 0 || !must_have_all(), "no fixture has a safe fix");
}
