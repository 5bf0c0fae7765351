//! Strict JSON (RFC 8259) with the place of every value: what readers of settings build on.
//!
//! Comments, trailing commas and other liberties are errors. What the values mean is not judged here.

use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

pub use jsonc_parser::ast::{ObjectProp, ObjectPropName, Value};

/// How deep brackets may be nested: the parser recurses.
const DEEPEST: usize = 128;

const STRICT: ParseOptions = ParseOptions {
    allow_comments: false,
    allow_loose_object_property_names: false,
    allow_trailing_commas: false,
    allow_missing_commas: false,
    allow_single_quoted_strings: false,
    allow_hexadecimal_numbers: false,
    allow_unary_plus_numbers: false,
    allow_bare_decimal_point_numbers: false,
    allow_extended_string_escapes: false,
    allow_non_finite_numbers: false,
};

/// Why a text is no JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonError {
    /// Byte offset at which reading stopped.
    pub offset: usize,
    /// What is wrong, as a sentence without its end.
    pub message: String,
}

/// The value that a text is.
///
/// # Errors
///
/// Text that is no JSON, that is empty, or whose brackets are nested more than 128 deep.
pub fn parse(text: &str) -> Result<Value<'_>, JsonError> {
    if let Some(offset) = too_deep(text) {
        return Err(JsonError { offset, message: format!("brackets are nested more than {DEEPEST} deep") });
    }
    let parsed = parse_to_ast(text, &CollectOptions::default(), &STRICT).map_err(|error| JsonError {
        offset: error.range().start,
        message: format!("this is not JSON: {}", plain(&error.kind().to_string())),
    })?;
    parsed.value.ok_or_else(|| JsonError { offset: 0, message: "this is not JSON: there is no value".to_owned() })
}

/// Byte offset at which a value begins.
pub fn start(value: &Value<'_>) -> usize {
    value.start()
}

/// The name of a property, and the byte offset at which it begins.
pub fn name(property: &ObjectProp<'_>) -> (String, usize) {
    let name = match &property.name {
        ObjectPropName::String(literal) => literal.value.to_string(),
        ObjectPropName::Word(literal) => literal.value.to_owned(),
    };
    (name, property.name.start())
}

/// The message of the parser as part of a sentence.
fn plain(message: &str) -> String {
    let mut letters = message.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// Where brackets first go deeper than the parser should follow.
fn too_deep(text: &str) -> Option<usize> {
    let (mut depth, mut in_text, mut escaped) = (0_usize, false, false);
    for (offset, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b'[' | b'{' if !in_text => depth += 1,
            b']' | b'}' if !in_text => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEEPEST {
            return Some(offset);
        }
    }
    None
}
