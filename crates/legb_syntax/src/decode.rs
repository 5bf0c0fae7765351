//! Which text do the bytes of a source file stand for?
//!
//! PEP 263 as CPython's tokenizer reads it: a BOM, or an encoding cookie in a comment on the first two lines, or UTF-8.
//! Files that say nothing and are UTF-8 are borrowed, not copied.
//!
//! Bytes that are no UTF-8 are no error as such: up to 3.13 they may stand in comments, and in a string or a name they are
//! reported only when the parser gets there, so [`crate::grammar`] decides about them.

mod codecs;

pub(crate) use codecs::cannot_decode_utf8;

use std::borrow::Cow;

use legb_base::{Dialect, Span};

use crate::dialect::SyntaxDialect;
use crate::error::{CompileError, ErrorPosition, Place, Stage};
use crate::grammar;

const BOM: &[u8] = b"\xef\xbb\xbf";

/// The text of a source file, without a byte order mark.
pub fn decode<'a>(bytes: &'a [u8], dialect: &Dialect) -> Result<Cow<'a, str>, CompileError> {
    if let Some(at) = memchr::memchr(0, bytes) {
        return Err(null_bytes(at, dialect));
    }
    let (body, has_bom) = match bytes.strip_prefix(BOM) {
        Some(rest) => (rest, true),
        None => (bytes, false),
    };
    let Some(cookie) = find_cookie(body) else { return utf8(body, dialect) };
    let normal = normal_name(cookie.name);
    if normal == "utf-8" {
        return utf8(body, dialect);
    }
    if has_bom {
        return Err(cookie_against_bom(&cookie, &normal, dialect));
    }
    codecs::decode(body, &normal, dialect)
        .map_err(|message| CompileError { span: cookie.span, ..unplaced(message, dialect) })
}

/// UTF-8, or what CPython makes of bytes that are not.
fn utf8<'a>(body: &'a [u8], dialect: &Dialect) -> Result<Cow<'a, str>, CompileError> {
    match std::str::from_utf8(body) {
        Ok(text) => Ok(Cow::Borrowed(text)),
        Err(_) => match grammar::first_error(body, 0, dialect) {
            Some(error) => Err(error),
            None => Ok(String::from_utf8_lossy(body)),
        },
    }
}

/// An encoding declared in a comment.
struct Cookie<'a> {
    name: &'a str,
    span: Span,
    line: u32,
    /// The bytes of the line that CPython looked at; on the second line they include the line ending.
    line_len: usize,
}

/// The declared encoding, where it counts: on the second line only if the first is blank or a comment.
fn find_cookie(body: &[u8]) -> Option<Cookie<'_>> {
    let (first, rest_at) = split_line(body, 0);
    let (second, _) = split_line(body, rest_at);
    let (line, start, number) = if let Some(name) = cookie_in(first) {
        (name, 0, 1)
    } else {
        let code = first.iter().find(|byte| !matches!(byte, b' ' | b'\t' | b'\x0c'));
        if !matches!(code, None | Some(b'#')) {
            return None;
        }
        (cookie_in(second)?, rest_at, 2)
    };
    let at = start + line.start;
    let name = std::str::from_utf8(body.get(at..start + line.end)?).ok()?;
    let len = if number == 1 { first.len() } else { second.len() + 1 };
    Some(Cookie { name, span: span(at, at + name.len()), line: number, line_len: len })
}

/// The line from `start` without its ending, and where the next line starts.
fn split_line(body: &[u8], start: usize) -> (&[u8], usize) {
    let rest = &body[start..];
    let Some(len) = memchr::memchr2(b'\n', b'\r', rest) else { return (rest, body.len()) };
    let ending = if rest[len..].starts_with(b"\r\n") { 2 } else { 1 };
    (&rest[..len], start + len + ending)
}

/// The range of the encoding's name in a line that holds nothing but a comment.
fn cookie_in(line: &[u8]) -> Option<std::ops::Range<usize>> {
    let comment = line.iter().position(|byte| !matches!(byte, b' ' | b'\t' | b'\x0c'))?;
    if line[comment] != b'#' {
        return None;
    }
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    memchr::memmem::find_iter(&line[comment..], b"coding").find_map(|found| {
        let sign = comment + found + b"coding".len();
        if !matches!(line.get(sign), Some(b':' | b'=')) {
            return None;
        }
        let start = sign + 1 + line[sign + 1..].iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        let len = line[start..].iter().take_while(|byte| is_name(byte)).count();
        (len > 0).then_some(start..start + len)
    })
}

/// The name as CPython's tokenizer prints it: spellings of UTF-8 and Latin-1 are folded, others are kept.
fn normal_name(name: &str) -> Cow<'_, str> {
    let folded: String = name.chars().take(12).map(|c| if c == '_' { '-' } else { c.to_ascii_lowercase() }).collect();
    for (family, normal) in
        [("utf-8", "utf-8"), ("latin-1", "iso-8859-1"), ("iso-8859-1", "iso-8859-1"), ("iso-latin-1", "iso-8859-1")]
    {
        if folded.strip_prefix(family).is_some_and(|rest| rest.is_empty() || rest.starts_with('-')) {
            return Cow::Borrowed(normal);
        }
    }
    Cow::Borrowed(name)
}

fn null_bytes(at: usize, dialect: &Dialect) -> CompileError {
    CompileError {
        stage: Stage::Decode,
        exception: if SyntaxDialect::of(dialect).null_bytes_are_syntax_errors { "SyntaxError" } else { "ValueError" },
        message: "source code string cannot contain null bytes".to_owned(),
        span: span(at, at + 1),
        place: Place::Exact(ErrorPosition::default()),
    }
}

fn cookie_against_bom(cookie: &Cookie<'_>, normal: &str, dialect: &Dialect) -> CompileError {
    let message = format!("encoding problem: {normal} with BOM");
    let error = CompileError { span: cookie.span, ..unplaced(message, dialect) };
    if !SyntaxDialect::of(dialect).bom_conflict_is_placed {
        return error;
    }
    let place = ErrorPosition {
        lineno: Some(cookie.line),
        offset: Some(0),
        end_lineno: Some(cookie.line),
        end_offset: i64::try_from(cookie.line_len).ok(),
    };
    CompileError { place: Place::Exact(place), ..error }
}

/// An error met before the first line is read.
fn unplaced(message: String, dialect: &Dialect) -> CompileError {
    let place = ErrorPosition {
        lineno: Some(0),
        offset: Some(if SyntaxDialect::of(dialect).unread_source_is_at_minus_one { -1 } else { 0 }),
        ..ErrorPosition::default()
    };
    CompileError {
        stage: Stage::Decode,
        exception: "SyntaxError",
        message,
        span: Span::at(0),
        place: Place::Exact(place),
    }
}

fn span(start: usize, end: usize) -> Span {
    let offset = |at| u32::try_from(at).unwrap_or(u32::MAX);
    Span::new(offset(start), offset(end))
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::decode;
    use legb_base::{Dialect, PyVersion};

    #[test]
    fn plain_utf8_is_not_copied() {
        let dialect = Dialect::of(PyVersion::NEWEST);
        for source in ["x = 'é'\r\n", "", "\u{feff}x", "# coding: utf-8\nx = 'é'"] {
            let text = decode(source.as_bytes(), &dialect).unwrap();
            assert!(matches!(text, Cow::Borrowed(_)), "{source:?}");
            assert_eq!(text, source.trim_start_matches('\u{feff}'));
        }
    }

    #[test]
    fn declared_encodings_are_followed() {
        let dialect = Dialect::of(PyVersion::NEWEST);
        let decoded = |source: &[u8]| decode(source, &dialect).unwrap().into_owned();
        assert_eq!(decoded(b"# coding: latin-1\n'\xe9'"), "# coding: latin-1\n'é'");
        assert_eq!(
            decoded(b"#!x\r\n# vim: set fileencoding=cp1252 :\r\n'\x80'"),
            "#!x\r\n# vim: set fileencoding=cp1252 :\r\n'€'"
        );
        assert_eq!(decoded(b"# coding: koi8-r\n'\xc1'"), "# coding: koi8-r\n'а'");
        assert_eq!(decoded(b"# coding: shift_jis\n'\x82\xa0'"), "# coding: shift_jis\n'あ'");
        assert_eq!(decoded(b"# coding: gbk\n'\xc4\xe3'"), "# coding: gbk\n'你'");
    }
}
