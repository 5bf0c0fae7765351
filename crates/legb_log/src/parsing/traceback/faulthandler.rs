//! What `faulthandler` prints when the interpreter dies: `Fatal Python error: …` and stacks with the innermost frame first.
//!
//! Source: `Modules/faulthandler.c` and `_Py_DumpTraceback` in `Python/traceback.c`. Only the stack of the current thread is
//! read.

use super::line::number;
use super::{Frame, Traceback, text};

/// The crashes that were printed into the lines.
pub(super) fn tracebacks(lines: &[&[u8]]) -> Vec<Traceback> {
    let starts =
        lines.iter().enumerate().filter_map(|(at, line)| Some((at, line.strip_prefix(b"Fatal Python error: ")?)));
    starts
        .map(|(at, message)| Traceback {
            exception: "Fatal Python error".to_owned(),
            message: text(message),
            frames: stack(&lines[at + 1..]),
            is_complete: true,
            ..Traceback::default()
        })
        .collect()
}

/// The frames of the first thread that is printed as the current one, outermost first.
fn stack(lines: &[&[u8]]) -> Vec<Frame> {
    let is_current = |line: &[u8]| {
        (line.starts_with(b"Current thread ") || line.starts_with(b"Stack "))
            && line.ends_with(b"(most recent call first):")
    };
    let below = lines.iter().skip_while(|line| !is_current(line)).skip(1);
    let mut frames: Vec<Frame> = below.map_while(|line| frame(line)).collect();
    frames.reverse();
    frames
}

/// `  File "path", line N in name`.
fn frame(line: &[u8]) -> Option<Frame> {
    const LINE: &[u8] = b"\", line ";
    let rest = line.strip_prefix(b"  File \"")?;
    let end = memchr::memmem::rfind(rest, LINE)?;
    let (number, name) = number(&rest[end + LINE.len()..])?;
    let name = text(name.strip_prefix(b" in ")?);
    Some(Frame { path: text(&rest[..end]), line: number, name: Some(name), ..Frame::default() })
}
