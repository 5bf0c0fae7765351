//! How two values become one.
//!
//! Tables merge key by key, at any depth; everything else of the higher value replaces what the lower one has. Merging is not
//! associative where a key changes its kind: `{x: {p: 1}}`, `{x: 1}` and `{x: {q: 1}}` give `{x: {q: 1}}` from the left, and
//! keep `p` from the right. So values are folded from the left, lowest first, and never merged beforehand.
//!
//! Neither argument is changed, and the result shares nothing with them.

use crate::value::{Data, Entry, Place, Table, Value};

/// What becomes of lists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lists {
    /// The higher list replaces the lower one.
    #[default]
    Replace,
    /// The items of the higher list follow those of the lower one.
    Append,
    /// The same, without items that are there already.
    Union,
}

/// What `null` means in the higher value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Null {
    /// It is a value like any other.
    #[default]
    Keep,
    /// It deletes the key (RFC 7396).
    Delete,
}

/// How to merge.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rules {
    /// What becomes of lists.
    pub lists: Lists,
    /// What `null` means.
    pub null: Null,
}

/// A key whose kind changed when it was replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KindChange {
    /// The keys that lead to it.
    pub keys: Vec<String>,
    /// What it was, and where.
    pub from: (&'static str, Place),
    /// What it became, and where.
    pub to: (&'static str, Place),
}

/// Merges `higher` over `lower`. Keys that changed their kind are added to `changes`.
pub fn merge(lower: &Value, higher: &Value, rules: Rules, changes: &mut Vec<KindChange>) -> Value {
    over(lower, higher, rules, &mut Vec::new(), changes)
}

fn over(lower: &Value, higher: &Value, rules: Rules, keys: &mut Vec<String>, changes: &mut Vec<KindChange>) -> Value {
    match (&lower.data, &higher.data) {
        (Data::Table(below), Data::Table(above)) => {
            let data = Data::Table(tables(below, above, rules, keys, changes));
            Value { data, place: higher.place.clone() }
        }
        (Data::List(below), Data::List(above)) => Value { data: lists(below, above, rules.lists), ..higher.clone() },
        (_, Data::Table(above)) if rules.null == Null::Delete => {
            // Below a value that is no table there is nothing to merge with, but `null` still deletes.
            note(lower, higher, keys, changes);
            let data = Data::Table(tables(&Table::new(), above, rules, keys, changes));
            Value { data, place: higher.place.clone() }
        }
        _ => {
            note(lower, higher, keys, changes);
            higher.clone()
        }
    }
}

fn tables(below: &Table, above: &Table, rules: Rules, keys: &mut Vec<String>, changes: &mut Vec<KindChange>) -> Table {
    let mut merged = below.clone();
    for (name, entry) in above {
        if rules.null == Null::Delete && matches!(entry.value.data, Data::Null) {
            merged.shift_remove(name);
            continue;
        }
        keys.push(name.clone());
        let value = match (merged.get(name), &entry.value.data) {
            (Some(known), _) => over(&known.value, &entry.value, rules, keys, changes),
            (None, Data::Table(_)) => {
                let nothing = Value::empty(entry.value.place.clone());
                over(&nothing, &entry.value, rules, keys, changes)
            }
            (None, _) => entry.value.clone(),
        };
        keys.pop();
        merged.insert(name.clone(), Entry { key: entry.key.clone(), value });
    }
    merged
}

fn lists(below: &[Value], above: &[Value], lists: Lists) -> Data {
    let mut merged = if lists == Lists::Replace { Vec::new() } else { below.to_vec() };
    for item in above {
        if lists != Lists::Union || !merged.contains(item) {
            merged.push(item.clone());
        }
    }
    Data::List(merged)
}

fn note(lower: &Value, higher: &Value, keys: &[String], changes: &mut Vec<KindChange>) {
    let (from, to) = (lower.data.kind(), higher.data.kind());
    let is_nothing = matches!(lower.data, Data::Null) || matches!(higher.data, Data::Null);
    if from != to && !is_nothing {
        let (from, to) = ((from, lower.place.clone()), (to, higher.place.clone()));
        changes.push(KindChange { keys: keys.to_vec(), from, to });
    }
}
