//! Which failures are the same one: `fp1`, a name for a failure that stays the same over runs, hosts and deployments.
//!
//! `fp1` is a hash of the chain from the first exception to the last: of each the type, and `module:name` of its frames in the
//! application. Line numbers, folders, source text and messages do not count, so that a failure keeps its name when code
//! above it changes. The part of a message that tells one missing name from another does count: two missing names are two
//! bugs. Recursion counts once, and of a group its members, in any order.
//!
//! The value begins with the name of the algorithm, whose meaning never changes: another algorithm would be `fp2`.
//!
//! A module is named by its file alone (`cart` for `/srv/app/shop/cart.py`, `shop` for `shop/__init__.py`), since the folders
//! around it belong to the machine.

use crate::failure::Failure;
use crate::parsing::{Frame, Traceback};

const NAME: &str = "fp1";
const COARSE: &str = "fp1-coarse";

/// The fingerprint of a failure: `fp1:` and sixteen hexadecimal digits.
pub fn fp1(trace: &Traceback) -> String {
    let mut hash = Hash::new();
    for link in trace.chain() {
        one(link, &mut hash);
    }
    hash.named(NAME)
}

/// A wider one: the type and the last frame in the application, `fp1-coarse:` before it.
pub fn fp1_coarse(trace: &Traceback) -> String {
    let mut hash = Hash::new();
    hash.part(exception(trace));
    if let Some(last) = in_app(&trace.frames).last() {
        frame(last, &mut hash);
    }
    hash.named(COARSE)
}

/// The fingerprint of a message without a traceback: of the service, and of the message with what varies left out.
pub fn fp1_message(service: &[u8], message: &[u8]) -> String {
    let mut hash = Hash::new();
    hash.part("message");
    hash.part(&String::from_utf8_lossy(service));
    hash.part(&template(&String::from_utf8_lossy(message)));
    hash.named(NAME)
}

/// Adds one exception of a chain.
fn one(trace: &Traceback, hash: &mut Hash) {
    hash.part("exception");
    hash.part(exception(trace));
    for part in identity(trace) {
        hash.part(part);
    }
    let frames = in_app(&trace.frames);
    if frames.is_empty() && trace.group.is_empty() {
        hash.part(&template(trace.first_line()));
    }
    let mut last: Option<(String, &str)> = None;
    for found in frames {
        let this = (module(&found.path), found.name.as_deref().unwrap_or_default());
        // A function that calls itself counts once.
        if last.as_ref() != Some(&this) {
            frame(found, hash);
        }
        last = Some(this);
    }
    if !trace.group.is_empty() {
        let mut members: Vec<String> = trace.group.iter().map(fp1).collect();
        members.sort();
        members.dedup();
        for member in members {
            hash.part(&member);
        }
    }
}

fn frame(found: &Frame, hash: &mut Hash) {
    hash.part(&format!("{}:{}", module(&found.path), found.name.as_deref().unwrap_or_default()));
}

/// The type as all versions print it: up to 3.10 the main module is named, from 3.11 on it is not.
fn exception(trace: &Traceback) -> &str {
    trace.exception.strip_prefix("__main__.").unwrap_or(&trace.exception)
}

/// The frames of the application; the last frame where there is none.
fn in_app(frames: &[Frame]) -> Vec<&Frame> {
    let own: Vec<&Frame> = frames.iter().filter(|frame| is_in_app(&frame.path)).collect();
    if own.is_empty() { frames.last().into_iter().collect() } else { own }
}

/// Whether a frame is neither of the standard library, nor of an installed package, nor made up by the interpreter.
pub fn is_in_app(path: &str) -> bool {
    if path.starts_with('<') {
        return false;
    }
    let path = path.replace('\\', "/");
    let mut parts = path.split('/').peekable();
    while let Some(part) = parts.next() {
        if matches!(part, "site-packages" | "dist-packages") {
            return false;
        }
        let is_library = matches!(part, "lib" | "lib64" | "Lib");
        let next = parts.peek().copied().unwrap_or_default();
        if is_library && (is_python_folder(next) || part == "Lib" && !next.is_empty()) {
            return false;
        }
    }
    true
}

/// `python3.13`, `pypy3.10`.
fn is_python_folder(name: &str) -> bool {
    let version = name.strip_prefix("python").or_else(|| name.strip_prefix("pypy"));
    version.is_some_and(|version| version.starts_with(|first: char| first.is_ascii_digit()))
}

/// The name of a module, as far as its file tells it.
fn module(path: &str) -> String {
    let path = path.replace('\\', "/");
    let mut parts = path.rsplit('/');
    let file = parts.next().unwrap_or_default();
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let name = if stem == "__init__" { parts.next().unwrap_or(stem) } else { stem };
    name.to_owned()
}

/// What in the message of an error about a name tells it from another one: the name, and where it was looked for.
fn identity(trace: &Traceback) -> Vec<&str> {
    match Failure::of(trace) {
        Some(Failure::Name(name)) => vec![name],
        Some(Failure::NoModule { module, .. }) => vec![module],
        Some(Failure::FromImport { name, module, .. }) => vec![name, module],
        Some(Failure::Attribute { name, module, .. }) => vec![module, name],
        _ => Vec::new(),
    }
}

/// A message with what varies left out: numbers, hexadecimal, UUIDs, and what stands in quotes.
pub fn template(message: &str) -> String {
    let mut out = String::with_capacity(message.len());
    let mut rest = message;
    while let Some(first) = rest.chars().next() {
        let is_inside_word = out.ends_with(|last: char| last.is_alphanumeric() || last == '_');
        if matches!(first, '\'' | '"')
            && !is_inside_word
            && let Some(end) = rest[1..].find(first)
        {
            out.push_str("<str>");
            rest = &rest[end + 2..];
            continue;
        }
        if first.is_ascii_alphanumeric() && !is_inside_word {
            let len = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
            let word = &rest[..len];
            if let Some(uuid) = uuid(rest) {
                out.push_str("<uuid>");
                rest = &rest[uuid..];
                continue;
            }
            if let Some(kind) = variable(word) {
                out.push_str(kind);
            } else {
                out.push_str(word);
            }
            rest = &rest[len..];
            continue;
        }
        out.push(first);
        rest = &rest[first.len_utf8()..];
    }
    out
}

/// What a word stands for if it varies.
fn variable(word: &str) -> Option<&'static str> {
    let all_digits = word.bytes().all(|byte| byte.is_ascii_digit());
    if all_digits {
        return Some("<n>");
    }
    let is_hex = |text: &str| text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let has_digit = word.bytes().any(|byte| byte.is_ascii_digit());
    if word.strip_prefix("0x").is_some_and(is_hex) || word.len() >= 8 && has_digit && is_hex(word) {
        return Some("<hex>");
    }
    // `12ms`, `3kB`: a number with its unit.
    let unit = word.trim_start_matches(|c: char| c.is_ascii_digit());
    (unit.len() < word.len() && unit.len() <= 3).then_some("<n>")
}

/// The length of a UUID at the start.
fn uuid(text: &str) -> Option<usize> {
    let bytes = text.as_bytes().get(..36)?;
    let ok = bytes.iter().enumerate().all(|(at, byte)| match at {
        8 | 13 | 18 | 23 => *byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    });
    (ok && bytes.iter().any(u8::is_ascii_digit)).then_some(36)
}

/// FNV-1a with 64 bits (Fowler, Noll, Vo): simple, and the same everywhere for ever.
struct Hash(u64);

impl Hash {
    fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    fn byte(&mut self, byte: u8) {
        self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }

    /// Adds a part, and that it ends here.
    fn part(&mut self, text: &str) {
        text.bytes().for_each(|byte| self.byte(byte));
        self.byte(0);
    }

    fn named(self, name: &str) -> String {
        format!("{name}:{:016x}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trace(exception: &str, message: &str, frames: &[(&str, u32, &str)]) -> Traceback {
        let frames = frames.iter().map(|&(path, line, name)| Frame {
            path: path.to_owned(),
            line,
            name: Some(name.to_owned()),
            ..Frame::default()
        });
        Traceback {
            exception: exception.to_owned(),
            message: message.to_owned(),
            frames: frames.collect(),
            is_complete: true,
            ..Traceback::default()
        }
    }

    #[test]
    fn folders_lines_messages_and_library_frames_do_not_count() {
        let here = trace("KeyError", "'a'", &[("/srv/app/cart.py", 5, "add")]);
        let frames = [("C:\\app\\cart.py", 9, "add"), ("/usr/lib/python3.13/json/__init__.py", 3, "loads")];
        assert_eq!(fp1(&here), fp1(&trace("KeyError", "'b'", &frames)));
        assert_ne!(fp1(&here), fp1(&trace("KeyError", "'a'", &[("/srv/app/cart.py", 5, "drop")])));
        assert_ne!(fp1(&here), fp1(&trace("ValueError", "'a'", &[("/srv/app/cart.py", 5, "add")])));
    }

    #[test]
    fn two_missing_names_are_two_bugs() {
        let frames: &[(&str, u32, &str)] = &[("/srv/app/cart.py", 5, "add")];
        let first = trace("NameError", "name 'itme' is not defined. Did you mean: 'items'?", frames);
        assert_ne!(fp1(&first), fp1(&trace("NameError", "name 'x' is not defined", frames)));
        assert_eq!(fp1(&first), fp1(&trace("NameError", "name 'itme' is not defined", frames)));
    }

    #[test]
    fn recursion_and_the_main_module_count_once() {
        let twice = [("a.py", 1, "f"), ("a.py", 2, "f")];
        assert_eq!(fp1(&trace("__main__.E", "", &twice)), fp1(&trace("E", "", &twice[..1])));
    }

    #[test]
    fn the_value_is_pinned() {
        let found = fp1(&trace("KeyError", "'a'", &[("/srv/app/cart.py", 5, "add")]));
        assert_eq!(found, "fp1:37f212881ded3308");
    }

    #[test]
    fn templates_leave_out_what_varies() {
        for (message, expected) in [
            ("Timeout after 30s for user=12345", "Timeout after <n> for user=<n>"),
            ("no file 'a b' at 0x7f00", "no file <str> at <hex>"),
            ("id 123e4567-e89b-12d3-a456-426614174000 gone", "id <uuid> gone"),
            ("it isn't here", "it isn't here"),
            ("deadbeef00 x86_64 utf8", "<hex> x86_64 utf8"),
        ] {
            assert_eq!(template(message), expected);
        }
    }
}
