//! Which lines of the project are the frames of a traceback? The line that was printed is compared with the line here.

use std::fs;

use legb_log::mapping::SourceMap;
use legb_log::parsing::{Frame, Traceback};
use serde_json::{Value, json};

/// A frame that lies in the project.
pub(super) struct Placed<'a> {
    /// Which frame of the traceback it is.
    pub(super) at: usize,
    /// The frame.
    pub(super) frame: &'a Frame,
    /// The file here.
    pub(super) path: String,
    /// The line here.
    pub(super) line: u32,
    /// Whether the line here is the line that ran, as far as the traceback shows it.
    pub(super) is_tied: bool,
    /// How the code here differs from the code that ran.
    pub(super) difference: Option<Difference>,
}

impl Placed<'_> {
    /// Whether it is code of a module itself, which runs while the module is imported or started.
    pub(super) fn is_module_code(&self) -> bool {
        self.frame.name.as_deref() == Some("<module>")
    }
}

/// A line that is not what ran.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Difference {
    path: String,
    line: u32,
    /// The line as the traceback shows it.
    traced: String,
    /// The line as it is here; none if the file is shorter.
    here: Option<String>,
    /// Where the line is here instead, in the same function.
    moved_to: Option<u32>,
}

impl Difference {
    /// The difference in a sentence.
    pub(super) fn sentence(&self) -> String {
        let Self { path, line, traced, .. } = self;
        match (&self.here, self.moved_to) {
            (_, Some(moved)) => {
                format!("source differs from the deployed code: line {line} of {path} there is line {moved} here")
            }
            (Some(here), None) => {
                format!(
                    "source differs from the deployed code: {path}:{line} was `{traced}` there and is `{here}` here"
                )
            }
            (None, None) => {
                format!(
                    "source differs from the deployed code: {path}:{line} was `{traced}`, and the file here is shorter"
                )
            }
        }
    }

    /// The difference as data.
    pub(super) fn data(&self) -> Value {
        json!({"path": self.path, "line": self.line, "traced": self.traced, "here": self.here, "moved_to": self.moved_to})
    }
}

/// The frames of a traceback that lie in the project, outermost first.
pub(super) fn placed<'a>(map: &SourceMap, trace: &'a Traceback) -> Vec<Placed<'a>> {
    trace.frames.iter().enumerate().filter_map(|(at, frame)| place(map, at, frame)).collect()
}

fn place<'a>(map: &SourceMap, at: usize, frame: &'a Frame) -> Option<Placed<'a>> {
    let candidates: Vec<(String, Vec<String>)> =
        map.candidates(&frame.path).into_iter().map(|path| (path.to_owned(), lines(path))).collect();
    let is_alone = candidates.len() == 1;
    let printed = frame.source.as_deref().and_then(|source| source.lines().next()).map(str::trim);
    let Some(printed) = printed.filter(|printed| !printed.is_empty()) else {
        let (path, _) = candidates.into_iter().next().filter(|_| is_alone)?;
        return Some(Placed { at, frame, path, line: frame.line, is_tied: true, difference: None });
    };
    let is_equal = |lines: &[String]| line_of(lines, frame.line).is_some_and(|line| line == printed);
    let mut equal = candidates.iter().filter(|(_, lines)| is_equal(lines));
    match (equal.next(), equal.next()) {
        (Some((path, _)), None) => {
            return Some(Placed { at, frame, path: path.clone(), line: frame.line, is_tied: true, difference: None });
        }
        (Some(_), Some(_)) => return None,
        _ => {}
    }
    let (path, lines) = candidates.into_iter().next().filter(|_| is_alone)?;
    let moved_to = nearest_equal(&lines, printed, frame);
    let difference = Difference {
        path: path.clone(),
        line: frame.line,
        traced: printed.to_owned(),
        here: line_of(&lines, frame.line).map(str::to_owned),
        moved_to,
    };
    let line = moved_to.unwrap_or(frame.line);
    Some(Placed { at, frame, path, line, is_tied: moved_to.is_some(), difference: Some(difference) })
}

/// The lines of a file without the space around them in front; none if it cannot be read.
fn lines(path: &str) -> Vec<String> {
    let bytes = fs::read(path).unwrap_or_default();
    String::from_utf8_lossy(&bytes).lines().map(str::to_owned).collect()
}

fn line_of(lines: &[String], line: u32) -> Option<&str> {
    let at = usize::try_from(line).ok()?.checked_sub(1)?;
    lines.get(at).map(|line| line.trim())
}

/// The line that reads as printed, in the same function, and nearest to where it was.
fn nearest_equal(lines: &[String], printed: &str, frame: &Frame) -> Option<u32> {
    let numbers = (1..=u32::try_from(lines.len()).unwrap_or(u32::MAX)).filter(|&number| {
        line_of(lines, number) == Some(printed) && stands_in(lines, number, frame.name.as_deref().unwrap_or("<module>"))
    });
    numbers.min_by_key(|number| (number.abs_diff(frame.line), *number))
}

/// Whether a line stands in the code of a name, as far as indentation tells it.
fn stands_in(lines: &[String], line: u32, name: &str) -> bool {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let at = usize::try_from(line).unwrap_or(usize::MAX).saturating_sub(1);
    let Some(own) = lines.get(at).map(|line| indent(line)) else { return false };
    if name.starts_with('<') && name != "<module>" {
        return true;
    }
    let mut limit = own;
    for above in lines[..at].iter().rev() {
        let text = above.trim_start();
        if text.is_empty() || indent(above) >= limit {
            continue;
        }
        limit = indent(above);
        let words = text.strip_prefix("async ").unwrap_or(text);
        let found = words.strip_prefix("def ").or_else(|| words.strip_prefix("class "));
        if let Some(found) = found {
            let defined = found.split(|c: char| !(c.is_alphanumeric() || c == '_')).next().unwrap_or_default();
            return defined == name.rsplit('.').next().unwrap_or(name);
        }
    }
    name == "<module>"
}

#[cfg(test)]
mod tests {
    use super::{Frame, nearest_equal, stands_in};

    fn lines(text: &str) -> Vec<String> {
        text.lines().map(str::to_owned).collect()
    }

    #[test]
    fn a_line_stands_in_the_nearest_definition_around_it() {
        let text =
            lines("x = 1\ndef f():\n    if x:\n        return x\nclass C:\n    async def g(self):\n        return x\n");
        assert!(stands_in(&text, 1, "<module>") && !stands_in(&text, 1, "f"));
        assert!(stands_in(&text, 4, "f") && !stands_in(&text, 4, "<module>"));
        assert!(stands_in(&text, 7, "g") && stands_in(&text, 7, "C.g") && !stands_in(&text, 7, "C"));
    }

    #[test]
    fn a_line_that_has_moved_is_found_in_its_function_only() {
        let text = lines("def f():\n    return x\n\ndef g():\n    y = 1\n    return x\n");
        let frame = |line, name: &str| Frame { line, name: Some(name.to_owned()), ..Frame::default() };
        assert_eq!(nearest_equal(&text, "return x", &frame(5, "g")), Some(6));
        assert_eq!(nearest_equal(&text, "return x", &frame(5, "f")), Some(2));
        assert_eq!(nearest_equal(&text, "return x", &frame(5, "h")), None);
        assert_eq!(nearest_equal(&text, "return z", &frame(5, "g")), None);
    }
}
