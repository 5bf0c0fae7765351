//! Values of settings, each with the place that it was written at.
//!
//! A [`Value`] knows nothing of what it means: it is what JSON and TOML have in common. Two values are equal if they say the
//! same, wherever they stand; the order of keys is kept, but counts for nothing.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use indexmap::IndexMap;

/// Which layer of the settings something belongs to, from the lowest to the highest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LayerKind {
    /// What holds where nobody says anything.
    BuiltIn,
    /// The file of the user.
    User,
    /// A file that another one extends.
    Extends,
    /// The file of the project, or the one given with `--config`.
    Project,
    /// The file of an environment, chosen with `--env` or `LEGB_ENV`.
    Environment,
    /// Variables that begin with `LEGB_`.
    Variables,
    /// Options.
    CommandLine,
}

impl LayerKind {
    /// Every layer, from the lowest to the highest; the files that one extends come right below it.
    pub const ALL: [Self; 7] = [
        Self::BuiltIn,
        Self::User,
        Self::Extends,
        Self::Project,
        Self::Environment,
        Self::Variables,
        Self::CommandLine,
    ];

    /// The word for it in output.
    pub const fn name(self) -> &'static str {
        match self {
            Self::BuiltIn => "built in",
            Self::User => "user",
            Self::Extends => "extends",
            Self::Project => "project",
            Self::Environment => "environment",
            Self::Variables => "variables",
            Self::CommandLine => "command line",
        }
    }
}

/// Something that values are written in: a file, a variable, the command line.
#[derive(Debug, PartialEq, Eq)]
pub struct Source {
    /// How it is called in output: the path of a file, the name of a variable or option.
    pub name: String,
    /// The folder that relative paths start from; empty for the working directory.
    pub folder: PathBuf,
    /// The layer, if the values are settings.
    pub layer: LayerKind,
}

/// Where a value or key stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// In what.
    pub source: Arc<Source>,
    /// Line, from 1; 0 where there are no lines.
    pub line: u32,
    /// Column in characters, from 1; 0 where there are no lines.
    pub column: u32,
}

impl Place {
    /// The place of a source without lines.
    pub fn whole(source: &Arc<Source>) -> Self {
        Self { source: Arc::clone(source), line: 0, column: 0 }
    }

    /// The layer that it belongs to.
    pub fn layer(&self) -> LayerKind {
        self.source.layer
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.source.name)?;
        if self.line > 0 { write!(f, ":{}:{}", self.line, self.column) } else { Ok(()) }
    }
}

/// A value, and where it is written.
#[derive(Clone, Debug)]
pub struct Value {
    /// What it says.
    pub data: Data,
    /// Where.
    pub place: Place,
}

/// A table, in the order of its source.
pub type Table = IndexMap<String, Entry>;

/// What a key of a table holds.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Where the key is written.
    pub key: Place,
    /// The value.
    pub value: Value,
}

/// What a value says.
#[derive(Clone, Debug)]
pub enum Data {
    /// `null`, which only JSON has.
    Null,
    /// True or false.
    Flag(bool),
    /// A number as JSON writes it, with all of its digits.
    Number(String),
    /// Text.
    Text(String),
    /// A date or time, which only TOML has, as it is written.
    Date(String),
    /// A list.
    List(Vec<Value>),
    /// A table.
    Table(Table),
}

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        match (&self.data, &other.data) {
            (Data::Null, Data::Null) => true,
            (Data::Flag(a), Data::Flag(b)) => a == b,
            (Data::Number(a), Data::Number(b)) => is_same_number(a, b),
            (Data::Text(a), Data::Text(b)) | (Data::Date(a), Data::Date(b)) => a == b,
            (Data::List(a), Data::List(b)) => a == b,
            (Data::Table(a), Data::Table(b)) => a == b,
            _ => false,
        }
    }
}

/// Whether two numbers are equal that may be written in different ways: `2.5e1` and `25.0`, but not `25`.
fn is_same_number(a: &str, b: &str) -> bool {
    let is_whole = |text: &str| text.parse::<i128>().is_ok();
    let is_near = || matches!((a.parse::<f64>(), b.parse::<f64>()), (Ok(a), Ok(b)) if a.to_bits() == b.to_bits());
    a == b || !is_whole(a) && !is_whole(b) && is_near()
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl Data {
    /// What kind of value it is, in words that follow "is".
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Flag(_) => "true or false",
            Self::Number(_) => "a number",
            Self::Text(_) => "a text",
            Self::Date(_) => "a date",
            Self::List(_) => "a list",
            Self::Table(_) => "a table",
        }
    }
}

impl Value {
    /// A text.
    pub fn text(text: impl Into<String>, place: Place) -> Self {
        Self { data: Data::Text(text.into()), place }
    }

    /// A list of texts that stand at the same place.
    pub fn texts<T: Into<String>>(texts: impl IntoIterator<Item = T>, place: &Place) -> Self {
        let items = texts.into_iter().map(|text| Self::text(text, place.clone())).collect();
        Self { data: Data::List(items), place: place.clone() }
    }

    /// An empty table.
    pub fn empty(place: Place) -> Self {
        Self { data: Data::Table(Table::new()), place }
    }

    /// The table that it is.
    pub fn as_table(&self) -> Option<&Table> {
        match &self.data {
            Data::Table(table) => Some(table),
            _ => None,
        }
    }

    /// The text that it is.
    pub fn as_text(&self) -> Option<&str> {
        match &self.data {
            Data::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The texts of a list, or the one text that stands for a list; what is no text is passed over.
    pub fn each_text(&self) -> impl Iterator<Item = (&str, &Place)> {
        let items = match &self.data {
            Data::List(items) => items.as_slice(),
            _ => std::slice::from_ref(self),
        };
        items.iter().filter_map(|item| Some((item.as_text()?, &item.place)))
    }

    /// The value below a chain of keys.
    pub fn at(&self, keys: &[&str]) -> Option<&Self> {
        keys.iter().try_fold(self, |value, key| Some(&value.as_table()?.get(*key)?.value))
    }
}
