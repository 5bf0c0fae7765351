//! What differs between the decoders, tokenizers and parsers of Python versions, as capabilities.
//!
//! Everything here was measured on the interpreters. Which grammar a version has is said in [`crate::grammar`].

use legb_base::Dialect;

/// What one version of CPython does with source text before it has a tree.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SyntaxDialect {
    /// Null bytes raise a `SyntaxError` (3.11); before, a `ValueError`.
    pub(crate) null_bytes_are_syntax_errors: bool,
    /// Errors met before the first line is read have column -1 (3.9); before, 0.
    pub(crate) unread_source_is_at_minus_one: bool,
    /// An encoding cookie that contradicts the byte order mark is reported on its line (3.14).
    pub(crate) bom_conflict_is_placed: bool,
    /// Exceptions of codecs are wrapped in a text that names the codec (up to 3.11).
    pub(crate) codec_errors_are_wrapped: bool,
    /// `MemoryError` of the parser carries a text (3.12).
    pub(crate) parser_overflow_has_text: bool,
}

impl SyntaxDialect {
    pub(crate) const fn of(dialect: &Dialect) -> Self {
        let minor = dialect.version.minor();
        Self {
            null_bytes_are_syntax_errors: minor >= 11,
            unread_source_is_at_minus_one: minor >= 9,
            bom_conflict_is_placed: minor >= 14,
            codec_errors_are_wrapped: minor <= 11,
            parser_overflow_has_text: minor >= 12,
        }
    }
}
