//! In which words is a file told that is not valid TOML? The same in every command, so that it is told once.

use std::ops::Range;

/// What is wrong with `text`, by what its reader says: the byte range where it stopped, if it knows, and its message.
pub fn invalid_toml(text: &str, span: Option<Range<usize>>, message: &str) -> String {
    let Some(span) = span else { return format!("is not valid TOML: {message}") };
    let before = String::from_utf8_lossy(&text.as_bytes()[..span.start.min(text.len())]);
    let last = before.rsplit('\n').next().unwrap_or_default();
    let (line, column) = (before.matches('\n').count() + 1, last.chars().count() + 1);
    format!("is not valid TOML: line {line}, column {column}: {message}")
}

#[cfg(test)]
mod tests {
    use super::invalid_toml;

    #[test]
    fn lines_and_columns_count_from_one_and_columns_are_characters() {
        assert_eq!(
            invalid_toml("a = 1\né = x\n", Some(11..12), "no value"),
            "is not valid TOML: line 2, column 5: no value"
        );
        assert_eq!(invalid_toml("", Some(0..0), "empty"), "is not valid TOML: line 1, column 1: empty");
        assert_eq!(invalid_toml("x", None, "odd"), "is not valid TOML: odd");
    }
}
