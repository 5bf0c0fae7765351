//! How is a line of a generated program written? Blank lines have no blanks.

/// Adds a line at a level of indentation, four blanks each.
pub(crate) fn push_line(target: &mut String, depth: usize, text: &str) {
    if !text.is_empty() {
        for _ in 0..depth {
            target.push_str("    ");
        }
        target.push_str(text);
    }
    target.push('\n');
}
