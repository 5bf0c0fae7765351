//! A prediction as a quiz: the learner is asked what each print writes, then shown it, with the names that decide.
//!
//! Answers are lines of standard input, so that the quiz works with a person and in a pipe.

use std::io::{self, BufRead, Write};

use anstyle::{AnsiColor, Style};
use legb_eval::{Prediction, Print, PrintKind};
use legb_report::style::{DIM, EMPHASIS};

const RIGHT: Style = AnsiColor::Green.on_default().bold();
const WRONG: Style = AnsiColor::BrightRed.on_default().bold();
/// Longer programs are not shown whole.
const SHOWN: usize = 80;

/// Asks about every print; `text` is the program.
pub(crate) fn ask(
    prediction: &Prediction,
    text: &str,
    answers: &mut dyn BufRead,
    out: &mut dyn Write,
) -> io::Result<()> {
    writeln!(out, "{EMPHASIS}{}{EMPHASIS:#} on Python {}", prediction.path, prediction.python)?;
    if text.lines().count() <= SHOWN {
        for (number, line) in (1..).zip(text.lines()) {
            writeln!(out, "  {DIM}{number:>3}{DIM:#}  {line}")?;
        }
    }
    writeln!(out, "\nWhat does each print write? (`\\n` for a new line; an empty answer passes)")?;
    let (mut right, mut asked) = (0, 0);
    for print in &prediction.prints {
        let source = text.lines().nth((print.line as usize).saturating_sub(1)).unwrap_or_default().trim();
        let (PrintKind::Exact | PrintKind::Pattern, Some(expected)) = (print.kind, &print.text) else {
            let reason = print.reason.as_deref().unwrap_or_default();
            writeln!(
                out,
                "\nline {}  {source}\n  {DIM}not asked: legb cannot tell either: {reason}{DIM:#}",
                print.line
            )?;
            continue;
        };
        write!(out, "\nline {}  {source}\n? ", print.line)?;
        out.flush()?;
        let mut answer = String::new();
        if answers.read_line(&mut answer)? == 0 {
            writeln!(out)?;
            break;
        }
        asked += 1;
        let is_right = is_answer(&answer, expected);
        right += usize::from(is_right);
        let shown = expected.replace('\n', "\n  ");
        if is_right {
            writeln!(out, "{RIGHT}right{RIGHT:#}: {shown}")?;
        } else {
            writeln!(out, "{WRONG}no{WRONG:#}: {shown}")?;
        }
        explain(print, out)?;
    }
    if let Some(exception) = &prediction.exception {
        let message = exception.message.as_deref().map(|message| format!(": {message}")).unwrap_or_default();
        let line = exception.line.map(|line| format!(" at line {line}")).unwrap_or_default();
        writeln!(out, "\nThen the program ends{line} with {}{message}", exception.kind)?;
    }
    let total = prediction.prints.iter().filter(|print| print.kind != PrintKind::Unknown).count();
    let left = if asked < total { format!(", {} not answered", total - asked) } else { String::new() };
    writeln!(out, "\n{EMPHASIS}Score: {right} of {total}{EMPHASIS:#}{left}")
}

/// Whether an answer is the text, but for space at its end; addresses may be anything.
fn is_answer(answer: &str, expected: &str) -> bool {
    let lines = |text: &str| text.lines().map(|line| line.trim_end().to_owned()).collect::<Vec<_>>();
    let answer = answer.trim_end().replace("\\n", "\n");
    if lines(&answer) == lines(expected) {
        return true;
    }
    let mut rest = answer.as_str();
    expected.contains('…')
        && expected.split('…').all(|piece| match rest.find(piece) {
            Some(at) => {
                rest = &rest[at + piece.len()..];
                true
            }
            None => false,
        })
}

fn explain(print: &Print, out: &mut dyn Write) -> io::Result<()> {
    for name in &print.names {
        writeln!(out, "  {EMPHASIS}{}{EMPHASIS:#}  {}: {}", name.name, name.scope, name.because)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::is_answer;

    #[test]
    fn answers_are_compared_line_by_line() {
        assert!(is_answer("1 2\n", "1 2"));
        assert!(is_answer("a\\nb\r\n", "a\nb "));
        assert!(is_answer("<f at 0x1>", "<f at 0x…>"));
        assert!(!is_answer("\n", "0"));
        assert!(!is_answer("12", "1 2"));
    }
}
