//! A reader of JSON that copies nothing: where in a line do the members of an object lie?
//!
//! Log lines are objects with few short members, and most of their values are never looked at. So members are only told apart
//! here; what is printed as JSON again is checked by `serde_json` first.

use std::borrow::Cow;

use memchr::memchr2;

/// Deeper values are not looked into.
const MAX_DEPTH: usize = 64;

/// A member of an object: ranges of the text, quotes included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Member {
    pub(crate) key: (usize, usize),
    pub(crate) value: (usize, usize),
}

/// Calls `each` with the members of the object that the text is; false where it is none.
pub(crate) fn members(text: &[u8], mut each: impl FnMut(Member)) -> bool {
    let end = text.trim_ascii_end().len();
    let text = &text[..end];
    let mut at = skip_space(text, 0);
    if text.get(at) != Some(&b'{') {
        return false;
    }
    at = skip_space(text, at + 1);
    if text.get(at) == Some(&b'}') {
        return at + 1 == end;
    }
    loop {
        if text.get(at) != Some(&b'"') {
            return false;
        }
        let Some(key_end) = string_end(text, at) else { return false };
        let key = (at, key_end);
        at = skip_space(text, key_end);
        if text.get(at) != Some(&b':') {
            return false;
        }
        at = skip_space(text, at + 1);
        let Some(value_end) = value_end(text, at) else { return false };
        each(Member { key, value: (at, value_end) });
        at = skip_space(text, value_end);
        match text.get(at) {
            Some(b',') => at = skip_space(text, at + 1),
            Some(b'}') => return at + 1 == end,
            _ => return false,
        }
    }
}

#[inline]
fn skip_space(text: &[u8], mut at: usize) -> usize {
    while matches!(text.get(at), Some(b' ' | b'\t' | b'\n' | b'\r')) {
        at += 1;
    }
    at
}

/// One past the closing quote of the string whose opening quote is at `at`.
#[inline]
fn string_end(text: &[u8], at: usize) -> Option<usize> {
    let mut from = at + 1;
    loop {
        let found = from + memchr2(b'"', b'\\', text.get(from..)?)?;
        if text[found] == b'"' {
            return Some(found + 1);
        }
        from = found + 2;
    }
}

/// One past the value at `at`.
fn value_end(text: &[u8], at: usize) -> Option<usize> {
    match text.get(at)? {
        b'"' => string_end(text, at),
        b'{' | b'[' => nested_end(text, at),
        _ => scalar_end(text, at),
    }
}

fn scalar_end(text: &[u8], at: usize) -> Option<usize> {
    let rest = &text[at..];
    let len = rest.iter().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'+' | b'.')).count();
    let scalar = &rest[..len];
    let is_number = scalar.first().is_some_and(|byte| byte.is_ascii_digit() || *byte == b'-');
    // `NaN` and `Infinity` are what Python's json writes.
    (is_number || matches!(scalar, b"true" | b"false" | b"null" | b"NaN" | b"Infinity")).then_some(at + len)
}

fn nested_end(text: &[u8], at: usize) -> Option<usize> {
    let mut depth = 0;
    let mut at = at;
    loop {
        match text.get(at)? {
            b'"' => {
                at = string_end(text, at)?;
                continue;
            }
            b'{' | b'[' => {
                depth += 1;
                if depth > MAX_DEPTH {
                    return None;
                }
            }
            b'}' | b']' => depth -= 1,
            _ => {}
        }
        at += 1;
        if depth == 0 {
            return Some(at);
        }
    }
}

/// The value of a string with its quotes; None where the text is no string.
pub(crate) fn string(text: &[u8]) -> Option<Cow<'_, [u8]>> {
    let inner = text.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
    if memchr::memchr(b'\\', inner).is_none() {
        return Some(Cow::Borrowed(inner));
    }
    let mut out = Vec::with_capacity(inner.len());
    unescape(inner, &mut out);
    Some(Cow::Owned(out))
}

/// Appends what the inside of a string means. A lone surrogate becomes U+FFFD, an unknown escape stays as it is.
pub(crate) fn unescape(inner: &[u8], out: &mut Vec<u8>) {
    let mut rest = inner;
    while let Some(at) = memchr::memchr(b'\\', rest) {
        out.extend_from_slice(&rest[..at]);
        let escape = rest.get(at + 1).copied();
        rest = rest.get(at + 2..).unwrap_or_default();
        match escape {
            Some(b'n') => out.push(b'\n'),
            Some(b't') => out.push(b'\t'),
            Some(b'r') => out.push(b'\r'),
            Some(b'b') => out.push(8),
            Some(b'f') => out.push(12),
            Some(byte @ (b'"' | b'\\' | b'/')) => out.push(byte),
            Some(b'u') => rest = unicode(rest, out),
            Some(byte) => out.extend_from_slice(&[b'\\', byte]),
            None => out.push(b'\\'),
        }
    }
    out.extend_from_slice(rest);
}

/// Appends the character behind `\u`, and returns what follows it.
fn unicode<'a>(text: &'a [u8], out: &mut Vec<u8>) -> &'a [u8] {
    let Some(unit) = hex(text) else {
        out.extend_from_slice(b"\\u");
        return text;
    };
    let mut rest = &text[4..];
    let mut code = unit;
    if (0xD800..0xDC00).contains(&unit)
        && let Some(low) = rest.strip_prefix(b"\\u").and_then(hex).filter(|low| (0xDC00..0xE000).contains(low))
    {
        code = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
        rest = &rest[6..];
    }
    let character = char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
    out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
    rest
}

fn hex(text: &[u8]) -> Option<u32> {
    let text = text.get(..4)?;
    text.iter().try_fold(0, |number, &byte| Some(number * 16 + char::from(byte).to_digit(16)?))
}

/// The value that a path of keys joined by dots leads to.
pub(crate) fn lookup<'a>(text: &'a [u8], path: &str) -> Option<&'a [u8]> {
    let mut found = None;
    members(text, |member| {
        if &text[member.key.0 + 1..member.key.1 - 1] == path.as_bytes() {
            found = Some(member.value);
        }
    });
    if let Some((start, end)) = found {
        return Some(&text[start..end]);
    }
    let (outer, inner) = path.split_once('.')?;
    lookup(lookup(text, outer)?, inner)
}

/// Appends all strings in a value, decoded.
pub(crate) fn strings<'a>(text: &'a [u8], out: &mut Vec<Cow<'a, [u8]>>) {
    match text.first() {
        Some(b'"') => out.extend(string(text)),
        Some(b'{' | b'[') => {
            let mut at = 1;
            // Every string in it, keys included: nothing is told apart here, and nothing recurses.
            while let Some(quote) = text.get(at..).and_then(|rest| memchr::memchr(b'"', rest)) {
                let start = at + quote;
                let Some(end) = string_end(text, start) else { return };
                out.extend(string(&text[start..end]));
                at = end;
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(text: &str) -> Option<Vec<(&str, &str)>> {
        let mut found = Vec::new();
        let ok = members(text.as_bytes(), |member| {
            found.push((&text[member.key.0..member.key.1], &text[member.value.0..member.value.1]));
        });
        ok.then_some(found)
    }

    #[test]
    fn members_are_told_apart() {
        let text = r#"{"a": "x\"}", "b" :{"c":[1,"}"]},"d":-1.5e3 , "e":null}"#;
        let expected =
            vec![("\"a\"", r#""x\"}""#), ("\"b\"", r#"{"c":[1,"}"]}"#), ("\"d\"", "-1.5e3"), ("\"e\"", "null")];
        assert_eq!(pairs(text), Some(expected));
        assert_eq!(pairs("{}"), Some(vec![]));
    }

    #[test]
    fn what_is_no_object_is_refused() {
        for text in
            ["", "[1]", "{", "{\"a\"}", "{\"a\":1", "{\"a\":1}x", "{\"a\":nope}", "{\"a\":\"x}", "{a:1}", "{\"a\":1,}"]
        {
            assert_eq!(pairs(text), None, "{text}");
        }
        assert_eq!(pairs(&format!("{{\"a\":{}", "[".repeat(100_000))), None);
    }

    #[test]
    fn strings_mean_what_serde_json_reads() {
        for text in [r#""plain""#, r#""a\nb\t\"\\\/\r\b\f""#, r#""\u00e9\ud83d\ude00""#, r#""é""#] {
            let expected: String = serde_json::from_str(text).unwrap();
            assert_eq!(string(text.as_bytes()).unwrap(), expected.as_bytes(), "{text}");
        }
        assert_eq!(string(br#""\ud83d""#).unwrap(), "\u{fffd}".as_bytes());
        assert_eq!(string(br#""\x\u12""#).unwrap(), &br"\x\u12"[..]);
        assert_eq!(string(b"12"), None);
    }

    #[test]
    fn paths_lead_into_objects() {
        let text = br#"{"a": {"b.c": {"d": 5}}}"#;
        assert_eq!(lookup(text, "a"), Some(&br#"{"b.c": {"d": 5}}"#[..]));
        assert_eq!(lookup(br#"{"a": {"d": 5}}"#, "a.d"), Some(&b"5"[..]));
        assert_eq!(lookup(text, "x.y"), None);
    }
}
