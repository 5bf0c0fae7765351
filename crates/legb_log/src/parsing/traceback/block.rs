//! Where a block of a traceback begins and ends among lines that have no header: asked line by line, while the log is read.
//!
//! Says only which lines belong together; what they mean is read later, by `read`. The end of a message is not marked in the
//! text, so the answer may be "perhaps", which the caller decides by what the transport knows.

use super::line::{Tree, final_line, frame, is_head, is_intro, is_remote, link, repeat, tree, warning_category};

/// What a line is to the block before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It begins a block.
    Starts,
    /// It belongs to the open block.
    Belongs,
    /// It stands where a message may go on, or something else may begin.
    Perhaps,
    /// It is a head behind a message: it begins a block if the next line is a frame, and is part of the message otherwise.
    HeadPerhaps,
    /// It has nothing to do with a block.
    Outside,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Outside,
    /// Behind a line such as `Exception in thread …:`.
    Intro,
    Frames,
    /// Frames without an exception: a printed stack.
    Stack,
    Message,
    Gap,
    Tree,
    TreeClosed,
    /// Between the quotes around the traceback of another process.
    Quote,
    /// Behind a warning, whose source line follows.
    Warning,
    /// Behind `Fatal Python error:`.
    Crash,
    /// In a failure as pytest prints it.
    Pytest,
}

/// Follows the lines of one stream.
#[derive(Clone, Debug, Default)]
pub(crate) struct Block {
    state: State,
    /// Whether the block began with `--- Logging error ---`, which has a tail of its own.
    is_logging_error: bool,
    has_blank: bool,
}

impl Block {
    /// Forgets the block.
    pub(crate) fn end(&mut self) {
        *self = Self::default();
    }

    fn start(&mut self, state: State) -> Verdict {
        *self = Self { state, ..Self::default() };
        Verdict::Starts
    }

    fn go(&mut self, state: State) -> Verdict {
        self.state = state;
        Verdict::Belongs
    }

    /// What a line is to the lines before it.
    pub(crate) fn feed(&mut self, line: &[u8]) -> Verdict {
        match self.state {
            State::Quote => return if line == b"\"\"\"" { self.go(State::Message) } else { Verdict::Belongs },
            State::Pytest => {
                let ends = line.starts_with(b"===") || line.starts_with(b"---");
                return if ends {
                    self.outside(line)
                } else if is_failure_rule(line) {
                    Verdict::Starts
                } else {
                    Verdict::Belongs
                };
            }
            _ => {}
        }
        if is_head(line) {
            return match self.state {
                State::Intro | State::Gap => self.go(State::Frames),
                State::Message => Verdict::HeadPerhaps,
                _ => self.start(State::Frames),
            };
        }
        if line.is_empty() && self.state != State::Outside {
            self.has_blank = true;
            return if self.state == State::TreeClosed { Verdict::Perhaps } else { Verdict::Belongs };
        }
        let verdict = self.feed_inside(line);
        self.has_blank = false;
        verdict
    }

    fn feed_inside(&mut self, line: &[u8]) -> Verdict {
        if self.is_logging_error && self.feed_logging_tail(line) {
            return Verdict::Belongs;
        }
        if self.has_blank && matches!(self.state, State::Message | State::TreeClosed) && link(line).is_some() {
            return self.go(State::Gap);
        }
        if self.state != State::Outside && tree(line).is_some() {
            return self.go(if tree(line) == Some(Tree::Close) { State::TreeClosed } else { State::Tree });
        }
        match self.state {
            State::Intro if line.starts_with(b"future: <") => Verdict::Belongs,
            State::Intro | State::Frames | State::Gap => self.feed_frames(line),
            State::Stack if is_below_head(line) => Verdict::Belongs,
            // Lines of a message may lack their margin, and the tree goes on behind them.
            State::Tree => Verdict::Belongs,
            State::Message if line == b"\"\"\"" => self.go(State::Quote),
            State::Message if is_intro(line) || is_remote(line) => self.outside(line),
            State::Message => Verdict::Perhaps,
            State::Warning if line.starts_with(b"  ") => self.go(State::Outside),
            State::Crash if is_crash_line(line) => Verdict::Belongs,
            _ => self.outside(line),
        }
    }

    fn feed_frames(&mut self, line: &[u8]) -> Verdict {
        if is_below_head(line) {
            return self.go(State::Frames);
        }
        if is_remote(line) || final_line(line).is_some() {
            return self.go(State::Message);
        }
        self.outside(line)
    }

    /// `Call stack:`, frames, `Message:` and `Arguments:` behind an exception in `logging` itself.
    fn feed_logging_tail(&mut self, line: &[u8]) -> bool {
        if line == b"Call stack:" || self.state == State::Stack && is_below_head(line) {
            self.state = State::Stack;
            return true;
        }
        if line.starts_with(b"Arguments: ") {
            self.end();
            return true;
        }
        line.starts_with(b"Message: ")
    }

    /// A line that does not belong to the open block: it may begin one.
    fn outside(&mut self, line: &[u8]) -> Verdict {
        if is_intro(line) {
            let verdict = self.start(State::Intro);
            self.is_logging_error = line == b"--- Logging error ---";
            if matches!(line.first(), Some(b'S' | b'C')) {
                self.state = State::Stack;
            }
            return verdict;
        }
        if is_remote(line) {
            return self.start(State::Message);
        }
        if let Some(found) = frame(line) {
            return self.start(if found.name.is_some() { State::Stack } else { State::Frames });
        }
        if warning_category(line).is_some() {
            return self.start(State::Warning);
        }
        if line.starts_with(b"Fatal Python error: ") {
            return self.start(State::Crash);
        }
        if is_failure_rule(line) {
            return self.start(State::Pytest);
        }
        self.end();
        Verdict::Outside
    }
}

/// A frame, its source, or the note that it was repeated.
fn is_below_head(line: &[u8]) -> bool {
    line.starts_with(b"  File \"")
        || line.starts_with(b"> File \"")
        || line.starts_with(b"    ")
        || repeat(line).is_some()
}

fn is_crash_line(line: &[u8]) -> bool {
    line.starts_with(b"  File \"")
        || line.ends_with(b"(most recent call first):")
        || line.starts_with(b"Extension modules:")
        || line.starts_with(b"Python runtime state:")
}

/// `____________ test_name ____________`, above each failure that pytest prints.
fn is_failure_rule(line: &[u8]) -> bool {
    line.len() >= 40
        && line.starts_with(b"_ ") == line.ends_with(b" _")
        && line.starts_with(b"___")
        && line.ends_with(b"___")
        && line.contains(&b' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdicts(text: &str) -> Vec<Verdict> {
        let mut block = Block::default();
        text.lines().map(|line| block.feed(line.as_bytes())).collect()
    }

    #[test]
    fn a_chain_is_one_block() {
        use Verdict::*;
        let text = "start\nTraceback (most recent call last):\n  File \"a\", line 1, in f\n    x\nKeyError: 1\n\n\
            During handling of the above exception, another exception occurred:\n\nTraceback (most recent call last):\n\
            \x20 File \"a\", line 2, in f\nValueError\nnext";
        let expected =
            [Outside, Starts, Belongs, Belongs, Belongs, Belongs, Belongs, Belongs, Belongs, Belongs, Belongs, Perhaps];
        assert_eq!(verdicts(text), expected);
    }

    #[test]
    fn the_tail_of_a_logging_error_belongs_to_it() {
        use Verdict::*;
        let text = "--- Logging error ---\nTraceback (most recent call last):\n  File \"a\", line 1, in f\nTypeError: x\n\
            Call stack:\n  File \"m\", line 3, in <module>\nMessage: 'a'\nArguments: ()\nnext";
        let expected = [Starts, Belongs, Belongs, Belongs, Belongs, Belongs, Belongs, Belongs, Outside];
        assert_eq!(verdicts(text), expected);
    }

    #[test]
    fn a_head_behind_a_message_is_in_doubt() {
        let found = verdicts(
            "Traceback (most recent call last):\n  File \"a\", line 1, in f\nE: x\nTraceback (most recent call last):",
        );
        assert_eq!(found.last(), Some(&Verdict::HeadPerhaps));
    }
}
