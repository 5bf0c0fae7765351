//! What text do bytes in a declared encoding stand for, and what does CPython's codec say when they stand for none?
//!
//! Names and single-byte tables are recorded from CPython (`codecs.tsv`, by `record/codecs.py`). Multi-byte codecs are those
//! of the web standard, which differ in rare characters and accept a little more: `gbk` and `gb2312` read as GB18030,
//! `shift_jis` as code page 932, `euc_kr` as code page 949, `big5` with the Hong Kong supplement. Encodings that only exist
//! in Python's library and in no real file are read as far as their ASCII part goes.

use std::borrow::Cow;
use std::fmt::Write as _;

use encoding_rs::{DecoderResult, Encoding};
use legb_base::Dialect;

use crate::dialect::SyntaxDialect;

static TABLE: &str = include_str!("codecs.tsv");

/// Decodes `bytes`, or gives the message of the exception that CPython raises.
pub(super) fn decode<'a>(bytes: &'a [u8], name: &str, dialect: &Dialect) -> Result<Cow<'a, str>, String> {
    let Some(codec) = Codec::find(name, &SyntaxDialect::of(dialect)) else {
        return Err(format!("unknown encoding: {name}"));
    };
    match codec.kind {
        "charmap" => charmap(bytes, &codec).map(Cow::Owned),
        "multi" => multi(bytes, &codec).map(Cow::Owned),
        "binary" => Err(format!("'{name}' is not a text encoding; use codecs.decode() to handle arbitrary codecs")),
        _ => text(bytes, &codec, dialect),
    }
}

/// A row of the recorded table.
struct Codec {
    name: &'static str,
    kind: &'static str,
    runs: &'static str,
}

impl Codec {
    /// The codec that `encodings.search_function` finds for a name.
    fn find(name: &str, syntax: &SyntaxDialect) -> Option<Self> {
        let name = normalized(name);
        let undotted = name.replace('.', "_");
        TABLE.lines().find_map(|row| {
            let mut fields = row.split('\t');
            let codec = Self { name: fields.next()?, kind: fields.next()?, runs: fields.next()? };
            let known = fields.next()?.split(' ').any(|entry| {
                let (alias, minors) = entry.split_once('@').unwrap_or((entry, "-"));
                (alias == name || alias == undotted) && syntax.is_in(minors, '-')
            });
            known.then_some(codec)
        })
    }
}

/// `encodings.normalize_encoding`: runs of other characters than letters, digits and dots become one underscore.
fn normalized(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut gap = false;
    for c in name.chars() {
        if c.is_ascii_alphanumeric() || c == '.' {
            if gap && !out.is_empty() {
                out.push('_');
            }
            out.push(c.to_ascii_lowercase());
        }
        gap = !(c.is_ascii_alphanumeric() || c == '.');
    }
    out
}

/// The characters that the runs of a table row stand for; `None` for bytes without a meaning.
fn unpack(runs: &str) -> Vec<Option<char>> {
    let mut chars = Vec::with_capacity(256);
    for run in runs.split(' ') {
        if let Some(count) = run.strip_prefix('?') {
            chars.extend(std::iter::repeat_n(None, count.parse().unwrap_or(0)));
            continue;
        }
        let (code, count) = run.split_once('+').unwrap_or((run, "1"));
        let code = u32::from_str_radix(code, 16).unwrap_or_default();
        chars.extend((0..count.parse().unwrap_or(0)).map(|i| char::from_u32(code + i)));
    }
    chars
}

fn charmap(bytes: &[u8], codec: &Codec) -> Result<String, String> {
    let chars = unpack(codec.runs);
    let ascii = 256 - chars.len();
    let mut text = String::with_capacity(bytes.len() + bytes.len() / 8);
    for (at, &byte) in bytes.iter().enumerate() {
        let c = match usize::from(byte).checked_sub(ascii) {
            None => Some(char::from(byte)),
            Some(index) => chars[index],
        };
        let Some(c) = c else {
            let (name, reason) = if codec.name == "ascii" {
                ("ascii", "ordinal not in range(128)")
            } else {
                ("charmap", "character maps to <undefined>")
            };
            return Err(cannot_decode(name, bytes, at, at + 1, reason));
        };
        text.push(c);
    }
    Ok(text)
}

fn multi(bytes: &[u8], codec: &Codec) -> Result<String, String> {
    let (encoding, exact): (&'static Encoding, bool) = match codec.name {
        "big5" | "big5hkscs" | "cp950" => (encoding_rs::BIG5, true),
        "cp932" | "shift_jis" => (encoding_rs::SHIFT_JIS, true),
        "shift_jis_2004" | "shift_jisx0213" => (encoding_rs::SHIFT_JIS, false),
        "cp949" | "euc_kr" => (encoding_rs::EUC_KR, true),
        "euc_jp" => (encoding_rs::EUC_JP, true),
        "euc_jis_2004" | "euc_jisx0213" => (encoding_rs::EUC_JP, false),
        "gb18030" => (encoding_rs::GB18030, true),
        "gbk" | "gb2312" => (encoding_rs::GBK, true),
        "iso2022_jp" => (encoding_rs::ISO_2022_JP, true),
        name if name.starts_with("iso2022_jp") => (encoding_rs::ISO_2022_JP, false),
        _ => return Ok(ascii_part(bytes)),
    };
    if !exact {
        return Ok(encoding.decode_without_bom_handling(bytes).0.into_owned());
    }
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut text = String::with_capacity(decoder.max_utf8_buffer_length_without_replacement(bytes.len()).unwrap_or(0));
    match decoder.decode_to_string_without_replacement(bytes, &mut text, true) {
        (DecoderResult::InputEmpty, _) => Ok(text),
        (DecoderResult::Malformed(len, behind), read) => {
            let end = read - usize::from(behind);
            let start = end - usize::from(len);
            let reason =
                if end == bytes.len() { "incomplete multibyte sequence" } else { "illegal multibyte sequence" };
            Err(cannot_decode(codec.name, bytes, start, start + 1, reason))
        }
        (DecoderResult::OutputFull, _) => Err(format!("encoding problem: {}", codec.name)),
    }
}

fn text<'a>(bytes: &'a [u8], codec: &Codec, dialect: &Dialect) -> Result<Cow<'a, str>, String> {
    match codec.name {
        "utf_8" | "utf_8_sig" => {
            if let Ok(text) = std::str::from_utf8(bytes) {
                return Ok(Cow::Borrowed(text));
            }
            // CPython adds a line ending before it decodes, so nothing ends too soon.
            let line_ended = [bytes, b"\n"].concat();
            match std::str::from_utf8(&line_ended) {
                Ok(_) => Ok(String::from_utf8_lossy(bytes)),
                Err(error) => Err(cannot_decode_utf8(&line_ended, error)),
            }
        }
        "unicode_escape" | "raw_unicode_escape" => Ok(Cow::Owned(bytes.iter().map(|&byte| char::from(byte)).collect())),
        "idna" | "utf_7" => Ok(Cow::Owned(ascii_part(bytes))),
        "undefined" if SyntaxDialect::of(dialect).codec_errors_are_wrapped => {
            Err("decoding with 'undefined' codec failed (UnicodeError: undefined encoding)".to_owned())
        }
        "undefined" => Err("undefined encoding".to_owned()),
        name => Err(format!("encoding problem: {name}")),
    }
}

fn ascii_part(bytes: &[u8]) -> String {
    bytes.iter().map(|&byte| if byte.is_ascii() { char::from(byte) } else { char::REPLACEMENT_CHARACTER }).collect()
}

/// `str()` of the `UnicodeDecodeError` that CPython raises for bytes that are no UTF-8.
pub(crate) fn cannot_decode_utf8(bytes: &[u8], error: std::str::Utf8Error) -> String {
    let start = error.valid_up_to();
    match error.error_len() {
        None => cannot_decode("utf-8", bytes, start, bytes.len(), "unexpected end of data"),
        Some(len) => {
            let reason =
                if matches!(bytes[start], 0xc2..=0xf4) { "invalid continuation byte" } else { "invalid start byte" };
            cannot_decode("utf-8", bytes, start, start + len, reason)
        }
    }
}

fn cannot_decode(codec: &str, bytes: &[u8], start: usize, end: usize, reason: &str) -> String {
    let mut message = format!("'{codec}' codec can't decode ");
    let written = if end - start == 1 {
        write!(message, "byte 0x{:02x} in position {start}: {reason}", bytes[start])
    } else {
        write!(message, "bytes in position {start}-{}: {reason}", end - 1)
    };
    debug_assert!(written.is_ok(), "writing to a string cannot fail");
    message
}
