//! TOML text as sections with places.

use std::ops::Range;

use legb_syntax::LineIndex;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::section::{Entry, Section, Value};
use crate::contract::{Complaint, Place, Written};

/// Reads a TOML file; the error says what is wrong with it, and where.
pub(crate) fn read(path: &str, text: &str) -> Result<Section, Complaint> {
    let lines = LineIndex::new(text);
    let reader = Reader { path, text, lines: &lines };
    match DeTable::parse(text) {
        Ok(table) => Ok(reader.section(table.get_ref(), reader.place(&(0..0)))),
        Err(error) => Err(Complaint {
            place: reader.place(&error.span().unwrap_or_default()),
            message: format!("this is not TOML: {}", error.message().replace('\n', "; ")),
            help: None,
        }),
    }
}

struct Reader<'a> {
    path: &'a str,
    text: &'a str,
    lines: &'a LineIndex,
}

impl Reader<'_> {
    fn place(&self, span: &Range<usize>) -> Place {
        let offset = u32::try_from(span.start).unwrap_or_default();
        let place = self.lines.line_column(offset, self.text);
        Place { path: self.path.to_owned(), line: place.line, column: place.column }
    }

    fn section(&self, table: &DeTable<'_>, place: Place) -> Section {
        let mut entries: Vec<(usize, Entry)> = table
            .iter()
            .map(|(key, value)| {
                let written = Written { value: key.get_ref().to_string(), place: self.place(&key.span()) };
                (key.span().start, Entry { key: written, value: self.value(value, &key.span()) })
            })
            .collect();
        entries.sort_by_key(|(start, _)| *start);
        Section { place, entries: entries.into_iter().map(|(_, entry)| entry).collect() }
    }

    /// A value; one that has no place of its own stands where `around` does.
    fn value(&self, value: &Spanned<DeValue<'_>>, around: &Range<usize>) -> Written<Value> {
        let span = if value.span().is_empty() { around.clone() } else { value.span() };
        let place = self.place(&span);
        let value = match value.get_ref() {
            DeValue::String(text) => Value::Text(text.to_string()),
            DeValue::Boolean(flag) => Value::Flag(*flag),
            DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
                .map_or(Value::Other("a number that is too large"), Value::Number),
            DeValue::Array(items) => Value::List(items.iter().map(|item| self.value(item, &span)).collect()),
            DeValue::Table(table) => Value::Table(self.section(table, place.clone())),
            DeValue::Float(_) => Value::Other("a number with a fraction"),
            DeValue::Datetime(_) => Value::Other("a date"),
        };
        Written { value, place }
    }
}
