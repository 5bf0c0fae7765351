//! Sets of Python versions, for findings that hold on some and not on others.

use std::fmt;

use legb_base::PyVersion;
use serde::{Serialize, Serializer};

/// A set of versions, printed in ranges: `3.8`, `3.8–3.11`, `3.8–3.10, 3.13`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct VersionSet {
    bits: u8,
}

impl VersionSet {
    /// Adds a version.
    pub fn insert(&mut self, version: PyVersion) {
        self.bits |= 1 << version.index();
    }

    /// Whether the set has `version`.
    pub fn contains(self, version: PyVersion) -> bool {
        self.bits & (1 << version.index()) != 0
    }

    /// How many versions there are.
    pub fn len(self) -> usize {
        self.bits.count_ones() as usize
    }

    /// Whether there is no version.
    pub fn is_empty(self) -> bool {
        self.bits == 0
    }

    /// The versions of the set, oldest first.
    pub fn iter(self) -> impl Iterator<Item = PyVersion> {
        PyVersion::ALL.into_iter().filter(move |version| self.contains(*version))
    }
}

impl FromIterator<PyVersion> for VersionSet {
    fn from_iter<I: IntoIterator<Item = PyVersion>>(versions: I) -> Self {
        let mut set = Self::default();
        versions.into_iter().for_each(|version| set.insert(version));
        set
    }
}

impl fmt::Display for VersionSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = PyVersion::ALL.as_slice();
        let mut separator = "";
        while let Some(start) = rest.iter().position(|version| self.contains(*version)) {
            let run = &rest[start..];
            let end = run.iter().position(|version| !self.contains(*version)).unwrap_or(run.len());
            write!(f, "{separator}{}", run[0])?;
            if end > 1 {
                write!(f, "–{}", run[end - 1])?;
            }
            separator = ", ";
            rest = &run[end..];
        }
        Ok(())
    }
}

impl Serialize for VersionSet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter().map(|version| version.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::VersionSet;

    #[test]
    fn ranges_are_joined() {
        let set = |texts: &[&str]| texts.iter().map(|text| text.parse().unwrap()).collect::<VersionSet>().to_string();
        assert_eq!(set(&["3.8"]), "3.8");
        assert_eq!(set(&["3.13", "3.8", "3.9", "3.10"]), "3.8–3.10, 3.13");
        assert_eq!(set(&["3.14", "3.15"]), "3.14–3.15");
    }
}
