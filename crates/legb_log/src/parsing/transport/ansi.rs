//! Colours and other escape sequences of terminals: lines without them.
//!
//! Covers control sequences (`ESC [ … letter`), operating system commands such as links (`ESC ] … BEL`), and two-byte escapes.

const ESC: u8 = 0x1b;

/// A line without escape sequences.
pub(crate) fn without_ansi(line: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(line.len());
    strip_into(line, &mut out);
    out
}

/// Appends a line without its escape sequences.
pub(crate) fn strip_into(line: &[u8], out: &mut Vec<u8>) {
    let mut rest = line;
    while let Some(at) = memchr::memchr(ESC, rest) {
        out.extend_from_slice(&rest[..at]);
        rest = &rest[at + sequence(&rest[at..])..];
    }
    out.extend_from_slice(rest);
}

/// The length of the sequence that begins with ESC.
fn sequence(text: &[u8]) -> usize {
    match text.get(1) {
        Some(b'[') => {
            let end = text[2..].iter().position(|byte| (0x40..=0x7e).contains(byte));
            end.map_or(text.len(), |end| end + 3)
        }
        Some(b']') => {
            let end = text[2..].iter().position(|byte| matches!(*byte, 7 | ESC));
            end.map_or(text.len(), |end| if text[end + 2] == ESC { (end + 4).min(text.len()) } else { end + 3 })
        }
        Some(_) => 2,
        None => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::without_ansi;

    #[test]
    fn sequences_go_and_text_stays() {
        for (line, plain) in [
            ("\x1b[1;35mValueError\x1b[0m: \x1b[35mx\x1b[0m", "ValueError: x"),
            ("\x1b]8;;http://a\x07link\x1b]8;;\x1b\\ end", "link end"),
            ("a\x1b[", "a"),
            ("a\x1b", "a"),
            ("\x1b(Bx", "Bx"),
        ] {
            assert_eq!(without_ansi(line.as_bytes()), plain.as_bytes(), "{line:?}");
        }
    }
}
