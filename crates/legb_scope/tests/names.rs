//! Is the rule of every name use the one that CPython compiled, and are exceptions worded as it words them?
//!
//! The answers of the interpreters are recorded beside the programs in `tests/names`. A second test asks the interpreters
//! of this machine whether that is still what they say; with `LEGB_RECORD=1` it writes down what they do say.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use legb_base::{Dialect, PyVersion};
use legb_oracle::interpreter::{find_all, must_have_all};
use legb_oracle::run::{Request, Script, ask};
use legb_oracle::wire::NamesRow;
use legb_scope::explain::unbound_exception;
use legb_scope::names::{NameUse, Rule, uses};
use serde::{Deserialize, Serialize};

/// Name, rule, access and place (lines from 1, columns in UTF-8 bytes from 0) of a compiled use.
type Recorded = (String, String, String, (u32, u32), (u32, u32));

/// What one version compiles for one program.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Row {
    program: String,
    python: String,
    uses: Vec<Recorded>,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/names")
}

const PROGRAMS: [&str; 4] = ["classes.py", "comprehensions.py", "functions.py", "generics.py"];

fn program(name: &str) -> Vec<u8> {
    fs::read(folder().join(name)).expect(name)
}

/// Instructions carry columns from this version on.
const FIRST_WITH_PLACES: u8 = 11;

/// A row without what the compiler makes up: an inlined comprehension's setting aside and putting back of variables, names
/// that stand in no source.
fn row(program: &str, version: PyVersion, answer: &NamesRow) -> Row {
    let mut found = BTreeSet::new();
    for code in &answer.codes {
        let saved: BTreeSet<_> =
            code.names.iter().filter(|u| u.2 == "save").map(|u| (&u.0, u.3, u.4, u.5, u.6)).collect();
        for used in &code.names {
            let made_up = used.0.starts_with('.')
                || (used.0.starts_with("__") && used.0.ends_with("__"))
                || (code.name == "__annotate__" && used.0 == "format");
            let (Some(line), Some(column), Some(end_line), Some(end_column)) = (used.3, used.4, used.5, used.6) else {
                continue;
            };
            if !made_up && !saved.contains(&(&used.0, used.3, used.4, used.5, used.6)) {
                let place = ((line, column), (end_line, end_column));
                found.insert((used.0.clone(), used.1.clone(), used.2.clone(), place.0, place.1));
            }
        }
    }
    Row { program: program.to_owned(), python: version.to_string(), uses: found.into_iter().collect() }
}

#[test]
fn rules_are_those_that_were_compiled() {
    let text = fs::read_to_string(folder().join("recorded.jsonl")).expect("recorded.jsonl");
    let (mut compared, mut wrong) = (0, String::new());
    for line in text.lines() {
        let row: Row = serde_json::from_str(line).expect("a row");
        let version: PyVersion = row.python.parse().expect("a version");
        let ours = uses(&program(&row.program), version).expect("it compiles");
        for recorded in &row.uses {
            compared += 1;
            let said = rules_at(&ours, recorded);
            if !said.contains(&recorded.1.as_str()) {
                let _ = writeln!(wrong, "{} {}: {recorded:?}, legb says {said:?}", row.program, row.python);
            }
        }
    }
    assert!(compared > 1000, "{compared} uses were compared");
    assert!(wrong.is_empty(), "{wrong}");
}

/// legb's rules of a use: of the one at its place, or of those within the statement whose place the instruction carries.
fn rules_at<'a>(ours: &'a [NameUse], (name, _, access, start, end): &Recorded) -> Vec<&'a str> {
    let same = || ours.iter().filter(|used| used.name == *name && used.access.as_str() == access);
    let start_of = |used: &NameUse| (used.line, used.column_utf8);
    let end_of = |used: &NameUse| (used.end_line, used.end_column_utf8);
    let exact: Vec<&str> =
        same().filter(|used| start_of(used) == *start && end_of(used) == *end).map(|used| used.rule.as_str()).collect();
    if !exact.is_empty() {
        return exact;
    }
    let within: Vec<&str> =
        same().filter(|used| *start <= start_of(used) && end_of(used) <= *end).map(|used| used.rule.as_str()).collect();
    if !within.is_empty() {
        return within;
    }
    // The second name of a combined instruction has the place of the first; the end of a handler deletes what it bound.
    ours.iter().filter(|used| used.name == *name).map(|used| used.rule.as_str()).collect()
}

#[test]
fn recorded_rules_are_what_interpreters_say() {
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target");
    let (interpreters, missing) = find_all(&target);
    assert!(!must_have_all() || missing.is_empty(), "{missing:?}");
    let path = folder().join("recorded.jsonl");
    let mut rows: Vec<Row> = fs::read_to_string(&path)
        .unwrap_or_default()
        .lines()
        .map(|line| serde_json::from_str(line).expect("a row"))
        .collect();
    let mut fresh = Vec::new();
    for interpreter in interpreters.iter().filter(|found| found.version.minor() >= FIRST_WITH_PLACES) {
        let requests = PROGRAMS.map(|name| Request::Source { name: name.to_owned(), bytes: program(name) });
        let answers: Vec<NamesRow> = ask(interpreter, Script::Names, &requests).expect("an answer each");
        for (name, answer) in PROGRAMS.into_iter().zip(&answers) {
            if answer.ok {
                fresh.push(row(name, interpreter.version, answer));
            }
        }
    }
    if std::env::var_os("LEGB_RECORD").is_some() {
        rows.retain(|old| !fresh.iter().any(|new| (&new.program, &new.python) == (&old.program, &old.python)));
        rows.append(&mut fresh);
        rows.sort_by(|a, b| (&a.python, &a.program).cmp(&(&b.python, &b.program)));
        let lines: String = rows.iter().map(|row| serde_json::to_string(row).expect("a row") + "\n").collect();
        fs::write(&path, lines).expect("recorded.jsonl can be written");
        return;
    }
    for new in &fresh {
        assert!(rows.contains(new), "{} is not recorded as {} compiles it", new.program, new.python);
    }
}

/// `tests/names/raised.tsv` is what `raised.py` prints, all versions together.
#[test]
fn exceptions_are_worded_as_recorded() {
    let table = fs::read_to_string(folder().join("raised.tsv")).expect("raised.tsv");
    let rules = [Rule::Fast, Rule::Cell, Rule::Free, Rule::Global, Rule::Name, Rule::ClassFree, Rule::ClassGlob];
    let mut compared = 0;
    for line in table.lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        let [version, rule, exception, message] = fields[..] else { panic!("{line}") };
        let dialect = Dialect::of(version.parse().expect("a version"));
        let rule = rules.into_iter().find(|known| known.as_str() == rule).expect(line);
        let raised = unbound_exception(rule, "x", &dialect);
        assert_eq!((raised.exception, raised.message.as_str()), (exception, message), "{line}");
        compared += 1;
    }
    assert!(compared >= PyVersion::ALL.len() * 6);
}
