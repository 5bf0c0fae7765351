//! Settings as they were written, with the place of each: what TOML and INI files have in common.
//!
//! [`Options`] takes the settings of one contract or of a whole file, and complains of what is missing, of the wrong type, or
//! unknown. Keys may be written with `-` or `_`.

use crate::contract::{Alert, Complaint, Place, Written};
use crate::expression::{ImportExpression, ModuleExpression};
use crate::nearest::nearest;

/// What a setting says.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Text.
    Text(String),
    /// True or false.
    Flag(bool),
    /// A whole number.
    Number(i64),
    /// A list.
    List(Vec<Written<Value>>),
    /// A table.
    Table(Section),
    /// Something else, by its name: a date, a number with a fraction.
    Other(&'static str),
}

/// A setting.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Its key.
    pub key: Written<String>,
    /// What it says.
    pub value: Written<Value>,
}

/// Settings that belong together, in the order of the file.
#[derive(Clone, Debug, PartialEq)]
pub struct Section {
    /// Where it begins.
    pub place: Place,
    /// The settings.
    pub entries: Vec<Entry>,
}

impl Value {
    fn type_name(&self) -> &'static str {
        match self {
            Self::Text(_) => "a text",
            Self::Flag(_) => "true or false",
            Self::Number(_) => "a number",
            Self::List(_) => "a list",
            Self::Table(_) => "a table",
            Self::Other(name) => name,
        }
    }
}

impl Section {
    /// The value of a key.
    pub(crate) fn get(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| plain(&entry.key.value) == key)
    }

    /// The table below a key.
    pub(crate) fn table(&self, key: &str) -> Option<&Section> {
        match &self.get(key)?.value.value {
            Value::Table(section) => Some(section),
            _ => None,
        }
    }
}

fn plain(key: &str) -> String {
    key.replace('-', "_")
}

/// Takes settings out of a section.
pub(crate) struct Options<'a> {
    section: &'a Section,
    known: Vec<&'static str>,
    complaints: Vec<Complaint>,
}

impl<'a> Options<'a> {
    pub(crate) fn new(section: &'a Section) -> Self {
        Self { section, known: Vec::new(), complaints: Vec::new() }
    }

    /// Where the section begins.
    pub(crate) fn place(&self) -> Place {
        self.section.place.clone()
    }

    /// Says that something is wrong.
    pub(crate) fn complain(&mut self, place: &Place, message: String, help: Option<String>) {
        self.complaints.push(Complaint { place: place.clone(), message, help });
    }

    /// The value of a key, whatever its type.
    pub(crate) fn value(&mut self, key: &'static str) -> Option<&'a Written<Value>> {
        self.known.push(key);
        self.section.get(key).map(|entry| &entry.value)
    }

    /// A text.
    pub(crate) fn text(&mut self, key: &'static str) -> Option<Written<String>> {
        let value = self.value(key)?;
        match &value.value {
            Value::Text(text) => Some(Written { value: text.clone(), place: value.place.clone() }),
            other => self.wrong(key, "a text", other, &value.place),
        }
    }

    /// A text, or several lines of it.
    pub(crate) fn lines(&mut self, key: &'static str) -> Option<String> {
        let value = self.value(key)?;
        match &value.value {
            Value::Text(text) => Some(text.clone()),
            Value::List(_) => {
                let lines = self.texts(value, key);
                Some(lines.into_iter().map(|line| line.value).collect::<Vec<_>>().join("\n"))
            }
            other => self.wrong(key, "a text", other, &value.place),
        }
    }

    /// A text that must be there.
    pub(crate) fn required_text(&mut self, key: &'static str) -> Option<Written<String>> {
        let text = self.text(key);
        if text.is_none() && self.section.get(key).is_none() {
            self.missing(key);
        }
        text
    }

    /// True or false, `default` where nothing is said. INI files have words for it.
    pub(crate) fn flag(&mut self, key: &'static str, default: bool) -> bool {
        let Some(value) = self.value(key) else { return default };
        match &value.value {
            Value::Flag(flag) => *flag,
            Value::Text(text) if text.eq_ignore_ascii_case("true") => true,
            Value::Text(text) if text.eq_ignore_ascii_case("false") => false,
            Value::Text(text) => {
                self.complain(&value.place, format!("`{key}` is true or false, not `{text}`"), None);
                default
            }
            other => self.wrong(key, "true or false", other, &value.place).unwrap_or(default),
        }
    }

    /// A number from 0, `default` where nothing is said.
    pub(crate) fn number(&mut self, key: &'static str, default: u32) -> u32 {
        let Some(value) = self.value(key) else { return default };
        let number = match &value.value {
            Value::Number(number) => u32::try_from(*number).ok(),
            Value::Text(text) => text.trim().parse().ok(),
            other => return self.wrong(key, "a whole number from 0", other, &value.place).unwrap_or(default),
        };
        number.unwrap_or_else(|| {
            self.complain(&value.place, format!("`{key}` is a whole number from 0"), None);
            default
        })
    }

    /// Texts; a single one is a list of one.
    pub(crate) fn list(&mut self, key: &'static str) -> Vec<Written<String>> {
        self.value(key).map(|value| self.texts(value, key)).unwrap_or_default()
    }

    /// Texts that must be there.
    pub(crate) fn required_list(&mut self, key: &'static str) -> Vec<Written<String>> {
        if self.section.get(key).is_none() {
            self.missing(key);
        }
        self.list(key)
    }

    fn texts(&mut self, value: &Written<Value>, key: &str) -> Vec<Written<String>> {
        let mut texts = Vec::new();
        let mut take = |written: &Written<Value>, options: &mut Self| match &written.value {
            Value::Text(text) if text.trim().is_empty() => {}
            Value::Text(text) => texts.push(Written { value: text.clone(), place: written.place.clone() }),
            other => {
                let _: Option<()> = options.wrong(key, "a text or a list of texts", other, &written.place);
            }
        };
        match &value.value {
            Value::List(items) => items.iter().for_each(|item| take(item, self)),
            _ => take(value, self),
        }
        texts
    }

    /// Expressions for modules.
    pub(crate) fn modules(&mut self, key: &'static str) -> Vec<Written<ModuleExpression>> {
        let texts = self.list(key);
        self.parsed(texts, ModuleExpression::parse)
    }

    /// Expressions for modules that must be there.
    pub(crate) fn required_modules(&mut self, key: &'static str) -> Vec<Written<ModuleExpression>> {
        let texts = self.required_list(key);
        self.parsed(texts, ModuleExpression::parse)
    }

    /// Expressions for imports.
    pub(crate) fn imports(&mut self, key: &'static str) -> Vec<Written<ImportExpression>> {
        let texts = self.list(key);
        self.parsed(texts, ImportExpression::parse)
    }

    fn parsed<T>(&mut self, texts: Vec<Written<String>>, parse: impl Fn(&str) -> Result<T, String>) -> Vec<Written<T>> {
        let mut parsed = Vec::new();
        for text in texts {
            match parse(&text.value) {
                Ok(value) => parsed.push(Written { value, place: text.place }),
                Err(message) => self.complain(&text.place, message, None),
            }
        }
        parsed
    }

    /// How loud to be, [`Alert::Error`] where nothing is said.
    pub(crate) fn alert(&mut self, key: &'static str, words: [&str; 3]) -> Alert {
        let Some(text) = self.text(key) else { return Alert::Error };
        let [error, warn, silent] = words;
        match text.value.trim() {
            word if word == error || word.is_empty() => Alert::Error,
            word if word == warn => Alert::Warn,
            word if word == silent => Alert::Silent,
            word => {
                let help = nearest(word, words).map(|nearest| format!("did you mean `{nearest}`?"));
                let message = format!("`{key}` is `{error}`, `{warn}` or `{silent}`, not `{word}`");
                self.complain(&text.place, message, help);
                Alert::Error
            }
        }
    }

    /// Keys that need not be looked at.
    pub(crate) fn allow(&mut self, keys: &[&'static str]) {
        self.known.extend(keys);
    }

    /// That a key must be there.
    pub(crate) fn missing(&mut self, key: &str) {
        let place = self.place();
        let close = self.section.entries.iter().map(|entry| entry.key.value.as_str());
        let help = nearest(key, close).map(|written| format!("`{written}` is not known; is it meant?"));
        self.complain(&place, format!("`{key}` is missing"), help);
    }

    fn wrong<T>(&mut self, key: &str, wanted: &str, found: &Value, place: &Place) -> Option<T> {
        self.complain(place, format!("`{key}` is {wanted}, not {}", found.type_name()), None);
        None
    }

    /// All complaints but those about unknown keys, in the order of the file.
    pub(crate) fn finish_known(mut self) -> Vec<Complaint> {
        self.complaints.sort();
        self.complaints
    }

    /// All complaints, those about unknown keys included, in the order of the file.
    pub(crate) fn finish(mut self) -> Vec<Complaint> {
        for entry in &self.section.entries {
            let key = plain(&entry.key.value);
            if !self.known.contains(&key.as_str()) {
                let help = nearest(&key, self.known.iter().copied()).map(|known| format!("did you mean `{known}`?"));
                let help = help.unwrap_or_else(|| {
                    let mut known = self.known.clone();
                    known.sort_unstable();
                    known.dedup();
                    format!("known are {}", known.join(", "))
                });
                self.complaints.push(Complaint {
                    place: entry.key.place.clone(),
                    message: format!("unknown key `{}`", entry.key.value),
                    help: Some(help),
                });
            }
        }
        self.complaints.sort();
        self.complaints
    }
}
