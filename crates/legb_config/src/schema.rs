//! The JSON schema (draft 2020-12) of a file of settings, made from the list of settings.

use legb_base::PyVersion;
use serde_json::{Map, Value as Json, json};

use crate::check::{ALL_VERSIONS, SCHEMA};
use crate::keys::{EXTEND, Item, KEYS, Kind, format_names};

/// The schema as text.
pub fn schema_text() -> String {
    format!("{:#}\n", schema())
}

/// The schema.
pub fn schema() -> Json {
    let mut properties = Map::new();
    properties.insert(SCHEMA.to_owned(), json!({"type": "string"}));
    for key in &KEYS {
        match key.name.split_once('.') {
            None => {
                properties.insert(key.name.to_owned(), or_null(&of_kind(key.kind), key.doc));
            }
            Some((table, name)) => {
                let empty = json!({"type": ["object", "null"], "additionalProperties": false, "properties": {}});
                let table = properties.entry(table.to_owned()).or_insert(empty);
                table["properties"][name] = or_null(&of_kind(key.kind), key.doc);
            }
        }
        if key.extendable {
            let what = format!("Adds to `{}` of lower layers.", key.name);
            properties.insert(format!("{EXTEND}{}", key.name), or_null(&of_kind(key.kind), &what));
        }
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Settings of legb",
        "type": "object",
        "additionalProperties": false,
        "properties": properties,
    })
}

/// A setting, or `null`, which deletes what lower layers say.
fn or_null(schema: &Json, description: &str) -> Json {
    json!({"description": description, "anyOf": [schema, {"type": "null"}]})
}

fn of_kind(kind: Kind) -> Json {
    match kind {
        Kind::Flag => json!({"type": "boolean"}),
        Kind::Count => json!({"type": "integer", "minimum": 1, "maximum": u32::MAX}),
        Kind::One(item) => of_item(item),
        Kind::Many(item) => many(item),
        Kind::OneOrMany(item) => json!({"anyOf": [of_item(item), many(item)]}),
        Kind::TextByName => by_name(&text_or_null()),
        Kind::RulesByGlob => by_name(&json!({"anyOf": [many(Item::Rule), {"type": "null"}]})),
        Kind::NamesOrTexts => json!({"anyOf": [many(Item::Text), by_name(&text_or_null())]}),
        Kind::Contracts => json!({"type": ["array", "object"]}),
    }
}

fn many(item: Item) -> Json {
    json!({"type": "array", "items": of_item(item)})
}

fn by_name(value: &Json) -> Json {
    json!({"type": "object", "additionalProperties": value})
}

fn text_or_null() -> Json {
    json!({"type": ["string", "null"]})
}

/// Texts with a closed list of values; what rules and patterns are, the check tells.
fn of_item(item: Item) -> Json {
    match item {
        Item::Text | Item::Glob | Item::Rule | Item::Setting => json!({"type": "string"}),
        Item::Path => json!({"type": "string", "minLength": 1}),
        Item::Version => {
            let versions = PyVersion::ALL.iter().map(ToString::to_string);
            json!({"enum": versions.chain([ALL_VERSIONS.to_owned()]).collect::<Vec<_>>()})
        }
        Item::Format => json!({"enum": format_names().collect::<Vec<_>>()}),
    }
}
