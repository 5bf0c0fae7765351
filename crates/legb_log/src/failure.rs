//! What a failure about a name or an import is about: which name, looked for where? Read off the message, as all versions of
//! Python word it.
//!
//! Messages differ by version, and from 3.13 on some point away from the cause, so only what is named in them is taken, not
//! what they advise. Sources: `Python/ceval.c`, `Python/import.c` and `Objects/moduleobject.c` of CPython 3.8 to 3.15.

use crate::parsing::Traceback;

/// A failure whose reason lies in scopes or imports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure<'a> {
    /// A variable has no value, or nothing binds it: `NameError`, `UnboundLocalError`.
    Name(&'a str),
    /// A `nonlocal` or `global` statement breaks the rules of scopes: `SyntaxError`.
    Declaration(&'a str),
    /// Something is called that is no function: `TypeError`. The type of it is named.
    NotCallable(&'a str),
    /// `from module import name` finds no such name: `ImportError`.
    FromImport {
        /// The name.
        name: &'a str,
        /// The module, dotted.
        module: &'a str,
        /// The file of the module, as far as the message tells it.
        path: Option<&'a str>,
    },
    /// A module has no such attribute: `AttributeError`.
    Attribute {
        /// The name.
        name: &'a str,
        /// The module, dotted.
        module: &'a str,
        /// The file of the module, as far as the message tells it.
        path: Option<&'a str>,
    },
    /// There is no such module: `ModuleNotFoundError`.
    NoModule {
        /// The module, dotted.
        module: &'a str,
        /// The part of it that is no package, where that is why.
        not_package: Option<&'a str>,
    },
    /// A relative import in a file that is in no package: `ImportError`.
    NoPackage,
    /// A relative import that climbs out of its package: `ImportError`, in 3.8 `ValueError`.
    BeyondTop,
    /// Calls are nested too deeply: `RecursionError`.
    Recursion,
}

impl<'a> Failure<'a> {
    /// What a traceback's last exception is about; none for other failures.
    pub fn of(trace: &'a Traceback) -> Option<Self> {
        let message = trace.first_line();
        let mut quoted = message.split('\'').skip(1).step_by(2);
        match trace.short_type() {
            "NameError" | "UnboundLocalError" => quoted.next().map(Self::Name),
            "SyntaxError" if message.contains("nonlocal") || message.contains("global") => {
                quoted.next().map(Self::Declaration)
            }
            "TypeError" if message.ends_with(" object is not callable") => quoted.next().map(Self::NotCallable),
            "ImportError" | "ModuleNotFoundError" | "ValueError" | "SystemError"
                if message.starts_with("attempted relative import ") =>
            {
                Some(if message.contains("beyond top-level") { Self::BeyondTop } else { Self::NoPackage })
            }
            "ImportError" if message.starts_with("cannot import name ") => {
                Some(Self::FromImport { name: quoted.next()?, module: quoted.next()?, path: path_in(message) })
            }
            "ImportError" | "ModuleNotFoundError" if message.starts_with("No module named ") => {
                let module = quoted.next()?;
                let not_package = if message.ends_with("is not a package") { quoted.next() } else { None };
                Some(Self::NoModule { module, not_package })
            }
            "AttributeError" => Self::attribute(message),
            "RecursionError" => Some(Self::Recursion),
            _ => None,
        }
    }

    fn attribute(message: &'a str) -> Option<Self> {
        if let Some(rest) = message.strip_prefix("cannot access submodule '") {
            let (name, rest) = rest.split_once("' of module '")?;
            return Some(Self::Attribute { name, module: rest.split('\'').next()?, path: None });
        }
        let rest = message.strip_prefix("partially initialized ").unwrap_or(message).strip_prefix("module '")?;
        let (module, rest) = rest.split_once('\'')?;
        let (_, rest) = rest.split_once("has no attribute '")?;
        Some(Self::Attribute { name: rest.split('\'').next()?, module, path: path_in(message) })
    }
}

/// The file that a message names: `(/srv/app/json.py)`, `(consider renaming '/srv/app/json.py' …)`, `from '/srv/app/json.py'`.
fn path_in(message: &str) -> Option<&str> {
    for (before, after) in [("consider renaming '", '\''), (" from '", '\''), ("(", ')')] {
        let found = message.rfind(before).map(|at| &message[at + before.len()..]);
        let path = found.and_then(|rest| rest.split(after).next()).filter(|path| path.contains(['/', '\\']));
        if path.is_some() {
            return path;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::Failure;
    use crate::parsing::Traceback;

    #[test]
    fn messages_of_all_versions_name_the_same() {
        let attribute = |path| Failure::Attribute { name: "LIMIT", module: "alpha", path };
        let from = |path| Failure::FromImport { name: "User", module: "models", path };
        for (exception, message, expected) in [
            ("NameError", "name 'x' is not defined. Did you mean: 'y'?", Failure::Name("x")),
            ("UnboundLocalError", "local variable 'x' referenced before assignment", Failure::Name("x")),
            (
                "NameError",
                "cannot access free variable 'x' where it is not associated with a value in enclosing scope",
                Failure::Name("x"),
            ),
            ("SyntaxError", "no binding for nonlocal 'x' found", Failure::Declaration("x")),
            ("SyntaxError", "name 'x' is used prior to global declaration", Failure::Declaration("x")),
            ("TypeError", "'list' object is not callable", Failure::NotCallable("list")),
            ("ImportError", "cannot import name 'User' from 'models' (unknown location)", from(None)),
            (
                "ImportError",
                "cannot import name 'User' from partially initialized module 'models' (most likely due to a circular import) (/srv/models.py)",
                from(Some("/srv/models.py")),
            ),
            (
                "ImportError",
                "cannot import name 'User' from 'models' (consider renaming '/srv/models.py' since it has the same name as the standard library module named 'models')",
                from(Some("/srv/models.py")),
            ),
            ("AttributeError", "module 'alpha' has no attribute 'LIMIT'", attribute(None)),
            ("AttributeError", "module 'alpha' has no attribute 'LIMIT'. Did you mean: 'limit'?", attribute(None)),
            (
                "AttributeError",
                "module 'alpha' has no attribute 'LIMIT' (consider renaming '/srv/alpha.py' if it has the same name)",
                attribute(Some("/srv/alpha.py")),
            ),
            (
                "AttributeError",
                "partially initialized module 'alpha' has no attribute 'LIMIT' (most likely due to a circular import)",
                attribute(None),
            ),
            (
                "AttributeError",
                "partially initialized module 'alpha' from '/srv/alpha.py' has no attribute 'LIMIT' (most likely due to a circular import)",
                attribute(Some("/srv/alpha.py")),
            ),
            (
                "AttributeError",
                "cannot access submodule 'cart' of module 'shop' (most likely due to a circular import)",
                Failure::Attribute { name: "cart", module: "shop", path: None },
            ),
            ("ModuleNotFoundError", "No module named 'a.b'", Failure::NoModule { module: "a.b", not_package: None }),
            (
                "ModuleNotFoundError",
                "No module named 'a.b'; 'a' is not a package",
                Failure::NoModule { module: "a.b", not_package: Some("a") },
            ),
            ("ImportError", "attempted relative import with no known parent package", Failure::NoPackage),
            ("ValueError", "attempted relative import beyond top-level package", Failure::BeyondTop),
            ("RecursionError", "maximum recursion depth exceeded", Failure::Recursion),
        ] {
            let trace =
                Traceback { exception: exception.to_owned(), message: message.to_owned(), ..Traceback::default() };
            assert_eq!(Failure::of(&trace), Some(expected), "{message}");
        }
    }

    #[test]
    fn other_failures_are_not_about_names() {
        for (exception, message) in [
            ("AttributeError", "'Shop' object has no attribute 'itmes'"),
            ("AttributeError", "partially broken"),
            ("KeyError", "'x'"),
            ("SyntaxError", "invalid syntax"),
            ("ImportError", "libfoo.so: cannot open shared object file"),
            ("NameError", ""),
        ] {
            let trace =
                Traceback { exception: exception.to_owned(), message: message.to_owned(), ..Traceback::default() };
            assert_eq!(Failure::of(&trace), None, "{message}");
        }
    }
}
