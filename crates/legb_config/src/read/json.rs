//! JSON text as values: strict, without comments, and no key twice in an object.

use jsonc_parser::ast::{ObjectProp, ObjectPropName, Value as Parsed};
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

use super::Places;
use crate::error::ConfigError;
use crate::value::{Data, Entry, Table, Value};

/// How deep brackets may be nested: the parser recurses.
const DEEPEST: usize = 128;

const STRICT: ParseOptions = ParseOptions {
    allow_comments: false,
    allow_loose_object_property_names: false,
    allow_trailing_commas: false,
    allow_missing_commas: false,
    allow_single_quoted_strings: false,
    allow_hexadecimal_numbers: false,
    allow_unary_plus_numbers: false,
    allow_bare_decimal_point_numbers: false,
    allow_extended_string_escapes: false,
    allow_non_finite_numbers: false,
};

/// Reads a document.
pub(super) fn read(places: &Places<'_>) -> Result<Value, ConfigError> {
    if let Some(offset) = too_deep(places.text) {
        return Err(ConfigError::at(&places.at(offset), format!("brackets are nested more than {DEEPEST} deep")));
    }
    let parsed = parse_to_ast(places.text, &CollectOptions::default(), &STRICT).map_err(|error| {
        let place = places.at(error.range().start);
        ConfigError::at(&place, format!("this is not JSON: {}", plain(&error.kind().to_string())))
    })?;
    match parsed.value {
        Some(parsed) => value(&parsed, places),
        None => Err(ConfigError::at(&places.at(0), "this is not JSON: there is no value")),
    }
}

/// The message of the parser as part of a sentence.
fn plain(message: &str) -> String {
    let mut letters = message.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// Where brackets first go deeper than the parser should follow.
fn too_deep(text: &str) -> Option<usize> {
    let (mut depth, mut in_text, mut escaped) = (0_usize, false, false);
    for (offset, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b'[' | b'{' if !in_text => depth += 1,
            b']' | b'}' if !in_text => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEEPEST {
            return Some(offset);
        }
    }
    None
}

fn value(parsed: &Parsed<'_>, places: &Places<'_>) -> Result<Value, ConfigError> {
    let place = places.at(parsed.start());
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
        let name = match &property.name {
            ObjectPropName::String(literal) => literal.value.to_string(),
            ObjectPropName::Word(literal) => literal.value.to_owned(),
        };
        let key = places.at(property.name.start());
        let entry = Entry { key, value: value(&property.value, places)? };
        if let Some(first) = table.get(&name) {
            let what = format!("the key `{name}` stands twice in this object, first in line {}", first.key.line);
            return Err(ConfigError::at(&entry.key, what).help("keep one of the two"));
        }
        table.insert(name, entry);
    }
    Ok(table)
}
