//! Which absolute name does a relative one mean, and is a text the name of a module at all?
//!
//! The words of the errors are those of `importlib._bootstrap` (`_sanity_check`, `_resolve_name`, `_calc___package__`).

use std::fmt;

use legb_base::Dialect;

/// Why a relative name means nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RelativeError {
    /// The importing module is in no package.
    NoPackage,
    /// There are more dots than packages around the importing module.
    BeyondTop {
        /// 3.8 raises a `ValueError`; later versions an `ImportError`.
        is_value_error: bool,
    },
}

impl fmt::Display for RelativeError {
    /// `Type: message`, as CPython prints it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoPackage => "ImportError: attempted relative import with no known parent package",
            Self::BeyondTop { is_value_error: true } => {
                "ValueError: attempted relative import beyond top-level package"
            }
            Self::BeyondTop { is_value_error: false } => {
                "ImportError: attempted relative import beyond top-level package"
            }
        })
    }
}

impl std::error::Error for RelativeError {}

/// The absolute name that `from <level dots>name import …` means in a module whose `__package__` is `package`.
///
/// `package` is the module itself for an `__init__`, its parent for any other module, and empty for a module at the top or a
/// script. `name` may be empty (`from . import x`).
pub fn resolve_relative(package: &str, level: u32, name: &str, dialect: &Dialect) -> Result<String, RelativeError> {
    if level == 0 {
        return Ok(name.to_owned());
    }
    if package.is_empty() {
        return Err(RelativeError::NoPackage);
    }
    let mut base = package;
    for _ in 1..level {
        base = match base.rsplit_once('.') {
            Some((parent, _)) => parent,
            None => {
                return Err(RelativeError::BeyondTop { is_value_error: dialect.beyond_top_is_value_error });
            }
        };
    }
    Ok(if name.is_empty() { base.to_owned() } else { format!("{base}.{name}") })
}

/// What is wrong with a text that is no name of a module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadName {
    name: String,
    what: &'static str,
}

impl fmt::Display for BadName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is no module name: {}", self.name, self.what)
    }
}

impl std::error::Error for BadName {}

/// Splits a name as it is written into the number of its leading dots and the rest: `..a.b` is two and `a.b`.
///
/// The parts need not be identifiers: `importlib.import_module("my-module")` finds a file of that name. They must be
/// something, and no path.
pub fn parse(written: &str) -> Result<(u32, &str), BadName> {
    let bad = |what| Err(BadName { name: written.to_owned(), what });
    let name = written.trim_start_matches('.');
    let level = u32::try_from(written.len() - name.len()).unwrap_or(u32::MAX);
    if written.is_empty() {
        return bad("it is empty");
    }
    if name.is_empty() {
        return Ok((level, name));
    }
    if name.contains(['/', '\\']) {
        return bad("it is a path; write the parts with dots between them, and no `.py`");
    }
    if name.contains(|c: char| c.is_whitespace() || c == '\0') {
        return bad("it contains white space");
    }
    if name.split('.').any(str::is_empty) {
        return bad("there is nothing between two dots or behind the last");
    }
    Ok((level, name))
}

#[cfg(test)]
mod tests {
    use super::{RelativeError, parse, resolve_relative};
    use legb_base::{Dialect, PyVersion};

    #[test]
    fn dots_climb_from_the_package() {
        let dialect = Dialect::of(PyVersion::NEWEST);
        let resolve = |package, level, name| resolve_relative(package, level, name, &dialect);
        assert_eq!(resolve("a.b", 0, "c").as_deref(), Ok("c"));
        assert_eq!(resolve("a.b", 1, "c").as_deref(), Ok("a.b.c"));
        assert_eq!(resolve("a.b", 1, "").as_deref(), Ok("a.b"));
        assert_eq!(resolve("a.b", 2, "c.d").as_deref(), Ok("a.c.d"));
        assert_eq!(resolve("a.b", 3, "c"), Err(RelativeError::BeyondTop { is_value_error: false }));
        assert_eq!(resolve("", 1, "c"), Err(RelativeError::NoPackage));
    }

    #[test]
    fn names_are_checked() {
        assert_eq!(parse("a.b"), Ok((0, "a.b")));
        assert_eq!(parse("..a"), Ok((2, "a")));
        assert_eq!(parse("."), Ok((1, "")));
        assert_eq!(parse("my-module"), Ok((0, "my-module")));
        for wrong in ["", "a..b", "a.", "a/b.py", "a b", "..a."] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}
