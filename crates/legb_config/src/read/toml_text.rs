//! TOML text as values.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Places;
use crate::error::ConfigError;
use crate::value::{Data, Entry, Table, Value};

/// Reads a document.
pub(super) fn read(places: &Places<'_>) -> Result<Value, ConfigError> {
    let document = DeTable::parse(places.text).map_err(|error| {
        let place = places.at(error.span().unwrap_or_default().start);
        ConfigError::at(&place, format!("this is not TOML: {}", error.message().replace('\n', "; ")))
    })?;
    let data = Data::Table(table(document.get_ref(), places)?);
    Ok(Value { data, place: places.at(0) })
}

fn table(table: &DeTable<'_>, places: &Places<'_>) -> Result<Table, ConfigError> {
    // The parser sorts keys by name.
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    let entries = entries.into_iter().map(|(key, found)| {
        let entry = Entry { key: places.at(key.span().start), value: value(found, &key.span(), places)? };
        Ok((key.get_ref().to_string(), entry))
    });
    entries.collect()
}

/// A value; one that has no place of its own, such as a table made by a dotted key, stands where `around` does.
fn value(value: &Spanned<DeValue<'_>>, around: &Range<usize>, places: &Places<'_>) -> Result<Value, ConfigError> {
    let span = if value.span().is_empty() { around.clone() } else { value.span() };
    let place = places.at(span.start);
    let data = match value.get_ref() {
        DeValue::String(text) => Data::Text(text.to_string()),
        DeValue::Boolean(flag) => Data::Flag(*flag),
        DeValue::Integer(number) => match i64::from_str_radix(number.as_str(), number.radix()) {
            Ok(number) => Data::Number(number.to_string()),
            Err(_) => return Err(ConfigError::at(&place, "this number is too large")),
        },
        DeValue::Float(number) => match number.as_str().parse::<f64>() {
            Ok(number) => Data::Number(format!("{number:?}")),
            Err(_) => return Err(ConfigError::at(&place, "this is no number")),
        },
        DeValue::Datetime(date) => Data::Date(date.to_string()),
        DeValue::Array(items) => {
            let items = items.iter().map(|item| self::value(item, &span, places));
            Data::List(items.collect::<Result<_, _>>()?)
        }
        DeValue::Table(inner) => Data::Table(table(inner, places)?),
    };
    Ok(Value { data, place })
}
