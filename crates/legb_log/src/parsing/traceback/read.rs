//! Reads printed exceptions: one line in, no backtracking, one line of look-ahead (and fifty inside groups).
//!
//! Follows the grammar `chain := (part separator)* part`, `part := [head] frame* final more*`, with the tree of exception
//! groups around it. Does not decide which lines belong to a record; that is `block`.

use super::line::{self, Link, Tree, final_line, frame, is_elision, is_head, is_intro, is_remote, link, repeat, tree};
use super::{Frame, MAX_CHAIN, Traceback, text};

/// Groups are printed ten deep; anything much deeper is no traceback.
const MAX_DEPTH: usize = 64;

/// A message of more lines is no longer one: the program went on printing.
const MAX_MESSAGE_LINES: usize = 500;

/// So far it is looked for the tree of a group to go on, where 3.11 and 3.12 print lines of a message without a margin.
const MARGIN_SEARCH: usize = 50;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Head,
    Frames,
    Message,
    /// Behind the sentence that links two exceptions.
    Gap,
}

/// Exceptions that follow from each other, at one level of a group.
struct Chain {
    current: Option<Traceback>,
    previous: Option<Traceback>,
    link: Option<Link>,
    state: State,
    blank: usize,
    message_lines: usize,
    length: usize,
    /// The members of the current exception that are complete; none where it is no group.
    members: Option<Vec<Traceback>>,
    /// What was printed in place of a member.
    elision: Option<String>,
    /// What was printed in place of further members of the current exception.
    elided: Option<String>,
}

impl Chain {
    fn new() -> Self {
        Self {
            current: None,
            previous: None,
            link: None,
            state: State::Head,
            blank: 0,
            message_lines: 0,
            length: 0,
            members: None,
            elision: None,
            elided: None,
        }
    }

    /// Takes a line; false where it does not belong to the chain.
    fn feed(&mut self, line: &[u8]) -> bool {
        match self.state {
            State::Message => return self.feed_message(line),
            State::Gap if line.is_empty() => return true,
            State::Gap | State::Head => {
                self.begin();
                if is_head(line) {
                    return true;
                }
            }
            State::Frames => {}
        }
        self.feed_frame(line)
    }

    /// Begins the next exception of the chain.
    fn begin(&mut self) {
        let mut next = Traceback::default();
        self.length += 1;
        let previous = self.previous.take().filter(|_| self.length <= MAX_CHAIN).map(Box::new);
        match self.link.take() {
            Some(Link::Cause) => next.cause = previous,
            Some(Link::Context) => next.context = previous,
            None => {}
        }
        self.current = Some(next);
        self.state = State::Frames;
    }

    fn feed_message(&mut self, line: &[u8]) -> bool {
        if line.is_empty() {
            self.blank += 1;
            return true;
        }
        if self.blank > 0
            && let Some(link) = link(line)
        {
            self.previous = self.current.take();
            self.link = Some(link);
            self.state = State::Gap;
            self.blank = 0;
            return true;
        }
        self.message_lines += self.blank + 1;
        let Some(current) = self.current.as_mut().filter(|_| self.message_lines <= MAX_MESSAGE_LINES) else {
            return false;
        };
        for _ in 0..=self.blank {
            current.message.push('\n');
        }
        current.message.push_str(&text(line));
        self.blank = 0;
        true
    }

    fn feed_frame(&mut self, line: &[u8]) -> bool {
        let Some(current) = self.current.as_mut() else { return false };
        if let Some(found) = frame(line) {
            let name = found.name.map(text);
            current.frames.push(Frame { path: text(found.path), line: found.line, name, ..Frame::default() });
            return true;
        }
        if let Some(count) = repeat(line) {
            if let Some(last) = current.frames.last_mut() {
                last.repeated += count;
            }
            return true;
        }
        if let Some(last) = current.frames.last_mut()
            && let Some(source) = line.strip_prefix(b"    ")
        {
            // The first line is the source; marks and further lines say nothing more about the place.
            last.source.get_or_insert_with(|| text(source.trim_ascii()));
            return true;
        }
        if line.is_empty() {
            // loguru sets frames apart with empty lines.
            return true;
        }
        let Some((name, message)) = final_line(line) else { return false };
        current.exception = text(name);
        current.message = text(message);
        current.is_complete = true;
        self.state = State::Message;
        self.message_lines = 0;
        true
    }

    /// Notes that members were left out here.
    fn elide(&mut self, line: &[u8]) {
        self.elision = Some(text(line));
        self.current = None;
        self.state = State::Message;
    }

    /// Whether the message is that of a process elsewhere, whose traceback stands in it between quotes.
    fn is_quoting(&self) -> bool {
        let Some(current) = &self.current else { return false };
        self.state == State::Message
            && current.message.strip_prefix("\n\"\"\"").is_some_and(|quoted| !quoted.contains("\n\"\"\""))
    }

    fn is_group(&self) -> bool {
        self.current.as_ref().is_some_and(|current| !current.group.is_empty() || current.elided.is_some())
    }

    /// The exception that was reported.
    fn result(mut self) -> Option<Traceback> {
        self.close_group();
        self.current.or(self.previous)
    }

    fn close_group(&mut self) {
        if let (Some(current), Some(members)) = (&mut self.current, self.members.take()) {
            current.group = members;
            current.elided = self.elided.take();
        }
    }
}

/// The chains that are open: the one reported, and inside of it the members of groups.
struct Stack {
    chains: Vec<Chain>,
}

impl Stack {
    fn top(&mut self) -> &mut Chain {
        self.chains.last_mut().expect("invariant: the outermost chain is never taken off")
    }

    fn is_inside(&self) -> bool {
        self.chains.len() > 1
    }

    /// The member is complete.
    fn end_member(&mut self) {
        if !self.is_inside() {
            return;
        }
        let Some(mut member) = self.chains.pop() else { return };
        let elision = member.elision.take();
        let top = self.top();
        if elision.is_some() {
            top.elided = elision;
        } else if let Some(members) = &mut top.members {
            members.extend(member.result());
        }
    }

    fn close(&mut self) {
        self.end_member();
        self.top().close_group();
    }

    fn close_all(&mut self) {
        while self.is_inside() {
            self.close();
        }
    }

    /// Takes a line of the tree; false where it does not fit.
    fn draw(&mut self, drawn: Tree<'_>, indent: usize) -> bool {
        match drawn {
            Tree::Open if self.chains.len() < MAX_DEPTH && self.top().current.is_some() => {
                self.top().members = Some(Vec::new());
                self.chains.push(Chain::new());
                true
            }
            Tree::Next if self.is_inside() => {
                self.end_member();
                self.chains.push(Chain::new());
                true
            }
            Tree::Close if self.is_inside() => {
                self.close();
                true
            }
            Tree::Bar(line) if self.is_inside() || self.top().current.is_some() && indent == 2 => {
                let top = self.top();
                if top.state == State::Head && is_elision(line) {
                    top.elide(line);
                } else {
                    top.feed(line);
                }
                true
            }
            _ => false,
        }
    }
}

/// Whether a traceback begins at a line, judging by the next one.
fn begins(line: &[u8], next: &[u8]) -> bool {
    if is_head(line) {
        return next.is_empty()
            || frame(next).is_some()
            || matches!(tree(next), Some(Tree::Bar(_)))
            || !next.starts_with(b" ") && final_line(next).is_some();
    }
    is_remote(line) || frame(line).is_some_and(|found| found.name.is_none())
}

/// The exceptions that were printed into the lines.
pub(super) fn tracebacks(lines: &[&[u8]]) -> Vec<Traceback> {
    let mut found = Vec::new();
    let mut intro = None;
    let mut at = 0;
    while at < lines.len() {
        let line = lines[at];
        if is_intro(line) {
            intro = Some(text(line));
        }
        if !begins(line, lines.get(at + 1).copied().unwrap_or_default()) {
            at += 1;
            continue;
        }
        let start = at;
        let (end, trace) = one(lines, at);
        if let Some(mut trace) = trace {
            trace.intro = intro.take();
            found.push(trace);
        }
        at = end.max(start + 1);
    }
    found
}

/// Reads the traceback that begins at a line: where it ends, and what it is.
fn one(lines: &[&[u8]], start: usize) -> (usize, Option<Traceback>) {
    let mut stack = Stack { chains: vec![Chain::new()] };
    let mut at = start;
    while let Some(&line) = lines.get(at) {
        let indent = line.iter().take_while(|byte| **byte == b' ').count();
        if let Some(drawn) = tree(line)
            && stack.draw(drawn, indent)
        {
            at += 1;
            continue;
        }
        if stack.is_inside() {
            if stack.top().state == State::Message && tree_goes_on(&lines[at + 1..]) {
                stack.top().feed(line);
                at += 1;
                continue;
            }
            stack.close_all();
        }
        let top = stack.top();
        if top.state == State::Message && !top.is_quoting() {
            let ends_group = top.is_group() && !line.is_empty() && link(line).is_none();
            if ends_group || is_intro(line) || begins_another(line, lines.get(at + 1).copied().unwrap_or_default()) {
                break;
            }
        }
        if !top.feed(line) {
            break;
        }
        at += 1;
    }
    stack.close_all();
    let trace =
        stack.chains.pop().and_then(Chain::result).filter(|trace| trace.is_complete || !trace.frames.is_empty());
    (at, trace)
}

/// Inside of a message only a head with a frame below it begins another traceback: messages may quote heads.
fn begins_another(line: &[u8], next: &[u8]) -> bool {
    is_head(line) && (frame(next).is_some() || matches!(tree(next), Some(Tree::Bar(_))))
}

fn tree_goes_on(rest: &[&[u8]]) -> bool {
    rest.iter().take(MARGIN_SEARCH).any(|line| line::tree(line).is_some_and(|drawn| drawn != Tree::Open))
}
