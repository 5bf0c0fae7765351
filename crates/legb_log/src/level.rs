//! One scale of levels for all formats: which word, number or letter means how much.
//!
//! What the file itself wrote is not kept here: a `WARN` and a `warning` are the same `Level::Warning`.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

/// How grave a record is. The order is that of Python's `logging`: `Debug < Info < … < Critical`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// DEBUG, TRACE, VERBOSE, FINE.
    Debug,
    /// INFO, NOTICE, SUCCESS.
    Info,
    /// WARNING, WARN.
    Warning,
    /// ERROR, ERR, SEVERE.
    Error,
    /// CRITICAL, FATAL, ALERT, EMERG, PANIC.
    Critical,
}

impl Level {
    /// All levels, from the least grave.
    pub const ALL: [Self; 5] = [Self::Debug, Self::Info, Self::Warning, Self::Error, Self::Critical];

    /// The name that `logging` gives it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Debug => "DEBUG",
            Self::Info => "INFO",
            Self::Warning => "WARNING",
            Self::Error => "ERROR",
            Self::Critical => "CRITICAL",
        }
    }

    /// The level that a word names, in any case.
    #[inline]
    pub fn from_word(word: &[u8]) -> Option<Self> {
        // The capital spelling is by far the most frequent, and comparing it needs no change of case.
        match word {
            b"INFO" => return Some(Self::Info),
            b"DEBUG" => return Some(Self::Debug),
            b"ERROR" => return Some(Self::Error),
            b"WARNING" | b"WARN" => return Some(Self::Warning),
            b"CRITICAL" => return Some(Self::Critical),
            _ => {}
        }
        Self::from_rare_word(word)
    }

    fn from_rare_word(word: &[u8]) -> Option<Self> {
        if !(3..=13).contains(&word.len()) {
            return None;
        }
        let mut lower = [0; 13];
        let lower = &mut lower[..word.len()];
        lower.copy_from_slice(word);
        lower.make_ascii_lowercase();
        match &*lower {
            b"trace" | b"debug" | b"verbose" | b"fine" | b"finer" | b"finest" | b"dbg" => Some(Self::Debug),
            b"info" | b"information" | b"informational" | b"notice" | b"success" | b"inf" => Some(Self::Info),
            b"warning" | b"warn" | b"wrn" => Some(Self::Warning),
            b"error" | b"err" | b"severe" | b"exception" => Some(Self::Error),
            b"critical" | b"crit" | b"fatal" | b"alert" | b"emerg" | b"emergency" | b"panic" => Some(Self::Critical),
            _ => None,
        }
    }

    /// The level of a severity of syslog, 0 (emergency) to 7 (debug): RFC 5424, section 6.2.1.
    pub const fn from_syslog(severity: u64) -> Option<Self> {
        match severity {
            0..=2 => Some(Self::Critical),
            3 => Some(Self::Error),
            4 => Some(Self::Warning),
            5 | 6 => Some(Self::Info),
            7 => Some(Self::Debug),
            _ => None,
        }
    }

    /// The level of a number as `bunyan` and `pino` write it: 10 (trace) to 60 (fatal). Below 8 it is a severity of syslog,
    /// as GELF writes it.
    pub const fn from_bunyan(number: u64) -> Option<Self> {
        match number {
            0..=7 => Self::from_syslog(number),
            8..=29 => Some(Self::Debug),
            30..=39 => Some(Self::Info),
            40..=49 => Some(Self::Warning),
            50..=59 => Some(Self::Error),
            60..=100 => Some(Self::Critical),
            _ => None,
        }
    }

    /// The level of a number of Python's `logging` (`levelno`): 10 (DEBUG) to 50 (CRITICAL).
    pub const fn from_python(number: u64) -> Option<Self> {
        match number {
            0 => None,
            1..=19 => Some(Self::Debug),
            20..=29 => Some(Self::Info),
            30..=39 => Some(Self::Warning),
            40..=49 => Some(Self::Error),
            _ => Some(Self::Critical),
        }
    }

    /// The level of a status of HTTP: 5xx is an error, 4xx a warning.
    pub const fn from_http(status: u64) -> Self {
        match status {
            500.. => Self::Error,
            400..=499 => Self::Warning,
            _ => Self::Info,
        }
    }

    /// The level of the letter that begins a line of `klog`.
    pub const fn from_letter(letter: u8) -> Option<Self> {
        match letter {
            b'D' => Some(Self::Debug),
            b'I' => Some(Self::Info),
            b'W' => Some(Self::Warning),
            b'E' => Some(Self::Error),
            b'F' | b'C' => Some(Self::Critical),
            _ => None,
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(self.as_str())
    }
}

impl FromStr for Level {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::from_word(text.as_bytes())
            .ok_or_else(|| format!("`{text}` is no level; levels are debug, info, warning, error and critical"))
    }
}

impl Serialize for Level {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::Level;

    #[test]
    fn words_numbers_and_letters_meet_on_one_scale() {
        for (word, level) in [
            ("WARN", Level::Warning),
            ("warning", Level::Warning),
            ("FATAL", Level::Critical),
            ("Notice", Level::Info),
            ("trace", Level::Debug),
            ("err", Level::Error),
        ] {
            assert_eq!(Level::from_word(word.as_bytes()), Some(level), "{word}");
        }
        assert_eq!(Level::from_word(b"INFOS"), None);
        assert_eq!(Level::from_word(b""), None);
        assert_eq!(Level::from_bunyan(30), Some(Level::Info));
        assert_eq!(Level::from_python(30), Some(Level::Warning));
        assert_eq!(Level::from_syslog(3), Some(Level::Error));
        assert_eq!(Level::from_bunyan(3), Some(Level::Error));
        assert_eq!(Level::from_http(404), Level::Warning);
        assert_eq!(Level::from_letter(b'E'), Some(Level::Error));
        assert!(Level::Debug < Level::Critical);
    }
}
