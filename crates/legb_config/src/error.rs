//! What is wrong with settings, told so that it can be mended: where, which key, what was probably meant, and an example.

use std::fmt;

use crate::value::Place;

/// Something wrong with the settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    /// Where, as it is printed: `legb.toml:3:1`, the path of a file, or the name of a variable.
    pub place: String,
    /// What is wrong, in a sentence that names the key.
    pub what: String,
    /// What to do about it; several sentences may follow each other.
    pub help: Vec<String>,
    /// How it would be right.
    pub example: Option<String>,
}

impl ConfigError {
    /// An error at a place.
    pub(crate) fn at(place: &Place, what: impl Into<String>) -> Self {
        Self::new(place.to_string(), what)
    }

    /// An error at a place that has no lines, or whose line is not known.
    pub(crate) fn new(place: impl Into<String>, what: impl Into<String>) -> Self {
        Self { place: place.into(), what: what.into(), help: Vec::new(), example: None }
    }

    /// Adds what to do.
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    /// Adds what was probably meant, if anything is near.
    pub(crate) fn nearest(self, nearest: Option<&str>) -> Self {
        match nearest {
            Some(nearest) => self.help(format!("did you mean `{nearest}`?")),
            None => self,
        }
    }

    /// Adds an example.
    pub(crate) fn example(mut self, example: impl Into<String>) -> Self {
        self.example = Some(example.into());
        self
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.what)?;
        for help in &self.help {
            write!(f, "\n  help: {help}")?;
        }
        self.example.as_ref().map_or(Ok(()), |example| write!(f, "\n  example: {example}"))
    }
}

/// All that is wrong with the settings; never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigErrors(pub Vec<ConfigError>);

impl From<ConfigError> for ConfigErrors {
    fn from(error: ConfigError) -> Self {
        Self(vec![error])
    }
}

impl fmt::Display for ConfigErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, error) in self.0.iter().enumerate() {
            write!(f, "{}{error}", if at == 0 { "" } else { "\n" })?;
        }
        Ok(())
    }
}

impl std::error::Error for ConfigErrors {}

/// How alike two names have to be, from 0 to 1, for one to be suggested for the other.
const ALIKE: f64 = 0.6;

/// The known name that is most like `name`; of several the first.
pub(crate) fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let plain = name.to_ascii_lowercase().replace('_', "-");
    let mut best: Option<(f64, &str)> = None;
    for candidate in known {
        let likeness = strsim::normalized_damerau_levenshtein(&plain, candidate);
        if likeness >= ALIKE && best.is_none_or(|(found, _)| likeness > found) {
            best = Some((likeness, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}
