//! Is a document made of settings? Each key is known, and each value is of its kind.
//!
//! All that is wrong is told at once. What a path leads to is not looked at.

use std::path::Path;

use globset::Glob;
use legb_base::PyVersion;
use legb_rules::Selection;

use crate::error::{ConfigError, nearest};
use crate::keys::{EXTEND, Item, KEYS, Key, Kind, extended, format_names, key};
use crate::layers::MANIFEST;
use crate::read::Syntax;
use crate::value::{Data, Entry, LayerKind, Place, Table, Value};

/// The key that editors look for in JSON, to find the schema.
pub(crate) const SCHEMA: &str = "$schema";

/// All that is wrong with a document of settings.
pub(crate) fn check(document: &Value) -> Vec<ConfigError> {
    let mut errors = Vec::new();
    match &document.data {
        Data::Table(table) => check_table(table, "", &mut errors),
        other => {
            let what = format!("settings are a table, and this is {}", other.kind());
            errors.push(ConfigError::at(&document.place, what).example(whole_example(&document.place)));
        }
    }
    errors
}

/// Checks what is in a table; `prefix` is its name with a dot behind, or nothing.
fn check_table(table: &Table, prefix: &str, errors: &mut Vec<ConfigError>) {
    for (name, entry) in table {
        let full = format!("{prefix}{name}");
        if full == SCHEMA {
            continue;
        }
        let (named, list_only) = match key(&full) {
            Some(key) => (Some(key), false),
            None => (extended(&full), true),
        };
        match (named, &entry.value.data) {
            (Some(_), Data::Null) => {}
            (Some(key), _) => check_value(key, &full, list_only, &entry.value, errors),
            (None, Data::Null) if is_table(&full) => {}
            (None, Data::Table(inner)) if is_table(&full) => check_table(inner, &format!("{full}."), errors),
            (None, other) if is_table(&full) => {
                let what = format!("`{full}` is {}, and should be a table", other.kind());
                errors
                    .push(ConfigError::at(&entry.value.place, what).example(first_example(&full, &entry.value.place)));
            }
            (None, _) => errors.push(unknown(&full, &entry.key)),
        }
    }
}

/// Whether settings lie below a name.
pub(crate) fn is_table(name: &str) -> bool {
    KEYS.iter().any(|key| key.name.strip_prefix(name).is_some_and(|rest| rest.starts_with('.')))
}

fn first_example(table: &str, place: &Place) -> String {
    let inside = KEYS.iter().find(|key| key.name.starts_with(&format!("{table}.")));
    inside.map(|key| example(key, "", place)).unwrap_or_default()
}

/// A whole file of settings, as the one of a place is written.
fn whole_example(place: &Place) -> &'static str {
    let name = &place.source.name;
    if is_json(place) {
        "{ \"select\": [\"names\"] }"
    } else if name.ends_with(MANIFEST) {
        "[tool.legb] with select = [\"names\"] below it"
    } else {
        "select = [\"names\"]"
    }
}

/// How a key is set where `place` is: in TOML, in JSON, by a variable or by an option. `extend`: what stands before its name.
pub(crate) fn example(key: &Key, extend: &str, place: &Place) -> String {
    let toml = format!("{extend}{} = {}", key.name, key.example);
    let parsed: Option<toml::Value> =
        format!("x = {}", key.example).parse::<toml::Table>().ok().and_then(|mut table| table.remove("x"));
    match (place.layer(), parsed) {
        (LayerKind::Variables, Some(value)) => {
            plain(&value).map_or(toml, |plain| format!("{}={plain}", place.source.name))
        }
        (LayerKind::CommandLine, Some(value)) => {
            plain(&value).map_or(toml, |plain| format!("{} {plain}", place.source.name))
        }
        (_, Some(value)) if is_json(place) && !key.name.contains('.') => {
            serde_json::to_string(&value).map_or(toml, |value| format!("\"{extend}{}\": {value}", key.name))
        }
        _ => toml,
    }
}

fn is_json(place: &Place) -> bool {
    Syntax::of(Path::new(&place.source.name)) == Syntax::Json
}

/// A value as variables and options have it: lists with commas; tables cannot be said so.
fn plain(value: &toml::Value) -> Option<String> {
    match value {
        toml::Value::String(text) => Some(text.clone()),
        toml::Value::Array(items) => Some(items.iter().map(plain).collect::<Option<Vec<_>>>()?.join(",")),
        toml::Value::Table(_) => None,
        other => Some(other.to_string()),
    }
}

/// The error of a name that is no setting.
pub(crate) fn unknown(name: &str, place: &Place) -> ConfigError {
    let near = nearest_setting(name);
    let inside = |table: &str| KEYS.iter().find(|key| key.name.starts_with(&format!("{table}.")));
    let known = |near: &str| key(near).or_else(|| extended(near)).or_else(|| inside(near));
    let shown = near.as_deref().and_then(known).or_else(|| key("select")).unwrap_or(&KEYS[0]);
    let is_extending = near.as_deref().is_some_and(|near| near.starts_with(EXTEND));
    let example = example(shown, if is_extending { EXTEND } else { "" }, place);
    let error = ConfigError::at(place, format!("there is no setting `{name}`")).nearest(near.as_deref());
    let error = if near.is_none() { error.help("`legb config show` lists the settings") } else { error };
    error.example(example)
}

/// The setting, table of settings or `extend-` form that a name is most like.
pub(crate) fn nearest_setting(name: &str) -> Option<String> {
    let mut known: Vec<String> = KEYS.iter().map(|key| key.name.to_owned()).collect();
    known.extend(KEYS.iter().filter(|key| key.extendable).map(|key| format!("{EXTEND}{}", key.name)));
    known.extend(KEYS.iter().filter_map(|key| Some(key.name.split_once('.')?.0.to_owned())));
    nearest(name, known.iter().map(String::as_str)).map(str::to_owned)
}

/// Checks one value.
fn check_value(key: &Key, name: &str, list_only: bool, value: &Value, errors: &mut Vec<ConfigError>) {
    let kind = if list_only { as_list(key.kind) } else { key.kind };
    let wrong = |value: &Value, should: &str| {
        ConfigError::at(&value.place, format!("`{name}` is {}, and should be {should}", value.data.kind()))
    };
    let before = errors.len();
    match (kind, &value.data) {
        (Kind::Flag, Data::Flag(_)) | (Kind::Contracts, Data::List(_) | Data::Table(_)) => {}
        (Kind::Count, Data::Number(number)) if number.parse::<u32>().is_ok_and(|number| number > 0) => {}
        (Kind::Count, Data::Number(number)) => {
            let what = format!("`{name}` is {number}, and should be {}", kind.described());
            errors.push(ConfigError::at(&value.place, what));
        }
        (Kind::One(item) | Kind::OneOrMany(item), Data::Text(text)) => {
            errors.extend(check_item(item, name, text, &value.place));
        }
        (Kind::Many(item) | Kind::OneOrMany(item), Data::List(items)) => check_items(item, name, items, errors),
        (Kind::NamesOrTexts, Data::List(items)) => check_items(Item::Text, name, items, errors),
        (Kind::TextByName | Kind::NamesOrTexts, Data::Table(table)) => {
            each(table, errors, |inner, entry, errors| match &entry.value.data {
                Data::Text(_) => {}
                other => {
                    let what = format!("`{name}.{}` is {}, and should be a text", quoted(inner), other.kind());
                    errors.push(ConfigError::at(&entry.value.place, what));
                }
            });
        }
        (Kind::RulesByGlob, Data::Table(table)) => each(table, errors, |glob, entry, errors| {
            errors.extend(check_item(Item::Glob, name, glob, &entry.key));
            match &entry.value.data {
                Data::List(items) => check_items(Item::Rule, name, items, errors),
                other => {
                    let what = format!("`{name}.{}` is {}, and should be a list of rules", quoted(glob), other.kind());
                    errors.push(ConfigError::at(&entry.value.place, what));
                }
            }
        }),
        _ => errors.push(wrong(value, kind.described())),
    }
    for error in &mut errors[before..] {
        if error.example.is_none() {
            error.example = Some(example(key, if list_only { EXTEND } else { "" }, &value.place));
        }
    }
}

/// Every entry of a table that is not deleted.
fn each(table: &Table, errors: &mut Vec<ConfigError>, check: impl Fn(&str, &Entry, &mut Vec<ConfigError>)) {
    for (name, entry) in table.iter().filter(|(_, entry)| !matches!(entry.value.data, Data::Null)) {
        check(name, entry, errors);
    }
}

fn as_list(kind: Kind) -> Kind {
    match kind {
        Kind::One(item) | Kind::OneOrMany(item) => Kind::Many(item),
        other => other,
    }
}

fn check_items(item: Item, name: &str, items: &[Value], errors: &mut Vec<ConfigError>) {
    for value in items {
        match &value.data {
            Data::Text(text) => errors.extend(check_item(item, name, text, &value.place)),
            other => {
                let what = format!("an item of `{name}` is {}, and should be a text", other.kind());
                errors.push(ConfigError::at(&value.place, what));
            }
        }
    }
}

/// What is wrong with one text.
fn check_item(item: Item, name: &str, text: &str, place: &Place) -> Option<ConfigError> {
    let at = |what: String| ConfigError::at(place, what);
    match item {
        Item::Text => None,
        Item::Path => text.is_empty().then(|| at(format!("`{name}` has an empty path"))),
        Item::Glob => {
            let error = Glob::new(text).err()?;
            Some(at(format!("`{name}` has the pattern `{text}`, which is none: {}", error.kind())))
        }
        Item::Rule => {
            let none: [&str; 0] = [];
            let unknown = Selection::new(&[text], &none, &none).err()?;
            let error = at(format!("`{name}` names `{text}`, which is no rule, code or group"));
            let error = error.nearest(unknown.nearest);
            Some(if unknown.nearest.is_none() { error.help("`legb rule` lists all rules") } else { error })
        }
        Item::Version if text == ALL_VERSIONS || text.parse::<PyVersion>().is_ok() => None,
        Item::Version => {
            let known: Vec<String> = PyVersion::ALL.iter().map(ToString::to_string).collect();
            let error = at(format!("`{name}` names `{text}`, which is no Python version that legb knows"));
            Some(error.help(format!("known are {}, and `{ALL_VERSIONS}`", known.join(", "))))
        }
        Item::Setting => {
            let Some(keys) = dotted(text) else {
                return Some(at(format!("`{name}` names `{text}`, which is no name of a setting")));
            };
            let is_known = (1..=keys.len()).any(|end| key(&keys[..end].join(".")).is_some()) || is_table(text);
            let is_known = is_known || extended(text).is_some();
            (!is_known).then(|| {
                let what = format!("`{name}` names `{text}`, and there is no such setting");
                at(what).nearest(nearest_setting(text).as_deref())
            })
        }
        Item::Format => {
            let known: Vec<&str> = format_names().collect();
            let what = || format!("`{name}` names `{text}`, which is no output format");
            (!known.contains(&text)).then(|| {
                let error = at(what()).nearest(nearest(text, known.iter().copied()));
                error.help(format!("known are {}", known.join(", ")))
            })
        }
    }
}

/// The word for all versions.
pub(crate) const ALL_VERSIONS: &str = "all";

/// The keys of a dotted name, whose parts may be quoted as in TOML.
pub(crate) fn dotted(name: &str) -> Option<Vec<String>> {
    let table: toml::Table = format!("{name} = 0").parse().ok()?;
    let mut keys = Vec::new();
    let mut table = &table;
    loop {
        let (key, value) = table.iter().next()?;
        keys.push(key.clone());
        match value {
            toml::Value::Table(inner) => table = inner,
            _ => return Some(keys),
        }
    }
}

/// A part of a dotted name, in quotes where TOML needs them.
pub fn quoted(part: &str) -> String {
    let is_bare = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if !part.is_empty() && part.chars().all(is_bare) {
        return part.to_owned();
    }
    toml::Value::String(part.to_owned()).to_string()
}
