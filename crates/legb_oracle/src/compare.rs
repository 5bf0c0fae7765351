//! Are two answers about one file the same, and if not, what is the first difference in words?

use crate::wire::{SymtableRow, Table};

/// How legb's answer about a file stands to the interpreter's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Equal in every field.
    Identical,
    /// Both refuse the file with the same exception, message and line, and differ in another field of the position.
    Alike(String),
    /// Both parsers refuse the file, in different words or on different lines.
    Grammar(String),
    /// Everything else.
    Differs(String),
}

/// Compares two rows.
pub fn compare(truth: &SymtableRow, ours: &SymtableRow) -> Verdict {
    match (&truth.top, &ours.top) {
        (Some(truth), Some(ours)) => {
            if let Some(difference) = table_difference(truth, ours, &truth.name) {
                return Verdict::Differs(difference);
            }
        }
        (Some(_), None) => {
            return Verdict::Differs(format!("CPython builds the tables; legb says {}", error_text(ours)));
        }
        (None, Some(_)) => {
            return Verdict::Differs(format!("legb builds the tables; CPython says {}", error_text(truth)));
        }
        (None, None) => {}
    }
    if truth.exception.is_none() && ours.exception.is_none() {
        return Verdict::Identical;
    }
    let both = || format!("CPython says {}; legb says {}", error_text(truth), error_text(ours));
    let same_error = truth.exception == ours.exception
        && truth.message() == ours.message()
        && truth.lineno == ours.lineno
        && stage(truth) == stage(ours);
    if !same_error {
        let both_refuse = truth.exception.is_some() && ours.exception.is_some() && truth.top.is_none();
        return if both_refuse && ours.stage.as_deref() == Some("parser") {
            Verdict::Grammar(both())
        } else {
            Verdict::Differs(both())
        };
    }
    let rest = |row: &SymtableRow| (row.offset, row.end_lineno, row.end_offset);
    if rest(truth) == rest(ours) { Verdict::Identical } else { Verdict::Alike(both()) }
}

/// CPython's module `symtable` also runs the decoder and the parser, and does not say which of them refused.
fn stage(row: &SymtableRow) -> Option<&str> {
    match row.stage.as_deref() {
        Some("decode" | "parser") => Some("symtable"),
        other => other,
    }
}

fn error_text(row: &SymtableRow) -> String {
    let number = |value: Option<i64>| value.map_or_else(|| "?".to_owned(), |value| value.to_string());
    match &row.exception {
        None => "nothing".to_owned(),
        Some(exception) => format!(
            "{exception} ({}) at {}:{}..{}:{}: {}",
            row.stage.as_deref().unwrap_or("?"),
            number(row.lineno),
            number(row.offset),
            number(row.end_lineno),
            number(row.end_offset),
            row.msg.as_deref().unwrap_or("?")
        ),
    }
}

/// The first difference between two tables, outermost first.
fn table_difference(truth: &Table, ours: &Table, path: &str) -> Option<String> {
    if truth == ours {
        return None;
    }
    let fields = [
        ("type", truth.kind.clone(), ours.kind.clone()),
        ("name", truth.name.clone(), ours.name.clone()),
        ("lineno", truth.lineno.to_string(), ours.lineno.to_string()),
        ("nested", truth.nested.to_string(), ours.nested.to_string()),
        ("optimized", truth.optimized.to_string(), ours.optimized.to_string()),
        ("has_children", truth.has_children.to_string(), ours.has_children.to_string()),
    ];
    for (field, truth, ours) in fields {
        if truth != ours {
            return Some(format!("{path}: {field} is {truth}, legb says {ours}"));
        }
    }
    for symbol in &truth.symbols {
        match ours.symbols.iter().find(|other| other.0 == symbol.0) {
            None => {
                return Some(format!("{path}: legb lacks the symbol {} ({})", symbol.0, symbol.1.join(" ")));
            }
            Some(other) if other.2 != symbol.2 => {
                return Some(format!("{path}: scope of {} is {}, legb says {}", symbol.0, symbol.2, other.2));
            }
            Some(other) if other.1 != symbol.1 => {
                let lacking: Vec<&str> = missing_from(&symbol.1, &other.1);
                let extra: Vec<&str> = missing_from(&other.1, &symbol.1);
                return Some(format!(
                    "{path}: of {} legb does not say [{}] and says [{}]",
                    symbol.0,
                    lacking.join(" "),
                    extra.join(" ")
                ));
            }
            Some(_) => {}
        }
    }
    if let Some(extra) = ours.symbols.iter().find(|symbol| truth.symbols.iter().all(|other| other.0 != symbol.0)) {
        return Some(format!("{path}: only legb has the symbol {} ({})", extra.0, extra.1.join(" ")));
    }
    let names = |tables: &[Table]| tables.iter().map(|t| format!("{} {}", t.kind, t.name)).collect::<Vec<_>>();
    let (truth_names, our_names) = (names(&truth.children), names(&ours.children));
    if let Some(at) = (0..truth_names.len().max(our_names.len())).find(|&at| truth_names.get(at) != our_names.get(at)) {
        let name = |names: &[String]| names.get(at).cloned().unwrap_or_else(|| "missing".to_owned());
        return Some(format!("{path}: child {at} is {}, legb says {}", name(&truth_names), name(&our_names)));
    }
    truth
        .children
        .iter()
        .zip(&ours.children)
        .find_map(|(truth, ours)| table_difference(truth, ours, &format!("{path}/{}", truth.name)))
        .or_else(|| Some(format!("{path}: the symbols come in another order")))
}

fn missing_from<'a>(these: &'a [String], those: &[String]) -> Vec<&'a str> {
    these.iter().filter(|word| !those.contains(word)).map(String::as_str).collect()
}

#[cfg(test)]
mod tests {
    use super::{Verdict, compare};
    use crate::wire::SymtableRow;

    fn row(text: &str) -> SymtableRow {
        serde_json::from_str(text).expect("a row")
    }

    fn built(symbols: &str) -> SymtableRow {
        row(&format!(
            r#"{{"path": "a.py", "ok": true, "top": {{"type": "module", "name": "top", "lineno": 0, "nested": false,
            "optimized": false, "has_children": false, "symbols": [{symbols}], "children": []}}}}"#
        ))
    }

    fn refused(stage: &str, message: &str, line: u32, offset: u32) -> SymtableRow {
        row(&format!(
            r#"{{"path": "a.py", "ok": false, "stage": "{stage}", "type": "SyntaxError", "msg": "{message}",
            "lineno": {line}, "offset": {offset}, "end_lineno": null, "end_offset": null}}"#
        ))
    }

    #[test]
    fn a_difference_of_tables_is_said_in_words() {
        let truth = built(r#"["x", ["is_local", "is_assigned"], "L"]"#);
        assert_eq!(compare(&truth, &truth), Verdict::Identical);
        for (ours, words) in [
            (r#"["x", ["is_local"], "L"]"#, "top: of x legb does not say [is_assigned] and says []"),
            (r#"["x", ["is_local", "is_assigned"], "C"]"#, "top: scope of x is L, legb says C"),
            ("", "top: legb lacks the symbol x (is_local is_assigned)"),
            (r#"["x", ["is_local", "is_assigned"], "L"], ["y", [], "L"]"#, "top: only legb has the symbol y ()"),
        ] {
            assert_eq!(compare(&truth, &built(ours)), Verdict::Differs(words.to_owned()));
        }
    }

    #[test]
    fn errors_are_identical_alike_grammar_or_different() {
        let truth = refused("symtable", "no", 1, 2);
        assert_eq!(compare(&truth, &refused("parser", "no", 1, 2)), Verdict::Identical);
        assert!(matches!(compare(&truth, &refused("symtable", "no", 1, 3)), Verdict::Alike(_)));
        assert!(matches!(compare(&truth, &refused("parser", "other", 1, 2)), Verdict::Grammar(_)));
        assert!(matches!(compare(&truth, &refused("symtable", "other", 1, 2)), Verdict::Differs(_)));
        assert!(matches!(compare(&truth, &refused("compile", "no", 1, 2)), Verdict::Differs(_)));
        assert!(matches!(compare(&truth, &built("")), Verdict::Differs(_)));
        let addressed = |address: &str| refused("compile", &format!("unit f ({address}); {{'C': 4098}}"), 1, 2);
        assert_eq!(compare(&addressed("94412341200"), &addressed("ADDR")), Verdict::Identical);
    }
}
