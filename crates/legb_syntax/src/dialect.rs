//! What differs between the decoders, tokenizers and parsers of Python versions, as capabilities.
//!
//! Everything here was measured on the interpreters. Which grammar a version has is said in [`crate::grammar`].

use legb_base::Dialect;

/// What one version of CPython does with source text before it has a tree.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SyntaxDialect {
    minor: u8,
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
    /// Rules inside rules that the parser allows.
    pub(crate) max_parser_depth: usize,
    /// Errors have end positions, brackets that were never closed are named, and so on (3.10).
    pub(crate) errors_have_ends: bool,
    /// Columns of the parser count characters (3.13; 3.8 too); else they count bytes.
    pub(crate) columns_are_characters: bool,
    /// Every line must be UTF-8 (3.14); before, only what the parser looks at.
    pub(crate) lines_must_be_utf8: bool,
    /// The end column of a token is where the tokenizer is, which tells for line ends (3.12).
    pub(crate) tokens_end_at_cursor: bool,
    /// A backslash in the indentation of a line: what was before it is the indentation (3.10).
    pub(crate) continued_indentation: bool,
    /// …or nothing is (3.9 only).
    pub(crate) backslash_hides_indentation: bool,
    /// After something behind a backslash, the rest of the line counts as read (3.8).
    pub(crate) bad_continuation_ends_line: bool,
    /// The end of the file inside brackets is an error of the tokenizer (3.10).
    pub(crate) end_in_brackets_is_error: bool,
    /// Characters that names may not have are not named in the message (3.8).
    pub(crate) bad_identifiers_are_unnamed: bool,
    /// ASCII control characters are named in the message (3.11).
    pub(crate) names_control_characters: bool,
    /// Impossible combinations of string prefixes are named (3.14).
    pub(crate) prefixes_may_conflict: bool,
    /// The parser knows what `barry_as_FLUFL` changes (3.14; before, only the interactive one).
    pub(crate) barry_as_flufl_is_known: bool,
    /// t-strings (3.14).
    pub(crate) template_strings: bool,
    /// f-strings are taken apart by the tokenizer (3.12).
    pub(crate) tokenizes_fstrings: bool,
    /// A newline in a format specification ends it, instead of the string (3.12, 3.13).
    pub(crate) newline_ends_format_spec: bool,
    /// …and is an error of its own (3.14).
    pub(crate) refuses_newline_in_format_spec: bool,
    /// A format specification goes on behind a replacement field in it, as far as newlines go (3.12).
    pub(crate) spec_goes_on: bool,
    /// A wrong digit right behind `0o` or `0b` counts as read (3.10).
    pub(crate) wrong_first_digit_is_read: bool,
    /// A name right behind a number is an error (3.10).
    pub(crate) checks_end_of_numbers: bool,
    /// …and so is any other character beyond ASCII (3.10 only).
    pub(crate) any_byte_may_not_follow_numbers: bool,
    /// Strings without an end are reported at their start (3.10).
    pub(crate) open_strings_name_their_start: bool,
    /// …with a hint if their end may have been escaped (3.13).
    pub(crate) hints_at_escaped_quotes: bool,
    /// Operators are called expressions, `...` ellipsis, `{}` a literal (3.10).
    pub(crate) operators_are_expressions: bool,
    /// The fast parser knows less than all that the version lacks (up to 3.12).
    pub(crate) fast_parser_is_lenient: bool,
    /// An f-string may not hold a lone starred expression (3.9 to 3.11).
    pub(crate) refuses_stars_in_fields: bool,
    /// `match` statements (3.10).
    pub(crate) has_match: bool,
    /// Type parameters have no defaults, which matters for starred ones (3.12).
    pub(crate) lacks_starred_defaults: bool,
    /// All alternatives of the grammar that mention rules for errors wait for the second pass (3.15); before, only those
    /// that consist of one.
    pub(crate) error_alternatives_wait: bool,
    /// A message of f-strings misspells its mark (3.12, 3.13).
    pub(crate) misspells_exclamation: bool,
    /// How many digits an integer may have is said with a unit (3.11).
    pub(crate) digit_limit_has_unit: bool,
    /// Where a comma may be missing behind several lines, the last of them is named (3.15).
    pub(crate) missing_comma_is_on_last_line: bool,
    /// An assignment that fails for another reason than its target is "invalid syntax" at the last token (3.9).
    pub(crate) blames_valid_targets: bool,
    /// The tree is built and checked when the whole file has been read (3.8); later, while it is read.
    pub(crate) checks_tree_at_end: bool,
    /// A syntax error on a line that starts with `print ` or `exec ` says so, whatever the error is (up to 3.9).
    pub(crate) blames_legacy_statements: bool,
    /// An empty replacement field is told by what follows it (3.11).
    pub(crate) empty_fields_name_their_end: bool,
    /// The message about characters beyond ASCII in bytes ends with a stop (up to 3.9).
    pub(crate) ascii_message_has_stop: bool,
    /// …and it has the range of the literal (3.11).
    pub(crate) ascii_error_has_range: bool,
}

impl SyntaxDialect {
    pub(crate) const fn of(dialect: &Dialect) -> Self {
        let minor = dialect.version.minor();
        Self {
            minor,
            null_bytes_are_syntax_errors: minor >= 11,
            unread_source_is_at_minus_one: minor >= 9,
            bom_conflict_is_placed: minor >= 14,
            codec_errors_are_wrapped: minor <= 11,
            parser_overflow_has_text: minor >= 12,
            max_parser_depth: if minor == 8 { 1700 } else { 6000 },
            errors_have_ends: minor >= 10,
            columns_are_characters: minor == 8 || minor >= 13,
            lines_must_be_utf8: minor >= 14,
            tokens_end_at_cursor: minor >= 12,
            continued_indentation: minor >= 10,
            backslash_hides_indentation: minor == 9,
            bad_continuation_ends_line: minor == 8,
            end_in_brackets_is_error: minor >= 10,
            bad_identifiers_are_unnamed: minor == 8,
            names_control_characters: minor >= 11,
            prefixes_may_conflict: minor >= 14,
            barry_as_flufl_is_known: minor >= 14,
            template_strings: minor >= 14,
            tokenizes_fstrings: minor >= 12,
            newline_ends_format_spec: minor >= 12 && minor <= 13,
            refuses_newline_in_format_spec: minor >= 14,
            spec_goes_on: minor == 12,
            wrong_first_digit_is_read: minor >= 10,
            checks_end_of_numbers: minor >= 10,
            any_byte_may_not_follow_numbers: minor == 10,
            open_strings_name_their_start: minor >= 10,
            hints_at_escaped_quotes: minor >= 13,
            operators_are_expressions: minor >= 10,
            fast_parser_is_lenient: minor <= 12,
            refuses_stars_in_fields: minor >= 9 && minor <= 11,
            has_match: minor >= 10,
            lacks_starred_defaults: minor == 12,
            error_alternatives_wait: minor >= 15,
            misspells_exclamation: minor <= 13,
            digit_limit_has_unit: minor >= 11,
            missing_comma_is_on_last_line: minor >= 15,
            blames_valid_targets: minor == 9,
            checks_tree_at_end: minor == 8,
            blames_legacy_statements: minor <= 9,
            empty_fields_name_their_end: minor == 11,
            ascii_message_has_stop: minor <= 9,
            ascii_error_has_range: minor >= 11,
        }
    }

    /// Whether the version is in a range such as `9-11`, `9-` or `9`, with any separator.
    pub(crate) fn is_in(&self, range: &str, separator: char) -> bool {
        let (first, last) = range.split_once(separator).unwrap_or((range, range));
        let bound = |text: &str| text.trim_matches(separator).parse::<u8>().ok();
        bound(first).is_none_or(|first| first <= self.minor) && bound(last).is_none_or(|last| self.minor <= last)
    }

    /// Whether the version reserves a word of [`crate::grammar`]'s list of keywords.
    pub(crate) fn is_keyword(&self, word: &str) -> bool {
        word != "__peg_parser__" || self.minor == 9
    }
}
