//! Functions: their variables, their inner functions, and what may be written at a point inside them.

use std::collections::BTreeSet;

use legb_base::Dialect;

use super::writer::Writer;
use super::{FlowProgram, ReadKind};
use crate::random::Random;

/// The variables of all programs.
const NAMES: [&str; 5] = ["a", "b", "x", "y", "e"];

/// Lines of a function, and of one inside another, after which no further statement begins.
const LENGTH: (u32, u32) = (18, 6);

/// A function being written.
#[derive(Default)]
pub(super) struct Frame {
    /// Names bound in the function so far.
    pub(super) bound: BTreeSet<&'static str>,
    /// Names declared `nonlocal`.
    pub(super) nonlocals: BTreeSet<&'static str>,
    /// Names that an inner function declares `nonlocal`, so that this one has to bind them somewhere.
    wanted: BTreeSet<&'static str>,
    /// Variables that hold a choice made at the beginning, for conditions that agree with each other.
    pub(super) flags: Vec<String>,
    /// Inner functions that are bound from here on.
    pub(super) callables: Vec<String>,
    /// `break` is legal.
    pub(super) may_break: bool,
    /// `continue` is legal and does not keep a loop from ending.
    pub(super) may_continue: bool,
    /// Inside `except*`: nothing may leave.
    pub(super) in_except_star: bool,
    /// How many blocks deep.
    pub(super) depth: usize,
    /// The line where the function should come to an end.
    pub(super) last_line: u32,
}

/// A program being written.
pub(super) struct Generator {
    pub(super) random: Random,
    pub(super) dialect: Dialect,
    pub(super) writer: Writer,
    /// The variables of this program.
    names: Vec<&'static str>,
    pub(super) frames: Vec<Frame>,
    functions: usize,
}

impl Generator {
    pub(super) fn new(seed: u64, dialect: &Dialect) -> Self {
        let mut random = Random::new(seed ^ 0x0F10_57A7);
        let first = random.below(NAMES.len());
        let count = random.between(2, 4);
        let names = (first..first + count).map(|at| NAMES[at % NAMES.len()]).collect();
        Self { random, dialect: *dialect, writer: Writer::new(), names, frames: Vec::new(), functions: 0 }
    }

    /// One or two functions and the list of them.
    pub(super) fn program(mut self) -> FlowProgram {
        let count = self.random.between(1, 2);
        let names: Vec<String> = (0..count).map(|_| self.function()).collect();
        self.writer.both(&format!("FUNCTIONS = [{}]", names.join(", ")));
        self.writer.finish()
    }

    pub(super) fn frame(&mut self) -> &mut Frame {
        self.frames.last_mut().expect("invariant: statements are written inside functions")
    }

    /// A variable to read.
    pub(super) fn name(&mut self) -> &'static str {
        self.random.pick(&self.names)
    }

    /// A variable that the function binds here.
    pub(super) fn bind(&mut self) -> &'static str {
        let name = self.name();
        self.frame().bound.insert(name);
        name
    }

    /// Writes a function and returns its name.
    fn function(&mut self) -> String {
        let name = format!("f{}", self.functions);
        self.functions += 1;
        let is_inner = !self.frames.is_empty();
        let length = if is_inner { LENGTH.1 } else { LENGTH.0 };
        let mut frame = Frame { last_line: self.writer.line() + length, ..Frame::default() };
        let parameter = if self.random.chance(30) { self.name() } else { "p" };
        frame.bound.insert(parameter);
        if is_inner {
            for &candidate in &self.names {
                if candidate != parameter && self.random.chance(40) {
                    frame.nonlocals.insert(candidate);
                }
            }
        }
        self.writer.both(&format!("def {name}({parameter}):"));
        self.writer.indent();
        if !frame.nonlocals.is_empty() {
            let list: Vec<&str> = frame.nonlocals.iter().copied().collect();
            self.writer.both(&format!("nonlocal {}", list.join(", ")));
            let outer = self.frame();
            outer.wanted.extend(&frame.nonlocals);
        }
        self.frames.push(frame);
        self.function_body(is_inner);
        self.frames.pop();
        self.writer.dedent();
        if !is_inner {
            self.writer.both("");
            self.writer.both("");
        }
        name
    }

    fn function_body(&mut self, is_inner: bool) {
        for number in 0..self.random.below(if is_inner { 1 } else { 3 }) {
            let flag = format!("t{number}");
            self.writer.both(&format!("{flag} = d()"));
            self.frame().flags.push(flag);
        }
        let before = self.random.below(4);
        for _ in 0..before {
            self.statement();
        }
        if self.frames.len() < 3 && self.random.chance(if is_inner { 15 } else { 45 }) {
            for _ in 0..self.random.weighted(&[(4, 1), (1, 2)]) {
                let inner = self.function();
                if self.random.chance(50) {
                    self.writer.both(&format!("{inner}(d())"));
                }
                self.frame().callables.push(inner);
            }
            let line = self.writer.line();
            self.frame().last_line = line + LENGTH.0 / 4;
        }
        while self.writer.line() < self.frame().last_line {
            self.statement();
            if is_inner && self.random.chance(30) {
                break;
            }
        }
        self.late_bindings();
        let name = self.name();
        self.writer.read(name, ReadKind::Load);
    }

    /// Binds what an inner function wants bound, and now and then a name that was only read before: all reads above are then
    /// reads of a local variable.
    fn late_bindings(&mut self) {
        for name in self.names.clone() {
            let frame = self.frame();
            if frame.bound.contains(name) || frame.nonlocals.contains(name) {
                continue;
            }
            let is_wanted = frame.wanted.contains(name);
            if is_wanted || self.random.chance(70) {
                self.writer.both("if d():");
                self.writer.indent();
                self.writer.both(&format!("{name} = 0"));
                self.writer.dedent();
                self.frame().bound.insert(name);
            }
        }
    }
}
