//! From layers to one table of settings: folded from the left, the lowest first.
//!
//! Tables merge, lists and scalars replace. Before a layer counts, `unset` deletes what lower layers say; behind it,
//! `extend-KEY` adds to lists. `null` deletes. `--select` on the command line puts aside `ignore` and `extend-select` of files.

use std::path::PathBuf;
use std::sync::Arc;

use crate::check::dotted;
use crate::keys::{EXTEND, EXTENDS, KEYS, Kind, UNSET, extended, key};
use crate::layers::{Layer, Layers};
use crate::merge::{KindChange, Lists, Null, Rules, merge};
use crate::value::{Data, Entry, LayerKind, Place, Source, Table, Value};

const SETTINGS: Rules = Rules { lists: Lists::Replace, null: Null::Delete };

/// Settings of all layers in one table, each value with its place.
#[derive(Clone, Debug)]
pub struct Merged {
    /// The table.
    pub value: Value,
    /// Settings that a higher layer gave another kind of value.
    pub changes: Vec<KindChange>,
}

/// Folds layers into one.
pub fn fold(layers: &Layers) -> Merged {
    let mut changes = Vec::new();
    let kind = LayerKind::BuiltIn;
    let nowhere = Source { name: kind.name().to_owned(), folder: PathBuf::new(), layer: kind };
    let mut merged = Value::empty(Place::whole(&Arc::new(nowhere)));
    for layer in &layers.layers {
        merged = apply(merged, layer, &mut changes);
    }
    changes.retain(|change| is_remarkable(&change.keys));
    Merged { value: merged, changes }
}

/// Whether it says something that a setting changes its kind; where a text stands for a list of one, it does not.
fn is_remarkable(keys: &[String]) -> bool {
    key(&keys.join(".")).is_none_or(|key| !matches!(key.kind, Kind::OneOrMany(_)))
}

fn apply(mut merged: Value, layer: &Layer, changes: &mut Vec<KindChange>) -> Value {
    let Some(document) = layer.document.as_table() else { return merged };
    for (name, _) in document.get(UNSET).iter().flat_map(|entry| entry.value.each_text()) {
        if let Some(keys) = dotted(name) {
            remove(&mut merged, &keys);
        }
    }
    if document.contains_key("select") {
        remove(&mut merged, &[format!("{EXTEND}select")]);
        if layer.kind == LayerKind::CommandLine {
            remove(&mut merged, &["ignore".to_owned()]);
        }
    }
    let is_plain = |name: &str| name != UNSET && name != EXTENDS && !name.starts_with('$') && extended(name).is_none();
    let plain: Table = document.iter().filter(|(name, _)| is_plain(name)).map(owned).collect();
    let plain = Value { data: Data::Table(plain), place: layer.document.place.clone() };
    merged = merge(&merged, &plain, SETTINGS, changes);
    for (name, entry) in document {
        if let Some(key) = extended(name) {
            append(&mut merged, key.name, entry);
        }
    }
    merged
}

fn owned((name, entry): (&String, &Entry)) -> (String, Entry) {
    (name.clone(), entry.clone())
}

fn remove(value: &mut Value, keys: &[String]) {
    let (Data::Table(table), [first, rest @ ..]) = (&mut value.data, keys) else { return };
    match (rest, table.get_mut(first)) {
        ([], Some(_)) => {
            table.shift_remove(first);
        }
        (rest, Some(entry)) => remove(&mut entry.value, rest),
        (_, None) => {}
    }
}

/// Adds the items of `entry` to the list `name`. The list of rules that are on by default has no names for them: what is added
/// to it is kept apart.
fn append(merged: &mut Value, name: &str, entry: &Entry) {
    let (Data::Table(table), Data::List(items)) = (&mut merged.data, &entry.value.data) else { return };
    let target =
        if name == "select" && !table.contains_key(name) { format!("{EXTEND}{name}") } else { name.to_owned() };
    match table.get_mut(&target) {
        Some(Entry { value: Value { data: Data::List(known), .. }, .. }) => known.extend(items.iter().cloned()),
        _ => {
            table.insert(target, entry.clone());
        }
    }
}

/// A setting, or what a table of settings holds for one name, with its value.
#[derive(Clone, Debug)]
pub struct Leaf<'a> {
    /// The keys that lead to it.
    pub keys: Vec<&'a str>,
    /// The value.
    pub value: &'a Value,
}

impl Merged {
    /// Every setting that has a value, in the order of the documentation; of tables with free names, each name.
    pub fn leaves(&self) -> Vec<Leaf<'_>> {
        let mut leaves = Vec::new();
        for key in &KEYS {
            if key.extendable
                && let Some((name, entry)) = self
                    .value
                    .as_table()
                    .and_then(|table| table.get_key_value(format!("{EXTEND}{}", key.name).as_str()))
            {
                leaves.push(Leaf { keys: vec![name], value: &entry.value });
            }
            let keys: Vec<&str> = key.name.split('.').collect();
            if let Some(value) = self.value.at(&keys) {
                add_leaves(keys, value, &mut leaves);
            }
        }
        leaves
    }
}

fn add_leaves<'a>(keys: Vec<&'a str>, value: &'a Value, leaves: &mut Vec<Leaf<'a>>) {
    match &value.data {
        Data::Table(table) if !table.is_empty() => {
            for (name, entry) in table {
                let mut inner = keys.clone();
                inner.push(name);
                add_leaves(inner, &entry.value, leaves);
            }
        }
        _ => leaves.push(Leaf { keys, value }),
    }
}

/// The places that a value comes from: its own, and those of items that other layers added to a list.
pub fn places(value: &Value) -> Vec<&Place> {
    let mut places = vec![&value.place];
    let Data::List(items) = &value.data else { return places };
    let is_own = |item: &Value| item.place.source == value.place.source;
    if !items.is_empty() && !items.iter().any(is_own) {
        // Others added to a list that was empty.
        places.clear();
    }
    for item in items {
        if places.iter().all(|place| place.source != item.place.source) {
            places.push(&item.place);
        }
    }
    places
}
