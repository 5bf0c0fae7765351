//! Can an exception handler run before a name of its `try` is bound?
//!
//! ```python
//! try:
//!     name = options["name"]     # raises KeyError at most
//!     return find(name)
//! except NotFound:               # an exception of the project: only `find` raises it
//!     print(name)                # bound
//! ```
//!
//! Exceptions that Python itself does not know are raised by calls, not by subscripts, attributes or builtins that copy and
//! convert. Read off the text of the statements, for reads only that are about to be told.

use crate::builtins::versions_of;

/// Calls that raise no exception but Python's own.
const TAME: [&str; 20] = [
    "bool",
    "bytes",
    "cast",
    "deepcopy",
    "dict",
    "enumerate",
    "float",
    "frozenset",
    "get",
    "int",
    "isinstance",
    "len",
    "list",
    "range",
    "set",
    "sorted",
    "str",
    "tuple",
    "type",
    "zip",
];
/// Words whose statements or expressions run code that is not seen.
const WORDS: [&str; 8] = ["await", "yield", "import", "with", "for", "while", "raise", "assert"];

/// Whether all exceptions that a handler catches are none of Python's own. `text` begins at `except`.
pub(super) fn catches_foreign_only(text: &str) -> bool {
    let head = text.split_once(':').map_or("", |(head, _)| head);
    let Some(types) = head.strip_prefix("except") else { return false };
    let types = types.trim_start().trim_start_matches('*');
    let types = types.rsplit_once(" as ").map_or(types, |(types, _)| types);
    let types = types.trim().trim_start_matches('(').trim_end_matches(')');
    let mut named = types.split(',').map(str::trim).filter(|name| !name.is_empty()).peekable();
    // A name in capitals only is a tuple of exceptions that nobody sees here.
    let is_foreign = |name: &str| {
        let last = name.rsplit('.').next().unwrap_or(name);
        versions_of(last).next().is_none()
            && last.chars().any(char::is_lowercase)
            && last.starts_with(char::is_uppercase)
    };
    named.peek().is_some() && named.all(is_foreign)
}

/// Whether code raises none but Python's own exceptions: no calls of functions that are not known, nothing awaited.
pub(super) fn is_tame(code: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let mut word = "";
    let mut rest = code;
    while let Some(first) = rest.chars().next() {
        if is_part(first) {
            let end = rest.find(|c: char| !is_part(c)).unwrap_or(rest.len());
            word = &rest[..end];
            if WORDS.contains(&word) {
                return false;
            }
            rest = &rest[end..];
            continue;
        }
        if first == '#' {
            rest = rest.find('\n').map_or("", |end| &rest[end..]);
            continue;
        }
        if matches!(first, '"' | '\'') {
            let body = &rest[1..];
            let Some(end) = body.find(first) else { return false };
            rest = &body[end + 1..];
            word = "";
            continue;
        }
        if first == '(' && !word.is_empty() && !TAME.contains(&word) {
            return false;
        }
        if !first.is_whitespace() {
            // `f()(…)` and `x[…](…)` call what is not known either.
            word = if matches!(first, ')' | ']') { "?" } else { "" };
        }
        rest = &rest[first.len_utf8()..];
    }
    true
}

/// The rest of the statement that a name begins or stands in: up to the end of the line on which all brackets are closed.
pub(super) fn rest_of_statement(text: &str) -> &str {
    let mut depth = 0_i32;
    for (at, c) in text.char_indices() {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            '\n' if depth <= 0 => return &text[..at],
            _ => {}
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn handlers_of_own_exceptions() {
        for foreign in ["except NotFound:", "except (a.Invalid, XKNXException) as err:", "except vol.Invalid as err:"] {
            assert!(catches_foreign_only(foreign), "{foreign}");
        }
        for not in
            ["except:", "except Exception:", "except (NotFound, KeyError):", "except ERRORS:", "except errors():"]
        {
            assert!(!catches_foreign_only(not), "{not}");
        }
    }

    #[test]
    fn code_that_raises_only_what_python_knows() {
        for tame in ["x = options['f(x)']", "x = dict(msg)", "x = a.b[c] + int(d)", "x = kwargs.get(K)  # f(x)"] {
            assert!(is_tame(tame), "{tame}");
        }
        for wild in ["x = find(y)", "x = await y", "x = y[0](z)", "x = a.dict.find(y)", "import x"] {
            assert!(!is_tame(wild), "{wild}");
        }
    }

    #[test]
    fn a_statement_ends_where_its_brackets_are_closed() {
        assert_eq!(rest_of_statement("x = f(\n  a,\n)\ny"), "x = f(\n  a,\n)");
    }
}
