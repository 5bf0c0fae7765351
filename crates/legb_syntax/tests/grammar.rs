//! Does this crate say of broken source what CPython says, for every version?
//!
//! The expectations in `grammar.tsv` are recorded from the interpreters by `record/grammar.py`.

use legb_base::{Dialect, PyVersion};
use legb_syntax::decode::decode;
use legb_syntax::{CompileError, LineIndex, SourceKind, grammar, parse};

/// A recorded answer: `ok`, or type, message and place.
fn answer(error: Option<CompileError>, text: &str) -> String {
    let Some(error) = error else { return "ok".to_owned() };
    let at = error.position(&LineIndex::new(text));
    let number = |value: Option<i64>| value.map_or_else(|| "-".to_owned(), |value| value.to_string());
    format!(
        "{}\t{}\t{}:{}..{}:{}",
        error.exception,
        error.message,
        number(at.lineno.map(i64::from)),
        number(at.offset),
        number(at.end_lineno.map(i64::from)),
        number(at.end_offset)
    )
}

fn source(field: &str) -> Vec<u8> {
    let text: String = serde_json::from_str(field.trim_start_matches('b')).expect("a source is a JSON string");
    if field.starts_with('b') {
        text.chars().map(|c| u8::try_from(u32::from(c)).expect("bytes are Latin-1")).collect()
    } else {
        text.into()
    }
}

#[test]
fn errors_are_those_of_the_interpreters() {
    let mut wrong = Vec::new();
    let table = include_str!("grammar.tsv");
    for line in table.lines().filter(|line| !line.starts_with('#')) {
        let mut fields = line.splitn(3, '\t');
        let (field, minors, want) = (fields.next().unwrap(), fields.next().unwrap(), fields.next().unwrap());
        let (first, last) = minors.split_once('-').unwrap();
        for minor in first.parse::<u8>().unwrap()..=last.parse().unwrap() {
            let dialect = Dialect::of(PyVersion::from_minor(minor).unwrap());
            let got = match decode(&source(field), &dialect) {
                Err(error) => answer(Some(error), ""),
                Ok(text) => {
                    let error = parse(&text, SourceKind::Python, &dialect).grammar_error(&text, &dialect);
                    // The fast parser must let through only what CPython lets through.
                    let missed = error.is_none() && grammar::reread(&text, &dialect).is_some();
                    if missed { "missed".to_owned() } else { answer(error, &text) }
                }
            };
            if got != want {
                wrong.push(format!("3.{minor} {field}\n  want {want}\n  got  {got}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// Sources that nest so deeply that a tree would overflow the stack when it is dropped.
#[test]
fn deep_nesting_is_an_error_and_no_crash() {
    let deep = 100_000;
    let sources = [
        "(".repeat(deep),
        format!("{}1{}", "[".repeat(deep), "]".repeat(deep)),
        format!("1{}", "+1".repeat(deep)),
        format!("{}a", "not ".repeat(deep)),
        format!("{}a", "-".repeat(deep)),
        format!("a{}", ".b()".repeat(deep)),
        format!("{}a", "lambda a, b: ".repeat(deep)),
        format!("{}a", "a if b else ".repeat(deep)),
        format!("{}a", "a**".repeat(deep)),
        format!("{}a{}", "f'{".repeat(3000), "}'".repeat(3000)),
        (0..2000).flat_map(|level| [" ".repeat(level), "if a:\n".to_owned()]).collect(),
    ];
    for version in PyVersion::ALL {
        let dialect = Dialect::of(version);
        for source in &sources {
            let parsed = parse(source, SourceKind::Python, &dialect);
            let error = parsed.grammar_error(source, &dialect).expect("no version compiles this");
            let known = ["SyntaxError", "IndentationError", "MemoryError", "RecursionError"];
            assert!(known.contains(&error.exception), "{version} {}: {error:?}", &source[..20]);
        }
    }
}

/// What real code has at most is no reason to refuse it.
#[test]
fn long_expressions_are_fine() {
    let terms: Vec<String> = (0..2000).map(|i| format!("a{i}*b**{i} - c.d(e[{i}])")).collect();
    let source = format!("x = {}\ny = [{}]\n", terms[..500].join(" + "), terms.join(", "));
    let dialect = Dialect::of(PyVersion::NEWEST);
    let parsed = parse(&source, SourceKind::Python, &dialect);
    assert_eq!(parsed.grammar_error(&source, &dialect), None);
    assert_eq!(parsed.suite().len(), 2);
}
