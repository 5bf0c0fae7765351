//! Texts and bytes as Python writes them in source: quotes, and what is escaped.

#![expect(clippy::format_push_string, reason = "the pieces are short, and `write!` would have to be checked")]

/// `unicode_repr` (`Objects/unicodeobject.c`).
pub(crate) fn quote(text: &str, out: &mut String, ascii: bool) {
    let delimiter = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    out.push(delimiter);
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c == delimiter => {
                out.push('\\');
                out.push(c);
            }
            ' '..='~' => out.push(c),
            c if c.is_ascii() || ascii || !is_printable(c) => escape(c, out),
            c => out.push(c),
        }
    }
    out.push(delimiter);
}

/// `str.isprintable` of one character, as far as it can be told: other code points are escaped by Python.
pub(super) fn is_printable(c: char) -> bool {
    !(c.is_control()
        || (c.is_whitespace() && c != ' ')
        || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e000}'..='\u{f8ff}' | '\u{fff0}'..='\u{fffb}' | '\u{fffe}'..='\u{ffff}')
        || (c as u32) >= 0xe_0000)
}

pub(super) fn escape(c: char, out: &mut String) {
    let code = c as u32;
    out.push_str(&match code {
        0..=0xff => format!("\\x{code:02x}"),
        0x100..=0xffff => format!("\\u{code:04x}"),
        _ => format!("\\U{code:08x}"),
    });
}

pub(super) fn quote_bytes(bytes: &[u8], out: &mut String) {
    let delimiter = if bytes.contains(&b'\'') && !bytes.contains(&b'"') { b'"' } else { b'\'' };
    out.push('b');
    out.push(char::from(delimiter));
    for &byte in bytes {
        match byte {
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            _ if byte == delimiter => {
                out.push('\\');
                out.push(char::from(byte));
            }
            b' '..=b'~' => out.push(char::from(byte)),
            _ => out.push_str(&format!("\\x{byte:02x}")),
        }
    }
    out.push(char::from(delimiter));
}
