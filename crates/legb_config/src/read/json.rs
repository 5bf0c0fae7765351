//! JSON text as values: strict, without comments, and no key twice in an object.

use legb_syntax::json::{self, ObjectProp, Value as Parsed};

use super::Places;
use crate::error::ConfigError;
use crate::value::{Data, Entry, Table, Value};

/// Reads a document.
pub(super) fn read(places: &Places<'_>) -> Result<Value, ConfigError> {
    match json::parse(places.text) {
        Ok(parsed) => value(&parsed, places),
        Err(error) => Err(ConfigError::at(&places.at(error.offset), error.message)),
    }
}

fn value(parsed: &Parsed<'_>, places: &Places<'_>) -> Result<Value, ConfigError> {
    let place = places.at(json::start(parsed));
    let data = match parsed {
        Parsed::NullKeyword(_) => Data::Null,
        Parsed::BooleanLit(literal) => Data::Flag(literal.value),
        Parsed::NumberLit(literal) => Data::Number(literal.value.to_owned()),
        Parsed::StringLit(literal) => Data::Text(literal.value.to_string()),
        Parsed::Array(array) => {
            let items = array.elements.iter().map(|item| value(item, places));
            Data::List(items.collect::<Result<_, _>>()?)
        }
        Parsed::Object(object) => Data::Table(table(&object.properties, places)?),
    };
    Ok(Value { data, place })
}

fn table(properties: &[ObjectProp<'_>], places: &Places<'_>) -> Result<Table, ConfigError> {
    let mut table = Table::new();
    for property in properties {
        let (name, start) = json::name(property);
        let key = places.at(start);
        let entry = Entry { key, value: value(&property.value, places)? };
        if let Some(first) = table.get(&name) {
            let what = format!("the key `{name}` stands twice in this object, first in line {}", first.key.line);
            return Err(ConfigError::at(&entry.key, what).help("keep one of the two"));
        }
        table.insert(name, entry);
    }
    Ok(table)
}
