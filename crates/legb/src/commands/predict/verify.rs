//! A prediction held against what the program really prints.

use std::io::{self, Write};
use std::path::Path;

use anstyle::{AnsiColor, Style};
use legb_eval::{Prediction, Print, PrintKind};
use legb_oracle::watch::{Seen, SeenException};
use legb_report::style::{DIM, EMPHASIS};
use serde_json::{Value, json};

const RIGHT: Style = AnsiColor::Green.on_default().bold();
const WRONG: Style = AnsiColor::BrightRed.on_default().bold();
const OPEN: Style = AnsiColor::Yellow.on_default();

/// How a claim stands to what happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    Right,
    Wrong,
    NotClaimed,
}

impl Mark {
    const fn word(self) -> &'static str {
        match self {
            Self::Right => "right",
            Self::Wrong => "wrong",
            Self::NotClaimed => "not claimed",
        }
    }

    const fn of(is_right: bool) -> Self {
        if is_right { Self::Right } else { Self::Wrong }
    }

    const fn style(self) -> Style {
        match self {
            Self::Right => RIGHT,
            Self::Wrong => WRONG,
            Self::NotClaimed => OPEN,
        }
    }
}

/// A prediction with its marks.
pub(crate) struct Marked<'a> {
    prediction: &'a Prediction,
    /// For each print what it is worth, and what was printed there.
    prints: Vec<(Mark, Option<String>)>,
    exception: Mark,
    stdout: Mark,
    seen: &'a Seen,
    /// As the interpreter calls itself.
    python: String,
}

impl<'a> Marked<'a> {
    /// Compares a prediction for the program at `path` with a run of it.
    pub(crate) fn new(prediction: &'a Prediction, seen: &'a Seen, path: &Path, python: String) -> Self {
        let prints = prints(&prediction.prints, &seen.writes);
        let exception = exception(prediction, seen.exception.as_ref(), path);
        let stdout = prediction.stdout.as_ref().map_or(Mark::NotClaimed, |stdout| Mark::of(*stdout == seen.stdout));
        Self { prediction, prints, exception, stdout, seen, python }
    }

    /// Whether something that was claimed is not so.
    pub(crate) fn is_wrong(&self) -> bool {
        self.count(Mark::Wrong) > 0 || [self.exception, self.stdout].contains(&Mark::Wrong)
    }

    fn count(&self, mark: Mark) -> usize {
        self.prints.iter().filter(|(of_print, _)| *of_print == mark).count()
    }

    /// The documented JSON of the prediction, with the marks.
    pub(super) fn described(&self) -> serde_json::Result<Value> {
        let mut row = serde_json::to_value(self.prediction)?;
        if let Some(prints) = row["prints"].as_array_mut() {
            for (print, (mark, actual)) in prints.iter_mut().zip(&self.prints) {
                print["verified"] = mark.word().into();
                print["actual"] = json!(actual);
            }
        }
        row["verified"] = json!({
            "python": self.python,
            "right": self.count(Mark::Right),
            "wrong": self.count(Mark::Wrong),
            "not_claimed": self.count(Mark::NotClaimed),
            "exception": self.exception.word(),
            "stdout": self.stdout.word(),
            "actual_stdout": self.seen.stdout,
        });
        Ok(row)
    }

    /// Writes the marks for people.
    pub(super) fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{EMPHASIS}{}{EMPHASIS:#} on Python {}", self.prediction.path, self.python)?;
        for (print, (mark, actual)) in self.prediction.prints.iter().zip(&self.prints) {
            let (style, word) = (mark.style(), mark.word());
            let claimed = print.text.as_deref().unwrap_or_default();
            write!(out, "  {DIM}line {:<4}{DIM:#} {style}{word:<11}{style:#} ", print.line)?;
            let printed =
                actual.as_deref().map_or_else(|| "nothing was printed".to_owned(), |text| format!("`{text}`"));
            match mark {
                Mark::Right => writeln!(out, "{}", claimed.replace('\n', "\n                        "))?,
                Mark::Wrong => writeln!(out, "predicted `{claimed}`, in reality {printed}")?,
                Mark::NotClaimed => {
                    let reason = print.reason.as_deref().unwrap_or_default();
                    writeln!(out, "in reality {printed}  {DIM}{reason}{DIM:#}")?;
                }
            }
        }
        self.write_end(out)
    }

    fn write_end(&self, out: &mut dyn Write) -> io::Result<()> {
        let (style, word) = (self.exception.style(), self.exception.word());
        let real = self.seen.exception.as_ref().map(|it| format!("{}: {}", it.kind, it.message));
        let claimed = self
            .prediction
            .exception
            .as_ref()
            .map(|it| format!("{}: {}", it.kind, it.message.as_deref().unwrap_or("…")));
        if let Some(text) = claimed.as_ref().or(real.as_ref()) {
            writeln!(out, "  exception {style}{word}{style:#}  {text}")?;
            if self.exception == Mark::Wrong {
                writeln!(out, "    in reality {}", real.as_deref().unwrap_or("there is none"))?;
            }
        }
        if self.stdout == Mark::Wrong && self.count(Mark::Wrong) == 0 {
            writeln!(out, "  {WRONG}wrong{WRONG:#}: the whole output is not what was predicted")?;
        }
        let [right, wrong, open] = [Mark::Right, Mark::Wrong, Mark::NotClaimed].map(|mark| self.count(mark));
        writeln!(out, "{right} right, {wrong} wrong, {open} not claimed")?;
        if self.is_wrong() {
            writeln!(out, "{WRONG}This is a bug in legb; please report it with the program.{WRONG:#}")?;
        }
        Ok(())
    }
}

/// Text that one line wrote in a row.
struct Written {
    line: u32,
    text: String,
}

/// Marks each print by what its line wrote: prints of one line in a row are compared in a row.
fn prints(prints: &[Print], writes: &[(u32, String)]) -> Vec<(Mark, Option<String>)> {
    let mut written: Vec<Written> = Vec::new();
    for (line, text) in writes.iter().filter(|(line, _)| *line != 0) {
        match written.last_mut() {
            Some(last) if last.line == *line => last.text.push_str(text),
            _ => written.push(Written { line: *line, text: text.clone() }),
        }
    }
    let mut marks = Vec::with_capacity(prints.len());
    let mut next = 0;
    for group in prints.chunk_by(|a, b| a.line == b.line) {
        let found = written[next..].iter().position(|it| group.first().is_some_and(|print| print.line == it.line));
        let Some(at) = found.map(|at| next + at) else {
            marks.extend(group.iter().map(|print| match print.kind {
                PrintKind::Unknown => (Mark::NotClaimed, None),
                _ => (Mark::Wrong, None),
            }));
            continue;
        };
        next = at + 1;
        let mut rest = written[at].text.as_str();
        let mut is_lost = false;
        for (place, print) in group.iter().enumerate() {
            let is_last = place + 1 == group.len();
            let line = if is_last { rest } else { rest.split_inclusive('\n').next().unwrap_or_default() };
            let taken = print.text.as_deref().filter(|_| print.kind != PrintKind::Unknown && !is_lost);
            let length = taken.and_then(|text| matched(text, rest));
            let (mark, length) = match (print.kind, length) {
                (PrintKind::Unknown, _) => (Mark::NotClaimed, line.len()),
                (_, Some(length)) if !is_last || length == rest.len() => (Mark::Right, length),
                // Behind a print of unknown length nobody can tell which line is whose.
                _ if is_lost => (Mark::NotClaimed, line.len()),
                _ => (Mark::Wrong, line.len()),
            };
            is_lost |= print.kind == PrintKind::Unknown && !is_last;
            let actual = rest.get(..length).unwrap_or(rest);
            marks.push((mark, Some(actual.strip_suffix('\n').unwrap_or(actual).to_owned())));
            rest = rest.get(length..).unwrap_or_default();
        }
    }
    marks
}

/// How much of `rest` a predicted text accounts for, its line ending included; `…` stands for an address.
fn matched(text: &str, rest: &str) -> Option<usize> {
    let mut at = 0;
    for (place, piece) in text.split('…').enumerate() {
        if place > 0 {
            at += rest.get(at..)?.chars().take_while(char::is_ascii_hexdigit).count();
        }
        at += rest.get(at..)?.strip_prefix(piece).map(|_| piece.len())?;
    }
    Some(if rest.get(at..)?.starts_with('\n') { at + 1 } else { at })
}

fn exception(prediction: &Prediction, seen: Option<&SeenException>, path: &Path) -> Mark {
    match (&prediction.exception, seen) {
        (None, _) if prediction.unknown.is_some() => Mark::NotClaimed,
        (None, seen) => Mark::of(seen.is_none()),
        // An exit is not an exception that is told.
        (Some(claimed), None) => Mark::of(claimed.kind == "SystemExit"),
        (Some(claimed), Some(seen)) => {
            let line = seen.frames.iter().rev().find(|(_, file, _)| file == path).map(|(_, _, line)| *line);
            let is_message = claimed
                .message
                .as_ref()
                .is_none_or(|message| matched(message, &seen.message) == Some(seen.message.len()));
            Mark::of(claimed.kind == seen.kind && is_message && (claimed.line.is_none() || claimed.line == line))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Mark, prints};
    use legb_eval::{Print, PrintKind};

    fn print(line: u32, text: Option<&str>) -> Print {
        let kind = match text {
            Some(text) if text.contains('…') => PrintKind::Pattern,
            Some(_) => PrintKind::Exact,
            None => PrintKind::Unknown,
        };
        Print { line, column: 1, kind, text: text.map(str::to_owned), reason: None, names: Vec::new() }
    }

    fn marks(claimed: &[Print], writes: &[(u32, &str)]) -> Vec<Mark> {
        let writes: Vec<(u32, String)> = writes.iter().map(|(line, text)| (*line, (*text).to_owned())).collect();
        prints(claimed, &writes).into_iter().map(|(mark, _)| mark).collect()
    }

    #[test]
    fn each_print_is_marked_by_what_its_line_wrote() {
        let claimed = [print(1, Some("a b")), print(2, None), print(3, Some("<f at 0x…>"))];
        let writes =
            [(1, "a"), (1, " "), (1, "b"), (1, "\n"), (0, "other\n"), (2, "?\n"), (3, "<f at 0x7f3a>"), (3, "\n")];
        assert_eq!(marks(&claimed, &writes), [Mark::Right, Mark::NotClaimed, Mark::Right]);
    }

    #[test]
    fn wrong_and_missing_prints_are_wrong() {
        assert_eq!(marks(&[print(1, Some("a"))], &[(1, "ab\n")]), [Mark::Wrong]);
        assert_eq!(marks(&[print(1, Some("a"))], &[]), [Mark::Wrong]);
        assert_eq!(marks(&[print(1, None)], &[]), [Mark::NotClaimed]);
    }

    #[test]
    fn prints_of_a_loop_are_told_apart() {
        let claimed = [print(4, Some("0")), print(4, Some("1")), print(4, Some("2"))];
        assert_eq!(marks(&claimed, &[(4, "0\n1\n2\n")]), [Mark::Right; 3]);
        assert_eq!(marks(&claimed, &[(4, "0\n7\n2\n")]), [Mark::Right, Mark::Wrong, Mark::Right]);
    }
}
