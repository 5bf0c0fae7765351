//! JSON text as sections with places. A key that stands twice is the business of those who read settings.

use legb_syntax::LineIndex;
use legb_syntax::json::{self, ObjectProp, Value as Parsed};

use super::section::{Entry, Section, Value};
use crate::contract::{Complaint, Place, Written};

/// Reads a JSON file whose value is an object; the error says what is wrong with it, and where.
pub(crate) fn read(path: &str, text: &str) -> Result<Section, Complaint> {
    let lines = LineIndex::new(text);
    let reader = Reader { path, text, lines: &lines };
    let complaint = |offset, message| Complaint { place: reader.place(offset), message, help: None };
    match json::parse(text) {
        Ok(Parsed::Object(object)) => Ok(reader.section(&object.properties, reader.place(0))),
        Ok(other) => Err(complaint(json::start(&other), "settings are an object".to_owned())),
        Err(error) => Err(complaint(error.offset, error.message)),
    }
}

struct Reader<'a> {
    path: &'a str,
    text: &'a str,
    lines: &'a LineIndex,
}

impl Reader<'_> {
    fn place(&self, offset: usize) -> Place {
        let place = self.lines.line_column(u32::try_from(offset).unwrap_or_default(), self.text);
        Place { path: self.path.to_owned(), line: place.line, column: place.column }
    }

    fn section(&self, properties: &[ObjectProp<'_>], place: Place) -> Section {
        let entry = |property: &ObjectProp<'_>| {
            let (name, start) = json::name(property);
            Entry { key: Written { value: name, place: self.place(start) }, value: self.value(&property.value) }
        };
        Section { place, entries: properties.iter().map(entry).collect() }
    }

    fn value(&self, parsed: &Parsed<'_>) -> Written<Value> {
        let place = self.place(json::start(parsed));
        let value = match parsed {
            Parsed::StringLit(literal) => Value::Text(literal.value.to_string()),
            Parsed::BooleanLit(literal) => Value::Flag(literal.value),
            Parsed::NumberLit(literal) => {
                literal.value.parse().map_or(Value::Other("a number that is no whole one"), Value::Number)
            }
            Parsed::Array(array) => Value::List(array.elements.iter().map(|item| self.value(item)).collect()),
            Parsed::Object(object) => Value::Table(self.section(&object.properties, place.clone())),
            Parsed::NullKeyword(_) => Value::Other("null"),
        };
        Written { value, place }
    }
}
