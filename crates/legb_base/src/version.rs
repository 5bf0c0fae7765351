//! Python versions.

use std::fmt;
use std::str::FromStr;

/// A minor version of Python 3 that legb knows: 3.8 to 3.15.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PyVersion {
    minor: u8,
}

impl PyVersion {
    /// Every version, oldest first.
    pub const ALL: [Self; 8] = [
        Self { minor: 8 },
        Self { minor: 9 },
        Self { minor: 10 },
        Self { minor: 11 },
        Self { minor: 12 },
        Self { minor: 13 },
        Self { minor: 14 },
        Self { minor: 15 },
    ];
    /// The oldest version.
    pub const OLDEST: Self = Self::ALL[0];
    /// The newest version, and the default where nothing else is known.
    pub const NEWEST: Self = Self::ALL[7];

    /// The version `3.minor`, if legb knows it.
    pub const fn from_minor(minor: u8) -> Option<Self> {
        if minor >= 8 && minor <= 15 { Some(Self { minor }) } else { None }
    }

    /// The version legb knows that is closest to `3.minor`.
    pub fn nearest(minor: u32) -> Self {
        let known = |version: &Self| u32::from(version.minor) >= minor;
        Self::ALL.into_iter().find(known).unwrap_or(Self::NEWEST)
    }

    /// The number behind `3.`. To ask what a version can do, ask its [`Dialect`](crate::Dialect).
    pub const fn minor(self) -> u8 {
        self.minor
    }

    /// Position in [`PyVersion::ALL`].
    pub const fn index(self) -> usize {
        (self.minor - 8) as usize
    }
}

impl fmt::Display for PyVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "3.{}", self.minor)
    }
}

/// A text that names no version legb knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownVersion(String);

impl fmt::Display for UnknownVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not a Python version from 3.8 to 3.15", self.0)
    }
}

impl std::error::Error for UnknownVersion {}

impl FromStr for PyVersion {
    type Err = UnknownVersion;

    /// Accepts `3.13` and, as ruff writes it, `py313`; a micro version (`3.13.1`) is dropped.
    fn from_str(text: &str) -> Result<Self, UnknownVersion> {
        let unknown = || UnknownVersion(text.to_owned());
        let minor = match text.strip_prefix("py3") {
            Some(rest) => rest,
            None => text.strip_prefix("3.").ok_or_else(unknown)?.split('.').next().unwrap_or_default(),
        };
        minor.parse().ok().and_then(Self::from_minor).ok_or_else(unknown)
    }
}

#[cfg(test)]
mod tests {
    use super::PyVersion;

    #[test]
    fn versions_are_read_in_every_common_spelling() {
        for version in PyVersion::ALL {
            assert_eq!(version.to_string().parse(), Ok(version));
            assert_eq!(format!("py3{}", version.minor()).parse(), Ok(version));
            assert_eq!(format!("{version}.7").parse(), Ok(version));
            assert_eq!(PyVersion::ALL[version.index()], version);
        }
        assert_eq!([0, 7, 8, 12, 15, 99].map(PyVersion::nearest).map(PyVersion::minor), [8, 8, 8, 12, 15, 15]);
        for wrong in ["3.7", "3.16", "2.7", "py27", "3", "", "3.x", "latest"] {
            assert!(wrong.parse::<PyVersion>().is_err(), "{wrong}");
        }
    }
}
