//! Two texts written side by side: the plain one and the one that reports its reads.

use super::{FlowProgram, ReadKind, ReadSite};
use crate::line::push_line;

/// What both texts begin with: the source of choices, something that raises, and context managers that do and do not
/// swallow exceptions.
const PRELUDE: &str = "\
D = []


def d():
    return D.pop() if D else 0


class Stop(BaseException):
    pass


def boom(number):
    if number:
        raise (ValueError, KeyError, Stop)[number - 1]


class Keep:
    def __enter__(self):
        return 1

    def __exit__(self, *details):
        return False


class Swallow(Keep):
    def __exit__(self, *details):
        return True


";

/// Both texts so far.
pub(super) struct Writer {
    program: FlowProgram,
    line: u32,
    indent: u32,
}

impl Writer {
    pub(super) fn new() -> Self {
        let program = FlowProgram { plain: PRELUDE.to_owned(), probe: PRELUDE.to_owned(), reads: Vec::new() };
        let line = program.plain.lines().map(|_| 1).sum();
        Self { program, line, indent: 0 }
    }

    pub(super) fn finish(self) -> FlowProgram {
        self.program
    }

    /// Lines of the plain text.
    pub(super) fn line(&self) -> u32 {
        self.line
    }

    pub(super) fn indent(&mut self) {
        self.indent += 1;
    }

    pub(super) fn dedent(&mut self) {
        self.indent -= 1;
    }

    /// A line that is the same in both texts.
    pub(super) fn both(&mut self, text: &str) {
        self.plain(text);
        self.probe(text);
    }

    /// A statement that fails if `name` is unbound.
    pub(super) fn read(&mut self, name: &str, kind: ReadKind) {
        let id = self.program.reads.len();
        let (statement, offset) = match kind {
            ReadKind::Load => (name.to_owned(), 0),
            ReadKind::Delete => (format!("del {name}"), 4),
            ReadKind::Augmented => (format!("{name} += 1"), 0),
        };
        self.plain(&statement);
        let column = self.indent * 4 + offset + 1;
        self.program.reads.push(ReadSite { id, line: self.line, column, name: name.to_owned(), kind });
        // No name is bound here, not even the exception: the function has to keep its variables.
        self.probe("try:");
        match kind {
            ReadKind::Load => self.probe(&format!("    _s({id}, {name})")),
            ReadKind::Delete | ReadKind::Augmented => self.probe(&format!("    {statement}")),
        }
        self.probe("except NameError:");
        self.probe(&format!("    if _u({id}): raise"));
        if kind != ReadKind::Load {
            self.probe("else:");
            self.probe(&format!("    _s({id}, None)"));
        }
    }

    fn plain(&mut self, text: &str) {
        push_line(&mut self.program.plain, self.indent as usize, text);
        self.line += 1;
    }

    fn probe(&mut self, text: &str) {
        push_line(&mut self.program.probe, self.indent as usize, text);
    }
}
