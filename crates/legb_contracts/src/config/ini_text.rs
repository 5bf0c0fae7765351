//! INI text as Python's `configparser` reads it, as sections with places.
//!
//! The crates for INI files keep no places and differ from `configparser` in what continues a value: here a line that is
//! indented deeper than its key does, `=` and `:` both end a key, `#` and `;` begin a comment only at the beginning of a line, keys
//! have no case, `DEFAULT` holds what every section has, and `%(key)s` stands for another value. A value of several lines is a
//! list, as in import-linter.

use std::collections::BTreeMap;

use super::section::{Entry, Section, Value};
use crate::contract::{Complaint, Place, Written};

/// How deep `%(key)s` may lead, as in `configparser`.
const DEEPEST: usize = 10;

/// Reads an INI file: its sections by name, in the order of the file. The error says what is wrong with it, and where.
pub fn read(path: &str, text: &str) -> Result<Vec<(String, Section)>, Complaint> {
    let mut reader = Reader { path, sections: Vec::new(), key_indent: None };
    for (line, number) in text.lines().zip(1..) {
        reader.line(line, number)?;
    }
    reader.finish()
}

#[derive(Clone)]
struct RawEntry {
    key: Written<String>,
    /// The lines of the value, each with its place.
    lines: Vec<Written<String>>,
}

struct RawSection {
    name: String,
    place: Place,
    entries: Vec<RawEntry>,
}

struct Reader<'a> {
    path: &'a str,
    sections: Vec<RawSection>,
    /// How far the key is indented whose value may go on.
    key_indent: Option<usize>,
}

impl Reader<'_> {
    fn place(&self, line: u32, column: usize) -> Place {
        Place { path: self.path.to_owned(), line, column: u32::try_from(column).unwrap_or(u32::MAX) + 1 }
    }

    fn line(&mut self, line: &str, number: u32) -> Result<(), Complaint> {
        let content = line.trim();
        let indent = line.chars().take_while(|c| c.is_whitespace()).count();
        if content.is_empty() || content.starts_with(['#', ';']) {
            return Ok(());
        }
        let place = self.place(number, indent);
        if self.key_indent.is_some_and(|key_indent| indent > key_indent)
            && let Some(entry) = self.sections.last_mut().and_then(|section| section.entries.last_mut())
        {
            entry.lines.push(Written { value: content.to_owned(), place });
            return Ok(());
        }
        if let Some(name) = content.strip_prefix('[').and_then(|rest| rest.split_once(']')).map(|(name, _)| name) {
            if self.sections.iter().any(|section| section.name == name) && name != "DEFAULT" {
                return Err(complaint(place, format!("the section [{name}] is there twice")));
            }
            self.sections.push(RawSection { name: name.to_owned(), place, entries: Vec::new() });
            self.key_indent = None;
            return Ok(());
        }
        let Some(end) = content.find(['=', ':']) else {
            return Err(complaint(place, "this line is neither a section, nor a key with a value".to_owned()));
        };
        let key = content[..end].trim().to_lowercase();
        let Some(section) = self.sections.last_mut() else {
            return Err(complaint(place, format!("`{key}` stands before the first section")));
        };
        if section.entries.iter().any(|entry| entry.key.value == key) {
            return Err(complaint(place, format!("`{key}` is there twice in [{}]", section.name)));
        }
        let value = content[end + 1..].trim();
        let column = indent + content.chars().count() - value.chars().count();
        let key = Written { value: key, place };
        let place = Place { column: u32::try_from(column).unwrap_or(u32::MAX) + 1, ..key.place.clone() };
        section.entries.push(RawEntry { key, lines: vec![Written { value: value.to_owned(), place }] });
        self.key_indent = Some(indent);
        Ok(())
    }

    fn finish(self) -> Result<Vec<(String, Section)>, Complaint> {
        let raw = |section: &RawSection| {
            let values = section.entries.iter().map(|entry| {
                let lines: Vec<&str> = entry.lines.iter().map(|line| line.value.as_str()).collect();
                (entry.key.value.clone(), lines.join("\n"))
            });
            values.collect::<BTreeMap<String, String>>()
        };
        let (defaults, sections): (Vec<_>, Vec<_>) =
            self.sections.into_iter().partition(|section| section.name == "DEFAULT");
        let default_values: BTreeMap<String, String> = defaults.iter().flat_map(raw).collect();
        let defaults: Vec<RawEntry> = defaults.into_iter().flat_map(|section| section.entries).collect();
        let mut read = Vec::new();
        for section in sections {
            let mut values = default_values.clone();
            values.extend(raw(&section));
            let is_own = |entry: &&RawEntry| section.entries.iter().any(|own| own.key.value == entry.key.value);
            let inherited = defaults.iter().filter(|entry| !is_own(entry));
            let mut entries = Vec::new();
            for entry in section.entries.iter().chain(inherited) {
                entries.push(finished(entry, &values)?);
            }
            read.push((section.name, Section { place: section.place, entries }));
        }
        Ok(read)
    }
}

fn complaint(place: Place, message: String) -> Complaint {
    Complaint { place, message, help: None }
}

fn finished(entry: &RawEntry, values: &BTreeMap<String, String>) -> Result<Entry, Complaint> {
    let place =
        entry.lines.iter().find(|line| !line.value.is_empty()).map_or(&entry.key.place, |line| &line.place).clone();
    let is_list = entry.lines.len() > 1;
    let mut lines = Vec::new();
    for line in &entry.lines {
        let value = interpolated(&line.value, values, 0).map_err(|message| complaint(line.place.clone(), message))?;
        lines.push(Written { value: Value::Text(value), place: line.place.clone() });
    }
    if lines.first().is_some_and(|line| line.value == Value::Text(String::new())) && is_list {
        lines.remove(0);
    }
    let value = match lines.pop() {
        Some(only) if !is_list => only.value,
        last => Value::List(lines.into_iter().chain(last).collect()),
    };
    Ok(Entry { key: entry.key.clone(), value: Written { value, place } })
}

/// A text with `%(key)s` replaced, and `%%` by one of them.
fn interpolated(text: &str, values: &BTreeMap<String, String>, depth: usize) -> Result<String, String> {
    if depth > DEEPEST {
        return Err(format!("`{text}` leads to itself"));
    }
    let mut done = String::new();
    let mut rest = text;
    while let Some(position) = rest.find('%') {
        done.push_str(&rest[..position]);
        rest = &rest[position + 1..];
        if let Some(after) = rest.strip_prefix('%') {
            done.push('%');
            rest = after;
        } else if let Some((key, after)) = rest.strip_prefix('(').and_then(|inner| inner.split_once(")s")) {
            let value = values.get(&key.to_lowercase());
            let value = value.ok_or_else(|| format!("`%({key})s` stands for no key of this section"))?;
            done.push_str(&interpolated(value, values, depth + 1)?);
            rest = after;
        } else {
            return Err("a `%` is written `%%`; `%(key)s` stands for another value".to_owned());
        }
    }
    done.push_str(rest);
    Ok(done)
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::config::section::Value;

    fn value(text: &str, section: &str, key: &str) -> Value {
        let sections = read("x.ini", text).unwrap();
        let (_, section) = sections.into_iter().find(|(name, _)| name == section).unwrap();
        section.get(key).unwrap().value.value.clone()
    }

    fn texts(value: &Value) -> Vec<String> {
        match value {
            Value::Text(text) => vec![text.clone()],
            Value::List(items) => items.iter().flat_map(|item| texts(&item.value)).collect(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn values_go_on_where_lines_are_indented() {
        let text =
            "[a]\nOne : 1\ntwo=\n    x = y\n    # no\n\n    z  \n  ; no\nthree = %(one)s%%\n[b:c]\nkey = #kept\n";
        assert_eq!(value(text, "a", "one"), Value::Text("1".to_owned()));
        assert_eq!(texts(&value(text, "a", "two")), ["x = y", "z"]);
        assert_eq!(value(text, "a", "three"), Value::Text("1%".to_owned()));
        assert_eq!(value(text, "b:c", "key"), Value::Text("#kept".to_owned()));
        assert_eq!(texts(&value("[a]\nk = x\n y\n", "a", "k")), ["x", "y"]);
        assert_eq!(texts(&value("[a]\nk =\n y\n", "a", "k")), ["y"]);
    }

    #[test]
    fn what_is_wrong_has_a_place() {
        for (text, place, word) in [
            ("a = 1\n", "x.ini:1:1", "before the first section"),
            ("[a]\nnothing\n", "x.ini:2:1", "neither"),
            ("[a]\n[a]\n", "x.ini:2:1", "twice"),
            ("[a]\nb=1\nB=2\n", "x.ini:3:1", "twice"),
            ("[a]\nb = 5%\n", "x.ini:2:5", "%%"),
            ("[a]\nb =\n  ok\n  %(c)s\n", "x.ini:4:3", "no key"),
            ("[a]\nb = %(b)s\n", "x.ini:2:5", "itself"),
        ] {
            let complaint = read("x.ini", text).unwrap_err();
            assert_eq!(complaint.place.to_string(), place, "{text:?}");
            assert!(complaint.message.contains(word), "{}", complaint.message);
        }
    }
}
