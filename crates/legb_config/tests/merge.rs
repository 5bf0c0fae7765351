//! The laws of merging, on random documents and on the cases of RFC 7396, appendix A.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::path::PathBuf;
use std::sync::Arc;

use legb_config::{
    Data, KindChange, LayerKind, Lists, Null, Rules, Source, Syntax, Value, merge, read, to_json, to_json_text,
    to_toml_document,
};
use legb_testkit::merge_laws::broken_law;

/// Documents of these seeds are merged.
const SEEDS: u64 = 300;

fn json(text: &str) -> Value {
    let source = Source { name: "test.json".to_owned(), folder: PathBuf::new(), layer: LayerKind::Project };
    read(text, Syntax::Json, &Arc::new(source)).unwrap()
}

fn merged(lower: &str, higher: &str, rules: Rules) -> (String, Vec<KindChange>) {
    let mut changes = Vec::new();
    let merged = merge(&json(lower), &json(higher), rules, &mut changes);
    (to_json(&merged).to_string(), changes)
}

#[test]
fn random_documents_keep_the_laws() {
    let broken: Vec<String> = (0..SEEDS).filter_map(broken_law).collect();
    assert!(broken.is_empty(), "{}", broken[0]);
}

#[test]
fn the_cases_of_the_patch_standard() {
    // Original, patch, result: RFC 7396, appendix A.
    let cases = [
        (r#"{"a":"b"}"#, r#"{"a":"c"}"#, r#"{"a":"c"}"#),
        (r#"{"a":"b"}"#, r#"{"b":"c"}"#, r#"{"a":"b","b":"c"}"#),
        (r#"{"a":"b"}"#, r#"{"a":null}"#, r"{}"),
        (r#"{"a":"b","b":"c"}"#, r#"{"a":null}"#, r#"{"b":"c"}"#),
        (r#"{"a":["b"]}"#, r#"{"a":"c"}"#, r#"{"a":"c"}"#),
        (r#"{"a":"c"}"#, r#"{"a":["b"]}"#, r#"{"a":["b"]}"#),
        (r#"{"a":{"b":"c"}}"#, r#"{"a":{"b":"d","c":null}}"#, r#"{"a":{"b":"d"}}"#),
        (r#"{"a":[{"b":"c"}]}"#, r#"{"a":[1]}"#, r#"{"a":[1]}"#),
        (r#"["a","b"]"#, r#"["c","d"]"#, r#"["c","d"]"#),
        (r#"{"a":"b"}"#, r#"["c"]"#, r#"["c"]"#),
        (r#"{"a":"foo"}"#, "null", "null"),
        (r#"{"a":"foo"}"#, r#""bar""#, r#""bar""#),
        (r#"{"e":null}"#, r#"{"a":1}"#, r#"{"a":1,"e":null}"#),
        ("[1,2]", r#"{"a":"b","c":null}"#, r#"{"a":"b"}"#),
        ("{}", r#"{"a":{"bb":{"ccc":null}}}"#, r#"{"a":{"bb":{}}}"#),
    ];
    for (original, patch, result) in cases {
        let rules = Rules { null: Null::Delete, ..Rules::default() };
        let expected = to_json(&json(result)).to_string();
        assert_eq!(merged(original, patch, rules).0, expected, "{original} {patch}");
    }
}

#[test]
fn lists_become_what_is_asked_for() {
    let cases = [(Lists::Replace, "[2,3]"), (Lists::Append, "[1,2,2,3]"), (Lists::Union, "[1,2,3]")];
    for (lists, result) in cases {
        let rules = Rules { lists, ..Rules::default() };
        assert_eq!(merged("[1,2]", "[2,3]", rules).0, result);
    }
}

#[test]
fn merging_is_not_associative_and_folds_from_the_left() {
    let [a, b, c] = [r#"{"x":{"p":1}}"#, r#"{"x":1}"#, r#"{"x":{"q":1}}"#].map(json);
    let over = |lower: &Value, higher: &Value| merge(lower, higher, Rules::default(), &mut Vec::new());
    assert_eq!(over(&over(&a, &b), &c), json(r#"{"x":{"q":1}}"#));
    assert_ne!(over(&a, &over(&b, &c)), json(r#"{"x":{"q":1}}"#));
}

#[test]
fn a_change_of_kind_is_told_with_both_places() {
    let (_, changes) = merged("{\"a\": {\"b\": [1]}}", "{\"a\":\n {\"b\": 2}}", Rules::default());
    let [change] = changes.as_slice() else { panic!("{changes:?}") };
    assert_eq!(change.keys, ["a", "b"]);
    assert_eq!((change.from.0, change.from.1.to_string().as_str()), ("a list", "test.json:1:13"));
    assert_eq!((change.to.0, change.to.1.to_string().as_str()), ("a number", "test.json:2:8"));
}

#[test]
fn keys_stay_in_order_and_numbers_keep_their_digits() {
    let text = r#"{"z": 1.50, "a": 123456789012345678901234567890, "m": {"y": 1, "b": 2}}"#;
    let higher = json(r#"{"m": {"b": 3, "c": 4}, "k": null}"#);
    let merged = merge(&json(text), &higher, Rules::default(), &mut Vec::new());
    let expected = "{\n  \"z\": 1.50,\n  \"a\": 123456789012345678901234567890,\n  \"m\": {\n    \"y\": 1,\n    \"b\": 3,\n    \
                    \"c\": 4\n  },\n  \"k\": null\n}";
    assert_eq!(to_json_text(&merged), expected);
}

#[test]
fn toml_that_is_written_says_the_same() {
    let text = r#"{"a b": [1, "x", {"y": true}], "t": {"u": {"v": 1.5}}, "l": [{"n": "1"}, {"n": "2\n"}], "s": "\"'"}"#;
    let value = json(text);
    let written = to_toml_document(value.as_table().unwrap()).unwrap();
    let source = Source { name: "test.toml".to_owned(), folder: PathBuf::new(), layer: LayerKind::Project };
    assert_eq!(read(&written, Syntax::Toml, &Arc::new(source)).unwrap(), value, "{written}");
    let null = json(r#"{"a": {"b": null}}"#);
    let error = to_toml_document(null.as_table().unwrap()).unwrap_err();
    assert_eq!(error.place, "test.json:1:13");
}

#[test]
fn broken_json_is_told_with_its_place() {
    let source = Arc::new(Source { name: "a.json".to_owned(), folder: PathBuf::new(), layer: LayerKind::Project });
    let place = |text: &str| read(text, Syntax::Json, &source).unwrap_err().place;
    assert_eq!(place("{\"a\": 1,\n \"a\": 2}"), "a.json:2:2");
    assert_eq!(place("{\"a\": }"), "a.json:1:7");
    assert_eq!(place(&"[".repeat(100_000)), "a.json:1:129");
    for text in ["", "{a: 1}", "[1,]", "// x\n1", "'x'", "{} {}"] {
        assert!(read(text, Syntax::Json, &source).is_err(), "{text}");
    }
    assert!(matches!(read(" null ", Syntax::Json, &source).unwrap().data, Data::Null));
}
