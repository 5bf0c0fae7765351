//! Variables that begin with `LEGB_`: `LEGB_TARGET_VERSION` is `target-version`, and two underscores lead into a table:
//! `LEGB_LOGS__TZ` is `logs.tz`. Lists are written with commas, tables as in TOML. `LEGB_ENV` names an environment.
//!
//! A variable that is nearly a setting is an error. One that is like no setting is somebody else's: it is left alone.

use std::path::PathBuf;
use std::sync::Arc;

use super::{Layer, Layers, Request};
use crate::check::{nearest_setting, unknown};
use crate::error::ConfigError;
use crate::keys::{EXTENDS, Key, Kind, extended, key};
use crate::read::{Syntax, read};
use crate::value::{Data, Entry, LayerKind, Place, Source, Table, Value};

const PREFIX: &str = "LEGB_";
/// The variable that names an environment.
pub const ENVIRONMENT_VARIABLE: &str = "LEGB_ENV";
/// How alike a variable has to be to a setting, from 0 to 1, to be taken for one that is misspelt.
const MISSPELT: f64 = 0.8;

/// The name of the environment that is asked for, and what asks for it.
pub(super) fn environment(request: &Request) -> Option<(String, &'static str)> {
    if let Some(name) = &request.environment {
        return Some((name.clone(), "--env"));
    }
    let is_it = |(name, value): &&(String, String)| name == ENVIRONMENT_VARIABLE && !value.is_empty();
    request.variables.iter().find(is_it).map(|(_, value)| (value.clone(), ENVIRONMENT_VARIABLE))
}

/// Adds the layer of the variables, if any says something.
pub(super) fn add(variables: &[(String, String)], layers: &mut Layers, errors: &mut Vec<ConfigError>) {
    let kind = LayerKind::Variables;
    let whole = Arc::new(Source { name: format!("{PREFIX}*"), folder: PathBuf::new(), layer: kind });
    let mut document = Table::new();
    let mut ours: Vec<&(String, String)> = variables
        .iter()
        .filter(|(name, value)| name.starts_with(PREFIX) && name != ENVIRONMENT_VARIABLE && !value.is_empty())
        .collect();
    ours.sort();
    for (variable, text) in ours {
        let name = setting_name(&variable[PREFIX.len()..]);
        let place = Place::whole(&Arc::new(Source { name: variable.clone(), folder: PathBuf::new(), layer: kind }));
        match key(&name).or_else(|| extended(&name)) {
            Some(key) if key.name == EXTENDS || key.kind == Kind::Contracts => {
                let what = format!("`{}` stands in files only", key.name);
                errors.push(ConfigError::at(&place, what).help("unset this variable"));
            }
            Some(key) => match value(key, text, &place) {
                Ok(value) => insert(&mut document, &name, value, &place),
                Err(error) => errors.push(error),
            },
            None if is_misspelt(&name) => errors.push(misspelt(&name, &place)),
            None => layers.unrelated.push(variable.clone()),
        }
    }
    if document.is_empty() {
        layers.absent.push((kind, format!("no variable {PREFIX}* is set")));
    } else {
        let document = Value { data: Data::Table(document), place: Place::whole(&whole) };
        layers.layers.push(Layer { kind, name: whole.name.clone(), document });
    }
}

fn setting_name(variable: &str) -> String {
    variable.to_ascii_lowercase().replace("__", ".").replace('_', "-")
}

fn is_misspelt(name: &str) -> bool {
    nearest_setting(name).is_some_and(|near| strsim::normalized_damerau_levenshtein(name, &near) >= MISSPELT)
}

fn misspelt(name: &str, place: &Place) -> ConfigError {
    let variable = |name: &str| format!("{PREFIX}{}", name.to_ascii_uppercase().replace('.', "__").replace('-', "_"));
    let mut error = unknown(name, place);
    if let Some(near) = nearest_setting(name) {
        error.help = vec![format!("did you mean `{}`?", variable(&near))];
    }
    error.example = None;
    error.what = format!("there is no setting `{name}`, which this variable would set");
    error
}

fn insert(document: &mut Table, name: &str, value: Value, place: &Place) {
    let Some((table, inner)) = name.split_once('.') else {
        document.insert(name.to_owned(), Entry { key: place.clone(), value });
        return;
    };
    let entry = document.entry(table.to_owned()).or_insert_with(|| {
        let value = Value::empty(place.clone());
        Entry { key: place.clone(), value }
    });
    if let Data::Table(table) = &mut entry.value.data {
        insert(table, inner, value, place);
    }
}

/// What the text of a variable means for a setting; what it cannot mean stays a text, for which the check complains.
fn value(key: &Key, text: &str, place: &Place) -> Result<Value, ConfigError> {
    let one = || Value::text(text, place.clone());
    let many = || Value::texts(text.split(',').map(str::trim).filter(|item| !item.is_empty()), place);
    let with = |data: Data| Value { data, place: place.clone() };
    let is_inline = text.trim_start().starts_with(['{', '[']);
    Ok(match key.kind {
        Kind::Flag => match text.to_ascii_lowercase().as_str() {
            "true" | "1" | "yes" | "on" => with(Data::Flag(true)),
            "false" | "0" | "no" | "off" => with(Data::Flag(false)),
            _ => one(),
        },
        Kind::Count if text.bytes().all(|byte| byte.is_ascii_digit()) => with(Data::Number(text.to_owned())),
        Kind::Count | Kind::One(_) => one(),
        _ if is_inline => inline(key, text, place)?,
        Kind::OneOrMany(_) if !text.contains(',') => one(),
        Kind::OneOrMany(_) | Kind::Many(_) | Kind::NamesOrTexts => many(),
        Kind::TextByName | Kind::RulesByGlob | Kind::Contracts => one(),
    })
}

/// A list or table in one line: as in TOML, else as in JSON.
fn inline(key: &Key, text: &str, place: &Place) -> Result<Value, ConfigError> {
    let found = match read(&format!("value = {text}"), Syntax::Toml, &place.source) {
        Ok(document) => document.at(&["value"]).cloned(),
        Err(_) => read(text, Syntax::Json, &place.source).ok(),
    };
    let Some(mut found) = found else {
        let error = ConfigError::at(place, format!("the value for `{}` is neither TOML nor JSON", key.name));
        return Err(error.example(format!("{}='{}'", place.source.name, key.example)));
    };
    displace(&mut found, place);
    Ok(found)
}

/// A variable has no lines.
fn displace(value: &mut Value, place: &Place) {
    value.place = place.clone();
    match &mut value.data {
        Data::List(items) => items.iter_mut().for_each(|item| displace(item, place)),
        Data::Table(table) => {
            for entry in table.values_mut() {
                entry.key = place.clone();
                displace(&mut entry.value, place);
            }
        }
        _ => {}
    }
}
