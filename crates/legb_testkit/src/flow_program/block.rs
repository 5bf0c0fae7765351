//! Statements: what binds, unbinds, reads, branches, loops, raises and leaves.
//!
//! Every loop ends: `for` runs over a short range, and each turn of a `while` uses up a number of `D` that is not zero.

use super::ReadKind;
use super::frame::Generator;

#[derive(Clone, Copy)]
enum Statement {
    Bind,
    Read,
    Delete,
    Augmented,
    Declare,
    If,
    For,
    While,
    Forever,
    Try,
    With,
    Match,
    Raise,
    Leave,
    Call,
    Comprehension,
    ClassBody,
}

/// How often each statement is drawn.
const STATEMENTS: &[(usize, Statement)] = &[
    (26, Statement::Bind),
    (26, Statement::Read),
    (5, Statement::Delete),
    (4, Statement::Augmented),
    (1, Statement::Declare),
    (14, Statement::If),
    (8, Statement::For),
    (5, Statement::While),
    (5, Statement::Forever),
    (12, Statement::Try),
    (6, Statement::With),
    (5, Statement::Match),
    (6, Statement::Raise),
    (5, Statement::Leave),
    (9, Statement::Call),
    (4, Statement::Comprehension),
    (2, Statement::ClassBody),
];

/// Blocks inside each other, at most.
const DEPTH: usize = 3;

const EXCEPTIONS: [&str; 6] =
    ["ValueError", "KeyError", "(ValueError, KeyError)", "LookupError", "Exception", "BaseException"];

impl Generator {
    pub(super) fn statement(&mut self) {
        let is_deep = self.frame().depth >= DEPTH || self.writer.line() >= self.frame().last_line;
        match self.random.weighted(STATEMENTS) {
            Statement::Bind => self.binding(),
            Statement::Delete => self.site(ReadKind::Delete),
            Statement::Augmented => self.site(ReadKind::Augmented),
            Statement::Declare => self.declaration(),
            Statement::If if !is_deep => self.branches(),
            Statement::For if !is_deep => self.for_loop(),
            Statement::While if !is_deep => self.while_loop(),
            Statement::Forever if !is_deep => self.endless_loop(),
            Statement::Try if !is_deep => self.try_blocks(),
            Statement::With if !is_deep => self.with(),
            Statement::Match if !is_deep && self.dialect.match_statement => self.cases(),
            Statement::Raise => {
                let text = self.random.weighted(&[
                    (12, "boom(d())"),
                    (3, "if d() == 2: raise KeyError"),
                    (2, "assert not d()"),
                    (1, "raise ValueError"),
                    (1, "raise Stop"),
                ]);
                self.writer.both(text);
            }
            Statement::Leave => self.leave(),
            Statement::Call => self.call(),
            Statement::Comprehension => self.comprehension(),
            Statement::ClassBody => self.class_body(),
            _ => self.read(),
        }
    }

    /// An annotation makes a name local without binding it. One that is `nonlocal` may not have any.
    fn declaration(&mut self) {
        let name = self.bind();
        let is_nonlocal = self.frame().nonlocals.contains(name);
        self.writer.both(&if is_nonlocal { format!("{name} = 0") } else { format!("{name}: int") });
    }

    fn read(&mut self) {
        self.site(ReadKind::Load);
    }

    fn site(&mut self, kind: ReadKind) {
        let name = match kind {
            ReadKind::Load => self.name(),
            ReadKind::Delete | ReadKind::Augmented => self.bind(),
        };
        self.writer.read(name, kind);
    }

    /// An indented block of a few statements.
    fn block(&mut self, head: &str) {
        self.writer.both(head);
        self.writer.indent();
        self.frame().depth += 1;
        for _ in 0..self.random.weighted(&[(5, 1), (4, 2), (2, 3)]) {
            self.statement();
        }
        self.frame().depth -= 1;
        self.writer.dedent();
    }

    fn binding(&mut self) {
        let name = self.bind();
        let text = match self.random.below(13) {
            0 => format!("{name} = {} = d()", self.bind()),
            1 => format!("{name}, {} = 1, 2", self.bind()),
            2 => format!("[{name}, *{}] = 1, 2", self.bind()),
            3 if !self.frame().nonlocals.contains(name) => format!("{name}: int = 1"),
            4 => format!("({name} := d())"),
            5 => format!("import types as {name}"),
            6 => format!("def {name}(): return 0"),
            7 => format!("class {name}: pass"),
            8 => format!("{name} = boom(d())"),
            _ => format!("{name} = 1"),
        };
        self.writer.both(&text);
    }

    /// A condition; parts of it may bind, may not be evaluated, may agree with an earlier one or may be constant.
    fn condition(&mut self) -> String {
        match self.random.below(26) {
            0 => format!("({} := d())", self.bind()),
            1 => format!("d() and ({} := d())", self.bind()),
            2 => format!("d() or ({} := d())", self.bind()),
            3 => format!("not ({} := d())", self.bind()),
            4 => self.random.pick(&["True", "1", "not 0", "\"s\"", "__debug__"]).to_owned(),
            5 => self.random.pick(&["False", "0", "not 1", "None", "\"\""]).to_owned(),
            6 => format!("(({} := 1) if d() else d())", self.bind()),
            7..=9 => {
                let flags = self.frame().flags.clone();
                let not = self.random.pick(&["", "not "]);
                if flags.is_empty() {
                    "d()".to_owned()
                } else {
                    format!("{not}{}", flags[self.random.below(flags.len())])
                }
            }
            10 => "d() == 1".to_owned(),
            11 => "not d()".to_owned(),
            _ => "d()".to_owned(),
        }
    }

    fn branches(&mut self) {
        let test = self.condition();
        self.block(&format!("if {test}:"));
        while self.random.chance(20) {
            let test = self.condition();
            self.block(&format!("elif {test}:"));
        }
        if self.random.chance(50) {
            self.block("else:");
        }
    }

    fn for_loop(&mut self) {
        let target = self.bind();
        let target = if self.random.chance(15) { format!("{target}, {}", self.bind()) } else { target.to_owned() };
        let items = if target.contains(',') {
            self.random.pick(&["[(1, 2)] * (d() % 3)", "[(1, 2)]", "zip((1, 2), (3, 4))"])
        } else {
            self.random.pick(&["range(d() % 3)", "range(d() % 3)", "(1, 2)", "[]", "range(2)", "[d()]"])
        };
        self.loop_block(&format!("for {target} in {items}:"));
        self.loop_else();
    }

    fn while_loop(&mut self) {
        let test = match self.random.below(6) {
            0 => format!("({} := d())", self.bind()),
            1 => "d() == 1".to_owned(),
            2 => "False".to_owned(),
            3 => format!("d() and [{} := 1]", self.bind()),
            _ => "d()".to_owned(),
        };
        self.loop_block(&format!("while {test}:"));
        self.loop_else();
    }

    fn loop_block(&mut self, head: &str) {
        let outer = self.enter_loop(true);
        self.block(head);
        self.leave_loop(outer);
    }

    fn enter_loop(&mut self, may_continue: bool) -> (bool, bool) {
        let frame = self.frame();
        let outer = (frame.may_break, frame.may_continue);
        (frame.may_break, frame.may_continue) = (true, may_continue);
        outer
    }

    fn leave_loop(&mut self, outer: (bool, bool)) {
        let frame = self.frame();
        (frame.may_break, frame.may_continue) = outer;
    }

    fn loop_else(&mut self) {
        if self.random.chance(30) {
            self.block("else:");
        }
    }

    /// A loop that only a `break` or an exception ends. Before that `break` no `continue` may jump past it.
    fn endless_loop(&mut self) {
        let test = self.random.pick(&["True", "True", "1", "not 0", "__debug__"]);
        let outer = self.enter_loop(false);
        self.writer.both(&format!("while {test}:"));
        self.writer.indent();
        self.frame().depth += 1;
        for _ in 0..self.random.below(3) {
            self.statement();
        }
        if self.random.chance(30) {
            let name = self.bind();
            self.writer.both(&format!("if not ({name} := d()): break"));
        } else {
            self.writer.both("if d() != 1: break");
        }
        self.frame().may_continue = true;
        for _ in 0..self.random.below(3) {
            self.statement();
        }
        self.frame().depth -= 1;
        self.writer.dedent();
        self.leave_loop(outer);
        if self.random.chance(20) {
            self.block("else:");
        }
    }

    fn try_blocks(&mut self) {
        self.block("try:");
        let handlers = self.random.weighted(&[(2, 0), (6, 1), (3, 2)]);
        let is_star = self.dialect.except_star && self.random.chance(10);
        for at in 0..handlers {
            let exception = self.random.pick(&EXCEPTIONS[..5]);
            let star = if is_star { "*" } else { "" };
            let head = match self.random.below(5) {
                0 if at + 1 == handlers && !is_star => "except:".to_owned(),
                1 | 2 => format!("except{star} {exception} as {}:", self.bind()),
                3 if !is_star => format!("except {}:", EXCEPTIONS[5]),
                _ => format!("except{star} {exception}:"),
            };
            let outer = {
                let frame = self.frame();
                let outer = (frame.may_break, frame.may_continue, frame.in_except_star);
                if is_star {
                    (frame.may_break, frame.may_continue, frame.in_except_star) = (false, false, true);
                }
                outer
            };
            self.block(&head);
            let frame = self.frame();
            (frame.may_break, frame.may_continue, frame.in_except_star) = outer;
        }
        if handlers > 0 && self.random.chance(35) {
            self.block("else:");
        }
        if handlers == 0 || self.random.chance(30) {
            self.block("finally:");
        }
    }

    fn with(&mut self) {
        let mut items = Vec::new();
        for _ in 0..self.random.weighted(&[(4, 1), (1, 2)]) {
            let manager = self.random.pick(&["Keep()", "Swallow()"]);
            items.push(if self.random.chance(50) {
                format!("{manager} as {}", self.bind())
            } else {
                manager.to_owned()
            });
        }
        self.block(&format!("with {}:", items.join(", ")));
    }

    fn cases(&mut self) {
        let subject = self.random.pick(&["d()", "(d(), d())"]);
        self.writer.both(&format!("match {subject}:"));
        self.writer.indent();
        for _ in 0..self.random.between(1, 2) {
            let guard = if self.random.chance(25) { format!(" if {}", self.condition()) } else { String::new() };
            let pattern = match self.random.below(6) {
                0 => "0".to_owned(),
                1 => format!("(1 | 2) as {}", self.bind()),
                2 => format!("({}, 1)", self.bind()),
                3 => format!("(0, {}) | ({0}, 0)", self.bind()),
                4 => format!("[1, *{}]", self.bind()),
                _ => format!("int({})", self.bind()),
            };
            self.block(&format!("case {pattern}{guard}:"));
        }
        if self.random.chance(50) {
            let pattern = if self.random.chance(50) { "_" } else { self.bind() };
            self.block(&format!("case {pattern}:"));
        }
        self.writer.dedent();
    }

    fn leave(&mut self) {
        let (may_break, may_continue, in_star) = {
            let frame = self.frame();
            (frame.may_break, frame.may_continue, frame.in_except_star)
        };
        let mut ways = Vec::new();
        if may_break {
            ways.extend(["break"; 2]);
        }
        if may_continue {
            ways.extend(["continue"; 2]);
        }
        if !in_star {
            ways.extend(["return", "return d()"]);
        }
        let way = if ways.is_empty() { "raise KeyError" } else { self.random.pick(&ways) };
        // Unconditionally it ends the block, which is worth having, but not often.
        if self.random.chance(88) {
            let test = self.random.pick(&["d()", "d() == 2", "d() > 1"]);
            self.writer.both(&format!("if {test}: {way}"));
        } else {
            self.writer.both(way);
        }
    }

    fn call(&mut self) {
        let callables = self.frame().callables.clone();
        if callables.is_empty() {
            self.read();
        } else {
            let name = &callables[self.random.below(callables.len())];
            self.writer.both(&format!("{name}(d())"));
        }
    }

    fn comprehension(&mut self) {
        let text = match self.random.below(4) {
            0 => format!("[({} := i) for i in range(d() % 3)]", self.bind()),
            1 => format!("[{0} for {0} in range(2)]", self.name()),
            2 => format!("any(({} := i) for i in range(d() % 3))", self.bind()),
            _ => format!("[i for i in range(d() % 3) if ({} := i)]", self.bind()),
        };
        self.writer.both(&text);
    }

    /// A class body that reads variables of the function it is in.
    fn class_body(&mut self) {
        self.writer.both("class K:");
        self.writer.indent();
        self.read();
        self.writer.dedent();
    }
}
