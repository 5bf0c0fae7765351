//! Which Python versions a run is about.

use std::fmt;
use std::path::Path;
use std::str::FromStr;

use legb_base::PyVersion;
use legb_config::{LayerKind, Set};
use legb_project::{Problem, TargetOrigin, default_target};

/// The value of `--target-version`: one version, several, or all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct VersionList {
    versions: Vec<PyVersion>,
    /// The setting or option that says so.
    because: String,
}

impl VersionList {
    /// The versions that a setting names.
    pub(crate) fn set(set: &Set<Vec<PyVersion>>) -> Self {
        let because = match set.place.layer() {
            LayerKind::CommandLine => set.place.to_string(),
            _ => format!("`target-version` in {}", set.place),
        };
        Self { versions: set.value.clone(), because }
    }

    /// One version.
    pub(crate) fn of(version: PyVersion) -> Self {
        Self::given(vec![version])
    }

    /// The versions, oldest first; never empty.
    pub(crate) fn versions(&self) -> &[PyVersion] {
        &self.versions
    }

    fn given(versions: Vec<PyVersion>) -> Self {
        Self { versions, because: "--target-version".to_owned() }
    }
}

impl FromStr for VersionList {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "all" {
            return Ok(Self::given(PyVersion::ALL.to_vec()));
        }
        let mut versions = Vec::new();
        for part in text.split(',').map(str::trim) {
            versions.push(part.parse().map_err(|_| {
                let known: Vec<String> = PyVersion::ALL.iter().map(ToString::to_string).collect();
                format!("`{part}` is no Python version that legb knows; known are {}, and `all`", known.join(", "))
            })?);
        }
        versions.sort_unstable();
        versions.dedup();
        Ok(Self::given(versions))
    }
}

/// The versions of a run.
pub(crate) struct Targets {
    /// The versions, oldest first; never empty.
    pub(crate) versions: Vec<PyVersion>,
    /// Why they are these.
    pub(crate) because: String,
    /// Whether somebody said so; else they are only the newest, and the program may have to run on older ones.
    pub(crate) told: bool,
    /// What kept a file that should say so from being understood.
    pub(crate) problem: Option<Problem>,
}

impl fmt::Display for Targets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let versions: Vec<String> = self.versions.iter().map(ToString::to_string).collect();
        write!(f, "Python {} ({})", versions.join(", "), self.because)
    }
}

impl Targets {
    /// The newest of the versions, for answers that are the same for all or are about one.
    pub(crate) fn newest(&self) -> PyVersion {
        self.versions.last().copied().unwrap_or(PyVersion::NEWEST)
    }

    /// The versions asked for; else what the project around `first` says, unless `isolated`.
    pub(crate) fn choose(asked: Option<&VersionList>, first: &Path, isolated: bool) -> Self {
        if let Some(VersionList { versions, because }) = asked {
            return Self { versions: versions.clone(), because: because.clone(), told: true, problem: None };
        }
        if isolated {
            let because = "the newest".to_owned();
            return Self { versions: vec![PyVersion::NEWEST], because, told: false, problem: None };
        }
        let target = default_target(first);
        let told = target.origin != TargetOrigin::Newest;
        Self { versions: vec![target.version], because: target.origin.to_string(), told, problem: target.problem }
    }
}

#[cfg(test)]
mod tests {
    use super::VersionList;

    #[test]
    fn lists_are_sorted_and_checked() {
        let list = |text: &str| {
            text.parse::<VersionList>().map(|list| list.versions().iter().map(ToString::to_string).collect::<Vec<_>>())
        };
        assert_eq!(list("3.13,3.8, 3.8").unwrap(), ["3.8", "3.13"]);
        assert_eq!(list("all").unwrap().len(), 8);
        assert!(list("3.7").unwrap_err().contains("3.15"));
        assert!(list("3.8,").is_err());
    }
}
