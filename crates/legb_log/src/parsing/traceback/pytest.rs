//! Failures as pytest prints them, which are no tracebacks of the interpreter: `--tb=short`, `--tb=long` and `--tb=line`.
//!
//! Frames are `path:line: in name` (short) or `path:line: ` below the source (long), the exception stands behind `E`. pytest
//! shortens names with `...`; they are kept as printed. `--tb=native` prints what the interpreter prints.

use super::line::{final_line, number};
use super::{Frame, Traceback, text};

/// The failures that were printed into the lines.
pub(super) fn tracebacks(lines: &[&[u8]]) -> Vec<Traceback> {
    let mut found = Vec::new();
    let mut open = Section::default();
    for line in lines {
        if let Some(rest) = line.strip_prefix(b"E  ") {
            open.error(rest);
        } else if let Some(place) = place(line) {
            found.extend(open.place(&place));
        } else if is_rule(line) {
            found.extend(open.finish());
        } else {
            if !line.is_empty() && open.exception.is_some() && !open.is_long {
                found.extend(open.finish());
            }
            open.source(line);
        }
    }
    found.extend(open.finish());
    found
}

/// `____ test_x ____`, `=== FAILURES ===`: what stands between failures.
fn is_rule(line: &[u8]) -> bool {
    line.starts_with(b"___") || line.starts_with(b"===") || line.starts_with(b"---")
}

/// `path:line: in name`, `path:line: Type`, `path:line: Type: message` or `path:line: `.
struct Place<'a> {
    path: &'a [u8],
    line: u32,
    rest: &'a [u8],
}

fn place(line: &[u8]) -> Option<Place<'_>> {
    if line.first().is_none_or(|byte| byte.is_ascii_whitespace() || *byte == b'>') {
        return None;
    }
    let extension = memchr::memmem::find(line, b".py:")? + 3;
    let (number, rest) = number(&line[extension + 1..])?;
    let rest = rest.strip_prefix(b":")?;
    Some(Place { path: &line[..extension], line: number, rest: rest.strip_prefix(b" ").unwrap_or(rest) })
}

/// One failure while it is read.
#[derive(Default)]
struct Section {
    frames: Vec<Frame>,
    exception: Option<(String, String)>,
    /// The name behind the last `def`, which long style prints above a frame.
    function: Option<String>,
    /// The last line that begins with `>`.
    failing: Option<String>,
    /// Whether frames stand below their source.
    is_long: bool,
}

impl Section {
    fn error(&mut self, rest: &[u8]) {
        let rest = rest.trim_ascii_end();
        if let Some((_, message)) = &mut self.exception {
            message.push('\n');
            message.push_str(&text(rest.trim_ascii_start()));
        } else {
            let line = rest.trim_ascii_start();
            // A failing assert is printed without its type.
            let (name, message) = final_line(line).unwrap_or((b"AssertionError", line));
            self.exception = Some((text(name), text(message)));
            self.is_long = self.failing.is_some();
        }
    }

    fn source(&mut self, line: &[u8]) {
        if let Some(failing) = line.strip_prefix(b">") {
            self.failing = Some(text(failing.trim_ascii()));
        }
        let code = line.trim_ascii_start();
        let code = code.strip_prefix(b"async ").unwrap_or(code);
        if let Some(rest) = code.strip_prefix(b"def ") {
            let len = rest.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count();
            self.function = Some(text(&rest[..len]));
        }
        if let Some(last) = self.frames.last_mut()
            && last.source.is_none()
            && line.starts_with(b"    ")
            && !self.is_long
        {
            last.source = Some(text(code));
        }
    }

    /// Takes a line that names a place; it may complete the failure.
    fn place(&mut self, place: &Place<'_>) -> Option<Traceback> {
        let frame = |name, source| Frame { path: text(place.path), line: place.line, name, source, ..Frame::default() };
        if let Some(name) = place.rest.strip_prefix(b"in ") {
            let finished = if self.exception.is_some() { self.finish() } else { None };
            self.frames.push(frame(Some(text(name)), None));
            return finished;
        }
        let (function, failing) = (self.function.take(), self.failing.take());
        if place.rest.is_empty() {
            self.frames.push(frame(function, failing));
            return None;
        }
        let (name, message) = final_line(place.rest)?;
        if name.ends_with(b"Warning") {
            return None;
        }
        self.frames.push(frame(function, failing));
        if self.exception.is_none() {
            // One line for all: what is raised stands behind the place.
            self.exception = Some((text(name), text(message)));
        }
        self.finish()
    }

    fn finish(&mut self) -> Option<Traceback> {
        let section = std::mem::take(self);
        let (exception, message) = section.exception?;
        if section.frames.is_empty() {
            return None;
        }
        Some(Traceback { exception, message, frames: section.frames, is_complete: true, ..Traceback::default() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Places = Vec<(String, u32, Option<String>)>;

    fn read(text: &str) -> Vec<(String, String, Places)> {
        let lines: Vec<&[u8]> = text.lines().map(str::as_bytes).collect();
        let traces = tracebacks(&lines).into_iter();
        traces
            .map(|trace| {
                let frames = trace.frames.into_iter().map(|frame| (frame.path, frame.line, frame.name)).collect();
                (trace.exception, trace.message, frames)
            })
            .collect()
    }

    fn failure(frames: [(&str, u32, Option<&str>); 2]) -> Vec<(String, String, Places)> {
        let frames = frames.map(|(path, line, name)| (path.to_owned(), line, name.map(str::to_owned))).to_vec();
        vec![("NameError".to_owned(), "name 'b' is not defined".to_owned(), frames)]
    }

    #[test]
    fn short_style_has_frames_above_the_error() {
        let text = "___ test_x ___\nt.py:5: in test_x\n    foo()\nm.py:3: in foo\n    return b\nE   NameError: name 'b' is not defined\n";
        assert_eq!(read(text), failure([("t.py", 5, Some("test_x")), ("m.py", 3, Some("foo"))]));
    }

    #[test]
    fn long_style_has_frames_below_their_source() {
        let text = "___ test_x ___\n\n    def test_x():\n>       foo()\n\nt.py:5: \n_ _ _ _ \n\n    def foo():\n>       return b\n\
            E       NameError: name 'b' is not defined\n\nm.py:3: NameError\n";
        assert_eq!(read(text), failure([("t.py", 5, Some("test_x")), ("m.py", 3, Some("foo"))]));
    }

    #[test]
    fn line_style_says_all_in_one_line() {
        let found = read("/a/t.py:5: NameError: name 'b' is not defined\n/a/t.py:6: DeprecationWarning: old\n");
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].2, [("/a/t.py".to_owned(), 5, None)]);
    }
}
