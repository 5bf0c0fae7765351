//! Explanations hang together on every mention of every recorded snippet, and the edits they offer do what they say.
//!
//! What Python does is not judged here: the facts that explanations tell are compared with interpreters elsewhere.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use legb_base::fix::LocatedEdit;
use legb_base::{Dialect, LineColumn, PyVersion};
use legb_oracle::recorded::Page;
use legb_scope::explain::{
    Answer, Explanation, NoName, Outcome, Source, explain, explain_at, explain_line, explain_name, render,
};
use legb_scope::{Analyzer, FileFacts};
use legb_syntax::{LineIndex, SourceKind, parse};

/// Runs `ask` on the analysed text.
fn with<R>(text: &str, version: PyVersion, ask: impl FnOnce(&Source<'_>) -> R) -> R {
    let dialect = Dialect::of(version);
    let parsed = parse(text, SourceKind::Python, &dialect);
    let mut analyzer = Analyzer::default();
    let facts = analyzer.analyze(&parsed, text, &dialect, SourceKind::Python);
    let lines = LineIndex::new(text);
    ask(&Source { path: "a.py", text, lines: &lines, parsed: &parsed, facts, dialect: &dialect })
}

fn all(source: &Source<'_>) -> Vec<Explanation> {
    source.facts.refs.iter_enumerated().map(|(id, _)| explain(source, id)).collect()
}

/// Every snippet and program that is recorded, with the versions that compile it.
fn programs() -> Vec<(String, Vec<PyVersion>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    for entry in fs::read_dir(root.join("../../fixtures/scope")).expect("the fixtures") {
        let text = fs::read_to_string(entry.expect("an entry").path()).expect("a page");
        for snippet in Page::parse(&text).expect("a page").snippets() {
            let compiling = snippet.answers.iter().filter(|(_, answer)| answer.error.is_none());
            found.push((snippet.source.clone(), compiling.map(|(&version, _)| version).collect()));
        }
    }
    for entry in fs::read_dir(root.join("tests/names")).expect("the programs") {
        let path = entry.expect("an entry").path();
        if path.extension().is_some_and(|extension| extension == "py") {
            let text = fs::read_to_string(&path).expect("a program");
            let generic = path.ends_with("generics.py");
            found
                .push((text, PyVersion::ALL.into_iter().filter(|version| !generic || version.minor() >= 12).collect()));
        }
    }
    assert!(found.len() > 20);
    found
}

#[test]
fn every_mention_has_a_ladder_that_ends_at_its_answer() {
    let mut seen = 0;
    for (text, versions) in programs() {
        for version in versions {
            with(&text, version, |source| {
                for it in all(source) {
                    seen += 1;
                    let place = format!("{version}: {it:#?}\n{text}");
                    let hits: Vec<_> = it.steps.iter().filter(|step| step.outcome == Outcome::Hit).collect();
                    if it.scope == Answer::Unresolved {
                        assert!(hits.is_empty(), "{place}");
                    } else {
                        assert_eq!(hits.len(), 1, "{place}");
                        assert_eq!(hits[0].letter, Some(it.scope), "{place}");
                    }
                    assert!(it.steps.iter().all(|step| !step.why.is_empty()), "{place}");
                    assert!(it.verdict.ends_with('.') && it.compiled.ends_with('.'), "{place}");
                    let shown = plain(&render(&it, &text));
                    assert!(shown.contains('^') && shown.contains(&it.verdict[..20]), "{shown}");
                }
            });
        }
    }
    assert!(seen > 1000, "{seen} mentions");
}

fn offset(text: &str, at: LineColumn) -> usize {
    LineIndex::new(text).offset(at, text).expect("a place in the text") as usize
}

/// The text after the edits, and how far a place behind them has moved.
fn applied(text: &str, edits: &[LocatedEdit]) -> String {
    let mut edits: Vec<_> = edits
        .iter()
        .map(|edit| (offset(text, edit.range.start), offset(text, edit.range.end), &edit.content))
        .collect();
    edits.sort_unstable();
    let mut new = text.to_owned();
    for (start, end, content) in edits.into_iter().rev() {
        new.replace_range(start..end, content);
    }
    new
}

#[test]
fn declarations_that_are_offered_send_the_name_where_they_say() {
    let mut tried = 0;
    for (text, versions) in programs() {
        for version in versions {
            let offered: Vec<(Explanation, usize)> = with(&text, version, |source| {
                all(source)
                    .into_iter()
                    .flat_map(|it| (0..it.change.len()).map(move |n| (it.clone(), n)))
                    .filter(|(it, n)| !it.change[*n].edits.is_empty())
                    .collect()
            });
            for (it, n) in offered {
                let change = &it.change[n];
                let expected = if change.title.starts_with("write `global") {
                    Answer::Global
                } else if change.title.starts_with("write `nonlocal") {
                    Answer::Enclosing
                } else {
                    continue;
                };
                let new = applied(&text, &change.edits);
                let moved = offset(&text, it.range.start) + new.len() - text.len();
                let place = format!("{version}: {}\n{new}", change.title);
                with(&new, version, |source| {
                    assert!(source.parsed.grammar_error(&new, source.dialect).is_none(), "{place}");
                    assert!(source.facts.errors.is_empty(), "{place}: {:?}", source.facts.errors);
                    let at = u32::try_from(moved).expect("a short text");
                    let now = explain_at(source, at).expect(&place);
                    assert_eq!((now.name.as_str(), now.scope), (it.name.as_str(), expected), "{place}");
                    tried += 1;
                });
            }
        }
    }
    assert!(tried > 20, "{tried} declarations");
}

#[test]
fn edits_that_are_offered_leave_a_program() {
    let mut tried = 0;
    for (text, versions) in programs() {
        for version in versions {
            let changes: Vec<_> =
                with(&text, version, |source| all(source).into_iter().flat_map(|it| it.change).collect());
            for change in changes.iter().filter(|change| !change.edits.is_empty()) {
                let new = applied(&text, &change.edits);
                with(&new, version, |source| {
                    let facts: &FileFacts = source.facts;
                    let error = source.parsed.grammar_error(&new, source.dialect);
                    assert!(error.is_none() && facts.errors.is_empty(), "{version}: {}\n{new}", change.title);
                });
                tried += 1;
            }
        }
    }
    assert!(tried > 50, "{tried} edits");
}

const COUNTER: &str = "\
count = 0

def increment():
    count = count + 1
    return count
";

#[test]
fn the_json_has_the_documented_fields() {
    with(COUNTER, PyVersion::NEWEST, |source| {
        let at = u32::try_from(COUNTER.find("count + 1").expect("the read")).expect("short");
        let it = explain_at(source, at).expect("a name");
        let json = serde_json::to_value(&it).expect("JSON");
        let keys = |value: &serde_json::Value| -> Vec<String> {
            value.as_object().expect("an object").keys().cloned().collect()
        };
        let sorted = |words: &str| {
            let mut words: Vec<String> = words.split(' ').map(str::to_owned).collect();
            words.sort();
            words
        };
        let mut found = keys(&json);
        found.sort();
        assert_eq!(
            found,
            sorted("name path range mention python scope rule steps bindings unbound_on change made_local_by")
        );
        let mut found = keys(&json["steps"][0]);
        found.sort();
        assert_eq!(found, sorted("scope kind line outcome why"));
        let mut found = keys(&json["bindings"][0]);
        found.sort();
        assert_eq!(found, sorted("path line kind"));
        let mut found = keys(&json["change"][0]);
        found.sort();
        assert_eq!(found, sorted("title edits"));
        assert_eq!((&json["scope"], &json["rule"]), (&"local".into(), &"fast".into()));
        assert_eq!(json["unbound_on"], serde_json::json!([[4]]));
        let titles: Vec<_> =
            it.change.iter().map(|change| change.title.split('`').next().unwrap_or_default()).collect();
        assert_eq!(titles, ["take ", "write ", "give this "], "a parameter comes before a declaration");
    });
}

const WAYS: &str = "\
def f(a, items):
    if a:
        x = 1
    elif items:
        x = 2
    for i in items:
        if i:
            y = 1
            break
    try:
        z = int(a)
    except ValueError:
        pass
    match a:
        case 1:
            pass
        case [v]:
            pass
    while True:
        if a:
            w = 1
            break
    return x, y, z, v, w
";

#[test]
fn each_way_without_a_value_is_told() {
    with(WAYS, PyVersion::NEWEST, |source| {
        let found = explain_line(source, 23).expect("names");
        let ways: Vec<(&str, &[Vec<u32>])> =
            found.iter().map(|it| (it.name.as_str(), it.unbound_on.as_slice())).collect();
        let way = |lines: &[u32]| lines.to_vec();
        assert_eq!(
            ways,
            [
                ("x", &[way(&[2, 23])][..]),
                ("y", &[way(&[6, 23]), way(&[7, 23])]),
                ("z", &[way(&[10, 23])]),
                ("v", &[way(&[14, 23]), way(&[15, 23])]),
                ("w", &[]),
            ]
        );
    });
}

#[test]
fn places_without_a_name_offer_the_nearest() {
    with(COUNTER, PyVersion::NEWEST, |source| {
        let at = u32::try_from(COUNTER.find("def").expect("the def")).expect("short");
        let Err(NoName { nearest }) = explain_at(source, at) else { panic!("`def` is no name") };
        assert_eq!(nearest[0].name, "increment");
        assert_eq!(nearest[0].range.start, LineColumn { line: 3, column: 5 });
        assert!(explain_line(source, 2).is_err());
        let line: Vec<_> =
            explain_line(source, 4).expect("names").into_iter().map(|it| it.range.start.column).collect();
        assert_eq!(line, [5, 13], "the binding and the read without a value");
    });
}

#[test]
fn a_name_is_explained_once_for_each_scope() {
    with(COUNTER, PyVersion::NEWEST, |source| {
        let found: Vec<_> =
            explain_name(source, "count").into_iter().map(|it| (it.scope, it.range.start.line)).collect();
        assert_eq!(found, [(Answer::Global, 1), (Answer::Local, 4)]);
        assert!(explain_name(source, "absent").is_empty());
    });
}

/// The text without its styles.
fn plain(styled: &str) -> String {
    let mut out = String::new();
    let mut parts = styled.split('\u{1b}');
    out.push_str(parts.next().unwrap_or_default());
    for part in parts {
        out.push_str(part.split_once('m').map_or("", |(_, rest)| rest));
    }
    out
}

#[test]
fn the_text_reads_well_without_colour() {
    let shown = with(COUNTER, PyVersion::from_minor(13).expect("3.13"), |source| {
        let at = u32::try_from(COUNTER.find("count + 1").expect("the read")).expect("short");
        plain(&render(&explain_at(source, at).expect("a name"), COUNTER))
    });
    let mut lines = String::new();
    for line in shown.lines() {
        let _ = writeln!(lines, "{}", line.trim_end());
    }
    assert_eq!(
        lines,
        "\
a.py:4:13  count  (Python 3.13)
  |
4 |     count = count + 1
  |             ^^^^^

L  `count` is local to function `increment`, but it has no value here on any path.

Python looks in this order:
  L  function increment  line 3  found    `count` is assigned on line 4, which makes it local in all
                                          of `increment`; no line that runs before this one binds it
  G  module              line 1  skipped  not reached: `increment` has answered. The global `count`,
                                          assigned on line 1, is another variable

Bound on
  line 4  assignment

CPython 3.13 compiles LOAD_FAST: a slot of the frame.
It has no value here, so CPython raises
  UnboundLocalError: cannot access local variable 'count' where it is not associated with a value

What would change the answer:
  1. take `count` as a parameter of `increment` and return the new value: then the caller decides
     what happens to it
  2. write `global count` at the top of `increment`: then `count` is the module's, and assigning it
     here changes it there
  3. give this `count` another name, such as `count_`, where the other `count` is the one outside
"
    );
}

#[test]
fn the_tree_lists_every_scope_and_explains_its_marks() {
    let text = "import os\ndef f(a):\n    b = a\n    def g():\n        return b, os, len, unknown\n    return g\n";
    let shown = with(text, PyVersion::from_minor(13).expect("3.13"), |source| {
        plain(&legb_scope::tree::render(source.facts, source.lines, source.dialect))
    });
    assert_eq!(
        shown,
        "\
module  line 1
  G  f, os (import)
  function f  line 2
    L  a (parameter), b (cell), g
    function g  line 4, nested
      E  b from f (free)
      G  os
      B  len
      ?  unknown

L  local: the scope itself binds it
E  enclosing: a scope around binds it
G  global: the module binds it
B  builtin: the module `builtins` has it
?  nothing in this file binds it
(cell)  local, and shared with a scope inside
(free)  the cell of an enclosing function
(import)  bound by an import
(parameter)  bound by the call
"
    );
}
